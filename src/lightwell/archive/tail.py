"""At start: what was kept but not indexed when the last run ended.

All files in buckets below the checkpoint are in the index. The rest are looked up by name, and the missing ones are
inspected again, exactly as when they came.
"""

import asyncio
import logging
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from lightwell.archive import batch
from lightwell.archive.blobs import Blobs
from lightwell.archive.index import Index
from lightwell.archive.inspection import inspect_again
from lightwell.archive.model import Source
from lightwell.archive.store import write as store
from lightwell.core import logs
from lightwell.core.actors import house
from lightwell.core.machines import Machines

log = logging.getLogger(__name__)
_PIECE: Final = 500

Sources: TypeAlias = Mapping[tuple[int, str], Source]
"""Who sends under which (hospital, AE title), for coercion as when the file came."""


async def index_tail(machines: Machines, index: Index, blobs: Blobs, sources: Sources, *, whole: bool = False) -> int:
    """Index every file that is not in the index yet and return how many there were.

    With ``whole`` all buckets are looked through, not only those from the checkpoint on.
    """
    found = 0
    for organisation_id in await asyncio.to_thread(blobs.organisations):
        first = 0 if whole else await _checkpoint(machines, organisation_id)
        for piece in _pieces(blobs, organisation_id, first):
            missing = await _missing(machines, organisation_id, piece)
            for name in missing:
                index.add(await asyncio.to_thread(inspect_again, blobs, name, sources))
            found += len(missing)
    if found:
        await index.flushed(timeout_s=600)
        logs.event(log, logging.INFO, "images indexed that were kept before", number=found)
    index.trust_checkpoints()
    return found


async def _checkpoint(machines: Machines, organisation_id: int) -> int:
    async with machines.transactions.begin(house(organisation_id)) as tx:
        values = {"organisation_id": organisation_id, "node": batch.NODE}
        row = await (await tx.connection.execute(store.CHECKPOINT, values)).fetchone()
    return int(row[0]) if row else 0


def _pieces(blobs: Blobs, organisation_id: int, first: int) -> Iterator[list[str]]:
    for bucket in blobs.buckets(organisation_id):
        if bucket >= first:
            names = list(blobs.in_bucket(organisation_id, bucket))
            yield from (names[place : place + _PIECE] for place in range(0, len(names), _PIECE))


async def _missing(machines: Machines, organisation_id: int, names: Sequence[str]) -> list[str]:
    async with machines.transactions.begin(house(organisation_id)) as tx:
        values = {"organisation_id": organisation_id, "blobs": list(names)}
        rows = await (await tx.connection.execute(store.KNOWN_BLOBS, values)).fetchall()
    return sorted(set(names) - {row[0] for row in rows})
