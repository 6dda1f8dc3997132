-- The data of the benchmark: deterministic, with ids that can be computed, in tables that are empty.
--   psql -v munis=98 -v centres=60 -v years=10 -f bench/load.sql
--       98 municipalities x 60 centres x 10 years = 58,800 agreements
--
-- Agreement n (from 1) is the one of centre ((n-1)/years) mod centres of municipality (n-1)/(centres*years), of year
-- 2016 + (n-1) mod years.
-- Its state follows from (centre + year) mod 10: 0-3 approved, 4-6 in review, 7-8 draft, 9 returned. Every section
-- stands as its agreement does, in version 1; a returned agreement's are all returned.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
SET synchronous_commit = off;
SET session_replication_role = replica;

CREATE FUNCTION bench_id(kind int, n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (lpad(to_hex(kind), 8, '0') || '-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid
$$;

BEGIN;

INSERT INTO municipalities
SELECT bench_id(1, m), 'Kommune ' || m, lpad(m::text, 8, '1'), 'Europe/Copenhagen', '["da","en"]', NULL, NULL, 1, 1,
       NULL, '2016-01-01', '2016-01-01'
FROM generate_series(1, :munis) m;

INSERT INTO event_counters SELECT bench_id(1, m), 0, repeat('0', 64) FROM generate_series(1, :munis) m;

-- Unit 0 is the directorate, units 1 to 60 are the centres below it.
INSERT INTO org_units
SELECT bench_id(1, m), bench_id(2, (m - 1) * (:centres + 1) + u), 'local', NULL, '[]', '{}', u > 0, 1, NULL, '2016-01-01', '2016-01-01'
FROM generate_series(1, :munis) m, generate_series(0, :centres) u;

INSERT INTO org_unit_validities
SELECT bench_id(1, m), bench_id(2, (m - 1) * (:centres + 1) + u), '2016-01-01', NULL,
       CASE WHEN u > 0 THEN bench_id(2, (m - 1) * (:centres + 1)) END,
       CASE WHEN u > 0 THEN 'Center ' || u ELSE 'Direktionen' END,
       CASE WHEN u > 0 THEN 'center ' || u ELSE 'direktionen' END,
       CASE WHEN u > 0 THEN 'centre' ELSE 'directorate' END, NULL
FROM generate_series(1, :munis) m, generate_series(0, :centres) u;

-- Person 0 is the chief executive, 1 the coordinator, 2 the director, 3 writes for every centre, the others lead one each.
INSERT INTO people
SELECT bench_id(1, m), bench_id(3, (m - 1) * (:centres + 4) + p), 'local', NULL, 'Person ' || p, 'person ' || p, NULL, '{}', 1,
       NULL, '2016-01-01', '2016-01-01'
FROM generate_series(1, :munis) m, generate_series(0, :centres + 3) p;

INSERT INTO appointments
SELECT bench_id(1, m), bench_id(4, (m - 1) * (:centres + 4) + p), 'local', NULL, bench_id(3, (m - 1) * (:centres + 4) + p),
       bench_id(2, (m - 1) * (:centres + 1) + CASE WHEN p > 3 THEN p - 3 ELSE 0 END),
       CASE p WHEN 0 THEN 'chief_executive' WHEN 1 THEN 'coordinator' WHEN 2 THEN 'director' ELSE 'leader' END,
       '2016-01-01', NULL, false, NULL, '[]', 1, NULL, '2016-01-01', '2016-01-01'
FROM generate_series(1, :munis) m, generate_series(0, :centres + 3) p WHERE p <> 3;

INSERT INTO appointments
SELECT bench_id(1, m), bench_id(14, (m - 1) * :centres + u), 'local', NULL, bench_id(3, (m - 1) * (:centres + 4) + 3),
       bench_id(2, (m - 1) * (:centres + 1) + u), 'contributor', '2016-01-01', NULL, false, NULL, '[]', 1, NULL, '2016-01-01', '2016-01-01'
FROM generate_series(1, :munis) m, generate_series(1, :centres) u;

-- Log-ins and sessions of the coordinator, the director, the writer and the first leader; nobody knows a password of theirs.
INSERT INTO users
SELECT bench_id(1, m), bench_id(5, (m - 1) * (:centres + 4) + p), bench_id(3, (m - 1) * (:centres + 4) + p), 'person' || p || '@kommune' || m || '.example',
       '', false, 1, NULL, '2016-01-01', '2016-01-01'
FROM generate_series(1, :munis) m, generate_series(1, 4) p;

INSERT INTO sessions
SELECT bench_id(1, m), bench_id(6, (m - 1) * (:centres + 4) + p), bench_id(5, (m - 1) * (:centres + 4) + p), '2016-01-01', '2126-01-01', NULL, 1, '2016-01-01'
FROM generate_series(1, :munis) m, generate_series(1, 4) p;

INSERT INTO strategy_letters
SELECT bench_id(1, m), bench_id(7, m), 2016, 'Strategibrev', '2015-11-01', 'Strategibrev', '[]', 'published', '2016-01-01',
       1, NULL, '2016-01-01', '2016-01-01'
FROM generate_series(1, :munis) m;

INSERT INTO themes
SELECT bench_id(1, m), bench_id(8, (m - 1) * 8 + t), bench_id(7, m), 'tema-' || t, 'resultater', t, 'Tema ' || t, 'Tekst',
       bench_id(3, (m - 1) * (:centres + 4) + 2), 1, NULL, '2016-01-01', '2016-01-01'
FROM generate_series(1, :munis) m, generate_series(1, 8) t;

CREATE TEMP TABLE bench_section (p int, key text, kind text, heading text);
INSERT INTO bench_section VALUES
    (1, 'effects', 'effects', 'Borger- og brugereffekter'), (2, 'cross-cutting', 'cross_cutting', 'Tværgående samarbejde'),
    (3, 'implementation', 'text', 'Implementering i bund'), (4, 'service-culture', 'text', 'Servicekultur'),
    (5, 'workflows', 'text', 'Effektive arbejdsgange'), (6, 'competencies', 'text', 'Kompetencer og ledelse'),
    (7, 'economy', 'text', 'Økonomi'), (8, 'digital', 'text', 'Digitalisering');

INSERT INTO templates
SELECT bench_id(1, m), bench_id(9, m), 'Skabelon', 1, NULL, bench_id(7, m), 'published', '{"kinds": [], "under": []}',
       (SELECT jsonb_agg(jsonb_build_object(
            'key', key, 'label', p::text, 'kind', kind, 'heading', jsonb_build_object('da', heading, 'en', ''),
            'guidance', jsonb_build_object('da', 'Beskriv, hvordan enheden planlægger at arbejde med temaet.', 'en', ''),
            'demanded', true, 'allows_not_applicable', false, 'theme_key', 'tema-' || p, 'filled_by', 'holder',
            'fields', jsonb_build_array(
                jsonb_build_object('key', 'plan', 'type', 'text', 'label', jsonb_build_object('da', 'Plan', 'en', ''),
                    'demand', 'block', 'max_length', 8000, 'minutes', 60),
                jsonb_build_object('key', 'follow_up', 'type', 'text', 'label', jsonb_build_object('da', 'Opfølgning', 'en', ''),
                    'demand', 'advise', 'max_length', 4000, 'minutes', 30),
                jsonb_build_object('key', 'responsible', 'type', 'line', 'label', jsonb_build_object('da', 'Ansvarlig', 'en', ''),
                    'demand', 'advise', 'max_length', 200, 'minutes', 5)),
            'routes', '[]'::jsonb) ORDER BY p) FROM bench_section),
       '[{"kinds": ["centre"], "steps": [{"role": "theme_director", "duty": "approve", "rule": "all"}]}]',
       '[{"kinds": ["centre"], "signatories": ["holder", "chief_executive"]}]', 'restart', '2016-01-01', 1, NULL, '2016-01-01', '2016-01-01'
FROM generate_series(1, :munis) m;

INSERT INTO cycles
SELECT bench_id(1, m), bench_id(10, (m - 1) * :years + y), 2015 + y, 'Aftaler ' || (2015 + y), bench_id(7, m),
       jsonb_build_array(bench_id(9, m)), make_date(2015 + y, 1, 1), make_date(2015 + y, 12, 31),
       '{}', '{"submit": "2016-02-01", "approve": "2016-03-01", "sign": "2016-04-01"}', '[]', 'open', '2016-01-01',
       1, NULL, '2016-01-01', '2016-01-01'
FROM generate_series(1, :munis) m, generate_series(1, :years) y;

-- What the rows below share: the place of agreement n, and its state.
CREATE TEMP TABLE bench_agreement AS
SELECT n, (n - 1) / (:centres * :years) + 1 AS m, ((n - 1) / :years) % :centres + 1 AS c, (n - 1) % :years + 1 AS y,
       CASE WHEN ((n - 1) / :years + n) % 10 < 4 THEN 'approved' WHEN ((n - 1) / :years + n) % 10 < 7 THEN 'submitted'
            WHEN ((n - 1) / :years + n) % 10 < 9 THEN 'draft' ELSE 'returned' END AS state
FROM generate_series(1::bigint, :munis * :centres * :years) n;

INSERT INTO agreements
SELECT bench_id(1, m), bench_id(11, n), bench_id(10, (m - 1) * :years + y), bench_id(9, m), 2015 + y,
       'Aftale ' || (2015 + y) || ' for Center ' || c, jsonb_build_array(bench_id(2, (m - 1) * (:centres + 1) + c)),
       make_date(2015 + y::int, 1, 1), make_date(2015 + y::int, 12, 31), NULL,
       CASE state WHEN 'submitted' THEN 'in_review' ELSE state END, false, false,
       CASE WHEN state <> 'draft' THEN '2016-01-20'::timestamptz END,
       CASE WHEN state IN ('approved', 'returned') THEN '2016-01-25'::timestamptz END,
       CASE WHEN state <> 'draft' THEN '2016-01-20'::timestamptz END,
       CASE WHEN state = 'approved' THEN '2016-01-25'::timestamptz END, NULL, 1, NULL, '2016-01-01', '2016-01-01'
FROM bench_agreement;

INSERT INTO agreement_units
SELECT bench_id(1, m), bench_id(10, (m - 1) * :years + y), bench_id(2, (m - 1) * (:centres + 1) + c), bench_id(11, n) FROM bench_agreement;

INSERT INTO agreement_readers
SELECT bench_id(1, m), bench_id(11, n), bench_id(3, (m - 1) * (:centres + 4) + 2), 'route', '2016-01-20' FROM bench_agreement WHERE state <> 'draft';

-- About 0.9 kB of content in each section.
INSERT INTO sections
SELECT bench_id(1, m), bench_id(11, n), key, bench_id(12, (n - 1) * 8 + p), p - 1, kind, true, bench_id(8, (m - 1) * 8 + p),
       state, 1, CASE WHEN state = 'draft' THEN 0 ELSE 1 END,
       jsonb_build_object(
           'plan', repeat('Centret arbejder målrettet med kerneopgaven og følger op hvert kvartal sammen med borgerne. ', 7) || n || '.' || p,
           'follow_up', 'Vi følger op i ledergruppen i maj og i november, og i dialogen med direktionen.',
           'responsible', 'Leder ' || c),
       NULL, CASE WHEN state <> 'draft' THEN repeat('ab', 32) END,
       CASE WHEN state = 'returned' THEN '[]' ELSE jsonb_build_array(bench_id(3, (m - 1) * (:centres + 4) + 3 + c)) END,
       CASE WHEN state = 'draft' THEN '[]' ELSE jsonb_build_array(jsonb_build_object(
           'role', 'theme_director', 'duty', 'approve', 'rule', 'all', 'carried_over', false, 'people',
           jsonb_build_array(jsonb_build_object('person_id', bench_id(3, (m - 1) * (:centres + 4) + 2), 'on_behalf_of', NULL, 'decided',
               CASE WHEN state IN ('approved', 'returned') THEN jsonb_build_object('decision_id', bench_id(16, (n - 1) * 8 + p),
                   'person_id', bench_id(3, (m - 1) * (:centres + 4) + 2), 'approved', state = 'approved', 'at', '2016-01-25T00:00:00Z') END)))) END,
       CASE WHEN state IN ('approved', 'returned') THEN jsonb_build_object('id', bench_id(16, (n - 1) * 8 + p), 'outcome', state,
           'reason', CASE WHEN state = 'returned' THEN 'Skriv, hvem der følger op.' END,
           'person_id', bench_id(3, (m - 1) * (:centres + 4) + 2), 'acting_for_id', NULL, 'revision', 1, 'decided_at', '2016-01-25T00:00:00Z') END,
       0, 0, 0, CASE WHEN state <> 'draft' THEN '2016-01-20'::timestamptz END, NULL, '2016-01-01', '2016-01-01'
FROM bench_agreement, bench_section;

INSERT INTO route_places
SELECT bench_id(1, m), bench_id(11, n), key, 0, 0, bench_id(3, (m - 1) * (:centres + 4) + 2), NULL, 'approve',
       bench_id(10, (m - 1) * :years + y), '2016-01-20'
FROM bench_agreement, bench_section WHERE state = 'submitted';

-- Three goals in the first section of each agreement, with an indicator each.
INSERT INTO goals
SELECT bench_id(1, m), bench_id(13, (n - 1) * 3 + g), bench_id(11, n), 'effects', g - 1, 'Flere borgere klarer hverdagen selv, mål ' || g,
       'Teamlederne vurderer det i december sammen med brugerrådet.', 'own', NULL, 'Borgere over 65 år', NULL, NULL, NULL, 1, NULL,
       '2016-01-01', '2016-01-01'
FROM bench_agreement, generate_series(1, 3) g;

INSERT INTO indicators
SELECT bench_id(1, m), bench_id(15, (n - 1) * 3 + g), bench_id(13, (n - 1) * 3 + g), bench_id(11, n), 0, 'Andel uden hjælp efter forløbet', '%',
       'up', 58000000, 65000000, 'latest', 1, NULL, '2016-01-01', '2016-01-01'
FROM bench_agreement, generate_series(1, 3) g;

COMMIT;
VACUUM ANALYZE;
