"""The images of a series as one volume: where each lies in the patient, and whether they stand evenly (PS3.3 C.7.6.2).

Only *Image Position (Patient)*, *Image Orientation (Patient)* and *Pixel Spacing* are believed. Instance Number counts
images and Slice Thickness says how thick a slice is; neither says where it lies, and both are wrong often enough to
make a tumour a third larger than it is. What cannot be a volume is refused with a code that stays the same and a
sentence that says why.

Coordinates are those of the patient: millimetres to the left, to the back and to the head (LPS).
"""

from collections.abc import Sequence
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from lightwell.imaging.stack import Affine, ImagePlane, NotAVolume, Refusal, Vector3, VolumeGeometry

Matrix: TypeAlias = NDArray[np.float64]

_LEAST_IMAGES: Final = 3
_ORIENTATION_TOLERANCE: Final = 1e-3
_SQUARE_TOLERANCE: Final = 1e-2
_SPACING_TOLERANCE: Final = 5e-3
_ROUNDED_MM: Final = 6e-3
"""Positions are often written with two decimals."""
_EVEN: Final = 0.01
_STRAIGHT: Final = 0.05
_SAME_PLACE: Final = 0.02
"""Of the usual step: images nearer than this lie at the same place."""
_GAP: Final = 1.75
_NEIGHBOURS: Final = 3


def geometry_of(planes: Sequence[ImagePlane | None]) -> VolumeGeometry:
    """Return how the images of a series stand; None stands for an image that does not say where it lies.

    Raises:
        NotAVolume: they are none; says why.
    """
    known = _all_known(planes)
    first = known[0]
    _require_alike(known)
    row, column, normal = _directions(first)
    origins = np.array([plane.position_mm for plane in known], np.float64)
    along = origins @ normal
    order = np.argsort(along, kind="stable")
    offsets = along[order] - along[order[0]]
    steps = np.diff(offsets)
    usual = _usual_step(steps)
    _require_apart(steps, usual)
    within = (origins[order] - origins[order[0]]) @ np.stack((column, row), axis=1)
    spacing = (usual, *first.spacing_mm)
    return VolumeGeometry(
        order=tuple(int(place) for place in order),
        shape=(len(known), first.rows, first.columns),
        spacing_mm=spacing,
        affine=affine_of(origins[order[0]], (normal, column, row), spacing),
        offsets_mm=tuple(float(offset) for offset in offsets),
        shifts_mm=tuple((float(down), float(across)) for down, across in within),
        gaps=_gaps(steps),
        is_regular=_is_even(offsets, usual, within, spacing),
    )


def affine_of(origin_mm: Any, axes: Sequence[Matrix], spacing_mm: Sequence[float]) -> Affine:
    """Return the matrix from indices along three axes to the patient's millimetres (PS3.3 C.7.6.2.1.1)."""
    affine = np.eye(4)
    affine[:3, :3] = np.stack([axis * step for axis, step in zip(axes, spacing_mm, strict=True)], axis=1)
    affine[:3, 3] = origin_mm
    return tuple(tuple(float(value) for value in line) for line in affine)


def _all_known(planes: Sequence[ImagePlane | None]) -> list[ImagePlane]:
    known = [plane for plane in planes if plane is not None and _is_sound(plane)]
    if len(known) < len(planes):
        count = len(planes) - len(known)
        message = f"{count} of {len(planes)} images do not say where they lie (position, orientation and pixel spacing)"
        raise NotAVolume(Refusal.NO_GEOMETRY, message)
    if len(known) < _LEAST_IMAGES:
        message = f"a volume has at least {_LEAST_IMAGES} images, this series has {len(known)}"
        raise NotAVolume(Refusal.TOO_FEW_IMAGES, message)
    return known


def _is_sound(plane: ImagePlane) -> bool:
    """Tell whether the numbers can be those of a plane: two directions of length 1 at a right angle, true distances."""
    numbers = np.array([*plane.position_mm, *plane.row, *plane.column, *plane.spacing_mm], np.float64)
    row, column = np.array(plane.row), np.array(plane.column)
    if not np.isfinite(numbers).all() or min(plane.spacing_mm) <= 0 or min(plane.rows, plane.columns) < 1:
        return False
    products = np.array([row @ row - 1, column @ column - 1, row @ column])
    return bool(np.abs(products).max() < _SQUARE_TOLERANCE)


def _require_alike(planes: Sequence[ImagePlane]) -> None:
    if len({(plane.rows, plane.columns) for plane in planes}) > 1:
        message = "the images of the series are not all of the same size"
        raise NotAVolume(Refusal.MIXED_SIZE, message)
    spacings = np.array([plane.spacing_mm for plane in planes])
    if np.ptp(spacings, axis=0).max() > _SPACING_TOLERANCE * spacings.min():
        message = "the pixels of the images are not all of the same size in millimetres"
        raise NotAVolume(Refusal.MIXED_SPACING, message)
    directions = np.array([(*plane.row, *plane.column) for plane in planes])
    if np.ptp(directions, axis=0).max() > _ORIENTATION_TOLERANCE:
        message = "the images lie in several directions, as scouts and planes of several stacks do; choose one stack"
        raise NotAVolume(Refusal.MIXED_ORIENTATION, message)


def _directions(plane: ImagePlane) -> tuple[Matrix, Matrix, Matrix]:
    """Return the directions along a row, down a column and of the normal, of length 1 and at right angles."""
    row = np.array(plane.row, np.float64)
    row /= np.linalg.norm(row)
    column = np.array(plane.column, np.float64)
    column -= (column @ row) * row
    column /= np.linalg.norm(column)
    return row, column, np.cross(row, column)


def _usual_step(steps: Matrix) -> float:
    """Return the step that stands for all.

    Of even steps it is their mean, since positions are written rounded; else the middle one, so that neither a gap nor
    a doubled image moves it.
    """
    middle = float(np.median(steps))
    is_even = np.abs(steps - middle).max() <= _SPACING_TOLERANCE * abs(middle) + 2 * _ROUNDED_MM
    return float(np.mean(steps)) if is_even else middle


def _require_apart(steps: Matrix, usual: float) -> None:
    near = int(np.sum(steps <= max(_SAME_PLACE * usual, 1e-4)))
    if near:
        message = f"{near} images lie at the place of another one, as those of several times or contrasts do"
        raise NotAVolume(Refusal.DUPLICATE_POSITIONS, message)


def _gaps(steps: Matrix) -> tuple[int, ...]:
    """Return after which images some are missing: a step is far wider than the usual ones on both sides of it.

    A series that goes on with wider steps, as heads are scanned (thin at the base, thick above), has no gap there.
    """
    return tuple(place for place in range(len(steps)) if steps[place] > _GAP * _usual_beside(steps, place))


def _usual_beside(steps: Matrix, place: int) -> float:
    before, after = steps[max(0, place - _NEIGHBOURS) : place], steps[place + 1 : place + 1 + _NEIGHBOURS]
    return max(float(np.median(side)) for side in (before, after) if side.size)


def _is_even(offsets: Matrix, usual: float, within: Matrix, spacing_mm: Vector3) -> bool:
    """Tell whether every image lies where the affine says: within a hundredth of a step, a twentieth of a pixel."""
    astray = np.abs(offsets - np.arange(len(offsets)) * usual).max()
    is_straight = np.abs(within).max() <= _STRAIGHT * min(spacing_mm[1:]) + _ROUNDED_MM
    return bool(is_straight and astray <= _EVEN * usual + _ROUNDED_MM)
