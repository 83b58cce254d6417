"""The header of an image that is kept: everything before its pixel data, read from its file in one piece."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from lightwell.archive.blobs import Blobs, data_set_offset, head
from lightwell.archive.model import InstanceRow
from lightwell.imaging.form import PixelForm
from lightwell.standards.dicom.elements import Token, root
from lightwell.standards.dicom.errors import DataSetError
from lightwell.standards.dicom.part10 import FileMeta, read_file_meta
from lightwell.standards.dicom.scanner import MAX_INFLATED_BYTES, FrameTable
from lightwell.standards.dicom.uids import TRANSFER_SYNTAXES, ExplicitVRLittleEndian, TransferSyntax

_SAMPLES: Final = 0x0028_0002
_PHOTOMETRIC: Final = 0x0028_0004
_PLANAR: Final = 0x0028_0006
_ROWS: Final = 0x0028_0010
_COLUMNS: Final = 0x0028_0011
_ALLOCATED: Final = 0x0028_0100
_STORED: Final = 0x0028_0101
_REPRESENTATION: Final = 0x0028_0103
_FORM_TAGS: Final = frozenset((_SAMPLES, _PHOTOMETRIC, _PLANAR, _ROWS, _COLUMNS, _ALLOCATED, _STORED, _REPRESENTATION))


UID_TAGS: Final = frozenset((0x0008_0016, 0x0008_0018, 0x0020_000D, 0x0020_000E))
_FLOATS: Final = frozenset((0x7FE0_0008, 0x7FE0_0009))
_FIRST_READ: Final = 1 << 20
_READ_GROWTH: Final = 16


@dataclass(frozen=True, slots=True)
class HeaderBytes:
    """The bytes of a data set up to its pixel data, or all of them if there are none."""

    content: bytes
    offset: int
    syntax: TransferSyntax


@dataclass(frozen=True, slots=True)
class ImageHeader(HeaderBytes):
    """A header, what its file says of it, and what it says of the pixels."""

    meta: FileMeta
    values: Mapping[int, bytes]
    pixel_data: Token | None


def syntax_of(uid: str) -> TransferSyntax:
    """Return how a transfer syntax is written; private and newer ones are compressed, PS3.5 10."""
    known = TRANSFER_SYNTAXES.get(uid)
    return known or replace(TRANSFER_SYNTAXES[ExplicitVRLittleEndian], uid=uid, name="", is_encapsulated=True)


def read_header(blobs: Blobs, row: InstanceRow) -> ImageHeader:
    """Return the header of an image; call it in a thread.

    Raises:
        DataSetError: the bytes are not what the index says.
        NotFound: they are gone.
    """
    read = read_bytes(blobs, row)
    meta = read_file_meta(blobs.read_range(row.blob, 0, offset_of(blobs, row)))
    found = root(read.content, read.offset, read.syntax, _FORM_TAGS | UID_TAGS)
    return ImageHeader(read.content, read.offset, read.syntax, meta, *found)


def offset_of(blobs: Blobs, row: InstanceRow) -> int:
    """Return where the data set begins in its file; of a deflated one the index knows where it begins when inflated."""
    return row.data_set_offset or data_set_offset(head(blobs, row.blob))


def read_bytes(blobs: Blobs, row: InstanceRow) -> HeaderBytes:
    """Return the bytes of an image's header; call it in a thread. Errors are those of :func:`read_header`."""
    syntax = syntax_of(row.transfer_syntax_uid)
    if row.frame_table is not None:
        content = blobs.read_range(row.blob, 0, FrameTable.from_bytes(row.frame_table).offsets[0])
        return HeaderBytes(content, row.data_set_offset, syntax)
    if syntax.is_deflated:
        whole = memoryview(blobs.read_range(row.blob, 0, row.length))
        return HeaderBytes(_inflate(whole[offset_of(blobs, row) :]), 0, syntax)
    return _read_growing(blobs, row, syntax)


def header_in(content: bytes, row: InstanceRow) -> HeaderBytes:
    """Return the bytes of a header in a whole image that was read already.

    Raises:
        DataSetError: it is deflated and cannot be inflated.
    """
    syntax = syntax_of(row.transfer_syntax_uid)
    offset = row.data_set_offset or data_set_offset(content)
    if syntax.is_deflated:
        return HeaderBytes(_inflate(memoryview(content)[offset:]), 0, syntax)
    return HeaderBytes(content, offset, syntax)


def _read_growing(blobs: Blobs, row: InstanceRow, syntax: TransferSyntax) -> HeaderBytes:
    """Read the header of an image without a frame table, but not all of a video."""
    length = _FIRST_READ
    while True:
        read = HeaderBytes(blobs.read_range(row.blob, 0, length), row.data_set_offset, syntax)
        if length >= row.length or _has_pixel_data(read):
            return read
        length *= _READ_GROWTH


def _has_pixel_data(read: HeaderBytes) -> bool:
    try:
        return root(read.content, read.offset, read.syntax, frozenset()).pixel_data is not None
    except DataSetError:
        return False


def _inflate(content: memoryview) -> bytes:
    try:
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(content, MAX_INFLATED_BYTES)
    except zlib.error as error:
        message = f"expected a deflated data set, it cannot be inflated: {error}"
        raise DataSetError(message) from error


def pixel_form(header: ImageHeader) -> PixelForm:
    """Return how the pixels of an image are written (PS3.3 C.7.6.3).

    Raises:
        DataSetError: the image does not say how many they are, or has none.
    """
    rows, columns, allocated = (_short(header, tag, 0) for tag in (_ROWS, _COLUMNS, _ALLOCATED))
    if header.pixel_data is None or not (rows and columns and allocated):
        message = "expected pixel data with rows, columns and bits allocated; the image has no such"
        raise DataSetError(message)
    return PixelForm(
        rows,
        columns,
        samples=_short(header, _SAMPLES, 1),
        bits_allocated=allocated,
        bits_stored=min(allocated, _short(header, _STORED, allocated) or allocated),
        is_signed=_short(header, _REPRESENTATION, 0) == 1,
        photometric=header.values.get(_PHOTOMETRIC, b"").decode("ascii", "replace").strip(" \0"),
        is_planar=_short(header, _PLANAR, 0) == 1,
        is_float=header.pixel_data.tag in _FLOATS,
        is_big_endian=not header.syntax.is_little_endian,
        is_word=header.pixel_data.vr == "OW",
    )


def words_of(header: ImageHeader) -> str:
    """Return the VR whose words the native pixel data consist of: samples wider than 16 bits are one word each."""
    vr = header.pixel_data.vr if header.pixel_data is not None else "OB"
    return {32: "OL", 64: "OV"}.get(_short(header, _ALLOCATED, 0), vr)


def _short(header: ImageHeader, tag: int, otherwise: int) -> int:
    raw = header.values.get(tag, b"")[:2]
    return int.from_bytes(raw, "little" if header.syntax.is_little_endian else "big") if len(raw) == 2 else otherwise  # noqa: PLR2004
