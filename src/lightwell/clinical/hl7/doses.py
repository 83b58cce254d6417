"""RXD, RXA: what was dispensed and given of a prescription (4A.4.7, 4A.4.8; v2-to-FHIR RXD, RXA).

What was dispensed is known by its order and its own count. For what was given many systems count 1 each time: the time
of a dose tells it apart too, unless RXA-21 says that this is a dose told before, whose time may be another one now.
"""

from collections.abc import Mapping
from typing import Final

from lightwell.clinical.hl7 import elements
from lightwell.clinical.hl7.elements import Element, filled
from lightwell.clinical.hl7.model import Received
from lightwell.clinical.hl7.orc import Order
from lightwell.clinical.hl7.writing import Draft, Make, id_of, own_id, present
from lightwell.clinical.model import Record
from lightwell.clinical.search.finding import find
from lightwell.core.errors import InvalidRequest
from lightwell.standards.fhir.search.query import parse_search
from lightwell.standards.hl7.datatypes import CWE
from lightwell.standards.hl7.message import Segment

_OF_BEFORE: Final = frozenset("UD")
"""RXA-21 (table 0323): what was told before is updated or taken back."""


async def event(received: Received, order: Order, segment: Segment, asked: Draft, patient: Record) -> Draft:
    """Return what an RXD or RXA makes of the event that it tells of.

    Raises:
        InvalidRequest: it corrects one of several doses, and does not say which.
    """
    subject: Element = {"subject": {"reference": patient.reference}}
    if segment.name == "RXD":
        identifier = own_id(received, "MedicationDispense", asked.id, segment[1].text, segment[3].text)
        said = subject | _dispense(received, order, segment, asked)
        gone = elements.deleted(quantity=segment[4], performer=segment[10], note=segment[9])
        return Draft("MedicationDispense", identifier, _renewed(said, gone))
    said = subject | _administration(received, order, segment, asked)
    gone = elements.deleted(statusReason=segment[18], performer=segment[10], dosage=segment[6], note=segment[9])
    identifier = await _dose_id(received, segment, asked, patient)
    return Draft("MedicationAdministration", identifier, _renewed(said, gone))


def _renewed(said: Element, gone: frozenset[str]) -> Make:
    return lambda now: elements.renewed(now, said, gone)


async def _dose_id(received: Received, rxa: Segment, asked: Draft, patient: Record) -> str:
    """Return the ID of a dose: its order, counts and time, or that of the one which is corrected."""
    by_time = own_id(received, "MedicationAdministration", asked.id, rxa[1].text, rxa[2].text, rxa[3].text)
    if rxa[21].text not in _OF_BEFORE:
        return by_time
    own = await id_of(received, "MedicationAdministration", by_time, patient.id)
    if await present(received, "MedicationAdministration", own) is not None:
        return own
    order = f"{asked.type}/{await id_of(received, asked.type, asked.id, patient.id)}"
    named = [("request", order), ("identifier", _count(rxa))]
    search = parse_search("MedicationAdministration", named, received.place, is_strict=True)
    found = (await find(received.tx, search, limit=2)).found
    if len(found) > 1:
        message = f"expected RXA-2 or RXA-3 to say which dose is corrected, several are counted {rxa[2].text!r}"
        raise InvalidRequest(message)
    return found[0].id if found else own


def _count(rxa: Segment) -> str:
    """Return how the sender counts a dose under its order (RXA-1, RXA-2)."""
    return f"{rxa[1].text}.{rxa[2].text}"


def _dispense(received: Received, order: Order, rxd: Segment, asked: Draft) -> Element:
    amount = elements.decimal(rxd[4].text)
    return filled(
        resourceType="MedicationDispense",
        status="completed",
        identifier=[{"value": rxd[7].text}] if rxd[7].text else [],
        medicationCodeableConcept=elements.concept(CWE.read(rxd[2].first)) or elements.UNNAMED,
        quantity={} if amount is None else elements.quantity(amount, rxd[5].first),
        whenHandedOver=elements.instant(rxd[3].text, received.source.zone),
        performer=[{"actor": found} for found in elements.people(rxd[10])],
        authorizingPrescription=[{"reference": asked.reference}],
        note=[*elements.notes([elements.text_of(rxd[9])]), *order.notes()],
    )


def _administration(received: Received, order: Order, rxa: Segment, asked: Draft) -> Element:
    zone = received.source.zone
    start, end = elements.date_time(rxa[3].text, zone), elements.date_time(rxa[4].text, zone)
    amount = elements.decimal(rxa[6].text)
    is_period = end is not None and end != start
    route = elements.concept(CWE.read(order.first("RXR")[1].first))
    status = "entered-in-error" if rxa[21].text == "D" else _GIVEN.get(rxa[20].text, "completed")
    return filled(
        resourceType="MedicationAdministration",
        identifier=[{"type": {"text": "RXA-1.RXA-2"}, "value": _count(rxa)}],
        status=status,
        statusReason=elements.concepts(rxa[18]),
        medicationCodeableConcept=elements.concept(CWE.read(rxa[5].first)) or elements.UNNAMED,
        effectiveDateTime=None if is_period else start or received.received_at.isoformat(),
        effectivePeriod=filled(start=start, end=end) if is_period else {},
        performer=[{"actor": found} for found in elements.people(rxa[10])],
        request={"reference": asked.reference},
        dosage=filled(dose={} if amount is None else elements.quantity(amount, rxa[7].first), route=route),
        note=[*elements.notes([elements.words(rxa[9])]), *order.notes()],
    )


_GIVEN: Final[Mapping[str, str]] = {"CP": "completed", "PA": "completed", "RE": "not-done", "NA": "not-done"}
"""Table 0322."""
