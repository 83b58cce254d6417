"""What the medical record announces."""

from dataclasses import dataclass

from lightwell.core.actors import Permission
from lightwell.core.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueChanged(Event):
    """Somebody came into a queue, was called, passed, or is done."""

    permission = Permission.RECORD_READ
    queue_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketCalled(Event):
    """A number is called to a room, for the first time or again: screens show it and say it."""

    permission = Permission.RECORD_READ
    queue_id: int
    ticket_id: int
    number: str
    room: str
    calls: int
