-- What the whole organisation aims at: goals on a theme of a letter, which units take over.
CREATE TABLE corporate_goals (
    municipality_id TEXT NOT NULL,
    id TEXT NOT NULL,
    letter_id TEXT NOT NULL,
    theme_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    content TEXT NOT NULL,
    version INTEGER NOT NULL,
    changed_by TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, letter_id) REFERENCES strategy_letters (municipality_id, id) ON DELETE CASCADE,
    FOREIGN KEY (municipality_id, theme_id) REFERENCES themes (municipality_id, id) ON DELETE RESTRICT
) STRICT;
CREATE INDEX corporate_goals_by_letter_id ON corporate_goals (municipality_id, letter_id);
CREATE INDEX corporate_goals_by_theme_id ON corporate_goals (municipality_id, theme_id);

-- Which indicator of a goal above one was taken over from; the goal knows its own.
ALTER TABLE indicators ADD COLUMN inherited_from_id TEXT;
CREATE INDEX goals_by_inherited_from_id ON goals (municipality_id, inherited_from_id);
CREATE INDEX indicators_by_inherited_from_id ON indicators (municipality_id, inherited_from_id);
