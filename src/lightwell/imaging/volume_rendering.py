"""A volume seen from outside: rays through it, each voxel with a colour and an opacity, lit from who looks.

Rays are followed from front to back, a few layers at a time; those that meet air only, or something opaque before, cost
next to nothing. It is a picture to find one's way by, for screens that cannot draw it themselves; nothing is
measured in it.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage as untyped

from lightwell.imaging.camera import Camera, VolumePreset
from lightwell.imaging.resample import Plane, Values
from lightwell.imaging.sampling import spacing_of
from lightwell.imaging.stack import Affine
from lightwell.imaging.volume import Matrix

Colours: TypeAlias = NDArray[np.float32]
ndimage: Any = untyped
_LAYERS: Final = 8
_BLOCK: Final = 8
_OPAQUE: Final = 0.02
_FAINT: Final = 0.01
_AMBIENT: Final = 0.35
_DARK: Final = 0.05
"""Of the range of values: what is darker is taken for air in a maximum intensity projection, and is black."""
_ENTRIES: Final = 2048
_MOST_VOXELS: Final = 256


Point: TypeAlias = tuple[float, float, tuple[float, float, float]]
"""Of a value: opacity of a millimetre, and colour, each from 0 to 1."""

_BONE: Final = (1.0, 0.97, 0.88)
_VESSEL: Final = (0.80, 0.14, 0.10)
_TRANSFERS: Final[Mapping[VolumePreset, Sequence[Point]]] = {
    VolumePreset.CT_BONE: (
        (150, 0.0, (0.72, 0.42, 0.30)),
        (250, 0.10, (0.85, 0.66, 0.48)),
        (450, 0.50, (0.95, 0.88, 0.74)),
        (1000, 0.90, _BONE),
    ),
    VolumePreset.CT_SOFT: (
        (-350, 0.0, (0.70, 0.45, 0.36)),
        (-150, 0.12, (0.83, 0.62, 0.52)),
        (20, 0.20, (0.80, 0.40, 0.34)),
        (150, 0.45, (0.90, 0.58, 0.48)),
        (400, 0.90, _BONE),
    ),
    VolumePreset.CT_ANGIO: (
        (130, 0.0, _VESSEL),
        (200, 0.35, _VESSEL),
        (320, 0.70, (0.92, 0.36, 0.26)),
        (600, 0.90, _BONE),
    ),
}
_MR: Final[Sequence[Point]] = (
    (0.18, 0.0, (0.30, 0.28, 0.27)),
    (0.35, 0.05, (0.62, 0.55, 0.50)),
    (0.65, 0.30, (0.85, 0.80, 0.74)),
    (1.00, 0.80, (1.00, 0.98, 0.94)),
)
"""MR values have no unit: these are parts of the range of the volume."""


def reduced_geometry(shape: tuple[int, int, int], affine: Affine) -> tuple[tuple[int, int, int], Affine]:
    """Return shape and affine of a volume once it is made small: at most 256 voxels in each direction."""
    factors = np.array([_factor(size) for size in shape])
    coarse = np.array(affine)
    coarse[:3, 3] += coarse[:3, :3] @ ((factors - 1) / 2)
    coarse[:3, :3] *= factors
    counts = (np.array(shape) // factors).tolist()
    return (counts[0], counts[1], counts[2]), tuple(tuple(line) for line in coarse.tolist())


def reduce(volume: Values, small: Values) -> None:
    """Fill the small volume of a volume with means."""
    factors = [_factor(size) for size in volume.shape]
    counts = small.shape
    for place in range(counts[0]):
        layers = volume[place * factors[0] : (place + 1) * factors[0]]
        even = layers[:, : counts[1] * factors[1], : counts[2] * factors[2]]
        parts = even.reshape(factors[0], counts[1], factors[1], counts[2], factors[2])
        small[place] = parts.mean(axis=(0, 2, 4), dtype=np.float32)


def _factor(size: int) -> int:
    return max(1, -(-size // _MOST_VOXELS))


def render(volume: Values, affine: Matrix, camera: Camera, preset: VolumePreset, side: int) -> NDArray[np.uint8]:
    """Return a picture of a volume, of shape (side, side, 3); black where nothing is.

    Args:
        volume: images x rows x columns, in Hounsfield units for the presets of CT.
        affine: from indices to the patient's millimetres.
        camera: from where.
        preset: what is seen.
        side: how many pixels wide and high.
    """
    ends = _range_of(volume)
    if preset is VolumePreset.MIP:
        return _brightest(_Rays(volume, affine, camera, side, ends[0] + _DARK * (ends[1] - ends[0])), ends)
    table = _Table(_TRANSFERS.get(preset) or _over(_MR, ends), float(spacing_of(affine).min()))
    return _composed(_Rays(volume, affine, camera, side, table.least), table)


def _range_of(volume: Values) -> tuple[float, float]:
    """Return between which values nearly all of what is not air lies."""
    steps = [max(1, size // 64) for size in volume.shape]
    low, high = np.percentile(volume[:: steps[0], :: steps[1], :: steps[2]], (5, 99.7))
    return float(low), float(max(high, low + 1))


def _over(points: Sequence[Point], ends: tuple[float, float]) -> Sequence[Point]:
    low, high = ends
    return [(low + place * (high - low), opacity, colour) for place, opacity, colour in points]


class _Rays:
    """A ray for each pixel, in indices of the volume; ``least`` is the value above which something is seen."""

    def __init__(self, volume: Values, affine: Matrix, camera: Camera, side: int, least: float) -> None:
        self.side = side
        self._volume = volume
        view = camera.view
        axes = np.array((view.away, view.down, view.right), np.float64)
        self._something = _somewhere(volume, least)
        corners = _corners_of(self._something, affine)
        middle = axes @ (corners.min(axis=0) + corners.max(axis=0)) / 2
        self._inverse = np.linalg.inv(affine[:3, :3])
        step_mm, pixel_mm = float(spacing_of(affine).min()), _pixel_mm(corners, camera, side)
        low, high = (end(corners @ axes[0]) for end in (np.min, np.max))
        self.count = math.ceil(float(high - low) / step_mm) + 1
        corner = middle - pixel_mm * (side - 1) / 2
        first = self._inverse @ (axes.T @ np.array((low, corner[1], corner[2])) - affine[:3, 3])
        down, across = (self._inverse @ axes[place] * pixel_mm for place in (1, 2))
        places = np.arange(side, dtype=np.float64)
        grid = first + places[:, None, None] * down + places[None, :, None] * across
        self._starts = np.ascontiguousarray(grid.reshape(-1, 3).T)
        self._step = self._inverse @ axes[0] * step_mm
        self._away = axes[0]

    def meeting(self, wanted: NDArray[np.intp], first: int) -> NDArray[np.intp]:
        """Return which of the wanted rays may meet something in the layers from ``first`` on."""
        middle = self._at(wanted, first + _LAYERS / 2)
        blocks = np.floor((middle + 0.5) / _BLOCK).astype(np.int32) + 2
        limits = np.array(self._something.shape, np.int32)[:, None]
        blocks = np.clip(blocks, 0, limits - 1)
        return wanted[self._something[blocks[0], blocks[1], blocks[2]]]

    def values(self, rays: NDArray[np.intp], layer: int) -> tuple[Plane, Matrix]:
        """Return the values of rays in a layer, and where in the volume they are."""
        places = self._at(rays, layer)
        return ndimage.map_coordinates(self._volume, places, np.float32, order=1, cval=-np.inf, prefilter=False), places

    def light(self, places: Matrix) -> Plane:
        """Return how bright voxels are: full where their surface faces who looks, less where it turns away."""
        slopes: list[Plane] = []
        for axis in range(3):
            ends: list[Plane] = []
            for side in (-1.0, 1.0):
                beside = places.copy()
                beside[axis] += side
                ends.append(ndimage.map_coordinates(self._volume, beside, np.float32, order=1, mode="nearest"))
            slopes.append(ends[1] - ends[0])
        steepest = self._inverse.T @ np.stack(slopes)
        facing = np.abs(self._away @ steepest) / np.maximum(np.linalg.norm(steepest, axis=0), 1e-3)
        return np.asarray(_AMBIENT + (1 - _AMBIENT) * facing, np.float32)

    def _at(self, rays: NDArray[np.intp], layer: float) -> Matrix:
        return self._starts[:, rays] + (layer * self._step)[:, None]


def _somewhere(volume: Values, least: float) -> NDArray[np.bool_]:
    """Return which blocks of a volume, or blocks beside them, hold anything; two empty ones are all around."""
    counts = [-(-size // _BLOCK) for size in volume.shape]
    found = np.zeros(counts, np.bool_)
    for place in range(counts[0]):
        layers = volume[place * _BLOCK : (place + 1) * _BLOCK].max(axis=0) > least
        rows, columns = (-size % _BLOCK for size in layers.shape)
        blocks = np.pad(layers, ((0, rows), (0, columns))).reshape(counts[1], _BLOCK, counts[2], _BLOCK)
        found[place] = blocks.any(axis=(1, 3))
    return ndimage.binary_dilation(np.pad(found, 2), np.ones((3, 3, 3)))


def _corners_of(something: NDArray[np.bool_], affine: Matrix) -> Matrix:
    """Return where in the patient the corners of the box are that holds all there is, or of an empty volume all."""
    places = np.argwhere(something) if something.any() else np.argwhere(~something)
    first, last = places.min(axis=0), places.max(axis=0)
    ends = np.stack(((first - 1) * _BLOCK - 0.5, (last - 2) * _BLOCK - 0.5), axis=1)
    corners = np.stack(np.meshgrid(*ends, indexing="ij"), axis=-1).reshape(-1, 3)
    return corners @ affine[:3, :3].T + affine[:3, 3]


def _pixel_mm(corners: Matrix, camera: Camera, side: int) -> float:
    """Return the size of a pixel by which all between corners is seen, the same from all around."""
    size = corners.max(axis=0) - corners.min(axis=0)
    across, tall = float(np.hypot(size[0], size[1])), float(size[2])
    rise = math.radians(camera.elevation_degrees)
    return max(across, abs(math.cos(rise)) * tall + abs(math.sin(rise)) * across) / side


def _brightest(rays: _Rays, ends: tuple[float, float]) -> NDArray[np.uint8]:
    seen = np.full(rays.side**2, ends[0], np.float32)
    every = np.arange(rays.side**2)
    for first in range(0, rays.count, _LAYERS):
        meeting = rays.meeting(every, first)
        for layer in range(first, first + _LAYERS):
            seen[meeting] = np.maximum(seen[meeting], rays.values(meeting, layer)[0])
    shades = np.rint(np.clip((seen - ends[0]) / (ends[1] - ends[0]), 0, 1) * 255).astype(np.uint8)
    return np.repeat(shades.reshape(rays.side, rays.side, 1), 3, axis=2)


class _Table:
    """Opacity of a step and colour by value, looked up in a table of equal steps."""

    def __init__(self, points: Sequence[Point], step_mm: float) -> None:
        values = np.array([point[0] for point in points], np.float64)
        self.least, high = float(values[0]), float(values[-1])
        self._scale = (_ENTRIES - 1) / (high - self.least)
        grid = np.linspace(self.least, high, _ENTRIES)
        opacity = np.interp(grid, values, [point[1] for point in points])
        self._opacity = (1 - (1 - opacity) ** step_mm).astype(np.float32)
        colours = [np.interp(grid, values, [point[2][channel] for point in points]) for channel in range(3)]
        self._colours: Colours = np.stack(colours, axis=-1).astype(np.float32)

    def look_up(self, values: Plane) -> tuple[Plane, Colours]:
        """Return opacities and colours of values."""
        places = np.clip((values - self.least) * self._scale, 0, _ENTRIES - 1).astype(np.int32)
        return self._opacity[places], self._colours[places]


def _composed(rays: _Rays, table: _Table) -> NDArray[np.uint8]:
    seen = np.zeros((rays.side**2, 3), np.float32)
    clear = np.ones(rays.side**2, np.float32)
    for first in range(0, rays.count, _LAYERS):
        meeting = rays.meeting(np.flatnonzero(clear > _OPAQUE), first)
        for layer in range(first, first + _LAYERS):
            _add(seen, clear, rays, table, meeting, layer)
    return np.rint(np.clip(seen, 0, 1) * 255).astype(np.uint8).reshape(rays.side, rays.side, 3)


def _add(seen: Colours, clear: Plane, rays: _Rays, table: _Table, meeting: NDArray[np.intp], layer: int) -> None:
    """Add a layer to what is seen already, where it is more than air."""
    values, places = rays.values(meeting, layer)
    is_there = values > table.least
    numbers = meeting[is_there]
    if not numbers.size:
        return
    opacity, colours = table.look_up(values[is_there])
    weight = clear[numbers] * opacity
    is_seen = weight > _FAINT
    light = np.ones(len(numbers), np.float32)
    light[is_seen] = rays.light(places[:, is_there][:, is_seen])
    seen[numbers] += (weight * light)[:, None] * colours
    clear[numbers] -= weight
