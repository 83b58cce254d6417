"""What a viewer needs to show an image, read from the headers of the files at the moment of asking."""

import asyncio
import mmap
from collections.abc import Sequence
from typing import Any, Final

from lightwell.archive.blobs import Blobs
from lightwell.archive.model import InstanceRow
from lightwell.core.errors import NotFound
from lightwell.standards.dicom.errors import DicomError
from lightwell.standards.dicom.jsonmodel import element
from lightwell.standards.dicom.scanner import scan

_US: Final = {
    0x00280002: "00280002",
    0x00280006: "00280006",
    0x00280010: "00280010",
    0x00280011: "00280011",
    0x00280100: "00280100",
    0x00280101: "00280101",
    0x00280102: "00280102",
    0x00280103: "00280103",
}
_TEXT: Final = {
    0x00280004: ("00280004", "CS"),
    0x00281050: ("00281050", "DS"),
    0x00281051: ("00281051", "DS"),
    0x00281052: ("00281052", "DS"),
    0x00281053: ("00281053", "DS"),
}
_TAGS: Final = frozenset(_US) | frozenset(_TEXT)
_BIG_ENDIAN: Final = "1.2.840.10008.1.2.2"


async def pixel_attributes(blobs: Blobs, rows: Sequence[InstanceRow]) -> list[dict[str, Any]]:
    """Return the image pixel and window attributes of instances as DICOM JSON."""
    return await asyncio.to_thread(lambda: [_read(blobs, row) for row in rows])


def _read(blobs: Blobs, row: InstanceRow) -> dict[str, Any]:
    try:
        with blobs.open(row.blob) as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            values = scan(content, row.data_set_offset, row.transfer_syntax_uid, _TAGS).values
    except (NotFound, DicomError):
        return {}
    order = "big" if row.transfer_syntax_uid == _BIG_ENDIAN else "little"
    found: dict[str, Any] = {}
    for tag, raw in values.items():
        if tag in _US:
            found |= element(_US[tag], "US", int.from_bytes(bytes(raw)[:2], order))
        else:
            name, vr = _TEXT[tag]
            found |= element(name, vr, *_values(bytes(raw), vr))
    return found


def _values(raw: bytes, vr: str) -> list[str | float]:
    texts = [text.strip(" \0") for text in raw.decode("ascii", "replace").split("\\")]
    if vr != "DS":
        return list(texts)
    return [float(text) for text in texts if _is_number(text)]


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
