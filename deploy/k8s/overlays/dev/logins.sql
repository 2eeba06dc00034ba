-- The logins of this overlay; their passwords are in its secrets.
CREATE ROLE owner LOGIN PASSWORD 'dev' IN ROLE assay_owner;
CREATE ROLE ingest LOGIN PASSWORD 'dev' IN ROLE assay_ingest;
CREATE ROLE preprocess LOGIN PASSWORD 'dev' IN ROLE assay_preprocess;
CREATE ROLE enrich LOGIN PASSWORD 'dev' IN ROLE assay_enrich;
CREATE ROLE classify LOGIN PASSWORD 'dev' IN ROLE assay_classify;
CREATE ROLE steward LOGIN PASSWORD 'dev' IN ROLE assay_steward;
-- What one owner makes another may change.
ALTER ROLE owner SET role = assay_owner;
