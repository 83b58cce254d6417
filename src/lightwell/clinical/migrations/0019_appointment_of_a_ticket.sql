-- Who comes for an appointment has a visit soon: a number in a queue ends with either of them.
ALTER TABLE clinical.ticket ADD COLUMN appointment_id text COLLATE "C" NOT NULL DEFAULT '';
GRANT UPDATE (appointment_id) ON clinical.ticket TO lw_app;

-- What stood for a visit may have been an appointment; who waits is called by it, and who was here today is not again.
UPDATE clinical.ticket AS t SET appointment_id = t.encounter_id, encounter_id = ''
FROM clinical.resource AS r
WHERE r.organisation_id = t.organisation_id AND r.type = 'Appointment' AND r.id = t.encounter_id
    AND t.arrived_at > now() - interval '2 days' AND NOT EXISTS (
        SELECT 1 FROM clinical.ticket AS o  -- one patient waits once in a queue without a visit (ticket_of_visit)
        WHERE o.queue_id = t.queue_id AND o.day = t.day AND o.patient_id = t.patient_id AND o.id <> t.id);
