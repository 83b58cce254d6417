"""ORM^O01, OML^O21, OMI^O23: what is asked for, as ServiceRequests (chapter 4; v2-to-FHIR ORC, OBR[ServiceRequest]).

An order is known by the number of who places it, ORC-2, or else of who fills it, ORC-3. Each OBR is one, with its ORC.
"""

from collections.abc import Mapping
from typing import Final

from lightwell.clinical.hl7 import elements, medication, pid, pv1, vocabulary
from lightwell.clinical.hl7.elements import Element, filled
from lightwell.clinical.hl7.model import Handler, Received
from lightwell.clinical.hl7.orc import NOTHING, Order, identifiers, order_id, orders_of
from lightwell.clinical.hl7.writing import Draft, write
from lightwell.clinical.model import Record
from lightwell.core.errors import InvalidRequest
from lightwell.standards.fhir.resource import Resource
from lightwell.standards.hl7.datatypes import CWE
from lightwell.standards.hl7.message import Field, Segment

_NOTHING: Final = "expected an order of an examination or a drug (ORC with OBR or RXO), none came"


async def ordered(received: Received) -> None:
    """Bring the orders of a message up to date, with the patient and the visit that they are for.

    Raises:
        InvalidRequest: one of them is neither an examination (OBR) nor a prescription (RXO).
    """
    patient = await pid.known(received)
    visit = await pv1.visit(received, patient)
    drafts = [_draft(received, order, patient, visit) for order in orders_of(received)]
    if not drafts:
        raise InvalidRequest(_NOTHING)
    await write(received, list({draft.id: draft for draft in drafts}.values()))


def _draft(received: Received, order: Order, patient: Record, visit: Draft | None) -> Draft:
    if order.obr is not NOTHING:
        return request(received, order, patient, visit)
    if order.has("RXO", "RXE"):
        return medication.prescription(received, order, patient, visit)
    raise InvalidRequest(_NOTHING)


def request(received: Received, order: Order, patient: Record, visit: Draft | None) -> Draft:
    """Return an order as what it makes of a ServiceRequest."""

    def make(now: Resource | None) -> Resource:
        begun = {"resourceType": "ServiceRequest", "status": "active", "intent": "order"}
        said = _said(received, order, patient, visit) | _status(order)
        return begun | elements.renewed(now, said, _deleted(order))

    return Draft("ServiceRequest", order_id(received, order, "ServiceRequest"), make)


def _said(received: Received, order: Order, patient: Record, visit: Draft | None) -> Element:
    zone, orc, obr = received.source.zone, order.orc, order.obr
    tq1 = order.first("TQ1")
    return filled(
        identifier=identifiers(order, received.source.issuer),
        subject={"reference": patient.reference},
        encounter=filled(reference=visit.reference if visit else ""),
        category=elements.concepts(obr[24]),
        code=elements.concept(CWE.read(obr[4].first)),
        priority=_priority(tq1[9], obr[27], obr[5]),
        authoredOn=elements.date_time(orc[9].text, zone),
        occurrenceDateTime=_occurrence(received, orc, obr, tq1),
        requester=elements.first_person(orc[12], obr[16]),
        reasonCode=elements.concepts(obr[31]),
        bodySite=elements.concepts(obr[15]) if received.message.header.version_id < "2.5" else [],
        note=order.notes(),
        patientInstruction=elements.text_of(tq1[11]),
    )


def _deleted(order: Order) -> frozenset[str]:
    orc, obr, tq1 = order.orc, order.obr, order.first("TQ1")
    return elements.deleted(
        category=obr[24],
        priority=(tq1[9], obr[27], obr[5]),
        authoredOn=orc[9],
        occurrenceDateTime=(tq1[7], obr[36], orc[7], obr[6]),
        requester=(orc[12], obr[16]),
        reasonCode=obr[31],
        bodySite=obr[15],
        patientInstruction=tq1[11],
    )


def _status(order: Order) -> Element:
    control, status = order.orc[1].text, order.orc[5].text
    found = vocabulary.ORDER_CONTROLS.get(control) or vocabulary.ORDER_STATUSES.get(status)
    return {"status": found} if found else {}


def _priority(tq1: Field, quantity: Field, old: Field) -> str:
    """Return how urgent it is: TQ1-9, or of older versions OBR-27.6 and OBR-5."""
    said = (tq1.text, quantity[6], old.text)
    return next((vocabulary.PRIORITIES[code] for code in said if code in vocabulary.PRIORITIES), "")


def _occurrence(received: Received, orc: Segment, obr: Segment, tq1: Segment) -> str | None:
    """Return when it is to be done: TQ1-7, OBR-36, or of older versions ORC-7.4, OBR-27.4 and OBR-6."""
    said = (tq1[7].text, obr[36].text, orc[7][4], obr[27][4], obr[6].text)
    return next((elements.date_time(text, received.source.zone) for text in said if text), None)


HANDLERS: Final[Mapping[str, Handler]] = dict.fromkeys(("ORM^O01", "OML^O21", "OMI^O23"), ordered)
"""Messages of chapter 4, and what is done about each."""
