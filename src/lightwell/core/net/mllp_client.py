"""Calling a peer by MLLP: one line that stays open, one message at a time, each with its answer.

A line on which an answer did not come in time is not used again: what comes late must not be taken for the answer to
the next message.
"""

import asyncio
import ssl
from collections import deque
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Final

from lightwell.core.errors import LightwellError
from lightwell.core.net.outgoing import Outgoing
from lightwell.core.net.sockets import tune, unsent_bytes
from lightwell.standards.hl7.mllp import Event, Framer, FrameTooLong, MessageReceived, frame

_READ: Final = 64 << 10
_WRITE: Final = 64 << 10
_MOST_ANSWER_BYTES: Final = 4 << 20


class LineBroken(LightwellError):
    """The peer cannot be reached, hung up, or did not answer in time; whether it has the message is not known.

    ``heard`` is what it said last that was no answer to the message, for a person to look at.
    """

    code = "peer_unreachable"
    http_status = 502
    heard: bytes | None = None


class _Overdue(LineBroken):
    """What was waited for did not come in time."""


class Line:
    """An open connection to a peer; it is fresh until something was sent on it."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._framer = Framer(_MOST_ANSWER_BYTES)
        self._events: deque[Event] = deque()
        self._heard: bytes | None = None
        self.is_fresh = True

    @property
    def is_open(self) -> bool:
        """Whether the peer has not hung up, as far as is known."""
        return not self._reader.at_eof() and not self._writer.is_closing()

    async def ask(self, raw: bytes, is_answer: Callable[[bytes], bool], patience_s: float) -> bytes:
        """Send a message and return its answer; what else comes meanwhile is passed over.

        The peer may take as long as it likes to read a long message, as long as it reads on.

        Raises:
            LineBroken: no answer came; the line is closed.
        """
        self.is_fresh = False
        try:
            await self._write(frame(raw), patience_s)
            return await self._answer(is_answer, patience_s)
        except BaseException as error:
            self.close()
            if isinstance(error, LineBroken):
                error.heard = self._heard
            raise

    async def _write(self, framed: bytes, patience_s: float) -> None:
        for begin in range(0, len(framed), _WRITE):
            async with _telling("room on the line", patience_s):
                self._writer.write(framed[begin : begin + _WRITE])
                await self._writer.drain()

    async def _answer(self, is_answer: Callable[[bytes], bool], patience_s: float) -> bytes:
        """Return the answer; the wait for it begins when the peer has read what waits in the kernel."""
        unsent = self._unsent
        while True:
            try:
                async with _telling("an answer", patience_s):
                    return await self._heard_as(is_answer)
            except _Overdue as error:
                before, unsent = unsent, self._unsent
                if unsent < before:
                    continue
                if self._heard is None:
                    raise
                message = f"{error}; what came answered no message of ours"
                raise LineBroken(message) from None

    @property
    def _unsent(self) -> int:
        return 0 if self._writer.is_closing() else unsent_bytes(self._writer.get_extra_info("socket"))

    async def _heard_as(self, is_answer: Callable[[bytes], bool]) -> bytes:
        while True:
            event = await self._next()
            if isinstance(event, MessageReceived):
                if is_answer(event.raw):
                    return event.raw
                self._heard = event.raw

    async def _next(self) -> Event:
        while not self._events:
            data = await self._reader.read(_READ)
            if not data:
                message = "the peer hung up without an answer"
                raise LineBroken(message)
            self._events += self._framer.receive_data(data)
        event = self._events.popleft()
        if isinstance(event, FrameTooLong):
            message = f"an answer of at most {event.max_bytes} bytes was expected, a longer one came"
            raise LineBroken(message)
        return event

    def close(self) -> None:
        """Hang up."""
        self._writer.transport.abort()


async def call(host: str, port: int, allowed: Outgoing, tls: ssl.SSLContext | None, patience_s: float) -> Line:
    """Open a line to a peer, at an address that was looked at before.

    Raises:
        LineBroken: nobody answers there, or by TLS it is not who it should be.
        InvalidRequest: the peer may not be called.
    """
    async with _telling("a connection", patience_s):
        reader, writer = await _connect(await allowed.addresses(host, port), port, tls, host if tls else None)
        tune(writer.get_extra_info("socket"))
        return Line(reader, writer)


async def _connect(
    addresses: Sequence[str], port: int, tls: ssl.SSLContext | None, name: str | None
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Connect to the first address where somebody answers."""
    for address in addresses[:-1]:
        with suppress(OSError):
            return await asyncio.open_connection(address, port, ssl=tls, server_hostname=name)
    return await asyncio.open_connection(addresses[-1], port, ssl=tls, server_hostname=name)


@asynccontextmanager
async def _telling(what: str, patience_s: float) -> AsyncGenerator[None]:
    """Tell whatever befalls a line in one way; no wait is without an end."""
    try:
        async with asyncio.timeout(patience_s):
            yield
    except TimeoutError:
        message = f"{what} was waited for, none came within {patience_s:g} s"
        raise _Overdue(message) from None
    except ssl.SSLError as error:
        message = f"{what} was waited for, TLS failed: {error.reason or type(error).__name__}"
        raise LineBroken(message) from error
    except OSError as error:
        message = f"{what} was waited for, the line failed: {error.strerror or type(error).__name__}"
        raise LineBroken(message) from error
