-- What failed in the same way and waits, with how much and since when.
CREATE VIEW failure_groups AS
SELECT stage, exception, format, COUNT(*) AS waiting, MIN(first_failed_at) AS first_seen, MAX(failed_at) AS last_seen
FROM open_failures
GROUP BY stage, exception, format;
