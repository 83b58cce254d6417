-- The medical record as FHIR resources: what is, what was, and by what it is found. Every row belongs to one hospital.

CREATE SEQUENCE clinical.rid;
CREATE TABLE clinical.resource (
    rid bigint PRIMARY KEY DEFAULT nextval('clinical.rid'),
    organisation_id integer NOT NULL REFERENCES core.organisation,
    type text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    id_key bigint NOT NULL,                   -- 64 bits of the ID, as references to it hold them
    version integer NOT NULL,
    last_updated timestamptz NOT NULL,
    is_deleted boolean NOT NULL,
    patient_id text COLLATE "C" NOT NULL,     -- whose record it is part of; '' is nobody's
    body bytea NOT NULL,                      -- as it is served
    UNIQUE (organisation_id, type, id)
);
CREATE INDEX resource_id_key ON clinical.resource (organisation_id, type, id_key);
CREATE INDEX resource_newest ON clinical.resource (organisation_id, type, last_updated, rid);
CREATE INDEX resource_by_type ON clinical.resource (organisation_id, type, rid) WHERE NOT is_deleted;

-- What a resource was before it is what it is: written once, never changed.
CREATE TABLE clinical.version (
    rid bigint NOT NULL,
    version integer NOT NULL,
    organisation_id integer NOT NULL,
    type text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    last_updated timestamptz NOT NULL,
    is_deleted boolean NOT NULL,
    patient_id text COLLATE "C" NOT NULL,
    body bytea NOT NULL,
    PRIMARY KEY (rid, version)
);
CREATE INDEX version_newest ON clinical.version (organisation_id, type, last_updated, rid, version);

-- Search keys, in B-trees and with leakproof operators only, so that row-level security leaves them their index.
-- parameter: crc32 of "Observation.code"; value, system, code, unit, exact: 64 bits of a text (see keys.py), 0 is none;
-- beside: in a composite, 64 bits of what stands before the value. They refer to resources without a foreign key: they
-- are written and removed with them, by the same statements.
CREATE TABLE clinical.token (
    organisation_id integer NOT NULL,
    parameter integer NOT NULL,
    value bigint NOT NULL,
    system bigint NOT NULL,                   -- of a reference, the type
    rid bigint NOT NULL,
    PRIMARY KEY (organisation_id, parameter, value, system, rid)
);
CREATE INDEX token_rid ON clinical.token (rid, parameter);
-- A value belongs to one parameter or two, and says its system: the planner is told, or it expects far too few rows.
ALTER TABLE clinical.token ALTER value SET STATISTICS 1000;
CREATE STATISTICS clinical.token_together (dependencies) ON parameter, value, system FROM clinical.token;

CREATE TABLE clinical.text (
    organisation_id integer NOT NULL,
    parameter integer NOT NULL,
    beside bigint NOT NULL,
    value text COLLATE "C" NOT NULL,          -- from one of its words on, without capitals and accents
    exact bigint NOT NULL,                    -- the whole as it was written
    rid bigint NOT NULL,
    PRIMARY KEY (organisation_id, parameter, beside, value, rid, exact)
);
CREATE INDEX text_rid ON clinical.text (rid, parameter);

CREATE TABLE clinical.span (
    organisation_id integer NOT NULL,
    parameter integer NOT NULL,
    beside bigint NOT NULL,
    low timestamptz NOT NULL,
    high timestamptz NOT NULL,                -- the first moment after it
    rid bigint NOT NULL,
    PRIMARY KEY (organisation_id, parameter, beside, low, high, rid)
);
CREATE INDEX span_high ON clinical.span (organisation_id, parameter, beside, high, rid);
CREATE INDEX span_rid ON clinical.span (rid, parameter);

CREATE TABLE clinical.number (
    organisation_id integer NOT NULL,
    parameter integer NOT NULL,
    beside bigint NOT NULL,
    low numeric NOT NULL,
    high numeric NOT NULL,
    system bigint NOT NULL,
    code bigint NOT NULL,
    unit bigint NOT NULL,
    rid bigint NOT NULL,
    PRIMARY KEY (organisation_id, parameter, beside, low, high, rid, system, code, unit)
);
CREATE INDEX number_high ON clinical.number (organisation_id, parameter, beside, high, rid);
CREATE INDEX number_rid ON clinical.number (rid, parameter);

-- What the actor may see is asked once for each statement, not for each row: hence the subquery.
ALTER TABLE clinical.resource ENABLE ROW LEVEL SECURITY;
ALTER TABLE clinical.version ENABLE ROW LEVEL SECURITY;
ALTER TABLE clinical.token ENABLE ROW LEVEL SECURITY;
ALTER TABLE clinical.text ENABLE ROW LEVEL SECURITY;
ALTER TABLE clinical.span ENABLE ROW LEVEL SECURITY;
ALTER TABLE clinical.number ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON clinical.resource USING (organisation_id = ANY ((SELECT core.visible_organisations())::integer[]));
CREATE POLICY own ON clinical.version USING (organisation_id = ANY ((SELECT core.visible_organisations())::integer[]));
CREATE POLICY own ON clinical.token USING (organisation_id = ANY ((SELECT core.visible_organisations())::integer[]));
CREATE POLICY own ON clinical.text USING (organisation_id = ANY ((SELECT core.visible_organisations())::integer[]));
CREATE POLICY own ON clinical.span USING (organisation_id = ANY ((SELECT core.visible_organisations())::integer[]));
CREATE POLICY own ON clinical.number USING (organisation_id = ANY ((SELECT core.visible_organisations())::integer[]));

GRANT USAGE ON SEQUENCE clinical.rid TO lw_app;
GRANT SELECT, INSERT, UPDATE ON clinical.resource TO lw_app;
GRANT SELECT, INSERT ON clinical.version TO lw_app;
GRANT SELECT, INSERT, DELETE ON clinical.token, clinical.text, clinical.span, clinical.number TO lw_app;
