"""The attributes of images as DICOM JSON, written from the headers of their files (PS3.18 annex F).

An image that was compressed with loss says so (PS3.3 C.7.6.1.1.5), even where whoever compressed it did not: a reader
has to know.
"""

import zlib
from collections.abc import Iterator, Sequence
from typing import Any, Final

import msgspec

from lightwell.archive.blobs import Blobs
from lightwell.archive.codecs import is_lossy, undecodable
from lightwell.archive.header import read_bytes
from lightwell.archive.model import InstanceRow
from lightwell.standards.dicom.errors import DataSetError
from lightwell.standards.dicom.jsonwriter import write_json

_GZIP: Final = 16 + zlib.MAX_WBITS
_LOSSY_IMAGE_COMPRESSION: Final = "00282110"
_HAS_BEEN: Final = "01"


def describe(blobs: Blobs, rows: Sequence[InstanceRow], root: str) -> Iterator[bytes]:
    """Write the attributes of images as a JSON array, one image at a time; ``root`` is what addresses begin with.

    Raises:
        Undecodable: an image is damaged.
    """
    before = "["
    for row in rows:
        yield (before + _one(blobs, row, root)).encode("utf-8", "replace")
        before = ","
    yield b"]"


def _one(blobs: Blobs, row: InstanceRow, root: str) -> str:
    uri = f"{root}/studies/{row.study_instance_uid}/series/{row.series_instance_uid}/instances/{row.sop_instance_uid}"
    try:
        read = read_bytes(blobs, row)
        written = write_json(read.content, read.offset, read.syntax, f"{uri}/bulkdata")
        has_loss = is_lossy(blobs, row)
    except DataSetError as error:
        raise undecodable(error) from error
    return _with_loss(_named(written, row)) if has_loss else _named(written, row)


def _named(written: str, row: InstanceRow) -> str:
    """Return attributes that name their image; what the image leaves out is as the index calls it (ADR 14)."""
    uids = {
        "00080016": row.sop_class_uid,
        "00080018": row.sop_instance_uid,
        "0020000D": row.study_instance_uid,
        "0020000E": row.series_instance_uid,
    }
    missing = {tag: uid for tag, uid in uids.items() if f'"{tag}":{{"vr":"UI","Value":["{uid}"]}}' not in written}
    if not missing:
        return written
    found = msgspec.json.decode(written, type=dict[str, Any])
    found |= {tag: {"vr": "UI", "Value": [uid]} for tag, uid in missing.items() if not found.get(tag, {}).get("Value")}
    return msgspec.json.encode(dict(sorted(found.items()))).decode()


def _with_loss(written: str) -> str:
    found = msgspec.json.decode(written, type=dict[str, Any])
    if found.get(_LOSSY_IMAGE_COMPRESSION, {}).get("Value") == [_HAS_BEEN]:
        return written
    found[_LOSSY_IMAGE_COMPRESSION] = {"vr": "CS", "Value": [_HAS_BEEN]}
    return msgspec.json.encode(dict(sorted(found.items()))).decode()


def zipped(pieces: Iterator[bytes], level: int) -> Iterator[bytes]:
    """Compress as gzip what is written piece by piece."""
    zipper = zlib.compressobj(level, zlib.DEFLATED, _GZIP)
    for piece in pieces:
        if packed := zipper.compress(piece):
            yield packed
    yield zipper.flush()
