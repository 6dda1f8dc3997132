CREATE TABLE signing_keys (
    kid text NOT NULL,
    algorithm text NOT NULL,
    public_jwk jsonb NOT NULL,
    private_sealed text NOT NULL,
    created_at timestamptz NOT NULL,
    retired_at timestamptz,
    PRIMARY KEY (kid)
);

CREATE TABLE municipalities (
    municipality_id uuid NOT NULL,
    name text NOT NULL,
    cvr text NOT NULL,
    time_zone text NOT NULL,
    languages jsonb NOT NULL,
    business_date date,
    last_resort_id uuid,
    organisation_version bigint NOT NULL,
    version bigint NOT NULL,
    changed_by uuid,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (municipality_id)
);

CREATE TABLE event_counters (
    municipality_id uuid NOT NULL,
    last_sequence bigint NOT NULL,
    last_hash text NOT NULL,
    PRIMARY KEY (municipality_id),
    FOREIGN KEY (municipality_id) REFERENCES municipalities (municipality_id) ON DELETE RESTRICT
);

CREATE TABLE events (
    municipality_id uuid NOT NULL,
    sequence bigint NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL,
    resource text NOT NULL,
    subject_id uuid NOT NULL,
    section_key text,
    agreement_id uuid,
    org_unit_id uuid,
    version bigint,
    changed jsonb NOT NULL,
    detail jsonb NOT NULL,
    person_id uuid,
    client_id uuid,
    on_behalf_of_id uuid,
    request_id text NOT NULL,
    occurred_at timestamptz NOT NULL,
    hash text NOT NULL,
    PRIMARY KEY (municipality_id, sequence),
    FOREIGN KEY (municipality_id) REFERENCES municipalities (municipality_id) ON DELETE RESTRICT
);
CREATE INDEX events_by_agreement_id_sequence ON events (municipality_id, agreement_id, sequence);
CREATE INDEX events_by_subject_id_sequence ON events (municipality_id, subject_id, sequence);
CREATE INDEX events_by_person_id_sequence ON events (municipality_id, person_id, sequence);

CREATE TABLE idempotency_keys (
    municipality_id uuid NOT NULL,
    digest text NOT NULL,
    request_hash text NOT NULL,
    status bigint NOT NULL,
    headers jsonb NOT NULL,
    body text NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (municipality_id, digest),
    FOREIGN KEY (municipality_id) REFERENCES municipalities (municipality_id) ON DELETE RESTRICT
);
CREATE INDEX idempotency_keys_by_created_at ON idempotency_keys (municipality_id, created_at);

CREATE TABLE org_units (
    municipality_id uuid NOT NULL,
    id uuid NOT NULL,
    managed_by text NOT NULL,
    source_changed_at timestamptz,
    external_keys jsonb NOT NULL,
    extensions jsonb NOT NULL,
    holds_agreement boolean NOT NULL,
    version bigint NOT NULL,
    changed_by uuid,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id) REFERENCES municipalities (municipality_id) ON DELETE RESTRICT
);

CREATE TABLE org_unit_validities (
    municipality_id uuid NOT NULL,
    org_unit_id uuid NOT NULL,
    from_on date NOT NULL,
    to_on date,
    parent_id uuid,
    name text NOT NULL,
    folded_name text COLLATE "C" NOT NULL,
    kind text NOT NULL CHECK (kind IN ('directorate', 'centre', 'institution', 'staff', 'other')),
    p_number text,
    PRIMARY KEY (municipality_id, org_unit_id, from_on),
    FOREIGN KEY (municipality_id, org_unit_id) REFERENCES org_units (municipality_id, id) ON DELETE CASCADE,
    FOREIGN KEY (municipality_id, parent_id) REFERENCES org_units (municipality_id, id) ON DELETE RESTRICT
);
CREATE INDEX org_unit_validities_by_parent_id ON org_unit_validities (municipality_id, parent_id);

CREATE TABLE people (
    municipality_id uuid NOT NULL,
    id uuid NOT NULL,
    managed_by text NOT NULL,
    source_changed_at timestamptz,
    name text NOT NULL,
    folded_name text COLLATE "C" NOT NULL,
    email text,
    extensions jsonb NOT NULL,
    version bigint NOT NULL,
    changed_by uuid,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id) REFERENCES municipalities (municipality_id) ON DELETE RESTRICT
);

