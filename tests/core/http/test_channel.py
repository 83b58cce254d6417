"""Many answers over one connection: what is wished for most goes first, and each question stands for itself."""

import asyncio
import json
from collections.abc import AsyncGenerator
from typing import Any

import msgspec
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Message
from starlette.websockets import WebSocket

from lightwell.core.http.channel import PIECE, channel
from lightwell.core.settings import Settings

_SETTINGS = Settings(public_url="https://PACS.example.org:443/")
_LONG = 8 * PIECE
_END_S = 5.0


async def _fill(request: Request) -> Response:
    return Response(request.query_params["of"].encode() * _LONG, media_type="image/jphc")


async def _breaks(_: Request) -> Response:
    async def body() -> AsyncGenerator[bytes]:
        yield b"begun"
        message = "the disk is gone"
        raise OSError(message)

    return StreamingResponse(body())


async def _who(request: Request) -> Response:
    return JSONResponse({"cookie": request.headers.get("cookie"), "accept": request.headers["accept"]}, 404)


_APPLICATION = Starlette(routes=[Route("/fill", _fill), Route("/breaks", _breaks), Route("/who", _who)])


class _Page:
    """A page that takes what is sent only when it likes to."""

    def __init__(self, **headers: str) -> None:
        self.said: asyncio.Queue[Message] = asyncio.Queue()
        self.got: list[tuple[int, str, bytes]] = []
        self.closed: int | None = None
        self.room = asyncio.Semaphore(0)
        pairs = {"host": "node", "cookie": "session=1", **headers}
        scope: dict[str, Any] = {
            "type": "websocket",
            "scheme": "ws",
            "path": "/api/channel",
            "headers": [(name.encode(), value.encode()) for name, value in pairs.items()],
            "app": _APPLICATION,
        }
        self.said.put_nowait({"type": "websocket.connect"})
        self.task = asyncio.create_task(channel(_SETTINGS, WebSocket(scope, self.said.get, self._take)))

    async def _take(self, message: Message) -> None:
        if message["type"] == "websocket.send":
            await self.room.acquire()
            content = message["bytes"]
            self.got.append((int.from_bytes(content[:4], "little"), chr(content[4]), content[5:]))
        elif message["type"] == "websocket.close":
            self.closed = message["code"]

    def say(self, **wish: object) -> None:
        self.tell(msgspec.json.encode(wish).decode())

    def tell(self, text: str) -> None:
        self.said.put_nowait({"type": "websocket.receive", "text": text})

    async def take(self, count: int) -> None:
        """Have room for so many messages, and wait until they are here."""
        wanted = len(self.got) + count
        for _ in range(count):
            self.room.release()
        async with asyncio.timeout(_END_S):
            while len(self.got) < wanted:  # noqa: ASYNC110 -- a test waits for a list
                await asyncio.sleep(0.001)

    async def take_ends(self, count: int) -> None:
        """Take everything until so many answers have ended."""
        while sum(kind in "ex" for _, kind, _ in self.got) < count:
            await self.take(1)

    def body(self, number: int) -> bytes:
        return b"".join(content for one, kind, content in self.got if (one, kind) == (number, "b"))

    async def leave(self) -> None:
        self.said.put_nowait({"type": "websocket.disconnect", "code": 1001})
        await asyncio.wait_for(self.task, _END_S)


async def test_an_answer_comes_with_its_head_in_pieces_to_its_end() -> None:
    page = _Page()
    page.say(ask=7, path="/fill?of=a")
    await page.take_ends(1)
    assert {number for number, _, _ in page.got} == {7}
    assert json.loads(page.got[0][2]) == {"status": 200, "type": "image/jphc", "length": _LONG}
    assert page.body(7) == b"a" * _LONG
    assert max(len(content) for _, _, content in page.got) <= PIECE
    await page.leave()


