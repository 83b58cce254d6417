"""One conversation between two DICOM machines, without the network (PS3.8, the upper layer).

Bytes that came go in by :meth:`Association.receive_data`, events come out; what we want to say goes in by ``accept``,
``send_command``, ``release``; what is to be written comes out of :meth:`Association.data_to_send`. Whoever owns the
socket does three things after each call: write that, close if ``should_close``, set one timer to ``timeout_s``.

    receive_data ─► Framer ─► frames ─► TABLE of states ─► events          the peer can do us no harm: violations
    accept, send_command, … ──────────► TABLE of states ─► data_to_send    become an A-ABORT, never an exception

A message (PS3.7 6.3) is a command, then perhaps a data set, both in pieces on one presentation context. Commands are
gathered, since they are small; data sets are passed on as they come and not kept.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, final

from lightwell.standards.dicom import states
from lightwell.standards.dicom.dimse import Command, decode_command, encode_command
from lightwell.standards.dicom.errors import LocalProtocolError, RemoteProtocolError
from lightwell.standards.dicom.events import (
    Aborted,
    AssociateAccepted,
    AssociateRejected,
    AssociateRequested,
    CommandReceived,
    DataSetFragment,
    Event,
    Limits,
    ReleaseConfirmed,
    ReleaseRequested,
)
from lightwell.standards.dicom.framing import Frame, Framer, Piece, Whole
from lightwell.standards.dicom.negotiation import AcceptedContext, accepted_contexts, refusal_of
from lightwell.standards.dicom.outgoing import PDV_OVERHEAD, Buffer, pieces
from lightwell.standards.dicom.pdu import (
    Abort,
    AssociateAc,
    AssociateRj,
    AssociateRq,
    Pdu,
    ReleaseRp,
    ReleaseRq,
    decode,
)
from lightwell.standards.dicom.states import TABLE, Action, Input, State

__all__ = [
    "Aborted",
    "AssociateAccepted",
    "AssociateRejected",
    "AssociateRequested",
    "Association",
    "CommandReceived",
    "DataSetFragment",
    "Event",
    "Limits",
    "ReleaseConfirmed",
    "ReleaseRequested",
    "State",
]

_UNEXPECTED_PDU: Final = 2
_INVALID_PARAMETER: Final = 6
_BY_PROVIDER: Final = 2
_SMALLEST_MAX_LENGTH: Final = 128
_LARGEST_SENT: Final = 1 << 20
_ENOUGH_IGNORED: Final = 1 << 24
_ARTIM_STATES: Final = frozenset((State.AWAITING_RQ, State.AWAITING_CLOSE, State.AWAITING_AC))
_DATA_STATES: Final = frozenset((State.ESTABLISHED, State.RELEASING))
_OUR_TURN_STATES: Final = frozenset(
    (State.IDLE, State.DECIDING, State.RELEASE_ASKED, State.COLLIDED_REQUESTOR_ASKED, State.COLLIDED_ACCEPTOR_ASKED)
)
_INPUT_OF: Final[Mapping[int, Input]] = {
    1: Input.ASSOCIATE_RQ_PDU,
    2: Input.ASSOCIATE_AC_PDU,
    3: Input.ASSOCIATE_RJ_PDU,
    5: Input.RELEASE_RQ_PDU,
    6: Input.RELEASE_RP_PDU,
    7: Input.ABORT_PDU,
}


@final
class Association:
    """One side of a conversation; make it with :meth:`acceptor` or :meth:`requestor`."""

    def __init__(self, limits: Limits, *, is_requestor: bool) -> None:
        """Begin in Sta1."""
        self.limits = limits
        self.request: AssociateRq | None = None
        self.contexts: Mapping[int, AcceptedContext] = {}
        self.should_close = False
        self._is_requestor = is_requestor
        self._state = State.IDLE
        self._framer = Framer(limits.max_pdu_length, limits.max_associate_bytes)
        self._is_broken = False
        self._ignored = 0
        self._events: list[Event] = []
        self._outgoing: deque[bytes | Iterator[tuple[Buffer, ...]]] = deque()
        self._largest_sent = _LARGEST_SENT
        self._command_bytes = bytearray()
        self._context_id: int | None = None  # of the message that is coming
        self._is_data_set_due = False

    @classmethod
    def acceptor(cls, limits: Limits) -> "Association":
        """Answer a peer that has just connected (Sta2)."""
        association = cls(limits, is_requestor=False)
        association._step(Input.TRANSPORT_INDICATED)
        return association

    @classmethod
    def requestor(cls, request: AssociateRq, limits: Limits) -> "Association":
        """Ask a peer we have just connected to (Sta5); the A-ASSOCIATE-RQ is in ``data_to_send`` at once."""
        _check_own_max(request.user_information.max_pdu_length)
        association = cls(limits, is_requestor=True)
        association.request = request
        association._framer.max_pdu_length = request.user_information.max_pdu_length
        encoded = request.encode()
        association._step(Input.ASSOCIATE_REQUEST)
        association._step(Input.TRANSPORT_CONFIRMED, send=[encoded])
        return association

    # -- where we are ----------------------------------------------------------------------------------------------

    @property
    def state(self) -> State:
        """Where the conversation is (PS3.8 9.2.1)."""
        return self._state

    @property
    def timeout_s(self) -> float | None:
        """How long to wait in this state before :meth:`timed_out` is to be called; None while it is our turn."""
        if self._state in _OUR_TURN_STATES:
            return None
        return self.limits.idle_s if self._state is State.ESTABLISHED else self.limits.artim_s

    @property
    def is_deadline(self) -> bool:
        """Whether the time counts from the moment this state was entered, whatever bytes drip in (PS3.8 9.1.4)."""
        return self._state in _ARTIM_STATES

    # -- what comes ------------------------------------------------------------------------------------------------

    def receive_data(self, data: Buffer) -> list[Event]:
        """Take bytes from the peer; fragments in the events are slices of ``data`` and live as long as it does."""
        view = memoryview(data)
        framer = self._framer
        if self._is_data_set_due and self._context_id == framer.context_id and framer.skim(len(view)):
            return [DataSetFragment(framer.context_id, view, is_last=False)]
        if self._is_broken or self._state is State.IDLE:
            self._ignore(len(view))
        else:
            self._receive(view)
        return self._drain_events()

    def _receive(self, view: memoryview) -> None:
        try:
            for frame in self._framer.feed(view):
                self._on_frame(frame)
        except RemoteProtocolError as error:
            self._is_broken = True
            self._violation(Input.INVALID_PDU, str(error), error.reason)
        if self._state is State.AWAITING_CLOSE:
            self._ignore(len(view))

    def _ignore(self, count: int) -> None:
        """Bear a peer that talks on after the end, but not for ever."""
        self._ignored += count
        if self._state is State.AWAITING_CLOSE and self._ignored > _ENOUGH_IGNORED:
            self._step(Input.TRANSPORT_CLOSED)

    def receive_eof(self) -> list[Event]:
        """Note that the connection is gone."""
        explanation = f"the connection was lost in state {self._state.name}"
        self._step(Input.TRANSPORT_CLOSED, tell=Aborted(by_peer=True, source=0, reason=0, explanation=explanation))
        return self._drain_events()

    def timed_out(self) -> list[Event]:
        """Note that ``timeout_s`` has passed."""
        timeout_s = self.timeout_s
        if timeout_s is None:
            return []
        event = Aborted(by_peer=False, source=0, reason=0, explanation=f"{self._state.name}: silence for {timeout_s} s")
        quiet = self._state is State.AWAITING_CLOSE
        self._step(Input.TIMER_EXPIRED, tell=None if quiet else event, abort=Abort(0, 0))
        return self._drain_events()

    def _drain_events(self) -> list[Event]:
        events, self._events = self._events, []
        return events

    def _on_frame(self, frame: Frame) -> None:
        if self._state is State.IDLE:
            return
        if isinstance(frame, Whole):
            self._on_whole(frame)
        elif self._state in _DATA_STATES:
            self._on_piece(frame)
        else:
            self._violation(Input.DATA_PDU, f"P-DATA-TF came in state {self._state.name}", _UNEXPECTED_PDU)

    def _on_whole(self, frame: Whole) -> None:
        what = _INPUT_OF[frame.pdu_type]
        action = TABLE[what][self._state]
        if action.aborts:
            explanation = f"PDU {frame.pdu_type:02X} came in state {self._state.name}"
            self._violation(what, explanation, _UNEXPECTED_PDU)
        elif action is not states.AA_6:
            self._on_expected(what, decode(frame.data))

    def _on_expected(self, what: Input, received: Pdu) -> None:
        match received:
            case AssociateRq():
                self._on_request(received)
            case AssociateAc():
                self._on_accepted(received)
            case AssociateRj():
                self._step(what, tell=AssociateRejected(received.result, received.source, received.reason))
            case ReleaseRq():
                self._on_release_rq()
            case ReleaseRp():
                self._step(what, tell=ReleaseConfirmed())
            case Abort():
                self._on_abort(received)
            case _:
                raise AssertionError(received)

    def _on_request(self, request: AssociateRq) -> None:
        """Ask the one above us, unless the protocol itself says no (PS3.8 9.2.3, AE-6)."""
        self.request = request
        refusal = refusal_of(request)
        if refusal is None:
            self._set_largest_sent(request.user_information.max_pdu_length)
            self._step(Input.ASSOCIATE_RQ_PDU, tell=AssociateRequested(request))
        else:
            why = f"request rejected by the protocol: source {refusal.source}, reason {refusal.reason}"
            event = Aborted(by_peer=False, source=refusal.source, reason=refusal.reason, explanation=why)
            self._step(Input.ASSOCIATE_RQ_PDU, tell=event)
            self._step(Input.REJECT, send=[refusal.encode()])

    def _on_accepted(self, answer: AssociateAc) -> None:
        request = self.request
        assert request is not None  # noqa: S101 -- Sta5 is reached by our own request only
        self.contexts = accepted_contexts(request, answer)
        self._set_largest_sent(answer.user_information.max_pdu_length)
        self._step(Input.ASSOCIATE_AC_PDU, tell=AssociateAccepted(answer))

    def _set_largest_sent(self, peer_max: int) -> None:
        if 0 < peer_max < _SMALLEST_MAX_LENGTH:
            msg = f"expected a maximum length of at least {_SMALLEST_MAX_LENGTH} bytes, {peer_max} came"
            raise RemoteProtocolError(msg)
        self._largest_sent = min(peer_max or _LARGEST_SENT, _LARGEST_SENT)

    def _on_release_rq(self) -> None:
        if self._context_id is not None:
            self._violation(Input.INVALID_PDU, "A-RELEASE-RQ came in the middle of a message", _UNEXPECTED_PDU)
            return
        self._step(Input.RELEASE_RQ_PDU, tell=ReleaseRequested())

    def _on_abort(self, abort: Abort) -> None:
        explanation = f"the peer aborted in state {self._state.name}"
        quiet = self._state is State.AWAITING_CLOSE
        event = Aborted(by_peer=True, source=abort.source, reason=abort.reason, explanation=explanation)
        self._step(Input.ABORT_PDU, tell=None if quiet else event)

    # -- messages in pieces (PS3.7 6.3, PS3.8 Annex E) ---------------------------------------------------------------

    def _on_piece(self, piece: Piece) -> None:
        if self._context_id is None:
            self._begin_message(piece)
        elif piece.context_id != self._context_id or piece.is_command == self._is_data_set_due:
            expected = "data set" if self._is_data_set_due else "command"
            came = "command" if piece.is_command else "data set"
            msg = f"expected {expected} on context {self._context_id}, {came} on context {piece.context_id} came"
            raise RemoteProtocolError(msg, _UNEXPECTED_PDU)
        if piece.is_command:
            self._on_command_piece(piece)
        elif piece.data or piece.is_end:
            if piece.is_end:
                self._end_message()
            # DT-2 and AR-6 tell and change nothing; not looked up, since every portion of an image passes here.
            self._events.append(DataSetFragment(piece.context_id, piece.data, piece.is_end))

    def _begin_message(self, piece: Piece) -> None:
        if piece.context_id not in self.contexts:
            msg = f"expected an accepted presentation context, {piece.context_id} came"
            raise RemoteProtocolError(msg)
        if not piece.is_command:
            msg = f"expected a command on context {piece.context_id}, a data set came"
            raise RemoteProtocolError(msg, _UNEXPECTED_PDU)
        self._context_id = piece.context_id

    def _on_command_piece(self, piece: Piece) -> None:
        self._command_bytes += piece.data
        if len(self._command_bytes) > self.limits.max_command_bytes:
            msg = f"expected a command of at most {self.limits.max_command_bytes} bytes, more came"
            raise RemoteProtocolError(msg)
        if piece.is_end:
            command = decode_command(bytes(self._command_bytes))
            self._command_bytes.clear()
            self._is_data_set_due = command.has_data_set
            if not command.has_data_set:
                self._end_message()
            self._step(Input.DATA_PDU, tell=CommandReceived(piece.context_id, command, command.has_data_set))

    def _end_message(self) -> None:
        self._context_id, self._is_data_set_due = None, False

    # -- what we say -----------------------------------------------------------------------------------------------

    def data_to_send(self, limit_bytes: int | None = None) -> list[Buffer]:
        """Return what is to be written, once; of long data sets only about ``limit_bytes`` at a time, if given."""
        taken: list[Buffer] = []
        room = float("inf") if limit_bytes is None else limit_bytes
        while self._outgoing and room > 0:
            pdus = self._next_pdu()
            taken += pdus
            room -= sum(map(len, pdus))
        return taken

    @property
    def has_data_to_send(self) -> bool:
        """Whether anything waits to be written."""
        return bool(self._outgoing)

    def _next_pdu(self) -> tuple[Buffer, ...]:
        """Take one PDU, never a part of one: an A-ABORT may have to follow."""
        first = self._outgoing[0]
        following = next(first, None) if isinstance(first, Iterator) else None
        if following is not None:
            return following
        _ = self._outgoing.popleft()
        return () if isinstance(first, Iterator) else (first,)

    def accept(self, answer: AssociateAc) -> None:
        """Say yes (PS3.8 9.2.3, AE-7)."""
        self._check_local(Input.ACCEPT, "accept")
        assert self.request is not None  # noqa: S101 -- Sta3 is reached by a request only
        _check_own_max(answer.user_information.max_pdu_length)
        try:
            contexts = accepted_contexts(self.request, answer)
        except RemoteProtocolError as error:
            raise LocalProtocolError(str(error)) from error
        self._step(Input.ACCEPT, send=[answer.encode()])
        self.contexts = contexts
        self._framer.max_pdu_length = answer.user_information.max_pdu_length

    def reject(self, result: int, source: int, reason: int) -> None:
        """Say no (PS3.8 9.3.4); the peer hangs up."""
        self._check_local(Input.REJECT, "reject")
        self._step(Input.REJECT, send=[AssociateRj(result, source, reason).encode()])

    def send_command(self, context_id: int, command: Command, data_set: Iterable[Buffer] | None = None) -> None:
        """Send a message.

        ``data_set`` is read as it is written and its buffers are not copied, so leave them alone; if reading it raises
        in :meth:`data_to_send`, :meth:`abort`.
        """
        self._check_local(Input.DATA_REQUEST, "send a command")
        if context_id not in self.contexts:
            msg = f"expected an accepted presentation context, {context_id} came"
            raise LocalProtocolError(msg)
        if command.has_data_set != (data_set is not None):
            came = "none came" if data_set is None else "one came"
            msg = f"{type(command).__name__}: expected a data set: {command.has_data_set}; {came}"
            raise LocalProtocolError(msg)
        room = (self._largest_sent - PDV_OVERHEAD) & ~1
        self._step(Input.DATA_REQUEST, send=[pieces(context_id, 1, [encode_command(command)], room)])
        if data_set is not None:
            self._step(Input.DATA_REQUEST, send=[pieces(context_id, 0, data_set, room)])

    def release(self) -> None:
        """Say that we are done (PS3.8 7.2)."""
        self._check_local(Input.RELEASE_REQUEST, "release")
        self._step(Input.RELEASE_REQUEST, send=[ReleaseRq().encode()])

    def confirm_release(self) -> None:
        """Let the peer go (PS3.8 7.2)."""
        self._check_local(Input.RELEASE_RESPONSE, "confirm a release")
        self._step(Input.RELEASE_RESPONSE, send=[ReleaseRp().encode()])

    def abort(self, source: int = 0, reason: int = 0) -> None:
        """Hang up (PS3.8 7.3); once the conversation is over this does nothing."""
        self._step(Input.ABORT_REQUEST, abort=Abort(source, reason))

    def _check_local(self, what: Input, name: str) -> None:
        if self._state not in TABLE[what]:
            msg = f"cannot {name} in state {self._state.name}"
            raise LocalProtocolError(msg)

    # -- the machine -----------------------------------------------------------------------------------------------

    def _violation(self, what: Input, explanation: str, reason: int) -> None:
        event = Aborted(by_peer=False, source=_BY_PROVIDER, reason=reason, explanation=explanation)
        self._step(what, tell=event, abort=Abort(_BY_PROVIDER, reason))

    def _step(
        self,
        what: Input,
        *,
        tell: Event | None = None,
        send: Iterable[bytes | Iterator[tuple[Buffer, ...]]] = (),
        abort: Abort | None = None,
    ) -> None:
        """Run one line of the table."""
        action = TABLE[what].get(self._state)
        if action is None:
            return
        if action is states.AR_8_ACCEPTOR and self._is_requestor:
            action = states.AR_8_REQUESTOR
        if action.tells and tell is not None:
            self._events.append(tell)
        if action.sends:
            self._outgoing.extend(send)
        if action.aborts and abort is not None:
            if action is not states.AA_7:
                self._outgoing.clear()
            self._outgoing.append(abort.encode())
        self.should_close = self.should_close or action.closes
        self._enter(action)

    def _enter(self, action: Action) -> None:
        self._state = action.next_state
        if self._state in {State.IDLE, State.AWAITING_CLOSE}:
            self._end_message()


def _check_own_max(max_pdu_length: int) -> None:
    if max_pdu_length < _SMALLEST_MAX_LENGTH:
        msg = f"expected a maximum length of at least {_SMALLEST_MAX_LENGTH} bytes of our own, {max_pdu_length} came"
        raise LocalProtocolError(msg)
