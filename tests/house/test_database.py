"""The rules of the database: every statement fits the schema, every search keeps its index, no row leaks."""

import asyncio
import importlib
import re
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import LiteralString

import psycopg
import pytest
from psycopg._queries import MAX_CACHED_STATEMENT_LENGTH
from psycopg.sql import Composed

from lightwell.app.node import open_node
from lightwell.archive.query import Query
from lightwell.archive.store import associate, find, send
from lightwell.clinical.keys import TABLES
from lightwell.clinical.store import writing
from lightwell.core import tx
from lightwell.core.db.roles import Role
from tests.region import data_directory, populate, settings

_SOURCES = Path(__file__).parents[2] / "src"
_STUDIES = 20_000
_OPEN_TO_ALL = {
    # Looked at before anybody is known, or about the house itself.
    "core.organisation",
    "core.account",
    "core.membership",
    "core.session",
    "core.api_token",
    "core.saved_view",  # asked for by account, and holds nothing but filters
    "core.sign_in_attempt",
    "core.audit_window",  # who read whom is counted here; readable rows are in core.audit
    "core.audit_chain",  # hashes only
}
_FILL = """
INSERT INTO archive.study (organisation_id, study_instance_uid, patient_id, issuer_of_patient_id, patient_name,
    patient_birth_date, patient_sex, study_date, study_time, study_description, study_id, accession_number,
    referring_physician_name, institution_name, is_charset_repaired)
SELECT 1 + n %% 2, '1.2.3.' || n, 'P' || n, '', 'name', '', '', '2026' || lpad((n %% 365)::text, 4, '0'), '', '', '',
    'A' || n, '', '', false FROM generate_series(1, %(count)s) AS n;
"""
_FILL_KEYS = """
INSERT INTO archive.study_key (organisation_id, kind, key, study_id, study_date, study_time)
SELECT organisation_id, kind, key || id, id, study_date, study_time FROM archive.study,
    (VALUES ('patient_id', 'p'), ('accession_number', 'a'), ('patient_name', 'name ')) AS k (kind, key);
"""
_FILL_SERIES = """
INSERT INTO archive.series (organisation_id, study_id, series_instance_uid, modality, series_description, series_date,
    series_time, body_part_examined, protocol_name, station_name, manufacturer)
SELECT organisation_id, id, study_instance_uid || '.1', 'CT', '', '', '', '', '', '', '' FROM archive.study;
"""
_FILL_INSTANCES = """
INSERT INTO archive.instance (organisation_id, series_id, sop_instance_uid, sop_class_uid, transfer_syntax_uid,
    number_of_frames, blob, length, data_set_offset, digest, source, received_at)
SELECT organisation_id, id, series_instance_uid || '.1', '', '', 1, '1/1/' || id, 1, 0, '', '', now()
FROM archive.series;
"""
_FILL_ASSOCIATIONS = """
INSERT INTO archive.association (organisation_id, peer_id, is_ours, calling_ae, called_ae, address, is_tls, began_at,
    ended_at, outcome)
SELECT 1 + n %% 2, 1 + n %% 2, false, '', '', '', false, now(), now() - make_interval(secs => n), 'released'
FROM generate_series(1, %(count)s) AS n;
"""


@pytest.fixture(scope="module")
def conninfo() -> Generator[dict[Role, str]]:
    """A database with the real schema and 20,000 studies of two hospitals."""
    with data_directory() as data_dir:
        configured = settings(data_dir)

        async def prepare() -> dict[Role, str]:
            populate(configured)
            async with open_node(configured) as node:
                return {role: node.machines.database.conninfo(role) for role in Role}

        asyncio.run(prepare())
        embedded = importlib.import_module("lightwell.core.db.embedded").EmbeddedPostgres(data_dir)
        embedded.start()
        logins = {role: embedded.conninfo(role.value) for role in Role}
        with psycopg.connect(logins[Role.OWNER], autocommit=True) as owner:
            for statement in (_FILL, _FILL_KEYS, _FILL_SERIES, _FILL_INSTANCES, _FILL_ASSOCIATIONS):
                owner.execute(statement, {"count": _STUDIES})
            owner.execute("ANALYZE")
        yield logins
        embedded.stop()


