"""Which objects of a kind a study has, as one hospital has them."""

from collections.abc import Iterable, Sequence

from lightwell.archive import search
from lightwell.archive.derived.making import MANUFACTURER
from lightwell.archive.model import InstanceRow, Match, StudyRow
from lightwell.archive.query import Query
from lightwell.archive.room import Archive
from lightwell.archive.store import find
from lightwell.core.errors import Forbidden
from lightwell.core.tx import Tx


async def study_of(tx: Tx, archive: Archive, study_uid: str, screen: str) -> StudyRow:
    """Return a study as one hospital has it.

    Raises:
        NotFound: there is no such study, or it is not the actor's to see.
        Conflict: several hospitals of the actor have it.
    """
    query = Query(limit=search.MOST_ROWS)
    query.match("StudyInstanceUID", study_uid)
    found = [item.study for item in await search.matches(tx, archive.index, query, screen)]
    found = [row for row in found if row.study_instance_uid == study_uid]  # a list of UIDs matches several
    return search.first(search.of_one_hospital(tx, found), "study")


def require_own(tx: Tx, study: StudyRow) -> None:
    """Make sure that the actor may add to a study.

    Raises:
        Forbidden: it belongs to a hospital that the actor may not store for.
    """
    if study.organisation_id not in tx.actor.organisation_ids:
        message = "this study belongs to another hospital; its own doctors add to it"
        raise Forbidden(message)


async def objects_of(tx: Tx, archive: Archive, study: StudyRow, sop_classes: Sequence[str], screen: str) -> list[Match]:
    """Return the objects of some SOP classes in a study of one hospital, with their series."""
    query = Query(find.INSTANCE, limit=search.MOST_ROWS)
    query.match("StudyInstanceUID", study.study_instance_uid)
    query.match("SOPClassUID", "\\".join(sop_classes))
    found = await search.matches(tx, archive.index, query, screen)
    return [item for item in found if item.study.organisation_id == study.organisation_id]


async def object_of(tx: Tx, archive: Archive, study_uid: str, uid: str, screen: str) -> InstanceRow:
    """Return one object of a study.

    Raises:
        NotFound: there is none, or it is not the actor's to see.
        Conflict: several hospitals of the actor have it.
    """
    rows = await search.retrieved(tx, archive.index, screen, studies=[study_uid], instances=[uid])
    return search.first(rows, "object")


async def pointed_at(
    tx: Tx, archive: Archive, study: StudyRow, uids: Iterable[str], screen: str
) -> dict[str, InstanceRow]:
    """Return those of some objects that the hospital has in the study, by SOP Instance UID."""
    wanted = sorted(set(uids))
    if not wanted:
        return {}
    uid = study.study_instance_uid
    rows = await search.retrieved(tx, archive.index, screen, studies=[uid], instances=wanted)
    return {row.sop_instance_uid: row for row in rows if row.organisation_id == study.organisation_id}


def newest(matches: Iterable[Match]) -> list[InstanceRow]:
    """Leave out what its maker has made anew; what others send stands each for itself."""
    latest: dict[tuple[int, str], InstanceRow] = {}
    others: list[InstanceRow] = []
    for item in matches:
        if item.instance is None or item.series is None:
            continue
        if item.series.manufacturer != MANUFACTURER:
            others.append(item.instance)
            continue
        series = item.instance.organisation_id, item.instance.series_instance_uid
        if series not in latest or number_of(latest[series]) < number_of(item.instance):
            latest[series] = item.instance
    return [*latest.values(), *others]


def number_of(row: InstanceRow) -> int:
    """Return which of its series an object is; without a number it is the first."""
    return row.instance_number or 0
