"""A lean HTTP client for benchmarks: it throws away what it reads, and costs little beside the server."""

import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

_PIECE = 1 << 20


@dataclass
class Client:
    """One connection that is kept open."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict[str, str])

    def __post_init__(self) -> None:
        """Connect."""
        parts = urlsplit(self.url)
        self._connection = http.client.HTTPConnection(parts.hostname or "", parts.port, blocksize=_PIECE)
        self._buffer = memoryview(bytearray(_PIECE))

    def get(self, path: str, accept: str, encoding: str = "identity") -> int:
        """Fetch something and return its length in bytes."""
        headers = {**self.headers, "Accept": accept, "Accept-Encoding": encoding}
        self._connection.request("GET", path, headers=headers)
        return self._drain(200)

    def json(self, path: str, accept: str) -> Any:
        """Fetch something and return what it says."""
        self._connection.request("GET", path, headers={**self.headers, "Accept": accept})
        return json.loads(self._connection.getresponse().read())

    def post(self, path: str, body: bytes, kind: str) -> int:
        """Send something and return the length of the answer in bytes."""
        self._connection.request("POST", path, body, headers={**self.headers, "Content-Type": kind})
        return self._drain(200)

    def _drain(self, status: int) -> int:
        answer = self._connection.getresponse()
        total = 0
        while size := answer.readinto(self._buffer):
            total += size
        if answer.status != status:
            message = f"{answer.status}: {bytes(self._buffer[:200])!r}"
            raise AssertionError(message)
        return total

    def close(self) -> None:
        """Hang up."""
        self._connection.close()
