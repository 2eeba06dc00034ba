-- What a person should look at: answers that are believed, that nobody has confirmed or corrected, and that are doubtful by themselves or contradicted by a version that watches.
CREATE VIEW needs_review AS
SELECT l.image_id, l.model, p.label, p.confidence, p.margin, p.energy,
       CASE WHEN o.id IS NULL THEN p.doubts WHEN p.doubts = '' THEN 'disagreement' ELSE p.doubts || ',disagreement' END AS reasons,
       o.label AS other_label, o.model_version AS other_version, p.id AS prediction_id, p.predicted_at
FROM current_labels l
JOIN predictions p ON p.id = l.prediction_id
LEFT JOIN predictions o ON o.id = (
    SELECT x.id FROM predictions x
    JOIN model_states s ON s.name = x.model AND s.package_sha256 = x.package_sha256 AND s.state = 'shadow'
    WHERE x.image_id = l.image_id AND x.model = l.model AND x.role = 'shadow' AND x.recipe = p.recipe AND x.label <> p.label
    ORDER BY x.predicted_at DESC, x.id LIMIT 1)
WHERE l.reviewer IS NULL AND (p.doubts <> '' OR o.id IS NOT NULL);
