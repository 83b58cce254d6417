"""Two records of one patient become one, and two again if that was wrong (HL7 v2 A40; R4 Patient.link).

The record that is given up stays: it says by whom it was replaced, and everything that referred to it refers to the
other from then on, each as a new version. What moved, and where in it, is kept, so that undoing moves back that alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any, Final

import msgspec

from lightwell.clinical import records
from lightwell.clinical.deciding import decided_same, undecided
from lightwell.clinical.keys import IN_RECORD_OF, PATIENT, hashed, parameter_number
from lightwell.clinical.links import REPLACED_BY, REPLACES, is_replaced, linked, unlinked
from lightwell.clinical.model import Change, Record
from lightwell.clinical.queues.checking_in import since
from lightwell.clinical.referring import IsMeant, Path, paths_to, repointed, to
from lightwell.clinical.store import identity as store
from lightwell.core import clock
from lightwell.core.errors import Conflict, InvalidRequest, NotFound
from lightwell.core.tx import Tx
from lightwell.standards.fhir.definitions import resource_types
from lightwell.standards.fhir.resource import Resource, decode_resource
from lightwell.standards.fhir.search.parameters import parameters_of
from lightwell.standards.fhir.search.values import Place

_MOST_MOVED: Final = 100_000
Moved = tuple[str, str, list[Path]]
"""Type and ID of a resource, and where in it the reference stood."""


@dataclass(frozen=True, slots=True)
class Merge:
    """Two patients that were made one."""

    id: int
    organisation_id: int
    survivor_id: str
    retired_id: str
    was_active: bool | None
    moved: Sequence[Moved]
    merged_by: str
    merged_at: datetime
    undone_by: str | None
    undone_at: datetime | None


async def preview(tx: Tx, organisation_id: int, retired_id: str) -> Mapping[str, int]:
    """Return how many resources of each type would move if a patient were given up."""
    rows = await (await tx.connection.execute(store.MOVING, _asked(organisation_id, retired_id))).fetchall()
    return {type_name: count for type_name, count in rows if type_name != PATIENT}


async def merge(tx: Tx, organisation_id: int, survivor_id: str, retired_id: str, place: Place) -> int:
    """Make one record of two; return the number under which that can be undone.

    Raises:
        InvalidRequest: they are the same.
        NotFound: one of them is not there.
        Conflict: one of them was given up before, or more refers to it than is moved at once, or by another address.
    """
    if survivor_id == retired_id:
        message = "expected two different patients"
        raise InvalidRequest(message)
    survivor, retired = await _both(tx, organisation_id, survivor_id, retired_id)
    found = await _referring(tx, organisation_id, retired_id)
    is_retired = to(PATIENT, retired_id, place)
    moved = [(record, paths_to(decode_resource(record.body), is_retired)) for record in found]
    _require_all_move(moved)
    was_active = decode_resource(retired.body).get("active")
    await records.write(
        tx,
        [
            _changed(survivor, linked(decode_resource(survivor.body), retired, REPLACES)),
            _changed(retired, linked(decode_resource(retired.body), survivor, REPLACED_BY) | {"active": False}),
            *(_repointed(record, paths, is_retired, survivor) for record, paths in moved),
        ],
        place,
    )
    return await _keep(tx, survivor, retired, moved, was_active=was_active)


async def undo(tx: Tx, number: int, place: Place) -> Merge:
    """Make two records of one again: what moved goes back, what came since stays with the survivor.

    Raises:
        NotFound: there is no such merge, or it is not the actor's to see.
        Conflict: it was undone already, another merge of the same patients came after it, or one of them was deleted.
    """
    done = await _last(tx, number)
    patients = await records.lock(tx, done.organisation_id, [(PATIENT, done.survivor_id), (PATIENT, done.retired_id)])
    survivor, retired = patients[PATIENT, done.survivor_id], patients[PATIENT, done.retired_id]
    if survivor.is_deleted or retired.is_deleted:
        message = "one of the two patients was deleted meanwhile; bring them back by writing them anew, then undo"
        raise Conflict(message)
    is_survivor = to(PATIENT, done.survivor_id, place)
    there = await records.lock(tx, done.organisation_id, [(type_name, key) for type_name, key, _ in done.moved])
    moved = [(record, paths) for kind, key, paths in done.moved if (record := there.get((kind, key))) is not None]
    apart = unlinked(decode_resource(retired.body), survivor, REPLACED_BY)
    await records.write(
        tx,
        [
            _changed(survivor, unlinked(decode_resource(survivor.body), retired, REPLACES)),
            _changed(retired, _with_active(apart, was_active=done.was_active)),
            *(_repointed(record, paths, is_survivor, retired) for record, paths in moved if not record.is_deleted),
        ],
        place,
    )
    await tx.connection.execute(store.UNDO_MERGE, {"id": number, "by": tx.actor.name, "at": clock.now()})
    await tx.connection.execute(store.RETURN_TICKETS, {"id": number, "retired_id": retired.id})
    await undecided(tx, survivor, retired)
    await _audit(tx, "patient.merge_undone", survivor, retired)
    return done


async def _both(tx: Tx, organisation_id: int, survivor_id: str, retired_id: str) -> tuple[Record, Record]:
    """Return two patients that count, with their locks."""
    there = await records.lock(tx, organisation_id, [(PATIENT, survivor_id), (PATIENT, retired_id)])
    survivor, retired = (there.get((PATIENT, identifier)) for identifier in (survivor_id, retired_id))
    if survivor is None or retired is None or survivor.is_deleted or retired.is_deleted:
        message = "one of the two patients is not there, or is not yours to see"
        raise NotFound(message)
    if any(is_replaced(decode_resource(item.body)) for item in (survivor, retired)):
        message = "one of the two patients was replaced by another before; merge with that one, or undo it first"
        raise Conflict(message)
    return survivor, retired


async def _referring(tx: Tx, organisation_id: int, patient_id: str) -> list[Record]:
    """Return everything that refers to a patient, but patients: their links are told apart."""
    values = _asked(organisation_id, patient_id) | {"limit": _MOST_MOVED + 1}
    rows = await (await tx.connection.execute(store.REFERRING, values)).fetchall()
    if len(rows) > _MOST_MOVED:
        message = f"more than {_MOST_MOVED} resources refer to this patient; they are not moved at once"
        raise Conflict(message)
    return [record for record in (Record(*row) for row in rows) if record.type != PATIENT]


def _require_all_move(moved: Sequence[tuple[Record, Sequence[Path]]]) -> None:
    """Go on only if everything that refers to a patient can refer to another instead: nothing stays behind unseen."""
    left = [record.reference for record, paths in moved if not paths]
    if left:
        message = (
            f"{left[0]} refers to this patient by an address that this node does not know as its own; write it with "
            "Patient/… alone, or set LIGHTWELL_PUBLIC_URL to that address, then merge"
        )
        raise Conflict(message)


def _asked(organisation_id: int, patient_id: str) -> dict[str, Any]:
    whose = {"value": hashed(patient_id), "system": hashed(PATIENT)}
    return {"organisation_id": organisation_id, "parameters": _parameters(), **whose}


@cache
def _parameters() -> list[int]:
    """Return every parameter by which something may refer to a patient."""
    return [IN_RECORD_OF] + [
        parameter_number(type_name, parameter.code)
        for type_name in sorted(resource_types())
        for parameter in parameters_of(type_name).values()
        if parameter.type == "reference" and (not parameter.targets or PATIENT in parameter.targets)
    ]


def _changed(record: Record, resource: Resource) -> Change:
    return Change(record.organisation_id, record.type, record.id, resource, record)


# A reference to a version of one patient becomes one to the other without a version, who has no such version. Which was
# meant is kept in the version of the resource that is superseded.
def _repointed(record: Record, paths: Sequence[Path], before: IsMeant, after: Record) -> Change:
    resource = repointed(decode_resource(record.body), paths, before=before, after=after.reference)
    return replace(_changed(record, resource), is_news=False)


def _with_active(patient: Resource, *, was_active: bool | None) -> Resource:
    rest = {name: value for name, value in patient.items() if name != "active"}
    return rest if was_active is None else rest | {"active": was_active}


async def _keep(
    tx: Tx,
    survivor: Record,
    retired: Record,
    moved: Sequence[tuple[Record, Sequence[Path]]],
    *,
    was_active: bool | None,
) -> int:
    listed = [(record.type, record.id, paths) for record, paths in moved]
    values = {
        "organisation_id": survivor.organisation_id,
        "survivor_id": survivor.id,
        "retired_id": retired.id,
        "was_active": was_active,
        "moved": msgspec.json.encode(listed).decode(),
        "by": tx.actor.name,
        "at": clock.now(),
    }
    row = await (await tx.connection.execute(store.KEEP_MERGE, values)).fetchone()
    number = row[0] if row else 0
    for statement in (store.CLOSE_TICKETS, store.MOVE_TICKETS, store.LEAVE_TICKETS):
        await tx.connection.execute(statement, values | {"id": number, "since": since()})
    await decided_same(tx, survivor, retired)
    await _audit(tx, "patient.merged", survivor, retired)
    return number


async def _last(tx: Tx, number: int) -> Merge:
    """Return a merge that nothing has been built upon."""
    row = await (await tx.connection.execute(store.READ_MERGE, {"id": number})).fetchone()
    if row is None:
        message = "there is no such merge, or it is not yours to see"
        raise NotFound(message)
    done = Merge(*row)
    asked = {"organisation_id": done.organisation_id, "ids": [done.survivor_id, done.retired_id]}
    last = await (await tx.connection.execute(store.LAST_MERGE, asked)).fetchone()
    if done.undone_at is not None or last is None or last[0] != number:
        message = "this merge was undone already, or another of the same patients came after it; undo that first"
        raise Conflict(message)
    return done


async def _audit(tx: Tx, act: str, survivor: Record, retired: Record) -> None:
    for record, other in ((survivor, retired), (retired, survivor)):
        detail = {"with": other.reference}
        await tx.audit(act, organisation_id=record.organisation_id, subject=record.subject, detail=detail)
