-- Searches below no study, and search keys of a newer kind for studies that came before them.
CREATE INDEX series_uid ON archive.series (series_instance_uid);
ALTER TABLE archive.study ADD COLUMN key_version smallint NOT NULL DEFAULT 0;
ALTER TABLE archive.study ALTER COLUMN key_version SET DEFAULT 1;
CREATE INDEX study_rekey ON archive.study (organisation_id, id) WHERE key_version < 1;
