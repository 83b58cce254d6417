"""Whose a number is: a patient is found by number and issuer, never by name, and made once however many send at once.

Who decides about a number holds its lock until the transaction ends, so a second that brings the same new patient waits
and then finds the first. A record that was given up for another leads to that one.
"""

from collections.abc import Callable, Sequence
from typing import Final

from lightwell.clinical import records
from lightwell.clinical.keys import PATIENT, hashed, parameter_number
from lightwell.clinical.links import replaced_by
from lightwell.clinical.model import Change, Record
from lightwell.clinical.numbers import Number, keys_of
from lightwell.clinical.store import identity as store
from lightwell.core.errors import Conflict, InvalidRequest, NotFound, Unavailable
from lightwell.core.tx import Tx
from lightwell.standards.fhir.errors import ResourceError
from lightwell.standards.fhir.resource import Resource, decode_resource
from lightwell.standards.fhir.search.values import Place
from lightwell.standards.fhir.validation import validate_value

PROVISIONAL: Final = {"system": "urn:lightwell:patient", "code": "provisional"}
"""The tag of a patient of whom images came, and whom nobody has described."""
Update = Callable[[Resource | None], Resource]
"""Makes of a patient as it is, or of None, what it is from now on; the same value writes nothing."""


def is_provisional(patient: Resource) -> bool:
    """Tell whether nobody has said who a patient is."""
    return any(_is_mark(tag) for tag in patient.get("meta", {}).get("tag", ()))


def described(patient: Resource) -> Resource:
    """Return a patient who is not provisional any more."""
    meta = dict(patient.get("meta", {}))
    rest = [tag for tag in meta.pop("tag", ()) if not _is_mark(tag)]
    return patient | {"meta": meta | ({"tag": rest} if rest else {})} if is_provisional(patient) else patient


def doubtful(patient: Resource) -> Resource:
    """Return a patient who is provisional."""
    if is_provisional(patient):
        return patient
    meta = patient.get("meta", {})
    return patient | {"meta": meta | {"tag": [*meta.get("tag", ()), PROVISIONAL]}}


def _is_mark(tag: Resource) -> bool:
    return (tag.get("system"), tag.get("code")) == tuple(PROVISIONAL.values())


async def ensure_patient(
    tx: Tx, organisation_id: int, identifiers: Sequence[Number], update: Update, place: Place
) -> Record:
    """Return the patient of some numbers, brought up to date, or made if none of them is known.

    Raises:
        InvalidRequest: no number is given.
        Conflict: the numbers belong to different patients: a person decides which are one.
        ResourceError: what ``update`` returns is no Patient of R4.
        Unavailable: somebody wrote the same new patient at the same moment without waiting; the next try finds them.
    """
    if not identifiers:
        message = "expected a patient with a number (PID-3), none came"
        raise InvalidRequest(message)
    found = await find_patient(tx, organisation_id, identifiers)
    record = await _written(
        tx, organisation_id, found, await _given_up(tx, organisation_id, identifiers, found), update, place
    )
    await _add_numbers(tx, record, identifiers, is_new=found is None)
    return record


async def find_patient(tx: Tx, organisation_id: int, identifiers: Sequence[Number]) -> Record | None:
    """Return the one patient of some numbers with its lock, or None if none of them is known.

    Raises:
        Conflict: the numbers belong to different patients: a person decides which are one.
    """
    for key in keys_of(identifiers):
        await records.alone(tx, key)
    found = await _patients(tx, organisation_id, identifiers)
    if len(found) > 1:
        message = f"the numbers of this patient (PID-3) belong to {len(found)} patients here; merge them or correct one"
        raise Conflict(message)
    return found[0] if found else None


