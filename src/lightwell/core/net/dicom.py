"""DICOM over TCP and TLS: feeds bytes to a sans-IO association and carries out what it says.

One :class:`Connection` per TCP connection, all on the event loop; 500 idle associations cost 500 small objects. A
message is handled when its last byte came; while its answer is made (a file becomes durable, say), no more is read from
that peer, which is all the back pressure there is. Answers are written no faster than the peer reads. One that reads or
answers nothing while we talk is waited for as long as one that says nothing, and no longer.
"""

import asyncio
import contextlib
import logging
import socket
import ssl
from collections.abc import AsyncGenerator, Awaitable, Iterable
from typing import Any, Final, TypeVar, cast

from lightwell.core import logs, metrics
from lightwell.core.net.callers import caller_of
from lightwell.core.net.dicom_door import Conversation, Door, Message, Receiver, Refusal, Saying
from lightwell.core.net.dicom_record import Outcome, Recording
from lightwell.core.net.read_ahead import ReadAhead
from lightwell.standards.dicom.association import (
    Aborted,
    AssociateRequested,
    Association,
    CommandReceived,
    DataSetFragment,
    Event,
    ReleaseRequested,
    State,
)
from lightwell.standards.dicom.dimse import CCancelRq, Request, Response
from lightwell.standards.dicom.events import kept
from lightwell.standards.dicom.negotiation import refusal_of
from lightwell.standards.dicom.outgoing import Buffer
from lightwell.standards.dicom.pdu import AssociateRq

log = logging.getLogger(__name__)
_LOOK_S: Final = 5.0
_WRITE: Final = 1 << 20
_SPEAKING: Final = frozenset((State.ESTABLISHED, State.RELEASE_ASKED))
_T = TypeVar("_T")


class _Stalled(Exception):
    """The peer neither reads nor answers while we talk to it."""


