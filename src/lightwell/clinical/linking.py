"""Two records that are said to be of one person without being made one (HL7 v2 A24, A37; R4 Patient.link, seealso).

Each stays what it is, and keeps what refers to it. Whether they are made one is a person's to decide.
"""

from collections.abc import Callable
from functools import partial
from typing import TypeAlias

from lightwell.clinical import records
from lightwell.clinical.keys import PATIENT
from lightwell.clinical.links import SEE_ALSO, linked, unlinked
from lightwell.clinical.model import Change, Record
from lightwell.core.tx import Tx
from lightwell.standards.fhir.resource import Resource, decode_resource
from lightwell.standards.fhir.search.values import Place

_Say: TypeAlias = Callable[[Resource, Record], Resource]


async def link(tx: Tx, one: Record, other: Record, place: Place) -> None:
    """Have two patients of whom the locks are held say of each other that they are the same."""
    await _each_of_the_other(tx, one, other, partial(linked, kind=SEE_ALSO), place)


async def unlink(tx: Tx, one: Record, other: Record, place: Place) -> None:
    """Have two patients of whom the locks are held no more say that they are the same; a merge is not undone by it."""
    await _each_of_the_other(tx, one, other, partial(unlinked, kind=SEE_ALSO), place)


async def _each_of_the_other(tx: Tx, one: Record, other: Record, say: _Say, place: Place) -> None:
    changes = [_change(one, other, say), _change(other, one, say)]
    await records.write(tx, [change for change in changes if change is not None], place)


def _change(record: Record, other: Record, say: _Say) -> Change | None:
    """Return what a record says from now on; None where it said so before."""
    before = decode_resource(record.body)
    after = say(before, other)
    return None if after == before else Change(record.organisation_id, PATIENT, record.id, after, record)
