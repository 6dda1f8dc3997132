CREATE TABLE agreements (
    municipality_id uuid NOT NULL,
    id uuid NOT NULL,
    cycle_id uuid NOT NULL,
    template_id uuid NOT NULL,
    year bigint NOT NULL,
    title text NOT NULL,
    org_units jsonb NOT NULL,
    period_from date NOT NULL,
    period_to date NOT NULL,
    case_number text,
    state text NOT NULL CHECK (state IN ('draft', 'in_review', 'returned', 'approved', 'in_force', 'closed', 'withdrawn', 'superseded')),
    late boolean NOT NULL,
    shared_with_line boolean NOT NULL,
    first_submitted_at timestamptz,
    first_decided_at timestamptz,
    submitted_at timestamptz,
    approved_at timestamptz,
    in_force_at timestamptz,
    version bigint NOT NULL,
    changed_by uuid,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, cycle_id) REFERENCES cycles (municipality_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (municipality_id, template_id) REFERENCES templates (municipality_id, id) ON DELETE RESTRICT
);
CREATE INDEX agreements_by_state_id ON agreements (municipality_id, state, id);
CREATE INDEX agreements_by_cycle_id_state ON agreements (municipality_id, cycle_id, state);
CREATE INDEX agreements_by_template_id ON agreements (municipality_id, template_id);

CREATE TABLE agreement_units (
    municipality_id uuid NOT NULL,
    cycle_id uuid NOT NULL,
    org_unit_id uuid NOT NULL,
    agreement_id uuid NOT NULL,
    PRIMARY KEY (municipality_id, cycle_id, org_unit_id),
    FOREIGN KEY (municipality_id, agreement_id) REFERENCES agreements (municipality_id, id) ON DELETE CASCADE,
    FOREIGN KEY (municipality_id, org_unit_id) REFERENCES org_units (municipality_id, id) ON DELETE RESTRICT
);
CREATE INDEX agreement_units_by_agreement_id ON agreement_units (municipality_id, agreement_id);
CREATE INDEX agreement_units_by_org_unit_id ON agreement_units (municipality_id, org_unit_id);

CREATE TABLE agreement_readers (
    municipality_id uuid NOT NULL,
    agreement_id uuid NOT NULL,
    person_id uuid NOT NULL,
    reason text NOT NULL CHECK (reason IN ('shared', 'route', 'signatory')),
    created_at timestamptz NOT NULL,
    PRIMARY KEY (municipality_id, agreement_id, person_id, reason),
    FOREIGN KEY (municipality_id, agreement_id) REFERENCES agreements (municipality_id, id) ON DELETE CASCADE,
    FOREIGN KEY (municipality_id, person_id) REFERENCES people (municipality_id, id) ON DELETE RESTRICT
);
CREATE INDEX agreement_readers_by_person_id ON agreement_readers (municipality_id, person_id);

CREATE TABLE sections (
    municipality_id uuid NOT NULL,
    agreement_id uuid NOT NULL,
    key text COLLATE "C" NOT NULL,
    id uuid NOT NULL,
    position bigint NOT NULL,
    kind text NOT NULL CHECK (kind IN ('effects', 'cross_cutting', 'initiatives', 'text')),
    demanded boolean NOT NULL,
    theme_id uuid,
    state text NOT NULL CHECK (state IN ('draft', 'submitted', 'approved', 'returned', 'omitted')),
    version bigint NOT NULL,
    revision bigint NOT NULL,
    content jsonb NOT NULL,
    not_applicable text,
    content_sha256 text,
    edited_by jsonb NOT NULL,
    route jsonb NOT NULL,
    last_decision jsonb,
    open_comments bigint NOT NULL,
    must_answer bigint NOT NULL,
    unconfirmed_partners bigint NOT NULL,
    submitted_at timestamptz,
    changed_by uuid,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (municipality_id, agreement_id, key),
    UNIQUE (municipality_id, id),
    FOREIGN KEY (municipality_id, agreement_id) REFERENCES agreements (municipality_id, id) ON DELETE CASCADE,
    FOREIGN KEY (municipality_id, theme_id) REFERENCES themes (municipality_id, id) ON DELETE RESTRICT
);
CREATE INDEX sections_by_theme_id ON sections (municipality_id, theme_id);
CREATE INDEX sections_by_state_agreement_id ON sections (municipality_id, state, agreement_id);

