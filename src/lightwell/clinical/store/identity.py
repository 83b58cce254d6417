"""The SQL of who is whom."""

from typing import Final

# Everything that refers to a patient, by whatever parameter; and everything of the patient's record.
REFERRING: Final = """
SELECT r.rid, r.organisation_id, r.type, r.id, r.version, r.last_updated, r.is_deleted, r.patient_id, r.body
FROM clinical.resource AS r
WHERE r.organisation_id = %(organisation_id)s AND NOT r.is_deleted AND r.rid IN (
    SELECT t.rid FROM clinical.token AS t
    WHERE t.organisation_id = %(organisation_id)s AND t.parameter = ANY (%(parameters)s)
        AND t.value = %(value)s AND t.system = %(system)s)
ORDER BY r.rid LIMIT %(limit)s
FOR UPDATE
"""
MOVING: Final = """
SELECT r.type, count(*) FROM clinical.resource AS r
WHERE r.organisation_id = %(organisation_id)s AND NOT r.is_deleted AND r.rid IN (
    SELECT t.rid FROM clinical.token AS t
    WHERE t.organisation_id = %(organisation_id)s AND t.parameter = ANY (%(parameters)s)
        AND t.value = %(value)s AND t.system = %(system)s)
GROUP BY r.type ORDER BY r.type
"""
KEEP_MERGE: Final = """
INSERT INTO clinical.merge (organisation_id, survivor_id, retired_id, was_active, moved, merged_by, merged_at)
VALUES (%(organisation_id)s, %(survivor_id)s, %(retired_id)s, %(was_active)s, %(moved)s::jsonb, %(by)s, %(at)s)
RETURNING id
"""
READ_MERGE: Final = """
SELECT id, organisation_id, survivor_id, retired_id, was_active, moved, merged_by, merged_at, undone_by, undone_at
FROM clinical.merge WHERE id = %(id)s FOR UPDATE
"""
LAST_MERGE: Final = """
SELECT id FROM clinical.merge
WHERE organisation_id = %(organisation_id)s AND undone_at IS NULL
    AND (survivor_id = ANY (%(ids)s) OR retired_id = ANY (%(ids)s))
ORDER BY id DESC LIMIT 1
"""
UNDO_MERGE: Final = """
UPDATE clinical.merge SET undone_by = %(by)s, undone_at = %(at)s WHERE id = %(id)s
"""

# Who writes about patients holds them, so that who merges one of them sees what was written, or is seen.
HOLD_PATIENTS: Final = """
SELECT r.rid FROM clinical.resource AS r
WHERE r.organisation_id = %(organisation_id)s AND r.type = 'Patient' AND r.id = ANY (%(ids)s)
ORDER BY r.rid FOR KEY SHARE
"""
GIVEN_UP: Final = """
SELECT 1 FROM clinical.merge
WHERE organisation_id = %(organisation_id)s AND retired_id = ANY (%(ids)s) AND undone_at IS NULL LIMIT 1
"""
# What has run out and was never closed stands in nobody's way. Who waits goes on waiting as the one who counts, and a
# second number for the same is no more called.
CLOSE_TICKETS: Final = """
UPDATE clinical.ticket SET state = 'left', ended_at = %(at)s
WHERE organisation_id = %(organisation_id)s AND patient_id IN (%(survivor_id)s, %(retired_id)s)
    AND state IN ('waiting', 'called', 'passed') AND arrived_at <= %(since)s
"""
MOVE_TICKETS: Final = """
UPDATE clinical.ticket AS t SET patient_id = %(survivor_id)s, merge_id = %(id)s
WHERE t.organisation_id = %(organisation_id)s AND t.patient_id = %(retired_id)s
    AND t.state IN ('waiting', 'called', 'passed') AND NOT EXISTS (
        SELECT 1 FROM clinical.ticket AS o
        WHERE o.queue_id = t.queue_id AND o.patient_id = %(survivor_id)s AND o.state IN ('waiting', 'called', 'passed'))
"""
LEAVE_TICKETS: Final = """
UPDATE clinical.ticket SET state = 'left', ended_at = %(at)s
WHERE organisation_id = %(organisation_id)s AND patient_id = %(retired_id)s AND state IN ('waiting', 'called', 'passed')
"""
RETURN_TICKETS: Final = """
UPDATE clinical.ticket SET patient_id = %(retired_id)s, merge_id = NULL WHERE merge_id = %(id)s
"""

