-- Organisations, accounts, sessions, grants, events and the audit trail.

CREATE FUNCTION core.visible_organisations() RETURNS integer[]
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN coalesce(nullif(current_setting('lightwell.organisations', true), ''), '{}')::integer[];

CREATE TABLE core.organisation (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code text NOT NULL UNIQUE CHECK (code ~ '^[a-z0-9][a-z0-9-]{0,31}$'),
    name text NOT NULL,
    name_en text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE core.account (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    username text NOT NULL UNIQUE CHECK (username = lower(username)),
    display_name text NOT NULL,
    password_hash text NOT NULL,
    locale text NOT NULL DEFAULT 'zh-CN' CHECK (locale IN ('zh-CN', 'en')),
    is_active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE core.membership (
    account_id bigint NOT NULL REFERENCES core.account,
    organisation_id integer NOT NULL REFERENCES core.organisation,
    role text NOT NULL,
    PRIMARY KEY (account_id, organisation_id, role)
);

CREATE TABLE core.session (
    token_hash bytea PRIMARY KEY,
    account_id bigint NOT NULL REFERENCES core.account,
    created_at timestamptz NOT NULL DEFAULT now(),
    last_seen_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    locked_at timestamptz
);
CREATE INDEX session_expiry ON core.session (expires_at);

CREATE TABLE core.api_token (
    token_hash bytea PRIMARY KEY,
    account_id bigint NOT NULL REFERENCES core.account,
    label text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz
);

CREATE TABLE core.sign_in_attempt (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    attempted_key text NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX sign_in_attempt_key ON core.sign_in_attempt (attempted_key, at);

-- Who else may see a row: visible, revocable, with an end.
CREATE TABLE core.access_grant (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation_id integer NOT NULL REFERENCES core.organisation,
    subject_organisation_id integer NOT NULL REFERENCES core.organisation,
    kind text NOT NULL,
    resource text NOT NULL,
    purpose text NOT NULL,
    reason text NOT NULL DEFAULT '',
    granted_by text NOT NULL,
    granted_at timestamptz NOT NULL DEFAULT now(),
    until timestamptz NOT NULL,
    revoked_at timestamptz
);
CREATE INDEX access_grant_subject ON core.access_grant (subject_organisation_id, kind, resource);
ALTER TABLE core.access_grant ENABLE ROW LEVEL SECURITY;
CREATE POLICY giver_and_taker ON core.access_grant
    USING (organisation_id = ANY (core.visible_organisations())
           OR subject_organisation_id = ANY (core.visible_organisations()))
    WITH CHECK (organisation_id = ANY (core.visible_organisations()));

CREATE TABLE core.event (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation_id integer NOT NULL REFERENCES core.organisation,
    name text NOT NULL,
    payload jsonb NOT NULL,
    occurred_at timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE core.event ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON core.event USING (organisation_id = ANY (core.visible_organisations()));

-- The audit trail. A row is written once and never changed; the chain says so.
CREATE TABLE core.audit (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    organisation_id integer REFERENCES core.organisation,
    actor_kind text NOT NULL,
    actor_name text NOT NULL,
    action text NOT NULL,
    subject text NOT NULL,
    purpose text NOT NULL,
    screen text NOT NULL,
    count integer NOT NULL DEFAULT 1,
    detail jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX audit_subject ON core.audit (organisation_id, subject, id);
CREATE INDEX audit_organisation ON core.audit (organisation_id, id);
ALTER TABLE core.audit ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON core.audit FOR SELECT
    USING (organisation_id = ANY (core.visible_organisations()));
CREATE POLICY written ON core.audit FOR INSERT WITH CHECK (true);

-- Reads of the same subject by the same actor within five minutes are one row; this counts the repeats.
CREATE TABLE core.audit_window (
    organisation_id integer NOT NULL,
    actor text NOT NULL,
    subject text NOT NULL,
    purpose text NOT NULL,
    screen text NOT NULL,
    started_at timestamptz NOT NULL DEFAULT now(),
    reads integer NOT NULL DEFAULT 1,
    PRIMARY KEY (organisation_id, actor, subject, purpose, screen)
);

CREATE TABLE core.audit_chain (
    position bigint PRIMARY KEY,
    audit_id bigint NOT NULL UNIQUE,
    hash bytea NOT NULL,
    sealed_at timestamptz NOT NULL DEFAULT now()
);

GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA core TO lw_app;
REVOKE UPDATE, DELETE ON core.audit, core.event FROM lw_app;
REVOKE ALL ON core.audit_chain FROM lw_app;
GRANT SELECT, INSERT ON core.audit TO lw_region;
GRANT SELECT ON core.organisation TO lw_region;
