"""Calling a DICOM peer: one association as a sequence of awaits, on the same sans-IO core as the listening side.

No wait is without an end: a peer has a time for letting us in and letting us go (ARTIM, PS3.8 9.1.4), and one for each
response and for taking what we write. What it does instead, and whatever befalls the line, is a
:class:`PeerUnreachable`.
"""

import asyncio
import ssl
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from lightwell.core.errors import LightwellError
from lightwell.core.net.dicom_record import Outcome, Recording
from lightwell.core.net.read_ahead import ReadAhead
from lightwell.core.net.sockets import tune
from lightwell.standards.dicom.association import (
    Aborted,
    AssociateAccepted,
    AssociateRejected,
    Association,
    CommandReceived,
    Event,
    Limits,
    ReleaseRequested,
    State,
)
from lightwell.standards.dicom.dimse import Request, Response
from lightwell.standards.dicom.outgoing import Buffer
from lightwell.standards.dicom.pdu import AssociateRq

_READ: Final = 64 * 1024
_WRITE: Final = 1 << 20
_RESPONSE_BIT: Final = 0x8000  # PS3.7 E.1: the command field of a response is its request's with this bit


class PeerUnreachable(LightwellError):
    """The peer does not answer, refuses the association, or went away in its middle."""

    code = "peer_unreachable"
    http_status = 502


class PeerSilent(PeerUnreachable):
    """The peer is there and says nothing; whoever calls it again waits as long again."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a peer is waited for: for opening and closing an association, for a response, for reading on."""

    artim_s: float = 30
    response_s: float = 60


class Call:
    """An open association with a peer."""

    def __init__(
        self,
        association: Association,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        patience: Patience,
        recording: Recording,
    ) -> None:
        self.association = association
        self._reader, self._writer = reader, writer
        self._patience = patience
        self._recording = recording
        self._events: list[Event] = []
        self._ahead: ReadAhead | None = None

    async def ask(self, context_id: int, command: Request, data_set: Iterable[Buffer] | None = None) -> Response:
        """Send a message and return the response.

        Raises:
            PeerUnreachable: something else came, or nothing.
        """
        if self.association.state is not State.ESTABLISHED:
            message = "the peer ended the association"
            raise PeerUnreachable(message)
        self.association.send_command(context_id, command, data_set)
        self._ahead = data_set if isinstance(data_set, ReadAhead) else None
        event = await self.next_event(self._patience.response_s)
        match event:
            case CommandReceived(command=Response() as response) if _answers(response, command):
                self._recording.count(response)
                return response
            case _:
                message = f"a response to {type(command).__name__} was expected, {_named(event)} came"
                raise PeerUnreachable(message)

    async def next_event(self, patience_s: float) -> Event:
        """Send what waits and return the next thing that the peer does.

        Raises:
            PeerUnreachable: it went away, or does nothing.
        """
        await self.flush()
        async with _within(self._recording, patience_s, "an answer"):
            while not self._events:
                self._events += await self._receive()
                await self.flush()
        event = self._events.pop(0)
        if isinstance(event, Aborted):
            self._recording.end(Outcome.ABORTED_BY_PEER if event.by_peer else Outcome.ABORTED_BY_US)
            message = f"the peer went away: {event.explanation}"
            raise PeerUnreachable(message)
        return event

    async def _receive(self) -> list[Event]:
        data = await self._reader.read(_READ)
        if data:
            return self.association.receive_data(data)
        self._recording.end(Outcome.LOST)
        events = self.association.receive_eof()
        if not events:
            message = "the peer hung up"
            raise PeerUnreachable(message)
        return events

    async def flush(self) -> None:
        """Send what waits, a piece at a time, so that a data set of any size uses little memory.

        Raises:
            PeerUnreachable: the peer reads no more.
        """
        while self.association.has_data_to_send:
            if self._ahead is not None:
                await self._ahead.fill()
            pieces = self.association.data_to_send(_WRITE)
            async with _within(self._recording, self._patience.response_s, "room for what is sent"):
                if self._writer.is_closing():  # uvloop takes writing after the end for a fault of ours
                    await self._writer.drain()
                    raise ConnectionResetError
                self._writer.writelines(pieces)
                await self._writer.drain()

    async def release(self) -> None:
        """End the association in good order (PS3.8 7.2); what was answered holds even if the peer does not."""
        try:
            await self._release()
        except PeerUnreachable:
            self.abort()
        else:
            self._recording.end(Outcome.RELEASED)
            self._writer.close()

    async def _release(self) -> None:
        if self.association.state is State.ESTABLISHED:
            self.association.release()
        while self.association.state not in {State.IDLE, State.AWAITING_CLOSE}:
            if isinstance(await self.next_event(self._patience.artim_s), ReleaseRequested):
                self.association.confirm_release()
        await self.flush()

    def abort(self) -> None:
        """Hang up, whatever still waits to be written (PS3.8 7.3)."""
        self._recording.end(Outcome.ABORTED_BY_US)
        self.association.abort()
        if not self._writer.is_closing():
            self._writer.writelines(self.association.data_to_send())
        self._writer.transport.abort()


