-- One row per image: how far it came, what is believed about it and where its objects are. Derived, never stored.
CREATE VIEW image_status AS
SELECT i.id AS image_id,
       i.source, i.raw_name, i.raw_path, i.user_id, i.batch, i.uploaded_at, i.ingested_at, i.bytes, i.sha256,
       CASE WHEN p.id IS NOT NULL THEN 'classified' WHEN r.image_id IS NOT NULL THEN 'rejected' ELSE 'in flight' END AS status,
       CASE WHEN p.id IS NOT NULL THEN 'classify'
            WHEN r.image_id IS NOT NULL THEN r.stage
            WHEN e.image_id IS NOT NULL THEN 'classify'
            WHEN c.image_id IS NOT NULL THEN 'enrich'
            ELSE 'preprocess' END AS stage,
       CASE WHEN p.id IS NULL THEN r.reason END AS reason,
       CASE WHEN p.id IS NULL THEN r.detail END AS detail,
       p.label, p.confidence, p.accepted, p.model, p.model_version, p.predicted_at,
       c.media_type, c.raw_width, c.raw_height, c.width, c.height, c.recipe,
       i.bronze_bucket, i.bronze_key, c.silver_bucket, c.silver_key, e.gold_bucket, e.gold_key, e.sidecar_key
FROM images i
LEFT JOIN predictions p ON p.id = (
    SELECT x.id FROM predictions x
    LEFT JOIN model_states s ON s.name = x.model AND s.package_sha256 = x.package_sha256 AND s.state = 'active'
    WHERE x.image_id = i.id AND x.role = 'active' ORDER BY CASE WHEN s.name IS NULL THEN 1 ELSE 0 END, s.name, x.predicted_at DESC, x.id LIMIT 1)
LEFT JOIN cleansed c ON c.image_id = i.id AND c.recipe = COALESCE(p.recipe, (
    SELECT x.recipe FROM cleansed x WHERE x.image_id = i.id ORDER BY x.cleansed_at DESC, x.recipe LIMIT 1))
LEFT JOIN enrichments e ON e.image_id = i.id AND e.recipe = c.recipe AND e.enricher = (
    SELECT x.enricher FROM enrichments x WHERE x.image_id = i.id AND x.recipe = c.recipe ORDER BY x.enriched_at DESC, x.enricher LIMIT 1)
LEFT JOIN rejections r ON r.image_id = i.id AND r.stage = (
    SELECT x.stage FROM rejections x WHERE x.image_id = i.id ORDER BY x.rejected_at DESC, x.stage LIMIT 1);
