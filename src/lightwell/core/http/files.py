"""Files and byte ranges over HTTP (RFC 9110 section 14), read in large pieces off the event loop.

A multipart body is framed around pieces that are read only when the network can take them, so that an answer of any
size uses the memory of one piece.
"""

import asyncio
import re
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from starlette.responses import Response, StreamingResponse

from lightwell.core.errors import RangeNotSatisfiable

PIECE: Final = 256 * 1024
_RANGE: Final = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")

Reader: TypeAlias = Callable[[int, int], bytes]
"""Reads (offset, length) of an object."""


@dataclass(frozen=True, slots=True)
class Part:
    """A run of bytes of some object, and the headers of its part in a multipart answer."""

    read: Reader
    offset: int
    length: int
    headers: Sequence[tuple[str, str]] = ()


async def pieces(part: Part) -> AsyncGenerator[bytes]:
    """Read a part piece by piece in a thread."""
    position, end = part.offset, part.offset + part.length
    while position < end:
        piece = await asyncio.to_thread(part.read, position, min(PIECE, end - position))
        if not piece:
            return
        yield piece
        position += len(piece)


async def _begun(body: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
    """Read the first piece now, while an object that is gone can still be answered with an error."""
    first = await anext(body, b"")

    async def whole() -> AsyncGenerator[bytes]:
        yield first
        async for piece in body:
            yield piece

    return whole()


async def multipart(parts: Sequence[Part], boundary: str, media_type: str) -> Response:
    """Return the parts as one ``multipart/related`` answer of known length."""
    heads = [_head(part, boundary) for part in parts]
    tail = f"\r\n--{boundary}--\r\n".encode()
    length = sum(len(head) + part.length for head, part in zip(heads, parts, strict=True)) + len(tail)

    async def body() -> AsyncGenerator[bytes]:
        for head, part in zip(heads, parts, strict=True):
            before = head
            async for piece in pieces(part):
                yield before + piece
                before = b""
            yield before
        yield tail

    content_type = f'multipart/related; type="{media_type}"; boundary={boundary}'
    headers = {"Content-Type": content_type, "Content-Length": str(length), "Cache-Control": "private, max-age=0"}
    return StreamingResponse(await _begun(body()), headers=headers)


def _head(part: Part, boundary: str) -> bytes:
    lines = "".join(f"{name}: {value}\r\n" for name, value in part.headers)
    return f"\r\n--{boundary}\r\n{lines}\r\n".encode()


async def single(part: Part, media_type: str, range_header: str, entity_tag: str) -> Response:
    """Return one part by itself, whole or the range that was asked for.

    Raises:
        RangeNotSatisfiable: the range lies outside the object.
    """
    start, stop = _span(range_header, part.length)
    headers = {
        "Accept-Ranges": "bytes",
        "Content-Length": str(stop - start),
        "ETag": entity_tag,
        "Cache-Control": "private, max-age=0",
    }
    is_whole = (start, stop) == (0, part.length)
    if not is_whole:
        headers["Content-Range"] = f"bytes {start}-{stop - 1}/{part.length}"
    wanted = Part(part.read, part.offset + start, stop - start)
    return StreamingResponse(await _begun(pieces(wanted)), 200 if is_whole else 206, headers, media_type)


def _span(header: str, length: int) -> tuple[int, int]:
    """Return the span of a Range header; one that is not understood means the whole (RFC 9110 14.2)."""
    match = _RANGE.fullmatch(header.strip())
    if match is None or match.groups() == ("", ""):
        return 0, length
    first, last = match.groups()
    start, stop = (max(0, length - int(last)), length) if not first else (int(first), int(last or length - 1) + 1)
    if start >= min(stop, length):
        message = f"the object has {length} bytes; the range asked for begins at {start}"
        raise RangeNotSatisfiable(message)
    return start, min(stop, length)


def file_reader(path: Path) -> Reader:
    """Return a reader of a local file."""

    def read(offset: int, length: int) -> bytes:
        with path.open("rb", buffering=0) as file:
            file.seek(offset)
            return file.read(length)

    return read
