"""The SQL of resources whose keys are not all written, since their form has changed."""

from typing import Final

TABLES: Final = ("text", "number")
"""The key tables in which some may be missing."""

UNKEYED: Final = """
SELECT r.rid, r.organisation_id, r.body FROM clinical.unkeyed AS u JOIN clinical.resource AS r ON r.rid = u.rid
WHERE u.organisation_id = %(organisation_id)s AND u.rid <> ALL (%(passed)s::bigint[])
ORDER BY u.rid LIMIT %(limit)s FOR UPDATE OF r SKIP LOCKED
"""
KEYED: Final = """
WITH given AS (
    SELECT g.n, g.rid, g.organisation_id FROM unnest(%(rids)s::bigint[], %(organisations)s::integer[])
        WITH ORDINALITY AS g (rid, organisation_id, n)
), texts AS (
    INSERT INTO clinical.text (organisation_id, parameter, beside, value, exact, rid)
    SELECT g.organisation_id, k.parameter, k.beside, k.value, k.exact, g.rid
    FROM unnest(%(text_ns)s::integer[], %(text_parameters)s::integer[], %(text_besides)s::bigint[],
        %(text_values)s::text[], %(text_exacts)s::bigint[])
        AS k (n, parameter, beside, value, exact) JOIN given AS g ON g.n = k.n
    ON CONFLICT DO NOTHING
), numbers AS (
    UPDATE clinical.number AS t
    SET dimension = k.dimension, canonical_low = k.canonical_low, canonical_high = k.canonical_high
    FROM given AS g, unnest(%(number_ns)s::integer[], %(number_parameters)s::integer[], %(number_besides)s::bigint[],
        %(number_lows)s::numeric[], %(number_highs)s::numeric[], %(number_systems)s::bigint[],
        %(number_codes)s::bigint[], %(number_units)s::bigint[], %(number_dimensions)s::bigint[],
        %(number_canonical_lows)s::float8[], %(number_canonical_highs)s::float8[])
        AS k (n, parameter, beside, low, high, system, code, unit, dimension, canonical_low, canonical_high)
    WHERE g.n = k.n AND t.organisation_id = g.organisation_id AND t.parameter = k.parameter AND t.beside = k.beside
        AND t.low = k.low AND t.high = k.high AND t.system = k.system AND t.code = k.code AND t.unit = k.unit
        AND t.rid = g.rid AND k.dimension <> 0 AND t.dimension = 0
)
DELETE FROM clinical.unkeyed AS u USING given AS g WHERE u.rid = g.rid
"""
