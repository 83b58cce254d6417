"""Reindexing: the whole index made again from the files alone, and what it did not know of series from before."""

import asyncio
import logging
from dataclasses import asdict

from lightwell.archive.batch import write_request_keys
from lightwell.archive.blobs import Blobs
from lightwell.archive.inspection import describe_again
from lightwell.archive.model import SeriesAttributes
from lightwell.archive.room import Archive
from lightwell.archive.store import find, write
from lightwell.archive.tail import Sources, index_tail
from lightwell.core import logs
from lightwell.core.actors import house
from lightwell.core.errors import NotFound
from lightwell.standards.dicom.errors import DicomError

log = logging.getLogger(__name__)


async def reindex(archive: Archive) -> int:
    """Index every file that the index does not know, in all buckets, and return how many there were."""
    sources = await archive.peers.sources()
    number = await index_tail(archive.machines, archive.index, archive.blobs, sources, whole=True)
    for organisation_id in await asyncio.to_thread(archive.blobs.organisations):
        after = 0
        while after >= 0:
            after = await _redescribe(archive, organisation_id, after, sources)
    return number


async def _redescribe(archive: Archive, organisation_id: int, after: int, sources: Sources) -> int:
    """Read again what some series say of themselves; return the last, or -1 when there are no more."""
    async with archive.machines.transactions.begin(house(organisation_id)) as tx:
        values = {"organisation_id": organisation_id, "after": after}
        rows = await (await tx.connection.execute(find.OUTDATED_SERIES, values)).fetchall()
        for number, study, blob in rows:
            series = await asyncio.to_thread(_series, archive.blobs, blob, sources)
            if series is not None:
                await tx.connection.execute(write.REDESCRIBED, {**asdict(series), "id": number})
                await write_request_keys(tx, organisation_id, [(study, series)])
    return int(rows[-1][0]) if rows else -1


def _series(blobs: Blobs, blob: str | None, sources: Sources) -> SeriesAttributes | None:
    try:
        return describe_again(blobs, blob, sources).series if blob else None
    except (DicomError, NotFound, OSError) as error:  # the row stays as it is; verify names the file
        logs.event(log, logging.WARNING, "series not read again", error=error, blob=blob)
        return None
