"""PV1 and PV2 to the Encounter and its Locations (3.4.3, 3.4.4; v2-to-FHIR PV1[Encounter])."""

from collections.abc import Callable
from contextlib import suppress
from datetime import tzinfo
from functools import partial
from typing import Any, Final

from lightwell.clinical.hl7 import elements, vocabulary
from lightwell.clinical.hl7.elements import Element, filled
from lightwell.clinical.hl7.model import Received
from lightwell.clinical.hl7.writing import Draft, ensure_shared, own_id, write
from lightwell.clinical.model import Record
from lightwell.standards.fhir.resource import Resource
from lightwell.standards.hl7.datatypes import CWE, CX, PL
from lightwell.standards.hl7.errors import Hl7Error
from lightwell.standards.hl7.message import Field, Segment

_PEOPLE: Final = ((7, "ATND"), (8, "REF"), (9, "CON"), (17, "ADM"))
_LEVELS: Final = ("wa", "ro", "bd")  # ward, room, bed
_PLANNED_END: Final = "http://hl7.org/fhir/5.0/StructureDefinition/extension-Encounter.plannedEndDate"
_UNKNOWN_CLASS: Final = {"system": "http://terminology.hl7.org/CodeSystem/v3-NullFlavor", "code": "UNK"}

Step = Callable[[Resource, "str | None"], None]
"""What an event does to a visit, beside what PV1 says: a change of status, a move to another bed (its reference)."""


async def visit(received: Received, patient: Record, step: Step | None = None) -> Draft | None:
    """Write the visit of a message as its event changes it; None where PV1 says nothing of one.

    Without a step a visit that is known stays as it is: an order does not change it.
    """
    pv1 = received.message.get("PV1")
    if pv1 is None or (step is None and not _has_number(received, pv1)):
        return None
    bed = await place(received, pv1[3])

    def make(now: Resource | None) -> Resource:
        if now is not None and step is None:
            return now
        encounter = described(now, received, pv1, patient)
        (step or begin)(encounter, bed)
        return encounter

    draft = Draft("Encounter", _visit_id(received, pv1, patient), make)
    [written] = await write(received, [draft])
    return written


def begin(encounter: Resource, bed: str | None) -> None:
    """Have a visit be under way, in a bed if one is said."""
    encounter["status"] = "in-progress"
    move(encounter, bed, None)


def move(encounter: Resource, bed: str | None, moment: str | None) -> None:
    """Have a patient lie somewhere else from a moment on; the same place again is no move."""
    stays: list[Element] = [dict(item) for item in encounter.get("location", ())]
    current = next((item for item in reversed(stays) if item.get("status") == "active"), None)
    if bed is None or (current is not None and current["location"]["reference"] == bed):
        return
    if current is not None:
        leave(current, moment)
    encounter["location"] = [*stays, filled(location={"reference": bed}, status="active", period=filled(start=moment))]


def leave(stay: Element, moment: str | None) -> None:
    """Have a stay be over."""
    stay["status"] = "completed"
    if moment is not None:
        stay["period"] = stay.get("period", {}) | {"end": moment}


def expect_end(encounter: Resource, moment: str | None) -> None:
    """Note when somebody is expected to leave, or that nobody knows (R5 Encounter.plannedEndDate; R4 has none)."""
    others = [item for item in encounter.get("extension", ()) if item.get("url") != _PLANNED_END]
    planned = [{"url": _PLANNED_END, "valueDateTime": moment}] if moment is not None else []
    encounter["extension"] = [*others, *planned]
    if not encounter["extension"]:
        del encounter["extension"]


def _tell_planned_end(encounter: Resource, field: Field, zone: tzinfo) -> None:
    moment = planned(field, zone)
    if moment is not None or field.is_null:
        expect_end(encounter, moment)


def planned(field: Field, zone: tzinfo) -> str | None:
    """Return a moment to come; what is no time is left out, since nothing has to wait for a forecast."""
    with suppress(Hl7Error):
        return None if field.is_null else elements.date_time(field.text, zone)
    return None


def described(now: Resource | None, received: Received, pv1: Segment, patient: Record) -> Resource:
    """Return a visit as PV1 and PV2 describe it; what they leave empty stays as it is known."""
    pv2 = received.message.get("PV2")
    encounter: Resource = {"resourceType": "Encounter", "status": "unknown", "class": _UNKNOWN_CLASS} | (now or {})
    encounter["subject"] = {"reference": patient.reference}
    elements.tell(encounter, "identifier", pv1[19], _numbers(received, pv1[19]))
    elements.tell(encounter, "class", pv1[2], _class(pv1[2]))
    elements.tell(encounter, "type", pv1[4], elements.concepts(pv1[4]))
    elements.tell(encounter, "serviceType", pv1[10], elements.concept(CWE.read(pv1[10].first)))
    if pv2 is not None:
        elements.tell(encounter, "reasonCode", pv2[3], elements.concepts(pv2[3]))
        _tell_planned_end(encounter, pv2[9], received.source.zone)
    _tell_period(encounter, received, pv1)
    _tell_people(encounter, pv1)
    _tell_hospitalization(encounter, pv1)
    return encounter | ({} if "class" in encounter else {"class": _UNKNOWN_CLASS})


