"""A person says that a patient of whom only images came is somebody of their own, and can take that back."""

from itertools import pairwise
from typing import Final

from lightwell.clinical import records, versions
from lightwell.clinical.keys import PATIENT
from lightwell.clinical.model import Change, Record
from lightwell.clinical.patients import described, doubtful, is_provisional
from lightwell.core.errors import Conflict, NotFound
from lightwell.core.tx import Tx
from lightwell.standards.fhir.resource import Resource, decode_resource
from lightwell.standards.fhir.search.values import Place

_SCREEN: Final = "identity"
_MOST_VERSIONS: Final = 100


async def confirm(tx: Tx, patient: Record, place: Place) -> None:
    """Have a provisional patient stand as they are; nobody is asked whose images those are any more.

    Raises:
        NotFound: the patient was deleted meanwhile.
    """
    before = await _held(tx, patient)
    resource = decode_resource(before.body)
    if is_provisional(resource):  # else somebody did it before
        await _write(tx, before, described(resource), "patient.confirmed", place)


async def doubt(tx: Tx, patient: Record, place: Place) -> None:
    """Take that back: the patient is provisional again, and waits for a person.

    Raises:
        NotFound: the patient was deleted meanwhile.
        Conflict: nobody said that of them, or they were never provisional.
    """
    before = await _held(tx, patient)
    resource = decode_resource(before.body)
    if is_provisional(resource):  # somebody did it before
        return
    if not await _was_confirmed(tx, before):
        message = "expected a patient who was provisional and was kept as they are; of this one nobody said that"
        raise Conflict(message)
    await _write(tx, before, doubtful(resource), "patient.doubted", place)


async def _held(tx: Tx, patient: Record) -> Record:
    there = await records.lock(tx, patient.organisation_id, [(PATIENT, patient.id)])
    held = there.get((PATIENT, patient.id))
    if held is None or held.is_deleted:
        message = "there is no patient of this ID any more"
        raise NotFound(message)
    return held


async def _was_confirmed(tx: Tx, patient: Record) -> bool:
    """Tell whether a patient was provisional last until a person said that they stand as they are: no more changed."""
    history = await versions.of_resource(tx, PATIENT, patient.id, _MOST_VERSIONS)
    own = [_said(record) for record in history if record.rid == patient.rid and not record.is_deleted]
    for after, before in pairwise(own):
        if is_provisional(before):
            return described(before) == after
    return False


def _said(record: Record) -> Resource:
    """Return a version without what the server says of it."""
    resource = decode_resource(record.body)
    meta = {name: value for name, value in resource["meta"].items() if name not in {"versionId", "lastUpdated"}}
    return resource | {"meta": meta}


async def _write(tx: Tx, before: Record, resource: Resource, act: str, place: Place) -> None:
    await records.write(tx, [Change(before.organisation_id, PATIENT, before.id, resource, before)], place)
    subject = before.subject
    await tx.audit(act, organisation_id=before.organisation_id, subject=subject, purpose=_SCREEN, screen=_SCREEN)
