"""The SQL of versions: what a resource, or all of a type, was before."""

from typing import Final

READ_VERSION: Final = """
SELECT rid, organisation_id, type, id, version, last_updated, is_deleted, patient_id, body
FROM clinical.resource
WHERE organisation_id = ANY (%(organisations)s) AND type = %(type)s AND id = %(id)s AND version = %(version)s
UNION ALL
SELECT v.rid, v.organisation_id, v.type, v.id, v.version, v.last_updated, v.is_deleted, v.patient_id, v.body
FROM clinical.version AS v JOIN clinical.resource AS r ON r.rid = v.rid
WHERE r.organisation_id = ANY (%(organisations)s) AND r.type = %(type)s AND r.id = %(id)s AND v.version = %(version)s
"""
# The newest first; a page ends where the next begins, by (last_updated, rid, version).
OF_RESOURCE: Final = """
SELECT rid, organisation_id, type, id, version, last_updated, is_deleted, patient_id, body
FROM clinical.resource
WHERE organisation_id = ANY (%(organisations)s) AND type = %(type)s AND id = %(id)s
    AND last_updated >= %(since)s AND version < %(before)s
UNION ALL
SELECT v.rid, v.organisation_id, v.type, v.id, v.version, v.last_updated, v.is_deleted, v.patient_id, v.body
FROM clinical.version AS v JOIN clinical.resource AS r ON r.rid = v.rid
WHERE r.organisation_id = ANY (%(organisations)s) AND r.type = %(type)s AND r.id = %(id)s
    AND v.last_updated >= %(since)s AND v.version < %(before)s
ORDER BY version DESC LIMIT %(limit)s
"""
OF_TYPE: Final = """
(SELECT rid, organisation_id, type, id, version, last_updated, is_deleted, patient_id, body
FROM clinical.resource
WHERE organisation_id = ANY (%(organisations)s) AND type = %(type)s AND last_updated >= %(since)s
    AND (last_updated, rid, version) < (%(moment)s, %(rid)s, %(before)s)
ORDER BY last_updated DESC, rid DESC, version DESC LIMIT %(limit)s)
UNION ALL
(SELECT rid, organisation_id, type, id, version, last_updated, is_deleted, patient_id, body
FROM clinical.version
WHERE organisation_id = ANY (%(organisations)s) AND type = %(type)s AND last_updated >= %(since)s
    AND (last_updated, rid, version) < (%(moment)s, %(rid)s, %(before)s)
ORDER BY last_updated DESC, rid DESC, version DESC LIMIT %(limit)s)
ORDER BY last_updated DESC, rid DESC, version DESC LIMIT %(limit)s
"""
