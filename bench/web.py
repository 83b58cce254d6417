"""A lean HTTP client for benchmarks: it throws away what it reads, and costs little beside the server."""

import json
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import urlsplit

from httptools import HttpResponseParser

_PIECE = 1 << 20
_OK = 200


class _Answer:
    """What the parser tells of an answer."""

    def __init__(self, *, is_kept: bool) -> None:
        self._is_kept = is_kept
        self.parser = cast("Any", HttpResponseParser(self))
        self.length = 0
        self.status = 0
        self.body = bytearray()
        self.is_whole = False
        self.is_line_open = False

    def on_body(self, piece: bytes) -> None:
        """Take a piece of the body."""
        self.length += len(piece)
        if self._is_kept:
            self.body += piece

    def on_message_complete(self) -> None:
        """Take the end; whether the line stays open is known now, and forgotten by the parser right after."""
        self.is_whole = True
        self.is_line_open = self.parser.should_keep_alive()


@dataclass
class Client:
    """One connection that is kept open."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict[str, str])

    def __post_init__(self) -> None:
        """Remember where to."""
        parts = urlsplit(self.url)
        self._place = parts.hostname or "", parts.port or 80
        self._socket: socket.socket | None = None
        self._buffer = memoryview(bytearray(_PIECE))

    def get(self, path: str, accept: str, encoding: str = "identity") -> int:
        """Fetch something and return its length in bytes."""
        return self._ask("GET", path, {"Accept": accept, "Accept-Encoding": encoding}).length

    def json(self, path: str, accept: str) -> Any:
        """Fetch something and return what it says."""
        return json.loads(self._ask("GET", path, {"Accept": accept}, is_kept=True).body)

    def post(self, path: str, body: bytes, kind: str) -> int:
        """Send something and return the length of the answer in bytes."""
        return self._ask("POST", path, {"Content-Type": kind, "Content-Length": str(len(body))}, body).length

    def send(self, method: str, path: str, body: bytes = b"", kind: str = "") -> tuple[int, bytes]:
        """Send anything and return the status and the body of the answer, whatever they are."""
        headers = {"Content-Type": kind, "Content-Length": str(len(body))} if body else {}
        answer = self._ask(method, path, headers, body, is_kept=True, is_any_taken=True)
        return answer.status, bytes(answer.body)

    def _ask(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        body: bytes = b"",
        *,
        is_kept: bool = False,
        is_any_taken: bool = False,
    ) -> _Answer:
        lines = [f"{name}: {value}" for name, value in {"Host": "127.0.0.1", **self.headers, **headers}.items()]
        head = "\r\n".join([f"{method} {path} HTTP/1.1", *lines, "", ""]).encode()
        connection = self._connected()
        connection.sendall(head + body)  # one packet, if it fits
        answer = self._drain(connection, _Answer(is_kept=is_kept))
        if answer.status != _OK and not is_any_taken:
            message = f"{answer.status}: {bytes(self._buffer[:200])!r}"
            raise AssertionError(message)
        return answer

    def _connected(self) -> socket.socket:
        if self._socket is None:
            self._socket = socket.create_connection(self._place)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self._socket

    def _drain(self, connection: socket.socket, answer: _Answer) -> _Answer:
        while not answer.is_whole:
            size = connection.recv_into(self._buffer)
            if not size and answer.length and not answer.parser.should_keep_alive():
                break  # the end of the line is the end of the body
            if not size:
                message = "the server hung up in the middle of an answer"
                raise AssertionError(message)
            answer.parser.feed_data(self._buffer[:size])
        if not answer.is_line_open:
            self.close()
        answer.status = answer.parser.get_status_code()
        return answer

    def close(self) -> None:
        """Hang up; the next request connects anew."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None
