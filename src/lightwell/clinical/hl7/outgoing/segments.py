"""The segments that every message has: MSH, EVN, PID, PV1, NTE (2.14.9, 3.4.1 to 3.4.3, 2.14.10)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from lightwell.clinical.hl7 import vocabulary
from lightwell.clinical.hl7.elements import Element
from lightwell.clinical.hl7.outgoing import values
from lightwell.clinical.hl7.outgoing.model import Destination, Told
from lightwell.clinical.numbers import RESIDENT_ID
from lightwell.core.errors import InvalidRequest
from lightwell.standards.fhir.resource import Resource
from lightwell.standards.hl7.message import Content, Segment, make_segment
from lightwell.standards.hl7.times import write_moment

VERSION: Final = "2.5.1"
_SEXES: Final = {"male": "M", "female": "F", "other": "O", "unknown": "U"}
_CLASSES: Final = {"IMP": "I", "ACUTE": "I", "NONAC": "I", "AMB": "O", "EMER": "E", "PRENC": "P"}
_BIRTH_TIME: Final = "http://hl7.org/fhir/StructureDefinition/patient-birthTime"


def msh(destination: Destination, kind: str, structure: str, control_id: str, at: datetime) -> Segment:
    """Return the header of a message to a system, in original mode: one answer when it is done with it."""
    code, _, event = kind.partition("^")
    return make_segment(
        "MSH",
        {
            3: destination.sending_application,
            4: destination.sending_facility,
            5: destination.receiving_application,
            6: destination.receiving_facility,
            7: write_moment(at),
            9: (code, event, structure),
            10: control_id,
            11: "P",
            12: VERSION,
            18: destination.charset,
        },
    )


def evn(event: str, at: datetime) -> Segment:
    """Return what happened, and when it was told."""
    return make_segment("EVN", {1: event, 2: write_moment(at)})


def about(told: Told) -> list[Segment]:
    """Return whom a message is about, and during which visit.

    Raises:
        InvalidRequest: that is not said, or nobody here has the record of them.
    """
    resource = told.resource
    patient = told.find(resource.get("subject"))
    if patient is None or patient["resourceType"] != "Patient":
        message = "expected a patient whose record is here, the resource refers to none"
        raise InvalidRequest(message)
    contexts: Sequence[Element] = resource.get("context", {}).get("encounter", [{}])
    visits = (resource.get("encounter"), resource.get("context"), *contexts)
    visit = next((found for item in visits if (found := told.find(item))), None)
    return [pid(patient), *([pv1(visit, told)] if visit else [])]


def pid(patient: Resource) -> Segment:
    """Return a patient with all their numbers."""
    numbers: list[Element] = [item for item in patient.get("identifier", ()) if item.get("value")]
    resident = next((item["value"] for item in numbers if item.get("system") == RESIDENT_ID), "")
    telecom: Sequence[Element] = patient.get("telecom", ())
    work = [item for item in telecom if item.get("use") == "work"]
    home = [item for item in telecom if item.get("use") != "work"]
    own = {"value": patient["id"], "system": "urn:lightwell:issuer:LIGHTWELL"}
    fields: dict[int, Content] = {
        1: "1",
        3: [values.cx(item) for item in numbers] or [values.cx(own, "PI")],
        5: [values.xpn(item) for item in patient.get("name", ())],
        7: values.dtm(_birth(patient)),
        8: _SEXES.get(patient.get("gender", ""), ""),
        11: [values.xad(item) for item in patient.get("address", ())],
        13: [values.xtn(item) for item in home],
        14: [values.xtn(item) for item in work],
        19: resident,
    }
    return make_segment("PID", fields)


def _birth(patient: Resource) -> str:
    """Return the time of birth where it is known, as of newborns."""
    extensions: Sequence[Element] = patient.get("_birthDate", {}).get("extension", ())
    times = [item.get("valueDateTime", "") for item in extensions if item.get("url") == _BIRTH_TIME]
    return next(iter(times), "") or patient.get("birthDate", "")


def pv1(visit: Resource, told: Told) -> Segment:
    """Return a visit: its kind, where the patient lies, who attends, its number."""
    numbers: Sequence[Element] = visit.get("identifier", ())
    attending = [item.get("individual", {}) for item in visit.get("participant", ()) if _has_role(item, "ATND")]
    return make_segment(
        "PV1",
        {
            1: "1",
            2: _CLASSES.get(visit.get("class", {}).get("code", ""), "U"),
            3: _place(visit, told),
            7: list(values.people(attending, told)),
            19: values.cx(numbers[0], "VN") if numbers else "",
        },
    )


def _place(visit: Resource, told: Told) -> Content:
    """Return where the patient lies now as a PL (2A.53): ward, room and bed by their levels."""
    stays = [item for item in visit.get("location", ()) if item.get("status", "active") == "active"]
    place = told.find(stays[-1]["location"]) if stays else None
    levels: dict[str, str] = {}
    while place is not None:
        codings: Sequence[Element] = place.get("physicalType", {}).get("coding", ())
        level = next((item.get("code", "") for item in codings), "")
        if level in levels or not level:
            break
        levels[level] = place.get("name", "")
        place = told.find(place.get("partOf"))
    return values.trimmed(*(levels.get(level, "") for level in ("wa", "ro", "bd")))


def _has_role(participant: Element, code: str) -> bool:
    codings = [coding for role in participant.get("type", ()) for coding in role.get("coding", ())]
    return any(item.get("system") == vocabulary.PARTICIPATIONS and item.get("code") == code for item in codings)


def notes(annotations: Sequence[Element]) -> list[Segment]:
    """Return comments, each an NTE."""
    return [make_segment("NTE", {1: str(n), 3: item.get("text", "")}) for n, item in enumerate(annotations, 1)]
