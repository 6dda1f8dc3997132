CREATE TABLE agreements (
    municipality_id TEXT NOT NULL,
    id TEXT NOT NULL,
    cycle_id TEXT NOT NULL,
    template_id TEXT NOT NULL,
    year INTEGER NOT NULL,
    title TEXT NOT NULL,
    org_units TEXT NOT NULL,
    period_from TEXT NOT NULL,
    period_to TEXT NOT NULL,
    case_number TEXT,
    state TEXT NOT NULL CHECK (state IN ('draft', 'in_review', 'returned', 'approved', 'in_force', 'closed', 'withdrawn', 'superseded')),
    late INTEGER NOT NULL CHECK (late IN (0, 1)),
    shared_with_line INTEGER NOT NULL CHECK (shared_with_line IN (0, 1)),
    first_submitted_at TEXT,
    first_decided_at TEXT,
    submitted_at TEXT,
    approved_at TEXT,
    in_force_at TEXT,
    version INTEGER NOT NULL,
    changed_by TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, cycle_id) REFERENCES cycles (municipality_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (municipality_id, template_id) REFERENCES templates (municipality_id, id) ON DELETE RESTRICT
) STRICT;
CREATE INDEX agreements_by_state_id ON agreements (municipality_id, state, id);
CREATE INDEX agreements_by_cycle_id_state ON agreements (municipality_id, cycle_id, state);
CREATE INDEX agreements_by_template_id ON agreements (municipality_id, template_id);

CREATE TABLE agreement_units (
    municipality_id TEXT NOT NULL,
    cycle_id TEXT NOT NULL,
    org_unit_id TEXT NOT NULL,
    agreement_id TEXT NOT NULL,
    PRIMARY KEY (municipality_id, cycle_id, org_unit_id),
    FOREIGN KEY (municipality_id, agreement_id) REFERENCES agreements (municipality_id, id) ON DELETE CASCADE,
    FOREIGN KEY (municipality_id, org_unit_id) REFERENCES org_units (municipality_id, id) ON DELETE RESTRICT
) STRICT;
CREATE INDEX agreement_units_by_agreement_id ON agreement_units (municipality_id, agreement_id);
CREATE INDEX agreement_units_by_org_unit_id ON agreement_units (municipality_id, org_unit_id);

CREATE TABLE agreement_readers (
    municipality_id TEXT NOT NULL,
    agreement_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    reason TEXT NOT NULL CHECK (reason IN ('shared', 'route', 'signatory')),
    created_at TEXT NOT NULL,
    PRIMARY KEY (municipality_id, agreement_id, person_id, reason),
    FOREIGN KEY (municipality_id, agreement_id) REFERENCES agreements (municipality_id, id) ON DELETE CASCADE,
    FOREIGN KEY (municipality_id, person_id) REFERENCES people (municipality_id, id) ON DELETE RESTRICT
) STRICT;
CREATE INDEX agreement_readers_by_person_id ON agreement_readers (municipality_id, person_id);

CREATE TABLE sections (
    municipality_id TEXT NOT NULL,
    agreement_id TEXT NOT NULL,
    key TEXT NOT NULL,
    id TEXT NOT NULL,
    position INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('effects', 'cross_cutting', 'initiatives', 'text')),
    demanded INTEGER NOT NULL CHECK (demanded IN (0, 1)),
    theme_id TEXT,
    state TEXT NOT NULL CHECK (state IN ('draft', 'submitted', 'approved', 'returned', 'omitted')),
    version INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    content TEXT NOT NULL,
    not_applicable TEXT,
    content_sha256 TEXT,
    edited_by TEXT NOT NULL,
    route TEXT NOT NULL,
    last_decision TEXT,
    open_comments INTEGER NOT NULL,
    must_answer INTEGER NOT NULL,
    unconfirmed_partners INTEGER NOT NULL,
    submitted_at TEXT,
    changed_by TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    PRIMARY KEY (municipality_id, agreement_id, key),
    UNIQUE (municipality_id, id),
    FOREIGN KEY (municipality_id, agreement_id) REFERENCES agreements (municipality_id, id) ON DELETE CASCADE,
    FOREIGN KEY (municipality_id, theme_id) REFERENCES themes (municipality_id, id) ON DELETE RESTRICT
) STRICT;
CREATE INDEX sections_by_theme_id ON sections (municipality_id, theme_id);
CREATE INDEX sections_by_state_agreement_id ON sections (municipality_id, state, agreement_id);