CREATE TABLE person_identities (
    municipality_id uuid NOT NULL,
    issuer text NOT NULL,
    subject text NOT NULL,
    person_id uuid NOT NULL,
    PRIMARY KEY (municipality_id, issuer, subject),
    FOREIGN KEY (municipality_id, person_id) REFERENCES people (municipality_id, id) ON DELETE CASCADE
);
CREATE INDEX person_identities_by_person_id ON person_identities (municipality_id, person_id);

CREATE TABLE appointments (
    municipality_id uuid NOT NULL,
    id uuid NOT NULL,
    managed_by text NOT NULL,
    source_changed_at timestamptz,
    person_id uuid NOT NULL,
    org_unit_id uuid NOT NULL,
    role text NOT NULL CHECK (role IN ('leader', 'contributor', 'director', 'chief_executive', 'coordinator', 'administrator', 'works_council', 'user_board', 'reader')),
    from_on date NOT NULL,
    to_on date,
    acting boolean NOT NULL,
    standing_deputy_id uuid,
    responsible_for jsonb NOT NULL,
    version bigint NOT NULL,
    changed_by uuid,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, person_id) REFERENCES people (municipality_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (municipality_id, org_unit_id) REFERENCES org_units (municipality_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (municipality_id, standing_deputy_id) REFERENCES people (municipality_id, id) ON DELETE RESTRICT
);
CREATE INDEX appointments_by_person_id ON appointments (municipality_id, person_id);
CREATE INDEX appointments_by_org_unit_id ON appointments (municipality_id, org_unit_id);
CREATE INDEX appointments_by_standing_deputy_id ON appointments (municipality_id, standing_deputy_id);

CREATE TABLE users (
    municipality_id uuid NOT NULL,
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    email text NOT NULL,
    password_hash text NOT NULL,
    disabled boolean NOT NULL,
    version bigint NOT NULL,
    changed_by uuid,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (municipality_id, id),
    UNIQUE (municipality_id, email),
    FOREIGN KEY (municipality_id, person_id) REFERENCES people (municipality_id, id) ON DELETE RESTRICT
);
CREATE INDEX users_by_person_id ON users (municipality_id, person_id);

CREATE TABLE clients (
    municipality_id uuid NOT NULL,
    id uuid NOT NULL,
    client_key text NOT NULL,
    name text NOT NULL,
    source text NOT NULL,
    scopes jsonb NOT NULL,
    disabled boolean NOT NULL,
    version bigint NOT NULL,
    changed_by uuid,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (municipality_id, id),
    UNIQUE (municipality_id, client_key),
    FOREIGN KEY (municipality_id) REFERENCES municipalities (municipality_id) ON DELETE RESTRICT
);

CREATE TABLE client_secrets (
    municipality_id uuid NOT NULL,
    id uuid NOT NULL,
    client_id uuid NOT NULL,
    secret_hash text NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz,
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, client_id) REFERENCES clients (municipality_id, id) ON DELETE CASCADE
);
CREATE INDEX client_secrets_by_client_id ON client_secrets (municipality_id, client_id);

CREATE TABLE sessions (
    municipality_id uuid NOT NULL,
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    ended_at timestamptz,
    generation bigint NOT NULL,
    renewed_at timestamptz NOT NULL,
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, user_id) REFERENCES users (municipality_id, id) ON DELETE CASCADE
);
CREATE INDEX sessions_by_user_id ON sessions (municipality_id, user_id);

CREATE TABLE refresh_tokens (
    municipality_id uuid NOT NULL,
    token_hash text NOT NULL,
    session_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    generation bigint NOT NULL,
    PRIMARY KEY (municipality_id, token_hash),
    FOREIGN KEY (municipality_id, session_id) REFERENCES sessions (municipality_id, id) ON DELETE CASCADE
);
CREATE INDEX refresh_tokens_by_session_id ON refresh_tokens (municipality_id, session_id);
