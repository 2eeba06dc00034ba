-- Every step of every image in order, each beside the landing object it began with:
-- SELECT source, raw_path FROM lineage WHERE bucket = 'gold' AND object_key = '…' goes from any layer's object back in one query.
-- twin_of: the image whose bytes are the same (ingest), or whose result was taken over instead of made again (the other stages).
CREATE VIEW lineage AS
SELECT i.id AS image_id, i.source, i.raw_path, 1 AS step, 'ingest' AS stage, i.ingested_at AS happened_at,
       'bronze' AS layer, i.bronze_bucket AS bucket, i.bronze_key AS object_key, i.sha256, i.version AS detail, i.twin_of
FROM images i
UNION ALL
SELECT i.id, i.source, i.raw_path, 2, 'preprocess', c.cleansed_at, 'silver', c.silver_bucket, c.silver_key, c.sha256, c.recipe, c.twin_of
FROM images i JOIN cleansed c ON c.image_id = i.id
UNION ALL
SELECT i.id, i.source, i.raw_path, 3, 'enrich', e.enriched_at, 'gold', e.gold_bucket, e.gold_key, e.sha256, e.enricher, e.twin_of
FROM images i JOIN enrichments e ON e.image_id = i.id
UNION ALL
SELECT i.id, i.source, i.raw_path, 4, 'classify', p.predicted_at, NULL, NULL, NULL, p.model_sha256, p.label, p.twin_of
FROM images i JOIN predictions p ON p.image_id = i.id
UNION ALL
SELECT i.id, i.source, i.raw_path, 5, r.stage, r.rejected_at, 'quarantine', r.quarantine_bucket, r.quarantine_key, i.sha256, r.reason, NULL
FROM images i JOIN rejections r ON r.image_id = i.id;
