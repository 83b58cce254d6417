"""A person says that a patient of whom only images came is somebody of their own, and can take that back."""

from collections.abc import Callable
from typing import Final

from lightwell.clinical import records
from lightwell.clinical.keys import PATIENT
from lightwell.clinical.model import Change, Record
from lightwell.clinical.patients import described, doubtful
from lightwell.core.tx import Tx
from lightwell.standards.fhir.resource import Resource, decode_resource
from lightwell.standards.fhir.search.values import Place

_SCREEN: Final = "identity"


async def confirm(tx: Tx, patient: Record, place: Place) -> None:
    """Have a provisional patient stand as they are; nobody is asked whose images those are any more."""
    await _write(tx, patient, described, "patient.confirmed", place)


async def doubt(tx: Tx, patient: Record, place: Place) -> None:
    """Take that back: the patient is provisional again, and waits for a person."""
    await _write(tx, patient, doubtful, "patient.doubted", place)


async def _write(tx: Tx, patient: Record, change: Callable[[Resource], Resource], act: str, place: Place) -> None:
    there = await records.lock(tx, patient.organisation_id, [(PATIENT, patient.id)])
    before = there[PATIENT, patient.id]
    was = decode_resource(before.body)
    resource = change(was)
    if resource == was:  # somebody did it before
        return
    await records.write(tx, [Change(before.organisation_id, PATIENT, before.id, resource, before)], place)
    subject = before.subject
    await tx.audit(act, organisation_id=before.organisation_id, subject=subject, purpose=_SCREEN, screen=_SCREEN)