# What a merge of two decides, and its undoing opens again.
DECIDE_PAIR: Final = """
UPDATE clinical.candidate SET state = %(state)s, decided_by = %(by)s, decided_at = %(at)s
WHERE first_rid = (%(rids)s::bigint[])[1] AND second_rid = (%(rids)s::bigint[])[2]
    AND organisation_id = %(organisation_id)s AND state = %(was)s
"""

# Whose a number is: as the numbers of patients say, or else as a resource says that was written by other ways.
PATIENTS_OF: Final = """
SELECT i.issuer, i.value, i.patient_rid FROM clinical.patient_identifier AS i
JOIN unnest(%(issuers)s::text[], %(values)s::text[]) AS g (issuer, value) ON i.issuer = g.issuer AND i.value = g.value
WHERE i.organisation_id = %(organisation_id)s
"""
PATIENTS_BY_KEY: Final = """
SELECT DISTINCT t.rid FROM clinical.token AS t
JOIN unnest(%(systems)s::bigint[], %(keys)s::bigint[]) AS g (system, value)
    ON t.system = g.system AND t.value = g.value
WHERE t.organisation_id = %(organisation_id)s AND t.parameter = %(parameter)s
"""
PATIENTS_OF_RIDS: Final = """
SELECT r.rid, r.organisation_id, r.type, r.id, r.version, r.last_updated, r.is_deleted, r.patient_id, r.body
FROM clinical.resource AS r WHERE r.rid = ANY (%(rids)s) ORDER BY r.rid FOR UPDATE
"""
# Returned are the numbers that were somebody else's before.
ADD_NUMBERS: Final = """
WITH given AS (
    SELECT * FROM unnest(%(issuers)s::text[], %(values)s::text[]) AS g (issuer, value)
), added AS (
    INSERT INTO clinical.patient_identifier (organisation_id, issuer, value, patient_rid)
    SELECT %(organisation_id)s, g.issuer, g.value, %(rid)s FROM given AS g ORDER BY 2, 3 ON CONFLICT DO NOTHING
)
SELECT i.patient_rid FROM clinical.patient_identifier AS i
JOIN given AS g ON i.issuer = g.issuer AND i.value = g.value
WHERE i.organisation_id = %(organisation_id)s AND i.patient_rid <> %(rid)s
"""
# Run right after the patients themselves are written, by their IDs. What one gives up another may take, so that goes
# first; in one order, so that two writers never wait crosswise.
KEEP_NUMBERS: Final = """
WITH freed AS (
    DELETE FROM clinical.patient_identifier AS i
    USING unnest(%(freed_organisations)s::integer[], %(freed_ids)s::text[], %(freed_issuers)s::text[],
        %(freed_values)s::text[]) AS g (organisation_id, id, issuer, value)
        JOIN clinical.resource AS r ON r.organisation_id = g.organisation_id AND r.type = 'Patient' AND r.id = g.id
    WHERE i.organisation_id = g.organisation_id AND i.issuer = g.issuer AND i.value = g.value AND i.patient_rid = r.rid
    RETURNING 1
)
INSERT INTO clinical.patient_identifier (organisation_id, issuer, value, patient_rid)
SELECT g.organisation_id, g.issuer, g.value, r.rid
FROM unnest(%(taken_organisations)s::integer[], %(taken_ids)s::text[], %(taken_issuers)s::text[],
    %(taken_values)s::text[]) AS g (organisation_id, id, issuer, value)
JOIN clinical.resource AS r ON r.organisation_id = g.organisation_id AND r.type = 'Patient' AND r.id = g.id
WHERE (SELECT count(*) FROM freed) IS NOT NULL
ORDER BY 1, 2, 3 ON CONFLICT DO NOTHING
"""
HOSPITALS_OF: Final = """
SELECT r.id, r.organisation_id FROM clinical.resource AS r
WHERE r.type = 'Patient' AND r.id = ANY (%(ids)s::text[]) AND NOT r.is_deleted
ORDER BY r.id, r.organisation_id
"""
