-- Who is whom: two records of one patient that were made one, and what moved with that, so that it can be undone.
CREATE TABLE clinical.merge (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation_id integer NOT NULL REFERENCES core.organisation,
    survivor_id text COLLATE "C" NOT NULL,
    retired_id text COLLATE "C" NOT NULL,
    was_active boolean,                       -- of the record that was given up, as it said itself
    moved jsonb NOT NULL,                     -- [type, id, paths of references] of each resource
    merged_by text NOT NULL,
    merged_at timestamptz NOT NULL,
    undone_by text,
    undone_at timestamptz
);
CREATE UNIQUE INDEX merge_retired ON clinical.merge (organisation_id, retired_id) WHERE undone_at IS NULL;
CREATE INDEX merge_survivor ON clinical.merge (organisation_id, survivor_id);
ALTER TABLE clinical.merge ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON clinical.merge USING (organisation_id = ANY ((SELECT core.visible_organisations())::integer[]));
GRANT SELECT, INSERT, UPDATE ON clinical.merge TO lw_app;
