-- By what a newborn is told from others has changed: everybody is compared once more.
INSERT INTO clinical.uncompared (organisation_id, patient_rid)
SELECT organisation_id, rid FROM clinical.resource WHERE type = 'Patient' AND NOT is_deleted ORDER BY rid;
