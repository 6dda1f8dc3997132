CREATE TABLE strategy_letters (
    municipality_id TEXT NOT NULL,
    id TEXT NOT NULL,
    year INTEGER NOT NULL,
    title TEXT NOT NULL,
    issued_on TEXT,
    source_text TEXT NOT NULL,
    headings TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('draft', 'consultation', 'published')),
    published_at TEXT,
    version INTEGER NOT NULL,
    changed_by TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id) REFERENCES municipalities (municipality_id) ON DELETE RESTRICT
) STRICT;

CREATE TABLE themes (
    municipality_id TEXT NOT NULL,
    id TEXT NOT NULL,
    letter_id TEXT NOT NULL,
    key TEXT NOT NULL,
    heading_key TEXT NOT NULL,
    position INTEGER NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    owner_id TEXT,
    version INTEGER NOT NULL,
    changed_by TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    PRIMARY KEY (municipality_id, id),
    UNIQUE (municipality_id, letter_id, key),
    FOREIGN KEY (municipality_id, letter_id) REFERENCES strategy_letters (municipality_id, id) ON DELETE CASCADE,
    FOREIGN KEY (municipality_id, owner_id) REFERENCES people (municipality_id, id) ON DELETE RESTRICT
) STRICT;
CREATE INDEX themes_by_owner_id ON themes (municipality_id, owner_id);

CREATE TABLE templates (
    municipality_id TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    number INTEGER NOT NULL,
    based_on_id TEXT,
    letter_id TEXT,
    state TEXT NOT NULL CHECK (state IN ('draft', 'published')),
    applies_to TEXT NOT NULL,
    sections TEXT NOT NULL,
    routes TEXT NOT NULL,
    signatories TEXT NOT NULL,
    resubmission TEXT NOT NULL CHECK (resubmission IN ('restart', 'continue')),
    published_at TEXT,
    version INTEGER NOT NULL,
    changed_by TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, based_on_id) REFERENCES templates (municipality_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (municipality_id, letter_id) REFERENCES strategy_letters (municipality_id, id) ON DELETE RESTRICT
) STRICT;
CREATE INDEX templates_by_based_on_id ON templates (municipality_id, based_on_id);
CREATE INDEX templates_by_letter_id ON templates (municipality_id, letter_id);

CREATE TABLE cycles (
    municipality_id TEXT NOT NULL,
    id TEXT NOT NULL,
    year INTEGER NOT NULL,
    name TEXT NOT NULL,
    letter_id TEXT,
    template_ids TEXT NOT NULL,
    period_from TEXT NOT NULL,
    period_to TEXT NOT NULL,
    scope TEXT NOT NULL,
    deadlines TEXT NOT NULL,
    follow_ups TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('planned', 'open', 'closed')),
    opened_at TEXT,
    version INTEGER NOT NULL,
    changed_by TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, letter_id) REFERENCES strategy_letters (municipality_id, id) ON DELETE RESTRICT
) STRICT;
CREATE INDEX cycles_by_letter_id ON cycles (municipality_id, letter_id);
CREATE INDEX cycles_by_year ON cycles (municipality_id, year);
