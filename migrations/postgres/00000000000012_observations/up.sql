-- What an indicator is read by, besides its baseline and its target.
ALTER TABLE indicators
    ADD COLUMN baseline_on date,
    ADD COLUMN target_on date,
    ADD COLUMN tolerance bigint,
    ADD COLUMN interval text CHECK (interval IN ('month', 'quarter', 'half_year', 'year')),
    DROP CONSTRAINT indicators_direction_check;
UPDATE indicators SET direction = 'keep' WHERE direction = 'hold';
ALTER TABLE indicators ADD CONSTRAINT indicators_direction_check CHECK (direction IN ('up', 'down', 'keep'));

CREATE TABLE observations (
    municipality_id uuid NOT NULL,
    id uuid NOT NULL,
    agreement_id uuid NOT NULL,
    goal_id uuid NOT NULL,
    indicator_id uuid,
    kind text NOT NULL CHECK (kind IN ('measurement', 'assessment', 'citizen_voice')),
    observed_on date NOT NULL,
    value bigint,
    numerator bigint,
    denominator bigint,
    text text,
    judgement text CHECK (judgement IN ('achieved', 'on_track', 'off_track', 'too_early')),
    scale text,
    method text,
    source text,
    n bigint,
    confidence text CHECK (confidence IN ('low', 'medium', 'high')),
    version bigint NOT NULL,
    changed_by uuid,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, agreement_id) REFERENCES agreements (municipality_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (municipality_id, goal_id) REFERENCES goals (municipality_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (municipality_id, indicator_id) REFERENCES indicators (municipality_id, id) ON DELETE RESTRICT
);
CREATE INDEX observations_by_agreement_id ON observations (municipality_id, agreement_id, observed_on, id);
CREATE INDEX observations_by_goal_id ON observations (municipality_id, goal_id);
CREATE INDEX observations_by_indicator_id ON observations (municipality_id, indicator_id, observed_on);
-- One measurement of an indicator on a day: a second one replaces it.
CREATE UNIQUE INDEX observations_measured_on ON observations (municipality_id, indicator_id, observed_on)
    WHERE kind = 'measurement';

-- Values of fewer people than this are kept from those who do not see a unit's drafts.
ALTER TABLE municipalities ADD COLUMN small_number_limit bigint NOT NULL DEFAULT 5;