def _class(field: Field) -> Element:
    known = vocabulary.CLASSES.get(field.text)
    if known is not None:
        return {"system": vocabulary.ACT_CODES, "code": known[0], "display": known[1]}
    return filled(system="http://terminology.hl7.org/CodeSystem/v2-0004", code=" ".join(field.text.split()))


def _tell_period(encounter: Resource, received: Received, pv1: Segment) -> None:
    period: Element = dict(encounter.get("period", {}))
    elements.tell(period, "start", pv1[44], elements.date_time(pv1[44].text, received.source.zone))
    elements.tell(period, "end", pv1[45], elements.date_time(pv1[45].text, received.source.zone))
    if period:
        encounter["period"] = period


def _tell_people(encounter: Resource, pv1: Segment) -> None:
    """Have doctors of a kind be those that are named; doctors of kinds that are left empty stay."""
    people: list[Element] = list(encounter.get("participant", ()))
    for number, code in _PEOPLE:
        if pv1[number].is_empty:
            continue
        role = {"coding": [{"system": vocabulary.PARTICIPATIONS, "code": code}]}
        people = [item for item in people if item.get("type") != [role]]
        if not pv1[number].is_null:
            people += [{"type": [role], "individual": found} for found in elements.people(pv1[number])]
    encounter["participant"] = people
    if not people:
        del encounter["participant"]


def _tell_hospitalization(encounter: Resource, pv1: Segment) -> None:
    stay: Element = dict(encounter.get("hospitalization", {}))
    elements.tell(stay, "preAdmissionIdentifier", pv1[5], _first(_numbers_of(pv1[5])))
    elements.tell(stay, "admitSource", pv1[14], elements.concept(CWE.read(pv1[14].first)))
    elements.tell(stay, "dischargeDisposition", pv1[36], elements.concept(CWE.read(pv1[36].first)))
    if stay:
        encounter["hospitalization"] = stay


def _first(found: list[Element]) -> Element | None:
    return found[0] if found else None


def _numbers(received: Received, field: Field) -> list[Element]:
    typed: dict[str, Any] = {"coding": [{"system": elements.IDENTIFIER_TYPES, "code": "VN"}]}
    return [found | {"type": typed} for found in _numbers_of(field, received.source.issuer)]


def _numbers_of(field: Field, issuer: str = "") -> list[Element]:
    return [elements.identifier(cx, issuer) for cx in map(CX.read, field.repetitions) if cx.id]


def _has_number(received: Received, pv1: Segment) -> bool:
    return bool(elements.numbers_of(pv1[19], received.source.issuer))


def _visit_id(received: Received, pv1: Segment, patient: Record) -> str:
    """Return the ID of a visit: by its number, that of its account, or else when the patient came."""
    issuer = received.source.issuer
    pid = received.message.get("PID")
    accounts = elements.numbers_of(pid[18], issuer) if pid is not None else []
    numbers = elements.numbers_of(pv1[19], issuer) or accounts
    if numbers:
        return own_id(received, "Encounter", *numbers[0])
    return own_id(received, "Encounter", "of", patient.id, pv1[44].text)


async def place(received: Received, field: Field) -> str | None:
    """Return the reference of a bed, room or ward (PL, 2A.53), made with what it is part of if it is new."""
    pl = PL.read(field.first)
    names = elements.place_names(pl)
    if not names or field.is_null:
        return None
    building = (pl.facility.universal_id or pl.facility.namespace_id, pl.building, pl.floor)
    drafts: list[Draft] = []
    for depth, level in enumerate(_LEVELS[: len(names)], 1):
        part_of = drafts[-1].reference if drafts else None
        resource = _location(names[:depth], level, part_of)
        path = (*building, *names[:depth])
        drafts.append(Draft("Location", own_id(received, "Location", *path), partial(_as_is, resource)))
    await ensure_shared(received, drafts)
    return drafts[-1].reference


def _as_is(resource: Resource, now: Resource | None) -> Resource:
    return now or resource


def _location(names: list[str], level: str, part_of: str | None) -> Resource:
    return filled(
        resourceType="Location",
        status="active",
        name=names[-1],
        description=" ".join(names),
        mode="instance",
        physicalType={"coding": [{"system": vocabulary.LOCATION_TYPES, "code": level}]},
        partOf=filled(reference=part_of),
    )
