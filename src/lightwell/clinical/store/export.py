"""The SQL of bulk export: all resources of a type as they were at a moment, in the order of their making."""

from typing import Final

# All transactions that write have a number, in the order in which they began to; here it is the next one's.
YOUNGEST: Final = "SELECT pg_current_xact_id()::text::bigint"
HAVE_ENDED: Final = "SELECT pg_snapshot_xmin(pg_current_snapshot()) >= %(writers)s::bigint::text::xid8"
TYPES: Final = """
SELECT t.type FROM unnest(%(types)s::text[]) AS t (type)
WHERE EXISTS (SELECT FROM clinical.resource AS r
    WHERE r.organisation_id = ANY (%(organisations)s) AND r.type = t.type)
ORDER BY t.type
"""
# What was changed since is exported as it was: the last of its versions before the moment.
PAGE: Final = """
SELECT r.rid, r.organisation_id, r.type, r.id, coalesce(v.version, r.version),
    coalesce(v.last_updated, r.last_updated), coalesce(v.is_deleted, r.is_deleted),
    coalesce(v.patient_id, r.patient_id), coalesce(v.body, r.body),
    NOT coalesce(v.is_deleted, r.is_deleted) AND (v.rid IS NOT NULL OR r.last_updated <= %(at)s)
        AND coalesce(v.last_updated, r.last_updated) >= %(since)s
FROM clinical.resource AS r LEFT JOIN LATERAL (
    SELECT o.rid, o.version, o.last_updated, o.is_deleted, o.patient_id, o.body FROM clinical.version AS o
    WHERE o.rid = r.rid AND r.last_updated > %(at)s AND o.last_updated <= %(at)s
    ORDER BY o.version DESC LIMIT 1) AS v ON true
WHERE r.organisation_id = ANY (%(organisations)s) AND r.type = %(type)s AND r.rid > %(after)s
ORDER BY r.rid LIMIT %(limit)s
"""
