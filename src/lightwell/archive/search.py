"""Searching the index, as the actor of the transaction; every search is written to the audit trail."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, Protocol, TypeVar

from psycopg import sql

from lightwell.archive.index import Index
from lightwell.archive.model import InstanceRow, Match, SeriesRow, StudyRow
from lightwell.archive.query import KeyRange, Query
from lightwell.archive.store import find
from lightwell.core.errors import NotFound
from lightwell.core.tx import Tx

MOST_ROWS: Final = 5000
_FREQUENT: Final = 3000
_PURPOSE: Final = "treatment"
_STUDY_COLUMNS: Final = 19
_SERIES_COLUMNS: Final = 16
_T = TypeVar("_T")


async def matches(tx: Tx, index: Index, query: Query, screen: str) -> list[Match]:
    """Return what the actor may see of what a query asks for, newest study first.

    All images that were acknowledged before are looked through.
    """
    await index.flushed()
    mine = list(tx.actor.organisation_ids)
    wanted = mine if query.organisation_ids is None else [o for o in mine if o in query.organisation_ids]
    limit = min(query.limit, MOST_ROWS)
    values = query.values | {
        "organisations": wanted,
        "mine": mine,
        "limit": limit,
        "offset": query.offset,
        "rows": limit + query.offset,
    }
    conditions = [*query.conditions, *[await _condition(tx, keys, values) for keys in query.key_ranges]]
    cursor = await tx.connection.execute(find.search(query.level, conditions), values)
    found = [_match(query.level, row) for row in await cursor.fetchall()]
    await note(tx, (match.study for match in found), screen)
    return found


async def _condition(tx: Tx, keys: KeyRange, values: Mapping[str, Any]) -> sql.Composed:
    """Return how a range of keys is looked for: from the keys if few studies have them, else from the studies."""
    cursor = await tx.connection.execute(keys.as_sql(find.HOW_FREQUENT), {**values, "frequent": _FREQUENT})
    row = await cursor.fetchone()
    is_frequent = row is not None and row[0] == _FREQUENT
    return keys.as_sql(find.FREQUENT_KEYS if is_frequent else find.RARE_KEYS)


def _match(level: int, row: Sequence[Any]) -> Match:
    values: list[Any] = [*row[:_STUDY_COLUMNS], row[-1]]
    study = StudyRow(*values)
    if level == find.STUDY:
        return Match(study)
    rest = row[_STUDY_COLUMNS:-1]
    series = SeriesRow(*rest[:_SERIES_COLUMNS])
    if level == find.SERIES:
        return Match(study, series)
    owner = (study.organisation_id, study.patient_id, study.study_instance_uid, series.series_instance_uid)
    return Match(study, series, InstanceRow(*owner, *rest[_SERIES_COLUMNS:-1]))


async def instance(
    tx: Tx, index: Index, study_uid: str, series_uid: str, instance_uid: str, screen: str
) -> InstanceRow:
    """Return one instance with the place of its bytes.

    Raises:
        NotFound: there is none, or it belongs to a hospital that the actor cannot see.
    """
    await index.flushed()
    values = {"study": study_uid, "series": series_uid, "instance": instance_uid}
    cursor = await tx.connection.execute(find.ONE_INSTANCE, values)
    row = _first([InstanceRow(*row) for row in await cursor.fetchall()], "image")
    await note(tx, [row], screen)
    return row


async def retrieved(
    tx: Tx,
    index: Index,
    screen: str,
    *,
    studies: Sequence[str],
    series: Sequence[str] | None = None,
    instances: Sequence[str] | None = None,
) -> list[InstanceRow]:
    """Return all instances of studies, or of some of their series, or some instances, in the order of reading."""
    await index.flushed()
    values = {
        "studies": list(studies),
        "series": None if series is None else list(series),
        "instances": None if instances is None else list(instances),
    }
    cursor = await tx.connection.execute(find.RETRIEVED, values)
    rows = [InstanceRow(*row) for row in await cursor.fetchall()]
    await note(tx, rows, screen)
    return rows


def _first(rows: Sequence[_T], what: str) -> _T:
    if not rows:
        message = f"there is no such {what}, or it is not yours to see"
        raise NotFound(message)
    return rows[0]


class OfPatient(Protocol):
    """Something of a patient of a hospital."""

    @property
    def organisation_id(self) -> int: ...  # noqa: D102
    @property
    def patient_id(self) -> str: ...  # noqa: D102


async def note(tx: Tx, rows: Iterable[OfPatient], screen: str) -> None:
    """Write to the audit trail whose data the actor saw."""
    subjects = {(row.organisation_id, f"patient/{row.patient_id}") for row in rows}
    await tx.audit_read(subjects, purpose=_PURPOSE, screen=screen)
