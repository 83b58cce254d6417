"""Where the bytes of images lie: one blob per instance, ``<organisation>/<bucket>/<random>.dcm``.

A bucket is a folder with a number that only grows on its node, however the clock jumps; it holds about a thousand
images of one hospital. What lies in quarantine has the suffix ``.bad`` instead. A blob carries in its meta header who
sent it, so that the whole index can be made again from the blobs alone.

:class:`~lightwell.archive.folder_blobs.FolderBlobs` keeps them as files in a folder,
:class:`~lightwell.archive.object_blobs.ObjectBlobs` as objects in S3 and its like.
"""

import hashlib
import mmap
import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import BinaryIO, Final, Protocol

from lightwell.core.errors import NotFound
from lightwell.core.http.files import Headers, Part

WHOLE: Final = ".dcm"
QUARANTINED: Final = ".bad"
_HEAD: Final = 144
_GROUP_LENGTH: Final = slice(140, 144)


class Blobs(Protocol):
    """The bytes of all images of a node."""

    def put(self, images: Sequence[tuple[Path, str]]) -> list[OSError | None]:
        """Take over synced files under their final names, durably; what is refused stays where it was.

        Returns for each file why it was refused, or None.
        """
        ...

    def read_range(self, blob: str, offset: int, length: int) -> bytes:
        """Return ``length`` bytes of a blob from ``offset``, fewer at its end.

        Raises:
            NotFound: the blob is gone; ``lightwell archive verify`` tells which are.
        """
        ...

    def fill(self, blob: str, offset: int, buffer: memoryview) -> bool:
        """Fill a buffer with a blob's bytes from ``offset`` on if that needs no waiting; tell whether it is filled."""
        ...

    def length(self, blob: str) -> int:
        """Return the length of a blob in bytes.

        Raises:
            NotFound: the blob is gone.
        """
        ...

    def open(self, blob: str) -> AbstractContextManager[BinaryIO]:
        """Lend the whole blob as a file that can be mapped into memory.

        Raises:
            NotFound: the blob is gone.
        """
        ...

    def delete(self, blob: str) -> None:
        """Remove a blob's bytes."""
        ...

    def organisations(self) -> list[int]:
        """Return the hospitals that have blobs here."""
        ...

    def buckets(self, organisation_id: int) -> list[int]:
        """Return the numbers of a hospital's buckets, oldest first."""
        ...

    def in_bucket(self, organisation_id: int, bucket: int) -> list[str]:
        """Return the blobs in a bucket, in order of their names."""
        ...


def run(blobs: Blobs, blob: str, offset: int, length: int, headers: Headers = ()) -> Part:
    """Return a run of a blob's bytes as part of an answer."""
    return Part(partial(blobs.read_range, blob), partial(blobs.fill, blob), offset, length, headers)


def every(blobs: Blobs) -> Iterator[str]:
    """Return all blobs there are."""
    for organisation_id in blobs.organisations():
        for bucket in blobs.buckets(organisation_id):
            yield from blobs.in_bucket(organisation_id, bucket)


def gone() -> NotFound:
    """Return the error for a blob whose bytes are not there."""
    return NotFound("the image is in the index but its bytes are gone; run: lightwell archive verify")


def new_name(organisation_id: int, bucket: int, suffix: str) -> str:
    """Return a name that nothing has yet; never made from what was received."""
    return f"{organisation_id}/{bucket}/{secrets.token_hex(12)}{suffix}"


def is_blob(name: str) -> bool:
    """Tell whether a name in a bucket is a blob's."""
    return name.endswith((WHOLE, QUARANTINED))


def digest_of(blobs: Iterable[str]) -> bytes:
    """Return 16 bytes that stand for a list of blobs; blobs never change, so these say all of their content."""
    return hashlib.blake2b("\n".join(blobs).encode(), digest_size=16).digest()


def head(blobs: Blobs, blob: str) -> bytes:
    """Return enough of a blob's beginning for :func:`data_set_offset`."""
    return blobs.read_range(blob, 0, _HEAD)


def data_set_offset(content: bytes | mmap.mmap) -> int:
    """Return where the data set begins in a file that we wrote, by the group length of its meta header (PS3.10 7.1).

    A data set that begins with elements of a meta header itself cannot move it.
    """
    return _HEAD + int.from_bytes(content[_GROUP_LENGTH], "little")