CREATE TABLE section_revisions (
    municipality_id uuid NOT NULL,
    agreement_id uuid NOT NULL,
    section_key text NOT NULL,
    revision bigint NOT NULL,
    snapshot jsonb NOT NULL,
    content_sha256 text NOT NULL,
    edited_by jsonb NOT NULL,
    submitted_by uuid,
    submitted_at timestamptz NOT NULL,
    PRIMARY KEY (municipality_id, agreement_id, section_key, revision),
    FOREIGN KEY (municipality_id, agreement_id, section_key) REFERENCES sections (municipality_id, agreement_id, key) ON DELETE CASCADE
);

CREATE TABLE goals (
    municipality_id uuid NOT NULL,
    id uuid NOT NULL,
    agreement_id uuid NOT NULL,
    section_key text NOT NULL,
    position bigint NOT NULL,
    title text NOT NULL,
    assessment text,
    origin text CHECK (origin IN ('political', 'corporate', 'professional', 'own')),
    theme_id uuid,
    target_group text,
    effect text,
    horizon text,
    inherited_from_id uuid,
    version bigint NOT NULL,
    changed_by uuid,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, agreement_id, section_key) REFERENCES sections (municipality_id, agreement_id, key) ON DELETE CASCADE,
    FOREIGN KEY (municipality_id, theme_id) REFERENCES themes (municipality_id, id) ON DELETE RESTRICT
);
CREATE INDEX goals_by_agreement_id_section_key ON goals (municipality_id, agreement_id, section_key);
CREATE INDEX goals_by_theme_id ON goals (municipality_id, theme_id);

CREATE TABLE indicators (
    municipality_id uuid NOT NULL,
    id uuid NOT NULL,
    goal_id uuid NOT NULL,
    agreement_id uuid NOT NULL,
    position bigint NOT NULL,
    name text NOT NULL,
    unit text NOT NULL,
    direction text NOT NULL CHECK (direction IN ('up', 'down', 'hold')),
    baseline bigint,
    target bigint,
    aggregation text NOT NULL CHECK (aggregation IN ('sum', 'mean', 'latest', 'ratio')),
    version bigint NOT NULL,
    changed_by uuid,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, goal_id) REFERENCES goals (municipality_id, id) ON DELETE CASCADE,
    FOREIGN KEY (municipality_id, agreement_id) REFERENCES agreements (municipality_id, id) ON DELETE CASCADE
);
CREATE INDEX indicators_by_goal_id ON indicators (municipality_id, goal_id);
CREATE INDEX indicators_by_agreement_id ON indicators (municipality_id, agreement_id);

CREATE TABLE commitments (
    municipality_id uuid NOT NULL,
    id uuid NOT NULL,
    cycle_id uuid NOT NULL,
    agreement_id uuid NOT NULL,
    section_key text NOT NULL,
    position bigint NOT NULL,
    title text NOT NULL,
    expected_gain text NOT NULL,
    due_on date,
    state text NOT NULL CHECK (state IN ('proposed', 'confirmed', 'declined', 'withdrawn', 'fulfilled', 'lapsed')),
    version bigint NOT NULL,
    changed_by uuid,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, agreement_id, section_key) REFERENCES sections (municipality_id, agreement_id, key) ON DELETE CASCADE,
    FOREIGN KEY (municipality_id, cycle_id) REFERENCES cycles (municipality_id, id) ON DELETE RESTRICT
);
CREATE INDEX commitments_by_agreement_id_section_key ON commitments (municipality_id, agreement_id, section_key);
CREATE INDEX commitments_by_cycle_id ON commitments (municipality_id, cycle_id);

