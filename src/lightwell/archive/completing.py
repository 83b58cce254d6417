"""Images whose data set lacks UIDs, or has some that are none, leave the house with those of the index (ADR 22).

What is stored stays as it came; what has usable UIDs goes out byte for byte.
"""

import zlib
from collections.abc import Iterator, Mapping
from typing import Final

from lightwell.archive.attributes import is_usable_uid
from lightwell.archive.blobs import Blobs
from lightwell.archive.header import UID_TAGS, HeaderBytes, header_in, offset_of, read_bytes
from lightwell.archive.model import InstanceRow
from lightwell.core.http.files import PIECE
from lightwell.standards.dicom.completing import Completed, complete
from lightwell.standards.dicom.elements import root
from lightwell.standards.dicom.errors import DataSetError
from lightwell.standards.dicom.scanner import scan
from lightwell.standards.dicom.uids import ExplicitVRLittleEndian

_MADE: Final = "2.25."


def completed_in(content: bytes, row: InstanceRow) -> Completed | None:
    """Return how a data set begins with its UIDs, or None if it has them or cannot be read; ``content`` is all of it.

    That of a deflated one is whole, and deflated again.
    """
    try:
        header = header_in(content, row)
        uid = ExplicitVRLittleEndian if header.syntax.is_deflated else row.transfer_syntax_uid
        return _completed(header, scan(header.content, header.offset, uid, UID_TAGS).values, row)
    except DataSetError:
        return None


def read_completed(blobs: Blobs, row: InstanceRow) -> Completed | None:
    """Return the same of an image that is kept, with the place in its blob; call it in a thread.

    Raises:
        NotFound: its bytes are gone.
    """
    try:
        header = read_bytes(blobs, row)
        return _completed(header, root(header.content, header.offset, header.syntax, UID_TAGS).values, row)
    except DataSetError:
        return None


def file_of(blobs: Blobs, row: InstanceRow) -> Iterator[bytes]:
    """Return the file of an image, piece by piece, with all its UIDs; draw the pieces in a thread.

    Raises:
        NotFound: its bytes are gone.
    """
    done = read_completed(blobs, row) if may_lack_uids(row) else None
    start = 0
    if done is not None:
        yield blobs.read_range(row.blob, 0, offset_of(blobs, row)) + done.head
        start = done.rest
    for place in range(start, row.length, PIECE):
        yield blobs.read_range(row.blob, place, min(PIECE, row.length - place))


def _completed(header: HeaderBytes, said: Mapping[int, bytes], row: InstanceRow) -> Completed | None:
    missing = uids_to_set(said, row)
    if not missing:
        return None
    done = complete(header.content, header.offset, header.syntax, missing)
    if not header.syntax.is_deflated:
        return done
    deflater = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    content = deflater.compress(done.head + header.content[done.rest :]) + deflater.flush()
    return Completed(content + b"\0" * (len(content) % 2), row.length)


def uids_to_set(said: Mapping[int, bytes], row: InstanceRow) -> dict[int, str]:
    """Return the UIDs of the index that a data set does not have, by what it says."""
    indexed = (row.sop_class_uid, row.sop_instance_uid, row.study_instance_uid, row.series_instance_uid)
    uids = dict(zip(sorted(UID_TAGS), indexed, strict=True))
    own = {tag: said.get(tag, b"").decode("latin-1").strip("\0 ") for tag in uids}
    return {tag: uid for tag, uid in uids.items() if uid and not is_usable_uid(own[tag])}


def may_lack_uids(row: InstanceRow) -> bool:
    """Tell whether a look at the data set is worth it: the index made a UID for it, or its sender is of that kind."""
    return row.study_instance_uid.startswith(_MADE) or row.series_instance_uid.startswith(_MADE)
