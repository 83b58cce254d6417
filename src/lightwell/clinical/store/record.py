"""The SQL of resources: what is written together with its keys, and what is read by its name."""

from typing import Final

# Whose it may be is said by row-level security alone, which has the index begin with the hospital. Were the hospitals
# given here as well, PostgreSQL would take them for ten, and make a plan anew for each read.
READ: Final = """
SELECT rid, organisation_id, type, id, version, last_updated, is_deleted, patient_id, body
FROM clinical.resource WHERE type = %(type)s AND id = %(id)s
"""
READ_FOR: Final = """
SELECT rid, organisation_id, type, id, version, last_updated, is_deleted, patient_id, body
FROM clinical.resource_for(%(visible)s, %(type)s, %(id)s)
"""
THERE: Final = """
SELECT r.organisation_id, r.id FROM clinical.resource AS r
JOIN unnest(%(organisations)s::integer[], %(ids)s::text[]) AS g (organisation_id, id)
    ON r.organisation_id = g.organisation_id AND r.id = g.id
WHERE r.type = %(type)s
"""
LOCK_ONE: Final = """
SELECT rid, organisation_id, type, id, version, last_updated, is_deleted, patient_id, body
FROM clinical.resource WHERE organisation_id = %(organisation_id)s AND type = %(type)s AND id = %(id)s FOR UPDATE
"""
LOCK: Final = """
SELECT r.rid, r.organisation_id, r.type, r.id, r.version, r.last_updated, r.is_deleted, r.patient_id, r.body
FROM clinical.resource AS r
WHERE r.organisation_id = %(organisation_id)s
    AND (r.type, r.id) IN (SELECT * FROM unnest(%(types)s::text[], %(ids)s::text[]))
ORDER BY r.rid FOR UPDATE
"""
# Nobody else decides on the same question at the same time, e.g. whether a patient of this identifier is there.
ALONE: Final = "SELECT pg_advisory_xact_lock(%(key)s)"
