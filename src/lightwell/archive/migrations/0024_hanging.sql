-- Hanging protocols: how a study is laid out. Those of a hospital are its own; those of a person are asked for by
-- nobody else. Neither holds anything of a patient.
CREATE TABLE archive.hanging_protocol (
    organisation_id integer NOT NULL REFERENCES core.organisation,
    id text NOT NULL,
    protocol jsonb NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organisation_id, id)
);
ALTER TABLE archive.hanging_protocol ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON archive.hanging_protocol USING (organisation_id = ANY (core.visible_organisations()));
GRANT SELECT, INSERT, UPDATE, DELETE ON archive.hanging_protocol TO lw_app;

CREATE TABLE archive.own_hanging_protocol (
    account_id bigint NOT NULL REFERENCES core.account ON DELETE CASCADE,
    id text NOT NULL,
    protocol jsonb NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (account_id, id)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON archive.own_hanging_protocol TO lw_app;
