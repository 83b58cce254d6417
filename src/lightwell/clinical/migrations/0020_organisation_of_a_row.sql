-- What is written most does not look for its hospital each time: row-level security lets nobody write for another, or for
-- one that is not there (docs/adr/0041).
ALTER TABLE clinical.resource DROP CONSTRAINT resource_organisation_id_fkey;
ALTER TABLE clinical.patient_identifier DROP CONSTRAINT patient_identifier_organisation_id_fkey;
