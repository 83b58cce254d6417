"""The SQL that searches the record: fragments with holes, which ``clinical/search`` puts together.

``{r}`` is the alias of the resource that has to fulfil a condition, ``{k}`` that of its keys. Every table is asked for
the hospitals of the actor by name as well, so that the indexes, which begin with the hospital, are used.
"""

from collections.abc import Mapping
from typing import Final

from psycopg import sql

RESOURCES: Final = sql.SQL(
    "SELECT r.rid, r.organisation_id, r.type, r.id, r.version, r.last_updated, r.is_deleted, r.patient_id, r.body"
    "{keys} FROM {source}"
    " WHERE r.organisation_id = ANY (%(organisations)s) AND r.type = {type} AND NOT r.is_deleted AND {conditions}"
)
EVERY: Final = sql.SQL("clinical.resource AS r")
# Of what few have (a patient, an identifier, a name), those few are looked at, whatever else is asked for.
NARROW: Final = sql.SQL(
    "(WITH narrow AS MATERIALIZED ({rids}) SELECT DISTINCT rid FROM narrow) AS n"
    " JOIN clinical.resource AS r ON r.rid = n.rid"
)
COLUMNS: Final = sql.SQL(
    "SELECT f.rid, f.organisation_id, f.type, f.id, f.version, f.last_updated, f.is_deleted, f.patient_id, f.body"
    "{texts} FROM ({resources}) AS f"
)
PAGE: Final = sql.SQL("{page} WHERE {after} ORDER BY {order} LIMIT {limit}")
# Of what many have (a code, a status) the first in the order of an index are looked at before all are sorted. What they
# have in common with the last of these may also stand behind it, so only what comes before is sure.
FIRST: Final = sql.SQL(
    "WITH first AS MATERIALIZED ({first}) {page} WHERE {after} AND {inside} ORDER BY {order} LIMIT {limit}"
)
AMONG_FIRST: Final = sql.SQL("(SELECT DISTINCT rid FROM first) AS n JOIN clinical.resource AS r ON r.rid = n.rid")
FIRST_BY: Final[Mapping[tuple[str, bool], sql.SQL]] = {
    ("span", False): sql.SQL(
        "SELECT {k}.rid, {k}.low AS edge FROM clinical.span AS {k} WHERE"
        " {k}.organisation_id = (%(organisations)s::integer[])[1] AND {k}.parameter = {parameter} AND {k}.beside = 0"
        " AND {k}.low >= {begin} ORDER BY {k}.low LIMIT {most}"
    ),
    ("span", True): sql.SQL(
        "SELECT {k}.rid, {k}.high AS edge FROM clinical.span AS {k} WHERE"
        " {k}.organisation_id = (%(organisations)s::integer[])[1] AND {k}.parameter = {parameter} AND {k}.beside = 0"
        " AND {k}.high <= {begin} ORDER BY {k}.high DESC LIMIT {most}"
    ),
}
INSIDE: Final[Mapping[bool, sql.SQL]] = {
    True: sql.SQL("f.{name} < (SELECT max(edge) FROM first)"),
    False: sql.SQL("f.{name} > (SELECT min(edge) FROM first)"),
}
COUNT: Final = sql.SQL(
    "SELECT count(*) FROM {source}"
    " WHERE r.organisation_id = ANY (%(organisations)s) AND r.type = {type} AND NOT r.is_deleted AND {conditions}"
)
AMONG_THESE: Final = sql.SQL(
    "SELECT r.rid, r.version FROM clinical.resource AS r WHERE r.rid = ANY ({rids}::bigint[])"
    " AND r.organisation_id = ANY (%(organisations)s) AND r.type = {type} AND NOT r.is_deleted AND {conditions}"
)
# Which way is short depends on what is looked for, so each search has a plan of its own.
LIMIT_TIME: Final = """
SELECT set_config('statement_timeout', %(ms)s, true), set_config('plan_cache_mode', 'auto', true)
"""

