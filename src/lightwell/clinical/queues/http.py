"""Queues over HTTP: for the counter, for the room that calls, and for the board that everybody sees."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Final, Literal

import msgspec

from lightwell.clinical import noting, records
from lightwell.clinical.keys import PATIENT
from lightwell.clinical.model import Number, Record
from lightwell.clinical.patients import survivor_of
from lightwell.clinical.queues import calling, checking_in
from lightwell.clinical.queues.masking import full_name, masked_name
from lightwell.clinical.queues.model import Queue, Ticket, WhatFor
from lightwell.clinical.store import queues as store
from lightwell.clinical.versions import EVER
from lightwell.core.actors import Permission
from lightwell.core.errors import Forbidden, NotFound
from lightwell.core.http.endpoints import Endpoint
from lightwell.core.machines import Machines
from lightwell.core.tx import Tx
from lightwell.standards.fhir.resource import Resource, decode_resource

_Act = Literal["call", "pass", "return", "done", "leave"]
_Room = Annotated[str, msgspec.Meta(max_length=32)]


class Place(msgspec.Struct):
    """Somebody in a queue, as those who call them see it."""

    id: int
    number: str
    patient_id: str
    name: str
    sex: str
    birth_date: str
    state: str
    room: str
    calls: int
    arrived_at: datetime
    called_at: datetime | None


class Line(msgspec.Struct):
    """A queue with all who are in it."""

    queue: Queue
    places: list[Place]


class Shown(msgspec.Struct):
    """A number on the board, with as much of the name as everybody may read."""

    number: str
    name: str
    room: str
    called_at: datetime | None


class Board(msgspec.Struct):
    """What everybody sees: who is called, the last one first, and who is next."""

    name: str
    called: list[Shown]
    waiting: list[Shown]


class NewQueue(msgspec.Struct):
    """A queue that shall be opened."""

    organisation_id: int
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    prefix: Annotated[str, msgspec.Meta(max_length=2)] = ""
    code: Annotated[str, msgspec.Meta(max_length=64)] = ""


class Arrival(msgspec.Struct):
    """Who has come, and for which visit if that is known."""

    patient: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    encounter: Annotated[str, msgspec.Meta(max_length=64)] = ""


class Caller(msgspec.Struct):
    """The room that calls: nobody is called without being told where to."""

    room: Annotated[_Room, msgspec.Meta(min_length=1)]


class Called(msgspec.Struct):
    """Where somebody is called to; empty is where they were called before."""

    room: _Room = ""


class Given(msgspec.Struct):
    """The number that somebody has now, and whether they had it before."""

    number: str
    is_new: bool


class CalledTicket(msgspec.Struct):
    """Who was called; nothing where nobody waits."""

    number: str | None


async def queues(tx: Tx) -> list[Queue]:
    """Return the queues of one's hospitals."""
    return await checking_in.every(tx)


async def add(tx: Tx, body: NewQueue) -> Number:
    """Open a queue."""
    if body.organisation_id not in tx.actor.organisations_with(Permission.RECORD_RESOLVE):
        message = f"organisation {body.organisation_id} is not yours to open queues in"
        raise Forbidden(message)
    return Number(await checking_in.add(tx, body.organisation_id, body.name.strip(), body.prefix, body.code.strip()))


async def remove(tx: Tx, number: int) -> None:
    """Close a queue for good."""
    await checking_in.remove(tx, number)


async def line(tx: Tx, machines: Machines, number: int) -> Line:
    """Return who is in a queue, by name."""
    queue = await _queue(tx, number)
    tickets = await calling.tickets(tx, number)
    patients = await _patients(tx, queue, tickets)
    await noting.note(tx, machines, patients.values())
    return Line(queue, [_place(ticket, queue, _resource(patients.get(ticket.patient_id))) for ticket in tickets])


