"""What queues are made of."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple, TypeAlias

State: TypeAlias = Literal["waiting", "called", "passed", "done", "left"]
_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Queue:
    """Where patients wait for a service or a room; ``code`` is what messages call it."""

    id: int
    organisation_id: int
    name: str
    prefix: str
    code: str
    waiting: int


class WhatFor(NamedTuple):
    """For what somebody has come, as far as that is known: the IDs of an Encounter and of an Appointment."""

    encounter_id: str = ""
    appointment_id: str = ""


@dataclass(frozen=True, slots=True)
class Ticket:
    """Somebody's place in a queue."""

    id: int
    organisation_id: int
    queue_id: int
    number: int
    patient_id: str
    encounter_id: str
    state: State
    room: str
    calls: int
    arrived_at: datetime
    called_at: datetime | None

    def shown(self, prefix: str) -> str:
        """Return the number as it is printed and called, e.g. A012."""
        return f"{prefix}{self.number:0{_DIGITS}}"
