"""Makes the volume of a series of the frames that are stored: decoded, made even, and small once more."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Final

from lightwell.archive.blobs import Blobs
from lightwell.archive.codecs import undecodable
from lightwell.archive.disk import free_bytes
from lightwell.archive.model import InstanceRow
from lightwell.archive.surveying import NoVolume, Slice, Survey, survey
from lightwell.archive.volume_work import StoredFrame, StoredVolume, fill, make_even, make_small, small_of, stand
from lightwell.core.errors import OutOfSpace
from lightwell.core.machines import Machines
from lightwell.imaging.form import PixelError
from lightwell.imaging.look import Look, Window
from lightwell.imaging.stack import NotAVolume, VolumeGeometry
from lightwell.standards.dicom.errors import DataSetError

_BATCH_BYTES: Final = 8 << 20
_WORK_S: Final = 120.0
_AIR_HU: Final = -1024.0
_SOFT_TISSUE: Final = Window(40, 400)
_SIZES: Final = {"i2": 2, "f4": 4}
CT: Final = "CT"


@dataclass(frozen=True, slots=True)
class SeriesVolume:
    """The volume of a series: even, however its images stand.

    ``geometry`` tells how they stand; ``look`` in which window values are seen; ``is_light_low`` whether low ones are
    bright; ``small`` is for views from outside.
    """

    stored: StoredVolume
    small: StoredVolume
    geometry: VolumeGeometry
    modality: str
    look: Look
    is_light_low: bool


class VolumeMaker:
    """Makes volumes with the workers of a node."""

    def __init__(self, machines: Machines, blobs: Blobs) -> None:
        self._machines = machines
        self._blobs = blobs

    async def make(self, rows: Sequence[InstanceRow], new_file: Callable[[], Path]) -> SeriesVolume:
        """Make a volume in new files; whoever asks removes those that are not part of it, or all if it fails.

        Raises:
            NoVolume: the images are none; says why.
            Undecodable: an image is damaged.
            OutOfSpace: the spool has no room for it.
        """
        found = await asyncio.to_thread(survey, self._blobs, rows)
        run = self._machines.compute.run
        try:
            geometry, even = await run(stand, [one.plane for one in found.slices])
        except NotAVolume as error:
            raise NoVolume(error) from error
        outside = _AIR_HU if found.modality == CT else _darkest(found)
        raw = StoredVolume(new_file(), geometry.shape, found.kind, geometry.affine, outside)
        stored = raw
        if not geometry.is_regular:
            stored = StoredVolume(new_file(), even.shape, found.kind, even.affine, outside)
        small_shape, small_affine = await run(small_of, even.shape, even.affine)
        small = StoredVolume(new_file(), small_shape, found.kind, small_affine, outside)
        await asyncio.to_thread(self._create, list({raw, stored, small}))
        try:
            await self._fill(raw, [found.slices[place] for place in geometry.order])
        except (DataSetError, PixelError) as error:
            raise undecodable(error) from error
        if stored is not raw:
            await run(make_even, raw, geometry, stored, timeout_s=_WORK_S)
        await run(make_small, stored, small, timeout_s=_WORK_S)
        look = _look_of(found, geometry)
        return SeriesVolume(stored, small, geometry, found.modality, look, found.is_light_low)

    def _create(self, volumes: Sequence[StoredVolume]) -> None:
        """Make the files of volumes, for nobody else to read."""
        sizes = [prod(volume.shape) * _SIZES[volume.kind] for volume in volumes]
        room = free_bytes(volumes[0].path.parent) - (self._machines.settings.min_free_mb << 20)
        if sum(sizes) > room:
            message = f"the spool has no room for a volume of {sum(sizes) >> 20} MB; make room, then try again"
            raise OutOfSpace(message)
        for volume, size in zip(volumes, sizes, strict=True):
            with volume.path.open("xb") as file:
                file.truncate(size)

    async def _fill(self, volume: StoredVolume, slices: Sequence[Slice]) -> None:
        """Decode frames into a volume, a few MB at a time."""
        count = max(1, _BATCH_BYTES * 8 // max(1, slices[0].form.bits))
        for first in range(0, len(slices), count):
            frames = await asyncio.to_thread(self._read, slices[first : first + count])
            await self._machines.compute.run(fill, volume, first, frames, timeout_s=_WORK_S)

    def _read(self, slices: Sequence[Slice]) -> list[StoredFrame]:
        return [one.stored(self._blobs) for one in slices]


def _darkest(found: Survey) -> float:
    """Return the value that an image can have which is black, where nothing is known to be air."""
    one = found.slices[0]
    bits = 0 if one.form.is_float else one.form.bits_stored
    lowest = -(1 << bits - 1) if bits and one.form.is_signed else 0
    ends = [end * one.look.slope + one.look.intercept for end in (lowest, lowest + (1 << bits) - 1)]
    return max(ends) if found.is_light_low else min(0.0, *ends)


def _look_of(found: Survey, geometry: VolumeGeometry) -> Look:
    """Return the window of the image in the middle; CT without one is seen as soft tissue."""
    middle = found.slices[geometry.order[len(geometry.order) // 2]].look
    window = middle.window or (_SOFT_TISSUE if found.modality == CT else None)
    return Look(window=window)
