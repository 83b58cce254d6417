"""MLLP over TCP: however the bytes come, the messages are the same, and each is answered in its turn."""

import asyncio
import socket
import struct
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lightwell.core import metrics
from lightwell.core.net import mllp, sockets
from lightwell.core.net.callers import Caller
from lightwell.core.net.mllp import Answers, Door, Limits
from lightwell.standards.hl7.mllp import Event, FrameCutShort, Framer, FrameTooLong, MessageReceived, frame

LIMITS = Limits(max_bytes=1000, message_s=5, idle_s=5, most_connections=3)
MESSAGES = [f"MSH|^~\\&|A|||||||{number}".encode() for number in range(5)]


@dataclass
class House:
    """Answers each message with its number; slowly, if it says so."""

    taken: list[Event] = field(default_factory=list[Event])
    pauses_s: dict[int, float] = field(default_factory=dict[int, float])
    fails_at: int = -1

    async def take(self, caller: Caller, event: Event) -> Answers:
        assert caller.address == "127.0.0.1"
        self.taken.append(event)
        return asyncio.ensure_future(self._answer(len(self.taken) - 1))

    async def _answer(self, number: int) -> Sequence[bytes]:
        if number == self.fails_at:
            message = "the disk is away"
            raise OSError(message)
        await asyncio.sleep(self.pauses_s.get(number, 0))
        return [f"MSH|answer {number}".encode()]


@asynccontextmanager
async def listening(house: House, limits: Limits = LIMITS) -> AsyncGenerator[tuple[Door, int]]:
    door = Door(house, limits)
    server = await mllp.listen(door, sockets.bind("127.0.0.1", 0))
    try:
        yield door, server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for connection in list(door.connections):
            connection.close()


