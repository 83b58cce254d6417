"""A machine that is told of changes: it may be slow, refuse, send elsewhere, or be gone."""

import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Told:
    """One request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Listener:
    """What it was told, and what it answers to the next."""

    port: int = 0
    told: list[Told] = field(default_factory=list[Told])
    answer: Callable[[Told], int] = lambda _: 204
    elsewhere: str = ""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    def paths(self) -> list[str]:
        return [one.path for one in self.told]


@contextmanager
def listening(port: int = 0) -> Generator[Listener]:
    """Lend a listener on a port of its own."""
    listener = Listener()

    class Handler(BaseHTTPRequestHandler):
        def _take(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            told = Told(self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, body)
            status = listener.answer(told)
            listener.told.append(told)
            self.send_response(status)
            if listener.elsewhere:
                self.send_header("Location", listener.elsewhere)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_POST = do_PUT = do_GET = _take  # noqa: N815 -- as the library calls them

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 -- as the library calls it
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    listener.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield listener
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
