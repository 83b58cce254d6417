"""Searching the index, as the actor of the transaction; every search is written to the audit trail."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from lightwell.archive.index import Index
from lightwell.archive.keys import normalise, prefix_range
from lightwell.archive.model import InstanceRow, SeriesRow, StudyRow
from lightwell.archive.store import find
from lightwell.core.errors import InvalidRequest, NotFound
from lightwell.core.tx import Tx

MOST_ROWS: Final = 5000
_PURPOSE: Final = "treatment"
_T = TypeVar("_T")


@dataclass(slots=True)
class StudyQuery:
    """Which studies; everything that is given must hold."""

    limit: int = 100
    offset: int = 0
    organisation_ids: Sequence[int] | None = None
    conditions: list[str] = field(default_factory=list[str])
    values: dict[str, Any] = field(default_factory=dict[str, Any])

    def uids(self, uids: Sequence[str]) -> None:
        """Ask for studies by UID."""
        self.conditions.append("study_instance_uids")
        self.values["study_instance_uids"] = list(uids)

    def key(self, kind: str, pattern: str) -> None:
        """Ask for a key: exact, or a prefix with ``*`` at its end; a name may begin with ``*`` too.

        Raises:
            InvalidRequest: a wildcard in another place.
        """
        text = normalise(pattern.lstrip("*") if kind == "patient_name" else pattern)
        if text in {"", "*"}:
            return
        if not text.endswith("*"):
            self._wildcard_free(text)
            self.conditions.append(kind)
            self.values[kind] = text
            return
        stem = text.rstrip("*").rstrip()
        self._wildcard_free(stem)
        self.conditions.append(f"{kind}_prefix")
        self.values[f"{kind}_from"], self.values[f"{kind}_to"] = prefix_range(stem)

    def text(self, text: str) -> None:
        """Ask for name, patient ID or accession number that begin with the text."""
        stem = normalise(text.rstrip("*"))
        if stem:
            self._wildcard_free(stem)
            self.conditions.append("search")
            self.values["search_from"], self.values["search_to"] = prefix_range(stem)

    def dates(self, first: str, last: str) -> None:
        """Ask for study dates from first to last, both included (YYYYMMDD)."""
        self.conditions.append("study_date")
        self.values |= {"study_date_from": first or "0", "study_date_to": last or "9"}

    def modalities(self, modalities: Sequence[str]) -> None:
        """Ask for studies that have a series of one of the modalities."""
        self.conditions.append("modalities")
        self.values["modalities"] = list(modalities)

    @staticmethod
    def _wildcard_free(text: str) -> None:
        if "*" in text or "?" in text:
            message = "a wildcard is taken at the end of a value; write for example wang*"
            raise InvalidRequest(message)


async def studies(tx: Tx, index: Index, query: StudyQuery, screen: str) -> list[StudyRow]:
    """Return the studies that the actor may see, newest first; all that was acknowledged before is looked through."""
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
    cursor = await tx.connection.execute(find.studies(query.conditions), values)
    rows = [StudyRow(*row) for row in await cursor.fetchall()]
    await _note(tx, rows, screen)
    return rows


async def study(tx: Tx, index: Index, study_instance_uid: str, screen: str) -> StudyRow:
    """Return one study.

    Raises:
        NotFound: there is none, or it belongs to a hospital that the actor cannot see.
    """
    query = StudyQuery(limit=1)
    query.uids([study_instance_uid])
    found = await studies(tx, index, query, screen)
    return _first(found, "study")


async def series(tx: Tx, index: Index, study_instance_uid: str, screen: str) -> list[SeriesRow]:
    """Return the series of a study, in their order."""
    parent = await study(tx, index, study_instance_uid, screen)
    cursor = await tx.connection.execute(find.SERIES, {"study": parent.id})
    return [SeriesRow(*row) for row in await cursor.fetchall()]


async def instances(
    tx: Tx, index: Index, study_uid: str, series_uid: str, screen: str, limit: int = MOST_ROWS, offset: int = 0
) -> list[InstanceRow]:
    """Return the instances of a series, in their order."""
    await index.flushed()
    values = {"study": study_uid, "series": series_uid, "limit": limit, "offset": offset}
    cursor = await tx.connection.execute(find.INSTANCES, values)
    rows = [InstanceRow(*row) for row in await cursor.fetchall()]
    await _note(tx, rows, screen)
    return rows


async def instance(
    tx: Tx, index: Index, study_uid: str, series_uid: str, instance_uid: str, screen: str
) -> InstanceRow:
    """Return one instance with the place of its bytes.

    Raises:
        NotFound: there is none, or it belongs to a hospital that the actor cannot see.
    """
    await index.flushed()
    values = {"study": study_uid, "series": series_uid, "instance": instance_uid}
    cursor = await tx.connection.execute(find.INSTANCE, values)
    row = _first([InstanceRow(*row) for row in await cursor.fetchall()], "image")
    await _note(tx, [row], screen)
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
    await _note(tx, rows, screen)
    return rows


def _first(rows: Sequence[_T], what: str) -> _T:
    if not rows:
        message = f"there is no such {what}, or it is not yours to see"
        raise NotFound(message)
    return rows[0]


async def _note(tx: Tx, rows: Iterable[StudyRow | InstanceRow], screen: str) -> None:
    subjects = {(row.organisation_id, f"patient/{row.patient_id}") for row in rows}
    await tx.audit_read(subjects, purpose=_PURPOSE, screen=screen)
