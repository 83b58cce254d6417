"""SIU: appointments that are made, moved, changed, called off or missed (chapter 10; v2-to-FHIR SCH[Appointment])."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from lightwell.clinical.hl7 import elements, pid, pv1, vocabulary
from lightwell.clinical.hl7.arriving import have_wait
from lightwell.clinical.hl7.elements import Element, filled
from lightwell.clinical.hl7.model import Handler, Received
from lightwell.clinical.hl7.writing import Draft, own_id, write
from lightwell.clinical.queues import calling
from lightwell.clinical.queues.checking_in import is_recent
from lightwell.clinical.queues.model import WhatFor
from lightwell.core.errors import InvalidRequest
from lightwell.standards.fhir.resource import Resource
from lightwell.standards.hl7.datatypes import CWE, EI
from lightwell.standards.hl7.message import Field, Segment

_ARRIVED: Final = frozenset(("ARRIVED", "CHECKED-IN", "STARTED"))  # table 0278 has the last, senders have all
_WITHDRAWN: Final = frozenset(("cancelled", "noshow"))
_MINUTES: Final = {"MIN": 1, "M": 1, "MINUTES": 1, "H": 60, "HR": 60, "HOURS": 60}


async def scheduled(received: Received) -> None:
    """Bring an appointment up to date, with patient, people and place.

    Raises:
        InvalidRequest: no number says which appointment it is (SCH-1 or SCH-2).
    """
    sch = received.message["SCH"]
    number = next((ei for place in (2, 1) if (ei := EI.read(sch[place].first)).entity_identifier), None)
    if number is None:
        message = "expected an appointment with a number (SCH-1 or SCH-2), none came"
        raise InvalidRequest(message)
    taking_part = [await _patient(received), *await _others(received)]
    issuer = elements.system_of(number.assigning_authority, received.source.issuer)
    status = vocabulary.APPOINTMENT_STATUSES[received.message.header.trigger_event]
    said = _said(received, sch) | filled(
        identifier=[filled(system=issuer, value=number.entity_identifier)],
        participant=[item for item in taking_part if item],
    )

    gone = elements.deleted(reasonCode=(sch[6], sch[7]), appointmentType=sch[8], minutesDuration=sch[9])

    def make(now: Resource | None) -> Resource:
        appointment = {"resourceType": "Appointment"} | elements.renewed(now, said, gone)
        has_time = "start" in appointment and "end" in appointment
        return appointment | {"status": status if has_time or status in _WITHDRAWN else "proposed"}

    identifier = own_id(received, "Appointment", issuer, number.entity_identifier)
    [written] = await write(received, [Draft("Appointment", identifier, make)])
    await _take_to_queue(received, sch, written.id, status)


async def _take_to_queue(received: Received, sch: Segment, identifier: str, status: str) -> None:
    """Have a patient wait whose appointment says that they have come, and no more when it is called off."""
    if status in _WITHDRAWN:
        await calling.leave(received.tx, received.organisation_id, identifier)
    elif _has_come(received, sch) and received.message.get("PID") is not None:
        places = [segment[3].text for segment in received.message if segment.name in {"AIL", "AIS"}]
        await have_wait(received, places, (await pid.known(received)).id, WhatFor(appointment_id=identifier))


def _has_come(received: Received, sch: Segment) -> bool:
    """Tell whether a patient has come to an appointment that is not over: those of days before are told again, too."""
    start, _ = _ends(received, sch)
    is_over = start is not None and not is_recent(datetime.fromisoformat(start), received.place.zone)
    return sch[25].text.upper() in _ARRIVED and not is_over


async def _patient(received: Received) -> Element:
    if received.message.get("PID") is None:
        return {}
    return _taking_part({"reference": (await pid.known(received)).reference})


async def _others(received: Received) -> list[Element]:
    """Return people, and the place: AIL of the appointment, with beds made as for visits."""
    found: list[Element] = []
    for segment in received.message:
        if segment.name == "AIP":
            found += [_taking_part(person) for person in elements.people(segment[3])]
        elif segment.name == "AIL" and (bed := await pv1.place(received, segment[3])):
            found.append(_taking_part({"reference": bed}))
    return found


def _taking_part(actor: Element) -> Element:
    return {"actor": actor, "status": "accepted"}


def _said(received: Received, sch: Segment) -> Element:
    start, end = _ends(received, sch)
    has_both = start is not None and end is not None  # one alone says nothing of when it is
    ais = next(iter(received.message.all("AIS")), None)
    service = elements.concept(CWE.read(ais[3].first)) if ais is not None else {}
    return filled(
        serviceType=[service] if service else [],
        reasonCode=elements.concepts(sch[7]) or elements.concepts(sch[6]),
        appointmentType=elements.concept(CWE.read(sch[8].first)),
        start=start if has_both else None,
        end=end if has_both else None,
        minutesDuration=_minutes(sch[9], sch[10]),
        comment="\n".join(filter(None, (elements.text_of(nte[3]) for nte in received.message.all("NTE")))),
    )


def _minutes(amount: Field, units: Field) -> int | None:
    """Return how long it takes; None where that is not said in whole minutes."""
    value, factor = elements.decimal(amount.text), _MINUTES.get(units.text.upper())
    minutes = value * factor if value is not None and factor is not None else None
    return int(minutes) if minutes is not None and minutes > 0 and minutes == int(minutes) else None


def _ends(received: Received, sch: Segment) -> tuple[str | None, str | None]:
    """Return from when to when, each if it is said: SCH-11.4 and .5, or TQ1-7 and -8 of newer versions."""
    tq1 = received.message.get("TQ1")
    texts = (sch[11][4], sch[11][5])
    if not all(texts) and tq1 is not None:
        texts = (tq1[7].text or texts[0], tq1[8].text or texts[1])
    start, end = (elements.instant(text, received.source.zone) for text in texts)
    return start, end


HANDLERS: Final[Mapping[str, Handler]] = {f"SIU^{event}": scheduled for event in vocabulary.APPOINTMENT_STATUSES}
"""Messages of chapter 10, and what is done about each."""
