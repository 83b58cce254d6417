"""The file of a prepared series: everything that a viewer asks for first, each a range of bytes.

===============  ===================================================================================================
metadata         of all images, gzip (PS3.18 annex F)
thumbnail        JPEG of the image that stands for the series
frames           of all images one after the other, HTJ2K in RPCL order; none where the stored ones serve as well
previews         a table of contents, then about 5 KB for each frame: HTJ2K with loss
===============  ===================================================================================================

The table of contents is its length (4 bytes, little endian) and JSON: ``[{"instance": UID, "lengths": [...]}]``. A
length of 0 says that there is nothing of this frame.
"""

import struct
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO, Final

import msgspec

JPEG: Final = "image/jpeg"
_LENGTH: Final = struct.Struct("<I")


@dataclass(slots=True)
class Places:
    """Where in the file what ends, in bytes; what comes first begins where the one before it ends."""

    metadata_end: int = 0
    thumbnail_end: int = 0
    frame_ends: list[int] = field(default_factory=list[int])
    frames_end: int = 0
    length: int = 0


class Contents(msgspec.Struct):
    """The previews of one image."""

    instance: str
    lengths: list[int]


def preview_in(read: Callable[[int, int], bytes], instance_uid: str, number: int) -> bytes:
    """Return the preview of a frame by its number from 0, or nothing; ``read`` gives the previews by offset, length."""
    (length,) = _LENGTH.unpack(read(0, _LENGTH.size))
    place = _LENGTH.size + length
    for entry in msgspec.json.decode(read(_LENGTH.size, length), type=list[Contents]):
        if entry.instance == instance_uid:
            own = entry.lengths[: number + 1]
            return read(place + sum(own[:-1]), own[-1]) if len(own) == number + 1 and own[-1] else b""
        place += sum(entry.lengths)
    return b""


class Pack:
    """Writes the file of a prepared series, in the order of its parts."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._previews: list[bytes] = []
        self._contents: list[Contents] = []
        self._length = 0
        self.places = Places()

    def begin(self, metadata: Iterable[bytes], thumbnail: bytes) -> None:
        """Write metadata and thumbnail."""
        for piece in metadata:
            self._write(piece)
        self.places.metadata_end = self._length
        self._write(thumbnail)
        self.places.thumbnail_end = self._length

    def begin_image(self, instance_uid: str) -> None:
        """Begin with the frames of the next image."""
        self._contents.append(Contents(instance_uid, []))

    def add(self, made: Sequence[tuple[bytes, bytes]]) -> None:
        """Write frames of the image; their previews wait."""
        for frame, preview in made:
            self._write(frame)
            self.places.frame_ends.append(self._length)
            self._previews.append(preview)
            self._contents[-1].lengths.append(len(preview))

    def finish(self) -> Places:
        """Write the previews, and return where everything lies."""
        self.places.frames_end = self._length
        contents = msgspec.json.encode(self._contents)
        self._write(_LENGTH.pack(len(contents)) + contents)
        for preview in self._previews:
            self._write(preview)
        self.places.length = self._length
        if self.places.frames_end == self.places.thumbnail_end:
            self.places.frame_ends.clear()
        return self.places

    def _write(self, content: bytes) -> None:
        self._file.write(content)
        self._length += len(content)
