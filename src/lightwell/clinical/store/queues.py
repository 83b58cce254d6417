"""The SQL of queues: who waits, who is called, and where."""

from typing import Final

QUEUES: Final = """
SELECT q.id, q.organisation_id, q.name, q.prefix, q.code,
    (SELECT count(*) FROM clinical.ticket AS t
        WHERE t.organisation_id = q.organisation_id AND t.queue_id = q.id AND t.state = 'waiting'
            AND t.arrived_at > %(since)s)
FROM clinical.queue AS q ORDER BY q.name
"""
ADD_QUEUE: Final = """
INSERT INTO clinical.queue (organisation_id, name, prefix, code)
VALUES (%(organisation_id)s, %(name)s, %(prefix)s, %(code)s) ON CONFLICT DO NOTHING RETURNING id
"""
REMOVE_QUEUE: Final = "DELETE FROM clinical.queue WHERE id = %(id)s RETURNING organisation_id"
QUEUE_OF_CODE: Final = """
SELECT id FROM clinical.queue
WHERE organisation_id = %(organisation_id)s AND code <> '' AND code = ANY (%(codes)s) ORDER BY id LIMIT 1
"""
# Whoever changes a queue holds this, so that no number is given twice and nobody is called by two rooms.
HOLD_QUEUE: Final = "SELECT organisation_id FROM clinical.queue WHERE id = %(id)s FOR UPDATE"

OPEN: Final = """
SELECT t.id, t.organisation_id, t.queue_id, t.number, t.patient_id, t.encounter_id, t.state, t.room, t.calls,
    t.arrived_at, t.called_at
FROM clinical.ticket AS t
WHERE t.queue_id = %(queue_id)s AND t.arrived_at > %(since)s AND t.state IN ('waiting', 'called', 'passed')
ORDER BY t.place, t.id
"""
# The number that a patient has: one that still stands, or one by which the same visit or appointment was done today.
HELD: Final = """
SELECT t.id, t.state <> 'done' FROM clinical.ticket AS t
WHERE t.queue_id = %(queue_id)s AND t.patient_id = %(patient_id)s AND (
    (t.state IN ('waiting', 'called', 'passed') AND t.arrived_at > %(since)s)
    OR (t.state = 'done' AND t.day = %(day)s AND (
        (t.encounter_id = %(encounter_id)s AND t.encounter_id <> '')
        OR (t.appointment_id = %(appointment_id)s AND t.appointment_id <> ''))))
ORDER BY t.state = 'done', t.id LIMIT 1
"""
# What a number is for is said once; the first that is told stays.
SAY_WHAT_FOR: Final = """
UPDATE clinical.ticket SET encounter_id = coalesce(nullif(encounter_id, ''), %(encounter_id)s),
    appointment_id = coalesce(nullif(appointment_id, ''), %(appointment_id)s)
WHERE id = %(id)s
"""
# Numbers begin anew every day, but for those by which somebody of the day before still waits.
ADD_TICKET: Final = """
WITH standing AS (
    SELECT t.day, t.number, t.place FROM clinical.ticket AS t
    WHERE t.queue_id = %(queue_id)s AND (t.day = %(day)s
        OR (t.state IN ('waiting', 'called', 'passed') AND t.arrived_at > %(since)s))
), last AS (
    SELECT coalesce(max(number) FILTER (WHERE day = %(day)s), 0) AS number, coalesce(floor(max(place)), 0) AS place,
        count(*)::integer AS count
    FROM standing
)
INSERT INTO clinical.ticket (organisation_id, queue_id, day, number, place, patient_id, encounter_id, appointment_id,
    arrived_at)
SELECT %(organisation_id)s, %(queue_id)s, %(day)s, free.number, last.place + 1, %(patient_id)s, %(encounter_id)s,
    %(appointment_id)s, %(now)s
FROM last, LATERAL (
    SELECT n AS number FROM generate_series(last.number + 1, last.number + last.count + 1) AS n
    WHERE n NOT IN (SELECT number FROM standing) ORDER BY n LIMIT 1
) AS free
RETURNING id
"""
NEXT: Final = """
SELECT t.id FROM clinical.ticket AS t
WHERE t.queue_id = %(queue_id)s AND t.arrived_at > %(since)s AND t.state = 'waiting' ORDER BY t.place, t.id LIMIT 1
"""
READ_TICKET: Final = """
SELECT t.id, t.organisation_id, t.queue_id, t.number, t.patient_id, t.encounter_id, t.state, t.room, t.calls,
    t.arrived_at, t.called_at
FROM clinical.ticket AS t WHERE t.id = %(id)s
"""
CALL: Final = """
UPDATE clinical.ticket SET state = 'called', room = %(room)s, calls = calls + 1, called_at = %(now)s WHERE id = %(id)s
"""
SKIP: Final = "UPDATE clinical.ticket SET state = 'passed' WHERE id = %(id)s"
# Who was passed and comes back waits behind the next two.
RETURN: Final = """
UPDATE clinical.ticket AS mine SET state = 'waiting', place = coalesce(
    (SELECT t.place FROM clinical.ticket AS t
        WHERE t.queue_id = mine.queue_id AND t.arrived_at > %(since)s AND t.state = 'waiting'
        ORDER BY t.place, t.id OFFSET %(behind)s - 1 LIMIT 1) + 0.5,
    (SELECT max(t.place) FROM clinical.ticket AS t
        WHERE t.queue_id = mine.queue_id AND t.arrived_at > %(since)s) + 0.5)
WHERE mine.id = %(id)s
"""
END: Final = "UPDATE clinical.ticket SET state = %(state)s, ended_at = %(now)s WHERE id = %(id)s"
OPEN_FOR: Final = """
SELECT id FROM clinical.ticket
WHERE organisation_id = %(organisation_id)s AND %(id)s IN (encounter_id, appointment_id) AND %(id)s <> ''
    AND state IN ('waiting', 'called', 'passed')
ORDER BY queue_id, id
"""
PATIENTS: Final = """
SELECT r.rid, r.organisation_id, r.type, r.id, r.version, r.last_updated, r.is_deleted, r.patient_id, r.body
FROM clinical.resource AS r
WHERE r.organisation_id = %(organisation_id)s AND r.type = 'Patient' AND r.id = ANY (%(ids)s)
"""
