"""What is noted of an association while it lasts, and told once when it has ended (PS3.8 7).

Whoever looks after a network asks afterwards: did it reach you, and what happened? Per message a counter is raised and
no more; listeners are told once, at the end, and must not wait for anything. A connection that never asked for an
association (a port scan, a probe of a load balancer) is none, and is not told of.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from lightwell.core import clock, logs
from lightwell.standards.dicom.dimse import Command, Response, is_failure, is_pending
from lightwell.standards.dicom.pdu import AssociateRq

log = logging.getLogger(__name__)
_IS_RESPONSE: Final = 0x8000

SERVICES: Final[Mapping[int, str]] = MappingProxyType(
    {
        0x0001: "C-STORE",
        0x0010: "C-GET",
        0x0020: "C-FIND",
        0x0021: "C-MOVE",
        0x0030: "C-ECHO",
        0x0100: "N-EVENT-REPORT",
        0x0110: "N-GET",
        0x0120: "N-SET",
        0x0130: "N-ACTION",
        0x0140: "N-CREATE",
        0x0150: "N-DELETE",
    }
)
"""The services by the command field of their request (PS3.7 table E.1-1)."""


class Outcome(StrEnum):
    """How an association ended."""

    RELEASED = "released"
    REJECTED = "rejected"
    ABORTED_BY_PEER = "aborted_by_peer"
    ABORTED_BY_US = "aborted_by_us"
    TIMED_OUT = "timed_out"
    LOST = "lost"
    UNREACHABLE = "unreachable"


@dataclass(slots=True)
class Tally:
    """How often a service went well, went with a warning (or was cancelled), and failed (PS3.7 annex C)."""

    succeeded: int = 0
    warned: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True)
class Ended:
    """An association that is over; ``rejection`` is result, source and reason of PS3.8 table 9-21."""

    calling_ae: str
    called_ae: str
    address: str
    is_ours: bool
    is_tls: bool
    began_at: datetime
    ended_at: datetime
    outcome: Outcome
    rejection: tuple[int, int, int] | None
    done: Mapping[str, Tally]
    badge: Any


Listener: TypeAlias = Callable[[Ended], None]


class Announcer:
    """Tells of every association that ended, whoever listens."""

    def __init__(self) -> None:
        self.listeners: list[Listener] = []

    def tell(self, ended: Ended) -> None:
        """Hand it to all; a listener that fails costs no message."""
        for listener in self.listeners:
            try:
                listener(ended)
            except Exception as error:  # noqa: BLE001 -- bookkeeping must never end an association
                logs.event(log, logging.ERROR, "an association was not noted", error=error)


@dataclass(slots=True)
class Recording:
    """The notes on one association; the first end that is noted is the one that is told."""

    announcer: Announcer
    is_ours: bool = False
    is_tls: bool = False
    address: str = ""
    request: AssociateRq | None = None
    badge: Any = None
    began_at: datetime = field(default_factory=clock.now)
    _done: dict[int, Tally] = field(default_factory=dict[int, Tally])
    _is_told: bool = False

    def count(self, command: Command) -> None:
        """Count a final response; a request and a pending response are no result yet."""
        if not isinstance(command, Response):
            return
        status = command.status
        if status and is_pending(status):
            return
        tally = self._done.get(command.command_field)
        if tally is None:
            tally = self._done[command.command_field] = Tally()
        if not status:  # 0000H: success, as nearly all are
            tally.succeeded += 1
        elif is_failure(status):
            tally.failed += 1
        else:
            tally.warned += 1

    def end(self, outcome: Outcome, rejection: tuple[int, int, int] | None = None) -> None:
        """Note how it ended and tell it, once."""
        if self._is_told or self.request is None:
            return
        self._is_told = True
        calling, called = self.request.calling_ae_title, self.request.called_ae_title
        done = {SERVICES[number & ~_IS_RESPONSE]: tally for number, tally in self._done.items()}
        line = (calling, called, self.address, self.is_ours, self.is_tls, self.began_at, clock.now())
        self.announcer.tell(Ended(*line, outcome, rejection, done, self.badge))
