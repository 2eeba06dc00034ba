-- What each role may do. Run by the login that runs `assay setup`, after it, every time: a new version may bring new tables.
--   psql --set ON_ERROR_STOP=1 --file grants.sql
-- Nobody is granted UPDATE, DELETE or TRUNCATE: facts are appended. Views are read with the rights of their owner.

BEGIN;

-- What is not granted below is taken away, whatever was granted before.
REVOKE ALL ON ALL TABLES IN SCHEMA public
    FROM PUBLIC, assay_ingest, assay_preprocess, assay_enrich, assay_classify, assay_steward, assay_operator, assay_reader;

-- Every stage keeps what it could not finish, and asks whether an earlier failure was given back.
GRANT SELECT, INSERT ON failures TO assay_ingest, assay_preprocess, assay_enrich, assay_classify, assay_steward;
GRANT SELECT ON replays TO assay_ingest, assay_preprocess, assay_enrich, assay_classify;

-- Those that look at images refuse some of them.
GRANT SELECT, INSERT ON rejections TO assay_preprocess, assay_enrich, assay_classify;

-- Those that read what strangers sent try some files alone.
GRANT SELECT, INSERT ON attempts TO assay_preprocess, assay_enrich;

GRANT SELECT, INSERT ON images TO assay_ingest;
GRANT SELECT ON image_status TO assay_ingest;

GRANT SELECT, INSERT ON cleansed TO assay_preprocess;

GRANT SELECT, INSERT ON enrichments TO assay_enrich;
GRANT INSERT ON quality_checks TO assay_enrich;

GRANT SELECT, INSERT ON predictions TO assay_classify;
GRANT SELECT ON models, model_states TO assay_classify;

GRANT SELECT, INSERT ON replays, redrives TO assay_steward;
GRANT SELECT ON images, cleansed, enrichments, predictions, rejections, open_failures, ledger, ledger_rejections, needs_review, model_states TO assay_steward;

-- People with the `assay` command: they look at everything, decide about labels and models, and give failures back.
GRANT SELECT ON ALL TABLES IN SCHEMA public TO assay_operator;
GRANT INSERT ON verdicts, models, model_transitions, replays TO assay_operator;

GRANT SELECT ON ALL TABLES IN SCHEMA public TO assay_reader;

COMMIT;
