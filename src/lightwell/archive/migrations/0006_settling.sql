-- What a person decided of a conflict or of a file in quarantine: who, and why. A file stays, whatever was decided.
ALTER TABLE archive.conflict ADD COLUMN resolved_by text;
ALTER TABLE archive.conflict ADD COLUMN note text NOT NULL DEFAULT '';
ALTER TABLE archive.conflict ADD COLUMN is_open boolean NOT NULL GENERATED ALWAYS AS (resolved_at IS NULL) STORED;
ALTER TABLE archive.quarantine ADD COLUMN resolved_by text;
ALTER TABLE archive.quarantine ADD COLUMN note text NOT NULL DEFAULT '';
ALTER TABLE archive.quarantine ADD COLUMN repair jsonb NOT NULL DEFAULT '{}';
ALTER TABLE archive.quarantine ADD COLUMN is_open boolean NOT NULL GENERATED ALWAYS AS (resolved_at IS NULL) STORED;
CREATE INDEX conflict_newest ON archive.conflict (organisation_id, is_open, id);
CREATE INDEX quarantine_newest ON archive.quarantine (organisation_id, is_open, id);

-- The row of an image that another takes the place of moves to archive.conflict, and a study that this leaves without
-- images is one no longer. These are rows about files; no file is ever removed.
GRANT DELETE ON archive.instance, archive.series, archive.study TO lw_app;
