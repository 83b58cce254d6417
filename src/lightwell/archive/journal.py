"""Durable before acknowledged: the one place where a received file becomes a kept one.

A thread takes everything that waits and makes it durable together; a second one works while the first waits for the
disk. For each image: its bytes are written and synced (in parallel, and while that lasts its header is scanned), it
gets its final name; then each folder that got names is synced once. Only then is anybody told. The order is the
promise:

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
from dataclasses import dataclass, replace
from typing import Final

from lightwell.archive import blobs
from lightwell.archive.blobs import Blobs
from lightwell.archive.model import Kept, Source
from lightwell.archive.receiving import Body
from lightwell.core import clock, logs, metrics
from lightwell.standards.dicom.part10 import Content

log = logging.getLogger(__name__)
_BATCH: Final = 64
_BUCKET: Final = 1000
_THREADS: Final = 4


@dataclass(frozen=True, slots=True)
class Received:
    """An image whose last byte came; ``inspect`` reads its header (it may find a fault)."""

    body: Body
    source: Source
    inspect: Callable[[Content], Kept]
    done: asyncio.Future[Kept]
    since_s: float


class Journal:
    """Makes received files durable, many at a time."""

    def __init__(self, store: Blobs) -> None:
        self._blobs = store
        self._waiting: queue.SimpleQueue[Received | None] = queue.SimpleQueue()
        self._buckets: dict[int, tuple[int, int]] = {}
        self._naming = threading.Lock()
        self._threads = [threading.Thread(target=self._run, name="journal", daemon=True) for _ in range(_THREADS)]
        for thread in self._threads:
            thread.start()

    async def keep(self, body: Body, source: Source, inspect: Callable[[Content], Kept]) -> Kept:
        """Take over an image, make it durable, and return what it is; what this has returned is never lost.

        Raises:
            OSError: the disk refused (ENOSPC, EIO); the image is not kept and the sender must not be told that it is.
        """
        done = asyncio.get_running_loop().create_future()
        self._waiting.put(Received(body, source, inspect, done, clock.monotonic_s()))
        return await done

    def close(self) -> None:
        """Finish what waits, and stop."""
        for _ in self._threads:
            self._waiting.put(None)
        for thread in self._threads:
            thread.join()

    def _run(self) -> None:
        while (first := self._waiting.get()) is not None:
            batch, is_last = self._batch(first)
            self._commit(batch)
            if is_last:
                return

    def _batch(self, first: Received) -> tuple[list[Received], bool]:
        """Take a fair share of what waits, so that the other threads have some too."""
        batch = [first]
        for _ in range(min(_BATCH, self._waiting.qsize() // _THREADS)):
            try:
                item = self._waiting.get_nowait()
            except queue.Empty:
                return batch, False
            if item is None:
                return batch, True
            batch.append(item)
        return batch, False

    def _commit(self, batch: list[Received]) -> None:
        outcomes = self._put(batch, self._settle_all(batch))
        for item, outcome in zip(batch, outcomes, strict=True):
            if isinstance(outcome, OSError):
                item.body.discard()
            metrics.JOURNAL_SECONDS.observe(clock.monotonic_s() - item.since_s)
            _tell(item.done, outcome)

    def _settle_all(self, batch: list[Received]) -> list[Kept | OSError]:
        outcomes = [_settle(item.body) or self._inspect(item) for item in batch]
        for item in batch:
            item.body.close()
        return outcomes

    def _inspect(self, item: Received) -> Kept | OSError:
        try:
            with item.body.content() as content:
                return item.inspect(content)
        except OSError as error:
            return error
        except Exception as error:  # noqa: BLE001 -- one image must not end the thread that keeps all others
            logs.event(log, logging.ERROR, "image not understood", error=error)
            return OSError(errno.EIO, "the image could not be read by this version")

    def _put(self, batch: list[Received], outcomes: list[Kept | OSError]) -> list[Kept | OSError]:
        """Give the settled images their final names."""
        named = [
            (item.body.path, replace(outcome, blob=self._name(item.source.organisation_id, outcome)))
            for item, outcome in zip(batch, outcomes, strict=True)
            if isinstance(outcome, Kept)
        ]
        refused = self._blobs.put([(path, kept.blob) for path, kept in named])
        put = iter(error or kept for (_, kept), error in zip(named, refused, strict=True))
        return [next(put) if isinstance(outcome, Kept) else outcome for outcome in outcomes]

    def _name(self, organisation_id: int, kept: Kept) -> str:
        suffix = blobs.QUARANTINED if kept.fault else blobs.WHOLE
        return blobs.new_name(organisation_id, self._bucket(organisation_id), suffix)

    def _bucket(self, organisation_id: int) -> int:
        with self._naming:
            number, used = self._buckets.get(organisation_id, (0, _BUCKET))
            if used >= _BUCKET:
                number, used = max([number, *self._blobs.buckets(organisation_id)]) + 1, 0
            self._buckets[organisation_id] = number, used + 1
            return number


def _settle(body: Body) -> OSError | None:
    try:
        body.settle()
    except OSError as error:
        return error
    return None


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
