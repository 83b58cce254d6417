"""A WebSocket that keeps little in hand, so that what is wished for now goes out before what was wished for earlier.

The queues of an event loop, of TLS and of the kernel take a quarter of a megabyte before they make anybody wait; on a
line of 4 Mb/s that is half a second.
"""

import asyncio
from typing import TYPE_CHECKING, Final

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from lightwell.core.net import sockets

if TYPE_CHECKING:
    from uvicorn._types import ASGISendEvent

_MOST_UNSENT_BYTES: Final = 24 << 10
_LOOK_AGAIN_S: Final = 0.003


class PromptWebSocket(WebSocketsSansIOProtocol):
    """uvicorn's WebSocket, which sends when hardly anything waits unsent before it."""

    async def send(self, message: "ASGISendEvent") -> None:
        """Send a message once it is next."""
        endpoint = self.transport.get_extra_info("socket")
        while self._has_to_wait(endpoint):  # noqa: ASYNC110 -- the kernel tells only what it took, not what it sent
            await asyncio.sleep(_LOOK_AGAIN_S)
        await super().send(message)

    def _has_to_wait(self, endpoint: sockets.Tunable) -> bool:
        if self.transport.is_closing():
            return False
        return self.transport.get_write_buffer_size() + sockets.unsent_bytes(endpoint) > _MOST_UNSENT_BYTES
