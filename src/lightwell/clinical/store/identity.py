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
