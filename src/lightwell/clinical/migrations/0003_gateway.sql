-- HL7 v2: who sends, every message as it came, and what became of it. Every row belongs to one hospital.

-- A sending system: (application, facility, address or certificate) tells whose messages they are.
CREATE TABLE clinical.hl7_source (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation_id integer NOT NULL REFERENCES core.organisation,
    label text NOT NULL,
    sending_application text NOT NULL,        -- MSH-3.1; '*' stands for any
    sending_facility text NOT NULL,           -- MSH-4.1; '*' stands for any
    network cidr NOT NULL DEFAULT '0.0.0.0/0',
    certificate_sha256 text NOT NULL DEFAULT '',
    issuer text NOT NULL,                     -- of patients' numbers that do not say who gave them
    charset text NOT NULL,                    -- table 0211, of messages that do not say
    utc_offset text NOT NULL,                 -- of times that do not say their zone
    is_enhanced boolean NOT NULL,             -- whether messages with neither MSH-15 nor MSH-16 are answered by CA
    UNIQUE (sending_application, sending_facility, network, certificate_sha256)
);

-- Every message as it came: its bytes are written once. The numbers grow in the order of arrival.
CREATE SEQUENCE clinical.hl7_number;
CREATE TABLE clinical.hl7_message (
    id bigint PRIMARY KEY,
    organisation_id integer NOT NULL REFERENCES core.organisation,
    source_id integer NOT NULL,               -- sources come and go, messages stay
    received_at timestamptz NOT NULL,
    raw bytea NOT NULL,
    digest bytea NOT NULL,                    -- SHA-256 of the bytes
    control_id text COLLATE "C" NOT NULL,     -- MSH-10
    kind text COLLATE "C" NOT NULL,           -- MSH-9, e.g. ADT^A01
    is_named boolean NOT NULL,                -- whether its control ID is taken by it
    keys bigint[] NOT NULL,                   -- 64 bits of each number of a patient: in their order it is applied
    answers bytea[] NOT NULL,                 -- what was answered, and is again if it is sent again
    resent integer NOT NULL DEFAULT 0,
    edited_from bigint REFERENCES clinical.hl7_message,
    state text NOT NULL CHECK (state IN ('received', 'done', 'failed', 'quarantined')),
    reason text NOT NULL DEFAULT '',          -- why it failed; never holds a patient's data
    tries integer NOT NULL DEFAULT 0,
    due_at timestamptz NOT NULL DEFAULT '-infinity',
    ended_at timestamptz
);
CREATE UNIQUE INDEX hl7_message_named ON clinical.hl7_message (source_id, control_id) WHERE is_named;
CREATE UNIQUE INDEX hl7_message_unnamed ON clinical.hl7_message (source_id, digest) WHERE NOT is_named;
CREATE INDEX hl7_message_received ON clinical.hl7_message (organisation_id, id) WHERE state = 'received';
CREATE INDEX hl7_message_troubled ON clinical.hl7_message (organisation_id, id) WHERE state IN ('failed', 'quarantined');

-- Which patients a message is about that waits to be applied: nobody overtakes an earlier one of the same patient.
CREATE TABLE clinical.hl7_waiting (
    organisation_id integer NOT NULL,
    key bigint NOT NULL,
    message_id bigint NOT NULL,
    PRIMARY KEY (organisation_id, key, message_id)
);
CREATE INDEX hl7_waiting_message ON clinical.hl7_waiting (message_id);

ALTER TABLE clinical.hl7_source ENABLE ROW LEVEL SECURITY;
ALTER TABLE clinical.hl7_message ENABLE ROW LEVEL SECURITY;
ALTER TABLE clinical.hl7_waiting ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON clinical.hl7_source USING (organisation_id = ANY ((SELECT core.visible_organisations())::integer[]));
CREATE POLICY own ON clinical.hl7_message USING (organisation_id = ANY ((SELECT core.visible_organisations())::integer[]));
CREATE POLICY own ON clinical.hl7_waiting USING (organisation_id = ANY ((SELECT core.visible_organisations())::integer[]));

-- Which hospital does a caller speak for? Asked before anybody is known, so it must see every row.
CREATE FUNCTION clinical.all_hl7_sources()
    RETURNS TABLE (id integer, organisation_id integer, label text, sending_application text, sending_facility text,
                   network text, certificate_sha256 text, issuer text, charset text, utc_offset text,
                   is_enhanced boolean)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
    AS 'SELECT s.id, s.organisation_id, s.label, s.sending_application, s.sending_facility, s.network::text,
               s.certificate_sha256, s.issuer, s.charset, s.utc_offset, s.is_enhanced
        FROM clinical.hl7_source AS s';
REVOKE ALL ON FUNCTION clinical.all_hl7_sources() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.all_hl7_sources() TO lw_app;

GRANT USAGE ON SEQUENCE clinical.hl7_number TO lw_app;
GRANT SELECT, INSERT, DELETE ON clinical.hl7_source, clinical.hl7_waiting TO lw_app;
GRANT SELECT, INSERT ON clinical.hl7_message TO lw_app;
GRANT UPDATE (resent, state, reason, tries, due_at, ended_at) ON clinical.hl7_message TO lw_app;
