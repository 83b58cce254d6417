-- Patients that came as resources have their numbers in the index too; who had a number first keeps it.
INSERT INTO clinical.patient_identifier (organisation_id, issuer, value, patient_rid)
SELECT r.organisation_id, i.number ->> 'system', i.number ->> 'value', r.rid
FROM clinical.resource AS r,
    -- jsonb holds no character 0, resources might
    jsonb_array_elements(CASE WHEN strpos(convert_from(r.body, 'UTF8'), '\u0000') = 0
        THEN convert_from(r.body, 'UTF8')::jsonb -> 'identifier' END) AS i (number)
WHERE r.type = 'Patient' AND NOT r.is_deleted
    AND length(i.number ->> 'system') BETWEEN 1 AND 240 AND length(i.number ->> 'value') BETWEEN 1 AND 240
ORDER BY r.rid
ON CONFLICT DO NOTHING;