def _store_modules() -> Iterator[str]:
    paths = [*_SOURCES.rglob("store.py"), *_SOURCES.rglob("store/*.py")]
    for path in sorted(paths):
        yield ".".join(path.relative_to(_SOURCES).with_suffix("").parts).removesuffix(".__init__")


def _statements() -> list[tuple[str, str]]:
    found = [("tx.BEGIN", tx.BEGIN), ("tx.BEGIN_ON_ONE_PLAN", tx.BEGIN_ON_ONE_PLAN), ("tx.PUBLISH", tx.PUBLISH)]
    for name in _store_modules():
        values = vars(importlib.import_module(name))
        written = {key: value for key, value in values.items() if key.isupper() and isinstance(value, str | Composed)}
        found += [
            (f"{name}.{key}", value if isinstance(value, str) else value.as_string()) for key, value in written.items()
        ]
    found += [
        (f"{name}.ONE_INSTANCE", find.ONE_INSTANCE.as_string()),
        (f"{name}.RETRIEVED", find.RETRIEVED.as_string()),
    ]
    found += [(f"retrieved.{'.'.join(keys)}", send.retrieved(keys).as_string()) for keys in _RETRIEVALS]
    found += [(f"write.{'.'.join(sorted(parts))}", writing.write(parts)) for parts in _WRITES]
    found += [(f"forget.{'.'.join(sorted(parts))}", writing.forget(parts.intersection(TABLES))) for parts in _WRITES]
    found += [(f"behind.{level}", find.search(level, [find.BEHIND[level]]).as_string()) for level in range(3)]
    return found + [
        (f"query.{item}", _composed(_QUERIES[item], is_dated=is_dated)[0].as_string())
        for item in _QUERIES
        for is_dated in (False, True)
    ]


_WRITES = [frozenset({part}) for part in (*TABLES, *writing.Kind)] + [frozenset({*TABLES, *writing.Kind})]
_RETRIEVALS = (
    ("patient_id",),
    ("patient_id", "issuer_of_patient_id"),
    ("studies", "series", "instances", "patient_id"),
)

# One search of each kind: level, what is asked, and the tables that must be reached by an index.
_QUERIES: dict[str, tuple[int, dict[str, str]]] = {
    "newest": (find.STUDY, {}),
    "uid": (find.STUDY, {"StudyInstanceUID": "1.2.3.5"}),
    "patient": (find.STUDY, {"PatientID": "p77"}),
    "patient_prefix": (find.STUDY, {"PatientID": "p77*"}),
    "patient_pattern": (find.STUDY, {"PatientID": "p7?7"}),
    "accession": (find.STUDY, {"AccessionNumber": "a77"}),
    "name": (find.STUDY, {"PatientName": "name 77"}),
    "name_prefix": (find.STUDY, {"PatientName": "name 77*"}),
    "name_pattern": (find.STUDY, {"PatientName": "*77?"}),
    "date": (find.STUDY, {"StudyDate": "20260101-20260102"}),
    "time": (find.STUDY, {"StudyTime": "08-09"}),
    "modalities": (find.STUDY, {"ModalitiesInStudy": "CT"}),
    "description": (find.STUDY, {"StudyDescription": "*chest*"}),
    "referrer": (find.STUDY, {"ReferringPhysicianName": "li*"}),
    "series_newest": (find.SERIES, {}),
    "series_of_study": (find.SERIES, {"StudyInstanceUID": "1.2.3.5"}),
    "series_uid": (find.SERIES, {"SeriesInstanceUID": "1.2.3.5.1"}),
    "series_modality": (find.SERIES, {"Modality": "CT", "SeriesNumber": "1"}),
    "instances_of_series": (find.INSTANCE, {"StudyInstanceUID": "1.2.3.5", "SeriesInstanceUID": "1.2.3.5.1"}),
    "instance_uid": (find.INSTANCE, {"SOPInstanceUID": "1.2.3.5.1.1"}),
    "series_request": (
        find.SERIES,
        {f"RequestAttributesSequence.{name}": "77" for name in ("ScheduledProcedureStepID", "RequestedProcedureID")},
    ),
    "series_request_prefix": (find.SERIES, {"RequestAttributesSequence.RequestedProcedureID": "77*"}),
    "instance_of_patient": (find.INSTANCE, {"PatientID": "p77", "InstanceNumber": "1"}),
}


