"""Where each frame of an image lies, so that one of ten thousand can be read without the others (PS3.5 8, A.4).

Native pixels are computed: every frame is equally long. Of compressed ones, frames are found, in this order of trust,

    by the extended offset table (7FE0,0001)      one fragment a frame, offsets of 8 bytes
    by the basic offset table                     its offsets point at the first fragment of each frame
    one fragment a frame                          as many fragments as frames
    one codestream a frame                        as many fragments that begin as a codestream does, and the first does
    one frame                                     all fragments are its parts

else they cannot be told apart without decoding, and the answer is None, never a guess.
"""

import struct
import sys
from array import array
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from lightwell.standards.dicom.errors import DataSetError
from lightwell.standards.dicom.header import Header, PixelData

_ITEM: Final = b"\xfe\xff\x00\xe0"
_ITEM_HEAD: Final = 8
_MOST_FRAMES: Final = 1 << 22
_TABLE_HEAD: Final = struct.Struct("<BBIQ")
_REGULAR, _ADJOINING, _SCATTERED = 0, 1, 2


@dataclass(frozen=True, slots=True)
class FrameTable:
    """Start and length of each frame in the file.

    Encapsulated frames span whole items; :func:`strip_items` makes a codestream of them. Packed frames of 1 bit that do
    not begin at a byte are given with all bytes that hold a bit of them.
    """

    is_encapsulated: bool
    offsets: "array[int]"
    lengths: "array[int]"

    def to_bytes(self) -> bytes:
        """Write compactly: 14 bytes and one length for native frames, 8 bytes a frame for compressed ones."""
        kind = self._kind()
        start = self.offsets[0] if self.offsets else 0
        parts = [_TABLE_HEAD.pack(self.is_encapsulated, kind, len(self.offsets), start)]
        parts.append(_little(self.lengths[:1] if kind == _REGULAR else self.lengths))
        if kind == _SCATTERED:
            parts.append(_little(self.offsets))
        return b"".join(parts)

    def _kind(self) -> int:
        offsets, lengths = self.offsets, self.lengths
        if any(offsets[n] + lengths[n] != offsets[n + 1] for n in range(len(offsets) - 1)):
            return _SCATTERED
        return _REGULAR if not lengths or lengths.count(lengths[0]) == len(lengths) else _ADJOINING

    @classmethod
    def from_bytes(cls, raw: bytes) -> "FrameTable":
        """Read what :meth:`to_bytes` wrote."""
        try:
            is_encapsulated, kind, count, start = _TABLE_HEAD.unpack_from(raw)
            numbers = array("Q", raw[_TABLE_HEAD.size :])
        except (struct.error, ValueError) as error:
            msg = f"expected a frame table, {len(raw)} bytes came: {error}"
            raise DataSetError(msg) from error
        if sys.byteorder == "big":
            numbers.byteswap()
        if count > _MOST_FRAMES or len(numbers) != {
            _REGULAR: min(count, 1),
            _ADJOINING: count,
            _SCATTERED: 2 * count,
        }.get(kind, -1):
            msg = f"expected a frame table of {count} frames, {len(numbers)} numbers came"
            raise DataSetError(msg)
        lengths = numbers * count if kind == _REGULAR else numbers[:count]
        offsets = numbers[count:] if kind == _SCATTERED else _adjoining(start, lengths)
        return cls(bool(is_encapsulated), offsets, lengths)


def _little(numbers: "array[int]") -> bytes:
    if sys.byteorder == "big":
        numbers = numbers[:]
        numbers.byteswap()
    return numbers.tobytes()


def _adjoining(start: int, lengths: "array[int]") -> "array[int]":
    offsets = array("Q")
    for length in lengths:
        offsets.append(start)
        start += length
    return offsets


