"""A sending system: one line to an MLLP port, and messages that it sends."""

import socket
from collections.abc import Iterable
from typing import Self

from lightwell.standards.hl7.message import Message, parse_message
from lightwell.standards.hl7.mllp import Framer, MessageReceived, frame


class Line:
    """One connection."""

    def __init__(self, port: int, timeout_s: float = 10.0) -> None:
        """Connect."""
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=timeout_s)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._framer = Framer()
        self._answers: list[bytes] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Hang up."""
        self.socket.close()

    def send(self, raw: bytes) -> bytes:
        """Send a message and return its answer."""
        self.socket.sendall(frame(raw))
        return self.answer()

    def answer(self) -> bytes:
        """Wait for the next answer; ConnectionError if none comes any more."""
        while not self._answers:
            data = self.socket.recv(1 << 16)
            if not data:
                message = "the line was closed"
                raise ConnectionError(message)
            events = self._framer.receive_data(data)
            self._answers += [event.raw for event in events if isinstance(event, MessageReceived)]
        return self._answers.pop(0)


def ack(answer: bytes, codec: str = "utf-8") -> Message:
    """Return an answer as a message."""
    return parse_message(answer.decode(codec))


def code(answer: bytes) -> str:
    """Return MSA-1."""
    return ack(answer, "latin-1")["MSA"][1].text


def adt(control_id: str, number: str, event: str = "A01", *, name: str = "张^三", **fields: str) -> bytes:
    """Return an ADT of a made-up patient; further fields as ``pv1_3="ward^1^2"``."""
    return message(
        ["MSH", "^~\\&", "HIS", "A", "LIGHTWELL", "A", "20261126083000", "", f"ADT^{event}", control_id, "P", "2.5"],
        ["EVN", event, fields.pop("at", "20261126083000"), fields.pop("planned", "")],
        *_numbered(fields, {"PID": {3: f"{number}^^^MR", 5: name, 7: "19800101", 8: "M"}}),
    )


def _numbered(fields: dict[str, str], segments: dict[str, dict[int, str]]) -> Iterable[list[str]]:
    for key, value in fields.items():
        segment, _, place = key.partition("_")
        segments.setdefault(segment.upper(), {})[int(place)] = value
    for segment, values in segments.items():
        yield [segment, *(values.get(place, "") for place in range(1, max(values) + 1))]


def message(*segments: list[str], charset: str = "utf-8") -> bytes:
    """Return segments as the bytes of a message."""
    return "".join("|".join(fields) + "\r" for fields in segments).encode(charset)