_VALUES: dict[str, object] = {
    "organisations": [1],
    "mine": [1],
    "limit": 25,
    "rows": 25,
    "offset": 0,
    "study": "1.2.3.5",
    "studies": ["1.2.3.5"],
    "series": "1.2.3.5.1",
    "instance": "1.2.3.5.1.1",
    "instances": None,
}


def _composed(asked_at: tuple[int, dict[str, str]], *, is_dated: bool) -> tuple[Composed, dict[str, object]]:
    level, asked = asked_at
    query = Query(level)
    for keyword, value in asked.items():
        query.match(keyword, value)
    statement = find.search(level, query.conditions, query.key_ranges, is_dated=is_dated or query.is_dated)
    return statement, _VALUES | query.values | {"since": query.since or "20251201", "until": query.until}


def _numbered(statement: str) -> str:
    """Write %(name)s placeholders as PREPARE has them."""
    names: dict[str, int] = {}
    return re.sub(r"%\((\w+)\)[sb]", lambda match: f"${names.setdefault(match[1], len(names) + 1)}", statement)


@pytest.mark.parametrize(("name", "statement"), _statements(), ids=lambda value: value if "." in value else "")
def test_every_statement_fits_the_schema(conninfo: dict[Role, str], name: str, statement: str) -> None:
    role = Role.OWNER if ".audit.store" in name else Role.APP
    with psycopg.connect(conninfo[role]) as connection:
        connection.execute(f"PREPARE checked AS {_numbered(statement)}".encode())


def _plan(connection: psycopg.Connection, statement: object, values: dict[str, object]) -> str:
    connection.execute("SELECT set_config('lightwell.organisations', '{1}', true)")
    text = statement if isinstance(statement, str) else statement.as_string()  # type: ignore[attr-defined]
    rows = connection.execute(f"EXPLAIN (COSTS off) {text}".encode(), values).fetchall()
    return "\n".join(row[0] for row in rows)


@pytest.mark.parametrize("when", ["ever", "lately"])
@pytest.mark.parametrize("name", _QUERIES)
def test_every_search_keeps_its_index_under_row_level_security(conninfo: dict[Role, str], name: str, when: str) -> None:
    with psycopg.connect(conninfo[Role.APP]) as connection:
        plan = _plan(connection, *_composed(_QUERIES[name], is_dated=when == "lately"))
    for table in ("study", "study_key", "series", "instance"):
        assert f"Seq Scan on {table} " not in plan, plan


@pytest.mark.parametrize("is_oldest_first", [False, True], ids=["newest", "oldest"])
def test_the_list_comes_out_of_the_index_in_its_order(conninfo: dict[Role, str], *, is_oldest_first: bool) -> None:
    statement = find.search(find.STUDY, [], is_oldest_first=is_oldest_first)
    with psycopg.connect(conninfo[Role.APP]) as connection:
        plan = _plan(connection, statement, _VALUES)
    way = "Index Scan Backward using study_newest" if is_oldest_first else "Index Scan using study_newest"
    assert way in plan, plan
    assert "Sort" not in plan[plan.index("Limit", plan.index("Append")) : plan.index(way)], plan


@pytest.mark.parametrize("is_oldest_first", [False, True], ids=["newest", "oldest"])
@pytest.mark.parametrize("name", ["newest", "name_prefix", "date"])
def test_the_order_turned_round_finds_the_same(conninfo: dict[Role, str], name: str, *, is_oldest_first: bool) -> None:
    level, asked = _QUERIES[name]
    query = Query(level)
    for keyword, value in asked.items():
        query.match(keyword, value)
    statement = find.search(
        level, query.conditions, query.key_ranges, is_dated=query.is_dated, is_oldest_first=is_oldest_first
    )
    values = _VALUES | query.values | {"since": query.since, "until": query.until, "limit": 20000, "rows": 20000}
    with psycopg.connect(conninfo[Role.APP]) as connection:
        connection.execute("SELECT set_config('lightwell.organisations', '{1}', true)")
        rows = connection.execute(statement, values).fetchall()
    dates = [(row[6], row[7], row[14]) for row in rows]
    assert dates == sorted(dates, reverse=not is_oldest_first)
    assert len(dates) == {"newest": 10000, "name_prefix": len(dates), "date": len(dates)}[name] > 0


