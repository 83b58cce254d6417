-- What the archive knows of the images it keeps. Every row belongs to one hospital, and uniqueness is per hospital.

-- A machine on the network: (called AE, calling AE, address or certificate) tells whose it is.
CREATE TABLE archive.peer (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation_id integer NOT NULL REFERENCES core.organisation,
    label text NOT NULL,
    called_ae text NOT NULL,
    calling_ae text NOT NULL,                 -- '*' stands for any
    network cidr NOT NULL DEFAULT '0.0.0.0/0',
    certificate_sha256 text NOT NULL DEFAULT '',
    is_trusted boolean NOT NULL DEFAULT true, -- what an untrusted peer sends goes to quarantine
    coercion jsonb NOT NULL DEFAULT '{}',
    UNIQUE (called_ae, calling_ae, network, certificate_sha256)
);

CREATE TABLE archive.study (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation_id integer NOT NULL REFERENCES core.organisation,
    study_instance_uid text COLLATE "C" NOT NULL,
    patient_id text COLLATE "C" NOT NULL,
    issuer_of_patient_id text COLLATE "C" NOT NULL,
    patient_name text NOT NULL,
    patient_birth_date text NOT NULL,
    patient_sex text NOT NULL,
    study_date text COLLATE "C" NOT NULL,
    study_time text COLLATE "C" NOT NULL,
    study_description text NOT NULL,
    study_id text NOT NULL,
    accession_number text COLLATE "C" NOT NULL,
    referring_physician_name text NOT NULL,
    institution_name text NOT NULL,
    is_charset_repaired boolean NOT NULL,
    modalities text[] NOT NULL DEFAULT '{}',
    series_count integer NOT NULL DEFAULT 0,
    instance_count integer NOT NULL DEFAULT 0,
    is_open boolean NOT NULL DEFAULT true,    -- images are still arriving
    first_received_at timestamptz NOT NULL DEFAULT now(),
    last_received_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (organisation_id, study_instance_uid)
);
CREATE INDEX study_newest ON archive.study (organisation_id, study_date DESC, study_time DESC, id DESC);
CREATE INDEX study_uid ON archive.study (study_instance_uid);

-- Search keys: exact values and prefixes through a B-tree, with leakproof operators only.
CREATE TABLE archive.study_key (
    organisation_id integer NOT NULL,
    kind text COLLATE "C" NOT NULL,           -- patient_id, accession_number, patient_name, modality
    key text COLLATE "C" NOT NULL,
    study_id bigint NOT NULL REFERENCES archive.study ON DELETE CASCADE,
    PRIMARY KEY (organisation_id, kind, key, study_id)
);

CREATE TABLE archive.series (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation_id integer NOT NULL,
    study_id bigint NOT NULL REFERENCES archive.study,
    series_instance_uid text COLLATE "C" NOT NULL,
    modality text NOT NULL,
    series_number integer,
    series_description text NOT NULL,
    series_date text NOT NULL,
    series_time text NOT NULL,
    body_part_examined text NOT NULL,
    protocol_name text NOT NULL,
    station_name text NOT NULL,
    manufacturer text NOT NULL,
    instance_count integer NOT NULL DEFAULT 0,
    UNIQUE (study_id, series_instance_uid)
);

CREATE TABLE archive.instance (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation_id integer NOT NULL,
    series_id bigint NOT NULL REFERENCES archive.series,
    sop_instance_uid text COLLATE "C" NOT NULL,
    sop_class_uid text NOT NULL,
    transfer_syntax_uid text NOT NULL,
    instance_number integer,
    number_of_frames integer NOT NULL,
    blob text COLLATE "C" NOT NULL,
    length bigint NOT NULL,
    data_set_offset integer NOT NULL,
    digest bytea NOT NULL,
    frame_table bytea,
    source text NOT NULL,
    received_at timestamptz NOT NULL,
    UNIQUE (organisation_id, sop_instance_uid)
);
CREATE INDEX instance_series ON archive.instance (series_id, instance_number, id);
CREATE UNIQUE INDEX instance_blob ON archive.instance (organisation_id, blob);

