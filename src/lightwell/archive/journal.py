"""Durable before acknowledged: the one place where a received file becomes a kept one.

A thread takes everything that waits and makes it durable together; a second one works while the first waits for the
disk. For each file: its bytes are synced (in parallel, and while that lasts its header is scanned), it gets its final
name; then each folder that got names is synced once. Only then is anybody told. The order is the promise:

=====  ==================================  ======================================================
step   act                                 if the power fails after it
=====  ==================================  ======================================================
1      bytes written to ``incoming/``      a nameless half file; thrown away at start
2      bytes synced                        the same
3      renamed into its bucket             either name may survive; nobody was told anything
4      bucket folder synced                it is kept; the index finds it at start
5      the sender is told 0000H            it is kept
=====  ==================================  ======================================================
"""

import asyncio
import contextlib
import errno
import logging
import queue
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, Final

from lightwell.archive import blobs
from lightwell.archive.blobs import Blobs
from lightwell.archive.disk import Disk
from lightwell.archive.model import Kept, Source
from lightwell.core import clock, logs, metrics

log = logging.getLogger(__name__)
_BATCH: Final = 64
_BUCKET: Final = 1000
_PARALLEL: Final = 4
_THREADS: Final = 2


@dataclass(frozen=True, slots=True)
class Received:
    """An open file whose last byte came; ``inspect`` reads its header (it may find a fault)."""

    path: Path
    file: BinaryIO
    source: Source
    inspect: Callable[[BinaryIO], Kept]
    done: asyncio.Future[Kept]
    since_s: float


class Journal:
    """Makes received files durable, many at a time."""

    def __init__(self, store: Blobs, disk: Disk) -> None:
        self._blobs = store
        self._disk = disk
        self._waiting: queue.SimpleQueue[Received | None] = queue.SimpleQueue()
        self._buckets: dict[int, tuple[int, int]] = {}
        self._pool = ThreadPoolExecutor(_PARALLEL, thread_name_prefix="sync")
        self._naming = threading.Lock()
        self._threads = [threading.Thread(target=self._run, name="journal", daemon=True) for _ in range(_THREADS)]
        for thread in self._threads:
            thread.start()

    async def keep(self, path: Path, file: BinaryIO, source: Source, inspect: Callable[[BinaryIO], Kept]) -> Kept:
        """Make a received file durable, close it, and return what it is; what this has returned is never lost.

        Raises:
            OSError: the disk refused (ENOSPC, EIO); the file is not kept and the sender must not be told that it is.
        """
        done = asyncio.get_running_loop().create_future()
        self._waiting.put(Received(path, file, source, inspect, done, clock.monotonic_s()))
        return await done

    def close(self) -> None:
        """Finish what waits, and stop."""
        for _ in self._threads:
            self._waiting.put(None)
        for thread in self._threads:
            thread.join()
        self._pool.shutdown()

    def _run(self) -> None:
        while (first := self._waiting.get()) is not None:
            batch, is_last = self._batch(first)
            self._commit(batch)
            if is_last:
                return

    def _batch(self, first: Received) -> tuple[list[Received], bool]:
        batch = [first]
        while len(batch) < _BATCH:
            try:
                item = self._waiting.get_nowait()
            except queue.Empty:
                return batch, False
            if item is None:
                return batch, True
            batch.append(item)
        return batch, False

    def _commit(self, batch: list[Received]) -> None:
        outcomes: dict[int, Kept | OSError] = dict(enumerate(self._inspect_all(batch)))
        for number, item in enumerate(batch):
            outcomes[number] = self._name(item, outcomes[number])
        self._sync_folders([outcome for outcome in outcomes.values() if isinstance(outcome, Kept)], outcomes)
        for number, item in enumerate(batch):
            metrics.JOURNAL_SECONDS.observe(clock.monotonic_s() - item.since_s)
            _tell(item.done, outcomes[number])

    def _inspect_all(self, batch: list[Received]) -> list[Kept | OSError]:
        """Look at the headers while the disk is busy with the bytes; one file alone is not worth another thread."""
        syncing = [self._pool.submit(self._sync, item.file) for item in batch[1:]]
        failures = [self._sync(batch[0].file)]
        looked = [self._inspect(item) for item in batch]
        failures += [future.result() for future in syncing]
        for item in batch:
            item.file.close()
        return [failure or outcome for failure, outcome in zip(failures, looked, strict=True)]

    def _sync(self, file: BinaryIO) -> OSError | None:
        try:
            self._disk.sync(file)
        except OSError as error:
            return error
        return None

    def _inspect(self, item: Received) -> Kept | OSError:
        try:
            return item.inspect(item.file)
        except OSError as error:
            return error
        except Exception as error:  # noqa: BLE001 -- one image must not end the thread that keeps all others
            logs.event(log, logging.ERROR, "image not understood", error=error)
            return OSError(errno.EIO, "the image could not be read by this version")

    def _name(self, item: Received, outcome: Kept | OSError) -> Kept | OSError:
        if isinstance(outcome, OSError):
            return outcome
        organisation_id = item.source.organisation_id
        suffix = blobs.QUARANTINED if outcome.fault else blobs.WHOLE
        named = replace(outcome, blob=blobs.new_name(organisation_id, self._bucket(organisation_id), suffix))
        try:
            self._blobs.put(item.path, named.blob)
        except OSError as error:
            return error
        return named

    def _bucket(self, organisation_id: int) -> int:
        with self._naming:
            number, used = self._buckets.get(organisation_id, (0, _BUCKET))
            if used >= _BUCKET:
                number, used = max([number, *self._blobs.buckets(organisation_id)]) + 1, 0
            self._buckets[organisation_id] = number, used + 1
            return number

    def _sync_folders(self, kept: list[Kept], outcomes: dict[int, Kept | OSError]) -> None:
        for folder in {item.blob.rpartition("/")[0] for item in kept}:
            try:
                self._blobs.sync_bucket(folder)
            except OSError as error:
                for number, outcome in outcomes.items():
                    if isinstance(outcome, Kept) and outcome.blob.startswith(f"{folder}/"):
                        outcomes[number] = error


def _tell(done: asyncio.Future[Kept], outcome: Kept | OSError) -> None:
    def settle() -> None:
        if done.done():
            return
        if isinstance(outcome, OSError):
            done.set_exception(outcome)
        else:
            done.set_result(outcome)

    with contextlib.suppress(RuntimeError):  # the node went down meanwhile; the file is kept all the same
        done.get_loop().call_soon_threadsafe(settle)