TRUE: Final = sql.SQL("true")
AND: Final = sql.SQL(" AND ")
OR: Final = sql.SQL(" OR ")
GROUP: Final = sql.SQL("({inner})")
RIDS: Final[Mapping[str, sql.SQL]] = {
    "token": sql.SQL(
        "SELECT {k}.rid FROM clinical.token AS {k} WHERE {k}.organisation_id = ANY (%(organisations)s)"
        " AND {k}.parameter = {parameter} AND ({values})"
    ),
    "text": sql.SQL(
        "SELECT {k}.rid FROM clinical.text AS {k} WHERE {k}.organisation_id = ANY (%(organisations)s)"
        " AND {k}.parameter = {parameter} AND ({values})"
    ),
    "span": sql.SQL(
        "SELECT {k}.rid FROM clinical.span AS {k} WHERE {k}.organisation_id = ANY (%(organisations)s)"
        " AND {k}.parameter = {parameter} AND ({values})"
    ),
    "number": sql.SQL(
        "SELECT {k}.rid FROM clinical.number AS {k} WHERE {k}.organisation_id = ANY (%(organisations)s)"
        " AND {k}.parameter = {parameter} AND ({values})"
    ),
}
"""What has a key of a parameter with one of some values."""
AMONG: Final = sql.SQL("{r}.rid IN ({rids})")
HAS_NOT: Final = sql.SQL(
    "NOT EXISTS (SELECT FROM clinical.token AS {k} WHERE {k}.rid = {r}.rid AND {k}.parameter = {parameter}"
    " AND ({values}))"
)
HAS_ANY: Final[Mapping[str, sql.SQL]] = {
    "token": sql.SQL(
        "EXISTS (SELECT FROM clinical.token AS {k} WHERE {k}.rid = {r}.rid AND {k}.parameter = {parameter})"
    ),
    "text": sql.SQL(
        "EXISTS (SELECT FROM clinical.text AS {k} WHERE {k}.rid = {r}.rid AND {k}.parameter = {parameter}"
        " AND {k}.exact <> 0)"
    ),
    "span": sql.SQL(
        "EXISTS (SELECT FROM clinical.span AS {k} WHERE {k}.rid = {r}.rid AND {k}.parameter = {parameter})"
    ),
    "number": sql.SQL(
        "EXISTS (SELECT FROM clinical.number AS {k} WHERE {k}.rid = {r}.rid AND {k}.parameter = {parameter})"
    ),
}
NOT: Final = sql.SQL("NOT {inner}")

CODES: Final = sql.SQL("{k}.value = ANY ({values}::bigint[])")
CODE_IN_SYSTEM: Final = sql.SQL("({k}.value = {value} AND {k}.system = {system})")
CODES_IN_SYSTEMS: Final = sql.SQL(
    "({k}.value = ANY ({values}::bigint[])"
    " AND ({k}.value, {k}.system) IN (SELECT * FROM unnest({values}::bigint[], {systems}::bigint[])))"
)
SYSTEMS: Final = sql.SQL("{k}.system = ANY ({systems}::bigint[])")

BESIDE: Final = sql.SQL("({k}.beside = {beside} AND {inner})")
BEGINS: Final = sql.SQL("{k}.value >= {low} AND {k}.value < {high}")
EXACTLY: Final = sql.SQL("{k}.value = {value} AND {k}.exact = {exact}")
CONTAINS: Final = sql.SQL("position({value} in {k}.value) > 0")
ONE_OF_TEXTS: Final = sql.SQL("{k}.value = ANY ({values}::text[]) AND {k}.exact <> 0")

