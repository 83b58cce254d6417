"""A file system that forgets what was not synced, for playing power cuts.

Every act of the archive on its disk is one step. At the chosen step the power fails: the act and all after it do not
happen. :meth:`CutDisk.survivors` then lays out, in a new folder, what a disk may show afterwards: names that a folder
sync has seen, with the bytes that a file sync has seen; of the rest, a coin decides whether a name survives, and its
unsynced bytes never do.
"""

import mmap
import os
import random
import threading
from io import RawIOBase
from pathlib import Path
from typing import BinaryIO, cast

from lightwell.archive.disk import RealDisk


class PowerFailedError(OSError):
    """The power is gone."""


class _File(RawIOBase):
    def __init__(self, disk: "CutDisk", path: Path) -> None:
        self._disk, self._file = disk, path.open("x+b", buffering=0)

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._file.fileno()

    def write(self, data: object) -> int:
        self._disk.step()
        return self._file.write(cast("bytes", data))

    def close(self) -> None:
        self._file.close()
        super().close()


class CutDisk(RealDisk):
    """The real file system, until step ``cut_at``."""

    def __init__(self, root: Path, cut_at: int) -> None:
        super().__init__()
        self._root, self._cut_at, self.steps = root, cut_at, 0
        self._lock = threading.RLock()
        self._synced: dict[int, int] = {}
        self._durable: dict[Path, dict[str, int]] = {}
        self._folders: set[Path] = {root}

    def step(self) -> None:
        """Count an act; none happens any more once the power failed."""
        with self._lock:
            self.steps += 1
            if self.steps >= self._cut_at:
                raise PowerFailedError

    def create(self, path: Path) -> BinaryIO:
        """Create a file; its name and bytes are not durable."""
        self.step()
        return cast("BinaryIO", _File(self, path))

    def write(self, path: Path, content: mmap.mmap, length: int) -> None:
        """Create a file, write its bytes and make them durable."""
        with self.create(path) as file:
            file.write(content[:length])
            self.sync(file)

    def sync(self, file: BinaryIO) -> None:
        """Make the bytes of a file durable."""
        self.step()
        with self._lock:
            state = os.fstat(file.fileno())
            self._synced[state.st_ino] = state.st_size

    def rename(self, source: Path, target: Path) -> None:
        """Rename; durable only after the folder is synced."""
        self.step()
        super().rename(source, target)

    def sync_folder(self, folder: Path) -> None:
        """Make the names in a folder durable."""
        self.step()
        with self._lock:
            self._durable[folder] = {item.name: item.stat().st_ino for item in folder.iterdir()}

    def remove(self, path: Path) -> None:
        """Remove a file."""
        self.step()
        super().remove(path)

    def survivors(self, target: Path, seed: int) -> None:
        """Lay out in ``target`` what the disk shows after the power is back."""
        coin = random.Random(seed)
        by_inode = {path.stat().st_ino: path for path in self._root.rglob("*")}
        self._lay_out(self._root, target, by_inode, coin)

    def _lay_out(self, folder: Path, target: Path, by_inode: dict[int, Path], coin: random.Random) -> None:
        target.mkdir(parents=True, exist_ok=True)
        durable = self._durable.get(folder, {})
        volatile = {item.name: item.stat().st_ino for item in folder.iterdir()} if folder.exists() else {}
        shown = {name: inode for name, inode in volatile.items() if durable.get(name) != inode and coin.random() < 0.5}
        for name, inode in (durable | shown).items():
            path = by_inode.get(inode)
            if path is None:
                continue
            if path.is_dir():
                self._lay_out(path, target / name, by_inode, coin)
            else:
                (target / name).write_bytes(path.read_bytes()[: self._synced.get(inode, 0)])
