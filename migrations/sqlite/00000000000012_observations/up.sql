-- What an indicator is read by, besides its baseline and its target. The values of a check change only with the table.
CREATE TABLE new_indicators (
    municipality_id TEXT NOT NULL,
    id TEXT NOT NULL,
    goal_id TEXT NOT NULL,
    agreement_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    unit TEXT NOT NULL,
    direction TEXT NOT NULL CHECK (direction IN ('up', 'down', 'keep')),
    baseline INTEGER,
    target INTEGER,
    aggregation TEXT NOT NULL CHECK (aggregation IN ('sum', 'mean', 'latest', 'ratio')),
    version INTEGER NOT NULL,
    changed_by TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    baseline_on TEXT,
    target_on TEXT,
    tolerance INTEGER,
    interval TEXT CHECK (interval IN ('month', 'quarter', 'half_year', 'year')),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, goal_id) REFERENCES goals (municipality_id, id) ON DELETE CASCADE,
    FOREIGN KEY (municipality_id, agreement_id) REFERENCES agreements (municipality_id, id) ON DELETE CASCADE
) STRICT;
INSERT INTO new_indicators (municipality_id, id, goal_id, agreement_id, position, name, unit, direction, baseline, target, aggregation, version, changed_by, created_at, updated_at)
SELECT municipality_id, id, goal_id, agreement_id, position, name, unit,
       CASE direction WHEN 'hold' THEN 'keep' ELSE direction END, baseline, target, aggregation, version, changed_by,
       created_at, updated_at
FROM indicators;
DROP TABLE indicators;
ALTER TABLE new_indicators RENAME TO indicators;
CREATE INDEX indicators_by_goal_id ON indicators (municipality_id, goal_id);
CREATE INDEX indicators_by_agreement_id ON indicators (municipality_id, agreement_id);

CREATE TABLE observations (
    municipality_id TEXT NOT NULL,
    id TEXT NOT NULL,
    agreement_id TEXT NOT NULL,
    goal_id TEXT NOT NULL,
    indicator_id TEXT,
    kind TEXT NOT NULL CHECK (kind IN ('measurement', 'assessment', 'citizen_voice')),
    observed_on TEXT NOT NULL,
    value INTEGER,
    numerator INTEGER,
    denominator INTEGER,
    text TEXT,
    judgement TEXT CHECK (judgement IN ('achieved', 'on_track', 'off_track', 'too_early')),
    scale TEXT,
    method TEXT,
    source TEXT,
    n INTEGER,
    confidence TEXT CHECK (confidence IN ('low', 'medium', 'high')),
    version INTEGER NOT NULL,
    changed_by TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, agreement_id) REFERENCES agreements (municipality_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (municipality_id, goal_id) REFERENCES goals (municipality_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (municipality_id, indicator_id) REFERENCES indicators (municipality_id, id) ON DELETE RESTRICT
) STRICT;
CREATE INDEX observations_by_agreement_id ON observations (municipality_id, agreement_id, observed_on, id);
CREATE INDEX observations_by_goal_id ON observations (municipality_id, goal_id);
CREATE INDEX observations_by_indicator_id ON observations (municipality_id, indicator_id, observed_on);
-- One measurement of an indicator on a day: a second one replaces it.
CREATE UNIQUE INDEX observations_measured_on ON observations (municipality_id, indicator_id, observed_on)
    WHERE kind = 'measurement';

-- Values of fewer people than this are kept from those who do not see a unit's drafts.
ALTER TABLE municipalities ADD COLUMN small_number_limit INTEGER NOT NULL DEFAULT 5;
