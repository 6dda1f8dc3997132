-- Whom submitted sections wait for: the places without a decision in the step of their route that waits.
CREATE TABLE route_places (
    municipality_id uuid NOT NULL,
    agreement_id uuid NOT NULL,
    section_key text NOT NULL,
    step bigint NOT NULL,
    place bigint NOT NULL,
    person_id uuid NOT NULL,
    on_behalf_of_id uuid,
    duty text NOT NULL CHECK (duty IN ('review', 'approve')),
    cycle_id uuid NOT NULL,
    waiting_since timestamptz NOT NULL,
    PRIMARY KEY (municipality_id, agreement_id, section_key, step, place),
    FOREIGN KEY (municipality_id, agreement_id, section_key) REFERENCES sections (municipality_id, agreement_id, key) ON DELETE CASCADE
);
CREATE INDEX route_places_by_person_id ON route_places (municipality_id, person_id, agreement_id);

INSERT INTO route_places
SELECT s.municipality_id, s.agreement_id, s.key, waiting.step, place.number - 1, (place.value ->> 'person_id')::uuid,
       (place.value ->> 'on_behalf_of')::uuid, waiting.value ->> 'duty', a.cycle_id, coalesce(s.submitted_at, s.updated_at)
FROM sections AS s
JOIN agreements AS a ON a.municipality_id = s.municipality_id AND a.id = s.agreement_id
CROSS JOIN LATERAL (
    SELECT step.number - 1 AS step, step.value FROM jsonb_array_elements(s.route) WITH ORDINALITY AS step (value, number)
    WHERE NOT coalesce((step.value ->> 'carried_over')::boolean, false) AND NOT (
        SELECT CASE step.value ->> 'rule' WHEN 'any' THEN coalesce(bool_or(one.approved), false) ELSE coalesce(bool_and(one.approved), true) END
        FROM (SELECT coalesce((person -> 'decided' ->> 'approved')::boolean, false) AS approved
              FROM jsonb_array_elements(step.value -> 'people') AS person) AS one)
    ORDER BY step.number LIMIT 1) AS waiting
CROSS JOIN LATERAL jsonb_array_elements(waiting.value -> 'people') WITH ORDINALITY AS place (value, number)
WHERE s.state = 'submitted' AND coalesce(place.value -> 'decided', 'null') = 'null';
