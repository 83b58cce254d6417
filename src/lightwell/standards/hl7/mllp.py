r"""Cuts the stream of a connection into HL7 messages, while its bytes still come (MLLP Release 1).

    0B  M S H | ^ ~ \ & …  1C 0D      0B  M S H | …  1C 0D
    └─ start   message      └─ end

The three bytes never occur inside a character of UTF-8, GB18030 or Big5, so frames are cut before anything is decoded.
Senders get it wrong in known ways, and no message is lost over that:

    - without the last 0D: the frame ends at 1C, and a 0D that comes later is passed over
    - without 1C: the next message begins inside the frame, and what was before is told as ``FrameCutShort``
    - with 0B in a text (pasted from a word processor): only 0B before MSH begins a message

However the bytes are cut into packets, the events are the same.
"""

from dataclasses import dataclass
from typing import Final, TypeAlias, final

from lightwell.standards.hl7.errors import FramingError

_START: Final = b"\x0b"
_END: Final = b"\x1c"
_RETURN: Final = b"\x0d"
_NEXT_MESSAGE: Final = b"\x0bMSH"
_LINE_ENDS: Final = b"\r\n"
_HEAD_BYTES: Final = 4096
DEFAULT_MAX_BYTES: Final = 32 * 2**20


@dataclass(frozen=True, slots=True)
class MessageReceived:
    """A whole message, as its bytes came; keep them before the answer goes out."""

    raw: bytes


@dataclass(frozen=True, slots=True)
class FrameCutShort:
    """A message without its end: the line was lost, or the sender forgot the end and began the next."""

    raw: bytes


@dataclass(frozen=True, slots=True)
class FrameTooLong:
    """More came in one frame, or outside of any, than is taken; nothing after it is read. ``head`` is its beginning."""

    head: bytes
    max_bytes: int


@dataclass(frozen=True, slots=True)
class GarbageSkipped:
    """Bytes that stood outside of any frame: a port scan, or a sender that does not speak MLLP."""

    byte_count: int


Event: TypeAlias = MessageReceived | FrameCutShort | FrameTooLong | GarbageSkipped


@final
class Framer:
    """One direction of one connection: bytes in, events out."""

    def __init__(self, max_bytes: int = DEFAULT_MAX_BYTES) -> None:
        """Take frames of at most so many bytes."""
        self._max_bytes = max_bytes
        self._content = bytearray()
        self._is_in_frame = False
        self._garbage_bytes = 0
        self._is_closed = False

    @property
    def is_in_frame(self) -> bool:
        """Whether a message has begun and not ended yet."""
        return self._is_in_frame and not self._is_closed

    def receive_data(self, data: bytes) -> list[Event]:
        """Return what these bytes complete; after ``FrameTooLong`` nothing is read any more."""
        events: list[Event] = []
        at = 0
        while at < len(data) and not self._is_closed:
            at = self._read_frame(data, at, events) if self._is_in_frame else self._find_frame(data, at, events)
        return events

    def receive_eof(self) -> list[Event]:
        """Return what is left when the peer has hung up."""
        events: list[Event] = []
        if not self._is_closed:
            self._tell_garbage(events)
            if self._is_in_frame:
                events.append(FrameCutShort(bytes(self._content)))
        self._is_closed = True
        return events

    def _find_frame(self, data: bytes, at: int, events: list[Event]) -> int:
        start = _place(data, _START, at)
        self._garbage_bytes += len(data[at:start].translate(None, _LINE_ENDS))
        if self._garbage_bytes > self._max_bytes:
            self._close(b"", events)
        elif start < len(data):
            self._tell_garbage(events)
            self._is_in_frame = True
        return start + 1

    def _read_frame(self, data: bytes, at: int, events: list[Event]) -> int:
        end = _place(data, _END, at)
        self._content += data[at:end]
        if len(self._content) > self._max_bytes:
            self._close(bytes(self._content[: min(_HEAD_BYTES, self._max_bytes)]), events)
        elif end < len(data):
            self._tell_messages(events)
        return end + 1

    def _tell_messages(self, events: list[Event]) -> None:
        first, *others = bytes(self._content).split(_NEXT_MESSAGE)
        messages = [first, *(_NEXT_MESSAGE[1:] + other for other in others)]
        events += [FrameCutShort(raw) for raw in messages[:-1] if raw]
        events.append(MessageReceived(messages[-1]))
        self._content.clear()
        self._is_in_frame = False

    def _tell_garbage(self, events: list[Event]) -> None:
        if self._garbage_bytes:
            events.append(GarbageSkipped(self._garbage_bytes))
        self._garbage_bytes = 0

    def _close(self, head: bytes, events: list[Event]) -> None:
        events.append(FrameTooLong(head, self._max_bytes))
        self._content.clear()
        self._is_closed = True


def _place(data: bytes, mark: bytes, at: int) -> int:
    """Return where a mark stands, or the end."""
    found = data.find(mark, at)
    return len(data) if found < 0 else found


def frame(raw: bytes) -> bytes:
    """Return a message as it travels."""
    if _START in raw or _END in raw:
        msg = "expected a message without the bytes 0B and 1C, which begin and end a frame; escape them as X0B and X1C"
        raise FramingError(msg)
    return _START + raw + _END + _RETURN