async def exchange(port: int, pieces: Sequence[bytes], *, hang_up: bool = True, pause_s: float = 0.0) -> list[bytes]:
    """Send pieces, and return every answer until the other side closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for piece in pieces:
        writer.write(piece)
        await writer.drain()
        await asyncio.sleep(pause_s)
    if hang_up:
        writer.write_eof()
    data = await asyncio.wait_for(reader.read(), 20)
    writer.close()
    return [event.raw for event in Framer().receive_data(data) if isinstance(event, MessageReceived)]


STREAM = b"".join(map(frame, MESSAGES))
ANSWERS = [f"MSH|answer {number}".encode() for number in range(5)]


@pytest.mark.parametrize("size", [1, 2, 7, 64, len(STREAM)])
async def test_any_chunking_gives_the_same(size: int) -> None:
    house = House()
    async with listening(house) as (_, port):
        pieces = [STREAM[at : at + size] for at in range(0, len(STREAM), size)]
        assert await exchange(port, pieces) == ANSWERS
    assert house.taken == [MessageReceived(raw) for raw in MESSAGES]


@settings(deadline=None, max_examples=30)
@given(st.lists(st.integers(1, len(STREAM) - 1), max_size=12))
def test_any_cuts_give_the_same(cuts: list[int]) -> None:
    places = [0, *sorted(set(cuts)), len(STREAM)]

    async def run() -> None:
        async with listening(House()) as (_, port):
            assert await exchange(port, [STREAM[a:b] for a, b in pairwise(places)]) == ANSWERS

    asyncio.run(run())


async def test_answers_go_out_in_the_order_of_the_messages_however_long_they_take() -> None:
    async with listening(House(pauses_s={0: 0.2, 2: 0.1})) as (_, port):
        assert await exchange(port, [STREAM]) == ANSWERS


async def test_a_thousand_messages_at_once_are_read_no_faster_than_they_are_answered() -> None:
    house = House(pauses_s={0: 0.3})
    async with listening(house) as (_, port):
        work = asyncio.create_task(exchange(port, [b"".join(frame(raw) for raw in MESSAGES) * 4000]))
        await asyncio.sleep(0.2)
        assert 64 <= len(house.taken) < 15000
        assert len(await work) == 20000


async def test_a_message_that_is_too_long_is_answered_and_nothing_after_it_is_read() -> None:
    house = House()
    async with listening(house) as (_, port):
        long = frame(b"MSH|^~\\&|" + b"x" * 2000)
        answers = await exchange(port, [frame(MESSAGES[0]), long, frame(MESSAGES[1]) * 10_000], hang_up=False)
    assert answers == ANSWERS[:2]
    assert [type(event) for event in house.taken] == [MessageReceived, FrameTooLong]


async def test_a_message_without_its_end_is_told_when_the_line_ends() -> None:
    house = House()
    async with listening(house) as (_, port):
        await exchange(port, [frame(MESSAGES[0])[:-3]])
    assert [type(event) for event in house.taken] == [FrameCutShort]


async def test_who_begins_a_message_and_does_not_end_it_is_told_so_and_hung_up_on() -> None:
    limits = Limits(max_bytes=1000, message_s=0.3, idle_s=60, most_connections=3)
    house = House()
    async with listening(house, limits) as (door, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        started = asyncio.get_running_loop().time()
        answer = asyncio.create_task(reader.readuntil(b"\x1c\x0d"))
        for sign in b"\x0bMSH|^~\\&" + b"x" * 100:  # a byte now and then keeps nothing alive
            writer.write(bytes([sign]))
            await asyncio.sleep(0.05)
            if answer.done():
                break
        assert 0.25 < asyncio.get_running_loop().time() - started < 2
        assert await answer == frame(ANSWERS[0])
        writer.close()
        await asyncio.sleep(0.05)
        assert not door.connections
    [event] = house.taken
    assert isinstance(event, FrameCutShort)
    assert event.raw.startswith(b"MSH")


async def test_what_came_before_a_line_broke_is_handed_over() -> None:
    house = House()
    async with listening(house) as (_, port):
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(frame(MESSAGES[0])[:-3])
        await asyncio.sleep(0.05)
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.close()  # with a reset
        await asyncio.sleep(0.1)
    assert [type(event) for event in house.taken] == [FrameCutShort]


async def test_no_more_is_read_while_large_messages_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mllp, "_MOST_WAITING_BYTES", 2 << 20)
    large = b"MSH|" + b"x" * (1 << 20)
    house = House(pauses_s=dict.fromkeys(range(12), 0.5))
    async with listening(house, Limits(4 << 20, 60, 60, 3)) as (_, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        sending = asyncio.create_task(write_all(writer, frame(large) * 12))
        await asyncio.sleep(0.3)
        assert len(house.taken) < 6
        for _ in range(12):
            await asyncio.wait_for(reader.readuntil(b"\x1c\x0d"), 20)
        await sending
    assert len(house.taken) == 12


async def write_all(writer: asyncio.StreamWriter, data: bytes) -> None:
    writer.write(data)
    await writer.drain()


async def test_silence_ends_a_line_and_bytes_that_are_no_message_are_silence() -> None:
    limits = Limits(max_bytes=1000, message_s=60, idle_s=0.4, most_connections=3)
    async with listening(House(), limits) as (door, port):
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        started = asyncio.get_running_loop().time()
        await asyncio.sleep(0.1)
        assert door.connections
        while door.connections and asyncio.get_running_loop().time() - started < 5:
            writer.write(b"GET / ")
            await asyncio.sleep(0.05)
        assert 0.3 < asyncio.get_running_loop().time() - started < 2


async def test_a_line_that_waits_for_us_is_not_silent() -> None:
    limits = Limits(max_bytes=1000, message_s=0.1, idle_s=0.1, most_connections=3)
    async with listening(House(pauses_s={0: 0.5}), limits) as (_, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(frame(MESSAGES[0]))
        assert await asyncio.wait_for(reader.readuntil(b"\x1c\x0d"), 5) == frame(ANSWERS[0])


async def test_without_an_answer_the_line_is_closed_and_what_was_answered_before_stays() -> None:
    async with listening(House(fails_at=1)) as (_, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(frame(MESSAGES[0]))
        assert await reader.readuntil(b"\x1c\x0d") == frame(ANSWERS[0])
        writer.write(frame(MESSAGES[1]))
        with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
            await reader.readuntil(b"\x1c\x0d")


async def test_one_connection_too_many_is_closed_and_counted() -> None:
    refused = metrics.LINES_REFUSED._value
    before = refused.get()
    async with listening(House()) as (_, port):
        lines = [await asyncio.open_connection("127.0.0.1", port) for _ in range(4)]
        with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
            await asyncio.wait_for(lines[3][0].readexactly(1), 5)
        lines[0][1].write(frame(MESSAGES[0]))
        assert await lines[0][0].readuntil(b"\x1c\x0d") == frame(ANSWERS[0])
    assert refused.get() == before + 1


async def test_a_caller_that_reads_no_answers_is_hung_up_on() -> None:
    limits = Limits(max_bytes=100_000, message_s=0.5, idle_s=60, most_connections=3)

    class Loud(House):
        async def _answer(self, number: int) -> Sequence[bytes]:
            return [b"MSH|%d" % number + b"x" * 90_000]

    async with listening(Loud(), limits) as (door, port):
        _, writer = await asyncio.open_connection("127.0.0.1", port, limit=1024)
        writer.write(STREAM * 100)
        for _ in range(200):
            await asyncio.sleep(0.05)
            if not door.connections:
                break
        assert not door.connections
