"""Images as files in a folder: the default, and the fastest."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import BinaryIO

from lightwell.archive.blobs import gone, is_blob
from lightwell.archive.disk import Disk


class FolderBlobs:
    """The files of the archive in a folder."""

    def __init__(self, root: Path, disk: Disk) -> None:
        self._root = root
        self._disk = disk
        self._folders: dict[str, Path] = {}
        disk.make_folder(root)

    def path(self, blob: str) -> Path:
        """Return where a blob lies."""
        return self._root / blob

    def put(self, images: Sequence[tuple[Path, str]]) -> list[OSError | None]:
        """Give files their final names, then sync each folder that got names once."""
        refused = [_try(self._rename, source, blob) for source, blob in images]
        buckets = {_bucket(blob) for (_, blob), error in zip(images, refused, strict=True) if not error}
        unsynced = {bucket: _try(self._disk.sync_folder, self._folders[bucket]) for bucket in buckets}
        return [error or unsynced[_bucket(blob)] for (_, blob), error in zip(images, refused, strict=True)]

    def _rename(self, source: Path, blob: str) -> None:
        bucket, _, name = blob.rpartition("/")
        self._disk.rename(source, self._folder(bucket) / name)

    def _folder(self, bucket: str) -> Path:
        """Return the folder of a bucket, whose own name is durable: whoever made it may not have synced that yet."""
        folder = self._folders.get(bucket)
        if folder is None:
            folder = self._root / bucket
            self._disk.make_folder(folder)
            for above in (folder.parent, self._root):
                self._disk.sync_folder(above)
            self._folders[bucket] = folder
        return folder

    def read_range(self, blob: str, offset: int, length: int) -> bytes:
        """Return bytes of a blob."""
        with self._file(blob, buffering=0) as file:
            file.seek(offset)
            return file.read(length)

    def fill(self, blob: str, offset: int, buffer: memoryview) -> bool:
        """Fill a buffer from the page cache, if all of it is there."""
        with self._file(blob, buffering=0) as file:
            try:
                return os.preadv(file.fileno(), [buffer], offset, os.RWF_NOWAIT) == len(buffer)
            except OSError:  # it is on the disk only, or the file system cannot tell
                return False

    def length(self, blob: str) -> int:
        """Return the length of a blob."""
        try:
            return self.path(blob).stat().st_size
        except FileNotFoundError as error:
            raise gone() from error

    def open(self, blob: str) -> BinaryIO:
        """Lend the blob's file."""
        return self._file(blob)

    def _file(self, blob: str, buffering: int = -1) -> BinaryIO:
        try:
            return self.path(blob).open("rb", buffering=buffering)  # pyright: ignore[reportReturnType]
        except FileNotFoundError as error:
            raise gone() from error

    def delete(self, blob: str) -> None:
        """Remove a blob's file."""
        self._disk.remove(self.path(blob))

    def organisations(self) -> list[int]:
        """Return the hospitals that have files here."""
        return _numbers(self._root)

    def buckets(self, organisation_id: int) -> list[int]:
        """Return the numbers of a hospital's buckets."""
        return _numbers(self._root / str(organisation_id))

    def in_bucket(self, organisation_id: int, bucket: int) -> list[str]:
        """Return the blobs in a bucket."""
        prefix = f"{organisation_id}/{bucket}"
        return sorted(f"{prefix}/{item.name}" for item in (self._root / prefix).iterdir() if is_blob(item.name))


def _bucket(blob: str) -> str:
    return blob.rpartition("/")[0]


def _try(act: Callable[..., None], *arguments: Path | str) -> OSError | None:
    try:
        act(*arguments)
    except OSError as error:
        return error
    return None


def _numbers(folder: Path) -> list[int]:
    return sorted(int(item.name) for item in folder.iterdir() if item.name.isdecimal()) if folder.exists() else []