CREATE TABLE commitment_parties (
    municipality_id uuid NOT NULL,
    commitment_id uuid NOT NULL,
    position bigint NOT NULL,
    org_unit_id uuid,
    external_name text,
    proposer boolean NOT NULL,
    promise text NOT NULL,
    state text NOT NULL CHECK (state IN ('proposed', 'confirmed', 'declined')),
    reason text,
    answered_by uuid,
    answered_at timestamptz,
    PRIMARY KEY (municipality_id, commitment_id, position),
    FOREIGN KEY (municipality_id, commitment_id) REFERENCES commitments (municipality_id, id) ON DELETE CASCADE,
    FOREIGN KEY (municipality_id, org_unit_id) REFERENCES org_units (municipality_id, id) ON DELETE RESTRICT
);
CREATE INDEX commitment_parties_by_org_unit_id ON commitment_parties (municipality_id, org_unit_id);

CREATE TABLE comments (
    municipality_id uuid NOT NULL,
    id uuid NOT NULL,
    agreement_id uuid NOT NULL,
    section_key text NOT NULL,
    reply_to_id uuid,
    pointer text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('question', 'challenge', 'learning', 'decision')),
    must_answer boolean NOT NULL,
    answered boolean NOT NULL,
    resolved boolean NOT NULL,
    body text NOT NULL,
    author_id uuid NOT NULL,
    version bigint NOT NULL,
    changed_by uuid,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, agreement_id, section_key) REFERENCES sections (municipality_id, agreement_id, key) ON DELETE CASCADE,
    FOREIGN KEY (municipality_id, reply_to_id) REFERENCES comments (municipality_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (municipality_id, author_id) REFERENCES people (municipality_id, id) ON DELETE RESTRICT
);
CREATE INDEX comments_by_agreement_id_section_key ON comments (municipality_id, agreement_id, section_key);
CREATE INDEX comments_by_reply_to_id ON comments (municipality_id, reply_to_id);
CREATE INDEX comments_by_author_id ON comments (municipality_id, author_id);

CREATE TABLE decisions (
    municipality_id uuid NOT NULL,
    id uuid NOT NULL,
    agreement_id uuid NOT NULL,
    section_key text NOT NULL,
    revision bigint NOT NULL,
    content_sha256 text NOT NULL,
    step bigint NOT NULL,
    duty text NOT NULL CHECK (duty IN ('review', 'approve')),
    outcome text NOT NULL CHECK (outcome IN ('approved', 'returned', 'reopened')),
    reason text,
    person_id uuid NOT NULL,
    acting_for_id uuid,
    instead_of_id uuid,
    decided_at timestamptz NOT NULL,
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, agreement_id, section_key) REFERENCES sections (municipality_id, agreement_id, key) ON DELETE RESTRICT,
    FOREIGN KEY (municipality_id, person_id) REFERENCES people (municipality_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (municipality_id, acting_for_id) REFERENCES people (municipality_id, id) ON DELETE RESTRICT
);
CREATE INDEX decisions_by_agreement_id_section_key ON decisions (municipality_id, agreement_id, section_key);
CREATE INDEX decisions_by_person_id ON decisions (municipality_id, person_id);
CREATE INDEX decisions_by_acting_for_id ON decisions (municipality_id, acting_for_id);

CREATE TABLE signatures (
    municipality_id uuid NOT NULL,
    id uuid NOT NULL,
    agreement_id uuid NOT NULL,
    signatory text NOT NULL CHECK (signatory IN ('holder', 'superior_leader', 'area_director', 'chief_executive')),
    person_id uuid NOT NULL,
    acting_for_id uuid,
    content_sha256 text NOT NULL,
    on_paper boolean NOT NULL,
    signed_at timestamptz NOT NULL,
    voided_at timestamptz,
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, agreement_id) REFERENCES agreements (municipality_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (municipality_id, person_id) REFERENCES people (municipality_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (municipality_id, acting_for_id) REFERENCES people (municipality_id, id) ON DELETE RESTRICT
);
CREATE INDEX signatures_by_agreement_id ON signatures (municipality_id, agreement_id);
CREATE INDEX signatures_by_person_id ON signatures (municipality_id, person_id);
CREATE INDEX signatures_by_acting_for_id ON signatures (municipality_id, acting_for_id);