-- The same SOP Instance UID came again with other content: both are kept, a person decides.
CREATE TABLE archive.conflict (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation_id integer NOT NULL REFERENCES core.organisation,
    sop_instance_uid text COLLATE "C" NOT NULL,
    blob text COLLATE "C" NOT NULL,
    length bigint NOT NULL,
    digest bytea NOT NULL,
    source text NOT NULL,
    received_at timestamptz NOT NULL,
    resolved_at timestamptz,
    resolution text,
    UNIQUE (organisation_id, blob)
);

CREATE TABLE archive.quarantine (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation_id integer NOT NULL REFERENCES core.organisation,
    blob text COLLATE "C" NOT NULL,
    reason text NOT NULL,
    length bigint NOT NULL,
    source text NOT NULL,
    received_at timestamptz NOT NULL,
    resolved_at timestamptz,
    resolution text,
    UNIQUE (organisation_id, blob)
);

-- All files in buckets below this one are indexed; what lies in it and above is looked through at start.
CREATE TABLE archive.checkpoint (
    organisation_id integer NOT NULL REFERENCES core.organisation,
    node text NOT NULL,
    bucket bigint NOT NULL,
    PRIMARY KEY (organisation_id, node)
);

-- Row-level security: one's own rows, and studies that another hospital granted.
CREATE FUNCTION archive.is_granted(owner integer, uid text) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN EXISTS (
        SELECT FROM core.access_grant AS g
        WHERE g.kind = 'study' AND g.resource = uid AND g.organisation_id = owner
          AND g.subject_organisation_id = ANY (core.visible_organisations())
          AND g.revoked_at IS NULL AND g.until > now()
    );

ALTER TABLE archive.peer ENABLE ROW LEVEL SECURITY;
ALTER TABLE archive.study ENABLE ROW LEVEL SECURITY;
ALTER TABLE archive.study_key ENABLE ROW LEVEL SECURITY;
ALTER TABLE archive.series ENABLE ROW LEVEL SECURITY;
ALTER TABLE archive.instance ENABLE ROW LEVEL SECURITY;
ALTER TABLE archive.conflict ENABLE ROW LEVEL SECURITY;
ALTER TABLE archive.quarantine ENABLE ROW LEVEL SECURITY;
ALTER TABLE archive.checkpoint ENABLE ROW LEVEL SECURITY;

CREATE POLICY own ON archive.peer USING (organisation_id = ANY (core.visible_organisations()));
CREATE POLICY own ON archive.study USING (organisation_id = ANY (core.visible_organisations()));
CREATE POLICY own ON archive.study_key USING (organisation_id = ANY (core.visible_organisations()));
CREATE POLICY own ON archive.series USING (organisation_id = ANY (core.visible_organisations()));
CREATE POLICY own ON archive.instance USING (organisation_id = ANY (core.visible_organisations()));
CREATE POLICY own ON archive.conflict USING (organisation_id = ANY (core.visible_organisations()));
CREATE POLICY own ON archive.quarantine USING (organisation_id = ANY (core.visible_organisations()));
CREATE POLICY own ON archive.checkpoint USING (organisation_id = ANY (core.visible_organisations()));

CREATE POLICY granted ON archive.study FOR SELECT
    USING (archive.is_granted(organisation_id, study_instance_uid));
CREATE POLICY granted ON archive.series FOR SELECT
    USING (EXISTS (SELECT FROM archive.study AS s WHERE s.id = series.study_id));
CREATE POLICY granted ON archive.instance FOR SELECT
    USING (EXISTS (SELECT FROM archive.series AS s WHERE s.id = instance.series_id));

-- Which hospital does a caller speak for? Asked before anybody is known, so it must see every row; it returns only
-- what the network layer needs.
CREATE FUNCTION archive.all_peers()
    RETURNS TABLE (id integer, organisation_id integer, label text, called_ae text, calling_ae text, network text,
                   certificate_sha256 text, is_trusted boolean, coercion jsonb)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
    AS 'SELECT p.id, p.organisation_id, p.label, p.called_ae, p.calling_ae, p.network::text, p.certificate_sha256,
               p.is_trusted, p.coercion
        FROM archive.peer AS p';
REVOKE ALL ON FUNCTION archive.all_peers() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION archive.all_peers() TO lw_app;

GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA archive TO lw_app;
GRANT DELETE ON archive.peer TO lw_app;
GRANT SELECT ON archive.study TO lw_region;
CREATE POLICY region ON archive.study FOR SELECT TO lw_region USING (true);
