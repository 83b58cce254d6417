"""Checking in: a patient gets the next number of the day, and keeps it whoever says again that they have come.

The counter, a registration and an appointment may all tell of one patient. Whoever waits at midnight goes on waiting.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta, tzinfo
from typing import Final

from lightwell.clinical.events import QueueChanged
from lightwell.clinical.model import subject_of
from lightwell.clinical.queues.model import Queue, Ticket, WhatFor
from lightwell.clinical.store import queues as store
from lightwell.core import clock
from lightwell.core.errors import Conflict, NotFound
from lightwell.core.tx import Tx

_STANDS: Final = timedelta(hours=24)
_ACROSS_MIDNIGHT: Final = timedelta(hours=3)


def since() -> datetime:
    """Return when somebody came at the earliest who is still waited for."""
    return clock.now() - _STANDS


def is_recent(moment: datetime, zone: tzinfo) -> bool:
    """Tell whether somebody who came at a moment may wait still: today, or late in the evening before."""
    return moment.astimezone(zone).date() == today(zone) or clock.now() - moment < _ACROSS_MIDNIGHT


def today(zone: tzinfo) -> date:
    """Return the day by which numbers are counted: that of the hospital's clock."""
    return clock.now().astimezone(zone).date()


async def every(tx: Tx) -> list[Queue]:
    """Return the queues of the actor's hospitals, with how many wait."""
    rows = await (await tx.connection.execute(store.QUEUES, {"since": since()})).fetchall()
    return [Queue(*row) for row in rows]


async def add(tx: Tx, organisation_id: int, name: str, prefix: str, code: str) -> int:
    """Open a queue, and return its number.

    Raises:
        Conflict: the hospital has one of that name.
    """
    values = {"organisation_id": organisation_id, "name": name, "prefix": prefix, "code": code}
    row = await (await tx.connection.execute(store.ADD_QUEUE, values)).fetchone()
    if row is None:
        message = f"there is a queue {name} already"
        raise Conflict(message)
    await tx.audit("queue.added", organisation_id=organisation_id, detail={"name": name})
    return int(row[0])


async def remove(tx: Tx, number: int) -> None:
    """Close a queue for good, with whoever waits in it.

    Raises:
        NotFound: there is none.
    """
    row = await (await tx.connection.execute(store.REMOVE_QUEUE, {"id": number})).fetchone()
    if row is None:
        message = f"there is no queue {number}, or it is not yours"
        raise NotFound(message)
    await tx.audit("queue.removed", organisation_id=row[0], detail={"queue": number})


async def hold(tx: Tx, queue_id: int) -> int:
    """Keep others from changing a queue until the transaction ends; return whose it is.

    Raises:
        NotFound: there is none.
    """
    row = await (await tx.connection.execute(store.HOLD_QUEUE, {"id": queue_id})).fetchone()
    if row is None:
        message = f"there is no queue {queue_id}, or it is not yours"
        raise NotFound(message)
    return int(row[0])


async def check_in(tx: Tx, queue_id: int, patient_id: str, what_for: WhatFor, zone: tzinfo) -> tuple[Ticket, bool]:
    """Give a patient the next number of a queue, unless they have one; return it, and whether it is new.

    An appointment and the visit that it becomes are told by different messages; one number is for both.
    """
    organisation_id = await hold(tx, queue_id)
    asked = {
        "organisation_id": organisation_id,
        "queue_id": queue_id,
        "day": today(zone),
        "since": since(),
        "patient_id": patient_id,
        "now": clock.now(),
        **what_for._asdict(),
    }
    held = await (await tx.connection.execute(store.HELD, asked)).fetchone()
    if held is not None:
        ticket_id, is_open = held
        if is_open:
            await tx.connection.execute(store.SAY_WHAT_FOR, {"id": ticket_id, **what_for._asdict()})
        return await read(tx, ticket_id), False
    row = await (await tx.connection.execute(store.ADD_TICKET, asked)).fetchone()
    await tx.audit("ticket.given", organisation_id=organisation_id, subject=subject_of(patient_id))
    await tx.publish(QueueChanged(organisation_id=organisation_id, queue_id=queue_id))
    return await read(tx, row[0] if row else 0), True


async def read(tx: Tx, ticket_id: int) -> Ticket:
    """Return somebody's place.

    Raises:
        NotFound: there is none of this number.
    """
    row = await (await tx.connection.execute(store.READ_TICKET, {"id": ticket_id})).fetchone()
    if row is None:
        message = f"there is no number {ticket_id} in a queue, or it is not yours to see"
        raise NotFound(message)
    return Ticket(*row)


async def queue_of(tx: Tx, organisation_id: int, codes: Sequence[str]) -> int | None:
    """Return the queue of a service or clinic, as messages call it; None if there is none."""
    said = [code for code in codes if code]
    values = {"organisation_id": organisation_id, "codes": said}
    row = await (await tx.connection.execute(store.QUEUE_OF_CODE, values)).fetchone() if said else None
    return None if row is None else int(row[0])
