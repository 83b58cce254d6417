"""Reading what was prepared of a series (:mod:`lightwell.archive.preparing`), as the actor of the transaction.

Nothing here is needed: what is not prepared, or holds no longer, or whose file is gone, is made from the images.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from lightwell.archive.blobs import Blobs, run
from lightwell.archive.model import ReadyFrames
from lightwell.archive.pack import preview_in
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
        return run(blobs, self.blob, 0, self.metadata_end)

    def thumbnail(self, blobs: Blobs) -> Part:
        """Return the small JPEG; it may be empty."""
        return run(blobs, self.blob, self.metadata_end, self.thumbnail_end - self.metadata_end)

    def previews(self, blobs: Blobs) -> Part:
        """Return the previews with their table of contents."""
        return run(blobs, self.blob, self.frames_end, self.length - self.frames_end)

    def preview(self, blobs: Blobs, instance_uid: str, number: int) -> bytes:
        """Return the preview of a frame by its number from 0, or nothing; call it in a thread."""
        return preview_in(
            lambda offset, length: blobs.read_range(self.blob, self.frames_end + offset, length), instance_uid, number
        )


async def series(tx: Tx, archive: Archive, study_uid: str, series_uid: str, screen: str) -> PreparedSeries | None:
    """Return what is prepared of a series; None if nothing is, or if two hospitals have a series of this UID."""
    await archive.index.flushed()
    cursor = await tx.connection.execute(store.OF_SERIES, {"study": study_uid, "series": series_uid})
    found = [PreparedSeries(*row) for row in await cursor.fetchall()]
    if len(found) != 1 or not await _is_there(archive.blobs, found[0].blob):
        return None
    await note(tx, found, screen)
    return found[0]


async def frames_of(tx: Tx, archive: Archive, study_uid: str, series_uid: str) -> ReadyFrames | None:
    """Return where the frames of a series lie in HTJ2K; None if they do not, or if two hospitals have this series."""
    cursor = await tx.connection.execute(store.FRAMES_OF, {"study": study_uid, "series": series_uid})
    found = await cursor.fetchall()
    if len(found) != 1 or not await _is_there(archive.blobs, found[0][0]):
        return None
    blob, thumbnail_end, firsts, ends, uids = found[0]
    ends, stops = [thumbnail_end, *ends], [*firsts[1:], len(ends)]
    spans = zip(uids, firsts, stops, strict=True)
    return ReadyFrames(blob, {uid: ends[first : stop + 1] for uid, first, stop in spans})


def frames(
    blobs: Blobs, ready: ReadyFrames | None, instance_uid: str, numbers: Sequence[int], headers: Headers
) -> list[Part] | None:
    """Return frames of an image in HTJ2K, by their numbers from 0, if all of them lie ready."""
    places = ready.places.get(instance_uid, ()) if ready is not None else ()
    if ready is None or not places:
        return None
    parts = [run(blobs, ready.blob, places[number], places[number + 1] - places[number], headers) for number in numbers]
    return parts if all(part.length for part in parts) else None


async def _is_there(blobs: Blobs, blob: str) -> bool:
    """Tell whether a file is there; after a restore it is not, since backups leave out what can be made again."""
    try:
        await asyncio.to_thread(blobs.length, blob)
    except NotFound:
        return False
    return True
