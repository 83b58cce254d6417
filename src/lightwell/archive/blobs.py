"""Where the bytes of images lie: one file per instance, under ``<organisation>/<bucket>/<random>.dcm``.

A bucket is a folder with a number that only grows on its node, however the clock jumps; it holds about a thousand
files of one hospital. What lies in quarantine has the suffix ``.bad`` instead. The file carries in its meta header who
sent it, so that the whole index can be made again from the files alone.
"""

import mmap
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from lightwell.archive.disk import Disk
from lightwell.core.errors import NotFound

WHOLE: Final = ".dcm"
QUARANTINED: Final = ".bad"
_HEAD: Final = 144
_GROUP_LENGTH: Final = slice(140, 144)


class Blobs:
    """The files of the archive in a folder."""

    def __init__(self, root: Path, disk: Disk) -> None:
        self.root = root
        self._disk = disk
        disk.make_folder(root)

    def path(self, blob: str) -> Path:
        """Return where a blob lies."""
        return self.root / blob

    def put(self, source: Path, blob: str) -> None:
        """Give a synced file its final name; durable only after the folder is synced too."""
        target = self.path(blob)
        if not target.parent.exists():
            self._disk.make_folder(target.parent)
        self._disk.rename(source, target)

    def sync_bucket(self, bucket: str) -> None:
        """Make the names in a bucket (``<organisation>/<number>``) durable."""
        self._disk.sync_folder(self.root / bucket)

    def read_range(self, blob: str, offset: int, length: int) -> bytes:
        """Return ``length`` bytes of a blob from ``offset``.

        Raises:
            NotFound: the file is gone; ``lightwell archive verify`` tells which are.
        """
        try:
            with self.path(blob).open("rb", buffering=0) as file:
                file.seek(offset)
                return file.read(length)
        except FileNotFoundError as error:
            message = "the image is in the index but its file is gone; run: lightwell archive verify"
            raise NotFound(message) from error

    def data_set_offset(self, blob: str) -> int:
        """Return where the data set begins in a blob.

        Raises:
            NotFound: the file is gone.
        """
        return data_set_offset(self.read_range(blob, 0, _HEAD))

    def delete(self, blob: str) -> None:
        """Remove a blob's bytes."""
        self._disk.remove(self.path(blob))

    def organisations(self) -> list[int]:
        """Return the hospitals that have files here."""
        return sorted(int(item.name) for item in self.root.iterdir() if item.name.isdecimal())

    def buckets(self, organisation_id: int) -> list[int]:
        """Return the numbers of a hospital's buckets, oldest first."""
        folder = self.root / str(organisation_id)
        return sorted(int(item.name) for item in folder.iterdir() if item.name.isdecimal()) if folder.exists() else []

    def in_bucket(self, organisation_id: int, bucket: int) -> Iterator[str]:
        """Return the blobs in a bucket."""
        prefix = f"{organisation_id}/{bucket}"
        for item in sorted((self.root / prefix).iterdir()):
            if item.suffix in {WHOLE, QUARANTINED}:
                yield f"{prefix}/{item.name}"


def new_name(organisation_id: int, bucket: int, suffix: str) -> str:
    """Return a name that nothing has yet; never made from what was received."""
    return f"{organisation_id}/{bucket}/{secrets.token_hex(12)}{suffix}"


def data_set_offset(content: bytes | mmap.mmap) -> int:
    """Return where the data set begins in a file that we wrote, by the group length of its meta header (PS3.10 7.1).

    A data set that begins with elements of a meta header itself cannot move it.
    """
    return _HEAD + int.from_bytes(content[_GROUP_LENGTH], "little")
