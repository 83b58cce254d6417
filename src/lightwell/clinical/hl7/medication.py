"""RDE, RDS, RAS: drugs that are prescribed, dispensed and given (chapter 4A; v2-to-FHIR RXE, RXD, RXA).

A prescription is known by the number of who places it.
"""

from collections.abc import Mapping
from datetime import tzinfo
from typing import Final

from lightwell.clinical.hl7 import doses, elements, pid, pv1, timing, vocabulary
from lightwell.clinical.hl7.elements import Element, filled
from lightwell.clinical.hl7.model import Handler, Received
from lightwell.clinical.hl7.orc import Order, identifiers, order_id, orders_of
from lightwell.clinical.hl7.writing import Draft, unless_known, write
from lightwell.clinical.model import Record
from lightwell.core.errors import InvalidRequest
from lightwell.standards.fhir.resource import Resource
from lightwell.standards.hl7.datatypes import CWE
from lightwell.standards.hl7.message import Field, Segment


async def prescribed(received: Received) -> None:
    """Bring prescriptions up to date (RDE)."""
    await _apply(received, "RXE")


async def dispensed(received: Received) -> None:
    """Note what was dispensed, and the prescription if nobody knew of it (RDS)."""
    await _apply(received, "RXD")


async def given(received: Received) -> None:
    """Note what was given to the patient, or was not, and why (RAS)."""
    await _apply(received, "RXA")


async def _apply(received: Received, name: str) -> None:
    patient = await pid.known(received)
    visit = await pv1.visit(received, patient)
    orders = [order for order in orders_of(received) if order.has(name)]
    if not orders:
        message = f"expected an order with {name}, none came"
        raise InvalidRequest(message)
    drafts: dict[str, Draft] = {}
    for order in orders:
        asked = prescription(received, order, patient, visit)
        drafts[asked.id] = asked if name == "RXE" else Draft(asked.type, asked.id, unless_known(asked.make))
        for segment in (item for item in order.others if item.name == name != "RXE"):
            draft = await doses.event(received, order, segment, asked, patient)
            drafts[draft.id] = draft
    await write(received, list(drafts.values()))


def prescription(received: Received, order: Order, patient: Record, visit: Draft | None) -> Draft:
    """Return an order of a drug as what it makes of a MedicationRequest."""
    rxo, rxe = order.first("RXO"), order.first("RXE")
    said = filled(
        identifier=identifiers(order, received.source.issuer),
        subject={"reference": patient.reference},
        encounter=filled(reference=visit.reference if visit else ""),
        authoredOn=elements.date_time(order.orc[9].text, received.source.zone),
        requester=elements.first_person(order.orc[12]),
        medicationCodeableConcept=elements.first_concept(
            rxe[2], rxo[1], *(order.first(name)[2] for name in ("RXD", "RXC"))
        ),
        priority=vocabulary.PRIORITIES.get(order.first("TQ1")[9].text or order.orc[7][6]),
        dosageInstruction=[item] if (item := _dosage(order, received.source.zone)) else [],
        dispenseRequest=_supply(rxo, rxe),
        note=order.notes(),
    )
    gone = elements.deleted(authoredOn=order.orc[9], requester=order.orc[12], dispenseRequest=(rxe[10], rxo[11]))
    status = vocabulary.ORDER_CONTROLS.get(order.orc[1].text) or vocabulary.ORDER_STATUSES.get(order.orc[5].text)
    changed = filled(status=_STATUSES.get(status or "", status))

    def make(now: Resource | None) -> Resource:
        begun = {"resourceType": "MedicationRequest", "status": "active", "intent": "order"}
        drug = {} if now and "medicationReference" in now else {"medicationCodeableConcept": elements.UNNAMED}
        return begun | drug | elements.renewed(now, said | changed, gone)

    return Draft("MedicationRequest", order_id(received, order, "MedicationRequest"), make)


_STATUSES: Final[Mapping[str, str]] = {"revoked": "cancelled"}


def _dosage(order: Order, zone: tzinfo) -> Element:
    rxo, rxe, rxr = (order.first(name) for name in ("RXO", "RXE", "RXR"))
    texts = [elements.words(field) for field in (rxe[7], rxo[7], rxe[21])]
    return filled(
        text="\n".join(dict.fromkeys(text for text in texts if text)),
        timing=timing.timing(order, zone),
        asNeededBoolean=timing.is_as_needed(order),
        route=elements.concept(CWE.read(rxr[1].first)),
        site=elements.concept(CWE.read(rxr[2].first)),
        method=elements.concept(CWE.read(rxr[4].first)),
        doseAndRate=[dose] if (dose := _dose(rxe[3], rxe[4], rxe[5]) or _dose(rxo[2], rxo[3], rxo[4])) else [],
    )


def _dose(least: Field, most: Field, units: Field) -> Element:
    low, high = elements.decimal(least.text), elements.decimal(most.text)
    if low is None:
        return {}
    if high is None or high == low:
        return {"doseQuantity": elements.quantity(low, units.first)}
    ends = [elements.quantity(end, units.first) for end in (low, high)]
    return {"doseRange": {"low": ends[0], "high": ends[1]}}


def _supply(rxo: Segment, rxe: Segment) -> Element:
    amount, units = (rxe[10], rxe[11]) if not rxe[10].is_empty else (rxo[11], rxo[12])
    value = elements.decimal(amount.text)
    refills = (rxe[12] if not rxe[12].is_empty else rxo[13]).text
    return filled(
        quantity={} if value is None else elements.quantity(value, units.first),
        numberOfRepeatsAllowed=int(refills) if refills.isdecimal() else None,
    )


HANDLERS: Final[Mapping[str, Handler]] = {
    "RDE^O11": prescribed,
    "RDE^O25": prescribed,
    "RDS^O13": dispensed,
    "RAS^O17": given,
}
"""Messages of chapter 4A, and what is done about each."""
