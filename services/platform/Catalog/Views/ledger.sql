-- For every source and day (UTC): seen = classified + rejected + in flight. An image in flight waits for one of three stages.
-- A difference means that facts are there of images that are not: they have the source '(unknown)', and the day of their first fact.
CREATE VIEW ledger AS
SELECT source, day, seen, classified, rejected, in_preprocess + in_enrich + in_classify AS in_flight,
       in_preprocess, in_enrich, in_classify, oldest_in_flight,
       seen - classified - rejected - in_preprocess - in_enrich - in_classify AS difference
FROM (
    SELECT source, day,
           SUM(seen) AS seen,
           SUM(CASE WHEN place = 'classified' THEN 1 ELSE 0 END) AS classified,
           SUM(CASE WHEN place = 'rejected' THEN 1 ELSE 0 END) AS rejected,
           SUM(CASE WHEN place = 'preprocess' THEN 1 ELSE 0 END) AS in_preprocess,
           SUM(CASE WHEN place = 'enrich' THEN 1 ELSE 0 END) AS in_enrich,
           SUM(CASE WHEN place = 'classify' THEN 1 ELSE 0 END) AS in_classify,
           MIN(CASE WHEN place IN ('preprocess', 'enrich', 'classify') THEN since END) AS oldest_in_flight
    FROM (
        SELECT i.source, {utc-day:i.ingested_at} AS day, i.ingested_at AS since, 1 AS seen,
               CASE WHEN EXISTS (SELECT 1 FROM predictions p WHERE p.image_id = i.id AND p.role = 'active') THEN 'classified'
                    WHEN EXISTS (SELECT 1 FROM rejections r WHERE r.image_id = i.id) THEN 'rejected'
                    WHEN EXISTS (SELECT 1 FROM enrichments e WHERE e.image_id = i.id) THEN 'classify'
                    WHEN EXISTS (SELECT 1 FROM cleansed c WHERE c.image_id = i.id) THEN 'enrich'
                    ELSE 'preprocess' END AS place
        FROM images i
        UNION ALL
        SELECT '(unknown)', {utc-day:since}, since, 0,
               CASE furthest WHEN 4 THEN 'classified' WHEN 3 THEN 'rejected' WHEN 2 THEN 'classify' ELSE 'enrich' END
        FROM (
            SELECT image_id, MIN(happened_at) AS since, MAX(step) AS furthest
            FROM (
                SELECT image_id, cleansed_at AS happened_at, 1 AS step FROM cleansed c WHERE NOT EXISTS (SELECT 1 FROM images i WHERE i.id = c.image_id)
                UNION ALL
                SELECT image_id, enriched_at, 2 FROM enrichments e WHERE NOT EXISTS (SELECT 1 FROM images i WHERE i.id = e.image_id)
                UNION ALL
                SELECT image_id, rejected_at, 3 FROM rejections r WHERE NOT EXISTS (SELECT 1 FROM images i WHERE i.id = r.image_id)
                UNION ALL
                SELECT image_id, predicted_at, CASE WHEN role = 'active' THEN 4 ELSE 2 END FROM predictions p WHERE NOT EXISTS (SELECT 1 FROM images i WHERE i.id = p.image_id)
            ) AS facts
            GROUP BY image_id
        ) AS strays
    ) AS places
    GROUP BY source, day
) AS days;
