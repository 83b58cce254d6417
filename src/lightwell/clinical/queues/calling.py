"""Calling: the next one in order, again, passed and back, done. Of two rooms that call at once each gets another."""

from contextlib import suppress
from typing import Any, Final

from lightwell.clinical.events import QueueChanged, TicketCalled
from lightwell.clinical.model import subject_of
from lightwell.clinical.queues.checking_in import hold, read, since
from lightwell.clinical.queues.model import State, Ticket
from lightwell.clinical.store import queues as store
from lightwell.core import clock
from lightwell.core.errors import Conflict, NotFound
from lightwell.core.tx import Tx

_BEHIND: Final = 2
_FROM: Final[dict[str, tuple[State, ...]]] = {
    "call": ("waiting", "called", "passed"),
    "pass": ("called",),
    "return": ("passed",),
    "done": ("called",),
    "leave": ("waiting", "called", "passed"),
}
ACTS: Final = tuple(_FROM)
"""What is done about somebody in a queue: called (again), passed over, back, done, gone."""


async def tickets(tx: Tx, queue_id: int) -> list[Ticket]:
    """Return who is in a queue, in the order in which they are called."""
    values = {"queue_id": queue_id, "since": since()}
    return [Ticket(*row) for row in await (await tx.connection.execute(store.OPEN, values)).fetchall()]


async def call_next(tx: Tx, queue_id: int, room: str, prefix: str) -> Ticket | None:
    """Call whoever is next to a room; None if nobody waits.

    Raises:
        NotFound: there is no such queue.
    """
    await hold(tx, queue_id)
    values = {"queue_id": queue_id, "since": since()}
    row = await (await tx.connection.execute(store.NEXT, values)).fetchone()
    return None if row is None else await act(tx, row[0], "call", room, prefix)


async def act(tx: Tx, ticket_id: int, what: str, room: str, prefix: str) -> Ticket:
    """Do something about somebody in a queue, and return what they are then.

    Raises:
        NotFound: there is nobody of this number.
        Conflict: that cannot be done in the state in which they are, or another room called them.
    """
    before = await read(tx, ticket_id)
    await hold(tx, before.queue_id)
    before = await read(tx, ticket_id)
    if before.state not in _FROM[what]:
        message = f"expected somebody who is {' or '.join(_FROM[what])}, they are {before.state}; look again"
        raise Conflict(message)
    if what == "call" and before.state == "called" and room not in {"", before.room}:
        message = "somebody is called to another room already; whoever called them passes them first"
        raise Conflict(message)
    await tx.connection.execute(*_statement(what, ticket_id, room or before.room))
    ticket = await read(tx, ticket_id)
    await tx.audit(f"ticket.{what}", organisation_id=ticket.organisation_id, subject=subject_of(ticket.patient_id))
    await tx.publish(QueueChanged(organisation_id=ticket.organisation_id, queue_id=ticket.queue_id))
    if what == "call":
        await tx.publish(_called(ticket, prefix))
    return ticket


def _called(ticket: Ticket, prefix: str) -> TicketCalled:
    return TicketCalled(
        organisation_id=ticket.organisation_id,
        queue_id=ticket.queue_id,
        ticket_id=ticket.id,
        number=ticket.shown(prefix),
        room=ticket.room,
        calls=ticket.calls,
    )


def _statement(what: str, ticket_id: int, room: str) -> tuple[Any, dict[str, Any]]:
    values = {"id": ticket_id, "now": clock.now(), "room": room, "behind": _BEHIND, "since": since()}
    match what:
        case "call":
            return store.CALL, values
        case "pass":
            return store.SKIP, values
        case "return":
            return store.RETURN, values
        case _:
            return store.END, values | {"state": "done" if what == "done" else "left"}


async def leave(tx: Tx, organisation_id: int, what_for: str) -> None:
    """Take a visit that has ended, or was called off, out of its queue; an appointment likewise."""
    values = {"organisation_id": organisation_id, "id": what_for}
    for (ticket_id,) in await (await tx.connection.execute(store.OPEN_FOR, values)).fetchall():
        # A room was done with them, or the queue closed, meanwhile: they wait no more.
        with suppress(Conflict, NotFound):
            await act(tx, ticket_id, "leave", "", "")
