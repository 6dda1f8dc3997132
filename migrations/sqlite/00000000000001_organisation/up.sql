CREATE TABLE signing_keys (
    kid TEXT NOT NULL,
    algorithm TEXT NOT NULL,
    public_jwk TEXT NOT NULL,
    private_sealed TEXT NOT NULL,
    created_at TEXT NOT NULL,
    retired_at TEXT,
    PRIMARY KEY (kid)
) STRICT;

CREATE TABLE municipalities (
    municipality_id TEXT NOT NULL,
    name TEXT NOT NULL,
    cvr TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    languages TEXT NOT NULL,
    business_date TEXT,
    last_resort_id TEXT,
    organisation_version INTEGER NOT NULL,
    version INTEGER NOT NULL,
    changed_by TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    PRIMARY KEY (municipality_id)
) STRICT;

CREATE TABLE event_counters (
    municipality_id TEXT NOT NULL,
    last_sequence INTEGER NOT NULL,
    last_hash TEXT NOT NULL,
    PRIMARY KEY (municipality_id),
    FOREIGN KEY (municipality_id) REFERENCES municipalities (municipality_id) ON DELETE RESTRICT
) STRICT;

CREATE TABLE events (
    municipality_id TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    resource TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    section_key TEXT,
    agreement_id TEXT,
    org_unit_id TEXT,
    version INTEGER,
    changed TEXT NOT NULL,
    detail TEXT NOT NULL,
    person_id TEXT,
    client_id TEXT,
    on_behalf_of_id TEXT,
    request_id TEXT NOT NULL,
    occurred_at TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (municipality_id, sequence),
    FOREIGN KEY (municipality_id) REFERENCES municipalities (municipality_id) ON DELETE RESTRICT
) STRICT;
CREATE INDEX events_by_agreement_id_sequence ON events (municipality_id, agreement_id, sequence);
CREATE INDEX events_by_subject_id_sequence ON events (municipality_id, subject_id, sequence);
CREATE INDEX events_by_person_id_sequence ON events (municipality_id, person_id, sequence);

CREATE TABLE idempotency_keys (
    municipality_id TEXT NOT NULL,
    digest TEXT NOT NULL,
    request_hash TEXT NOT NULL,
    status INTEGER NOT NULL,
    headers TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at TEXT NOT NULL,
    PRIMARY KEY (municipality_id, digest),
    FOREIGN KEY (municipality_id) REFERENCES municipalities (municipality_id) ON DELETE RESTRICT
) STRICT;
CREATE INDEX idempotency_keys_by_created_at ON idempotency_keys (municipality_id, created_at);

CREATE TABLE org_units (
    municipality_id TEXT NOT NULL,
    id TEXT NOT NULL,
    managed_by TEXT NOT NULL,
    source_changed_at TEXT,
    external_keys TEXT NOT NULL,
    extensions TEXT NOT NULL,
    holds_agreement INTEGER NOT NULL CHECK (holds_agreement IN (0, 1)),
    version INTEGER NOT NULL,
    changed_by TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id) REFERENCES municipalities (municipality_id) ON DELETE RESTRICT
) STRICT;

CREATE TABLE org_unit_validities (
    municipality_id TEXT NOT NULL,
    org_unit_id TEXT NOT NULL,
    from_on TEXT NOT NULL,
    to_on TEXT,
    parent_id TEXT,
    name TEXT NOT NULL,
    folded_name TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('directorate', 'centre', 'institution', 'staff', 'other')),
    p_number TEXT,
    PRIMARY KEY (municipality_id, org_unit_id, from_on),
    FOREIGN KEY (municipality_id, org_unit_id) REFERENCES org_units (municipality_id, id) ON DELETE CASCADE,
    FOREIGN KEY (municipality_id, parent_id) REFERENCES org_units (municipality_id, id) ON DELETE RESTRICT
) STRICT;
CREATE INDEX org_unit_validities_by_parent_id ON org_unit_validities (municipality_id, parent_id);

