"""Live notices over HTTP: Server-Sent Events for pages, a WebSocket for programs that prefer one."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.websockets import WebSocket, WebSocketDisconnect

from lightwell.core.actors import NOBODY, Actor
from lightwell.core.errors import LightwellError
from lightwell.core.http import identity
from lightwell.core.live import Notice
from lightwell.core.machines import Machines
from lightwell.core.tx import Tx

_HEARTBEAT_S: Final = 15.0
_POLICY_VIOLATION: Final = 1008


async def events(machines: Machines, tx: Tx) -> Response:
    """Send every notice that the person may see, as it happens."""
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(_stream(machines, tx.actor), media_type="text/event-stream", headers=headers)


async def _stream(machines: Machines, actor: Actor) -> AsyncGenerator[bytes]:
    async with machines.live.subscribe(actor) as notices:
        yield b": connected\n\n"
        while True:
            try:
                yield _line(await asyncio.wait_for(notices.get(), _HEARTBEAT_S))
            except TimeoutError:
                yield b": alive\n\n"


def _line(notice: Notice) -> bytes:
    return b"id: %d\nevent: %s\ndata: %s\n\n" % (notice.id, notice.name.encode(), msgspec.json.encode(notice.payload))


async def socket(machines: Machines, websocket: WebSocket) -> None:
    """Send the same notices over a WebSocket until the other side leaves."""
    try:
        async with machines.transactions.begin(NOBODY) as tx:
            request = Request({**websocket.scope, "type": "http", "method": "GET"})
            found = identity.require_unlocked(await identity.signed_in(request, tx, machines.settings))
    except LightwellError:
        await websocket.close(_POLICY_VIOLATION)
        return
    await websocket.accept()
    async with machines.live.subscribe(found.actor) as notices:
        sending = asyncio.create_task(_send(websocket, notices))
        try:
            async for _ in websocket.iter_bytes():
                pass
        except (WebSocketDisconnect, KeyError):
            return
        finally:
            sending.cancel()


async def _send(websocket: WebSocket, notices: asyncio.Queue[Notice]) -> None:
    while True:
        await websocket.send_bytes(msgspec.json.encode(await notices.get()))
