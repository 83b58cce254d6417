"""The HTTP application: endpoints, pages, health, metrics, and the headers that every answer carries."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Final, TypeAlias

from prometheus_client import Counter, Histogram
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket

from lightwell.core import clock, metrics
from lightwell.core.http import channel, live, openapi, pages, problems, session
from lightwell.core.http.endpoints import Endpoint, Provided
from lightwell.core.http.grouping import grouped
from lightwell.core.machines import Machines

Socket: TypeAlias = Callable[[WebSocket], Awaitable[None]]
"""What answers at the address of a WebSocket."""
_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; "  # the decoder of HTJ2K is WebAssembly
        "style-src 'self' 'unsafe-inline'; img-src 'self' blob: data:; "
        "connect-src 'self' ws: wss:; worker-src 'self' blob:; "
        "frame-src blob:; "  # a PDF that a page holds already; nothing of ours stands in a frame
        "frame-ancestors 'none'; base-uri 'none'; "
        "form-action 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(self), geolocation=()",
}
_RAW: Final = [(name.lower().encode(), value.encode()) for name, value in _HEADERS.items()]
_OVER_TLS: Final = [*_RAW, (b"strict-transport-security", b"max-age=31536000")]
CORE: Final = (*session.ENDPOINTS, Endpoint("GET", "/api/events", live.events))


def build(
    provided: Provided, endpoints: Sequence[Endpoint], page_folder: Path, sockets: Mapping[str, Socket]
) -> Starlette:
    """Return the application of a node; ``provided`` are the objects that handlers may ask for by type."""
    machines: Machines = provided[Machines]
    provided = {**provided, pages.Pages: pages.Pages(page_folder)}
    table = (*endpoints, *CORE)  # looked through in this order, and images are asked for most
    description = openapi.describe(table)

    async def describe(_: Request) -> Response:
        return JSONResponse(description)

    async def ready(_: Request) -> Response:
        is_ready = await machines.database.is_answering()
        return JSONResponse({"database": is_ready}, 200 if is_ready else 503)

    return Starlette(
        routes=[
            *grouped(table, provided),
            Route("/openapi.json", describe),
            Route("/healthz", _healthy),
            Route("/readyz", ready),
            Route("/metrics", _metrics),
            WebSocketRoute("/api/live", partial(live.socket, machines)),
            WebSocketRoute("/api/channel", partial(channel.channel, machines.settings)),
            *(WebSocketRoute(path, answer) for path, answer in sockets.items()),
            *pages.routes(page_folder),
        ],
        middleware=[Middleware(_Frame)],
        exception_handlers={404: problems.not_routed, 405: problems.not_routed},
    )


async def _healthy(_: Request) -> Response:
    return JSONResponse({"alive": True})


async def _metrics(_: Request) -> Response:
    return Response(metrics.page(), media_type=metrics.CONTENT_TYPE)


class _Frame:
    """Puts the security headers on every answer and counts it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started_s = clock.monotonic_s()

        async def framed(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *_headers_of(scope)]
                _answers(scope["method"], message["status"]).inc()
                _seconds(scope["method"]).observe(clock.monotonic_s() - started_s)
            await send(message)

        await self._app(scope, receive, framed)


@cache
def _answers(method: str, status: int) -> Counter:
    return metrics.HTTP_REQUESTS.labels(method, status)


@cache
def _seconds(method: str) -> Histogram:
    return metrics.HTTP_SECONDS.labels(method)


def _headers_of(scope: Scope) -> Sequence[tuple[bytes, bytes]]:
    return _OVER_TLS if scope["scheme"] == "https" else _RAW
