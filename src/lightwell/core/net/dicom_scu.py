"""Calling a DICOM peer: one association as a sequence of awaits, on the same sans-IO core as the listening side."""

import asyncio
import ssl
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from typing import Final

from lightwell.core.errors import LightwellError
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

    def __init__(self, association: Association, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.association = association
        self._reader, self._writer = reader, writer
        self._events: list[Event] = []

    async def ask(self, context_id: int, command: Command, data_set: Iterable[bytes] | None = None) -> Command:
        """Send a message and return the response."""
        self.association.send_command(context_id, command, data_set)
        event = await self.next_event()
        if not isinstance(event, CommandReceived):
            message = f"a response was expected, {type(event).__name__} came"
            raise PeerUnreachable(message)
        return event.command

    async def next_event(self) -> Event:
        """Send what waits and return the next thing that the peer does."""
        await self.flush()
        while not self._events:
            data = await self._reader.read(_READ)
            self._events += self.association.receive_data(data) if data else self.association.receive_eof()
            await self.flush()
        event = self._events.pop(0)
        if isinstance(event, Aborted):
            message = f"the peer went away: {event.explanation}"
            raise PeerUnreachable(message)
        return event

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

    def close(self) -> None:
        """Let go of the connection."""
        self._writer.close()


@asynccontextmanager
async def call(host: str, port: int, request: AssociateRq, tls: ssl.SSLContext | None = None) -> AsyncGenerator[Call]:
    """Open an association with a peer and release it at the end.

    Raises:
        PeerUnreachable: says what the peer did instead.
    """
    try:
        reader, writer = await asyncio.open_connection(host, port, ssl=tls)
    except OSError as error:
        message = f"nobody answers at {host}:{port}"
        raise PeerUnreachable(message) from error
    opened = Call(Association.requestor(request, Limits()), reader, writer)
    try:
        answer = await opened.next_event()
        if isinstance(answer, AssociateRejected):
            message = f"the peer rejects us: result {answer.result}, source {answer.source}, reason {answer.reason}"
            raise PeerUnreachable(message)
        if isinstance(answer, AssociateAccepted):
            yield opened
            await opened.release()
    finally:
        opened.close()
