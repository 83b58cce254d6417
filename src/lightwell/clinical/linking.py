"""Two records that are said to be of one person without being made one (HL7 v2 A24, A37; R4 Patient.link, seealso).

Each stays what it is, and keeps what refers to it. Other systems say so, or a person does, with the reason; either can
be taken back. Whether they are made one is a person's to decide.
"""

from collections.abc import Callable
from functools import partial
from typing import TypeAlias

from lightwell.clinical import records
from lightwell.clinical.deciding import decided_same, undecided
from lightwell.clinical.keys import PATIENT
from lightwell.clinical.links import SEE_ALSO, is_replaced, linked, unlinked
from lightwell.clinical.model import Change, Record
from lightwell.core.errors import Conflict, InvalidRequest, NotFound
from lightwell.core.tx import Tx
from lightwell.standards.fhir.resource import Resource, decode_resource
from lightwell.standards.fhir.search.values import Place

_Say: TypeAlias = Callable[[Resource, Record], Resource]


async def link(tx: Tx, one: Record, other: Record, place: Place) -> bool:
    """Have two patients of whom the locks are held say of each other that they are the same; tell if that is new."""
    is_new = await _each_of_the_other(tx, one, other, partial(linked, kind=SEE_ALSO), place)
    await decided_same(tx, one, other)
    return is_new


async def unlink(tx: Tx, one: Record, other: Record, place: Place) -> bool:
    """Have two patients of whom the locks are held no more say that they are the same; tell whether they did.

    A merge is not undone by it.
    """
    was_linked = await _each_of_the_other(tx, one, other, partial(unlinked, kind=SEE_ALSO), place)
    if was_linked:
        await undecided(tx, one, other)
    return was_linked


async def link_by_hand(tx: Tx, organisation_id: int, ids: tuple[str, str], reason: str, place: Place) -> None:
    """Have two patients say of each other that they are the same, as a person decides who says why.

    Raises:
        InvalidRequest: they are one record.
        NotFound: one of them is not there.
        Conflict: one of them was given up for another.
    """
    one, other = await _both(tx, organisation_id, ids)
    if any(is_replaced(decode_resource(record.body)) for record in (one, other)):
        message = "one of the two patients was made one with another; link the one that counts, or undo that first"
        raise Conflict(message)
    if await link(tx, one, other, place):
        await _audit(tx, "patient.linked", one, other, reason)


async def unlink_by_hand(tx: Tx, organisation_id: int, ids: tuple[str, str], reason: str, place: Place) -> None:
    """Take back that two patients are the same, whoever said so.

    Raises:
        InvalidRequest: they are one record.
        NotFound: one of them is not there.
    """
    one, other = await _both(tx, organisation_id, ids)
    if await unlink(tx, one, other, place):
        await _audit(tx, "patient.unlinked", one, other, reason)


async def _both(tx: Tx, organisation_id: int, ids: tuple[str, str]) -> list[Record]:
    if ids[0] == ids[1]:
        message = "expected two different patients"
        raise InvalidRequest(message)
    there = await records.lock(tx, organisation_id, [(PATIENT, identifier) for identifier in ids])
    both = [record for record in there.values() if not record.is_deleted]
    if len(both) != len(ids):
        message = "one of the two patients is not there, or is not yours to see"
        raise NotFound(message)
    return both


async def _audit(tx: Tx, act: str, one: Record, other: Record, reason: str) -> None:
    for record, with_ in ((one, other), (other, one)):
        detail = {"with": with_.reference, "reason": reason}
        await tx.audit(act, organisation_id=record.organisation_id, subject=record.subject, detail=detail)


async def _each_of_the_other(tx: Tx, one: Record, other: Record, say: _Say, place: Place) -> bool:
    changes = [_change(one, other, say), _change(other, one, say)]
    return bool(await records.write(tx, [change for change in changes if change is not None], place))


def _change(record: Record, other: Record, say: _Say) -> Change | None:
    """Return what a record says from now on; None where it said so before."""
    before = decode_resource(record.body)
    after = say(before, other)
    return None if after == before else Change(record.organisation_id, PATIENT, record.id, after, record)
