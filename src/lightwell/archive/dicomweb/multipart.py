"""Reading ``multipart/related`` as it comes, cut anywhere (RFC 2046 5.1).

Bytes go in with :meth:`MultipartReader.feed`; out come the headers of a part, its bytes as far as they are certain not
to be a boundary, and its end. Nothing is collected but the headers of one part and the length of a boundary.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from lightwell.core.errors import InvalidRequest

_LONGEST_HEAD: Final = 16 * 1024
_LONGEST_BOUNDARY: Final = 256  # the RFC says 70, Orthanc sends 73
_LONGEST_PREAMBLE: Final = 64 * 1024
_PARAMETER: Final = re.compile(r';\s*([\w-]+)\s*=\s*(?:"([^"]*)"|([^\s;"]*))')


@dataclass(frozen=True, slots=True)
class PartBegins:
    """A part begins; names of headers are in lower case."""

    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PartEnds:
    """A part is whole."""


Event: TypeAlias = PartBegins | PartEnds | memoryview


def parameters(value: str) -> tuple[str, dict[str, str]]:
    """Return the type of a Content-Type header, in lower case, and its parameters."""
    found = {name.lower(): quoted or plain for name, quoted, plain in _PARAMETER.findall(value)}
    return value.partition(";")[0].strip().lower(), found


class MultipartReader:
    """Takes a body apart; every message about it is an InvalidRequest."""

    def __init__(self, boundary: str) -> None:
        if not 0 < len(boundary) <= _LONGEST_BOUNDARY or not boundary.isascii():
            message = f"a multipart body has a boundary of 1 to {_LONGEST_BOUNDARY} ASCII characters"
            raise InvalidRequest(message)
        self._delimiter = b"\r\n--" + boundary.encode()
        self._buffer = bytearray(b"\r\n")  # the first boundary may stand at the very beginning
        self._take = self._preamble
        self._count = 0
        self._skipped = 0

    def feed(self, data: bytes) -> Iterator[Event]:
        """Take the next bytes of the body and yield what they tell."""
        self._buffer += data
        while (event := self._take()) is not None:
            if event is not _GO_ON:
                yield event

    def finish(self) -> int:
        """Say that the body is at its end; return how many parts it had."""
        if self._take != self._epilogue:
            message = "the multipart body is cut short: its last boundary is missing; send it again"
            raise InvalidRequest(message)
        return self._count

    def _preamble(self) -> Event | None:
        place = self._buffer.find(self._delimiter)
        if place < 0:
            self._skipped += self._forget()
            if self._skipped > _LONGEST_PREAMBLE:
                message = "the boundary that Content-Type names does not come in the body"
                raise InvalidRequest(message)
            return None
        del self._buffer[: place + len(self._delimiter)]
        self._take = self._after_boundary
        return _GO_ON

    def _forget(self) -> int:
        """Drop what cannot be the beginning of a boundary."""
        size = max(0, len(self._buffer) - len(self._delimiter) + 1)
        del self._buffer[:size]
        return size

    def _after_boundary(self) -> Event | None:
        line = bytes(self._buffer[:2])
        if len(line) < 2:  # noqa: PLR2004 -- "--" or CR LF
            return None
        if line == b"--":
            self._take = self._epilogue
            return _GO_ON
        end = self._buffer.find(b"\r\n")
        if end < 0 and len(self._buffer) <= _LONGEST_BOUNDARY:
            return None
        if end < 0 or self._buffer[:end].strip(b" \t"):
            message = "a boundary is followed by the end of its line; something else came"
            raise InvalidRequest(message)
        del self._buffer[:end]
        self._take = self._head
        return _GO_ON

    def _head(self) -> Event | None:
        end = self._buffer.find(b"\r\n\r\n", 0, _LONGEST_HEAD)
        if end < 0:
            if len(self._buffer) >= _LONGEST_HEAD:
                message = f"the headers of a part have at most {_LONGEST_HEAD} bytes; more came"
                raise InvalidRequest(message)
            return None
        lines = bytes(self._buffer[:end]).decode("latin-1").split("\r\n")
        pairs = (line.partition(":") for line in lines if line)
        headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
        del self._buffer[: end + 2]  # the empty line may be the beginning of the next boundary
        self._count += 1
        self._take = self._first_of_body
        return PartBegins(headers)

    def _first_of_body(self) -> Event | None:
        if len(self._buffer) < len(self._delimiter):
            return None
        if self._buffer.startswith(self._delimiter):  # the part is empty
            return self._end(0)
        del self._buffer[:2]
        self._take = self._body
        return _GO_ON

    def _body(self) -> Event | None:
        place = self._buffer.find(self._delimiter)
        if place > 0:
            return self._piece(place)
        if place == 0:
            return self._end(0)
        certain = len(self._buffer) - len(self._delimiter) + 1
        return self._piece(certain) if certain > 0 else None

    def _piece(self, size: int) -> memoryview:
        piece = bytes(memoryview(self._buffer)[:size])
        del self._buffer[:size]
        return memoryview(piece)

    def _end(self, place: int) -> Event:
        del self._buffer[: place + len(self._delimiter)]
        self._take = self._after_boundary
        return PartEnds()

    def _epilogue(self) -> Event | None:
        self._buffer.clear()
        return None


_GO_ON: Final = PartEnds()
