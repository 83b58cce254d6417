"""The SQL of resources: what is written together with its keys, and what is read by its name."""

from typing import Final

# Whose it may be is said by row-level security alone, which has the index begin with the hospital. Were the hospitals
# given here as well, PostgreSQL would take them for ten, and make a plan anew for each read.
READ: Final = """
SELECT rid, organisation_id, type, id, version, last_updated, is_deleted, patient_id, body
FROM clinical.resource WHERE type = %(type)s AND id = %(id)s
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

# Resources as they are from now on, what they were, the keys that come, and that somebody has to be told: one statement
# for any number. n is the place of a resource among those that are written; without a rid it is new.
WRITE: Final = """
WITH given AS (
    SELECT g.n, coalesce(g.rid, nextval('clinical.rid')) AS rid, g.organisation_id, g.type, g.id, g.id_key,
        g.version, g.last_updated, g.is_deleted, g.patient_id, g.body
    FROM unnest(%(rids)s::bigint[], %(organisations)s::integer[], %(types)s::text[], %(ids)s::text[],
        %(id_keys)s::bigint[], %(versions)s::integer[], %(moments)s::timestamptz[], %(deleted)s::boolean[],
        %(patients)s::text[], %(bodies)s::bytea[]) WITH ORDINALITY
        AS g (rid, organisation_id, type, id, id_key, version, last_updated, is_deleted, patient_id, body, n)
), was AS (
    INSERT INTO clinical.version
        (rid, version, organisation_id, type, id, last_updated, is_deleted, patient_id, body)
    SELECT r.rid, r.version, r.organisation_id, r.type, r.id, r.last_updated, r.is_deleted, r.patient_id, r.body
    FROM clinical.resource AS r JOIN given ON given.rid = r.rid
), written AS (
    INSERT INTO clinical.resource AS r
        (rid, organisation_id, type, id, id_key, version, last_updated, is_deleted, patient_id, body)
    SELECT rid, organisation_id, type, id, id_key, version, last_updated, is_deleted, patient_id, body FROM given
    ON CONFLICT (rid) DO UPDATE SET version = excluded.version, last_updated = excluded.last_updated,
        is_deleted = excluded.is_deleted, patient_id = excluded.patient_id, body = excluded.body
), tokens AS (
    INSERT INTO clinical.token (organisation_id, parameter, value, system, rid)
    SELECT g.organisation_id, k.parameter, k.value, k.system, g.rid
    FROM unnest(%(token_ns)s::integer[], %(token_parameters)s::integer[], %(token_values)s::bigint[],
        %(token_systems)s::bigint[]) AS k (n, parameter, value, system) JOIN given AS g ON g.n = k.n
), texts AS (
    INSERT INTO clinical.text (organisation_id, parameter, beside, value, exact, rid)
    SELECT g.organisation_id, k.parameter, k.beside, k.value, k.exact, g.rid
    FROM unnest(%(text_ns)s::integer[], %(text_parameters)s::integer[], %(text_besides)s::bigint[],
        %(text_values)s::text[], %(text_exacts)s::bigint[])
        AS k (n, parameter, beside, value, exact) JOIN given AS g ON g.n = k.n
), spans AS (
    INSERT INTO clinical.span (organisation_id, parameter, beside, low, high, rid)
    SELECT g.organisation_id, k.parameter, k.beside, k.low, k.high, g.rid
    FROM unnest(%(span_ns)s::integer[], %(span_parameters)s::integer[], %(span_besides)s::bigint[],
        %(span_lows)s::timestamptz[], %(span_highs)s::timestamptz[])
        AS k (n, parameter, beside, low, high) JOIN given AS g ON g.n = k.n
), numbers AS (
    INSERT INTO clinical.number (organisation_id, parameter, beside, low, high, system, code, unit, dimension,
        canonical_low, canonical_high, rid)
    SELECT g.organisation_id, k.parameter, k.beside, k.low, k.high, k.system, k.code, k.unit, k.dimension,
        k.canonical_low, k.canonical_high, g.rid
    FROM unnest(%(number_ns)s::integer[], %(number_parameters)s::integer[], %(number_besides)s::bigint[],
        %(number_lows)s::numeric[], %(number_highs)s::numeric[], %(number_systems)s::bigint[],
        %(number_codes)s::bigint[], %(number_units)s::bigint[], %(number_dimensions)s::bigint[],
        %(number_canonical_lows)s::float8[], %(number_canonical_highs)s::float8[])
        AS k (n, parameter, beside, low, high, system, code, unit, dimension, canonical_low, canonical_high)
        JOIN given AS g ON g.n = k.n
), changed AS (
    INSERT INTO clinical.changed (organisation_id, type, rid)
    SELECT g.organisation_id, g.type, g.rid FROM given AS g
    WHERE NOT g.is_deleted AND EXISTS (SELECT FROM clinical.subscription AS s
        WHERE s.organisation_id = g.organisation_id AND s.type = g.type AND s.is_active)
    ORDER BY g.n
)
SELECT rid FROM given ORDER BY n
"""
# The keys by which resources are no longer found.
FORGET: Final = """
WITH given AS (
    SELECT g.n, g.rid, g.organisation_id FROM unnest(%(rids)s::bigint[], %(organisations)s::integer[])
        WITH ORDINALITY AS g (rid, organisation_id, n)
), tokens AS (
    DELETE FROM clinical.token AS t USING given AS g, unnest(%(token_ns)s::integer[], %(token_parameters)s::integer[],
        %(token_values)s::bigint[], %(token_systems)s::bigint[]) AS k (n, parameter, value, system)
    WHERE g.n = k.n AND t.organisation_id = g.organisation_id AND t.parameter = k.parameter AND t.value = k.value
        AND t.system = k.system AND t.rid = g.rid
), texts AS (
    DELETE FROM clinical.text AS t USING given AS g, unnest(%(text_ns)s::integer[], %(text_parameters)s::integer[],
        %(text_besides)s::bigint[], %(text_values)s::text[], %(text_exacts)s::bigint[])
        AS k (n, parameter, beside, value, exact)
    WHERE g.n = k.n AND t.organisation_id = g.organisation_id AND t.parameter = k.parameter AND t.beside = k.beside
        AND t.value = k.value AND t.exact = k.exact AND t.rid = g.rid
), spans AS (
    DELETE FROM clinical.span AS t USING given AS g, unnest(%(span_ns)s::integer[], %(span_parameters)s::integer[],
        %(span_besides)s::bigint[], %(span_lows)s::timestamptz[], %(span_highs)s::timestamptz[])
        AS k (n, parameter, beside, low, high)
    WHERE g.n = k.n AND t.organisation_id = g.organisation_id AND t.parameter = k.parameter AND t.beside = k.beside
        AND t.low = k.low AND t.high = k.high AND t.rid = g.rid
)
DELETE FROM clinical.number AS t USING given AS g, unnest(%(number_ns)s::integer[], %(number_parameters)s::integer[],
    %(number_besides)s::bigint[], %(number_lows)s::numeric[], %(number_highs)s::numeric[],
    %(number_systems)s::bigint[], %(number_codes)s::bigint[], %(number_units)s::bigint[])
    AS k (n, parameter, beside, low, high, system, code, unit)
WHERE g.n = k.n AND t.organisation_id = g.organisation_id AND t.parameter = k.parameter AND t.beside = k.beside
    AND t.low = k.low AND t.high = k.high AND t.system = k.system AND t.code = k.code AND t.unit = k.unit
    AND t.rid = g.rid
"""
