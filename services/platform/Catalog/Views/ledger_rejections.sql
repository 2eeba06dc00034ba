-- The rejected images of the ledger by reason: an image counts once, with its newest rejection, and not at all once it is classified.
CREATE VIEW ledger_rejections AS
SELECT i.source, {utc-day:i.ingested_at} AS day, r.reason, COUNT(*) AS count
FROM rejections r
JOIN images i ON i.id = r.image_id
WHERE r.stage = (SELECT x.stage FROM rejections x WHERE x.image_id = r.image_id ORDER BY x.rejected_at DESC, x.stage LIMIT 1)
  AND NOT EXISTS (SELECT 1 FROM predictions p WHERE p.image_id = r.image_id AND p.role = 'active')
GROUP BY i.source, {utc-day:i.ingested_at}, r.reason;
