"""The bytes of an image on their way in.

Most images are small. One that fits into a buffer stays there until it is whole, and then goes to the disk in one
write past the page cache, which costs a fraction of a file that grows (ADR 15). A bigger one is written to its file as
it comes, so that memory stays flat whatever is sent.
"""

import mmap
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final

from lightwell.archive.disk import Disk
from lightwell.standards.dicom.part10 import Content

_BUFFER: Final = 1 << 20
_MOST_BUFFERS: Final = 64


class Buffers:
    """Memory for small images, used again and again; when all of it is lent, images go to files at once."""

    def __init__(self) -> None:
        self._free: list[mmap.mmap] = []
        self._made = 0

    def lend(self) -> mmap.mmap | None:
        """Return a buffer of whole pages, if there is one left; called by one thread."""
        if self._free:
            return self._free.pop()
        if self._made == _MOST_BUFFERS:
            return None
        self._made += 1
        return mmap.mmap(-1, _BUFFER)

    def take_back(self, buffer: mmap.mmap) -> None:
        """Make a buffer free again; called by any thread."""
        self._free.append(buffer)


class Body:
    """The bytes of one image, in a buffer while they fit, else in a file; it belongs to one thread at a time."""

    def __init__(self, path: Path, disk: Disk, buffers: Buffers) -> None:
        self.path = path
        self.length = 0
        self._disk = disk
        self._buffers = buffers
        self._buffer = buffers.lend()
        self._file: BinaryIO | None = None if self._buffer else disk.create(path)

    def write(self, data: bytes | memoryview) -> None:
        """Take the next bytes.

        Raises:
            OSError: the disk refuses.
        """
        end = self.length + len(data)
        if self._buffer is not None and end > _BUFFER:
            self._move_to_file(self._buffer)
        if self._buffer is not None:
            self._buffer[self.length : end] = data
        elif self._file is not None:
            _write_all(self._file, data)
        self.length = end

    def _move_to_file(self, buffer: mmap.mmap) -> None:
        self._file = self._disk.create(self.path)
        _write_all(self._file, memoryview(buffer)[: self.length])
        self._give_back()

    @contextmanager
    def content(self) -> Generator[Content]:
        """Lend all bytes for reading."""
        if self._buffer is not None:
            yield memoryview(self._buffer)[: self.length]
        elif self._file is not None:
            with mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ) as content:
                yield content

    def settle(self) -> None:
        """Put the bytes on the platter, under :attr:`path`.

        Raises:
            OSError: the disk refuses.
        """
        if self._buffer is not None:
            self._disk.write(self.path, self._buffer, self.length)
        elif self._file is not None:
            self._disk.sync(self._file)

    def close(self) -> None:
        """Let go of file and buffer; the bytes stay where they were settled."""
        if self._file is not None:
            self._file.close()
        self._give_back()

    def discard(self) -> None:
        """Throw the bytes away; what a failing disk does not let go of is cleared away at the next start."""
        self.close()
        with suppress(OSError):
            self._disk.remove(self.path)

    def _give_back(self) -> None:
        buffer, self._buffer = self._buffer, None
        if buffer is not None:
            self._buffers.take_back(buffer)


def _write_all(file: BinaryIO, data: bytes | memoryview) -> None:
    while len(data) > 0:
        data = memoryview(data)[file.write(data) :]
