"""Messages come out of the stream whole, however it is cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lightwell.standards.hl7.errors import FramingError
from lightwell.standards.hl7.mllp import (
    Event,
    FrameCutShort,
    Framer,
    FrameTooLong,
    GarbageSkipped,
    MessageReceived,
    frame,
)
from tests.standards.hl7.messages import STEADY

PIECES = [b"\x0b", b"\x1c", b"\r", b"\n", b"MSH|^~\\&|", b"PID|1\r", b"\xe4\xb8\xad", b"x"]


def all_at_once(data: bytes, max_bytes: int = 1000) -> list[Event]:
    framer = Framer(max_bytes)
    return framer.receive_data(data) + framer.receive_eof()


@given(st.lists(st.sampled_from(PIECES), max_size=40).map(b"".join), st.data())
@STEADY
def test_any_chunking_gives_the_same_events(data: bytes, source: st.DataObject) -> None:
    max_bytes = source.draw(st.sampled_from([5, 20, 1000]))
    framer, events, at = Framer(max_bytes), list[Event](), 0
    while at < len(data):
        length = source.draw(st.integers(1, 7))
        events += framer.receive_data(data[at : at + length])
        at += length
    assert events + framer.receive_eof() == all_at_once(data, max_bytes)


@given(st.lists(st.binary(max_size=50).filter(lambda raw: not {0x0B, 0x1C} & set(raw)), max_size=5))
@STEADY
def test_what_is_sent_arrives(messages: list[bytes]) -> None:
    assert all_at_once(b"".join(map(frame, messages))) == [MessageReceived(raw) for raw in messages]


def test_many_small_messages_cost_no_more_than_their_length() -> None:
    assert len(all_at_once(b"\x0bM\x1c\r" * 100_000)) == 100_000


def test_a_message_is_told_before_its_last_byte() -> None:
    assert Framer().receive_data(b"\x0bMSH|a\x1c") == [MessageReceived(b"MSH|a")]


def test_a_missing_carriage_return_loses_nothing() -> None:
    assert all_at_once(b"\x0bMSH|a\x1c\x0bMSH|b\x1c") == [MessageReceived(b"MSH|a"), MessageReceived(b"MSH|b")]


def test_a_missing_end_costs_only_the_message_it_is_missing_in() -> None:
    assert all_at_once(b"\x0bMSH|a\x0bMSH|b\x1c\r") == [FrameCutShort(b"MSH|a"), MessageReceived(b"MSH|b")]


def test_a_vertical_tab_in_a_text_is_text() -> None:
    assert all_at_once(b"\x0bMSH|a\x0bb\x1c\r") == [MessageReceived(b"MSH|a\x0bb")]


def test_a_lost_line_says_what_it_left() -> None:
    assert all_at_once(b"\x0bMSH|a") == [FrameCutShort(b"MSH|a")]


def test_garbage_is_counted_and_passed_over() -> None:
    assert all_at_once(b"GET /\r\n\x0bMSH|a\x1c\r\nxx") == [
        GarbageSkipped(5),
        MessageReceived(b"MSH|a"),
        GarbageSkipped(2),
    ]


def test_too_long_a_message_ends_the_reading_with_its_head() -> None:
    framer = Framer(max_bytes=10)
    events = framer.receive_data(b"\x0bMSH|1\x1c\r\x0bMSH|234567890\x1c\r\x0bMSH|5\x1c\r")
    assert events == [MessageReceived(b"MSH|1"), FrameTooLong(b"MSH|234567", 10)]
    assert framer.receive_data(b"\x0bMSH|6\x1c\r") == []


def test_endless_garbage_is_not_listened_to() -> None:
    assert all_at_once(b"x" * 11, max_bytes=10) == [FrameTooLong(b"", 10)]


@pytest.mark.parametrize("raw", [b"a\x0bb", b"a\x1cb"])
def test_what_would_break_the_frame_is_not_sent(raw: bytes) -> None:
    with pytest.raises(FramingError):
        frame(raw)
