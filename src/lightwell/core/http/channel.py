"""Many answers over one connection, what is wished for most first: a WebSocket for pages at the end of a thin line.

Over HTTP/1.1 an answer that began has its connection until it ends. On a line of 200 ms that loses packets, several of
them share what it carries, each knows of its own share only, and what somebody looks at now comes by one of them. Here
one connection knows what the line carries, and turns to the most urgent answer after a few kilobytes.

The page sends texts: ``{"ask": 7, "path": "/dicom-web/…", "accept": "…", "rank": 0}``, later ``{"rank": {"7": 3}}`` as
somebody looks elsewhere, and ``{"stop": 7}``; smaller ranks go first. Each question is put to the application as if it
came by itself, with the cookie of the connection: who may see what is decided anew each time. The node sends messages
of bytes: the number of the question (32 bits, little-endian), one byte that says what follows, and that: the head of
the answer as JSON (``h``), a piece of its body (``b``), its end (``e``), or that it broke off (``x``).
"""

import asyncio
import logging
import struct
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import unquote

import msgspec
from starlette.types import Message
from starlette.websockets import WebSocket, WebSocketDisconnect

from lightwell.core import logs
from lightwell.core.http.live import POLICY_VIOLATION, is_own_page
from lightwell.core.settings import Settings

log = logging.getLogger(__name__)
PIECE: Final = 16 << 10
_MOST_ANSWERS: Final = 32
_LONGEST_PATH: Final = 4096
_HEADERS: Final = frozenset((b"content-type", b"content-length"))


class _Wish(msgspec.Struct):
    """What a page says: a question, other ranks, or that an answer is not wanted any more."""

    ask: int | None = None
    path: str = ""
    accept: str = "*/*"
    rank: float | Mapping[int, float] = 0.0
    stop: int | None = None


@dataclass(slots=True)
class _Answer:
    """An answer on its way: what of it can go out now, and who waits until that has gone."""

    number: int
    rank: float
    waiting: deque[tuple[bytes, memoryview]] = field(default_factory=deque)
    has_gone: asyncio.Event = field(default_factory=asyncio.Event)
    task: asyncio.Task[None] | None = None


async def channel(settings: Settings, websocket: WebSocket) -> None:
    """Answer a page's questions until it leaves."""
    if not is_own_page(websocket, settings):
        await websocket.close(POLICY_VIOLATION)
        return
    await websocket.accept()
    await _Channel(websocket).serve()


class _Channel:
    """One page's answers."""

    def __init__(self, websocket: WebSocket) -> None:
        self._websocket = websocket
        self._answers: dict[int, _Answer] = {}
        self._has_more = asyncio.Event()

    async def serve(self) -> None:
        sending = asyncio.create_task(self._send())
        try:
            async for text in self._websocket.iter_text():
                self._take(msgspec.json.decode(text, type=_Wish, strict=False))
        except (msgspec.DecodeError, KeyError, ValueError):  # bytes instead of text are a KeyError
            await self._websocket.close(POLICY_VIOLATION)
        except WebSocketDisconnect:
            pass
        finally:
            sending.cancel()
            for answer in list(self._answers.values()):
                self._stop(answer.number)

    def _take(self, wish: _Wish) -> None:
        if wish.stop is not None:
            self._stop(wish.stop)
        elif wish.ask is not None and isinstance(wish.rank, float):
            self._ask(wish.ask, wish.path, wish.accept, wish.rank)
        elif wish.ask is None and isinstance(wish.rank, Mapping):
            self._rank(wish.rank)
        else:
            message = "expected a question with its rank, the ranks of several, or the one that is not wanted any more"
            raise ValueError(message)

    def _rank(self, ranks: Mapping[int, float]) -> None:
        for number, rank in ranks.items():
            if answer := self._answers.get(number):
                answer.rank = rank

    def _ask(self, number: int, path: str, accept: str, rank: float) -> None:
        is_well_formed = path.startswith("/") and len(path) <= _LONGEST_PATH and 0 <= number < 1 << 32
        if not is_well_formed or number in self._answers or len(self._answers) >= _MOST_ANSWERS:
            message = "expected a new number, a path of this node, and few questions at a time"
            raise ValueError(message)
        answer = self._answers[number] = _Answer(number, rank)
        answer.task = asyncio.create_task(self._answer(answer, path, accept))

    def _stop(self, number: int) -> None:
        answer = self._answers.pop(number, None)
        if answer is not None and answer.task is not None:
            answer.task.cancel()

    async def _answer(self, answer: _Answer, path: str, accept: str) -> None:
        async def send(message: Message) -> None:
            await self._put(answer, message)

        try:
            await self._websocket.app(self._scope(path, accept), _never, send)
        except Exception as error:  # noqa: BLE001 -- the other answers go on
            logs.event(log, logging.WARNING, "an answer broke off", error=error)
            await self._give(answer, b"x", b"")

    def _scope(self, path: str, accept: str) -> dict[str, Any]:
        """Return the question as if it had come by itself."""
        plain, _, query = path.partition("?")
        own = self._websocket.scope
        headers = [item for item in own["headers"] if item[0] in {b"host", b"cookie", b"authorization"}]
        return {
            **{name: own[name] for name in ("asgi", "client", "server", "app", "root_path") if name in own},
            "type": "http",
            "http_version": "1.1",
            "method": "GET",
            "scheme": "https" if own["scheme"] == "wss" else "http",
            "path": unquote(plain),
            "raw_path": plain.encode(),
            "query_string": query.encode(),
            "headers": [*headers, (b"accept", accept.encode())],
            "state": {},
        }

    async def _put(self, answer: _Answer, message: Message) -> None:
        if message["type"] == "http.response.start":
            await self._give(answer, b"h", msgspec.json.encode(_head(message)))
            return
        if body := message.get("body", b""):
            await self._give(answer, b"b", body)
        if not message.get("more_body", False):
            await self._give(answer, b"e", b"")

    async def _give(self, answer: _Answer, kind: bytes, content: bytes) -> None:
        """Have something of an answer sent; what makes it waits meanwhile, so that no answer is held whole."""
        answer.waiting.append((kind, memoryview(content)))
        answer.has_gone.clear()
        self._has_more.set()
        await answer.has_gone.wait()

    async def _send(self) -> None:
        with suppress(WebSocketDisconnect):  # whoever listens for the page's wishes notices too
            while True:
                await self._send_next()

    async def _send_next(self) -> None:
        waiting = [answer for answer in self._answers.values() if answer.waiting]
        if waiting:
            await self._send_piece(min(waiting, key=lambda answer: (answer.rank, answer.number)))
        else:
            self._has_more.clear()
            await self._has_more.wait()

    async def _send_piece(self, answer: _Answer) -> None:
        kind, content = answer.waiting[0]
        answer.waiting[0] = (kind, content[PIECE:])
        if len(content) <= PIECE:
            answer.waiting.popleft()
            answer.has_gone.set()
        if kind in {b"e", b"x"}:
            self._answers.pop(answer.number, None)
        await self._websocket.send_bytes(struct.pack("<Ic", answer.number, kind) + content[:PIECE])


def _head(message: Message) -> Mapping[str, Any]:
    headers = {name.decode(): value.decode("latin-1") for name, value in message["headers"] if name in _HEADERS}
    length = headers.get("content-length")
    return {
        "status": message["status"],
        "type": headers.get("content-type", ""),
        "length": int(length) if length else None,
    }


async def _never() -> Message:
    """Receive nothing: a question has no body, and who asked tells by the channel that they leave."""
    return await asyncio.Future()
