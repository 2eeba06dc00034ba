-- The roles of a deployment, none of which can log in: logins are made by whoever keeps the passwords, as members of one role each (docs/kubernetes.md).
-- Run by an administrator in the catalog's database, before the first `assay setup`; again at any time:
--   psql --set ON_ERROR_STOP=1 --file roles.sql

BEGIN;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['assay_owner', 'assay_ingest', 'assay_preprocess', 'assay_enrich', 'assay_classify', 'assay_steward', 'assay_operator', 'assay_reader'] LOOP
        IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = name) THEN
            BEGIN
                EXECUTE format('CREATE ROLE %I NOLOGIN', name);
            EXCEPTION WHEN duplicate_object OR unique_violation THEN
                -- Roles are the whole server's: somebody makes them for another of its databases at this moment.
                NULL;
            END;
        END IF;
    END LOOP;
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO assay_owner, assay_ingest, assay_preprocess, assay_enrich, assay_classify, assay_steward, assay_operator, assay_reader', current_database());
END
$$;

-- Whoever runs `assay setup` makes tables and views, nobody else does.
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO assay_owner;
GRANT USAGE ON SCHEMA public TO assay_ingest, assay_preprocess, assay_enrich, assay_classify, assay_steward, assay_operator, assay_reader;

COMMIT;
