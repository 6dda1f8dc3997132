-- Whom submitted sections wait for: the places without a decision in the step of their route that waits.
CREATE TABLE route_places (
    municipality_id TEXT NOT NULL,
    agreement_id TEXT NOT NULL,
    section_key TEXT NOT NULL,
    step INTEGER NOT NULL,
    place INTEGER NOT NULL,
    person_id TEXT NOT NULL,
    on_behalf_of_id TEXT,
    duty TEXT NOT NULL CHECK (duty IN ('review', 'approve')),
    cycle_id TEXT NOT NULL,
    waiting_since TEXT NOT NULL,
    PRIMARY KEY (municipality_id, agreement_id, section_key, step, place),
    FOREIGN KEY (municipality_id, agreement_id, section_key) REFERENCES sections (municipality_id, agreement_id, key) ON DELETE CASCADE
) STRICT;
CREATE INDEX route_places_by_person_id ON route_places (municipality_id, person_id, agreement_id);

INSERT INTO route_places
SELECT s.municipality_id, s.agreement_id, s.key, step.key, place.key, place.value ->> 'person_id',
       place.value ->> 'on_behalf_of', step.value ->> 'duty', a.cycle_id, coalesce(s.submitted_at, s.updated_at)
FROM sections AS s
JOIN agreements AS a ON a.municipality_id = s.municipality_id AND a.id = s.agreement_id
JOIN json_each(s.route) AS step
JOIN json_each(step.value, '$.people') AS place
WHERE s.state = 'submitted' AND place.value ->> '$.decided' IS NULL
  AND step.key = (
    SELECT min(one.key) FROM json_each(s.route) AS one
    WHERE NOT coalesce(one.value ->> 'carried_over', 0) AND NOT (
        SELECT CASE one.value ->> 'rule'
            WHEN 'any' THEN coalesce(max(coalesce(person.value ->> '$.decided.approved', 0)), 0)
            ELSE coalesce(min(coalesce(person.value ->> '$.decided.approved', 0)), 1) END
        FROM json_each(one.value, '$.people') AS person));