async def board(tx: Tx, machines: Machines, number: int) -> Board:
    """Return what everybody may see of a queue."""
    queue = await _queue(tx, number)
    tickets = await calling.tickets(tx, number)
    patients = await _patients(tx, queue, tickets)
    await noting.note(tx, machines, patients.values())

    def shown(state: str) -> list[Shown]:
        return [
            Shown(
                ticket.shown(queue.prefix),
                masked_name(_resource(patients.get(ticket.patient_id))),
                ticket.room,
                ticket.called_at,
            )
            for ticket in tickets
            if ticket.state == state
        ]

    last_first = sorted(shown("called"), key=lambda item: item.called_at or EVER, reverse=True)
    return Board(queue.name, last_first, shown("waiting"))


async def arrive(tx: Tx, machines: Machines, number: int, body: Arrival) -> Given:
    """Check somebody in at the counter."""
    queue = await _queue(tx, number)
    patient = await _who_counts(tx, queue, body.patient)
    zone = machines.settings.zone
    ticket, is_new = await checking_in.check_in(tx, number, patient.id, WhatFor(body.encounter), zone)
    return Given(ticket.shown(queue.prefix), is_new)


async def _who_counts(tx: Tx, queue: Queue, patient_id: str) -> Record:
    """Return a patient's record, or the one that it was given up for: everybody waits under that."""
    there = await records.lock(tx, queue.organisation_id, [(PATIENT, patient_id)])
    found = [await survivor_of(tx, record) for record in there.values() if not record.is_deleted]
    if not found or found[0].is_deleted:
        message = "there is no patient of this ID in the hospital of the queue"
        raise NotFound(message)
    return found[0]


async def call_next(tx: Tx, number: int, body: Caller) -> CalledTicket:
    """Call whoever is next."""
    queue = await _queue(tx, number)
    ticket = await calling.call_next(tx, number, body.room, queue.prefix)
    return CalledTicket(None if ticket is None else ticket.shown(queue.prefix))


async def act(tx: Tx, number: int, what: _Act, body: Called) -> CalledTicket:
    """Do something about somebody in a queue."""
    queue = await _queue(tx, (await checking_in.read(tx, number)).queue_id)
    ticket = await calling.act(tx, number, what, body.room, queue.prefix)
    return CalledTicket(ticket.shown(queue.prefix))


async def _queue(tx: Tx, number: int) -> Queue:
    found = [queue for queue in await checking_in.every(tx) if queue.id == number]
    if not found:
        message = f"there is no queue {number}, or it is not yours"
        raise NotFound(message)
    return found[0]


async def _patients(tx: Tx, queue: Queue, tickets: Sequence[Ticket]) -> Mapping[str, Record]:
    values = {"organisation_id": queue.organisation_id, "ids": [ticket.patient_id for ticket in tickets]}
    rows = await (await tx.connection.execute(store.PATIENTS, values)).fetchall()
    return {record.id: record for record in (Record(*row) for row in rows)}


def _resource(record: Record | None) -> Resource:
    return decode_resource(record.body) if record is not None and record.body else {}


def _place(ticket: Ticket, queue: Queue, patient: Resource) -> Place:
    return Place(
        ticket.id,
        ticket.shown(queue.prefix),
        ticket.patient_id,
        full_name(patient),
        patient.get("gender", ""),
        patient.get("birthDate", ""),
        ticket.state,
        ticket.room,
        ticket.calls,
        ticket.arrived_at,
        ticket.called_at,
    )


ENDPOINTS: Final = (
    Endpoint("GET", "/api/queues", queues, Permission.RECORD_READ),
    Endpoint("POST", "/api/queues", add, Permission.RECORD_RESOLVE),
    Endpoint("DELETE", "/api/queues/{number:int}", remove, Permission.RECORD_RESOLVE),
    Endpoint("GET", "/api/queues/{number:int}", line, Permission.RECORD_READ),
    Endpoint("GET", "/api/queues/{number:int}/board", board, Permission.RECORD_READ, while_locked=True),
    Endpoint("POST", "/api/queues/{number:int}/tickets", arrive, Permission.RECORD_WRITE, adds_only=True),
    Endpoint("POST", "/api/queues/{number:int}/next", call_next, Permission.RECORD_WRITE, adds_only=True),
    Endpoint("POST", "/api/tickets/{number:int}/{what}", act, Permission.RECORD_WRITE, adds_only=True),
)
