"""The SQL of resources: what is written together with its keys, and what is read by its name."""

from typing import Final

READ: Final = """
SELECT rid, organisation_id, type, id, version, last_updated, is_deleted, patient_id, body
FROM clinical.resource WHERE organisation_id = ANY (%(organisations)s) AND type = %(type)s AND id = %(id)s
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
RESERVE: Final = "SELECT nextval('clinical.rid') FROM generate_series(1, %(count)s)"

# Resources as they are from now on, what they were, and the keys that come and go: one statement for any number.
WRITE: Final = """
WITH given AS (
    SELECT * FROM unnest(%(rids)s::bigint[], %(organisations)s::integer[], %(types)s::text[], %(ids)s::text[],
        %(versions)s::integer[], %(moments)s::timestamptz[], %(deleted)s::boolean[], %(patients)s::text[],
        %(bodies)s::bytea[])
        AS g (rid, organisation_id, type, id, version, last_updated, is_deleted, patient_id, body)
), was AS (
    INSERT INTO clinical.version
        (rid, version, organisation_id, type, id, last_updated, is_deleted, patient_id, body)
    SELECT r.rid, r.version, r.organisation_id, r.type, r.id, r.last_updated, r.is_deleted, r.patient_id, r.body
    FROM clinical.resource AS r JOIN given ON given.rid = r.rid
), written AS (
    INSERT INTO clinical.resource AS r
        (rid, organisation_id, type, id, version, last_updated, is_deleted, patient_id, body)
    SELECT rid, organisation_id, type, id, version, last_updated, is_deleted, patient_id, body FROM given
    ON CONFLICT (rid) DO UPDATE SET version = excluded.version, last_updated = excluded.last_updated,
        is_deleted = excluded.is_deleted, patient_id = excluded.patient_id, body = excluded.body
), tokens AS (
    INSERT INTO clinical.token (organisation_id, parameter, value, rid)
    SELECT * FROM unnest(%(token_organisations)s::integer[], %(token_parameters)s::integer[],
        %(token_values)s::bigint[], %(token_rids)s::bigint[])
), texts AS (
    INSERT INTO clinical.text (organisation_id, parameter, beside, value, rid)
    SELECT * FROM unnest(%(text_organisations)s::integer[], %(text_parameters)s::integer[], %(text_besides)s::bigint[],
        %(text_values)s::text[], %(text_rids)s::bigint[])
), spans AS (
    INSERT INTO clinical.span (organisation_id, parameter, beside, low, high, rid)
    SELECT * FROM unnest(%(span_organisations)s::integer[], %(span_parameters)s::integer[], %(span_besides)s::bigint[],
        %(span_lows)s::timestamptz[], %(span_highs)s::timestamptz[], %(span_rids)s::bigint[])
)
INSERT INTO clinical.number (organisation_id, parameter, beside, low, high, rid)
SELECT * FROM unnest(%(number_organisations)s::integer[], %(number_parameters)s::integer[],
    %(number_besides)s::bigint[], %(number_lows)s::numeric[], %(number_highs)s::numeric[], %(number_rids)s::bigint[])
"""
# The keys by which resources are no longer found.
FORGET: Final = """
WITH tokens AS (
    DELETE FROM clinical.token AS k USING unnest(%(token_organisations)s::integer[], %(token_parameters)s::integer[],
        %(token_values)s::bigint[], %(token_rids)s::bigint[]) AS g (organisation_id, parameter, value, rid)
    WHERE k.organisation_id = g.organisation_id AND k.parameter = g.parameter AND k.value = g.value AND k.rid = g.rid
), texts AS (
    DELETE FROM clinical.text AS k USING unnest(%(text_organisations)s::integer[], %(text_parameters)s::integer[],
        %(text_besides)s::bigint[], %(text_values)s::text[], %(text_rids)s::bigint[])
        AS g (organisation_id, parameter, beside, value, rid)
    WHERE k.organisation_id = g.organisation_id AND k.parameter = g.parameter AND k.beside = g.beside
        AND k.value = g.value AND k.rid = g.rid
), spans AS (
    DELETE FROM clinical.span AS k USING unnest(%(span_organisations)s::integer[], %(span_parameters)s::integer[],
        %(span_besides)s::bigint[], %(span_lows)s::timestamptz[], %(span_highs)s::timestamptz[],
        %(span_rids)s::bigint[]) AS g (organisation_id, parameter, beside, low, high, rid)
    WHERE k.organisation_id = g.organisation_id AND k.parameter = g.parameter AND k.beside = g.beside
        AND k.low = g.low AND k.high = g.high AND k.rid = g.rid
)
DELETE FROM clinical.number AS k USING unnest(%(number_organisations)s::integer[], %(number_parameters)s::integer[],
    %(number_besides)s::bigint[], %(number_lows)s::numeric[], %(number_highs)s::numeric[], %(number_rids)s::bigint[])
    AS g (organisation_id, parameter, beside, low, high, rid)
WHERE k.organisation_id = g.organisation_id AND k.parameter = g.parameter AND k.beside = g.beside
    AND k.low = g.low AND k.high = g.high AND k.rid = g.rid
"""
