"""PID, NK1 and MRG to the Patient (3.4.2, 3.4.5, 3.4.11; v2-to-FHIR PID[Patient]).

What a message leaves empty stays as it is known; what it deletes is deleted. Numbers are added, never taken away: those
of other systems are not the sender's to forget.
"""

from collections.abc import Sequence
from datetime import tzinfo
from typing import Final

from lightwell.clinical import patients
from lightwell.clinical.hl7 import elements, vocabulary
from lightwell.clinical.hl7.elements import Element, filled, tell
from lightwell.clinical.hl7.model import Received
from lightwell.clinical.model import Record
from lightwell.clinical.numbers import RESIDENT_ID, Number
from lightwell.clinical.resident_id import read_resident_id
from lightwell.core.errors import InvalidRequest
from lightwell.standards.fhir.resource import Resource
from lightwell.standards.hl7.datatypes import CWE, CX, XAD, XPN, XTN
from lightwell.standards.hl7.message import Field, Segment

_BIRTH_TIME: Final = "http://hl7.org/fhir/StructureDefinition/patient-birthTime"
_FLAGS: Final = {"Y": True, "N": False}


async def bring_up_to_date(
    received: Received, pid: Segment, contacts: Sequence[Segment] = (), also: Sequence[Number] = ()
) -> Record:
    """Return the patient of a PID as the message describes them, made if they are new.

    ``also`` are numbers that were theirs: they are still found by them.

    Raises:
        InvalidRequest: PID-3 holds no number.
        Conflict: its numbers belong to different patients.
    """

    def update(patient: Resource | None) -> Resource:
        now = patients.described(described(patient, pid, contacts, received))
        old = [filled(use="old", system=number.issuer, value=number.value) for number in also]
        return now | {"identifier": with_numbers(old, now["identifier"])}

    numbers = [*elements.numbers_of(pid[3], received.source.issuer), *also]
    return await patients.ensure_patient(received.tx, received.organisation_id, numbers, update, received.place)


async def known(received: Received) -> Record:
    """Return the patient that an order or a result is about; who is known is not changed by it."""
    pid = received.message.get("PID")
    if pid is None:
        message = "expected a patient (PID), none came"
        raise InvalidRequest(message)

    def update(patient: Resource | None) -> Resource:
        return patient if patient is not None else described(None, pid, (), received)

    numbers = elements.numbers_of(pid[3], received.source.issuer)
    return await patients.ensure_patient(received.tx, received.organisation_id, numbers, update, received.place)


def described(patient: Resource | None, pid: Segment, contacts: Sequence[Segment], received: Received) -> Resource:
    """Return a patient as a PID describes them."""
    zone = received.source.zone
    now: Resource = {"resourceType": "Patient", "active": True} if patient is None else dict(patient)
    now["identifier"] = with_numbers(now.get("identifier", ()), _identifiers(pid, received.source.issuer))
    tell(now, "name", pid[5], [elements.name(XPN.read(value)) for value in pid[5].repetitions])
    tell(now, "gender", pid[8], vocabulary.SEXES.get(pid[8].text.upper(), "unknown" if pid[8].text else ""))
    tell(now, "address", pid[11], [elements.address(XAD.read(value)) for value in pid[11].repetitions])
    tell(now, "maritalStatus", pid[16], _marital_status(pid[16]))
    tell(now, "communication", pid[15], [{"language": found} for found in elements.concepts(pid[15])])
    _tell_birth(now, pid, zone)
    _tell_death(now, pid, zone)
    _tell_telecom(now, pid)
    if contacts:
        now["contact"] = [found for nk1 in contacts if (found := _contact(nk1))]
    return {name: value for name, value in now.items() if value not in ([], {})}


def with_numbers(known_numbers: Sequence[Element], come: Sequence[Element]) -> list[Element]:
    """Return the identifiers of a patient with those that come, each number of an issuer once."""
    found = {(item.get("system"), item.get("value")): item for item in known_numbers}
    found |= {(item.get("system"), item.get("value")): item for item in come}
    return list(found.values())


