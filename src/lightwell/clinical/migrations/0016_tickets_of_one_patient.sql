-- A number in a queue goes along when two patients are made one, and back when that is undone.
ALTER TABLE clinical.ticket ADD COLUMN merge_id bigint REFERENCES clinical.merge;
GRANT UPDATE (patient_id, merge_id) ON clinical.ticket TO lw_app;
CREATE INDEX ticket_of_merge ON clinical.ticket (merge_id) WHERE merge_id IS NOT NULL;
