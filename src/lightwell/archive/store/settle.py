"""The SQL of what people settle: conflicts, quarantine, and where peers listen."""

from typing import Final

UNSETTLED: Final = """
SELECT (SELECT count(*) FROM archive.conflict WHERE organisation_id = ANY (%(organisations)s) AND is_open = true),
       (SELECT count(*) FROM archive.quarantine WHERE organisation_id = ANY (%(organisations)s) AND is_open = true)
"""

CONFLICTS: Final = """
SELECT c.id, c.organisation_id, c.sop_instance_uid, c.length, c.source, c.received_at, i.length, i.source,
    i.received_at, s.series_instance_uid, t.study_instance_uid, t.patient_id, t.patient_name, c.resolution,
    c.resolved_by, c.resolved_at, c.note
FROM archive.conflict AS c
JOIN archive.instance AS i ON i.organisation_id = c.organisation_id AND i.sop_instance_uid = c.sop_instance_uid
JOIN archive.series AS s ON s.id = i.series_id
JOIN archive.study AS t ON t.id = s.study_id
WHERE c.organisation_id = ANY (%(organisations)s) AND c.is_open = %(is_open)s AND c.id < %(before)s
ORDER BY c.id DESC LIMIT %(limit)s
"""
CONFLICT: Final = """
SELECT c.id, c.organisation_id, c.sop_instance_uid, c.blob, c.length, c.digest, c.source, c.received_at, c.is_open,
    c.resolved_by, i.blob, i.length, i.source, i.received_at
FROM archive.conflict AS c
JOIN archive.instance AS i ON i.organisation_id = c.organisation_id AND i.sop_instance_uid = c.sop_instance_uid
WHERE c.id = %(id)s AND c.organisation_id = ANY (%(organisations)s)
"""
# The study is locked first, as the index does when a batch comes in.
LOCK_CONFLICT: Final = "SELECT id FROM archive.conflict WHERE id = %(id)s FOR UPDATE"
LOCK_STUDY_OF: Final = """
SELECT id FROM archive.study WHERE id = (
    SELECT s.study_id FROM archive.instance AS i JOIN archive.series AS s ON s.id = i.series_id
    WHERE i.organisation_id = %(organisation_id)s AND i.sop_instance_uid = %(sop_instance_uid)s)
FOR UPDATE
"""
TAKE_OUT: Final = """
DELETE FROM archive.instance
WHERE organisation_id = %(organisation_id)s AND sop_instance_uid = %(sop_instance_uid)s
RETURNING series_id, blob, length, digest, source, received_at
"""
LOWER_SERIES: Final = """
UPDATE archive.series SET instance_count = instance_count - 1 WHERE id = %(series)s RETURNING study_id
"""
DROP_EMPTY_SERIES: Final = "DELETE FROM archive.series WHERE id = %(series)s AND instance_count = 0"
RECOUNT_STUDY: Final = """
UPDATE archive.study AS t SET instance_count = counted.instances, series_count = counted.series,
    modalities = counted.modalities
FROM (SELECT coalesce(sum(s.instance_count), 0) AS instances, count(*) AS series,
             coalesce(array_agg(DISTINCT s.modality) FILTER (WHERE s.modality <> ''), '{}') AS modalities
      FROM archive.series AS s WHERE s.study_id = %(study)s) AS counted
WHERE t.id = %(study)s RETURNING t.study_instance_uid
"""
DROP_EMPTY_STUDY: Final = "DELETE FROM archive.study WHERE id = %(study)s AND series_count = 0"
PUT_ASIDE: Final = """
UPDATE archive.conflict SET blob = %(blob)s, length = %(length)s, digest = %(digest)s, source = %(source)s,
    received_at = %(received_at)s
WHERE id = %(id)s
"""
SETTLE_CONFLICT: Final = """
UPDATE archive.conflict
SET resolution = %(resolution)s, note = %(note)s, resolved_by = %(resolved_by)s, resolved_at = now()
WHERE id = %(id)s
"""

QUARANTINED: Final = """
SELECT q.id, q.organisation_id, q.reason, q.reason_code, q.reason_numbers, q.length, q.source, q.received_at,
    q.resolution, q.resolved_by, q.resolved_at, q.note, q.repair
FROM archive.quarantine AS q
WHERE q.organisation_id = ANY (%(organisations)s) AND q.is_open = %(is_open)s AND q.id < %(before)s
ORDER BY q.id DESC LIMIT %(limit)s
"""
QUARANTINED_FILE: Final = """
SELECT id, organisation_id, blob, reason, length, source, received_at, is_open, resolved_by
FROM archive.quarantine WHERE id = %(id)s AND organisation_id = ANY (%(organisations)s)
"""
LOCK_QUARANTINED: Final = "SELECT id FROM archive.quarantine WHERE id = %(id)s FOR UPDATE"
SETTLE_QUARANTINED: Final = """
UPDATE archive.quarantine
SET resolution = %(resolution)s, note = %(note)s, repair = %(repair)s::jsonb, resolved_by = %(resolved_by)s,
    resolved_at = now()
WHERE id = %(id)s
"""
IS_INDEXED: Final = """
SELECT true FROM archive.instance WHERE organisation_id = %(organisation_id)s AND blob = %(blob)s
"""

PEERS: Final = """
SELECT id, organisation_id, label, called_ae, calling_ae, network::text, is_trusted, host, port, is_tls
FROM archive.peer ORDER BY organisation_id, label, id
"""
PEER_DESTINATION: Final = """
SELECT organisation_id, calling_ae, called_ae, host, port, is_tls, id FROM archive.peer WHERE id = %(id)s
"""
PEER_OWNER: Final = "SELECT organisation_id FROM archive.peer WHERE id = %(id)s"
