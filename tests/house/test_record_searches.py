"""Every search of the medical record fits the schema and keeps its index under row-level security."""

import re
from collections.abc import Generator, Iterator
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from psycopg import sql

from lightwell.clinical.keys import TABLES, hashed, parameter_number
from lightwell.clinical.search.finding import statement_of
from lightwell.clinical.store.writing import forget
from lightwell.core.db.embedded import EmbeddedPostgres
from lightwell.core.db.roles import Role
from lightwell.standards.fhir.search.query import parse_search
from lightwell.standards.fhir.search.values import Place
from tests.region import data_directory, populate, settings

_OBSERVATIONS = 20_000
_PATIENTS = 500
_NOW = datetime(2026, 11, 26, tzinfo=UTC)
_LOINC = "http://loinc.org"
_TABLES = ("resource", "token", "text", "span", "number")
_SEARCHES = {
    "newest of a code": "Observation?patient=p7&code=http://loinc.org|c3&_sort=-date",
    "codes": "Observation?patient=Patient/p7&code=c3,http://loinc.org|c4,http://loinc.org|c5",
    "not": "Observation?patient=p7&code:not=c3",
    "missing": "Observation?patient=p7&value-quantity:missing=true",
    "identifier": "Patient?identifier=urn:mrn|p7",
    "of type": "Patient?identifier:of-type=http://terminology.hl7.org/CodeSystem/v2-0203|MR|p7",
    "name": "Patient?name=name7",
    "exact name": "Patient?name:exact=name7",
    "name sorted": "Patient?name=name7&_sort=name,-birthdate",
    "date": "Observation?date=ge2026-11-25",
    "approximately": "Observation?date=ap2026-11-25",
    "quantity": "Observation?patient=p7&value-quantity=gt71|http://unitsofmeasure.org|/min",
    "quantity of everybody": "Observation?value-quantity=gt2|http://unitsofmeasure.org|/s",
    "unit": "Observation?patient=p7&value-quantity=71||/min",
    "composite": "Observation?patient=p7&code-value-quantity=http://loinc.org|c3$gt60",
    "uri": "ValueSet?url=http://a.b/c",
    "above": "ValueSet?url:above=http://a.b/c/d",
    "chained": "Observation?patient.name=name7",
    "has": "Patient?_has:Observation:patient:code=c3",
    "id": "Observation?_id=o7,o8",
    "updated": "Observation?_lastUpdated=ge2026-11-25&_sort=-_lastUpdated",
    "reference by identifier": "Observation?subject:identifier=urn:mrn|p7",
}


@pytest.fixture(scope="module")
def conninfo() -> Generator[str]:
    """A record of 20,000 observations, as the server logs in."""
    with data_directory() as data_dir:
        populate(settings(data_dir))
        embedded = EmbeddedPostgres(data_dir)
        embedded.start()
        with psycopg.connect(embedded.conninfo(Role.OWNER.value), autocommit=True) as owner:
            for table, rows in _rows().items():
                with owner.cursor().copy(sql.SQL("COPY clinical.{} FROM STDIN").format(sql.Identifier(table))) as copy:
                    for row in rows:
                        copy.write_row(row)
            owner.execute("ANALYZE")
        yield embedded.conninfo(Role.APP.value)
        embedded.stop()


def _rows() -> dict[str, Iterator[tuple[object, ...]]]:
    numbers = range(1, _OBSERVATIONS + 1)

    def key(code: str, kind: str = "Observation") -> int:
        return parameter_number(kind, code)

    def moment(number: int) -> datetime:
        return _NOW - timedelta(minutes=number)

    patient, loinc = hashed("Patient"), hashed(_LOINC)
    return {
        "resource": (
            (n, 1 + n % 2, "Observation", f"o{n}", hashed(f"o{n}"), 1, moment(n), False, f"p{n % _PATIENTS}", b"{}")
            for n in numbers
        ),
        "token": (
            row
            for n in numbers
            for row in (
                (1 + n % 2, key("patient"), hashed(f"p{n % _PATIENTS}"), patient, n),
                (1 + n % 2, key("code"), hashed(f"c{n % 40}"), loinc, n),
            )
        ),
        "text": ((1 + n % 2, key("name", "Patient"), 0, f"name{n}", hashed(f"name{n}"), n) for n in numbers),
        "span": ((1 + n % 2, key("date"), 0, moment(n), moment(n - 1), n) for n in numbers),
        "number": (
            (
                1 + n % 2,
                key("value-quantity"),
                0,
                n % 200,
                n % 200,
                1,
                2,
                3,
                n,
                hashed("s-1"),
                n % 200 / 60,
                n % 200 / 60,
            )
            for n in numbers
        ),
    }


@pytest.mark.parametrize("name", _SEARCHES)
def test_a_search_keeps_its_index_under_row_level_security(conninfo: str, name: str) -> None:
    type_name, _, query = _SEARCHES[name].partition("?")
    pairs = [tuple(pair.split("=", 1)) for pair in query.split("&")]
    search = parse_search(type_name, pairs, Place(), is_strict=True)
    statement, values = statement_of(search, "", 21)
    with psycopg.connect(conninfo) as connection:
        connection.execute("SELECT set_config('lightwell.organisations', '{1}', true)")
        rows = connection.execute(sql.SQL("EXPLAIN {}").format(statement), values | {"organisations": [1]}).fetchall()
    plan = "\n".join(row[0] for row in rows)
    for table in _TABLES:
        assert f"Seq Scan on {table} " not in plan, plan


@pytest.mark.parametrize(("sort", "way"), [("date", "span_pkey"), ("-date", "Backward using span_high")])
def test_what_comes_first_comes_out_of_the_index_in_its_order(conninfo: str, sort: str, way: str) -> None:
    search = parse_search("Observation", [("code", "http://loinc.org|c3"), ("_sort", sort)], Place())
    statement, values = statement_of(search, "", 21, most=500)
    with psycopg.connect(conninfo) as connection:
        connection.execute("SELECT set_config('lightwell.organisations', '{1}', true)")
        rows = connection.execute(sql.SQL("EXPLAIN {}").format(statement), values | {"organisations": [1]}).fetchall()
    plan = "\n".join(row[0] for row in rows)
    first = plan[plan.index("CTE first") :]
    assert way in first, plan
    assert "Sort" not in first[: first.index(way)], plan


@pytest.mark.parametrize("table", TABLES)
def test_keys_are_removed_by_their_resource_and_nobody_elses_are_looked_at(conninfo: str, table: str) -> None:
    names: dict[str, int] = {}
    statement = forget(frozenset(TABLES))
    numbered = re.sub(r"%\((\w+)\)s", lambda match: f"${names.setdefault(match[1], len(names) + 1)}", statement)
    with psycopg.connect(conninfo, cursor_factory=psycopg.RawCursor) as connection:
        rows = connection.execute(f"EXPLAIN (GENERIC_PLAN, COSTS off) {numbered}".encode()).fetchall()
    plan = "\n".join(row[0] for row in rows)
    way = plan[plan.index(f" on {table} ", plan.index(f"Delete on {table} ") + len(f"Delete on {table} ")) :]
    assert "(rid = g" in way.splitlines()[1], plan
