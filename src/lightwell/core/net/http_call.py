"""One request to another machine: the address that was looked at is called, redirects are not followed (RFC 9110)."""

import asyncio
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import httptools

from lightwell.core.errors import InvalidRequest
from lightwell.core.net.outgoing import Outgoing, Target, read_target

_MOST_BYTES: Final = 64 << 10
_PIECE: Final = 8 << 10
_GOOD: Final = range(200, 300)
_MOVED: Final = range(300, 400)
_LAST_INTERIM: Final = 199


class CallFailed(Exception):
    """The other machine was not reached, or did not take what was sent; the text holds nothing of that."""


@dataclass(frozen=True, slots=True)
class Call:
    """A request as it is sent."""

    method: str
    url: str
    headers: Sequence[tuple[str, str]] = ()
    body: bytes = b""


async def call(request: Call, allowed: Outgoing, seconds: float) -> None:
    """Send a request, and come back when the other machine said that it has it.

    Raises:
        CallFailed: it was not reached in time, may not be called, or said something else than 2xx.
        InvalidRequest: its address may not be called (any more).
    """
    try:
        async with asyncio.timeout(seconds):
            status = await _status(request, allowed)
    except TimeoutError as error:
        message = f"expected an answer within {seconds:g} seconds, none came"
        raise CallFailed(message) from error
    except (OSError, UnicodeError) as error:  # also what is wrong with a certificate
        message = f"the machine could not be reached: {_kind(error)}"
        raise CallFailed(message) from error
    except httptools.HttpParserError as error:
        message = "expected an answer of HTTP/1.1, something else came"
        raise CallFailed(message) from error
    if status not in _GOOD:
        hint = "; redirects are not followed" if status in _MOVED else ""
        message = f"expected an answer of 2xx, {status} came{hint}"
        raise CallFailed(message)


async def _status(request: Call, allowed: Outgoing) -> int:
    target = read_target(request.url)
    addresses = await allowed.addresses(target.host, target.port)
    is_secure = target.scheme == "https"
    secured: dict[str, Any] = {"ssl": _context(), "server_hostname": target.host} if is_secure else {}
    reader, writer = await asyncio.open_connection(addresses[0], target.port, **secured)
    try:
        writer.write(_head(request, target) + request.body)
        await writer.drain()
        return await _answered(reader)
    finally:
        writer.transport.abort()  # what nobody takes would be held for ever


@cache
def _context() -> ssl.SSLContext:
    return ssl.create_default_context()


def _head(request: Call, target: Target) -> bytes:
    host = f"[{target.host}]" if ":" in target.host else target.host
    lines = [
        f"{request.method} {target.path or '/'}{'?' if target.query else ''}{target.query} HTTP/1.1",
        f"Host: {host}:{target.port}",
        "User-Agent: Lightwell",
        "Connection: close",
        f"Content-Length: {len(request.body)}",
        *(f"{name}: {value}" for name, value in request.headers),
    ]
    if any(sign in line for line in lines for sign in "\r\n\0"):
        message = "expected an address and headers of one line each"
        raise InvalidRequest(message)
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


class _Heads:
    """Takes the heads of an answer; those that only say to wait (1xx) do not count."""

    def __init__(self) -> None:
        self.status = 0
        self.parser = httptools.HttpResponseParser(self)

    def on_headers_complete(self) -> None:
        status = self.parser.get_status_code()
        self.status = status if status > _LAST_INTERIM else 0


async def _answered(reader: asyncio.StreamReader) -> int:
    heads, count = _Heads(), 0
    while not heads.status and count < _MOST_BYTES:
        piece = await reader.read(_PIECE)
        if not piece:
            message = "the connection ended before an answer"
            raise ConnectionError(message)
        count += len(piece)
        _feed(heads, piece)
    return heads.status


def _feed(heads: _Heads, piece: bytes) -> None:
    """Read on; what follows an answer that was given does not matter."""
    try:
        heads.parser.feed_data(piece)
    except httptools.HttpParserUpgrade:
        heads.status = heads.parser.get_status_code()
    except httptools.HttpParserError:
        if not heads.status:
            raise


def _kind(error: Exception) -> str:
    """Return what is wrong without what a machine said: that may quote what was sent."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return "its certificate is not one that this server trusts"
    return type(error).__name__