async def test_what_is_wished_for_more_goes_before_the_rest_of_another() -> None:
    page = _Page()
    page.say(ask=1, path="/fill?of=a", rank=5)
    await page.take(3)
    page.say(ask=2, path="/fill?of=b", rank=0)
    await asyncio.sleep(0.05)
    await page.take_ends(2)
    ends = [number for number, kind, _ in page.got if kind == "e"]
    assert ends == [2, 1]
    assert (page.body(1), page.body(2)) == (b"a" * _LONG, b"b" * _LONG)
    await page.leave()


async def test_ranks_may_change_on_the_way() -> None:
    page = _Page()
    for number in (1, 2):
        page.say(ask=number, path=f"/fill?of={number}", rank=number)
    await page.take(4)
    page.say(rank={"1": 9, "2": 0, "77": 1})
    await asyncio.sleep(0.05)
    await page.take_ends(2)
    assert [number for number, kind, _ in page.got if kind == "e"] == [2, 1]
    await page.leave()


async def test_what_is_not_wanted_any_more_ends_and_its_number_says_nothing() -> None:
    page = _Page()
    page.say(ask=1, path="/fill?of=a")
    await page.take(3)
    page.say(stop=1)
    page.say(ask=2, path="/fill?of=b")
    await asyncio.sleep(0.05)
    await page.take_ends(1)
    assert page.body(2) == b"b" * _LONG
    assert len(page.body(1)) < _LONG
    await page.leave()


async def test_each_question_is_put_as_the_person_of_the_connection_and_may_be_refused() -> None:
    page = _Page()
    page.say(ask=1, path="/who", accept="image/png")
    await page.take_ends(1)
    assert json.loads(page.got[0][2])["status"] == 404
    assert json.loads(page.body(1)) == {"cookie": "session=1", "accept": "image/png"}
    await page.leave()


async def test_an_address_is_read_as_if_it_came_by_itself() -> None:
    page = _Page()
    page.say(ask=1, path="/f%69ll?of=%E4%BD%A0")
    await page.take_ends(1)
    assert page.body(1) == "你".encode() * _LONG
    await page.leave()


async def test_an_answer_that_breaks_off_says_so_and_the_others_go_on() -> None:
    page = _Page()
    page.say(ask=1, path="/breaks")
    page.say(ask=2, path="/fill?of=b")
    await page.take_ends(2)
    assert [kind for number, kind, _ in page.got if number == 1] == ["h", "b", "x"]
    assert page.body(2) == b"b" * _LONG
    await page.leave()


@pytest.mark.parametrize(
    "text",
    [
        "no json",
        "[]",
        '{"ask": "x"}',
        '{"ask": -1, "path": "/who"}',
        '{"ask": 1, "path": "/who", "rank": {"1": 2}}',
        '{"rank": 3}',
        "{}",
        '{"ask": 1, "path": "who"}',
        '{"ask": 1, "path": "/%s"}' % ("a" * 5000),
    ],
)
async def test_what_is_no_wish_ends_the_channel(text: str) -> None:
    page = _Page()
    page.tell(text)
    await asyncio.wait_for(page.task, _END_S)
    assert page.closed == 1008


async def test_more_questions_than_a_page_has_end_the_channel() -> None:
    page = _Page()
    for number in range(33):
        page.say(ask=number, path="/fill?of=a")
    await asyncio.wait_for(page.task, _END_S)
    assert page.closed == 1008


@pytest.mark.hazard("H-04")
@pytest.mark.parametrize(
    ("origin", "is_open"),
    [
        ("https://node", True),
        ("https://pacs.example.org", True),  # as browsers know it, behind a proxy that asks for "node"
        ("http://pacs.example.org", False),
        ("https://evil", False),
        ("null", False),
    ],
)
async def test_only_a_page_of_this_node_may_ask_with_its_cookie(origin: str, *, is_open: bool) -> None:
    page = _Page(origin=origin)
    if is_open:
        page.say(ask=1, path="/who")
        await page.take_ends(1)
        await page.leave()
    else:
        await asyncio.wait_for(page.task, _END_S)
        assert page.closed == 1008
