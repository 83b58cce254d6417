"""Frames of an image as they are stored, one by one."""

from collections.abc import Iterator, Sequence
from typing import Final

from lightwell.archive.blobs import Blobs
from lightwell.archive.header import ImageHeader
from lightwell.archive.model import InstanceRow
from lightwell.imaging.form import PixelForm
from lightwell.imaging.work import aligned
from lightwell.standards.dicom.errors import DataSetError
from lightwell.standards.dicom.scanner import FrameTable, strip_items

_BYTE: Final = 8


def read_frames(
    blobs: Blobs, row: InstanceRow, header: ImageHeader, form: PixelForm, numbers: Sequence[int]
) -> Iterator[bytes]:
    """Read frames by their numbers from 0; each begins at a byte of its own. Draw them in a thread.

    Raises:
        DataSetError: the frames cannot be told apart, or are not all there.
    """
    if header.syntax.is_encapsulated:
        yield from _encapsulated(blobs, row, numbers)
        return
    start, end = _span(header)
    for number in numbers:
        first, last = number * form.bits, (number + 1) * form.bits
        place, stop = start + first // _BYTE, start + (last + _BYTE - 1) // _BYTE
        if stop > end:
            message = f"expected pixel data to byte {stop}, they end at byte {end}"
            raise DataSetError(message)
        raw = (
            header.content[place:stop] if header.syntax.is_deflated else blobs.read_range(row.blob, place, stop - place)
        )
        yield aligned(raw, first % _BYTE, form.bits) if form.bits % _BYTE else raw


def _span(header: ImageHeader) -> tuple[int, int]:
    pixels = header.pixel_data
    if pixels is None:
        message = "expected pixel data, the image has none"
        raise DataSetError(message)
    return pixels.start, pixels.end


def _encapsulated(blobs: Blobs, row: InstanceRow, numbers: Sequence[int]) -> Iterator[bytes]:
    if row.frame_table is None:
        message = "expected frames that can be told apart; the image gives neither offsets nor one fragment a frame"
        raise DataSetError(message)
    table = FrameTable.from_bytes(row.frame_table)
    for number in numbers:
        yield strip_items(blobs.read_range(row.blob, table.offsets[number], table.lengths[number]))
