"""Volumes of series, kept for some minutes, so that the next picture is quick.

A volume is a file of the spool that workers map into memory. It is made once, however many ask for it at a time, and
removed when nobody asked for five minutes, when room is needed, and, if a process did not end by itself, by the next.
Whatever is lent or being made stays.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeAlias

from lightwell.archive.blobs import digest_of
from lightwell.archive.model import InstanceRow
from lightwell.archive.own_folder import OwnFolder
from lightwell.archive.volume_making import SeriesVolume
from lightwell.core import clock
from lightwell.core.errors import OutOfSpace

_KEPT_S: Final = 300.0
_MOST_BYTES: Final = 4 << 30
Make: TypeAlias = Callable[[Sequence[InstanceRow], Callable[[], Path]], Awaitable[SeriesVolume]]
"""Makes the volume of some images in new files, whose paths it asks for."""


@dataclass(slots=True)
class _Entry:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    volume: SeriesVolume | None = None
    users: int = 0
    used_s: float = 0.0
    length: int = 0


class Volumes:
    """The volumes that a process has at hand."""

    def __init__(self, folder: Path, make: Make) -> None:
        self._folder = OwnFolder(folder)
        self._make = make
        self._entries: dict[bytes, _Entry] = {}
        self._known: set[Path] = set()

    @asynccontextmanager
    async def lend(self, rows: Sequence[InstanceRow]) -> AsyncGenerator[SeriesVolume]:
        """Lend the volume of the images of a series; it is there until the block ends.

        Raises:
            NoVolume: they are none; says why.
            Undecodable: an image is damaged.
            OutOfSpace: the spool has no room for it, even without what nobody looks at.
        """
        entry = self._entries.setdefault(digest_of(row.blob for row in rows), _Entry())
        entry.users += 1
        try:
            yield await self._volume_of(entry, rows)
        finally:
            entry.users -= 1
            entry.used_s = clock.monotonic_s()
            await self._shrink(_MOST_BYTES)

    async def _volume_of(self, entry: _Entry, rows: Sequence[InstanceRow]) -> SeriesVolume:
        async with entry.lock:
            if entry.volume is None:
                try:
                    entry.volume = await self._made(rows)
                except OutOfSpace:
                    await self._shrink(0)
                    entry.volume = await self._made(rows)
                entry.length = sum(path.stat().st_size for path in _files_of(entry.volume))
            return entry.volume

    async def forget(self) -> None:
        """Remove volumes that nobody asked for lately, and what a process left that did not end by itself."""
        until_s = clock.monotonic_s() - _KEPT_S
        while old := [key for key, entry in self._idle() if entry.used_s < until_s]:
            await self._drop(old[0])
        await asyncio.to_thread(self._sweep)

    async def _shrink(self, most_bytes: int) -> None:
        """Remove what could not be made, and what was used longest ago until the rest fits."""
        while (key := self._least_needed(most_bytes)) is not None:
            await self._drop(key)

    def _least_needed(self, most_bytes: int) -> bytes | None:
        """Return what to remove next: looked for each time, since others lend and remove while a file goes."""
        idle = self._idle()
        failed = [key for key, entry in idle if entry.volume is None]
        is_full = sum(entry.length for entry in self._entries.values()) > most_bytes
        oldest = [key for key, _ in sorted(idle, key=lambda item: item[1].used_s)] if is_full else []
        return next(iter([*failed, *oldest]), None)

    def _idle(self) -> list[tuple[bytes, _Entry]]:
        return [(key, entry) for key, entry in self._entries.items() if not entry.users]

    async def _drop(self, key: bytes) -> None:
        entry = self._entries.pop(key)
        if entry.volume is not None:
            await self._remove(_files_of(entry.volume))

    async def _made(self, rows: Sequence[InstanceRow]) -> SeriesVolume:
        """Make a volume, and leave no file that is not part of it."""
        await asyncio.to_thread(self._folder.path)
        paths: set[Path] = set()

        def new_file() -> Path:
            path = self._folder.new_file()
            paths.add(path)
            self._known.add(path)
            return path

        try:
            volume = await self._make(rows, new_file)
        except BaseException:
            await self._remove(paths)
            raise
        await self._remove(paths - _files_of(volume))
        return volume

    async def _remove(self, paths: Collection[Path]) -> None:
        """Remove files; what stays, because whoever waits is cancelled, is swept."""
        self._known.difference_update(paths)
        await asyncio.to_thread(_unlink, paths)

    def _sweep(self) -> None:
        _unlink(path for path in self._folder.files() if path not in self._known)
        self._folder.sweep()


def _unlink(paths: Iterable[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)


def _files_of(volume: SeriesVolume) -> set[Path]:
    return {volume.stored.path, volume.small.path}
