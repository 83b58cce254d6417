"""The index follows the files: rows of everything that was kept, written in batches within a second.

Rows are only written for files that are already durable, in the order in which they became so. If the database is
away, they wait here; if the process dies, the next start finds the files (:mod:`tail`). A search first waits until what
was acknowledged before it is in (:meth:`Index.flushed`).
"""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Iterable
from itertools import groupby
from operator import attrgetter
from typing import Final

from lightwell.archive.batch import write_batch
from lightwell.archive.blobs import Blobs
from lightwell.archive.model import Kept
from lightwell.core import logs
from lightwell.core.actors import house
from lightwell.core.errors import DatabaseUnavailable, OutOfSpace, Unavailable
from lightwell.core.machines import Machines

log = logging.getLogger(__name__)
_BATCH: Final = 500
_GATHER_S: Final = 0.3
_PAUSE_S: Final = 0.5
_MOST_WAITING: Final = 20_000
_PATIENCE_S: Final = 20.0


class Index:
    """Writes rows for kept files; one per process."""

    def __init__(self, machines: Machines, store: Blobs) -> None:
        self._machines = machines
        self._blobs = store
        self._waiting: deque[Kept] = deque()
        self._added = self._done = 0
        self._wake = asyncio.Event()
        self._hurry = asyncio.Event()
        self._progress = asyncio.Condition()
        self._task: asyncio.Task[None] | None = None
        self._checkpointed: dict[int, int] = {}
        self._tail_is_done = False

    def start(self) -> None:
        """Begin to write batches."""
        self._task = asyncio.create_task(self._run(), name="index")

    async def stop(self) -> None:
        """Write what waits if the database answers, and stop; what is left is found at the next start."""
        with contextlib.suppress(DatabaseUnavailable):
            await self.flushed(timeout_s=5)
        if self._task is not None:
            self._task.cancel()

    def add(self, kept: Kept) -> None:
        """Have a durable file indexed."""
        self._waiting.append(kept)
        self._added += 1
        self._wake.set()
        if len(self._waiting) >= _BATCH:
            self._hurry.set()

    def trust_checkpoints(self) -> None:
        """From now on a new bucket means that all before it are indexed: the tail of the last run is in."""
        self._tail_is_done = True

    async def flushed(self, timeout_s: float = 5.0) -> None:
        """Wait until everything that was added before is indexed.

        Raises:
            DatabaseUnavailable: the database does not take it; searches would miss images.
        """
        goal = self._added
        if self._done >= goal:
            return
        self._hurry.set()
        try:
            async with asyncio.timeout(timeout_s), self._progress:
                await self._progress.wait_for(lambda: self._done >= goal)
        except TimeoutError as error:
            message = "images that were acknowledged are not indexed yet; try again shortly"
            raise DatabaseUnavailable(message) from error

    async def room(self) -> None:
        """Wait while too much waits to be indexed, so that memory stays bounded when the database is away.

        Raises:
            OutOfSpace: it took too long; the sender shall try again later.
        """
        if len(self._waiting) < _MOST_WAITING:
            return
        try:
            async with asyncio.timeout(_PATIENCE_S), self._progress:
                await self._progress.wait_for(lambda: len(self._waiting) < _MOST_WAITING)
        except TimeoutError as error:
            message = "too many images wait for the database; send again later"
            raise OutOfSpace(message) from error

    async def _run(self) -> None:
        while True:
            await self._wake.wait()
            await self._gather()
            goal = self._added
            while self._done < goal:
                await self._write_next()
            if not self._waiting:
                self._wake.clear()

    async def _gather(self) -> None:
        """Let rows come together, unless a search waits for them or a batch is full."""
        if len(self._waiting) < _BATCH:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._hurry.wait(), _GATHER_S)
        self._hurry.clear()

    async def _write_next(self) -> None:
        batch = [self._waiting[place] for place in range(min(_BATCH, len(self._waiting)))]
        try:
            for organisation_id, group in groupby(sorted(batch, key=_organisation), key=_organisation):
                await self._write(organisation_id, list(group))
        except Unavailable:
            await asyncio.sleep(_PAUSE_S)
            return
        except Exception as error:  # noqa: BLE001 -- one bad row must not stop the index of a region
            logs.event(log, logging.ERROR, "batch failed, trying one by one", error=error, size=len(batch))
            await self._write_singly(batch)
        await self._advance(len(batch))

    async def _advance(self, count: int) -> None:
        for _ in range(count):
            self._waiting.popleft()
        async with self._progress:
            self._done += count
            self._progress.notify_all()

    async def _write_singly(self, batch: Iterable[Kept]) -> None:
        for kept in batch:
            while not await self._is_settled(kept):
                pass

    async def _is_settled(self, kept: Kept) -> bool:
        """Write one image and tell whether that is done with, for good or ill; without database or store it is not."""
        try:
            await self._write(kept.organisation_id, [kept])
        except Unavailable:
            await asyncio.sleep(_PAUSE_S)
            return False
        except Exception as error:  # noqa: BLE001 -- named in the log; the file stays and reindex tries again
            logs.event(log, logging.ERROR, "image not indexed", error=error, blob=kept.blob)
        return True

    async def _write(self, organisation_id: int, batch: list[Kept]) -> None:
        bucket = self._new_bucket(organisation_id, batch)
        async with self._machines.transactions.begin(house(organisation_id)) as tx:
            quiet_s = self._machines.settings.study_quiet_s
            superfluous = await write_batch(tx, organisation_id, batch, self._blobs, bucket, quiet_s)
        if bucket:
            self._checkpointed[organisation_id] = bucket
        for blob in superfluous:
            await asyncio.to_thread(self._delete, blob)

    def _delete(self, blob: str) -> None:
        try:
            self._blobs.delete(blob)
        except (OSError, Unavailable) as error:
            logs.event(log, logging.WARNING, "superfluous image left in the store", error=error, blob=blob)

    def _new_bucket(self, organisation_id: int, batch: list[Kept]) -> int:
        """Return the number that the checkpoint may move to, 0 if it stays.

        It stays one bucket behind: the journal's threads may name a file in a new bucket before the last of the old
        one has come here.
        """
        first = batch[0].bucket - 1
        return first if self._tail_is_done and first > self._checkpointed.get(organisation_id, 0) else 0


_organisation = attrgetter("organisation_id")
