"""The way in: an image enters the archive only through :class:`Intake`, from whatever door it comes.

A door opens an :class:`Incoming`, writes the data set's bytes as they come (nothing is parsed, nothing piles up in
memory) and asks to :meth:`Incoming.keep` it. When that returns, the image is on disk under its final name and will be
found again after any crash; the index follows within a second.
"""

import asyncio
import errno
import secrets
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import BinaryIO, Final

import xxhash

from lightwell.archive import tail
from lightwell.archive.blobs import Blobs
from lightwell.archive.disk import Disk, RealDisk, free_bytes
from lightwell.archive.index import Index
from lightwell.archive.inspection import Expected, inspect
from lightwell.archive.journal import Journal
from lightwell.archive.model import Kept, Source
from lightwell.archive.peers import Peers
from lightwell.core import clock, metrics
from lightwell.core.errors import OutOfSpace
from lightwell.core.machines import Machines

_ROOM_CHECK_S: Final = 1.0


class Incoming:
    """An image that is being received."""

    def __init__(self, intake: "Intake", source: Source, expected: Expected) -> None:
        self._intake = intake
        self._source = source
        self._expected = expected
        self._path = intake.new_path()
        self._file: BinaryIO | None = None
        self._digest = xxhash.xxh3_128()
        self._failure: OSError | None = None
        self._offset = 0

    def write(self, data: bytes | memoryview) -> None:
        """Take the next bytes of the data set; a disk that refuses is told at :meth:`keep`."""
        if self._failure is not None:
            return
        try:
            self._write_all(data)
        except OSError as error:
            self._failure = error

    def _write_all(self, data: bytes | memoryview) -> None:
        file = self._file or self._begin()
        self._digest.update(data)
        while len(data) > 0:
            data = memoryview(data)[file.write(data) :]

    def _begin(self) -> BinaryIO:
        """Create the file with the meta header (PS3.10 7.1), which says who sent it."""
        self._intake.require_room()
        self._file = self._intake.disk.create(self._path)
        self._offset = self._file.write(self._expected.meta_header(self._source))
        return self._file

    async def keep(self) -> Kept:
        """Make the image durable and return what it is, or what is wrong with it.

        Raises:
            OutOfSpace: the disk is full; the image is not kept.
            OSError: the disk failed; the image is not kept.
        """
        try:
            if self._failure is not None:
                raise self._failure
            file = self._file or self._begin()
            announced = {"source": self._source, "expected": self._expected}
            look = partial(inspect, offset=self._offset, digest=self._digest.digest(), **announced)
            kept = await self._intake.keep(self._path, file, self._source, look)
        except OSError as error:
            self.abandon()
            metrics.STORED.labels("refused").inc()
            raise _named(error) from error
        metrics.STORED.labels("quarantined" if kept.fault else "kept").inc()
        return kept

    def abandon(self) -> None:
        """Throw away what came; nobody was told that it is kept."""
        self._close()
        self._intake.disk.remove(self._path)

    def _close(self) -> None:
        if self._file is not None:
            self._file.close()


def _named(error: OSError) -> Exception:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return OutOfSpace("the disk of the archive is full; make room, then send again")
    return error


class Intake:
    """The archive's way in, one per process."""

    def __init__(
        self, machines: Machines, store: Blobs, disk: Disk | None = None, *, spool: Path | None = None
    ) -> None:
        self._machines = machines
        self.disk = disk or RealDisk()
        self.blobs = store
        self.peers = Peers(machines)
        self.index = Index(machines, store)
        self._journal = Journal(store, self.disk)
        self.incoming = (spool or machines.settings.spool) / "incoming"
        self._least_free = machines.settings.min_free_mb << 20
        self._checked_s, self._has_room = -_ROOM_CHECK_S, True

    async def start(self) -> int:
        """Clear away halves that were never acknowledged and index what was kept but not indexed; return its number."""
        self.disk.make_folder(self.incoming)
        for half in self.incoming.iterdir():
            self.disk.remove(half)
        self.index.start()
        return await tail.index_tail(self._machines, self.index, self.blobs, await self.peers.sources())

    async def stop(self) -> None:
        """Finish what was begun."""
        await asyncio.to_thread(self.close_journal)
        await self.index.stop()

    def close_journal(self) -> None:
        """Finish what is becoming durable and take no more."""
        self._journal.close()

    def open(self, source: Source, expected: Expected) -> Incoming:
        """Begin to receive an image."""
        return Incoming(self, source, expected)

    async def keep(self, path: Path, file: BinaryIO, source: Source, look: Callable[[BinaryIO], Kept]) -> Kept:
        """Make a received file durable and have it indexed."""
        await self.index.room()
        kept = await self._journal.keep(path, file, source, look)
        self.index.add(kept)
        return kept

    def new_path(self) -> Path:
        """Return where the next image is received."""
        return self.incoming / f"{secrets.token_hex(12)}.part"

    def require_room(self) -> None:
        """Go on only if the disk has room; it is looked at once a second.

        Raises:
            OSError: ENOSPC.
        """
        now_s = clock.monotonic_s()
        if now_s - self._checked_s >= _ROOM_CHECK_S:
            self._checked_s, self._has_room = now_s, free_bytes(self.incoming) >= self._least_free
        if not self._has_room:
            raise _full()


def _full() -> OSError:
    return OSError(errno.ENOSPC, "less room than min_free_mb is left")
