"""Live notices over HTTP: Server-Sent Events for pages, a WebSocket for programs that prefer one.

Such a line is open for hours, and what its holder may see changes meanwhile: every few seconds it is looked at again,
and a line whose holder may see other things than at its beginning is ended. Whoever may still listen calls again.
"""

import asyncio
from collections.abc import AsyncGenerator
from typing import Final
from urllib.parse import urlsplit

import msgspec
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.websockets import WebSocket, WebSocketDisconnect

from lightwell.core import clock
from lightwell.core.actors import NOBODY, Actor
from lightwell.core.auth import accounts
from lightwell.core.errors import DatabaseUnavailable, Forbidden, LightwellError
from lightwell.core.http import identity
from lightwell.core.live import Notice
from lightwell.core.machines import Machines
from lightwell.core.settings import Settings
from lightwell.core.tx import Tx

_HEARTBEAT_S: Final = 15.0
_CHECKED_EVERY_S: Final = 5.0
POLICY_VIOLATION: Final = 1008


async def events(machines: Machines, tx: Tx) -> Response:
    """Send every notice that the person may see, as it happens."""
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(_stream(machines, tx.actor), media_type="text/event-stream", headers=headers)


async def _stream(machines: Machines, actor: Actor) -> AsyncGenerator[bytes]:
    async with machines.live.subscribe(actor) as notices:
        yield b": connected\n\n"
        checks = Checks(machines, actor)
        while True:
            notice = await _next(notices)
            if not await checks.hold():
                return
            yield b": alive\n\n" if notice is None else _line(notice)


async def _next(notices: asyncio.Queue[Notice]) -> Notice | None:
    try:
        return await asyncio.wait_for(notices.get(), _HEARTBEAT_S)
    except TimeoutError:
        return None


class Checks:
    """Whether somebody may still see what they might at the beginning."""

    def __init__(self, machines: Machines, actor: Actor) -> None:
        self._machines, self._actor = machines, actor
        self._checked_s = clock.monotonic_s()

    async def hold(self) -> bool:
        """Look again if that is due; without a database nothing is announced that could be seen."""
        if clock.monotonic_s() - self._checked_s < _CHECKED_EVERY_S:
            return True
        self._checked_s = clock.monotonic_s()
        try:
            async with self._machines.transactions.begin(NOBODY) as tx:
                account = await accounts.find(tx, self._actor.name)
                if account is None or not account.is_active:
                    return False
                return await accounts.actor_of(tx, account) == self._actor
        except DatabaseUnavailable:
            return True


def _line(notice: Notice) -> bytes:
    return b"id: %d\nevent: %s\ndata: %s\n\n" % (notice.id, notice.name.encode(), msgspec.json.encode(notice.payload))


def is_own_page(websocket: WebSocket, settings: Settings) -> bool:
    """Tell whether a page of this node asks: a browser sends the cookie for those of others too, and says whose.

    What stands in front of the node may ask it by another name than browsers do: theirs is in the settings.
    """
    origin = websocket.headers.get("origin")
    if origin is None or origin.partition("://")[2] == websocket.headers.get("host"):
        return True
    return bool(settings.public_url) and origin == _origin_of(settings.public_url)


def _origin_of(address: str) -> str:
    """Return scheme, host and port of an address as browsers tell them: in small letters, without the usual port."""
    parts = urlsplit(address.lower())
    usual = {"http": ":80", "https": ":443"}.get(parts.scheme, "")
    return f"{parts.scheme}://{parts.netloc.removesuffix(usual)}"


async def admitted(machines: Machines, websocket: WebSocket) -> Actor | None:
    """Accept a WebSocket and return who opened it; close it if nobody known did, or a page of somebody else."""
    try:
        if not is_own_page(websocket, machines.settings):
            message = "expected a page of this node"
            raise Forbidden(message)
        async with machines.transactions.begin(NOBODY) as tx:
            request = Request({**websocket.scope, "type": "http", "method": "GET"})
            found = identity.require_unlocked(await identity.signed_in(request, tx, machines.settings))
    except LightwellError:
        await websocket.close(POLICY_VIOLATION)
        return None
    await websocket.accept()
    return found.actor


async def socket(machines: Machines, websocket: WebSocket) -> None:
    """Send the same notices over a WebSocket until the other side leaves."""
    actor = await admitted(machines, websocket)
    if actor is None:
        return
    async with machines.live.subscribe(actor) as notices:
        sending = asyncio.create_task(_send(websocket, notices, Checks(machines, actor)))
        try:
            async for _ in websocket.iter_bytes():
                pass
        except (WebSocketDisconnect, KeyError):
            return
        finally:
            sending.cancel()


async def _send(websocket: WebSocket, notices: asyncio.Queue[Notice], checks: Checks) -> None:
    while True:
        notice = await _next(notices)
        if not await checks.hold():
            await websocket.close(POLICY_VIOLATION)
            return
        if notice is not None:
            await websocket.send_bytes(msgspec.json.encode(notice))
