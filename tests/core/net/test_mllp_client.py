"""Calling a peer by MLLP: no wait is without an end, and a long message over a slow line arrives all the same."""

import asyncio
import socket
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from lightwell.core.errors import InvalidRequest
from lightwell.core.net.mllp_client import Line, LineBroken, call
from lightwell.core.net.outgoing import read_outgoing
from lightwell.standards.hl7.mllp import Event, Framer, frame

HERE = read_outgoing("127.0.0.0/8")
MESSAGE, ANSWER, OTHER = b"MSH|^~\\&|A", b"MSH|^~\\&|B", b"MSH|^~\\&|C"
Peer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def peer(serve: Peer, buffer_bytes: int = 0) -> AsyncGenerator[int]:
    """Lend a peer, and return its port."""
    listener = socket.socket()
    if buffer_bytes:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer_bytes)
    listener.bind(("127.0.0.1", 0))
    server = await asyncio.start_server(serve, sock=listener, limit=1 << 14)
    try:
        yield listener.getsockname()[1]
    finally:
        server.close()


async def ask(port: int, raw: bytes = MESSAGE, patience_s: float = 0.4) -> bytes:
    line = await call("127.0.0.1", port, HERE, None, patience_s)
    try:
        return await line.ask(raw, ANSWER.__eq__, patience_s)
    finally:
        line.close()


def says(*messages: bytes) -> Peer:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1 << 16)
        for raw in messages:
            writer.write(frame(raw))
        await reader.read()
        writer.close()

    return serve


async def never_read(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    del reader, writer
    await asyncio.sleep(20)


async def test_an_answer_is_found_among_what_else_comes() -> None:
    async with peer(says(OTHER, ANSWER)) as port:
        assert await ask(port) == ANSWER


async def test_what_came_instead_of_an_answer_is_kept() -> None:
    async with peer(says(OTHER)) as port:
        with pytest.raises(LineBroken, match="what came answered no message of ours") as told:
            await ask(port)
    assert told.value.heard == OTHER


async def test_a_peer_that_says_nothing_is_waited_for_only_so_long() -> None:
    async with peer(says()) as port:
        with pytest.raises(LineBroken, match="an answer was waited for, none came within") as told:
            await ask(port)
    assert told.value.heard is None


async def test_a_peer_that_never_reads_is_waited_for_only_so_long() -> None:
    async with peer(never_read, 1 << 13) as port:
        began = time.monotonic()
        with pytest.raises(LineBroken, match="room on the line was waited for"):
            await ask(port, bytes(32 << 20))
        assert time.monotonic() - began < 5


async def test_a_long_message_takes_longer_than_an_answer_may() -> None:
    framer = Framer(1 << 24)

    async def read_slowly(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        events: list[Event] = []
        while not events:
            events = framer.receive_data(await reader.read(1 << 14))
            await asyncio.sleep(0.01)
        writer.write(frame(ANSWER))

    async with peer(read_slowly, 1 << 13) as port:
        began = time.monotonic()
        assert await ask(port, MESSAGE * 300_000) == ANSWER
        assert time.monotonic() - began > 1, "it was not slow"


async def test_an_answer_that_is_too_long_is_not_read() -> None:
    async with peer(says(bytes(5 << 20))) as port:
        with pytest.raises(LineBroken, match="an answer of at most 4194304 bytes"):
            await ask(port)


async def test_a_line_is_fresh_until_something_was_sent_on_it() -> None:
    async with peer(says(ANSWER)) as port:
        line: Line = await call("127.0.0.1", port, HERE, None, 1)
        assert line.is_fresh
        await line.ask(MESSAGE, ANSWER.__eq__, 1)
        assert (line.is_fresh, line.is_open) == (False, True)
        line.close()


async def test_only_who_is_listed_is_called() -> None:
    async with peer(says(ANSWER)) as port:
        with pytest.raises(InvalidRequest, match="LIGHTWELL_SUBSCRIPTION_TARGETS"):
            await call("127.0.0.1", port, read_outgoing("10.0.0.0/8"), None, 1)


async def test_the_next_address_is_called_where_nobody_answers_at_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    async def found(*_: object, **__: object) -> list[tuple[object, ...]]:
        return [(0, 0, 0, "", ("127.0.0.9", 0)), (0, 0, 0, "", ("127.0.0.1", 0))]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", found)
    async with peer(says(ANSWER)) as port:
        line = await call("lis.example", port, HERE, None, 1)
        assert await line.ask(MESSAGE, ANSWER.__eq__, 1) == ANSWER
        line.close()


async def test_a_name_that_nobody_knows_is_told() -> None:
    with pytest.raises(LineBroken, match="a connection was waited for"):
        await call("lis.invalid", 1, HERE, None, 5)
