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
from typing import Final

import xxhash

from lightwell.archive import tail
from lightwell.archive.blobs import Blobs
from lightwell.archive.disk import Disk, RealDisk, free_bytes
from lightwell.archive.index import Index
from lightwell.archive.inspection import Expected, inspect
from lightwell.archive.journal import Journal
from lightwell.archive.model import Kept, Source
from lightwell.archive.peers import Peers
from lightwell.archive.receiving import Body, Buffers
from lightwell.core import clock, metrics
from lightwell.core.errors import OutOfSpace
from lightwell.core.machines import Machines
from lightwell.standards.dicom.part10 import Content

_ROOM_CHECK_S: Final = 1.0


class Incoming:
    """An image that is being received."""

    def __init__(self, intake: "Intake", source: Source, expected: Expected) -> None:
        self._intake = intake
        self._source = source
        self._expected = expected
        self._body: Body | None = None
        self._digest = xxhash.xxh3_128()
        self._failure: OSError | None = None
        self._offset = 0

    def write(self, data: bytes | memoryview) -> None:
        """Take the next bytes of the data set; a disk that refuses is told at :meth:`keep`."""
        if self._failure is not None:
            return
        try:
            body = self._body or self._begin()
            body.write(data)
        except OSError as error:
            self._failure = error
        self._digest.update(data)

    def _begin(self) -> Body:
        """Begin with the meta header (PS3.10 7.1), which says who sent it."""
        self._body = self._intake.new_body()
        self._body.write(self._expected.meta_header(self._source))
        self._offset = self._body.length
        return self._body

    async def keep(self) -> Kept:
        """Make the image durable and return what it is, or what is wrong with it.

        Raises:
            OutOfSpace: the disk is full; the image is not kept.
            OSError: the disk failed; the image is not kept.
        """
        try:
            kept = await self._keep()
        except OSError as error:
            self.abandon()
            metrics.STORED.labels("refused").inc()
            raise _named(error) from error
        metrics.STORED.labels("quarantined" if kept.fault else "kept").inc()
        return kept

    async def _keep(self) -> Kept:
        if self._failure is not None:
            raise self._failure
        body = self._body or self._begin()
        await self._intake.room()
        self._body = None  # it is the journal's now
        announced = {"source": self._source, "expected": self._expected}
        look = partial(inspect, offset=self._offset, digest=self._digest.digest(), **announced)
        return await self._intake.keep(body, self._source, look)

    def abandon(self) -> None:
        """Throw away what came; nobody was told that it is kept."""
        if self._body is not None:
            self._body.discard()
            self._body = None


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
        self._journal = Journal(store)
        self._buffers = Buffers()
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

    async def room(self) -> None:
        """Wait until the index can take more."""
        await self.index.room()

    async def keep(self, body: Body, source: Source, look: Callable[[Content], Kept]) -> Kept:
        """Take over a received image, make it durable and have it indexed."""
        kept = await self._journal.keep(body, source, look)
        self.index.add(kept)
        return kept

    def new_body(self) -> Body:
        """Return where the next image is received.

        Raises:
            OSError: ENOSPC, or the disk refuses.
        """
        self._require_room()
        return Body(self.incoming / f"{secrets.token_hex(12)}.part", self.disk, self._buffers)

    def _require_room(self) -> None:
        """Go on only if the disk has room; it is looked at once a second."""
        now_s = clock.monotonic_s()
        if now_s - self._checked_s >= _ROOM_CHECK_S:
            self._checked_s, self._has_room = now_s, free_bytes(self.incoming) >= self._least_free
        if not self._has_room:
            raise _full()


def _full() -> OSError:
    return OSError(errno.ENOSPC, "less room than min_free_mb is left")
