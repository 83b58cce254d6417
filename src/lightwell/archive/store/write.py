"""The SQL that writes the index; every statement runs under row-level security as the actor of its transaction."""

from typing import Final

ALL_PEERS: Final = "SELECT * FROM archive.all_peers()"
ADD_PEER: Final = """
INSERT INTO archive.peer AS p (organisation_id, label, called_ae, calling_ae, network, certificate_sha256, is_trusted,
    coercion)
VALUES (%(organisation_id)s, %(label)s, %(called_ae)s, %(calling_ae)s, %(network)s::cidr, %(certificate_sha256)s,
    %(is_trusted)s, %(coercion)s::jsonb)
ON CONFLICT (called_ae, calling_ae, network, certificate_sha256) DO UPDATE
    SET label = excluded.label, is_trusted = excluded.is_trusted, coercion = excluded.coercion
    WHERE p.organisation_id = excluded.organisation_id
RETURNING id
"""
PEERS: Final = """
SELECT id, organisation_id, label, called_ae, calling_ae, network::text, certificate_sha256, is_trusted, coercion
FROM archive.peer ORDER BY organisation_id, label
"""
REMOVE_PEER: Final = "DELETE FROM archive.peer WHERE id = %(id)s RETURNING organisation_id"

# The study keeps what its first image said; later images only count. was_closed tells that it must be watched anew.
STUDIES: Final = """
INSERT INTO archive.study AS s (organisation_id, study_instance_uid, patient_id, issuer_of_patient_id, patient_name,
    patient_birth_date, patient_sex, study_date, study_time, study_description, study_id, accession_number,
    referring_physician_name, institution_name, is_charset_repaired)
SELECT %(organisation_id)s, * FROM unnest(%(study_instance_uid)s::text[], %(patient_id)s::text[],
    %(issuer_of_patient_id)s::text[], %(patient_name)s::text[], %(patient_birth_date)s::text[],
    %(patient_sex)s::text[], %(study_date)s::text[], %(study_time)s::text[], %(study_description)s::text[],
    %(study_id)s::text[], %(accession_number)s::text[], %(referring_physician_name)s::text[],
    %(institution_name)s::text[], %(is_charset_repaired)s::boolean[])
ON CONFLICT (organisation_id, study_instance_uid) DO UPDATE SET last_received_at = now()
RETURNING id, study_instance_uid, (xmax = 0) AS is_new, is_open
"""
REOPEN: Final = "UPDATE archive.study SET is_open = true WHERE id = ANY (%(ids)s) AND NOT is_open"
REDESCRIBED: Final = """
UPDATE archive.series SET performed_procedure_step_start_date = %(performed_procedure_step_start_date)s,
    performed_procedure_step_start_time = %(performed_procedure_step_start_time)s,
    scheduled_procedure_step_ids = %(scheduled_procedure_step_ids)s,
    requested_procedure_ids = %(requested_procedure_ids)s, attribute_version = 1
WHERE id = %(id)s
"""
# Whoever holds the same key waits until the end of the transaction.
ALONE: Final = "SELECT pg_advisory_xact_lock(hashtextextended(%(key)s::text, 0))"
REKEYED: Final = "UPDATE archive.study SET key_version = 1 WHERE id = ANY (%(ids)s)"
KEYS: Final = """
INSERT INTO archive.study_key (organisation_id, kind, key, study_id, study_date, study_time)
SELECT s.organisation_id, k.kind, k.key, s.id, s.study_date, s.study_time
FROM unnest(%(kinds)s::text[], %(keys)s::text[], %(study_ids)s::bigint[]) AS k (kind, key, study_id)
JOIN archive.study AS s ON s.id = k.study_id AND s.organisation_id = %(organisation_id)s
ON CONFLICT DO NOTHING
"""
SERIES: Final = """
INSERT INTO archive.series AS s (organisation_id, study_id, series_instance_uid, modality, series_number,
    series_description, series_date, series_time, body_part_examined, protocol_name, station_name, manufacturer,
    performed_procedure_step_start_date, performed_procedure_step_start_time, scheduled_procedure_step_ids,
    requested_procedure_ids)
SELECT %(organisation_id)s, * FROM unnest(%(study_id)s::bigint[], %(series_instance_uid)s::text[],
    %(modality)s::text[], %(series_number)s::integer[], %(series_description)s::text[], %(series_date)s::text[],
    %(series_time)s::text[], %(body_part_examined)s::text[], %(protocol_name)s::text[], %(station_name)s::text[],
    %(manufacturer)s::text[], %(performed_procedure_step_start_date)s::text[],
    %(performed_procedure_step_start_time)s::text[], %(scheduled_procedure_step_ids)s::text[],
    %(requested_procedure_ids)s::text[])
ON CONFLICT (study_id, series_instance_uid) DO UPDATE SET series_number = s.series_number
RETURNING id, study_id, series_instance_uid, (xmax = 0) AS is_new
"""
INSTANCES: Final = """
INSERT INTO archive.instance (organisation_id, series_id, sop_instance_uid, sop_class_uid, transfer_syntax_uid,
    instance_number, number_of_frames, blob, length, data_set_offset, digest, frame_table, source, received_at,
    rows, columns, bits_allocated)
SELECT %(organisation_id)s, * FROM unnest(%(series_id)s::bigint[], %(sop_instance_uid)s::text[],
    %(sop_class_uid)s::text[], %(transfer_syntax_uid)s::text[], %(instance_number)s::integer[],
    %(number_of_frames)s::integer[], %(blob)s::text[], %(length)s::bigint[], %(data_set_offset)s::integer[],
    %(digest)s::bytea[], %(frame_table)s::bytea[], %(source)s::text[], %(received_at)s::timestamptz[],
    %(rows)s::integer[], %(columns)s::integer[], %(bits_allocated)s::integer[])
ON CONFLICT DO NOTHING
RETURNING blob
"""
COUNT_SERIES: Final = """
UPDATE archive.series AS s SET instance_count = s.instance_count + counted.n
FROM unnest(%(series_ids)s::bigint[], %(counts)s::integer[]) AS counted (series_id, n) WHERE s.id = counted.series_id
"""
COUNT_STUDIES: Final = """
UPDATE archive.study AS s SET instance_count = s.instance_count + counted.instances,
    series_count = s.series_count + counted.series,
    modalities = ARRAY(SELECT DISTINCT x.modality FROM archive.series AS x
                       WHERE x.study_id = s.id AND x.modality <> '' ORDER BY 1)
FROM unnest(%(study_ids)s::bigint[], %(instances)s::integer[], %(series)s::integer[])
    AS counted (study_id, instances, series)
WHERE s.id = counted.study_id
"""
STANDING: Final = """
SELECT sop_instance_uid, blob, length, digest FROM archive.instance
WHERE organisation_id = %(organisation_id)s AND sop_instance_uid = ANY (%(sop_instance_uids)s)
"""
CONFLICTS_OF: Final = """
SELECT sop_instance_uid, blob, length, digest FROM archive.conflict
WHERE organisation_id = %(organisation_id)s AND sop_instance_uid = ANY (%(sop_instance_uids)s) AND resolved_at IS NULL
"""
CONFLICT: Final = """
INSERT INTO archive.conflict (organisation_id, sop_instance_uid, blob, length, digest, source, received_at)
VALUES (%(organisation_id)s, %(sop_instance_uid)s, %(blob)s, %(length)s, %(digest)s, %(source)s, %(received_at)s)
ON CONFLICT DO NOTHING
"""
QUARANTINE: Final = """
INSERT INTO archive.quarantine (organisation_id, blob, reason, reason_code, reason_numbers, length, source, received_at)
VALUES (%(organisation_id)s, %(blob)s, %(reason)s, %(reason_code)s, %(reason_numbers)s::jsonb, %(length)s, %(source)s,
    %(received_at)s)
ON CONFLICT DO NOTHING
"""
CHECKPOINT: Final = (
    "SELECT bucket FROM archive.checkpoint WHERE organisation_id = %(organisation_id)s AND node = %(node)s"
)
SET_CHECKPOINT: Final = """
INSERT INTO archive.checkpoint AS c (organisation_id, node, bucket) VALUES (%(organisation_id)s, %(node)s, %(bucket)s)
ON CONFLICT (organisation_id, node) DO UPDATE SET bucket = greatest(c.bucket, excluded.bucket)
"""
KNOWN_BLOBS: Final = """
SELECT blob FROM archive.instance WHERE organisation_id = %(organisation_id)s AND blob = ANY (%(blobs)s)
UNION ALL SELECT blob FROM archive.conflict WHERE organisation_id = %(organisation_id)s AND blob = ANY (%(blobs)s)
UNION ALL SELECT blob FROM archive.quarantine WHERE organisation_id = %(organisation_id)s AND blob = ANY (%(blobs)s)
"""

CLOSE_STUDY: Final = """
UPDATE archive.study SET is_open = false
WHERE id = %(id)s AND is_open AND last_received_at <= now() - make_interval(secs => %(quiet_s)s)
RETURNING organisation_id, study_instance_uid
"""
STUDY_STATE: Final = "SELECT is_open, last_received_at FROM archive.study WHERE id = %(id)s"

BLOBS_AFTER: Final = """
SELECT id, blob, length, data_set_offset, digest FROM archive.instance WHERE id > %(after)s ORDER BY id LIMIT %(limit)s
"""
