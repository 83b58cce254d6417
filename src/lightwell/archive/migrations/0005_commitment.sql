-- What a machine asked us to be answerable for (PS3.4 annex J), until it has been told; then it may delete its own.
CREATE TABLE archive.commitment (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation_id integer NOT NULL REFERENCES core.organisation,
    transaction_uid text COLLATE "C" NOT NULL,
    calling_ae text NOT NULL,
    called_ae text NOT NULL,
    sop_class_uids text[] NOT NULL,
    sop_instance_uids text[] NOT NULL,        -- in the order of the classes
    asked_at timestamptz NOT NULL DEFAULT now(),
    reported_at timestamptz,
    UNIQUE (organisation_id, calling_ae, transaction_uid)
);
ALTER TABLE archive.commitment ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON archive.commitment USING (organisation_id = ANY (core.visible_organisations()));
GRANT SELECT, INSERT, UPDATE ON archive.commitment TO lw_app;