def frame_table(
    header: Header, number_of_frames: int, rows: int, columns: int, samples_per_pixel: int, bits_allocated: int
) -> FrameTable | None:
    """Return where the frames lie; None if they are not all there or cannot be told apart."""
    pixels = header.pixel_data
    count = max(1, number_of_frames)
    if pixels is None or header.is_deflated or count > _MOST_FRAMES:
        return None
    if pixels.is_encapsulated:
        return _encapsulated(header, pixels, count)
    if min(rows, columns, samples_per_pixel, bits_allocated) <= 0:
        return None
    pixel_count = rows * columns
    bits = pixel_count * samples_per_pixel * bits_allocated
    if samples_per_pixel == 3 and pixels.length - pixels.length % 2 == _even(2 * pixel_count * count):  # noqa: PLR2004
        bits = pixel_count * 16  # YBR_FULL_422 keeps two samples of three, PS3.3 C.7.6.3.1.2
    return _native(pixels, count, bits)


def _even(length: int) -> int:
    return length + length % 2


def _native(pixels: PixelData, count: int, bits: int) -> FrameTable | None:
    if (count * bits + 7) // 8 > pixels.length:
        return None
    if bits % 8:
        return _packed(pixels, count, bits)
    length = bits // 8
    offsets = array("Q", range(pixels.offset, pixels.offset + count * length, length))
    return FrameTable(is_encapsulated=False, offsets=offsets, lengths=array("Q", [length]) * count)


def _packed(pixels: PixelData, count: int, bits: int) -> FrameTable:
    starts = [frame * bits // 8 for frame in range(count)]
    ends = [((frame + 1) * bits + 7) // 8 for frame in range(count)]
    offsets = array("Q", [pixels.offset + start for start in starts])
    lengths = array("Q", [end - start for start, end in zip(starts, ends, strict=True)])
    return FrameTable(is_encapsulated=False, offsets=offsets, lengths=lengths)


def _encapsulated(header: Header, pixels: PixelData, count: int) -> FrameTable | None:
    fragments = pixels.fragments
    fragment_count = len(fragments) // 2
    if not fragment_count:
        return None
    firsts = (
        _firsts(pixels, header.extended_offset_table, "Q", count)
        or _firsts(pixels, pixels.basic_offset_table, "I", count)
        or (list(range(count)) if fragment_count == count else None)
        or (list(pixels.codestreams) if len(pixels.codestreams) == count and not pixels.codestreams[0] else None)
        or ([0] if count == 1 else None)
    )
    if firsts is None:
        return None
    offsets = array("Q", [fragments[2 * first] - _ITEM_HEAD for first in firsts])
    lasts = [*(first - 1 for first in firsts[1:]), fragment_count - 1]
    ends = [fragments[2 * last] + fragments[2 * last + 1] for last in lasts]
    lengths = array("Q", [end - start for start, end in zip(offsets, ends, strict=True)])
    return FrameTable(is_encapsulated=True, offsets=offsets, lengths=lengths)


def _firsts(pixels: PixelData, table: bytes, code: str, count: int) -> list[int] | None:
    """Return the number of the first fragment of each frame, if the table is believable."""
    if len(table) != count * struct.calcsize(f"<{code}"):
        return None
    base = pixels.fragments[0] - _ITEM_HEAD
    place = {offset - _ITEM_HEAD - base: number for number, offset in enumerate(pixels.fragments[::2])}
    firsts = [place.get(offset, -1) for offset in struct.unpack(f"<{count}{code}", table)]
    is_rising = all(a < b for a, b in pairwise(firsts))
    return firsts if firsts[0] == 0 and is_rising else None


def strip_items(data: bytes) -> bytes:
    """Make a codestream of a frame's items: the heads go, the fragments are joined (PS3.5 A.4)."""
    parts: list[bytes] = []
    at = 0
    while at < len(data):
        start = at + _ITEM_HEAD
        end = start + int.from_bytes(data[at + 4 : start], "little")
        if data[at : at + 4] != _ITEM or end > len(data):
            msg = f"expected a fragment at byte {at}, {data[at : at + 8]!r} came"
            raise DataSetError(msg)
        parts.append(data[start:end])
        at = end
    return b"".join(parts)
