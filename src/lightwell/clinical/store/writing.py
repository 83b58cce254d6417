"""The SQL that writes resources with their keys, any number at once: of one statement the parts that are needed.

A part costs PostgreSQL some 20 us even where it has no row to write, and most resources have keys in two or three of
the four tables. ``n`` is the place of a resource among those that are written; without a rid it is new.
"""

from collections.abc import Mapping
from enum import StrEnum, auto
from functools import cache
from typing import Final, LiteralString


class Kind(StrEnum):
    """What there is among the resources that are written."""

    NEW = auto()
    CHANGED = auto()
    PATIENTS = auto()


_KEYS: Final[Mapping[str, LiteralString]] = {
    "token": """, token_key AS (
    SELECT * FROM unnest(%(token_ns)s::integer[], %(token_parameters)s::integer[], %(token_values)s::bigint[],
        %(token_systems)s::bigint[]) AS k (n, parameter, value, system)
)""",
    "text": """, text_key AS (
    SELECT * FROM unnest(%(text_ns)s::integer[], %(text_parameters)s::integer[], %(text_besides)s::bigint[],
        %(text_values)s::text[], %(text_exacts)s::bigint[]) AS k (n, parameter, beside, value, exact)
)""",
    "span": """, span_key AS (
    SELECT * FROM unnest(%(span_ns)s::integer[], %(span_parameters)s::integer[], %(span_besides)s::bigint[],
        %(span_lows)s::timestamptz[], %(span_highs)s::timestamptz[]) AS k (n, parameter, beside, low, high)
)""",
    "number": """, number_key AS (
    SELECT * FROM unnest(%(number_ns)s::integer[], %(number_parameters)s::integer[], %(number_besides)s::bigint[],
        %(number_lows)s::numeric[], %(number_highs)s::numeric[], %(number_systems)s::bigint[],
        %(number_codes)s::bigint[], %(number_units)s::bigint[], %(number_dimensions)s::bigint[],
        %(number_canonical_lows)s::float8[], %(number_canonical_highs)s::float8[])
        AS k (n, parameter, beside, low, high, system, code, unit, dimension, canonical_low, canonical_high)
)""",
}
_WRITTEN: Final[Mapping[str, LiteralString]] = {
    Kind.NEW: """, made AS (
    INSERT INTO clinical.resource
        (rid, organisation_id, type, id, id_key, version, last_updated, is_deleted, patient_id, body)
    SELECT rid, organisation_id, type, id, id_key, version, last_updated, is_deleted, patient_id, body
    FROM given WHERE is_new
)""",
    Kind.CHANGED: """, was AS (
    INSERT INTO clinical.version
        (rid, version, organisation_id, type, id, last_updated, is_deleted, patient_id, body)
    SELECT r.rid, r.version, r.organisation_id, r.type, r.id, r.last_updated, r.is_deleted, r.patient_id, r.body
    FROM clinical.resource AS r JOIN given ON given.rid = r.rid
), now AS (
    UPDATE clinical.resource AS r SET version = g.version, last_updated = g.last_updated, is_deleted = g.is_deleted,
        patient_id = g.patient_id, body = g.body
    FROM given AS g WHERE g.rid = r.rid AND NOT g.is_new
)""",
    # Whoever is written is compared with others soon.
    Kind.PATIENTS: """, uncompared AS (
    INSERT INTO clinical.uncompared (organisation_id, patient_rid)
    SELECT organisation_id, rid FROM given WHERE type = 'Patient' ORDER BY n
)""",
    "token": """, tokens AS (
    INSERT INTO clinical.token (organisation_id, parameter, value, system, rid)
    SELECT organisation_id, parameter, value, system, rid FROM token_key JOIN given USING (n)
)""",
    "text": """, texts AS (
    INSERT INTO clinical.text (organisation_id, parameter, beside, value, exact, rid)
    SELECT organisation_id, parameter, beside, value, exact, rid FROM text_key JOIN given USING (n)
)""",
    "span": """, spans AS (
    INSERT INTO clinical.span (organisation_id, parameter, beside, low, high, rid)
    SELECT organisation_id, parameter, beside, low, high, rid FROM span_key JOIN given USING (n)
)""",
    "number": """, numbers AS (
    INSERT INTO clinical.number (organisation_id, parameter, beside, low, high, system, code, unit, dimension,
        canonical_low, canonical_high, rid)
    SELECT organisation_id, parameter, beside, low, high, system, code, unit, dimension,
        canonical_low, canonical_high, rid
    FROM number_key JOIN given USING (n)
)""",
}
_FORGOTTEN: Final[Mapping[str, LiteralString]] = {
    "token": """, tokens AS (
    DELETE FROM clinical.token AS t USING given AS g, token_key AS k
    WHERE g.n = k.n AND t.organisation_id = g.organisation_id AND t.parameter = k.parameter AND t.value = k.value
        AND t.system = k.system AND t.rid = g.rid
)""",
    "text": """, texts AS (
    DELETE FROM clinical.text AS t USING given AS g, text_key AS k
    WHERE g.n = k.n AND t.organisation_id = g.organisation_id AND t.parameter = k.parameter AND t.beside = k.beside
        AND t.value = k.value AND t.exact = k.exact AND t.rid = g.rid
)""",
    "span": """, spans AS (
    DELETE FROM clinical.span AS t USING given AS g, span_key AS k
    WHERE g.n = k.n AND t.organisation_id = g.organisation_id AND t.parameter = k.parameter AND t.beside = k.beside
        AND t.low = k.low AND t.high = k.high AND t.rid = g.rid
)""",
    "number": """, numbers AS (
    DELETE FROM clinical.number AS t USING given AS g, number_key AS k
    WHERE g.n = k.n AND t.organisation_id = g.organisation_id AND t.parameter = k.parameter AND t.beside = k.beside
        AND t.low = k.low AND t.high = k.high AND t.system = k.system AND t.code = k.code AND t.unit = k.unit
        AND t.rid = g.rid
)""",
}