async def _add_numbers(tx: Tx, record: Record, identifiers: Sequence[Number], *, is_new: bool) -> None:
    """Have a patient be found by numbers that nobody else has."""
    values = {"organisation_id": record.organisation_id, "rid": record.rid, **_columns(identifiers)}
    others = await (await tx.connection.execute(store.ADD_NUMBERS, values)).fetchall()
    if is_new and others:
        message = "somebody else made the same patient at this moment; the next try finds that one"
        raise Unavailable(message)


async def _written(
    tx: Tx, organisation_id: int, before: Record | None, given_up: set[Number], update: Update, place: Place
) -> Record:
    present = None if before is None or before.is_deleted else decode_resource(before.body)
    patient = _without(update(present), given_up)
    if before is not None and patient == present:
        return before
    if issues := validate_value(patient):
        raise ResourceError(issues)
    identifier = records.new_id() if before is None else before.id
    [record] = await records.write(tx, [Change(organisation_id, PATIENT, identifier, patient, before)], place)
    return record


async def _given_up(tx: Tx, organisation_id: int, identifiers: Sequence[Number], record: Record | None) -> set[Number]:
    """Return the numbers that stay with a record that was given up, so that undoing a merge finds them there."""
    if record is None:
        return set()
    return {Number(*row[:2]) for row in await _owners(tx, organisation_id, identifiers) if row[2] != record.rid}


def _without(patient: Resource, numbers: set[Number]) -> Resource:
    if not numbers:
        return patient
    identifiers = [
        item
        for item in patient.get("identifier", ())
        if Number(item.get("system", ""), item.get("value", "")) not in numbers
    ]
    rest = {name: value for name, value in patient.items() if name != "identifier"}
    return rest | {"identifier": identifiers} if identifiers else rest


async def _owners(tx: Tx, organisation_id: int, identifiers: Sequence[Number]) -> list[tuple[str, str, int]]:
    asked = {"organisation_id": organisation_id, **_columns(identifiers)}
    rows = await (await tx.connection.execute(store.PATIENTS_OF, asked)).fetchall()
    return [(issuer, value, rid) for issuer, value, rid in rows]


async def _patients(tx: Tx, organisation_id: int, identifiers: Sequence[Number]) -> list[Record]:
    """Return the patients of numbers, with their locks; of those given up the one that replaced them."""
    owners = await _owners(tx, organisation_id, identifiers)
    rids = {rid for _, _, rid in owners} or await _rids_by_key(tx, organisation_id, identifiers)
    if not rids:
        return []
    rows = await (await tx.connection.execute(store.PATIENTS_OF_RIDS, {"rids": sorted(rids)})).fetchall()
    survivors = [await survivor_of(tx, Record(*row)) for row in rows]
    return list({record.rid: record for record in survivors}.values())


async def _rids_by_key(tx: Tx, organisation_id: int, identifiers: Sequence[Number]) -> set[int]:
    """Return who has one of the numbers without its being noted: the record was written by another way."""
    asked = {
        "organisation_id": organisation_id,
        "parameter": parameter_number(PATIENT, "identifier"),
        "systems": [hashed(item.issuer) for item in identifiers],
        "keys": [hashed(item.value) for item in identifiers],
    }
    return {row[0] for row in await (await tx.connection.execute(store.PATIENTS_BY_KEY, asked)).fetchall()}


async def survivor_of(tx: Tx, record: Record) -> Record:
    """Follow the links of merged patients to the one that counts (R4 Patient.link)."""
    seen = {record.reference}
    while (other := _replacement(record)) is not None and other not in seen:
        seen.add(other)
        name = (PATIENT, other.partition("/")[2])
        held = await records.lock(tx, record.organisation_id, [name])
        if name not in held:
            message = "a patient was replaced by one that is not there"
            raise NotFound(message)
        record = held[name]
    return record


def _replacement(record: Record) -> str | None:
    return replaced_by(decode_resource(record.body)) if record.body else None


def _columns(identifiers: Sequence[Number]) -> dict[str, list[str]]:
    unique = sorted(set(identifiers))
    return {"issuers": [item.issuer for item in unique], "values": [item.value for item in unique]}
