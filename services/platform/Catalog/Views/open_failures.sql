-- Messages that failed and wait: not replayed since, and their image has not ended since by another way. An overdue image had no end at all: any end is a later one.
CREATE VIEW open_failures AS
SELECT f.id, f.series, f.attempt, f.stage, f.message, f.image_id, f.format, f.exception, f.detail, f.retryable,
       (SELECT MIN(x.failed_at) FROM failures x WHERE x.series = f.series) AS first_failed_at,
       f.failed_at
FROM failures f
WHERE NOT EXISTS (SELECT 1 FROM replays r WHERE r.failure_id = f.id)
  AND NOT EXISTS (SELECT 1 FROM predictions p WHERE p.image_id = f.image_id AND p.role = 'active' AND (p.predicted_at >= f.failed_at OR f.exception = 'overdue'))
  AND NOT EXISTS (SELECT 1 FROM rejections r WHERE r.image_id = f.image_id AND (r.rejected_at >= f.failed_at OR f.exception = 'overdue'));
