"""The conversation: any portions of bytes give the same events, and no peer can do us harm."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lightwell.standards.dicom import dimse
from lightwell.standards.dicom.association import (
    Aborted,
    AssociateAccepted,
    AssociateRejected,
    AssociateRequested,
    Association,
    CommandReceived,
    DataSetFragment,
    Event,
    Limits,
    ReleaseConfirmed,
    ReleaseRequested,
    State,
)
from lightwell.standards.dicom.errors import LocalProtocolError
from lightwell.standards.dicom.negotiation import negotiate
from lightwell.standards.dicom.pdu import (
    Abort,
    AssociateRj,
    PDataTf,
    PresentationDataValue,
    ReleaseRp,
    ReleaseRq,
    decode,
)
from lightwell.standards.dicom.states import TABLE, Input
from tests.standards.dicom.speech import CT, REQUEST, STEADY, SUPPORTED, established, merged, portions, pump

ECHO = dimse.encode_command(dimse.c_echo_rq(7))
STORE = dimse.c_store_rq(CT, "1.2.3.4", 9)
OVER = {State.IDLE, State.AWAITING_CLOSE}


def a_conversation() -> bytes:
    """Everything a modality says: echo, two images in small PDUs, release."""
    requestor, acceptor = established(Limits(max_pdu_length=200))
    requestor.send_command(3, dimse.c_echo_rq(1))
    requestor.send_command(1, STORE, [bytes(range(256)) * 3, b"", b"tail"])
    requestor.send_command(1, STORE, [])
    requestor.release()
    del acceptor
    return b"".join(requestor.data_to_send())


CONVERSATION = a_conversation()


def listen(pieces: "list[bytes]") -> tuple[list[Event], Association]:
    """Let an acceptor in conversation hear these portions."""
    _, acceptor = established(Limits(max_pdu_length=200))
    return [event for piece in pieces for event in acceptor.receive_data(piece)], acceptor


def test_a_whole_conversation() -> None:
    requestor, acceptor = Association.requestor(REQUEST, Limits()), Association.acceptor(Limits())
    assert requestor.state is State.AWAITING_AC
    assert acceptor.state is State.AWAITING_RQ
    assert pump(requestor, acceptor) == [AssociateRequested(REQUEST)]
    answer = negotiate(REQUEST, SUPPORTED).answer
    acceptor.accept(answer)
    assert pump(acceptor, requestor) == [AssociateAccepted(answer)]
    assert requestor.contexts == acceptor.contexts
    assert requestor.contexts.keys() == {1, 3}
    requestor.send_command(1, STORE, [b"a" * 300_000, b"b" * 5])
    events = merged(pump(requestor, acceptor))
    assert events[0] == CommandReceived(1, STORE, has_data_set=True)
    assert isinstance(events[1], DataSetFragment)
    assert events[1].is_last
    assert bytes(events[1].data) == b"a" * 300_000 + b"b" * 5
    response = dimse.c_store_rsp(STORE)
    acceptor.send_command(1, response)
    assert pump(acceptor, requestor) == [CommandReceived(1, response, has_data_set=False)]
    requestor.release()
    assert pump(requestor, acceptor) == [ReleaseRequested()]
    acceptor.confirm_release()
    assert pump(acceptor, requestor) == [ReleaseConfirmed()]
    assert requestor.should_close
    assert acceptor.receive_eof() == []
    assert acceptor.should_close


def test_fragments_are_slices_of_the_callers_buffer() -> None:
    requestor, acceptor = established()
    requestor.send_command(1, STORE, [b"x" * 100_000])
    buffer = bytearray(b"".join(requestor.data_to_send()))
    fragments = [e for e in acceptor.receive_data(memoryview(buffer)) if isinstance(e, DataSetFragment)]
    assert all(fragment.data.obj is buffer for fragment in fragments if fragment.data)


def test_fragments_come_before_their_pdu_is_whole() -> None:
    requestor, acceptor = established(Limits(max_pdu_length=1 << 20))
    requestor.send_command(1, STORE, [b"x" * 900_000])
    stream = b"".join(requestor.data_to_send())
    seen = [acceptor.receive_data(stream[at : at + 65536]) for at in range(0, len(stream), 65536)]
    assert all(any(isinstance(event, DataSetFragment) for event in events) for events in seen)


@STEADY
@given(st.lists(st.integers(1, 97), max_size=400))
def test_any_portions_give_the_same_events(sizes: list[int]) -> None:
    whole, _ = listen([CONVERSATION])
    cut, acceptor = listen(list(portions(CONVERSATION, sizes)))
    assert merged(cut) == merged(whole)
    assert acceptor.state is State.RELEASE_ASKED


def test_one_byte_at_a_time() -> None:
    whole, _ = listen([CONVERSATION])
    cut, _ = listen([CONVERSATION[at : at + 1] for at in range(len(CONVERSATION))])
    assert merged(cut) == merged(whole)


@STEADY
@given(
    st.lists(st.tuples(st.integers(0, len(CONVERSATION) - 1), st.integers(0, 255)), min_size=1, max_size=6), st.data()
)
def test_a_damaged_conversation_never_raises(damages: list[tuple[int, int]], data: st.DataObject) -> None:
    damaged = bytearray(CONVERSATION)
    for place, value in damages:
        damaged[place] = value
    sizes = data.draw(st.lists(st.integers(1, 300), max_size=40))
    whole, first = listen([bytes(damaged)])
    cut, second = listen(list(portions(bytes(damaged), sizes)))
    assert merged(whole) == merged(cut)
    assert first.state == second.state
    for association in (first, second):
        association.receive_eof()
        assert association.should_close


@STEADY
@given(st.lists(st.binary(min_size=1, max_size=200), min_size=1, max_size=8), st.booleans())
def test_garbage_ends_in_abort_and_close(pieces: list[bytes], is_established: bool) -> None:  # noqa: FBT001
    acceptor = established()[1] if is_established else Association.acceptor(Limits())
    for piece in pieces:
        assert isinstance(acceptor.receive_data(piece), list)
    acceptor.receive_eof()
    assert acceptor.should_close
    assert acceptor.state is State.IDLE


@STEADY
@given(st.binary(max_size=300))
def test_a_damaged_request_never_raises(tail: bytes) -> None:
    encoded = REQUEST.encode()
    acceptor = Association.acceptor(Limits())
    acceptor.receive_data(encoded[:74] + tail + encoded[74 + len(tail) :])
    assert acceptor.state in {State.DECIDING, State.AWAITING_CLOSE, State.AWAITING_RQ}


def pdata(context_id: int, data: bytes, *, is_command: bool = True, is_last: bool = True) -> bytes:
    """Write one piece."""
    return PDataTf((PresentationDataValue(context_id, is_command, is_last, data),)).encode()


VIOLATIONS = {
    "unknown PDU type": (b"\x08\x00\x00\x00\x00\x04abcd", 1),
    "too long P-DATA-TF": (b"\x04\x00\x7f\x00\x00\x00", 6),
    "too long A-ASSOCIATE": (b"\x01\x00\x7f\x00\x00\x00", 6),
    "request in the middle": (REQUEST.encode(), 2),
    "P-DATA-TF without value": (b"\x04\x00\x00\x00\x00\x00", 6),
    "value longer than its PDU": (b"\x04\x00\x00\x00\x00\x06\x00\x00\x00\x09\x01\x03", 6),
    "value of one byte": (b"\x04\x00\x00\x00\x00\x06\x00\x00\x00\x01\x01\x03", 6),
    "context never accepted": (pdata(5, ECHO), 6),
    "data set without command": (pdata(1, b"xx", is_command=False), 2),
    "command set that lies": (pdata(3, ECHO[:-1]), 6),
    "command that is none": (pdata(3, b"\0" * 8), 6),
    "command in two contexts": (pdata(3, ECHO[:10], is_last=False) + pdata(1, ECHO[10:]), 2),
    "data set in another context": (pdata(1, dimse.encode_command(STORE)) + pdata(3, b"x", is_command=False), 2),
    "command instead of data set": (pdata(1, dimse.encode_command(STORE)) + pdata(1, ECHO), 2),
    "endless command": (pdata(3, b"\0" * 60_000, is_last=False) * 2, 6),
    "release within a message": (pdata(1, dimse.encode_command(STORE)) + ReleaseRq().encode(), 2),
    "release reply out of the blue": (ReleaseRp().encode(), 2),
}


@pytest.mark.parametrize("name", VIOLATIONS)
def test_violations_are_answered_by_an_abort(name: str) -> None:
    stream, reason = VIOLATIONS[name]
    _, acceptor = established()
    events = acceptor.receive_data(stream)
    last = events[-1]
    assert isinstance(last, Aborted)
    assert not last.by_peer
    assert (last.source, last.reason) == (2, reason)
    assert last.explanation
    assert b"".join(acceptor.data_to_send()) == Abort(2, reason).encode()
    assert acceptor.state is State.AWAITING_CLOSE
    assert acceptor.receive_data(b"more of it" * 100) == []
    assert acceptor.timed_out() == []
    assert acceptor.should_close


def test_a_peer_that_never_stops_talking_is_closed() -> None:
    _, acceptor = established()
    acceptor.receive_data(b"\xff" * 6)
    for _ in range(20):
        acceptor.receive_data(bytes(1 << 20))
    assert acceptor.should_close


def test_the_peer_aborts() -> None:
    requestor, acceptor = established()
    requestor.abort()
    (event,) = pump(requestor, acceptor)
    assert isinstance(event, Aborted)
    assert event.by_peer
    assert acceptor.should_close
    requestor.abort()
    assert requestor.data_to_send() == []


def test_the_line_breaks_in_the_middle_of_an_image() -> None:
    requestor, acceptor = established()
    requestor.send_command(1, STORE, [b"x" * 1000])
    acceptor.receive_data(b"".join(requestor.data_to_send())[:-10])
    (event,) = acceptor.receive_eof()
    assert isinstance(event, Aborted)
    assert acceptor.should_close


def test_silence() -> None:
    acceptor = Association.acceptor(Limits(artim_s=3))
    assert acceptor.timeout_s == 3
    assert acceptor.is_deadline
    (event,) = acceptor.timed_out()
    assert isinstance(event, Aborted)
    assert acceptor.should_close
    _, acceptor = established(Limits(idle_s=5))
    assert acceptor.timeout_s == 5
    assert not acceptor.is_deadline
    assert isinstance(acceptor.timed_out()[0], Aborted)
    assert acceptor.state is State.AWAITING_CLOSE
    assert decode(b"".join(acceptor.data_to_send())) == Abort(0, 0)


def test_rejection() -> None:
    requestor, acceptor = Association.requestor(REQUEST, Limits()), Association.acceptor(Limits())
    pump(requestor, acceptor)
    assert acceptor.timeout_s is None
    acceptor.reject(1, 1, 7)
    acceptor.abort()
    assert pump(acceptor, requestor) == [AssociateRejected(1, 1, 7)]
    assert requestor.should_close


@pytest.mark.parametrize(("place", "value", "expected"), [(7, 2, (1, 2, 2)), (80, ord("9"), (1, 1, 2))])
def test_the_protocol_itself_says_no(place: int, value: int, expected: tuple[int, int, int]) -> None:
    encoded = bytearray(REQUEST.encode())
    encoded[place] = value
    acceptor = Association.acceptor(Limits())
    events = acceptor.receive_data(encoded)
    assert decode(b"".join(acceptor.data_to_send())) == AssociateRj(*expected)
    assert acceptor.state is State.AWAITING_CLOSE
    assert all(isinstance(event, Aborted) for event in events)


def test_release_collision() -> None:
    requestor, acceptor = established()
    requestor.release()
    acceptor.release()
    from_requestor, from_acceptor = requestor.data_to_send(), acceptor.data_to_send()
    assert acceptor.receive_data(from_requestor[0]) == [ReleaseRequested()]
    assert requestor.receive_data(from_acceptor[0]) == [ReleaseRequested()]
    assert requestor.state is State.COLLIDED_REQUESTOR_ASKED
    assert acceptor.state is State.COLLIDED_ACCEPTOR_RELEASING
    requestor.confirm_release()
    assert pump(requestor, acceptor) == [ReleaseConfirmed()]
    acceptor.confirm_release()
    assert pump(acceptor, requestor) == [ReleaseConfirmed()]
    assert requestor.should_close


def test_our_own_mistakes_are_refused_and_change_nothing() -> None:
    requestor, acceptor = established()
    with pytest.raises(LocalProtocolError, match="context"):
        requestor.send_command(5, dimse.c_echo_rq())
    with pytest.raises(LocalProtocolError, match="data set"):
        requestor.send_command(1, STORE)
    with pytest.raises(LocalProtocolError, match="accept"):
        acceptor.accept(negotiate(REQUEST, SUPPORTED).answer)
    with pytest.raises(LocalProtocolError):
        acceptor.confirm_release()
    with pytest.raises(LocalProtocolError):
        Limits(max_pdu_length=0)
    assert requestor.state is State.ESTABLISHED
    assert not requestor.has_data_to_send


def test_sent_pdus_keep_the_peers_limit_and_are_made_as_they_are_written() -> None:
    requestor, _ = established(Limits(max_pdu_length=1000))
    made: list[int] = []

    def image() -> Iterator[bytes]:
        for number in range(100):
            made.append(number)
            yield b"x" * 3000

    requestor.send_command(1, STORE, image())
    assert not made
    first = requestor.data_to_send(5000)
    assert 0 < len(made) < 10
    rest = requestor.data_to_send()
    stream = b"".join([*first, *rest])
    while stream:
        length = 6 + int.from_bytes(stream[2:6], "big")
        assert length <= 1006
        stream = stream[length:]


def test_an_abort_follows_whole_pdus_only() -> None:
    requestor, acceptor = established(Limits(max_pdu_length=1000))
    requestor.send_command(1, STORE, [b"x" * 5000])
    events = [event for data in requestor.data_to_send(1) for event in acceptor.receive_data(data)]
    requestor.abort()
    events += pump(requestor, acceptor)
    assert isinstance(events[-1], Aborted)
    assert events[-1].by_peer


def test_the_table_is_complete() -> None:
    pdus = {n for n in Input if n.name.endswith("PDU")}
    conversing = set(State) - {State.IDLE, State.CONNECTING}
    for what in pdus:
        assert set(TABLE[what]) == conversing, what
    assert set(TABLE) == set(Input)
