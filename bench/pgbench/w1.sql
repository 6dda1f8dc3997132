-- W1: change one section under its version, with its event.
\set s0 7
\set k :start + :i * :clients + :client_id
\set i :i + 1
\set at (:k * 7919) % (:munis * 60 * 24)
\set b :at / 24
\set r (:s0 + (:at / 8) % 3 - :b) % 10
\set r (:r + 9) % 10 + 1
\set n :b * 10 + :r
\set p :at % 8 + 1
BEGIN;
SELECT * FROM agreements WHERE municipality_id = bench_id(1, (:n - 1) / 600 + 1) AND id = bench_id(11, :n) FOR UPDATE;
UPDATE sections SET content = '{"plan": "Centret arbejder målrettet med kerneopgaven og følger op hvert kvartal sammen med borgerne. Centret arbejder målrettet med kerneopgaven og følger op hvert kvartal sammen med borgerne. Centret arbejder målrettet med kerneopgaven og følger op hvert kvartal sammen med borgerne. Centret arbejder målrettet med kerneopgaven og følger op hvert kvartal sammen med borgerne. Centret arbejder målrettet med kerneopgaven og følger op hvert kvartal sammen med borgerne. Centret arbejder målrettet med kerneopgaven og følger op hvert kvartal sammen med borgerne. Centret arbejder målrettet med kerneopgaven og følger op hvert kvartal sammen med borgerne. ", "follow_up": "Vi følger op i ledergruppen i maj og i november, og i dialogen med direktionen.", "responsible": "Leder"}', version = version + 1, changed_by = bench_id(3, ((:n - 1) / 600) * 64 + 3), updated_at = now() WHERE municipality_id = bench_id(1, (:n - 1) / 600 + 1) AND agreement_id = bench_id(11, :n) AND key = (ARRAY['effects','cross-cutting','implementation','service-culture','workflows','competencies','economy','digital'])[:p] AND version = 1 AND state IN ('draft', 'returned') RETURNING *;
UPDATE agreements SET version = version + 1, updated_at = now() WHERE municipality_id = bench_id(1, (:n - 1) / 600 + 1) AND id = bench_id(11, :n);
SELECT last_sequence, last_hash FROM event_counters WHERE municipality_id = bench_id(1, (:n - 1) / 600 + 1) FOR UPDATE \gset
INSERT INTO events (municipality_id, sequence, id, kind, resource, subject_id, section_key, agreement_id, version, changed, detail, person_id, request_id, occurred_at, hash) VALUES (bench_id(1, (:n - 1) / 600 + 1), :last_sequence + 1, gen_random_uuid(), 'section.edited', 'section', bench_id(12, (:n - 1) * 8 + :p), (ARRAY['effects','cross-cutting','implementation','service-culture','workflows','competencies','economy','digital'])[:p], bench_id(11, :n), 2, '["content"]', '{}', bench_id(3, ((:n - 1) / 600) * 64 + 3), '0190-pgbench', now(), repeat('0', 64));
UPDATE event_counters SET last_sequence = :last_sequence + 1, last_hash = repeat('0', 64) WHERE municipality_id = bench_id(1, (:n - 1) / 600 + 1);
COMMIT;
