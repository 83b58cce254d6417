"""MLLP over TCP and TLS: cuts the bytes of a connection into messages and sends what its house answers, in order.

What comes is handed over one after the other, in the order in which it came; answers may take their time side by side,
and still go out in that order. While a peer has as much unanswered as it may have, no more is read from it. A peer that
begins a message and does not end it is told so, and what came of it is handed over; who says nothing for long, or does
not read its answers, is hung up on.
"""

import asyncio
import contextlib
import logging
import socket
import ssl
from collections import deque
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol, TypeAlias, cast

from lightwell.core import logs, metrics
from lightwell.core.net.callers import Caller, caller_of
from lightwell.standards.hl7.mllp import (
    Event,
    FrameCutShort,
    Framer,
    FrameTooLong,
    GarbageSkipped,
    MessageReceived,
    frame,
)

log = logging.getLogger(__name__)
_MOST_WAITING: Final = 64
_MOST_WAITING_BYTES: Final = 32 << 20
_KINDS: Final = {
    MessageReceived: "message",
    FrameCutShort: "cut_short",
    FrameTooLong: "too_long",
    GarbageSkipped: "garbage",
}

Answers: TypeAlias = Awaitable[Sequence[bytes]]
"""What goes back for one message: as a rule one, sometimes none or two."""


class House(Protocol):
    """Takes what comes."""

    async def take(self, caller: Caller, event: Event) -> Answers:
        """Take what came, after everything that came before it; what is returned ends with the answers."""
        ...


@dataclass(frozen=True, slots=True)
class Limits:
    """What a peer may do: bytes of a message, seconds of a message and of silence, connections of all peers."""

    max_bytes: int
    message_s: float
    idle_s: float
    most_connections: int


@dataclass(slots=True)
class Door:
    """What all connections of a port share."""

    house: House
    limits: Limits
    connections: set["Connection"] = field(default_factory=set["Connection"])


