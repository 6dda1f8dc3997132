-- R1: one agreement with its sections, goals and indicators.
\set n random(1, :munis * 600)
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SELECT * FROM agreements WHERE municipality_id = bench_id(1, (:n - 1) / 600 + 1) AND id = bench_id(11, :n);
SELECT * FROM sections WHERE municipality_id = bench_id(1, (:n - 1) / 600 + 1) AND agreement_id = bench_id(11, :n) ORDER BY position;
SELECT * FROM goals g LEFT JOIN indicators i ON i.municipality_id = g.municipality_id AND i.goal_id = g.id WHERE g.municipality_id = bench_id(1, (:n - 1) / 600 + 1) AND g.agreement_id = bench_id(11, :n) ORDER BY g.section_key, g.position, i.position;
COMMIT;
