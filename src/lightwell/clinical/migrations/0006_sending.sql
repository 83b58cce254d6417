-- A message that is sent again is told by its bytes, and only for a while: control IDs are counted around, or begin anew.
-- What was kept aside is another message when it can be read: digest is SHA-256 of the bytes and the reason at arrival.
ALTER TABLE clinical.hl7_message ADD COLUMN is_latest boolean NOT NULL DEFAULT true;  -- of those with the same bytes
UPDATE clinical.hl7_message AS m SET is_latest = false
    WHERE EXISTS (SELECT FROM clinical.hl7_message AS later
        WHERE later.source_id = m.source_id AND later.digest = m.digest AND later.id > m.id);
DROP INDEX clinical.hl7_message_named;
DROP INDEX clinical.hl7_message_unnamed;
ALTER TABLE clinical.hl7_message DROP COLUMN is_named;
CREATE UNIQUE INDEX hl7_message_latest ON clinical.hl7_message (source_id, digest) WHERE is_latest;
GRANT UPDATE (is_latest) ON clinical.hl7_message TO lw_app;

-- What a person did about a message that failed: applied a corrected text of it instead, or decided that it needs nothing.
ALTER TABLE clinical.hl7_message DROP CONSTRAINT hl7_message_state_check;
ALTER TABLE clinical.hl7_message ADD CONSTRAINT hl7_message_state_check
    CHECK (state IN ('received', 'done', 'failed', 'quarantined', 'corrected', 'dismissed'));
CREATE INDEX hl7_message_arrived ON clinical.hl7_message (organisation_id, source_id, received_at);

-- A system that is told: where it listens, how it wants to be written to, and of what it is told.
CREATE TABLE clinical.hl7_destination (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation_id integer NOT NULL REFERENCES core.organisation,
    label text NOT NULL,
    host text NOT NULL,
    port integer NOT NULL CHECK (port BETWEEN 1 AND 65535),
    is_tls boolean NOT NULL,
    charset text NOT NULL,                    -- table 0211
    sending_application text NOT NULL,        -- MSH-3 to MSH-6
    sending_facility text NOT NULL,
    receiving_application text NOT NULL,
    receiving_facility text NOT NULL,         -- empty stands for any, where what it told itself is not told back
    kinds text[] NOT NULL,                    -- MSH-9, e.g. ORU^R01
    held_by text NOT NULL DEFAULT '',         -- the node that has the line to it, until that moment
    held_until timestamptz NOT NULL DEFAULT '-infinity',
    UNIQUE (organisation_id, host, port, receiving_application, receiving_facility)
);

-- Every message that goes out, written with the change that it tells of. Its text is made when it is first sent, and is
-- the same whenever it is sent again.
CREATE TABLE clinical.hl7_outgoing (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation_id integer NOT NULL,
    destination_id integer NOT NULL,          -- destinations come and go, messages stay
    kind text COLLATE "C" NOT NULL,
    type text COLLATE "C" NOT NULL,           -- of what it tells: the resource and its version
    resource_id text COLLATE "C" NOT NULL,
    version integer NOT NULL,
    caused_at timestamptz NOT NULL,
    control_id text COLLATE "C" NOT NULL DEFAULT '',
    raw bytea,
    answer bytea,                             -- what was answered last
    edited_from bigint REFERENCES clinical.hl7_outgoing,
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'failed', 'corrected', 'dismissed')),
    reason text NOT NULL DEFAULT '',          -- why it was not taken yet; never holds a patient's data
    tries integer NOT NULL DEFAULT 0,
    due_at timestamptz NOT NULL DEFAULT '-infinity',
    ended_at timestamptz
);
CREATE INDEX hl7_outgoing_waiting ON clinical.hl7_outgoing (destination_id, id) WHERE state = 'waiting';
CREATE INDEX hl7_outgoing_failed ON clinical.hl7_outgoing (organisation_id, id) WHERE state = 'failed';
CREATE INDEX hl7_outgoing_sent ON clinical.hl7_outgoing (organisation_id, destination_id, ended_at) WHERE state = 'sent';

ALTER TABLE clinical.hl7_destination ENABLE ROW LEVEL SECURITY;
ALTER TABLE clinical.hl7_outgoing ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON clinical.hl7_destination
    USING (organisation_id = ANY ((SELECT core.visible_organisations())::integer[]));
CREATE POLICY own ON clinical.hl7_outgoing
    USING (organisation_id = ANY ((SELECT core.visible_organisations())::integer[]));

-- For which hospitals is anything sent? Asked by the house, which then acts for those.
CREATE FUNCTION clinical.hl7_destination_owners() RETURNS SETOF integer
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
    AS 'SELECT DISTINCT d.organisation_id FROM clinical.hl7_destination AS d';
REVOKE ALL ON FUNCTION clinical.hl7_destination_owners() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.hl7_destination_owners() TO lw_app;

GRANT SELECT, INSERT, UPDATE, DELETE ON clinical.hl7_destination TO lw_app;
GRANT SELECT, INSERT ON clinical.hl7_outgoing TO lw_app;
GRANT UPDATE (control_id, raw, answer, state, reason, tries, due_at, ended_at) ON clinical.hl7_outgoing TO lw_app;
GRANT UPDATE ON clinical.hl7_source TO lw_app;