# What a stored span or number [low, high] is to what is asked for (R4 3.1.1.4.5).
SPANS: Final[Mapping[str, sql.SQL]] = {
    "eq": sql.SQL("{k}.low >= {start} AND {k}.high <= {end} AND {k}.low < {end}"),
    "ne": sql.SQL("({k}.low < {start} OR {k}.high > {end})"),
    "gt": sql.SQL("{k}.high > {end}"),
    "lt": sql.SQL("{k}.low < {start}"),
    "ge": sql.SQL("({k}.high > {end} OR ({k}.low >= {start} AND {k}.high <= {end}))"),
    "le": sql.SQL("({k}.low < {start} OR ({k}.low >= {start} AND {k}.high <= {end}))"),
    "sa": sql.SQL("{k}.low >= {end}"),
    "eb": sql.SQL("{k}.high <= {start}"),
    "ap": sql.SQL("{k}.low < {end} AND {k}.high > {start}"),
}
# Above a number is a point above it, or a range that ends above it: those are few, and have an index of their own.
NUMBERS: Final[Mapping[str, sql.SQL]] = {
    "eq": sql.SQL("{low} >= {least} AND {high} < {most} AND {low} < {most}"),
    "ne": sql.SQL("({low} < {least} OR {high} >= {most})"),
    "gt": sql.SQL("({low} > {number} OR ({low} < {high} AND {high} > {number}))"),
    "lt": sql.SQL("{low} < {number}"),
    "ge": sql.SQL("({low} >= {number} OR ({low} < {high} AND {high} >= {number}))"),
    "le": sql.SQL("{low} <= {number}"),
    "sa": sql.SQL("{low} > {number}"),
    "eb": sql.SQL("{low} < {number} AND {high} < {number}"),
    "ap": sql.SQL("{low} <= {most} AND {high} >= {least}"),
}
COLUMN: Final = sql.SQL("{k}.{name}")
AS_WRITTEN: Final = ("low", "high")
CANONICAL: Final = ("canonical_low", "canonical_high")
IN_UNIT: Final = sql.SQL("{inner} AND {k}.code = {code} AND {k}.system = {system}")
# What is beyond all measure, and what was written before units were read and waits to be keyed anew, has no dimension.
IN_DIMENSION: Final = sql.SQL("(({k}.dimension = {dimension} AND {inner}) OR ({k}.dimension = 0 AND {as_written}))")
IN_CODE_OR_UNIT: Final = sql.SQL("{inner} AND ({k}.code = {code} OR {k}.unit = {code})")

ID: Final = sql.SQL("{r}.id = ANY ({values}::text[])")
UPDATED: Final[Mapping[str, sql.SQL]] = {
    "eq": sql.SQL("{r}.last_updated >= {start} AND {r}.last_updated < {end}"),
    "ne": sql.SQL("({r}.last_updated < {start} OR {r}.last_updated >= {end})"),
    "gt": sql.SQL("{r}.last_updated >= {end}"),
    "lt": sql.SQL("{r}.last_updated < {start}"),
    "ge": sql.SQL("{r}.last_updated >= {start}"),
    "le": sql.SQL("{r}.last_updated < {end}"),
    "sa": sql.SQL("{r}.last_updated >= {end}"),
    "eb": sql.SQL("{r}.last_updated < {start}"),
    "ap": sql.SQL("{r}.last_updated >= {start} AND {r}.last_updated < {end}"),
}
# Whose reference leads to something that fulfils conditions itself, and to whom such a thing refers.
CHAINED: Final = sql.SQL(
    "{r}.rid IN (SELECT {k}.rid FROM clinical.token AS {k} JOIN clinical.resource AS {t}"
    " ON {t}.organisation_id = {k}.organisation_id AND {t}.type = {type} AND {t}.id_key = {k}.value"
    " WHERE {k}.organisation_id = ANY (%(organisations)s) AND {k}.parameter = {parameter} AND {k}.system = {system}"
    " AND NOT {t}.is_deleted AND {inner})"
)
REFERRED_BY: Final = sql.SQL(
    "({r}.organisation_id, {r}.id_key) IN (SELECT {k}.organisation_id, {k}.value FROM clinical.token AS {k}"
    " JOIN clinical.resource AS {t} ON {t}.rid = {k}.rid"
    " WHERE {k}.organisation_id = ANY (%(organisations)s) AND {k}.parameter = {parameter} AND {k}.system = {system}"
    " AND NOT {t}.is_deleted AND {inner})"
)

