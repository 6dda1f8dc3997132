-- What the whole organisation aims at: goals on a theme of a letter, which units take over.
CREATE TABLE corporate_goals (
    municipality_id uuid NOT NULL,
    id uuid NOT NULL,
    letter_id uuid NOT NULL,
    theme_id uuid NOT NULL,
    position bigint NOT NULL,
    content json NOT NULL,
    version bigint NOT NULL,
    changed_by uuid,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, letter_id) REFERENCES strategy_letters (municipality_id, id) ON DELETE CASCADE,
    FOREIGN KEY (municipality_id, theme_id) REFERENCES themes (municipality_id, id) ON DELETE RESTRICT
);
CREATE INDEX corporate_goals_by_letter_id ON corporate_goals (municipality_id, letter_id);
CREATE INDEX corporate_goals_by_theme_id ON corporate_goals (municipality_id, theme_id);

-- Which indicator of a goal above one was taken over from; the goal knows its own.
ALTER TABLE indicators ADD COLUMN inherited_from_id uuid;
CREATE INDEX goals_by_inherited_from_id ON goals (municipality_id, inherited_from_id);
CREATE INDEX indicators_by_inherited_from_id ON indicators (municipality_id, inherited_from_id);
