"""ORM^O01, OML^O21, OMI^O23: what is asked for, as ServiceRequests (chapter 4; v2-to-FHIR ORC, OBR[ServiceRequest]).

An order is known by the number of who places it, ORC-2, or else of who fills it, ORC-3. Each ORC with an OBR is one.
"""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from lightwell.clinical.hl7 import elements, pid, pv1, vocabulary
from lightwell.clinical.hl7.elements import Element, filled
from lightwell.clinical.hl7.model import Handler, Received
from lightwell.clinical.hl7.writing import Draft, own_id, write
from lightwell.clinical.model import Record
from lightwell.core.errors import InvalidRequest
from lightwell.standards.fhir.resource import Resource
from lightwell.standards.hl7.datatypes import CWE, EI
from lightwell.standards.hl7.message import Field, Segment, make_segment

_EMPTY: Final = make_segment("ZZZ", {})


class Order(NamedTuple):
    """The segments of one order."""

    orc: Segment
    obr: Segment
    others: Sequence[Segment]

    def first(self, name: str) -> Segment:
        """Return the first segment of a name among the others, or an empty one."""
        return next((segment for segment in self.others if segment.name == name), _EMPTY)

    def notes(self) -> list[Element]:
        """Return the comments."""
        return elements.notes(elements.text_of(item[3]) for item in self.others if item.name == "NTE")

    def _numbers(self, place: int) -> list[EI]:
        values = [EI.read(segment[place].first) for segment in (self.orc, self.obr)]
        return [value for value in values if value.entity_identifier]

    @property
    def placer(self) -> EI | None:
        """Return the number of who places it (ORC-2, OBR-2)."""
        return next(iter(self._numbers(2)), None)

    @property
    def filler(self) -> EI | None:
        """Return the number of who fills it (ORC-3, OBR-3)."""
        return next(iter(self._numbers(3)), None)


async def ordered(received: Received) -> None:
    """Bring the orders of a message up to date, with the patient and the visit that they are for."""
    patient = await pid.known(received)
    visit = await pv1.visit(received, patient)
    drafts = [request(received, order, patient, visit) for order in orders_of(received)]
    if not drafts:
        message = "expected an order (ORC and OBR), none came"
        raise InvalidRequest(message)
    await write(received, list({draft.id: draft for draft in drafts}.values()))


def orders_of(received: Received) -> list[Order]:
    """Return the orders of a message: each OBR with the ORC before it and what follows."""
    orders: list[Order] = []
    orc = _EMPTY
    for group in received.message.groups("ORC", "OBR"):
        if group[0].name == "ORC":
            orc = group[0]
        else:
            orders.append(Order(orc, group[0], group[1:]))
            orc = _EMPTY
    return orders


def request_id(received: Received, order: Order) -> str | None:
    """Return the ID of what was asked for, or None where no number says so."""
    number = order.placer or order.filler
    if number is None:
        return None
    kind = "placer" if order.placer is not None else "filler"
    issuer = elements.system_of(number.assigning_authority, received.source.issuer)
    return own_id(received, "ServiceRequest", kind, issuer, number.entity_identifier)


def request(received: Received, order: Order, patient: Record, visit: Draft | None) -> Draft:
    """Return an order as what it makes of a ServiceRequest.

    Raises:
        InvalidRequest: no number says which order it is.
    """
    identifier = request_id(received, order)
    if identifier is None:
        message = "expected an order with a number (ORC-2 or ORC-3), none came"
        raise InvalidRequest(message)

    def make(now: Resource | None) -> Resource:
        begun = {"resourceType": "ServiceRequest", "status": "active", "intent": "order"}
        return begun | (now or {}) | _said(received, order, patient, visit) | _status(order)

    return Draft("ServiceRequest", identifier, make)


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
        requester=_requester(orc[12], obr[16]),
        reasonCode=elements.concepts(obr[31]),
        bodySite=elements.concepts(obr[15]) if received.message.header.version_id < "2.5" else [],
        note=order.notes(),
        patientInstruction=elements.text_of(tq1[11]),
    )


def identifiers(order: Order, issuer: str) -> list[Element]:
    """Return the numbers of an order (table 0203: PLAC, FILL)."""
    numbers = ((order.placer, "PLAC"), (order.filler, "FILL"))
    return [elements.entity(number, kind, issuer) for number, kind in numbers if number is not None]


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


def _requester(*fields: Field) -> Element:
    people = [found for field in fields for found in elements.people(field)]
    return people[0] if people else {}


HANDLERS: Final[Mapping[str, Handler]] = dict.fromkeys(("ORM^O01", "OML^O21", "OMI^O23"), ordered)
"""Messages of chapter 4, and what is done about each."""