CREATE TABLE people (
    municipality_id TEXT NOT NULL,
    id TEXT NOT NULL,
    managed_by TEXT NOT NULL,
    source_changed_at TEXT,
    name TEXT NOT NULL,
    folded_name TEXT NOT NULL,
    email TEXT,
    extensions TEXT NOT NULL,
    version INTEGER NOT NULL,
    changed_by TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id) REFERENCES municipalities (municipality_id) ON DELETE RESTRICT
) STRICT;

CREATE TABLE person_identities (
    municipality_id TEXT NOT NULL,
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    person_id TEXT NOT NULL,
    PRIMARY KEY (municipality_id, issuer, subject),
    FOREIGN KEY (municipality_id, person_id) REFERENCES people (municipality_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX person_identities_by_person_id ON person_identities (municipality_id, person_id);

CREATE TABLE appointments (
    municipality_id TEXT NOT NULL,
    id TEXT NOT NULL,
    managed_by TEXT NOT NULL,
    source_changed_at TEXT,
    person_id TEXT NOT NULL,
    org_unit_id TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('leader', 'contributor', 'director', 'chief_executive', 'coordinator', 'administrator', 'works_council', 'user_board', 'reader')),
    from_on TEXT NOT NULL,
    to_on TEXT,
    acting INTEGER NOT NULL CHECK (acting IN (0, 1)),
    standing_deputy_id TEXT,
    responsible_for TEXT NOT NULL,
    version INTEGER NOT NULL,
    changed_by TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, person_id) REFERENCES people (municipality_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (municipality_id, org_unit_id) REFERENCES org_units (municipality_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (municipality_id, standing_deputy_id) REFERENCES people (municipality_id, id) ON DELETE RESTRICT
) STRICT;
CREATE INDEX appointments_by_person_id ON appointments (municipality_id, person_id);
CREATE INDEX appointments_by_org_unit_id ON appointments (municipality_id, org_unit_id);
CREATE INDEX appointments_by_standing_deputy_id ON appointments (municipality_id, standing_deputy_id);

CREATE TABLE users (
    municipality_id TEXT NOT NULL,
    id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    email TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    disabled INTEGER NOT NULL CHECK (disabled IN (0, 1)),
    version INTEGER NOT NULL,
    changed_by TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    PRIMARY KEY (municipality_id, id),
    UNIQUE (municipality_id, email),
    FOREIGN KEY (municipality_id, person_id) REFERENCES people (municipality_id, id) ON DELETE RESTRICT
) STRICT;
CREATE INDEX users_by_person_id ON users (municipality_id, person_id);

CREATE TABLE clients (
    municipality_id TEXT NOT NULL,
    id TEXT NOT NULL,
    client_key TEXT NOT NULL,
    name TEXT NOT NULL,
    source TEXT NOT NULL,
    scopes TEXT NOT NULL,
    disabled INTEGER NOT NULL CHECK (disabled IN (0, 1)),
    version INTEGER NOT NULL,
    changed_by TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    PRIMARY KEY (municipality_id, id),
    UNIQUE (municipality_id, client_key),
    FOREIGN KEY (municipality_id) REFERENCES municipalities (municipality_id) ON DELETE RESTRICT
) STRICT;

CREATE TABLE client_secrets (
    municipality_id TEXT NOT NULL,
    id TEXT NOT NULL,
    client_id TEXT NOT NULL,
    secret_hash TEXT NOT NULL,
    created_at TEXT NOT NULL,
    expires_at TEXT,
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, client_id) REFERENCES clients (municipality_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX client_secrets_by_client_id ON client_secrets (municipality_id, client_id);

CREATE TABLE sessions (
    municipality_id TEXT NOT NULL,
    id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    ended_at TEXT,
    generation INTEGER NOT NULL,
    renewed_at TEXT NOT NULL,
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, user_id) REFERENCES users (municipality_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX sessions_by_user_id ON sessions (municipality_id, user_id);

CREATE TABLE refresh_tokens (
    municipality_id TEXT NOT NULL,
    token_hash TEXT NOT NULL,
    session_id TEXT NOT NULL,
    created_at TEXT NOT NULL,
    generation INTEGER NOT NULL,
    PRIMARY KEY (municipality_id, token_hash),
    FOREIGN KEY (municipality_id, session_id) REFERENCES sessions (municipality_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX refresh_tokens_by_session_id ON refresh_tokens (municipality_id, session_id);
