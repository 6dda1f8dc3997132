ALTER TABLE municipalities DROP COLUMN small_number_limit;
DROP TABLE observations;
CREATE TABLE old_indicators (
    municipality_id TEXT NOT NULL,
    id TEXT NOT NULL,
    goal_id TEXT NOT NULL,
    agreement_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    unit TEXT NOT NULL,
    direction TEXT NOT NULL CHECK (direction IN ('up', 'down', 'hold')),
    baseline INTEGER,
    target INTEGER,
    aggregation TEXT NOT NULL CHECK (aggregation IN ('sum', 'mean', 'latest', 'ratio')),
    version INTEGER NOT NULL,
    changed_by TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, goal_id) REFERENCES goals (municipality_id, id) ON DELETE CASCADE,
    FOREIGN KEY (municipality_id, agreement_id) REFERENCES agreements (municipality_id, id) ON DELETE CASCADE
) STRICT;
INSERT INTO old_indicators (municipality_id, id, goal_id, agreement_id, position, name, unit, direction, baseline, target, aggregation, version, changed_by, created_at, updated_at)
SELECT municipality_id, id, goal_id, agreement_id, position, name, unit,
       CASE direction WHEN 'keep' THEN 'hold' ELSE direction END, baseline, target, aggregation, version, changed_by,
       created_at, updated_at
FROM indicators;
DROP TABLE indicators;
ALTER TABLE old_indicators RENAME TO indicators;
CREATE INDEX indicators_by_goal_id ON indicators (municipality_id, goal_id);
CREATE INDEX indicators_by_agreement_id ON indicators (municipality_id, agreement_id);