class Connection(asyncio.Protocol):
    """One peer."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._framer = Framer(door.limits.max_bytes)
        self._transport: asyncio.Transport = cast("asyncio.Transport", None)
        self._caller = Caller("", "")
        self._loop = asyncio.get_running_loop()
        self._came: deque[Event] = deque()
        self._answers: asyncio.Queue[tuple[Answers, int] | None] = asyncio.Queue()
        self._has_come = asyncio.Event()
        self._unanswered = self._unanswered_bytes = 0
        self._is_ending = False
        self._has_hung_up = False
        self._is_answered = False
        self._is_writable = asyncio.Event()
        self._is_writable.set()
        self._tasks: list[asyncio.Task[None]] = []
        self._timer: asyncio.TimerHandle | None = None
        self._since_s = self._loop.time()
        self._was_in_frame = False

    # -- what asyncio calls ---------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to take messages, unless there are too many connections."""
        self._transport = cast("asyncio.Transport", transport)
        if len(self._door.connections) >= self._door.limits.most_connections:
            metrics.LINES_REFUSED.inc()
            self._transport.abort()
            return
        self._caller = caller_of(self._transport)
        self._door.connections.add(self)
        metrics.LINES.inc()
        self._tasks = [self._loop.create_task(self._guarded(work)) for work in (self._hand_over(), self._answer())]
        self._look_later()

    def data_received(self, data: bytes) -> None:
        """Take the bytes that came."""
        events = self._framer.receive_data(data)
        self._take(events)
        if events or self._framer.is_in_frame != self._was_in_frame:
            self._begin_wait()

    def eof_received(self) -> bool:
        """Note that the peer sends no more; what it sent is answered before the line is closed."""
        self._has_hung_up = True
        self._take(self._framer.receive_eof())
        self._end()
        if self._is_answered:
            self._transport.close()
        return self._transport.get_extra_info("ssl_object") is None  # by TLS a line cannot be closed one way

    def connection_lost(self, exc: Exception | None) -> None:
        """Clean up; what was handed over is kept all the same."""
        del exc
        if self in self._door.connections:
            self._door.connections.discard(self)
            metrics.LINES.dec()
        if self._timer is not None:
            self._timer.cancel()
        for task in self._tasks:
            task.cancel()
        if not self._is_ending and (rest := self._framer.receive_eof()):
            self._tasks = [self._loop.create_task(self._guarded(self._keep(rest)))]

    async def _keep(self, events: Sequence[Event]) -> None:
        """Hand over what came of a message before the line broke; there is nobody to answer."""
        for event in events:
            await (await self._door.house.take(self._caller, event))

    def pause_writing(self) -> None:
        """Note that the peer reads its answers more slowly than they come."""
        self._is_writable.clear()

    def resume_writing(self) -> None:
        """Note that the peer has caught up."""
        self._is_writable.set()

    # -- from the bytes to the house and back -----------------------------------------------------------------------

    def _take(self, events: list[Event]) -> None:
        for event in events:
            metrics.FRAMES.labels(_KINDS[type(event)]).inc()
            if isinstance(event, GarbageSkipped):
                continue
            self._came.append(event)
            self._unanswered += 1
            self._unanswered_bytes += _size(event)
            if isinstance(event, FrameTooLong):
                self._end()
        if not self._is_ending and not self._has_room(_MOST_WAITING, _MOST_WAITING_BYTES):
            self._transport.pause_reading()
        if events:
            self._has_come.set()

    def _has_room(self, most: int, most_bytes: int) -> bool:
        return self._unanswered < most and self._unanswered_bytes < most_bytes

    def _end(self) -> None:
        self._is_ending = True
        self._has_come.set()

    async def _hand_over(self) -> None:
        while self._came or not self._is_ending:
            if self._came:
                event = self._came.popleft()
                await self._answers.put((await self._door.house.take(self._caller, event), _size(event)))
            else:
                self._has_come.clear()
                await self._has_come.wait()
        await self._answers.put(None)

    async def _answer(self) -> None:
        while (came := await self._answers.get()) is not None:
            waiting, size = came
            answers = await waiting
            self._transport.writelines([frame(answer) for answer in answers])
            await self._be_read()
            self._unanswered -= 1
            self._unanswered_bytes -= size
            if self._has_room(_MOST_WAITING // 2, _MOST_WAITING_BYTES) and not self._transport.is_closing():
                self._transport.resume_reading()
        self._say_goodbye()

    def _say_goodbye(self) -> None:
        """Close the line; a peer that is still sending reads its last answer only if its bytes are taken meanwhile."""
        self._is_answered = True
        if self._has_hung_up or not self._transport.can_write_eof():
            self._transport.close()
        else:
            self._transport.write_eof()
            self._transport.resume_reading()

    async def _be_read(self) -> None:
        if not self._is_writable.is_set():
            async with asyncio.timeout(self._door.limits.message_s):
                await self._is_writable.wait()

    async def _guarded(self, work: Awaitable[None]) -> None:
        """Hang up without an answer where there is none to give: the peer still has its message, and sends it again."""
        try:
            await work
        except Exception as error:  # noqa: BLE001 -- a fault of ours must not leave the peer waiting
            logs.event(log, logging.WARNING, "line closed without an answer", error=error, caller=self._caller.address)
            self._transport.abort()

    # -- the clock ------------------------------------------------------------------------------------------------

    def _begin_wait(self) -> None:
        """Count anew: a message has begun, or has ended and it is quiet."""
        self._since_s = self._loop.time()
        self._was_in_frame = self._framer.is_in_frame
        if self._was_in_frame and self._timer is not None:
            self._timer.cancel()  # it looks when a silence would be too long, which is later
            self._look_later()

    @property
    def _patience_s(self) -> float:
        limits = self._door.limits
        return limits.message_s if self._was_in_frame or self._is_ending else limits.idle_s

    def _look_later(self) -> None:
        self._timer = self._loop.call_at(self._since_s + self._patience_s, self._look_at_clock)

    def _look_at_clock(self) -> None:
        now = self._loop.time()
        if self._unanswered:  # it waits for us
            self._since_s = now
        if now - self._since_s < self._patience_s:
            self._look_later()
            return
        what = "a message did not end" if self._was_in_frame else "silence"
        logs.event(log, logging.INFO, "line closed", why=what, caller=self._caller.address)
        if not self._was_in_frame or self._is_ending:
            self._transport.abort()
            return
        self._take(self._framer.receive_eof())
        self._end()
        self._begin_wait()  # for the answer to be read
        self._look_later()

    def close(self) -> None:
        """End the connection from our side."""
        self._is_ending = True
        self._transport.abort()


def _size(event: Event) -> int:
    return len(event.raw) if isinstance(event, MessageReceived | FrameCutShort) else 0


async def listen(door: Door, listener: socket.socket, tls: ssl.SSLContext | None = None) -> asyncio.Server:
    """Open a bound socket for peers."""
    loop = asyncio.get_running_loop()
    with contextlib.suppress(OSError):  # lines stand idle for hours: the kernel finds out which are dead
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    return await loop.create_server(lambda: Connection(door), sock=listener, ssl=tls, backlog=512)