class Connection(asyncio.BufferedProtocol):
    """One peer."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._association = Association.acceptor(door.limits)
        self._transport: asyncio.Transport = cast("asyncio.Transport", None)
        self._badge: Any = None
        self._recording = Recording(door.announcer)
        self._command: CommandReceived | None = None
        self._receiver: Receiver | Conversation | None = None
        self._replies: asyncio.Queue[Response | None] | None = None  # while a conversation goes on
        self._has_spoken = False
        self._is_writable = asyncio.Event()
        self._is_writable.set()
        self._backlog: list[Event] = []
        self._work: asyncio.Task[None] | None = None
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None
        self._waiting_in = self._association.state
        self._since_s = self._loop.time()

    # -- what asyncio calls ---------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to wait for the A-ASSOCIATE-RQ (ARTIM runs)."""
        self._transport = cast("asyncio.Transport", transport)
        address = caller_of(self._transport).address
        self._recording.address = address.partition("%")[0]  # fe80::1%eth0 is an address here only
        self._recording.is_tls = transport.get_extra_info("ssl_object") is not None
        self._door.connections.add(self)
        metrics.ASSOCIATIONS.inc()
        self._note_activity()

    def get_buffer(self, sizehint: int) -> memoryview:
        """Lend the buffer that the next bytes are received into."""
        del sizehint
        return self._door.buffer

    def buffer_updated(self, nbytes: int) -> None:
        """Take the bytes that came."""
        self._has_spoken = True
        self._handle(self._association.receive_data(self._door.buffer[:nbytes]))

    def eof_received(self) -> bool:
        """Note that the peer sends no more."""
        self._note_end(self._backlog)
        self._handle(self._association.receive_eof())
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """Clean up; half a message is thrown away."""
        del exc
        self._note_end(self._backlog)
        self._door.connections.discard(self)
        metrics.ASSOCIATIONS.dec()
        if self._association.request is None:
            metrics.PROBES.inc()
        self._stop_timer()
        self._is_writable.set()
        if self._work is not None:
            self._backlog.clear()
            self._break_off()
        elif self._receiver is not None:
            self._receiver.abandon()
            self._receiver = None

    def pause_writing(self) -> None:
        """Note that the peer reads more slowly than we write."""
        self._is_writable.clear()

    def resume_writing(self) -> None:
        """Note that the peer has caught up."""
        self._is_writable.set()

    # -- what the association says ---------------------------------------------------------------------------------

    def _handle(self, events: list[Event]) -> None:
        if self._work is not None:
            self._backlog.extend(kept(event) for event in events if not self._is_part_of_conversation(event))
        else:
            for place, event in enumerate(events):
                self._on(event)
                if self._work is not None:
                    self._backlog.extend(kept(later) for later in events[place + 1 :])
                    break
        self._flush()

    def _on(self, event: Event) -> None:
        match event:
            case DataSetFragment():
                self._on_fragment(event)
            case CommandReceived():
                self._on_command(event)
            case AssociateRequested():
                self._start(self._admit(event.request))
            case ReleaseRequested():
                self._association.confirm_release()
                self._recording.end(Outcome.RELEASED)
            case Aborted():
                self._on_abort(event)
            case _:
                pass

    def _on_fragment(self, event: DataSetFragment) -> None:
        if self._receiver is not None:
            self._receiver.write(event.data)
            if event.is_last and self._command is not None:
                self._answer(self._command, self._receiver)

    def _on_command(self, event: CommandReceived) -> None:
        if isinstance(event.command, CCancelRq):
            return  # what it would end has ended
        service = self._door.services.get(type(event.command))
        if service is None:
            self._abort()
            return
        contexts = self._association.contexts
        self._command = event
        self._receiver = service(
            Message(self._badge, event.command, contexts[event.context_id].transfer_syntax, contexts)
        )
        if not event.has_data_set:
            self._answer(event, self._receiver)

    def _on_abort(self, event: Aborted) -> None:
        if self._receiver is not None:
            self._receiver.abandon()
            self._receiver = None
        self._note_end([event])
        if not event.by_peer:
            level = logging.WARNING if self._has_spoken else logging.DEBUG  # a probe says nothing, and is no fault
            self._log(level, "association aborted", event.explanation)

    # -- work that takes time ----------------------------------------------------------------------------------------

    def _start(self, work: Awaitable[None]) -> None:
        self._transport.pause_reading()
        self._work = asyncio.ensure_future(self._run(work))

    async def _run(self, work: Awaitable[None]) -> None:
        try:
            await work
        except _Stalled as error:
            self._log(logging.WARNING, "association aborted", str(error))
            self._recording.end(Outcome.TIMED_OUT)
            self._abort()
        except Exception as error:  # noqa: BLE001 -- a fault of ours must not leave the peer waiting
            logs.event(log, logging.ERROR, "message failed", error=error)
            self._abort()
        finally:
            self._work = None
        if self._transport.is_closing():
            return
        backlog, self._backlog = self._backlog, []
        self._handle(backlog)
        if self._work is None:
            self._transport.resume_reading()

    def _abort(self) -> None:
        self._recording.end(Outcome.ABORTED_BY_US)
        self._association.abort(2, 0)
        self._backlog.clear()

    async def _admit(self, request: AssociateRq) -> None:
        self._recording.request = request
        try:
            admission = await self._door.ask(request, caller_of(self._transport))
        except Refusal as refusal:
            self._log(logging.INFO, "association rejected", str(refusal))
            self._association.reject(refusal.result, refusal.source, refusal.reason)
            self._recording.end(Outcome.REJECTED, (refusal.result, refusal.source, refusal.reason))
            return
        self._badge = self._recording.badge = admission.badge
        self._association.accept(admission.answer)

    def _answer(self, received: CommandReceived, receiver: Receiver | Conversation) -> None:
        if hasattr(receiver, "answers"):
            self._replies = asyncio.Queue()
            self._start(self._converse(received.context_id, cast("Conversation", receiver)))
            self._transport.resume_reading()
        else:
            self._start(self._answer_once(received.context_id, cast("Receiver", receiver)))

    async def _answer_once(self, context_id: int, receiver: Receiver) -> None:
        response = await receiver.finish()
        self._receiver = self._command = None
        if self._association.state in _SPEAKING and not self._transport.is_closing():
            self._association.send_command(context_id, response)
            self._recording.count(response)
            await self._write_out()

    # -- conversations ---------------------------------------------------------------------------------------------

    async def _converse(self, context_id: int, conversation: Conversation) -> None:
        try:
            async with contextlib.aclosing(conversation.answers()) as answers:
                await self._say_all(context_id, answers)
        except (asyncio.CancelledError, _Stalled):
            conversation.abandon()
            raise
        finally:
            self._receiver = self._command = self._replies = None

    async def _say_all(self, context_id: int, answers: AsyncGenerator[Saying, Response | None]) -> None:
        reply: Response | None = None
        with contextlib.suppress(StopAsyncIteration):
            while True:
                saying = await answers.asend(reply)
                await self._say(context_id, saying)
                reply = await self._reply() if isinstance(saying.command, Request) else None
                self._recording.count(reply or saying.command)

    async def _say(self, context_id: int, saying: Saying) -> None:
        data_set = saying.data_set if saying.command.has_data_set else None
        self._association.send_command(saying.context_id or context_id, saying.command, data_set)
        await self._write_out(data_set)

    async def _reply(self) -> Response | None:
        assert self._replies is not None  # noqa: S101 -- it is there while the conversation goes on
        return await self._wait_for(self._replies.get(), "an answer")

    def _is_part_of_conversation(self, event: Event) -> bool:
        """Hand an event to the conversation that goes on, if there is one and it is meant."""
        if self._replies is None:
            return False
        match event:
            case CommandReceived(command=Response() as response):
                self._replies.put_nowait(response)
            case CommandReceived(command=CCancelRq()):
                cast("Conversation", self._receiver).cancel()
            case Aborted():
                self._note_end([event])
                self._break_off()
            case ReleaseRequested():
                self._replies.put_nowait(None)  # it will not answer any more; its release is confirmed afterwards
                return False
            case _:
                return False
        return True

    def _break_off(self) -> None:
        if self._replies is not None and self._work is not None:
            self._work.cancel()

    # -- the wire -------------------------------------------------------------------------------------------------

    async def _write_out(self, data_set: Iterable[Buffer] | None = None) -> None:
        """Write what waits, a piece at a time, no faster than the peer reads."""
        while self._association.has_data_to_send:
            if isinstance(data_set, ReadAhead):
                await data_set.fill()
            self._transport.writelines(self._association.data_to_send(_WRITE))
            if not self._is_writable.is_set():
                await self._wait_for(self._is_writable.wait(), "room for what is sent")

    async def _wait_for(self, work: Awaitable[_T], what: str) -> _T:
        """Wait for the peer, but not for ever.

        Raises:
            _Stalled: it had as long as an association may be silent.
        """
        seconds = self._door.limits.idle_s
        try:
            async with asyncio.timeout(seconds):
                return await work
        except TimeoutError as error:
            message = f"{what} was waited for, for {seconds:g} s"
            raise _Stalled(message) from error

    def _flush(self) -> None:
        if self._association.should_close:
            self._transport.close()  # what still waits to be written has nobody left to read it
        elif self._association.has_data_to_send and self._replies is None:
            self._transport.writelines(self._association.data_to_send())
        self._note_activity()

    def _note_activity(self) -> None:
        """Begin a new wait, unless the time counts from the moment the state was entered (PS3.8 9.1.4)."""
        state = self._association.state
        if state is not self._waiting_in:
            self._stop_timer()  # it looks when the old wait would be over
        if state is not self._waiting_in or not self._association.is_deadline:
            self._waiting_in, self._since_s = state, self._loop.time()
        if self._timer is None:
            self._look_later()

    def _look_later(self) -> None:
        """Look at the clock when the present wait would be over; traffic meanwhile costs one assignment."""
        if self._transport.is_closing():
            seconds: float | None = self._door.limits.artim_s
        else:
            seconds = None if self._work else self._association.timeout_s
        when = self._loop.time() + _LOOK_S if seconds is None else self._since_s + seconds
        self._timer = self._loop.call_at(when, self._look_at_clock)

    def _look_at_clock(self) -> None:
        self._timer = None
        if self._transport.is_closing():
            self._transport.abort()  # it would be closed by now if the peer read what was written
            return
        seconds = self._association.timeout_s
        is_over = seconds is not None and self._loop.time() - self._since_s >= seconds
        if is_over and self._work is None:
            self._recording.end(Outcome.TIMED_OUT)
            self._handle(self._association.timed_out())
        else:
            self._look_later()

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    # -- what is noted of it -----------------------------------------------------------------------------------------

    def _log(self, level: int, what: str, why: str) -> None:
        logs.event(log, level, what, why=why, caller=self._recording.address)

    def _note_end(self, events: list[Event]) -> None:
        """Note the end that events tell of, those too that are not handled yet; without one, the line was lost."""
        outcome, rejection = Outcome.LOST, None
        for event in events:
            if isinstance(event, ReleaseRequested):
                outcome = Outcome.RELEASED
            elif isinstance(event, Aborted):
                outcome, rejection = self._outcome_of(event)
        self._recording.end(outcome, rejection)

    def _outcome_of(self, event: Aborted) -> tuple[Outcome, tuple[int, int, int] | None]:
        if event.by_peer:
            return Outcome.ABORTED_BY_PEER, None
        request = self._association.request
        refusal = refusal_of(request) if self._recording.request is None and request is not None else None
        if refusal is None:
            return Outcome.ABORTED_BY_US, None
        self._recording.request = request  # the protocol itself said no, before anybody was asked
        return Outcome.REJECTED, (refusal.result, refusal.source, refusal.reason)

    def close(self) -> None:
        """End the conversation from our side."""
        with contextlib.suppress(Exception):
            self._abort()
            self._flush()
        self._transport.close()


async def listen(door: Door, listener: socket.socket, tls: ssl.SSLContext | None = None) -> asyncio.Server:
    """Open a bound socket for DICOM peers."""
    loop = asyncio.get_running_loop()
    return await loop.create_server(lambda: Connection(door), sock=listener, ssl=tls, backlog=512)
