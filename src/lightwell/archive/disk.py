"""The file system as the archive uses it: few verbs, so that a test can play a power cut.

After a power cut exactly two things survive: bytes of a file that :meth:`Disk.sync` has seen, and names in a folder
that :meth:`Disk.sync_folder` has seen. :mod:`tests.archive.power_cut` drops everything else.
"""

import errno
import mmap
import os
from pathlib import Path
from typing import BinaryIO, Final, Protocol

_DIRECT: Final = getattr(os, "O_DIRECT", 0)
_WORTH_IT: Final = 1 << 18


class Disk(Protocol):
    """What durable ingest needs of a file system."""

    def create(self, path: Path) -> BinaryIO:
        """Create a new file for writing and reading; its folder exists."""
        ...

    def write(self, path: Path, content: mmap.mmap, length: int) -> None:
        """Create a new file with the first ``length`` bytes of ``content`` and put them on the platter."""
        ...

    def sync(self, file: BinaryIO) -> None:
        """Put the bytes of an open file on the platter (fdatasync)."""
        ...

    def rename(self, source: Path, target: Path) -> None:
        """Give a file its final name, in one step."""
        ...

    def sync_folder(self, folder: Path) -> None:
        """Put the names in a folder on the platter."""
        ...

    def make_folder(self, folder: Path) -> None:
        """Make a folder and its parents, durably."""
        ...

    def remove(self, path: Path) -> None:
        """Remove a file, if it is there."""
        ...


class RealDisk:
    """The operating system's file system."""

    def __init__(self) -> None:
        self._is_direct = bool(_DIRECT)

    def create(self, path: Path) -> BinaryIO:
        """Create a new file for writing and reading, unbuffered."""
        return path.open("x+b", buffering=0)

    def write(self, path: Path, content: mmap.mmap, length: int) -> None:
        """Create a file with these bytes, past the page cache if it is worth it and the file system can do so."""
        if self._is_direct and length >= _WORTH_IT:
            try:
                _write(path, content, -(-length // mmap.PAGESIZE) * mmap.PAGESIZE, length, _DIRECT)
            except OSError as error:
                if error.errno != errno.EINVAL:
                    raise
                self._is_direct = False
            else:
                return
        _write(path, content, length, length, 0)

    def sync(self, file: BinaryIO) -> None:
        """Put the bytes of a file on the platter."""
        os.fdatasync(file.fileno())

    def rename(self, source: Path, target: Path) -> None:
        """Give a file its final name."""
        os.rename(source, target)  # noqa: PTH104 -- a third of the time of Path.rename, on every image

    def sync_folder(self, folder: Path) -> None:
        """Put the names in a folder on the platter."""
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def make_folder(self, folder: Path) -> None:
        """Make the folder, and note it in every parent that got a new name."""
        missing = [path for path in (folder, *folder.parents) if not path.exists()]
        folder.mkdir(parents=True, exist_ok=True)
        for path in reversed(missing):
            self.sync_folder(path.parent)

    def remove(self, path: Path) -> None:
        """Remove a file, if it is there."""
        path.unlink(missing_ok=True)


def _write(path: Path, content: mmap.mmap, written: int, length: int, flags: int) -> None:
    """Write durably in as few calls as can be: between two of them another thread may take the interpreter."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | flags, 0o666)
    try:
        rest = memoryview(content)[:written]
        while rest:
            rest = rest[os.write(descriptor, rest) :]
        if written > length:
            os.ftruncate(descriptor, length)
        os.fdatasync(descriptor)
    finally:
        os.close(descriptor)


def free_bytes(folder: Path) -> int:
    """Return the room left where the folder lies."""
    state = os.statvfs(folder)
    return state.f_bavail * state.f_frsize
