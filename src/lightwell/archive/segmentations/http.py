"""Segmentations of a study over HTTP, laid over its images."""

import asyncio
import zlib
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from lightwell.archive.room import Archive
from lightwell.archive.segmentations import keeping, labels
from lightwell.archive.segmentations.keeping import Laid
from lightwell.archive.segmentations.model import Segmentation
from lightwell.core.actors import Actor
from lightwell.core.http.files import Streamed

_GZIP: Final = 16 + zlib.MAX_WBITS
_LEVEL: Final = 1  # maps are runs of equal numbers: more costs time and saves nothing


async def segmentations(actor: Actor, archive: Archive, study: str) -> list[Segmentation]:
    """Return the segmentations of a study."""
    return await keeping.of_study(actor, archive, study)


async def label_maps(actor: Actor, archive: Archive, request: Request, study: str, instance: str) -> Response:
    """Return the maps of a segmentation: a byte for each pixel of each of its images, the number of the segment."""
    laid = await keeping.one(actor, archive, study, instance)
    is_zipped = "gzip" in request.headers.get("accept-encoding", "")
    headers = {"Content-Type": "application/octet-stream", "Cache-Control": "private, no-store"}
    headers |= {"Vary": "Accept-Encoding"} | ({"Content-Encoding": "gzip"} if is_zipped else {})
    return Streamed(_zipped(_maps(archive, laid)) if is_zipped else _maps(archive, laid), 200, headers)


async def _maps(archive: Archive, laid: Laid) -> AsyncGenerator[Sequence[bytes]]:
    images = list(laid.placed.images.values())
    async with aclosing(labels.maps(archive, laid.row, laid.said, images)) as made:
        async for content, _ in made:
            yield (content,)


async def _zipped(maps: AsyncGenerator[Sequence[bytes]]) -> AsyncGenerator[Sequence[bytes]]:
    zipper = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
    async with aclosing(maps):
        async for pieces in maps:
            yield [await asyncio.to_thread(zipper.compress, piece) for piece in pieces]
    yield (zipper.flush(),)
