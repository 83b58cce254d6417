"""Images as objects in S3 and its like, through obstore.

An image is received and synced on the node first, then uploaded; the sender is told 0000H when the store has confirmed
it. For now one node takes images for a store: buckets are numbered by the node that fills them.
"""

import errno
import tempfile
from collections.abc import Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

import obstore
from obstore.exceptions import BaseError
from obstore.store import ObjectStore

from lightwell.archive.blobs import gone, is_blob
from lightwell.core.errors import NotFound
from lightwell.core.objects import asking

if TYPE_CHECKING:  # names of the stubs only
    from obstore import ListResult, ObjectMeta

_AT_ONCE: Final = 8


class ObjectBlobs:
    """The objects of the archive in a store."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        self._uploads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="upload")

    def put(self, images: Sequence[tuple[Path, str]]) -> list[OSError | None]:
        """Upload files, several at once; each is removed here when the store has confirmed it."""
        return list(self._uploads.map(self._upload, images))

    def _upload(self, image: tuple[Path, str]) -> OSError | None:
        source, blob = image
        try:
            obstore.put(self._store, blob, source)
        except BaseError:
            return OSError(errno.EIO, "the object store did not take an image")
        source.unlink()
        return None

    def read_range(self, blob: str, offset: int, length: int) -> bytes:
        """Return bytes of a blob."""
        length = min(length, self.length(blob) - offset)
        if length <= 0:
            return b""
        with _asking():
            return bytes(obstore.get_range(self._store, blob, start=offset, length=length))

    def fill(self, blob: str, offset: int, buffer: memoryview) -> bool:  # noqa: ARG002 -- a network always waits
        """Fill nothing: asking a store takes time."""
        return False

    def length(self, blob: str) -> int:
        """Return the length of a blob."""
        with _asking():
            return obstore.head(self._store, blob)["size"]

    @contextmanager
    def open(self, blob: str) -> Generator[BinaryIO]:
        """Lend a copy of the blob in a temporary file."""
        with tempfile.TemporaryFile() as file, _asking():
            for piece in obstore.get(self._store, blob):
                file.write(piece)
            file.seek(0)
            yield file  # pyright: ignore[reportReturnType]

    def delete(self, blob: str) -> None:
        """Remove a blob's object."""
        with suppress(NotFound), asking():
            obstore.delete(self._store, blob)

    def organisations(self) -> list[int]:
        """Return the hospitals that have objects here."""
        return self._numbers("")

    def buckets(self, organisation_id: int) -> list[int]:
        """Return the numbers of a hospital's buckets."""
        return self._numbers(f"{organisation_id}/")

    def in_bucket(self, organisation_id: int, bucket: int) -> list[str]:
        """Return the blobs in a bucket."""
        listing = self._list(f"{organisation_id}/{bucket}/")
        return sorted(item["path"] for item in listing["objects"] if is_blob(item["path"]))

    def _numbers(self, prefix: str) -> list[int]:
        names = (item.rstrip("/").rpartition("/")[2] for item in self._list(prefix)["common_prefixes"])
        return sorted(int(name) for name in names if name.isdecimal())

    def _list(self, prefix: str) -> "ListResult[Sequence[ObjectMeta]]":
        with asking():
            return obstore.list_with_delimiter(self._store, prefix or None)  # pyright: ignore[reportUnknownMemberType]


@contextmanager
def _asking() -> Generator[None]:
    try:
        with asking():
            yield
    except NotFound as error:
        raise gone() from error
