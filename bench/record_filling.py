"""A record that is filled below its API, by COPY: resources with their keys, as the server would write them.

What else the server writes is not there: the audit trail, and by what patients are told apart.
"""

import random
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import psycopg
from psycopg import sql

from lightwell.clinical.keys import TABLES, Keys, hashed, keys_of
from lightwell.clinical.records import stamp
from lightwell.standards.fhir.resource import Resource, encode_resource
from lightwell.standards.fhir.search.values import Place
from tests.region import Region, Server

Family = Callable[[random.Random, str], Sequence[Resource]]
"""Makes a patient of an ID, and what belongs to them."""
_PROCESSES: Final = 2
_BATCH: Final = 100
_BEGIN: Final = datetime(2026, 1, 1, tzinfo=UTC)
_ESCAPES: Final = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_RESOURCE: Final = (
    *("rid", "organisation_id", "type", "id", "id_key", "version", "last_updated", "is_deleted", "patient_id", "body"),
)


def fill(server: Server, region: Region, family: Family, families: int) -> list[str]:
    """Put so many families into the record of hospital A; return the IDs of their patients."""
    place = str(server.settings.data_dir / "postgres-socket")
    share = families // _PROCESSES
    parts = [(place, region.a, f"{server.url}/fhir", family, number, share) for number in range(_PROCESSES)]
    with ProcessPoolExecutor(_PROCESSES) as processes:
        found = [identifier for own in processes.map(_fill, parts) for identifier in own]
    server.query("VACUUM ANALYZE")
    return found


def _fill(part: tuple[str, int, str, Family, int, int]) -> list[str]:
    place, organisation, address, family, number, count = part
    rng, patients = random.Random(number), list[str]()
    base = Place(address, UTC)
    with psycopg.connect(host=place, port=5432, user="postgres", dbname="lightwell", autocommit=True) as connection:
        connection.execute("SET synchronous_commit = off")
        for begin in range(0, count, _BATCH):
            ids = [str(UUID(int=rng.getrandbits(128))) for _ in range(min(_BATCH, count - begin))]
            patients += ids
            _copy(connection, organisation, base, [one for key in ids for one in family(rng, key)], rng)
    return patients


def _copy(
    connection: psycopg.Connection[Any],
    organisation: int,
    base: Place,
    resources: Sequence[Resource],
    rng: random.Random,
) -> None:
    """Write resources with their keys, in one transaction."""
    with connection.transaction():
        rows = connection.execute("SELECT nextval('clinical.rid') FROM generate_series(1, %s)", [len(resources)])
        rids = [row[0] for row in rows.fetchall()]
        ready: list[tuple[int, Keys]] = []
        written: list[str] = []
        for rid, resource in zip(rids, resources, strict=True):
            moment = _BEGIN + timedelta(milliseconds=rng.randrange(20_000_000_000))
            stamped = stamp(resource, resource["id"], 1, moment)
            keys = keys_of(stamped, base)
            body = "\\\\x" + encode_resource(stamped).hex()
            values = (rid, organisation, resource["resourceType"], resource["id"], hashed(resource["id"]), 1)
            written.append(_line((*values, moment.isoformat(), "f", keys.patient_id), body))
            ready.append((rid, keys))
        _send(connection, "resource", _RESOURCE, written)
        for table, contents in TABLES.items():
            columns = [name.removesuffix("s") for name in contents]
            lines = [_line((organisation, rid, *row)) for rid, keys in ready for row in keys.rows(table)]
            _send(connection, table, ("organisation_id", "rid", *columns), lines)


def _line(values: Iterable[object], last: str = "") -> str:
    texts = [str(value).translate(_ESCAPES) if isinstance(value, str) else str(value) for value in values]
    return "\t".join([*texts, last] if last else texts)


def _send(connection: psycopg.Connection[Any], table: str, columns: Sequence[str], lines: Sequence[str]) -> None:
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    copy = sql.SQL("COPY clinical.{} ({}) FROM STDIN").format(sql.Identifier(table), names)
    with connection.cursor().copy(copy) as target:
        target.write("".join(f"{line}\n" for line in lines))
