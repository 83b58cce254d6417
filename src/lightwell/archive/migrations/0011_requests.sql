-- What a series was made for, and when its making began. Series from before are filled by `lightwell archive reindex`.
ALTER TABLE archive.series ADD COLUMN performed_procedure_step_start_date text NOT NULL DEFAULT '';
ALTER TABLE archive.series ADD COLUMN performed_procedure_step_start_time text NOT NULL DEFAULT '';
ALTER TABLE archive.series ADD COLUMN scheduled_procedure_step_ids text NOT NULL DEFAULT ''; -- an item each, parted by \
ALTER TABLE archive.series ADD COLUMN requested_procedure_ids text NOT NULL DEFAULT '';
ALTER TABLE archive.series ADD COLUMN attribute_version smallint NOT NULL DEFAULT 0;
ALTER TABLE archive.series ALTER COLUMN attribute_version SET DEFAULT 1;
CREATE INDEX series_outdated ON archive.series (organisation_id, id) WHERE attribute_version < 1;