KEYS: Final[Mapping[tuple[str, bool], sql.SQL]] = {
    ("text", False): sql.SQL(
        "coalesce((SELECT min({k}.value) FROM clinical.text AS {k} WHERE {k}.rid = r.rid"
        " AND {k}.parameter = {parameter} AND {k}.exact <> 0), U&'\\+10FFFF')"
    ),
    ("text", True): sql.SQL(
        "coalesce((SELECT max({k}.value) FROM clinical.text AS {k} WHERE {k}.rid = r.rid"
        " AND {k}.parameter = {parameter} AND {k}.exact <> 0), '')"
    ),
    ("span", False): sql.SQL(
        "coalesce((SELECT min({k}.low) FROM clinical.span AS {k} WHERE {k}.rid = r.rid"
        " AND {k}.parameter = {parameter}), 'infinity')"
    ),
    ("span", True): sql.SQL(
        "coalesce((SELECT max({k}.high) FROM clinical.span AS {k} WHERE {k}.rid = r.rid"
        " AND {k}.parameter = {parameter}), '-infinity')"
    ),
    ("number", False): sql.SQL(
        "coalesce((SELECT min({k}.low) FROM clinical.number AS {k} WHERE {k}.rid = r.rid"
        " AND {k}.parameter = {parameter}), 'Infinity')"
    ),
    ("number", True): sql.SQL(
        "coalesce((SELECT max({k}.high) FROM clinical.number AS {k} WHERE {k}.rid = r.rid"
        " AND {k}.parameter = {parameter}), '-Infinity')"
    ),
}
"""By what is sorted: what has no value comes last, either way."""
OWN_KEYS: Final[Mapping[str, sql.SQL]] = {"_id": sql.SQL("r.id"), "_lastUpdated": sql.SQL("r.last_updated")}
KEY_AS: Final = sql.SQL(", {key} AS {name}")
AS_TEXT: Final = sql.SQL(", f.{name}::text AS {text}")  # as a page remembers it; the end of time fits into no datetime
TYPED: Final[Mapping[str, sql.SQL]] = {
    "text": sql.SQL('{value}::text COLLATE "C"'),
    "span": sql.SQL("{value}::timestamptz"),
    "number": sql.SQL("{value}::numeric"),
    "rid": sql.SQL("{value}::bigint"),
}
RISING: Final[Mapping[bool, sql.SQL]] = {True: sql.SQL("f.{name} ASC"), False: sql.SQL("f.{name} DESC")}
FURTHER: Final[Mapping[bool, sql.SQL]] = {True: sql.SQL("f.{name} > {value}"), False: sql.SQL("f.{name} < {value}")}
SAME: Final = sql.SQL("f.{name} = {value}")

INCLUDED: Final = """
SELECT DISTINCT r.rid, r.organisation_id, r.type, r.id, r.version, r.last_updated, r.is_deleted, r.patient_id, r.body
FROM clinical.token AS k
JOIN unnest(%(types)s::text[], %(systems)s::bigint[]) AS t (type, system) ON t.system = k.system
JOIN clinical.resource AS r ON r.organisation_id = k.organisation_id AND r.type = t.type AND r.id_key = k.value
WHERE k.rid = ANY (%(rids)s) AND k.parameter = ANY (%(parameters)s)
    AND NOT r.is_deleted AND NOT r.rid = ANY (%(known)s)
ORDER BY r.rid LIMIT %(limit)s
"""
REFERRING: Final = """
SELECT DISTINCT r.rid, r.organisation_id, r.type, r.id, r.version, r.last_updated, r.is_deleted, r.patient_id, r.body
FROM clinical.token AS k JOIN clinical.resource AS r ON r.rid = k.rid
WHERE k.organisation_id = ANY (%(organisations)s) AND k.parameter = ANY (%(parameters)s)
    AND k.value = ANY (%(values)s)
    AND (k.organisation_id, k.value, k.system) IN (
        SELECT * FROM unnest(%(owners)s::integer[], %(values)s::bigint[], %(systems)s::bigint[]))
    AND NOT r.is_deleted AND NOT r.rid = ANY (%(known)s)
ORDER BY r.rid LIMIT %(limit)s
"""
IN_RECORD: Final = """
SELECT r.rid, r.organisation_id, r.type, r.id, r.version, r.last_updated, r.is_deleted, r.patient_id, r.body
FROM clinical.resource AS r
WHERE r.organisation_id = ANY (%(organisations)s) AND NOT r.is_deleted AND r.rid > %(after)s
    AND (cardinality(%(types)s::text[]) = 0 OR r.type = ANY (%(types)s))
    AND r.last_updated >= %(since)s
    AND r.rid IN (SELECT k.rid FROM clinical.token AS k
        WHERE k.organisation_id = ANY (%(organisations)s) AND k.parameter = %(parameter)s AND k.value = %(value)s
            AND k.system = %(system)s AND k.rid > %(after)s)
ORDER BY r.rid LIMIT %(limit)s
"""
