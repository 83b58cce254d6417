"""The pixels of a segmentation as label maps, made in processes that may die, a few images at a time."""

import asyncio
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing
from itertools import islice
from typing import Final

from lightwell.archive.frame_reading import read_frames
from lightwell.archive.header import ImageHeader, read_header
from lightwell.archive.model import InstanceRow
from lightwell.archive.room import Archive
from lightwell.archive.segmentations.placing import Placed
from lightwell.archive.segmentations.reading import Said
from lightwell.archive.transcoding import codec_of, form_of, undecodable
from lightwell.core.errors import NotAcceptable
from lightwell.imaging.form import PixelError, PixelForm
from lightwell.imaging.work import label_maps
from lightwell.standards.dicom.errors import DataSetError

_BATCH_BYTES: Final = 8 << 20
_DECODE_S: Final = 60.0
_Masks = list[tuple[int, bytes]]


async def maps(
    archive: Archive, row: InstanceRow, said: Said, images: Sequence[Sequence[int]]
) -> AsyncGenerator[tuple[bytes, bool]]:
    """Return the maps of images, some at a time, and whether segments overlap in any of those.

    Args:
        archive: where the segmentation is kept.
        row: the segmentation.
        said: what its header says.
        images: the numbers of its frames, from 0, that lie on each image.

    Raises:
        NotAcceptable: there is no codec for its pixels.
        NotFound: it has none, or its bytes are gone.
        Undecodable: they are damaged.
    """
    codec = codec_of(row)
    if codec is None:
        message = f"there is no codec for pixels in {row.transfer_syntax_uid}"
        raise NotAcceptable(message)
    try:
        header = await asyncio.to_thread(read_header, archive.blobs, row)
        form = form_of(header)
        masks = _masks(archive, row, header, form, said, images)
        size = max(1, _BATCH_BYTES // (said.rows * said.columns))
        while batch := await asyncio.to_thread(_take, masks, size):
            yield await archive.machines.compute.run(label_maps, batch, form, codec, said.least, timeout_s=_DECODE_S)
    except (DataSetError, PixelError) as error:
        raise undecodable(error) from error


def _masks(
    archive: Archive,
    row: InstanceRow,
    header: ImageHeader,
    form: PixelForm,
    said: Said,
    images: Sequence[Sequence[int]],
) -> Iterator[_Masks]:
    for numbers in images:
        frames = read_frames(archive.blobs, row, header, form, numbers)
        yield [(said.frames[number].segment, frame) for number, frame in zip(numbers, frames, strict=True)]


def _take(masks: Iterator[_Masks], size: int) -> list[_Masks]:
    return list(islice(masks, size))


async def has_overlaps(archive: Archive, row: InstanceRow, said: Said, placed: Placed) -> bool:
    """Tell whether segments overlap anywhere; errors are those of :func:`maps`."""
    if said.is_label_map:
        return False
    several = [numbers for numbers in placed.images.values() if len({said.frames[one].segment for one in numbers}) > 1]
    async with aclosing(maps(archive, row, said, several)) as made:
        async for _, has in made:
            if has:
                return True
    return False
