-- What is believed now, one row per image and model: a person's newest verdict; else the answer of the version that is active; else the newest answer.
CREATE VIEW current_labels AS
SELECT b.image_id, b.model, COALESCE(v.label, p.label) AS label, p.confidence, p.accepted,
       v.reviewer, p.id AS prediction_id, p.model_version, p.package_sha256, COALESCE(v.decided_at, p.predicted_at) AS decided_at
FROM (SELECT image_id, model FROM predictions WHERE role = 'active' UNION SELECT image_id, model FROM verdicts) AS b
LEFT JOIN predictions p ON p.id = (
    SELECT x.id FROM predictions x
    LEFT JOIN model_states s ON s.name = x.model AND s.package_sha256 = x.package_sha256 AND s.state = 'active'
    WHERE x.image_id = b.image_id AND x.model = b.model AND x.role = 'active'
    ORDER BY CASE WHEN s.name IS NULL THEN 1 ELSE 0 END, x.predicted_at DESC, x.id LIMIT 1)
LEFT JOIN verdicts v ON v.id = (
    SELECT x.id FROM verdicts x WHERE x.image_id = b.image_id AND x.model = b.model ORDER BY x.decided_at DESC, x.id LIMIT 1);
