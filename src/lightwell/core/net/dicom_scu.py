"""Calling a DICOM peer: one association as a sequence of awaits, on the same sans-IO core as the listening side."""

import asyncio
import ssl
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from typing import Final

from lightwell.core.errors import LightwellError
from lightwell.core.net.dicom_record import Outcome, Recording
from lightwell.standards.dicom.association import (
    Aborted,
    AssociateAccepted,
    AssociateRejected,
    Association,
    CommandReceived,
    Event,
    Limits,
    ReleaseConfirmed,
)
from lightwell.standards.dicom.dimse import Command
from lightwell.standards.dicom.pdu import AssociateRq

_READ: Final = 64 * 1024
_WRITE: Final = 1 << 20


class PeerUnreachable(LightwellError):
    """The peer does not answer, refuses the association, or went away in its middle."""

    code = "peer_unreachable"
    http_status = 502


class Call:
    """An open association with a peer."""

    def __init__(
        self,
        association: Association,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        recording: Recording,
    ) -> None:
        self.association = association
        self._reader, self._writer = reader, writer
        self._recording = recording
        self._events: list[Event] = []

    async def ask(self, context_id: int, command: Command, data_set: Iterable[bytes] | None = None) -> Command:
        """Send a message and return the response."""
        self.association.send_command(context_id, command, data_set)
        event = await self.next_event()
        if not isinstance(event, CommandReceived):
            message = f"a response was expected, {type(event).__name__} came"
            raise PeerUnreachable(message)
        self._recording.count(event.command)
        return event.command

    async def next_event(self) -> Event:
        """Send what waits and return the next thing that the peer does.

        Raises:
            PeerUnreachable: it went away, or is silent for longer than PS3.8 9.1.4 and our patience allow.
        """
        try:
            await self._exchange()
        except TimeoutError as error:
            self._recording.end(Outcome.TIMED_OUT)
            message = "the peer does not answer any more"
            raise PeerUnreachable(message) from error
        except OSError as error:
            self._recording.end(Outcome.LOST)
            message = "the line to the peer broke"
            raise PeerUnreachable(message) from error
        event = self._events.pop(0)
        if isinstance(event, Aborted):
            self._recording.end(Outcome.ABORTED_BY_PEER if event.by_peer else Outcome.ABORTED_BY_US)
            message = f"the peer went away: {event.explanation}"
            raise PeerUnreachable(message)
        return event

    async def _exchange(self) -> None:
        """Write what waits and read until something happened."""
        await self.flush()
        while not self._events:
            async with asyncio.timeout(self.association.timeout_s):
                data = await self._reader.read(_READ)
            if not data:
                self._recording.end(Outcome.LOST)
            self._events += self.association.receive_data(data) if data else self.association.receive_eof()
            await self.flush()

    async def flush(self) -> None:
        """Send what waits, a piece at a time, so that a data set of any size uses little memory."""
        while self.association.has_data_to_send:
            self._writer.writelines(self.association.data_to_send(_WRITE))
            await self._writer.drain()

    async def release(self) -> None:
        """End the association in good order."""
        self.association.release()
        while not isinstance(await self.next_event(), ReleaseConfirmed):
            pass
        self._recording.end(Outcome.RELEASED)

    def close(self) -> None:
        """Let go of the connection."""
        self._recording.end(Outcome.ABORTED_BY_US)
        self._writer.close()


@asynccontextmanager
async def call(
    host: str, port: int, request: AssociateRq, recording: Recording, tls: ssl.SSLContext | None = None
) -> AsyncGenerator[Call]:
    """Open an association with a peer and release it at the end; how it went is noted in ``recording``.

    Raises:
        PeerUnreachable: says what the peer did instead.
    """
    recording.request = request
    reader, writer = await _connect(host, port, recording, tls)
    opened = Call(Association.requestor(request, Limits()), reader, writer, recording)
    try:
        answer = await opened.next_event()
        if isinstance(answer, AssociateRejected):
            recording.end(Outcome.REJECTED, (answer.result, answer.source, answer.reason))
            message = f"the peer rejects us: result {answer.result}, source {answer.source}, reason {answer.reason}"
            raise PeerUnreachable(message)
        if isinstance(answer, AssociateAccepted):
            yield opened
            await opened.release()
    finally:
        opened.close()


async def _connect(
    host: str, port: int, recording: Recording, tls: ssl.SSLContext | None
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    try:
        async with asyncio.timeout(Limits().artim_s):
            return await asyncio.open_connection(host, port, ssl=tls)
    except OSError as error:  # a wait that was too long is one too
        recording.end(Outcome.UNREACHABLE)
        message = f"nobody answers at {host}:{port}"
        raise PeerUnreachable(message) from error