def _identifiers(pid: Segment, issuer: str) -> list[Element]:
    values = [CX.read(value) for value in pid[3].repetitions if not value.is_null]
    found = [elements.identifier(cx, issuer) for cx in values if cx.id]
    if not pid[19].text:
        return found
    resident = read_resident_id(pid[19].text)
    if resident is None:  # a passport, or a number with a slip: kept as it came, and no key to who somebody is
        return [*found, {"type": {"text": "PID-19"}, "value": pid[19].text}]
    return [*found, {"system": RESIDENT_ID, "value": resident.number}]


def _tell_birth(now: Resource, pid: Segment, zone: tzinfo) -> None:
    tell(now, "birthDate", pid[7], elements.date(pid[7].text, zone))
    moment = elements.instant(pid[7].text, zone)
    extension = {"url": _BIRTH_TIME, "valueDateTime": moment}
    tell(now, "_birthDate", pid[7], {"extension": [extension]} if moment else None)
    order = pid[25].text
    if pid[24].is_null:
        now.pop("multipleBirthBoolean", None)
        now.pop("multipleBirthInteger", None)
    elif order.isdecimal() and int(order) > 0:
        now.pop("multipleBirthBoolean", None)
        now["multipleBirthInteger"] = int(order)
    elif pid[24].text in _FLAGS and "multipleBirthInteger" not in now:
        now["multipleBirthBoolean"] = _FLAGS[pid[24].text]


def _tell_death(now: Resource, pid: Segment, zone: tzinfo) -> None:
    """Have a patient be dead or alive as PID-29 and PID-30 say; R4 has one of the two."""
    if pid[29].is_null or pid[30].is_null or pid[30].text == "N":
        now.pop("deceasedDateTime", None)
        now.pop("deceasedBoolean", None)
    if moment := elements.date_time(pid[29].text, zone):
        now.pop("deceasedBoolean", None)
        now["deceasedDateTime"] = moment
    elif pid[30].text in _FLAGS and "deceasedDateTime" not in now:
        now["deceasedBoolean"] = _FLAGS[pid[30].text]


def _tell_telecom(now: Resource, pid: Segment) -> None:
    """Numbers at home stand in PID-13, those at work in PID-14; one may be told without the other."""
    before = list[Element](now.get("telecom", ()))
    home = [item for item in before if item.get("use") != "work"]
    work = [item for item in before if item.get("use") == "work"]
    told_home, told_work = _telecom(pid[13], "home"), [item | {"use": "work"} for item in _telecom(pid[14], "work")]
    home = told_home if not pid[13].is_empty else home
    work = told_work if not pid[14].is_empty else work
    now["telecom"] = [*home, *(item for item in work if item not in home)]


def _telecom(field: Field, use: str) -> list[Element]:
    values = [elements.contact(XTN.read(value), use) for value in field.repetitions if not value.is_null]
    return [value for value in values if "value" in value]


def _marital_status(field: Field) -> Element:
    code = vocabulary.MARITAL_STATUSES.get(field.text)
    said = elements.concept(CWE.read(field.first))
    if code is None or "coding" not in said:
        return said
    return said | {"coding": [{"system": vocabulary.MARITAL, "code": code}, *said["coding"]]}


def _contact(nk1: Segment) -> Element:
    """Return a relative or whom to call (3.4.5)."""
    names = [elements.name(XPN.read(value)) for value in nk1[2].repetitions if not value.is_null]
    addresses = [elements.address(XAD.read(value)) for value in nk1[4].repetitions if not value.is_null]
    return filled(
        relationship=[*elements.concepts(nk1[3]), *elements.concepts(nk1[7])],
        name=names[0] if names else {},
        telecom=[*_telecom(nk1[5], "home"), *_telecom(nk1[6], "work")],
        address=addresses[0] if addresses else {},
        gender=vocabulary.SEXES.get(nk1[15].text.upper(), ""),
    )
