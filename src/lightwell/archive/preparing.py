"""Preparing series: once a study is quiet, what a viewer asks for first is made ready, so that it opens fast.

Everything works without it. The images stay as they are; what is made of them is checked against them bit by bit, and
made again when more images come.
"""

import asyncio
import logging
import secrets
from collections.abc import AsyncGenerator, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from itertools import accumulate, islice
from pathlib import Path
from typing import BinaryIO, Final

from lightwell.archive.blobs import Blobs
from lightwell.archive.codecs import LOSSY, Undecodable, codec_of
from lightwell.archive.describing import describe, zipped
from lightwell.archive.disk import Disk
from lightwell.archive.frame_reading import read_frames
from lightwell.archive.header import pixel_form, read_header
from lightwell.archive.model import InstanceRow
from lightwell.archive.pack import Pack, Places
from lightwell.archive.picturing import may_be_seen, picture_of, representative
from lightwell.archive.store import prepare as store
from lightwell.core import clock, logs
from lightwell.core.actors import house
from lightwell.core.errors import LightwellError
from lightwell.core.machines import Machines
from lightwell.core.tx import Tx
from lightwell.imaging.form import Codec, PixelError, PixelForm, encoded_form
from lightwell.imaging.picture import Picture
from lightwell.imaging.work import make_ready
from lightwell.standards.dicom import uids
from lightwell.standards.dicom.errors import DataSetError

log = logging.getLogger(__name__)
PREPARE: Final = "archive.prepare"
FORGET: Final = "archive.forget_pack"
_LEVEL: Final = 6
_BATCH_BYTES: Final = 8 << 20
_BATCH_S: Final = 120.0
THUMBNAIL_BOX: Final = (128, 128)
_STILL_READ: Final = timedelta(minutes=30)
_SERVE_AS_WELL: Final = LOSSY | {uids.HTJ2KLossless, uids.HTJ2KLosslessRPCL}
"""What is stored in these is small already, or fast to decode."""


async def prepare_study(tx: Tx, organisation_id: int, study: int) -> None:
    """Have the series of a study prepared of which nothing is, or which have other images by now."""
    cursor = await tx.connection.execute(store.UNPREPARED, {"study": study})
    for (series,) in await cursor.fetchall():
        await tx.defer(PREPARE, only_one=f"prepare/{series}", organisation_id=organisation_id, series=series)


@dataclass(frozen=True, slots=True)
class Forgetter:
    """Removes the file of a prepared series that another has taken the place of, when nobody reads it any more."""

    blobs: Blobs

    async def __call__(self, organisation_id: int, blob: str) -> None:
        """Remove a file."""
        if blob.startswith(f"{organisation_id}/prepared/"):
            await asyncio.to_thread(self.blobs.delete, blob)


@dataclass(frozen=True, slots=True)
class Preparer:
    """Prepares a series."""

    machines: Machines
    blobs: Blobs
    disk: Disk

    async def __call__(self, organisation_id: int, series: int) -> None:
        """Make the file of a series, and have it used from then on."""
        found = await self._images(organisation_id, series)
        if not found:
            return
        rows = [row for row, _ in found]
        blob = f"{organisation_id}/prepared/{secrets.token_hex(12)}.pack"
        try:
            places = await self._write(rows, blob)
        except Undecodable as error:  # a header that cannot be walked will not mend; the series does without
            logs.event(log, logging.WARNING, "a series was not prepared", error=error, series=series)
            return
        values = asdict(places) | {
            "series_id": series,
            "organisation_id": organisation_id,
            "instance_count": len(rows),
            "blob": blob,
            "origin": self.machines.settings.origin,
            "instance_ids": [number for _, number in found],
            "first_frames": _first_frames(rows),
        }
        async with self.machines.transactions.begin(house(organisation_id)) as tx:
            row = await (await tx.connection.execute(store.KEEP, values)).fetchone()
            if row is not None and row[0]:
                at = clock.now() + _STILL_READ
                await tx.defer(FORGET, at=at, organisation_id=organisation_id, blob=row[0])

    async def _images(self, organisation_id: int, series: int) -> list[tuple[InstanceRow, int]]:
        async with self.machines.transactions.begin(house(organisation_id)) as tx:
            cursor = await tx.connection.execute(store.IMAGES, {"series_id": series})
            return [(InstanceRow(*row[:-1]), row[-1]) for row in await cursor.fetchall()]

    async def _write(self, rows: Sequence[InstanceRow], blob: str) -> Places:
        folder = self.machines.settings.spool / "preparing"
        await asyncio.to_thread(self.disk.make_folder, folder)
        path = folder / blob.rpartition("/")[2]
        try:
            with await asyncio.to_thread(self.disk.create, path) as file:
                places = await self._fill(file, rows)
                await asyncio.to_thread(self.disk.sync, file)
            await asyncio.to_thread(self._put, path, blob)
        finally:
            await asyncio.to_thread(self.disk.remove, path)
        return places

    def _put(self, path: Path, blob: str) -> None:
        (refused,) = self.blobs.put([(path, blob)])
        if refused is not None:
            raise refused

    async def _fill(self, file: BinaryIO, rows: Sequence[InstanceRow]) -> Places:
        pack = Pack(file)
        metadata = zipped(describe(self.blobs, rows, f"{self.machines.settings.origin}/dicom-web"), _LEVEL)
        thumbnail = await self._thumbnail(rows)
        await asyncio.to_thread(pack.begin, metadata, thumbnail)
        for row in rows:
            pack.begin_image(row.sop_instance_uid)
            await self._add(pack, row)
        return await asyncio.to_thread(pack.finish)

    async def _thumbnail(self, rows: Sequence[InstanceRow]) -> bytes:
        try:
            row = representative(rows)
            return await picture_of(self.blobs, self.machines.compute, row, None, Picture(box=THUMBNAIL_BOX))
        except LightwellError:  # no picture in it, or a damaged one
            return b""

    async def _add(self, pack: Pack, row: InstanceRow) -> None:
        """Add the frames of an image; of one that cannot be read, nothing."""
        done = 0
        try:
            async for made in self._made(row):
                await asyncio.to_thread(pack.add, made)
                done += len(made)
        except (DataSetError, PixelError, LightwellError) as error:
            logs.event(log, logging.WARNING, "an image was not made ready", error=error, blob=row.blob)
        pack.add([(b"", b"")] * (row.number_of_frames - done))

    async def _made(self, row: InstanceRow) -> AsyncGenerator[list[tuple[bytes, bytes]]]:
        codec = codec_of(row)
        if codec is None or not may_be_seen(row):
            return
        header = await asyncio.to_thread(read_header, self.blobs, row)
        form = pixel_form(header)
        with_frames = row.transfer_syntax_uid not in _SERVE_AS_WELL and _can_be_written(form)
        frames = read_frames(self.blobs, row, header, form, range(row.number_of_frames))
        size = max(1, _BATCH_BYTES * 8 // max(1, form.bits))
        while batch := await asyncio.to_thread(lambda: list(islice(frames, size))):
            work = (make_ready, batch, form, codec, with_frames)
            yield await self.machines.compute.run(*work, timeout_s=_BATCH_S)


def _can_be_written(form: PixelForm) -> bool:
    try:
        encoded_form(form, Codec.HTJ2K)
    except PixelError:
        return False
    return True


def _first_frames(rows: Sequence[InstanceRow]) -> list[int]:
    """Return for each image how many frames come before its first."""
    return [0, *accumulate(row.number_of_frames for row in rows[:-1])]
