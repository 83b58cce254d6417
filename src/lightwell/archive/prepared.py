"""Reading what was prepared of a series (:mod:`lightwell.archive.preparing`), as the actor of the transaction.

Nothing here is needed: what is not prepared, or holds no longer, or whose file is gone, is made from the images.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from lightwell.archive.blobs import Blobs
from lightwell.archive.model import InstanceRow
from lightwell.archive.room import Archive
from lightwell.archive.search import note
from lightwell.archive.store import prepare as store
from lightwell.core.errors import NotFound
from lightwell.core.http.files import Headers, Part
from lightwell.core.tx import Tx


@dataclass(frozen=True, slots=True)
class PreparedSeries:
    """Where the parts of a series' file lie (:mod:`lightwell.archive.pack`), and whose it is."""

    organisation_id: int
    patient_id: str
    blob: str
    origin: str
    metadata_end: int
    thumbnail_end: int
    frames_end: int
    length: int

    def metadata(self, blobs: Blobs) -> Part:
        """Return the metadata of all images, gzip."""
        return Part(partial(blobs.read_range, self.blob), 0, self.metadata_end)

    def thumbnail(self, blobs: Blobs) -> Part:
        """Return the small JPEG; it may be empty."""
        return Part(partial(blobs.read_range, self.blob), self.metadata_end, self.thumbnail_end - self.metadata_end)

    def previews(self, blobs: Blobs) -> Part:
        """Return the previews with their table of contents."""
        return Part(partial(blobs.read_range, self.blob), self.frames_end, self.length - self.frames_end)


async def series(tx: Tx, archive: Archive, study_uid: str, series_uid: str, screen: str) -> PreparedSeries | None:
    """Return what is prepared of a series; None if nothing is, or if two hospitals have a series of this UID."""
    await archive.index.flushed()
    cursor = await tx.connection.execute(store.OF_SERIES, {"study": study_uid, "series": series_uid})
    found = [PreparedSeries(*row) for row in await cursor.fetchall()]
    if len(found) != 1 or not await _is_there(archive.blobs, found[0].blob):
        return None
    await note(tx, found, screen)
    return found[0]


async def frames(
    tx: Tx, archive: Archive, row: InstanceRow, numbers: Sequence[int], headers: Headers
) -> list[Part] | None:
    """Return frames of an image in HTJ2K, by their numbers from 0, if all of them are prepared."""
    values = {"organisation_id": row.organisation_id, "instance": row.sop_instance_uid, "blob": row.blob}
    found = await (await tx.connection.execute(store.FRAMES_OF, values)).fetchone()
    if found is None or not await _is_there(archive.blobs, found[0]):
        return None
    blob, thumbnail_end, ends, first = found
    ends = ends if first else [thumbnail_end, *ends]
    read = partial(archive.blobs.read_range, blob)
    parts = [Part(read, ends[number], ends[number + 1] - ends[number], headers) for number in numbers]
    return parts if all(part.length for part in parts) else None


async def _is_there(blobs: Blobs, blob: str) -> bool:
    """Tell whether a file is there; after a restore it is not, since backups leave out what can be made again."""
    try:
        await asyncio.to_thread(blobs.length, blob)
    except NotFound:
        return False
    return True
