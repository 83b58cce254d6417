"""What a WebSocket has taken and not sent is little, however slowly the other side reads."""

import asyncio
import socket
from contextlib import suppress
from typing import Any

import pytest
import uvicorn
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from lightwell.core.http.prompt import PromptWebSocket

_PIECE = bytes(16 << 10)
_PIECES = 400
_LITTLE = 200 << 10
_HELLO = (
    b"GET / HTTP/1.1\r\nHost: node\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)


async def _taken(protocol: type[asyncio.Protocol]) -> int:
    """Return how many bytes a server gets rid of to somebody who reads nothing."""
    taken = 0

    async def application(scope: Any, _receive: Any, send: Any) -> None:
        nonlocal taken
        assert scope["type"] == "websocket"
        await send({"type": "websocket.accept"})
        for _ in range(_PIECES):
            await send({"type": "websocket.send", "bytes": _PIECE})
            taken += len(_PIECE)

    with socket.create_server(("127.0.0.1", 0)) as listener, socket.socket() as reader:
        config = uvicorn.Config(application, ws=protocol, lifespan="off", log_config=None, timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        await asyncio.to_thread(reader.connect, listener.getsockname())
        reader.sendall(_HELLO)
        before = 0
        while taken == 0 or taken != before:
            before = taken
            await asyncio.sleep(0.5)
        serving.cancel()
        with suppress(asyncio.CancelledError):
            await serving
    return taken


@pytest.mark.parametrize(
    ("protocol", "is_little"), [(WebSocketsSansIOProtocol, False), (PromptWebSocket, True)], ids=["uvicorn", "ours"]
)
async def test_little_waits_in_queues_that_nobody_sees(protocol: type[asyncio.Protocol], *, is_little: bool) -> None:
    assert (await _taken(protocol) < _LITTLE) is is_little
