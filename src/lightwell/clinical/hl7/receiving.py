"""What the network hands over: a message is read, kept with its answer, and answered when it is on the disk.

From nobody known nothing is kept, since nobody could say whose it is: it is refused, with what helps. What no hospital
could read is kept as it came.
"""

import asyncio
import hashlib
import logging
from collections.abc import Container, Sequence
from dataclasses import replace
from typing import Final

from lightwell.clinical.hl7 import answering
from lightwell.clinical.hl7.inbox import Inbox
from lightwell.clinical.hl7.model import Arrival, Source
from lightwell.clinical.hl7.reading import NO_HEADER, Reading, peek, read
from lightwell.clinical.hl7.sources import Sources
from lightwell.core import clock, logs, metrics
from lightwell.core.net.callers import Caller
from lightwell.core.net.mllp import Answers
from lightwell.standards.hl7.ack import Problem, Reason
from lightwell.standards.hl7.header import Header
from lightwell.standards.hl7.mllp import Event, FrameCutShort, FrameTooLong, GarbageSkipped, MessageReceived

log = logging.getLogger(__name__)
_LARGE_BYTES: Final = 256 << 10
_MOST_CONTROL_ID: Final = 199
_MOST_KIND: Final = 32
_MOST_LINES: Final = 4096
_CUT: Final = "expected 1C 0D at the end of a message, the line ended or the next message began; send it again"
_STRANGER: Final = (
    "expected a sending application and facility (MSH-3, MSH-4) that are known at this address; nothing is kept"
)
_HELP: Final = "lightwell hl7 source add"


class Receiver:
    """Takes what comes over MLLP."""

    def __init__(self, sources: Sources, inbox: Inbox, known: Container[str]) -> None:
        """Take messages of known kinds into the record, and keep all others for a person to look at."""
        self._sources = sources
        self._inbox = inbox
        self._known = known
        self._last: dict[int, int] = {}  # of lines: their last source, who spoke longest ago first

    async def take(self, caller: Caller, event: Event) -> Answers:
        """Take what came; the answers come when it is safe.

        DatabaseUnavailable ends the connection without an answer: the sender still has its message.
        """
        if isinstance(event, GarbageSkipped):
            return _now(())
        if isinstance(event, FrameTooLong):
            return _now(_too_long(event))
        header = peek(event.raw)
        source = await self._source(header, caller)
        if source is None:
            return _now(_stranger(Reading(header or NO_HEADER), caller))
        if len(event.raw) < _LARGE_BYTES:
            arrival = self._arrive(source, event)
        else:
            arrival = await asyncio.to_thread(self._arrive, source, event)
        return self._inbox.put(source.organisation_id, arrival)

    async def _source(self, header: Header | None, caller: Caller) -> Source | None:
        """Return whose a message is; of what has no MSH, whose the last one was that came by the same line."""
        source = await self._sources.find(header, caller)
        if header is None:
            return source or await self._sources.of(self._last.get(caller.line, 0))
        if source is not None:
            self._last.pop(caller.line, None)
            self._last[caller.line] = source.id
            if len(self._last) > _MOST_LINES:
                del self._last[next(iter(self._last))]
        return source

    def _arrive(self, source: Source, event: MessageReceived | FrameCutShort) -> Arrival:
        reading = read(event.raw, source, self._known)
        if isinstance(event, FrameCutShort):
            reading = replace(reading, problem=Problem(Reason.SEGMENT_SEQUENCE, _CUT))
        return arrive(source, event.raw, reading)


def arrive(source: Source, raw: bytes, reading: Reading, edited_from: int | None = None) -> Arrival:
    """Return a message as it is kept, with what is answered to it."""
    problem = reading.problem
    if problem is None:
        answers = answering.accept(reading, is_enhanced=source.is_enhanced)
    else:
        answers = answering.keep_aside(reading, problem, is_enhanced=source.is_enhanced)
    reason = problem.text if problem else ""
    control_id = reading.header.control_id[:_MOST_CONTROL_ID].replace("\0", "")
    return Arrival(
        source.id,
        clock.now(),
        raw,
        hashlib.sha256(raw + reason.encode()).digest(),
        control_id,
        reading.kind[:_MOST_KIND].replace("\0", ""),
        reading.keys,
        answers,
        reason,
        edited_from,
    )


def _too_long(event: FrameTooLong) -> tuple[bytes, ...]:
    text = f"expected a message of less than {event.max_bytes + 1} bytes, a longer one came; nothing of it is kept"
    header = peek(event.head)
    return answering.refuse(Reading(header or NO_HEADER), Problem(Reason.APPLICATION_INTERNAL_ERROR, text))


def _stranger(reading: Reading, caller: Caller) -> tuple[bytes, ...]:
    """Refuse a message of nobody known; the log says what to do."""
    metrics.STRANGERS.inc()
    application, facility = reading.header.sending_application, reading.header.sending_facility
    logs.event(
        log,
        logging.WARNING,
        "message of nobody known refused",
        caller=caller.address,
        application=logs.printable(application),
        facility=logs.printable(facility),
        better=_HELP,
    )
    return answering.refuse(reading, Problem(Reason.UNKNOWN_KEY_IDENTIFIER, _STRANGER, "MSH", field=3))


def _now(answers: Sequence[bytes]) -> asyncio.Future[Sequence[bytes]]:
    future = asyncio.get_running_loop().create_future()
    future.set_result(answers)
    return future
