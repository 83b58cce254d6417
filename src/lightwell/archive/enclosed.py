"""What an object encloses that is a file of its own: a film, a PDF, a model (PS3.5 8.2.5-8.2.9, PS3.3 C.24.2).

The pixel data of a film are one stream that is cut into fragments; joined, they are the file that a player takes, and
so far as that goes a run of bytes: a browser jumps in a film of any length by ranges.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from lightwell.archive.blobs import Blobs
from lightwell.archive.header import read_bytes
from lightwell.archive.model import InstanceRow
from lightwell.core.errors import NotFound
from lightwell.core.http.files import Part, whole
from lightwell.standards.dicom import uids
from lightwell.standards.dicom.elements import root
from lightwell.standards.dicom.errors import DataSetError

_MPEG_2: Final = (uids.MPEG2MPML, uids.MPEG2MPMLF, uids.MPEG2MPHL, uids.MPEG2MPHLF)
_MPEG_4: Final = (
    *(uids.MPEG4HP41, uids.MPEG4HP41F, uids.MPEG4HP41BD, uids.MPEG4HP41BDF),
    *(uids.MPEG4HP422D, uids.MPEG4HP422DF, uids.MPEG4HP423D, uids.MPEG4HP423DF),
    *(uids.MPEG4HP42STEREO, uids.MPEG4HP42STEREOF, uids.HEVCMP51, uids.HEVCM10P51),
)
_FILMS: Final = {**dict.fromkeys(_MPEG_2, "video/mpeg"), **dict.fromkeys(_MPEG_4, "video/mp4")}
_DOCUMENTS: Final[Mapping[str, str]] = {
    uids.EncapsulatedPDFStorage: "application/pdf",
    uids.EncapsulatedCDAStorage: "text/xml",
    uids.EncapsulatedSTLStorage: "model/stl",
    uids.EncapsulatedOBJStorage: "model/obj",
    uids.EncapsulatedMTLStorage: "model/mtl",
}
_DOCUMENT: Final = 0x0042_0011
_DOCUMENT_LENGTH: Final = 0x0042_0015
_ITEM: Final = b"\xfe\xff\x00\xe0"
_ITEM_HEAD: Final = 8
PLACES: Final = frozenset(("7FE00010", "00420011"))
"""Where metadata say that it lies."""


def media_type_of(row: InstanceRow) -> str | None:
    """Return what an object encloses, or None if that is nothing but DICOM."""
    return _FILMS.get(row.transfer_syntax_uid) or _DOCUMENTS.get(row.sop_class_uid)


def file_of(blobs: Blobs, row: InstanceRow) -> Part:
    """Return what an object encloses; call it in a thread.

    Raises:
        DataSetError: it is damaged.
        NotFound: it encloses nothing, or its bytes are gone.
    """
    if row.transfer_syntax_uid in _FILMS:
        return stream_of(blobs, row)
    read = read_bytes(blobs, row)
    values = root(read.content, read.offset, read.syntax, frozenset((_DOCUMENT, _DOCUMENT_LENGTH))).values
    if not values.get(_DOCUMENT):
        message = "the object encloses no document"
        raise NotFound(message)
    order = "little" if read.syntax.is_little_endian else "big"
    length = int.from_bytes(values.get(_DOCUMENT_LENGTH, b""), order)
    return whole(values[_DOCUMENT][: length or None])


def stream_of(blobs: Blobs, row: InstanceRow) -> Part:
    """Return the fragments of the pixel data joined to one stream; call it in a thread.

    Raises:
        DataSetError: they are damaged.
        NotFound: there are none, or its bytes are gone.
    """
    read = read_bytes(blobs, row)
    pixels = root(read.content, read.offset, read.syntax, frozenset()).pixel_data
    if pixels is None or pixels.end >= 0:
        message = "the object has no compressed pixel data"
        raise NotFound(message)
    fragments = _fragments(blobs, row, pixels.start)
    joined = _Joined(blobs, row.blob, [start for start, _ in fragments], [0, *accumulate(n for _, n in fragments)])
    return Part(joined.read, _never, 0, joined.ends[-1])


def _fragments(blobs: Blobs, row: InstanceRow, start: int) -> Sequence[tuple[int, int]]:
    """Return where each fragment begins and how long it is, without the table of offsets that comes first."""
    found: list[tuple[int, int]] = []
    with blobs.open(row.blob) as file:
        file.seek(start)
        while (head := file.read(_ITEM_HEAD))[:4] == _ITEM:
            length = int.from_bytes(head[4:], "little")
            found.append((file.tell(), length))
            if file.seek(length, 1) > row.length:
                message = f"expected a fragment of {length} bytes, the object ends before that"
                raise DataSetError(message)
    return found[1:]


@dataclass(frozen=True, slots=True)
class _Joined:
    """Runs of a blob, read as if they lay one after the other; ``ends`` are where they end then, after a first 0."""

    blobs: Blobs
    blob: str
    starts: Sequence[int]
    ends: Sequence[int]

    def read(self, offset: int, length: int) -> bytes:
        """Return bytes, fewer where a run ends."""
        number = bisect_right(self.ends, offset) - 1
        skipped = offset - self.ends[number]
        rest = self.ends[number + 1] - offset
        return self.blobs.read_range(self.blob, self.starts[number] + skipped, min(length, rest))


def _never(_offset: int, _buffer: memoryview) -> bool:
    return False
