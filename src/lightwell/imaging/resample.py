"""Series that do not stand evenly made into volumes that do: tilted gantries, uneven steps, missing images.

Every voxel of the result is looked up where it lies in the patient: linearly between the two images around it, each
shifted by what the tilt moved it. Where images are missing nothing is made up.
"""

from bisect import bisect_left
from dataclasses import dataclass, replace
from math import prod
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage as untyped

from lightwell.imaging.stack import NotAVolume, Refusal, VolumeGeometry
from lightwell.imaging.volume import Matrix, affine_of

Values: TypeAlias = NDArray[Any]
Plane: TypeAlias = NDArray[np.float32]
ndimage: Any = untyped
_MOST_VOXELS: Final = 400_000_000
_FINEST: Final = 0.5


@dataclass(frozen=True, slots=True)
class _Grid:
    """The even grid: offsets of its planes, and how far it begins before the first image, down and across."""

    offsets_mm: Matrix
    before_mm: tuple[float, float]
    shape: tuple[int, int, int]


def regular_geometry(geometry: VolumeGeometry) -> VolumeGeometry:
    """Return the even geometry that holds all of an uneven one; an even one as it is.

    The steps are the usual ones, or finer where images stand closer over more than a few of them.

    Raises:
        NotAVolume: there would be more than 400 million voxels.
    """
    _require_size(geometry.shape)
    if geometry.is_regular:
        return geometry
    grid = _grid(geometry)
    affine = np.array(geometry.affine)
    axes = [affine[:3, place] / geometry.spacing_mm[place] for place in range(3)]
    origin = affine[:3, 3] - axes[1] * grid.before_mm[0] - axes[2] * grid.before_mm[1]
    spacing = (float(grid.offsets_mm[1]), *geometry.spacing_mm[1:])
    return replace(
        geometry,
        order=tuple(range(grid.shape[0])),
        shape=grid.shape,
        spacing_mm=spacing,
        affine=affine_of(origin, axes, spacing),
        offsets_mm=tuple(float(offset) for offset in grid.offsets_mm),
        shifts_mm=((0.0, 0.0),) * grid.shape[0],
        gaps=(),
        is_regular=True,
    )


def _grid(geometry: VolumeGeometry) -> _Grid:
    step = _step(geometry)
    count = round(geometry.offsets_mm[-1] / step) + 1
    shifts = np.array(geometry.shifts_mm)
    pixels = np.array(geometry.spacing_mm[1:])
    before = np.ceil(np.maximum(0, -shifts.min(axis=0)) / pixels)
    after = np.ceil(np.maximum(0, shifts.max(axis=0)) / pixels)
    rows, columns = (int(size) for size in np.array(geometry.shape[1:]) + before + after)
    _require_size((count, rows, columns))
    offsets = np.linspace(0.0, geometry.offsets_mm[-1], count)
    down, across = (float(value) for value in before * pixels)
    return _Grid(offsets, (down, across), (count, rows, columns))


def _require_size(shape: tuple[int, int, int]) -> None:
    if prod(shape) > _MOST_VOXELS:
        count, rows, columns = shape
        message = f"an even volume of this series would have {count} x {rows} x {columns} voxels; at most 400 million"
        raise NotAVolume(Refusal.TOO_LARGE, message)


def _step(geometry: VolumeGeometry) -> float:
    """Return the step of the even grid: the quarter of the steps that are finest, but not below half the usual one."""
    steps = np.diff(geometry.offsets_mm)
    finest = float(np.percentile(steps, 25))
    return max(finest, _FINEST * geometry.spacing_mm[0])


def make_regular(values: Values, geometry: VolumeGeometry, outside: float, result: Values) -> None:
    """Fill an even volume with the images of a series.

    Args:
        values: the images in the geometry's order, of shape (images, rows, columns), in units of the modality.
        geometry: where they lie.
        outside: the value where no image is: beyond the edges, and in gaps.
        result: is filled; of the shape that :func:`regular_geometry` tells. Whole numbers are rounded.
    """
    if geometry.is_regular:
        result[:] = values
        return
    offsets, grid = geometry.offsets_mm, _grid(geometry)
    shifted = _Shifted(values, geometry, grid, outside)
    for place in range(len(grid.offsets_mm)):
        offset = float(grid.offsets_mm[place])
        above = min(max(1, bisect_left(offsets, offset)), len(offsets) - 1)
        step = offsets[above] - offsets[above - 1]
        weight = (offset - offsets[above - 1]) / step
        if above - 1 in geometry.gaps:
            plane = shifted.beside_gap(above, weight, float(grid.offsets_mm[1]) / step)
        else:
            plane = shifted.between(above, weight)
        result[place] = np.rint(plane) if result.dtype.kind in "iu" else plane


class _Shifted:
    """Images moved to where they lie on the even grid; the last two are kept, since planes come in order."""

    def __init__(self, values: Values, geometry: VolumeGeometry, grid: _Grid, outside: float) -> None:
        self._values = values
        self._shape = grid.shape[1:]
        self._outside = outside
        self._places = (np.array(geometry.shifts_mm) + grid.before_mm) / geometry.spacing_mm[1:]
        self._known: dict[int, Plane] = {}

    def between(self, above: int, weight: float) -> Plane:
        """Return the plane between an image and the one before it."""
        low, high = self._image(above - 1), self._image(above)
        return np.add(low, weight * (high - low), dtype=np.float32)

    def beside_gap(self, above: int, weight: float, step: float) -> Plane:
        """Return the nearer image if the plane belongs to it, else nothing; ``step`` is in parts of the gap."""
        if weight <= step / 2:
            return self._image(above - 1)
        if weight >= 1 - step / 2:
            return self._image(above)
        return np.full(self._shape, self._outside, np.float32)

    def _image(self, number: int) -> Plane:
        if number not in self._known:
            self._known = {key: image for key, image in self._known.items() if key >= number - 1}
            self._known[number] = self._moved(number)
        return self._known[number]

    def _moved(self, number: int) -> Plane:
        """Return an image at its place on the grid, linear between pixels."""
        wide = np.full(self._shape, self._outside, np.float32)
        rows, columns = self._values.shape[1:]
        wide[:rows, :columns] = self._values[number]
        return ndimage.shift(wide, self._places[number], order=1, mode="constant", cval=self._outside)
