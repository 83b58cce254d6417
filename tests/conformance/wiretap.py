"""A wire between a sender and the server that notes which data sets went over it, and what was answered.

It reads PDUs by itself (PS3.8 9.3 and annex E), so that what was sent is known without the code under test.
"""

import io
import select
import socket
import struct
import threading
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from pydicom import dcmread

_P_DATA = 4
_COMMAND, _LAST = 1, 2
_C_STORE_RSP = 0x8001
_IMPLICIT_LITTLE = "1.2.840.10008.1.2"
_PIECE = 1 << 16


@dataclass(frozen=True, slots=True)
class Sent:
    """A data set that went over the wire, and the status that came back."""

    sop_instance_uid: str
    data_set: bytes
    status: int


@dataclass
class _Line:
    """One direction of one connection: bytes to messages."""

    waiting: bytearray = field(default_factory=bytearray)
    parts: tuple[bytearray, bytearray] = field(default_factory=lambda: (bytearray(), bytearray()))
    messages: list[tuple[bool, bytes]] = field(default_factory=list[tuple[bool, bytes]])

    def take(self, data: bytes) -> None:
        self.waiting += data
        while len(self.waiting) >= 6:
            kind, length = struct.unpack_from(">BxI", self.waiting)
            if len(self.waiting) < 6 + length:
                return
            body = bytes(self.waiting[6 : 6 + length])
            del self.waiting[: 6 + length]
            if kind == _P_DATA:
                self._values(body)

    def _values(self, body: bytes) -> None:
        place = 0
        while place < len(body):
            length, _, control = struct.unpack_from(">IBB", body, place)
            part = self.parts[control & _COMMAND]
            part += body[place + 6 : place + 4 + length]
            place += 4 + length
            if control & _LAST:
                self.messages.append((bool(control & _COMMAND), bytes(part)))
                part.clear()


def _command(content: bytes) -> Any:
    """Return a command set; pydicom reads it as a data set in Implicit VR Little Endian."""
    head = b"\0" * 128 + b"DICM\x02\0\x10\0UI" + struct.pack("<H", 18) + _IMPLICIT_LITTLE.encode() + b"\0"
    return dcmread(io.BytesIO(head + content), force=True)


def _exchanges(there: _Line, back: _Line) -> Generator[Sent]:
    data_sets = [content for is_command, content in there.messages if not is_command]
    answers = [_command(content) for is_command, content in back.messages if is_command]
    stored = [answer for answer in answers if answer.get(0x00000100).value == _C_STORE_RSP]
    for content, answer in zip(data_sets, stored, strict=False):
        yield Sent(str(answer.get(0x00001000).value), content, answer.get(0x00000900).value)


class Wiretap:
    """Takes connections and passes them on."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._lines: list[tuple[_Line, _Line]] = []
        self._threads: list[threading.Thread] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                pair = _Line(), _Line()
                self._lines.append(pair)
                thread = threading.Thread(target=self._pass, args=(near, *pair), daemon=True)
                self._threads.append(thread)
                thread.start()

    def _pass(self, near: socket.socket, there: _Line, back: _Line) -> None:
        with near, socket.create_connection(("127.0.0.1", self._target)) as far, suppress(OSError):
            for end in (near, far):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            while True:
                for ready in select.select([near, far], [], [])[0]:
                    data = ready.recv(_PIECE)
                    if not data:
                        return
                    (there if ready is near else back).take(data)
                    (far if ready is near else near).sendall(data)

    def sent(self) -> list[Sent]:
        """Return what was sent and answered, once all senders have gone."""
        for thread in self._threads:
            thread.join(10)
        return [exchange for pair in self._lines for exchange in _exchanges(*pair)]

    def close(self) -> None:
        """Take no more connections."""
        self._listener.close()


@contextmanager
def wiretap(port: int) -> Generator[Wiretap]:
    """Lend a wire to the server at a port."""
    tap = Wiretap(port)
    try:
        yield tap
    finally:
        tap.close()
