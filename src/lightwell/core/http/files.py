"""Files and byte ranges over HTTP (RFC 9110 section 14), read in large pieces off the event loop.

A multipart body is framed around pieces that are read only when the network can take them, so that an answer of any
size uses the memory of a few pieces; while one goes out, the next is read. Whoever goes away ends the reading.
"""

import asyncio
import re
import secrets
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass
from itertools import chain, groupby
from typing import Final, TypeAlias

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from lightwell.core.errors import LightwellError, RangeNotSatisfiable
from lightwell.core.http import problems

PIECE: Final = 1 << 20
_MOST_FILLS: Final = 16
_RANGE: Final = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
_PRIVATE: Final = "private, max-age=0"

Reader: TypeAlias = Callable[[int, int], bytes]
"""Reads (offset, length) of an object."""
Filler: TypeAlias = Callable[[int, memoryview], bool]
"""Fills a buffer with an object's bytes from an offset on, and tells that it did; else that it would have to wait."""
Headers: TypeAlias = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Part:
    """A run of bytes of some object, and the headers of its part in a multipart answer."""

    read: Reader
    fill: Filler
    offset: int
    length: int
    headers: Headers = ()


@dataclass(frozen=True, slots=True)
class MadePart:
    """A part that is made when its turn comes, so that nobody knows its headers and length before."""

    make: Callable[[], Awaitable[tuple[Headers, AsyncGenerator[bytes]]]]


def whole(content: bytes, headers: Headers = ()) -> Part:
    """Return bytes that are there already as a part."""

    def fill(offset: int, buffer: memoryview) -> bool:
        buffer[:] = content[offset : offset + len(buffer)]
        return True

    return Part(lambda start, size: content[start : start + size], fill, 0, len(content), headers)


