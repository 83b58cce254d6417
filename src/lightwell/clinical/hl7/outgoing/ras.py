"""RAS^O17: a drug that was given, or was not and why (4A.3.20), made of a MedicationAdministration.

A dose is known by the numbers of its order and by its own count among those of that order (RXA-2), which stays the same
when it is told again: then RXA-21 says that it was updated, or is taken back.
"""

from collections.abc import Sequence
from typing import Final

from lightwell.clinical.hl7.elements import Element
from lightwell.clinical.hl7.outgoing import values
from lightwell.clinical.hl7.outgoing.model import Told
from lightwell.clinical.hl7.outgoing.orders import asked_for, numbers_of
from lightwell.clinical.hl7.outgoing.segments import about, notes
from lightwell.clinical.hl7.outgoing.values import Value
from lightwell.core.errors import InvalidRequest
from lightwell.standards.hl7.message import Segment, make_segment

STRUCTURE: Final = "RAS_O17"
_COMPLETIONS: Final = {"completed": "CP", "stopped": "PA", "not-done": "NA"}
_WITHDRAWN: Final = "entered-in-error"


def administration(told: Told) -> list[Segment]:
    """Return the segments of what was given, but for the header.

    Raises:
        InvalidRequest: nobody is known to whom it was given, or what it is is not said.
    """
    resource = told.resource
    dosage: Element = resource.get("dosage", {})
    numbers = numbers_of({**resource, "identifier": []}, asked_for(told, "request"))
    route = [make_segment("RXR", _route(dosage))] if _route(dosage) else []
    comments = notes(resource.get("note", ()))
    return [*about(told), numbers.orc(), _rxa(told, dosage), *route, *comments]


def _rxa(told: Told, dosage: Element) -> Segment:
    resource = told.resource
    start, end = values.period(resource, "effective")
    dose: Element = dosage.get("dose", {})
    performers = [item.get("actor", {}) for item in resource.get("performer", ())]
    status = resource.get("status", "")
    return make_segment(
        "RXA",
        {
            1: "0",
            2: str(told.ordinal),
            3: start,
            4: end or start,
            5: _drug(told),
            6: values.number(dose),
            7: values.units(dose),
            10: list(values.people(performers, told)),
            18: [values.cwe(item) for item in resource.get("statusReason", ())],
            20: _COMPLETIONS.get(status, ""),
            21: "D" if status == _WITHDRAWN else "U" if told.is_again else "A",
        },
    )


def _drug(told: Told) -> Value:
    """Return what was given: as a code, or as the Medication that is referred to says.

    Raises:
        InvalidRequest: neither is there.
    """
    resource = told.resource
    reference: Element = resource.get("medicationReference", {})
    contained: Sequence[Element] = resource.get("contained", ())
    inside = (item for item in contained if f"#{item.get('id')}" == reference.get("reference"))
    medication = next(inside, None) or told.find(reference) or {}
    concept = resource.get("medicationCodeableConcept") or medication.get("code")
    if not concept and not reference.get("display"):
        message = "expected a drug with a code or a name, the resource says none"
        raise InvalidRequest(message)
    return values.cwe(concept or {"text": reference["display"]})


def _route(dosage: Element) -> dict[int, Value]:
    said = {1: dosage.get("route"), 2: dosage.get("site"), 4: dosage.get("method")}
    return {place: values.cwe(concept) for place, concept in said.items() if concept}
