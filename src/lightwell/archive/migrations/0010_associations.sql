-- The DICOM associations of the last weeks with their outcome: did a machine reach us, and what happened? One row for
-- each that ended; those that came to nothing are one row an hour, with how often. No patient data are in them.
CREATE TABLE archive.association (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation_id integer REFERENCES core.organisation,  -- null: of a caller that belongs to nobody we know
    peer_id integer,                          -- of archive.peer, which may be gone by now; null: a stranger
    is_ours boolean NOT NULL,                 -- we called
    calling_ae text NOT NULL,
    called_ae text NOT NULL,
    address text NOT NULL,                    -- of the other side
    is_tls boolean NOT NULL,
    began_at timestamptz NOT NULL,
    ended_at timestamptz NOT NULL,
    outcome text NOT NULL,
    rejection text,                           -- result/source/reason of PS3.8 table 9-21
    done jsonb NOT NULL DEFAULT '{}',         -- service → [went well, with a warning, failed]
    times integer NOT NULL DEFAULT 1,
    repeat_key text UNIQUE                    -- of those that came to nothing
);
CREATE INDEX association_of_peer ON archive.association (organisation_id, peer_id, ended_at DESC);
CREATE INDEX association_of_stranger ON archive.association (ended_at DESC) WHERE peer_id IS NULL;

-- What belongs to nobody is seen by whoever may see every hospital: in a single hospital its engineer, in a region those
-- who look after all of it.
CREATE FUNCTION archive.sees_every_organisation() RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN cardinality(core.visible_organisations()) > 0 AND NOT EXISTS (
        SELECT FROM core.organisation AS o WHERE o.id <> ALL (core.visible_organisations())
    );

ALTER TABLE archive.association ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON archive.association USING (organisation_id = ANY (core.visible_organisations()));
CREATE POLICY of_nobody ON archive.association
    USING (organisation_id IS NULL AND (SELECT archive.sees_every_organisation()));
GRANT SELECT, INSERT, UPDATE, DELETE ON archive.association TO lw_app;
