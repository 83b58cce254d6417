"""Pictures of a volume in the patient's planes, thin or as thick as a slab (multiplanar reformatting).

A pixel is as wide as it is high, in millimetres, however the images were taken: what is round in the patient is round.
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from lightwell.imaging.cut import Cut, OutsideTheVolume, Projection
from lightwell.imaging.patient import VIEWS, View
from lightwell.imaging.resample import Plane, Values
from lightwell.imaging.sampling import box_of, sample, spacing_of
from lightwell.imaging.volume import Matrix

_MOST_PIXELS: Final = 1024
_MOST_LAYERS: Final = 256
_HAIR: Final = 1e-4


@dataclass(frozen=True, slots=True)
class Reformatted:
    """A picture in the units of the volume, where it lies, and from where to where there is something to cut."""

    values: Plane
    pixel_mm: float
    position_mm: float
    range_mm: tuple[float, float]
    view: View


def reformat(volume: Values, affine: Matrix, outside: float, cut: Cut) -> Reformatted:
    """Return the picture of a cut.

    Args:
        volume: images x rows x columns, in the units of the modality.
        affine: from indices to the patient's millimetres.
        outside: the value where nothing is.
        cut: where, and how thick.

    Raises:
        OutsideTheVolume: there is nothing at that position.
    """
    view = VIEWS[cut.plane]
    axes = np.abs(np.array((view.away, (0, 0, 0), (0, 0, 0)), np.float64))
    axes[1:] = view.down, view.right
    low, high = box_of(volume.shape, affine, axes)
    finest_mm = float(spacing_of(affine).min())
    ends = _ends(volume.shape, affine, axes)
    position = _position(cut, *ends)
    pixel_mm = max(finest_mm, float((high - low)[1:].max()) / _MOST_PIXELS)
    rows, columns = (max(1, round(float(size) / pixel_mm)) for size in (high - low)[1:])
    count = min(_MOST_LAYERS, max(1, math.ceil(cut.slab_mm / finest_mm)))
    step_mm = cut.slab_mm / count
    first = position - step_mm * (count - 1) / 2
    slab = _Slab(cut.projection, (rows, columns))
    for number in range(count):
        start = np.array((first + number * step_mm, low[1] + pixel_mm / 2, low[2] + pixel_mm / 2))
        steps = np.array((1.0, pixel_mm, pixel_mm))
        slab.add(sample(volume, affine, axes, start, steps, (1, rows, columns))[0])
    return Reformatted(slab.shown(outside), pixel_mm, position, ends, view)


def _ends(shape: tuple[int, ...], affine: Matrix, axes: Matrix) -> tuple[float, float]:
    """Return from where to where there are voxels' centres, a hair within, so that rounding leads nowhere outside."""
    low, high = box_of(shape, affine, axes, margin=-_HAIR)
    return float(low[0]), float(high[0])


def _position(cut: Cut, low: float, high: float) -> float:
    if cut.position_mm is None:
        return min(low + cut.place * (high - low), high)
    if not low <= cut.position_mm <= high:
        message = f"{cut.plane} pictures go from {low:.1f} to {high:.1f} mm; {cut.position_mm:.1f} was asked for"
        raise OutsideTheVolume(message)
    return cut.position_mm


class _Slab:
    """Layers seen through: only as much is held as the picture needs."""

    def __init__(self, projection: Projection, shape: tuple[int, int]) -> None:
        self._projection = projection
        self._count = np.zeros(shape, np.float32)
        self._seen = np.zeros(shape, np.float32) if projection is Projection.AVERAGE else np.full(shape, np.nan, "f4")

    def add(self, layer: Plane) -> None:
        """Add what lies behind."""
        match self._projection:
            case Projection.AVERAGE:
                is_there = ~np.isnan(layer)
                self._count += is_there
                self._seen += np.where(is_there, layer, 0)
            case Projection.MAXIMUM:
                self._seen = np.fmax(self._seen, layer)
            case Projection.MINIMUM:
                self._seen = np.fmin(self._seen, layer)

    def shown(self, outside: float) -> Plane:
        """Return what is seen; where nothing was, the value for that."""
        if self._projection is not Projection.AVERAGE:
            return np.where(np.isnan(self._seen), np.float32(outside), self._seen)
        return np.where(self._count > 0, self._seen / np.maximum(self._count, 1), np.float32(outside))