class Streamed(Response):
    """An answer whose body is made while it is sent.

    The first piece is made before anything is sent, while what is gone can still be answered with an error. Whatever
    fails later cuts the connection, so that no half answer looks whole.
    """

    def __init__(self, body: AsyncGenerator[Sequence[bytes]], status_code: int, headers: Mapping[str, str]) -> None:
        super().__init__(status_code=status_code, headers=headers)
        if "Content-Length" not in headers:  # nobody knows it; Response would say 0
            del self.headers["content-length"]
        self._body = body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send what there is, until the other side has it all or goes away."""
        async with aclosing(self._body):
            try:
                first = await anext(self._body, ())
            except LightwellError as error:
                await problems.answer(error)(scope, receive, send)
                return
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            await _send(send, first)
            await self._go_on(receive, send)

    async def _go_on(self, receive: Receive, send: Send) -> None:
        gone: asyncio.Future[None] | None = None  # most answers are one batch, and need not look
        try:
            async for pieces in self._body:
                gone = gone or asyncio.ensure_future(_gone(receive))
                if gone.done():
                    return
                await _send(send, pieces)
        finally:
            if gone is not None:
                gone.cancel()
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _send(send: Send, pieces: Sequence[bytes]) -> None:
    for piece in pieces:
        await send({"type": "http.response.body", "body": piece, "more_body": True})


async def _gone(receive: Receive) -> None:
    """Return when the other side has gone away."""
    while (await receive())["type"] != "http.disconnect":
        pass


def pieces_of(part: Part) -> Iterator[bytes]:
    """Read a part piece by piece; call it in a thread."""
    position, end = part.offset, part.offset + part.length
    while position < end:
        piece = part.read(position, min(PIECE, end - position))
        if not piece:
            message = f"an object ends {end - position} bytes early"
            raise EOFError(message)
        yield piece
        position += len(piece)


async def offloaded(pieces: Iterator[bytes]) -> AsyncGenerator[list[bytes]]:
    """Make pieces in threads, about :data:`PIECE` bytes at a time, one such batch ahead of who takes them."""
    ahead = asyncio.create_task(asyncio.to_thread(_take, pieces))
    try:
        while True:
            batch, is_last = await ahead
            if is_last:
                yield batch
                return
            ahead = asyncio.create_task(asyncio.to_thread(_take, pieces))
            yield batch
    finally:
        with suppress(Exception):  # whoever goes away does not care how it would have gone on
            await ahead


def _take(pieces: Iterator[bytes]) -> tuple[list[bytes], bool]:
    batch: list[bytes] = []
    size = 0
    for piece in pieces:
        batch.append(piece)
        size += len(piece)
        if size >= PIECE:
            return batch, False
    return [b"".join(batch)], True


def multipart(request: Request, parts: Sequence[Part | MadePart], media_type: str, entity_tag: str = "") -> Response:
    """Return the parts as one ``multipart/related`` answer (RFC 2387), of known length if all parts are.

    Args:
        request: what is answered; it may say that it has the answer already.
        parts: in their order.
        media_type: what the parts are.
        entity_tag: changes when the answer changes.
    """
    if entity_tag and is_known(request, entity_tag):
        return unchanged(entity_tag)
    boundary = secrets.token_hex(16)
    headers = {"Content-Type": f'multipart/related; type="{media_type}"; boundary={boundary}'}
    headers |= {"Cache-Control": _PRIVATE} | ({"ETag": entity_tag} if entity_tag else {})
    length = _length(parts, boundary)
    if length is not None:
        headers["Content-Length"] = str(length)
        framed = [(_head(part.headers, boundary), part) for part in parts if isinstance(part, Part)]
        return _known(framed, _tail(boundary), 200, headers)
    return Streamed(_multipart(parts, boundary), 200, headers)


def _known(framed: Sequence[tuple[bytes, Part]], tail: bytes, status_code: int, headers: Mapping[str, str]) -> Response:
    """Answer with runs of bytes: at once if they are few and need no waiting for a disk, else piece by piece."""
    length = int(headers["Content-Length"])
    if length <= PIECE and len(framed) <= _MOST_FILLS and (body := _at_once(framed, tail, length)) is not None:
        return Response(body, status_code, headers)
    pieces = chain.from_iterable(chain((head,), pieces_of(part)) for head, part in framed)
    return Streamed(offloaded(chain(pieces, (tail,))), status_code, headers)


def _at_once(framed: Sequence[tuple[bytes, Part]], tail: bytes, length: int) -> memoryview | None:
    buffer = memoryview(bytearray(length))
    place = 0
    for head, part in framed:
        start, stop = place + len(head), place + len(head) + part.length
        buffer[place:start] = head
        if not part.fill(part.offset, buffer[start:stop]):
            return None
        place = stop
    buffer[place:] = tail
    return buffer


def _length(parts: Sequence[Part | MadePart], boundary: str) -> int | None:
    total = len(_tail(boundary))
    for part in parts:
        if isinstance(part, MadePart):
            return None
        total += len(_head(part.headers, boundary)) + part.length
    return total


async def _multipart(parts: Iterable[Part | MadePart], boundary: str) -> AsyncGenerator[list[bytes]]:
    for is_made, group in groupby(parts, lambda part: isinstance(part, MadePart)):
        if is_made:
            async for batch in _made(group, boundary):
                yield batch
        else:
            async with aclosing(offloaded(_framed(group, boundary))) as batches:
                async for batch in batches:
                    yield batch
    yield [_tail(boundary)]


async def _made(parts: Iterable[Part | MadePart], boundary: str) -> AsyncGenerator[list[bytes]]:
    for part in parts:
        if isinstance(part, MadePart):
            headers, body = await part.make()
            head = _head(headers, boundary)
            async with aclosing(body) as pieces:
                async for piece in pieces:
                    yield [head, piece]
                    head = b""


def _framed(parts: Iterable[Part | MadePart], boundary: str) -> Iterator[bytes]:
    for part in parts:
        if isinstance(part, Part):
            yield _head(part.headers, boundary)
            yield from pieces_of(part)


def _head(headers: Headers, boundary: str) -> bytes:
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers)
    return f"\r\n--{boundary}\r\n{lines}\r\n".encode()


def _tail(boundary: str) -> bytes:
    return f"\r\n--{boundary}--\r\n".encode()


def single(request: Request, part: Part | MadePart, media_type: str, entity_tag: str) -> Response:
    """Return one part by itself: whole, the range that was asked for, or the news that it has not changed.

    Raises:
        RangeNotSatisfiable: the range lies outside the object.
    """
    if is_known(request, entity_tag):
        return unchanged(entity_tag)
    headers = {"Content-Type": media_type, "ETag": entity_tag, "Cache-Control": _PRIVATE}
    if isinstance(part, MadePart):
        return Streamed(_alone(part), 200, headers)
    wanted = request.headers.get("range", "") if request.headers.get("if-range", entity_tag) == entity_tag else ""
    start, stop = _span(wanted, part.length)
    headers |= {"Accept-Ranges": "bytes", "Content-Length": str(stop - start)}
    is_ranged = _is_range(wanted)  # all of it counts too: players take that for the word that they may jump
    if is_ranged:
        headers["Content-Range"] = f"bytes {start}-{stop - 1}/{part.length}"
    run = Part(part.read, part.fill, part.offset + start, stop - start)
    return _known([(b"", run)], b"", 206 if is_ranged else 200, headers)


async def _alone(part: MadePart) -> AsyncGenerator[list[bytes]]:
    _, body = await part.make()
    async with aclosing(body) as pieces:
        async for piece in pieces:
            yield [piece]


def is_known(request: Request, entity_tag: str) -> bool:
    """Tell whether the caller has the answer already (RFC 9110 13.1.2)."""
    known = [tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")]
    return entity_tag in known or known == ["*"]


def unchanged(entity_tag: str) -> Response:
    """Say that the caller has the answer already."""
    return Response(status_code=304, headers={"ETag": entity_tag, "Cache-Control": _PRIVATE})


def _is_range(header: str) -> bool:
    match = _RANGE.fullmatch(header.strip())
    return match is not None and match.groups() != ("", "")


def _span(header: str, length: int) -> tuple[int, int]:
    """Return the span of a Range header; one that is not understood means the whole (RFC 9110 14.2)."""
    if not _is_range(header):
        return 0, length
    first, _, last = header.strip().removeprefix("bytes=").partition("-")
    start, stop = (max(0, length - int(last)), length) if not first else (int(first), int(last or length - 1) + 1)
    if start >= min(stop, length):
        message = f"the object has {length} bytes; the range asked for begins at {start}"
        raise RangeNotSatisfiable(message)
    return start, min(stop, length)
