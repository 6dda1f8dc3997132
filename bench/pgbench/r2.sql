-- R2: 50 approved agreements of one municipality, after the 150th of its 240.
\set m random(1, :munis)
SELECT * FROM agreements WHERE municipality_id = bench_id(1, :m) AND state = 'approved' AND id > bench_id(11, (:m - 1) * 600 + 375) ORDER BY id LIMIT 51;
