"""Searching the index, as the actor of the transaction; every search is written to the audit trail."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from datetime import date, timedelta
from typing import Any, Final, Protocol, TypeVar

from lightwell.archive.index import Index
from lightwell.archive.model import InstanceRow, Match, SeriesRow, StudyRow
from lightwell.archive.query import Query
from lightwell.archive.store import find
from lightwell.core import clock
from lightwell.core.actors import Actor
from lightwell.core.audit.record import Reader
from lightwell.core.errors import Conflict, NotFound
from lightwell.core.machines import Machines
from lightwell.core.tx import Tx

MOST_ROWS: Final = 5000
_FIRST_DAYS: Final = (1, 60)
_PURPOSE: Final = "treatment"
_STUDY_COLUMNS: Final = 19
_SERIES_COLUMNS: Final = 16
_T = TypeVar("_T")
_S = TypeVar("_S", bound="OfStudy")


async def matches(tx: Tx, index: Index, query: Query, screen: str) -> list[Match]:
    """Return what the actor may see of what a query asks for, newest study first unless it says otherwise.

    All images that were acknowledged before are looked through. Names that many have are looked for among the newest
    studies first: the last days hold enough of them, and the years before need not be put in order.
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
        "until": query.until,
    }
    found: list[Match] = []
    for since in [*await _recent_dates(tx, query, wanted), query.since]:
        is_dated = query.is_dated or since > query.since
        asked = (query.level, query.conditions, query.key_ranges)
        statement = find.search(*asked, is_dated=is_dated, is_oldest_first=query.is_oldest_first)
        cursor = await tx.connection.execute(statement, {**values, "since": since})
        found = [_match(query.level, row) for row in await cursor.fetchall()]
        if len(found) == limit:
            break
    await note(tx, (match.study for match in found), screen)
    return found


async def _recent_dates(tx: Tx, query: Query, organisation_ids: Sequence[int]) -> list[str]:
    """Return from which dates on names are looked for first: the last days of which there are studies, their season."""
    if not query.key_ranges or query.is_oldest_first:
        return []
    today = f"{clock.now():%Y%m%d}"
    values = {"organisations": organisation_ids, "until": min(query.until, today)}
    row = await (await tx.connection.execute(find.NEWEST_DATE, values)).fetchone()
    last = _date_of(row[0] or "" if row else "")
    dates = [f"{last - timedelta(days):%Y%m%d}" for days in _FIRST_DAYS] if last else []
    return [since for since in dates if since > query.since]


def _date_of(text: str) -> date | None:
    with suppress(ValueError):
        return date.fromisoformat(text)
    return None


def _match(level: int, row: Sequence[Any]) -> Match:
    values: list[Any] = [*row[:_STUDY_COLUMNS], *row[-2:]]
    study = StudyRow(*values)
    if level == find.STUDY:
        return Match(study)
    rest = row[_STUDY_COLUMNS:-2]
    series = SeriesRow(*rest[:_SERIES_COLUMNS])
    if level == find.SERIES:
        return Match(study, series)
    owner = (study.organisation_id, study.patient_id, study.study_instance_uid, series.series_instance_uid)
    return Match(study, series, InstanceRow(*owner, *rest[_SERIES_COLUMNS:-1]), rest[-1])


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
    row = first(of_one_hospital(tx, [InstanceRow(*row) for row in await cursor.fetchall()]), "image")
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
    rows = of_one_hospital(tx, [InstanceRow(*row) for row in await cursor.fetchall()])
    await note(tx, rows, screen)
    return rows


class OfStudy(Protocol):
    """A study of a hospital, or something in it."""

    @property
    def organisation_id(self) -> int: ...  # noqa: D102
    @property
    def study_instance_uid(self) -> str: ...  # noqa: D102


def of_one_hospital(tx: Tx, rows: Sequence[_S]) -> list[_S]:
    """Return what there is of each study as one hospital has them: two may have it, each with patient data of its own.

    Raises:
        Conflict: several that the actor belongs to have a study; the caller has to say which.
    """
    owners: dict[str, set[int]] = {}
    for row in rows:
        owners.setdefault(row.study_instance_uid, set()).add(row.organisation_id)
    owner = {uid: _owner(tx, found) for uid, found in owners.items()}
    return [row for row in rows if row.organisation_id == owner[row.study_instance_uid]]


def _owner(tx: Tx, found: Collection[int]) -> int:
    own = [number for number in found if number in tx.actor.organisation_ids]
    if len(own) > 1:
        codes = [code for code, number in tx.actor.codes.items() if number in own]
        message = f"several hospitals have this study; add ?organisation= and one of {', '.join(codes)}"
        raise Conflict(message)
    return own[0] if own else min(found)


def first(rows: Sequence[_T], what: str) -> _T:
    """Return the first row.

    Raises:
        NotFound: there is none.
    """
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


def count(machines: Machines, actor: Actor, row: OfPatient, screen: str) -> None:
    """Count in the audit trail that the actor saw the same patient's data once more."""
    machines.repeats.add(Reader.of(actor, _PURPOSE, screen), Counter((_subject(row),)))


def _subject(row: OfPatient) -> tuple[int, str]:
    return row.organisation_id, f"patient/{row.patient_id}"


async def note(tx: Tx, rows: Iterable[OfPatient], screen: str) -> None:
    """Write to the audit trail whose data the actor saw."""
    await tx.audit_read({_subject(row) for row in rows}, purpose=_PURPOSE, screen=screen)
