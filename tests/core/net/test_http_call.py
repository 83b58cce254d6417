"""One request to another machine: what it answers counts, whatever else it does."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from lightwell.core.errors import InvalidRequest
from lightwell.core.net.http_call import Call, CallFailed, call
from lightwell.core.net.outgoing import read_outgoing

HERE = read_outgoing("127.0.0.0/8")
_LARGE = 60 << 20
Answer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def machine(answer: Answer) -> AsyncGenerator[str]:
    """Lend the address of a machine that answers so."""
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook"


def saying(text: bytes) -> Answer:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(text)
        writer.close()

    return answer


@pytest.mark.parametrize(
    "text",
    [
        b"HTTP/1.1 204 No Content\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nno chunk",
    ],
    ids=["plain", "after a while", "with a body that is none"],
)
async def test_what_was_taken_is_taken(text: bytes) -> None:
    async with machine(saying(text)) as url:
        await call(Call("POST", url), HERE, 5)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"HTTP/1.1 500 Oh\r\n\r\n", "500 came"),
        (b"HTTP/1.1 302 Found\r\nLocation: /x\r\n\r\n", "redirects are not followed"),
        (b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n", "101 came"),
        (b"SSH-2.0-OpenSSH\r\n", "something else came"),
        (b"", "could not be reached"),
    ],
)
async def test_what_was_not_taken_is_said(text: bytes, expected: str) -> None:
    async with machine(saying(text)) as url:
        with pytest.raises(CallFailed, match=expected):
            await call(Call("POST", url), HERE, 5)


async def test_a_machine_that_reads_nothing_is_let_go_with_what_was_meant_for_it() -> None:
    got: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    async def read_late(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.6)
        count = 0
        while piece := await reader.read(1 << 20):
            count += len(piece)
        got.set_result(count)

    async with machine(read_late) as url:
        with pytest.raises(CallFailed, match="within"):
            await call(Call("PUT", url, body=bytes(_LARGE)), HERE, 0.3)
        assert await asyncio.wait_for(got, 5) < _LARGE


@pytest.mark.parametrize("text", ["a\r\nb: c", "a\nb", "a\0"])
async def test_nothing_is_sent_that_would_be_two_requests(text: str) -> None:
    asked: list[bytes] = []

    async def note(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        asked.append(await reader.read())

    async with machine(note) as url:
        with pytest.raises(InvalidRequest):
            await call(Call("POST", url, [("X", text)]), HERE, 5)
        await asyncio.sleep(0.05)
    assert b"".join(asked) == b""