@pytest.mark.parametrize("name", ["ONE_INSTANCE", "RETRIEVED"])
def test_every_image_search_keeps_its_index_under_row_level_security(conninfo: dict[Role, str], name: str) -> None:
    values = _VALUES | ({"series": None} if name == "RETRIEVED" else {})
    with psycopg.connect(conninfo[Role.APP]) as connection:
        plan = _plan(connection, getattr(find, name), values)
    assert "Seq Scan" not in plan.replace("Seq Scan on access_grant", ""), plan


def test_the_last_associations_are_found_by_an_index(conninfo: dict[Role, str]) -> None:
    with psycopg.connect(conninfo[Role.APP]) as connection:
        plan = _plan(connection, associate.OF_EACH_PEER, {"peer": None, "limit": 10})
    assert "association_of_peer" in plan, plan


@pytest.mark.parametrize("keys", _RETRIEVALS, ids=".".join)
def test_every_retrieval_keeps_its_index_under_row_level_security(
    conninfo: dict[Role, str], keys: tuple[str, ...]
) -> None:
    values = _VALUES | {"series": ["1.2.3.5.1"], "instances": ["1.2.3.5.1.1"], "most": 100, "kind": "patient_id"}
    with psycopg.connect(conninfo[Role.APP]) as connection:
        whose = {"key": "p77", "patient_id": "P77", "issuer_of_patient_id": "x"}
        plan = _plan(connection, send.retrieved(keys), values | whose)
    assert "Seq Scan" not in plan, plan


def test_the_last_page_is_found_by_the_index(conninfo: dict[Role, str]) -> None:
    behind = {"behind": ["20260101", "080000"], "behind_study": 7}
    with psycopg.connect(conninfo[Role.APP]) as connection:
        plan = _plan(connection, find.search(find.STUDY, [find.BEHIND[find.STUDY]]), _VALUES | behind)
    assert "Index Cond: ((organisation_id = mine.organisation_id) AND (ROW(study_date" in plan, plan


def _rows_of(connection: psycopg.Connection, table: str, organisations: str) -> set[int]:
    connection.execute("SELECT set_config('lightwell.organisations', %s, true)", [organisations])
    rows = connection.execute(f"SELECT DISTINCT organisation_id FROM {table}".encode()).fetchall()  # noqa: S608
    return {row[0] for row in rows}


_TABLES_WITH_OWNERS = """
SELECT n.nspname || '.' || c.relname, c.relrowsecurity FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attname = 'organisation_id'
WHERE c.relkind = 'r' AND n.nspname IN ('core', 'archive') ORDER BY 1
"""


@pytest.mark.hazard("H-04")
def test_every_table_of_hospitals_has_row_level_security(conninfo: dict[Role, str]) -> None:
    with psycopg.connect(conninfo[Role.OWNER]) as connection:
        tables = dict(connection.execute(_TABLES_WITH_OWNERS).fetchall())
    assert {name for name, is_secured in tables.items() if not is_secured} <= _OPEN_TO_ALL
    assert len(tables) > 5


@pytest.mark.hazard("H-04")
@pytest.mark.parametrize("table", ["study", "study_key", "series", "instance", "peer", "association"])
def test_a_forgotten_where_leaks_nothing(conninfo: dict[Role, str], table: str) -> None:
    with psycopg.connect(conninfo[Role.APP]) as connection:
        assert _rows_of(connection, f"archive.{table}", "{1}") == {1}
        assert _rows_of(connection, f"archive.{table}", "{2}") == {2}
        assert _rows_of(connection, f"archive.{table}", "{1,2}") == {1, 2}
        assert _rows_of(connection, f"archive.{table}", "{}") == set()


def test_the_newest_of_a_name_come_out_of_the_index_of_keys(conninfo: dict[Role, str]) -> None:
    with psycopg.connect(conninfo[Role.APP]) as connection:
        statement, values = _composed((find.STUDY, {"PatientName": "name*"}), is_dated=True)
        plan = _plan(connection, statement, values | {"since": "20260360"})
    assert "Index Only Scan using study_key_newest" in plan, plan


