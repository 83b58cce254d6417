"""Sends HL7 messages on some lines at once, each waiting for its answer, and prints how long that took.

``python -m bench.hl7_sender PORT LINES COUNT NAME FILE…``: COUNT messages in all, the files in turn, each under a
control ID of its own. A process by itself, so that it does not share an interpreter with what it measures.
"""

import json
import re
import selectors
import socket
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from lightwell.standards.hl7.mllp import frame

_CONTROL_ID = re.compile(rb"^((?:[^|]*\|){9})[^|\r]*")


@dataclass
class _Line:
    socket: socket.socket
    began_s: float = 0.0
    came: bytes = b""


def messages(files: list[Path], count: int, name: str) -> list[bytes]:
    """Return messages as they travel, each under a control ID of its own."""
    texts = [path.read_bytes().removeprefix(b"\xef\xbb\xbf") for path in files]
    return [
        frame(_CONTROL_ID.sub(rb"\g<1>" + f"{name}-{number}".encode(), texts[number % len(texts)], count=1))
        for number in range(count)
    ]


def send(port: int, lines: int, waiting: list[bytes]) -> dict[str, float]:
    """Send everything, and return the seconds of it all and of one answer."""
    selector = selectors.DefaultSelector()
    taken: list[float] = []
    began = time.perf_counter()
    for _ in range(lines):
        line = _Line(socket.create_connection(("127.0.0.1", port)))
        line.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        selector.register(line.socket, selectors.EVENT_READ, line)
        _next(line, waiting)
    open_lines = lines
    while open_lines:
        for key, _ in selector.select():
            line: _Line = key.data
            line.came += line.socket.recv(65536)
            if not line.came.endswith(b"\x1c\r"):
                continue
            assert b"MSA|AA" in line.came or b"MSA|CA" in line.came, line.came
            taken.append(time.perf_counter() - line.began_s)
            line.came = b""
            if waiting:
                _next(line, waiting)
            else:
                selector.unregister(line.socket)
                open_lines -= 1
    taken.sort()
    return {
        "per_second": len(taken) / (time.perf_counter() - began),
        "p50_ms": taken[len(taken) // 2] * 1000,
        "p99_ms": taken[len(taken) * 99 // 100] * 1000,
    }


def _next(line: _Line, waiting: list[bytes]) -> None:
    line.began_s = time.perf_counter()
    line.socket.sendall(waiting.pop())


if __name__ == "__main__":
    where, at_once, how_many, named, *paths = sys.argv[1:]
    print(json.dumps(send(int(where), int(at_once), messages([Path(path) for path in paths], int(how_many), named))))