def _answers(response: Response, request: Request) -> bool:
    is_of_its_kind = response.command_field == request.command_field | _RESPONSE_BIT
    return is_of_its_kind and response.message_id_being_responded_to == request.message_id


def _named(event: Event) -> str:
    return type(event.command if isinstance(event, CommandReceived) else event).__name__


@asynccontextmanager
async def _within(recording: Recording, seconds: float, what: str) -> AsyncGenerator[None]:
    """Wait no longer than that; a fault of the line is the peer's."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError as error:
        recording.end(Outcome.TIMED_OUT)
        message = f"the peer is silent: {what} was waited for, for {seconds:g} s"
        raise PeerSilent(message) from error
    except OSError as error:  # TLS's faults are among them
        recording.end(Outcome.LOST)
        message = f"the line to the peer broke: {type(error).__name__}"
        raise PeerUnreachable(message) from error


@asynccontextmanager
async def call(
    host: str,
    port: int,
    request: AssociateRq,
    recording: Recording,
    tls: ssl.SSLContext | None = None,
    patience: Patience = Patience(),
) -> AsyncGenerator[Call]:
    """Open an association with a peer and release it at the end, or abort it when something goes wrong.

    How it went is noted in ``recording``.

    Raises:
        PeerUnreachable: says what the peer did instead.
    """
    recording.request = request
    reader, writer = await _connect(host, port, recording, tls, patience)
    opened = Call(Association.requestor(request, Limits()), reader, writer, patience, recording)
    try:
        await _associate(opened, patience, recording)
        yield opened
        await opened.release()
    except BaseException:
        opened.abort()
        raise


async def _connect(
    host: str, port: int, recording: Recording, tls: ssl.SSLContext | None, patience: Patience
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    try:
        async with asyncio.timeout(patience.artim_s):
            reader, writer = await asyncio.open_connection(host, port, ssl=tls)
            tune(writer.get_extra_info("socket"))
            return reader, writer
    except TimeoutError as error:
        recording.end(Outcome.UNREACHABLE)
        message = f"nobody answers at {host}:{port} within {patience.artim_s:g} s"
        raise PeerSilent(message) from error
    except OSError as error:
        recording.end(Outcome.UNREACHABLE)
        message = f"nobody answers at {host}:{port}"
        raise PeerUnreachable(message) from error


async def _associate(opened: Call, patience: Patience, recording: Recording) -> None:
    answer = await opened.next_event(patience.artim_s)
    if isinstance(answer, AssociateRejected):
        recording.end(Outcome.REJECTED, (answer.result, answer.source, answer.reason))
        message = f"the peer rejects us: result {answer.result}, source {answer.source}, reason {answer.reason}"
        raise PeerUnreachable(message)
    if not isinstance(answer, AssociateAccepted):
        message = f"an answer to A-ASSOCIATE-RQ was expected, {_named(answer)} came"
        raise PeerUnreachable(message)