CREATE TABLE section_revisions (
    municipality_id TEXT NOT NULL,
    agreement_id TEXT NOT NULL,
    section_key TEXT NOT NULL,
    revision INTEGER NOT NULL,
    snapshot TEXT NOT NULL,
    content_sha256 TEXT NOT NULL,
    edited_by TEXT NOT NULL,
    submitted_by TEXT,
    submitted_at TEXT NOT NULL,
    PRIMARY KEY (municipality_id, agreement_id, section_key, revision),
    FOREIGN KEY (municipality_id, agreement_id, section_key) REFERENCES sections (municipality_id, agreement_id, key) ON DELETE CASCADE
) STRICT;

CREATE TABLE goals (
    municipality_id TEXT NOT NULL,
    id TEXT NOT NULL,
    agreement_id TEXT NOT NULL,
    section_key TEXT NOT NULL,
    position INTEGER NOT NULL,
    title TEXT NOT NULL,
    assessment TEXT,
    origin TEXT CHECK (origin IN ('political', 'corporate', 'professional', 'own')),
    theme_id TEXT,
    target_group TEXT,
    effect TEXT,
    horizon TEXT,
    inherited_from_id TEXT,
    version INTEGER NOT NULL,
    changed_by TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, agreement_id, section_key) REFERENCES sections (municipality_id, agreement_id, key) ON DELETE CASCADE,
    FOREIGN KEY (municipality_id, theme_id) REFERENCES themes (municipality_id, id) ON DELETE RESTRICT
) STRICT;
CREATE INDEX goals_by_agreement_id_section_key ON goals (municipality_id, agreement_id, section_key);
CREATE INDEX goals_by_theme_id ON goals (municipality_id, theme_id);

CREATE TABLE indicators (
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
CREATE INDEX indicators_by_goal_id ON indicators (municipality_id, goal_id);
CREATE INDEX indicators_by_agreement_id ON indicators (municipality_id, agreement_id);

CREATE TABLE commitments (
    municipality_id TEXT NOT NULL,
    id TEXT NOT NULL,
    cycle_id TEXT NOT NULL,
    agreement_id TEXT NOT NULL,
    section_key TEXT NOT NULL,
    position INTEGER NOT NULL,
    title TEXT NOT NULL,
    expected_gain TEXT NOT NULL,
    due_on TEXT,
    state TEXT NOT NULL CHECK (state IN ('proposed', 'confirmed', 'declined', 'withdrawn', 'fulfilled', 'lapsed')),
    version INTEGER NOT NULL,
    changed_by TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, agreement_id, section_key) REFERENCES sections (municipality_id, agreement_id, key) ON DELETE CASCADE,
    FOREIGN KEY (municipality_id, cycle_id) REFERENCES cycles (municipality_id, id) ON DELETE RESTRICT
) STRICT;
CREATE INDEX commitments_by_agreement_id_section_key ON commitments (municipality_id, agreement_id, section_key);
CREATE INDEX commitments_by_cycle_id ON commitments (municipality_id, cycle_id);

CREATE TABLE commitment_parties (
    municipality_id TEXT NOT NULL,
    commitment_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    org_unit_id TEXT,
    external_name TEXT,
    proposer INTEGER NOT NULL CHECK (proposer IN (0, 1)),
    promise TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('proposed', 'confirmed', 'declined')),
    reason TEXT,
    answered_by TEXT,
    answered_at TEXT,
    PRIMARY KEY (municipality_id, commitment_id, position),
    FOREIGN KEY (municipality_id, commitment_id) REFERENCES commitments (municipality_id, id) ON DELETE CASCADE,
    FOREIGN KEY (municipality_id, org_unit_id) REFERENCES org_units (municipality_id, id) ON DELETE RESTRICT
) STRICT;
CREATE INDEX commitment_parties_by_org_unit_id ON commitment_parties (municipality_id, org_unit_id);

