-- What is believed now: the newest answer of an active model for each image.
CREATE VIEW current_labels AS
SELECT p.image_id, p.label, p.confidence, p.accepted, p.model, p.model_version, p.model_sha256, p.predicted_at
FROM predictions p
WHERE p.role = 'active' AND p.id = (
    SELECT x.id FROM predictions x WHERE x.image_id = p.image_id AND x.role = 'active' ORDER BY x.predicted_at DESC, x.id LIMIT 1);