@cache
def write(parts: frozenset[str]) -> LiteralString:
    """Return the statement that writes resources as they are from now on, what they were, and the keys that come.

    ``parts`` are the key tables that get rows, and the kinds that there are.
    """
    given = """
WITH given AS (
    SELECT n, coalesce(was_rid, nextval('clinical.rid')) AS rid, was_rid IS NULL AS is_new, organisation_id, type, id,
        id_key, version, last_updated, is_deleted, patient_id, body
    FROM unnest(%(rids)s::bigint[], %(organisations)s::integer[], %(types)s::text[], %(ids)s::text[],
        %(id_keys)s::bigint[], %(versions)s::integer[], %(moments)s::timestamptz[], %(deleted)s::boolean[],
        %(patients)s::text[], %(bodies)s::bytea[]) WITH ORDINALITY
        AS g (was_rid, organisation_id, type, id, id_key, version, last_updated, is_deleted, patient_id, body, n)
), told AS (
    INSERT INTO clinical.changed (organisation_id, type, rid)
    SELECT g.organisation_id, g.type, g.rid FROM given AS g
    WHERE NOT g.is_deleted AND EXISTS (SELECT FROM clinical.subscription AS s
        WHERE s.organisation_id = g.organisation_id AND s.type = g.type AND s.is_active)
    ORDER BY g.n
)"""
    return given + _parts(_KEYS, parts) + _parts(_WRITTEN, parts) + "\nSELECT rid FROM given ORDER BY n"


@cache
def forget(tables: frozenset[str]) -> LiteralString:
    """Return the statement that removes the keys, in some of the key tables, by which resources are no longer found."""
    given = """
WITH given AS (
    SELECT g.n, g.rid, g.organisation_id FROM unnest(%(rids)s::bigint[], %(organisations)s::integer[])
        WITH ORDINALITY AS g (rid, organisation_id, n)
)"""
    return given + _parts(_KEYS, tables) + _parts(_FORGOTTEN, tables) + "\nSELECT"


def _parts(statements: Mapping[str, LiteralString], names: frozenset[str]) -> LiteralString:
    return "".join([statement for name, statement in statements.items() if name in names])
