CREATE TABLE strategy_letters (
    municipality_id uuid NOT NULL,
    id uuid NOT NULL,
    year bigint NOT NULL,
    title text NOT NULL,
    issued_on date,
    source_text text NOT NULL,
    headings jsonb NOT NULL,
    state text NOT NULL CHECK (state IN ('draft', 'consultation', 'published')),
    published_at timestamptz,
    version bigint NOT NULL,
    changed_by uuid,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id) REFERENCES municipalities (municipality_id) ON DELETE RESTRICT
);

CREATE TABLE themes (
    municipality_id uuid NOT NULL,
    id uuid NOT NULL,
    letter_id uuid NOT NULL,
    key text COLLATE "C" NOT NULL,
    heading_key text NOT NULL,
    position bigint NOT NULL,
    title text NOT NULL,
    body text NOT NULL,
    owner_id uuid,
    version bigint NOT NULL,
    changed_by uuid,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (municipality_id, id),
    UNIQUE (municipality_id, letter_id, key),
    FOREIGN KEY (municipality_id, letter_id) REFERENCES strategy_letters (municipality_id, id) ON DELETE CASCADE,
    FOREIGN KEY (municipality_id, owner_id) REFERENCES people (municipality_id, id) ON DELETE RESTRICT
);
CREATE INDEX themes_by_owner_id ON themes (municipality_id, owner_id);

CREATE TABLE templates (
    municipality_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    number bigint NOT NULL,
    based_on_id uuid,
    letter_id uuid,
    state text NOT NULL CHECK (state IN ('draft', 'published')),
    applies_to jsonb NOT NULL,
    sections jsonb NOT NULL,
    routes jsonb NOT NULL,
    signatories jsonb NOT NULL,
    resubmission text NOT NULL CHECK (resubmission IN ('restart', 'continue')),
    published_at timestamptz,
    version bigint NOT NULL,
    changed_by uuid,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, based_on_id) REFERENCES templates (municipality_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (municipality_id, letter_id) REFERENCES strategy_letters (municipality_id, id) ON DELETE RESTRICT
);
CREATE INDEX templates_by_based_on_id ON templates (municipality_id, based_on_id);
CREATE INDEX templates_by_letter_id ON templates (municipality_id, letter_id);

CREATE TABLE cycles (
    municipality_id uuid NOT NULL,
    id uuid NOT NULL,
    year bigint NOT NULL,
    name text NOT NULL,
    letter_id uuid,
    template_ids jsonb NOT NULL,
    period_from date NOT NULL,
    period_to date NOT NULL,
    scope jsonb NOT NULL,
    deadlines jsonb NOT NULL,
    follow_ups jsonb NOT NULL,
    state text NOT NULL CHECK (state IN ('planned', 'open', 'closed')),
    opened_at timestamptz,
    version bigint NOT NULL,
    changed_by uuid,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, letter_id) REFERENCES strategy_letters (municipality_id, id) ON DELETE RESTRICT
);
CREATE INDEX cycles_by_letter_id ON cycles (municipality_id, letter_id);
CREATE INDEX cycles_by_year ON cycles (municipality_id, year);
