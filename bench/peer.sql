-- What the references of the benchmark serve: tables of their own with as much data as the server's, of the same shape,
-- and no more columns than the operations need. In a database of their own:
--   psql -v munis=98 -f bench/peer.sql
-- Ids are numbers that a client can compute: agreement n is the server's n-th, its sections are (n-1)*8 + 1 to 8.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
SET synchronous_commit = off;

CREATE TABLE agreement (
    id bigint PRIMARY KEY,
    municipality bigint NOT NULL,
    unit text NOT NULL,
    year bigint NOT NULL,
    title text NOT NULL,
    state text NOT NULL CHECK (state IN ('draft', 'submitted', 'approved', 'returned')),
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE TABLE section (
    id bigint PRIMARY KEY,
    agreement_id bigint NOT NULL REFERENCES agreement,
    key text NOT NULL,
    position bigint NOT NULL,
    state text NOT NULL CHECK (state IN ('draft', 'submitted', 'approved', 'returned')),
    version bigint NOT NULL,
    content json NOT NULL,
    updated_at timestamptz NOT NULL,
    UNIQUE (agreement_id, position)
);
CREATE TABLE goal (
    id bigint PRIMARY KEY,
    agreement_id bigint NOT NULL REFERENCES agreement,
    title text NOT NULL,
    unit text NOT NULL,
    baseline bigint NOT NULL,
    target bigint NOT NULL
);
CREATE TABLE audit (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now(),
    actor text NOT NULL,
    action text NOT NULL,
    agreement_id bigint NOT NULL,
    section_id bigint NOT NULL,
    version bigint NOT NULL
);
CREATE TABLE outbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now(),
    topic text NOT NULL,
    payload json NOT NULL
);

INSERT INTO agreement
SELECT n, (n - 1) / 600 + 1, 'Center ' || ((n - 1) / 10) % 60 + 1, 2016 + (n - 1) % 10,
       'Aftale ' || 2016 + (n - 1) % 10 || ' for Center ' || ((n - 1) / 10) % 60 + 1,
       CASE WHEN ((n - 1) / 10 + n) % 10 < 4 THEN 'approved' WHEN ((n - 1) / 10 + n) % 10 < 7 THEN 'submitted'
            WHEN ((n - 1) / 10 + n) % 10 < 9 THEN 'draft' ELSE 'returned' END, 1, '2016-01-01', '2016-01-01'
FROM generate_series(1::bigint, :munis * 600) n;

INSERT INTO section
SELECT (a.id - 1) * 8 + p, a.id, (ARRAY['effects', 'cross-cutting', 'implementation', 'service-culture', 'workflows',
       'competencies', 'economy', 'digital'])[p], p, a.state, 1, json_build_object(
           'plan', repeat('Centret arbejder målrettet med kerneopgaven og følger op hvert kvartal sammen med borgerne. ', 7) || a.id || '.' || p,
           'follow_up', 'Vi følger op i ledergruppen i maj og i november, og i dialogen med direktionen.',
           'responsible', 'Leder'), '2016-01-01'
FROM agreement a, generate_series(1, 8) p;

INSERT INTO goal
SELECT (a.id - 1) * 3 + g, a.id, 'Flere borgere klarer hverdagen selv, mål ' || g, '%', 58, 65
FROM agreement a, generate_series(1, 3) g;

CREATE INDEX ON agreement (municipality, state, id);
CREATE INDEX ON goal (agreement_id);
CREATE INDEX ON audit (agreement_id, id);

-- The writes as PostgREST does them: one call each, refused as 409 where another version or state is there.
CREATE FUNCTION change_section(sid bigint, seen bigint, content json) RETURNS json LANGUAGE plpgsql AS $$
DECLARE of_agreement bigint;
BEGIN
    UPDATE section AS s SET content = change_section.content, version = seen + 1, updated_at = now()
    WHERE s.id = sid AND s.version = seen AND s.state IN ('draft', 'returned') RETURNING agreement_id INTO of_agreement;
    IF NOT FOUND THEN RAISE SQLSTATE 'PT409' USING MESSAGE = 'another version or state'; END IF;
    INSERT INTO audit (actor, action, agreement_id, section_id, version)
    VALUES ('bench', 'section.edited', of_agreement, sid, seen + 1);
    RETURN json_build_object('id', sid, 'version', seen + 1);
END $$;

CREATE FUNCTION approve_section(sid bigint, seen bigint) RETURNS json LANGUAGE plpgsql AS $$
DECLARE of_agreement bigint; now_state text;
BEGIN
    SELECT a.id INTO of_agreement FROM agreement a JOIN section s ON s.agreement_id = a.id WHERE s.id = sid FOR UPDATE OF a;
    UPDATE section SET state = 'approved', version = seen + 1, updated_at = now()
    WHERE id = sid AND version = seen AND state = 'submitted';
    IF NOT FOUND THEN RAISE SQLSTATE 'PT409' USING MESSAGE = 'another version or state'; END IF;
    UPDATE agreement SET version = version + 1, updated_at = now(), state = CASE
        WHEN EXISTS (SELECT 1 FROM section s WHERE s.agreement_id = of_agreement AND s.state <> 'approved') THEN state ELSE 'approved' END
    WHERE id = of_agreement RETURNING state INTO now_state;
    INSERT INTO audit (actor, action, agreement_id, section_id, version)
    VALUES ('bench', 'section.approved', of_agreement, sid, seen + 1);
    INSERT INTO outbox (topic, payload) VALUES ('section.approved', json_build_object('section', sid, 'state', now_state));
    RETURN json_build_object('id', sid, 'version', seen + 1, 'state', now_state);
END $$;

-- The role whose name stands in the tokens of PostgREST.
DO $$ BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'bench_peer') THEN CREATE ROLE bench_peer; END IF;
END $$;
GRANT USAGE ON SCHEMA public TO bench_peer;
GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO bench_peer;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO bench_peer;
VACUUM ANALYZE;
