-- For every source and day (UTC): seen = classified + rejected + in flight.
CREATE VIEW ledger AS
SELECT source,
       {utc-day:ingested_at} AS day,
       COUNT(*) AS seen,
       SUM(CASE WHEN status = 'classified' THEN 1 ELSE 0 END) AS classified,
       SUM(CASE WHEN status = 'rejected' THEN 1 ELSE 0 END) AS rejected,
       SUM(CASE WHEN status = 'in flight' THEN 1 ELSE 0 END) AS in_flight
FROM image_status
GROUP BY source, {utc-day:ingested_at};