CREATE TABLE comments (
    municipality_id TEXT NOT NULL,
    id TEXT NOT NULL,
    agreement_id TEXT NOT NULL,
    section_key TEXT NOT NULL,
    reply_to_id TEXT,
    pointer TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('question', 'challenge', 'learning', 'decision')),
    must_answer INTEGER NOT NULL CHECK (must_answer IN (0, 1)),
    answered INTEGER NOT NULL CHECK (answered IN (0, 1)),
    resolved INTEGER NOT NULL CHECK (resolved IN (0, 1)),
    body TEXT NOT NULL,
    author_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    changed_by TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, agreement_id, section_key) REFERENCES sections (municipality_id, agreement_id, key) ON DELETE CASCADE,
    FOREIGN KEY (municipality_id, reply_to_id) REFERENCES comments (municipality_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (municipality_id, author_id) REFERENCES people (municipality_id, id) ON DELETE RESTRICT
) STRICT;
CREATE INDEX comments_by_agreement_id_section_key ON comments (municipality_id, agreement_id, section_key);
CREATE INDEX comments_by_reply_to_id ON comments (municipality_id, reply_to_id);
CREATE INDEX comments_by_author_id ON comments (municipality_id, author_id);

CREATE TABLE decisions (
    municipality_id TEXT NOT NULL,
    id TEXT NOT NULL,
    agreement_id TEXT NOT NULL,
    section_key TEXT NOT NULL,
    revision INTEGER NOT NULL,
    content_sha256 TEXT NOT NULL,
    step INTEGER NOT NULL,
    duty TEXT NOT NULL CHECK (duty IN ('review', 'approve')),
    outcome TEXT NOT NULL CHECK (outcome IN ('approved', 'returned', 'reopened')),
    reason TEXT,
    person_id TEXT NOT NULL,
    acting_for_id TEXT,
    instead_of_id TEXT,
    decided_at TEXT NOT NULL,
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, agreement_id, section_key) REFERENCES sections (municipality_id, agreement_id, key) ON DELETE RESTRICT,
    FOREIGN KEY (municipality_id, person_id) REFERENCES people (municipality_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (municipality_id, acting_for_id) REFERENCES people (municipality_id, id) ON DELETE RESTRICT
) STRICT;
CREATE INDEX decisions_by_agreement_id_section_key ON decisions (municipality_id, agreement_id, section_key);
CREATE INDEX decisions_by_person_id ON decisions (municipality_id, person_id);
CREATE INDEX decisions_by_acting_for_id ON decisions (municipality_id, acting_for_id);

CREATE TABLE signatures (
    municipality_id TEXT NOT NULL,
    id TEXT NOT NULL,
    agreement_id TEXT NOT NULL,
    signatory TEXT NOT NULL CHECK (signatory IN ('holder', 'superior_leader', 'area_director', 'chief_executive')),
    person_id TEXT NOT NULL,
    acting_for_id TEXT,
    content_sha256 TEXT NOT NULL,
    on_paper INTEGER NOT NULL CHECK (on_paper IN (0, 1)),
    signed_at TEXT NOT NULL,
    voided_at TEXT,
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, agreement_id) REFERENCES agreements (municipality_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (municipality_id, person_id) REFERENCES people (municipality_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (municipality_id, acting_for_id) REFERENCES people (municipality_id, id) ON DELETE RESTRICT
) STRICT;
CREATE INDEX signatures_by_agreement_id ON signatures (municipality_id, agreement_id);
CREATE INDEX signatures_by_person_id ON signatures (municipality_id, person_id);
CREATE INDEX signatures_by_acting_for_id ON signatures (municipality_id, acting_for_id);