@pytest.mark.parametrize("name", ["name_prefix", "patient_prefix"])
def test_looking_from_the_first_day_on_finds_the_same_as_without_a_day(conninfo: dict[Role, str], name: str) -> None:
    found: list[list[object]] = []
    with psycopg.connect(conninfo[Role.APP]) as connection:
        connection.execute("SELECT set_config('lightwell.organisations', '{1}', true)")
        for is_dated in (False, True):
            statement, values = _composed(_QUERIES[name], is_dated=is_dated)
            found.append(connection.execute(statement, values | {"limit": 500, "rows": 500, "since": "0"}).fetchall())
    assert len(found[0]) > 25
    assert found[0] == found[1]


@pytest.mark.hazard("H-04")
def test_without_a_transaction_of_ours_nothing_is_seen(conninfo: dict[Role, str]) -> None:
    with psycopg.connect(conninfo[Role.APP]) as connection:
        assert connection.execute("SELECT count(*) FROM archive.study").fetchone() == (0,)


@pytest.mark.hazard("H-04")
def test_the_server_cannot_write_for_another_hospital(conninfo: dict[Role, str]) -> None:
    with psycopg.connect(conninfo[Role.APP]) as connection:
        connection.execute("SELECT set_config('lightwell.organisations', '{1}', true)")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("INSERT INTO archive.checkpoint VALUES (2, 'x', 1)")


_NUMBER = "INSERT INTO clinical.patient_identifier (organisation_id, issuer, value, patient_rid) VALUES (%s, '', '', 1)"
_RESOURCE = """INSERT INTO clinical.resource
    (organisation_id, type, id, id_key, version, last_updated, is_deleted, patient_id, body)
VALUES (%s, 'Basic', 'one', 1, 1, now(), false, '', '')"""


@pytest.mark.hazard("H-04")
@pytest.mark.parametrize("organisation_id", [2, 999])
@pytest.mark.parametrize("statement", [_RESOURCE, _NUMBER], ids=["resource", "number"])
def test_nothing_is_written_for_a_hospital_that_is_another_or_is_not_there(
    conninfo: dict[Role, str], statement: LiteralString, organisation_id: int
) -> None:
    with psycopg.connect(conninfo[Role.APP]) as connection:
        connection.execute("SELECT set_config('lightwell.organisations', '{1}', true)")
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"):
            connection.execute(statement, [organisation_id])


def test_no_hospital_is_deleted(conninfo: dict[Role, str]) -> None:
    with psycopg.connect(conninfo[Role.APP]) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("DELETE FROM core.organisation WHERE id = 1")


def test_a_granted_study_is_seen_until_it_is_revoked(conninfo: dict[Role, str]) -> None:
    grant = (
        "INSERT INTO core.access_grant (organisation_id, subject_organisation_id, kind, resource, purpose, granted_by,"
        " until) VALUES (2, 1, 'study', '1.2.3.5', 'treatment', 'test', now() + interval '1 hour')"
    )
    with psycopg.connect(conninfo[Role.APP]) as connection:
        connection.execute("SELECT set_config('lightwell.organisations', '{2}', true)")
        connection.execute(grant)
        assert _rows_of(connection, "archive.study", "{1}") == {1, 2}
        assert _rows_of(connection, "archive.study_key", "{1}") == {1, 2}
        assert _rows_of(connection, "archive.instance", "{1}") == {1, 2}
        with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
            connection.execute("UPDATE core.access_grant SET revoked_at = now()")  # only the giver may
        connection.execute("SELECT set_config('lightwell.organisations', '{2}', true)")
        connection.execute("UPDATE core.access_grant SET revoked_at = now()")
        assert _rows_of(connection, "archive.study", "{1}") == {1}
        connection.rollback()


@pytest.mark.parametrize("role", list(Role))
def test_roles_own_nothing_they_should_not(conninfo: dict[Role, str], role: Role) -> None:
    with psycopg.connect(conninfo[Role.OWNER]) as connection:
        flags = connection.execute(
            "SELECT rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = %s", [role.value]
        ).fetchone()
        owned = connection.execute(
            "SELECT count(*) FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace"
            " WHERE n.nspname IN ('core', 'archive') AND pg_get_userbyid(c.relowner) = %s",
            [role.value],
        ).fetchone()
    assert flags == (False, False, False)
    assert (owned != (0,)) == (role is Role.OWNER)


def test_no_write_is_too_long_for_psycopg_to_remember_how_it_reads() -> None:
    everything = writing.write(frozenset({*TABLES, *writing.Kind}))
    assert len(everything) <= MAX_CACHED_STATEMENT_LENGTH
