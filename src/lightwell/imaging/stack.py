"""Images that stand in the patient one behind the other (PS3.3 C.7.6.2). To import this costs nothing.

Coordinates are those of the patient: millimetres to the left, to the back and to the head (LPS).
"""

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

Vector3: TypeAlias = tuple[float, float, float]
Affine: TypeAlias = tuple[tuple[float, ...], ...]


class Refusal(StrEnum):
    """Why images are no volume; pages have words for each."""

    NO_GEOMETRY = "no_geometry"
    TOO_FEW_IMAGES = "too_few_images"
    MIXED_SIZE = "mixed_size"
    MIXED_SPACING = "mixed_spacing"
    MIXED_ORIENTATION = "mixed_orientation"
    DUPLICATE_POSITIONS = "duplicate_positions"
    TOO_LARGE = "too_large"
    NOT_OF_SHADES = "not_of_shades"


class NotAVolume(Exception):
    """The images of a series are no volume; ``refusal`` says why, the message in words."""

    def __init__(self, refusal: Refusal, message: str) -> None:
        super().__init__(refusal, message)  # both, so that it survives the way out of a worker
        self.refusal = refusal

    def __str__(self) -> str:
        """Return the words."""
        return str(self.args[1])


@dataclass(frozen=True, slots=True)
class ImagePlane:
    """Where an image lies in the patient (PS3.3 C.7.6.2.1.1).

    ``position_mm`` is the centre of its first pixel; ``row`` points along a row, ``column`` down a column;
    ``spacing_mm`` is the distance between rows, then that between columns, as in Pixel Spacing.
    """

    position_mm: Vector3
    row: Vector3
    column: Vector3
    spacing_mm: tuple[float, float]
    rows: int
    columns: int


@dataclass(frozen=True, slots=True)
class VolumeGeometry:
    """How the images of a series stand in the patient.

    Attributes:
        order: the places of the images in what was given, from one end of the normal to the other.
        shape: images, rows, columns.
        spacing_mm: between images (the usual step), rows and columns.
        affine: 4x4, row by row, from (image, row, column, 1) to the patient's millimetres; exact where ``is_regular``.
        offsets_mm: of each image along the normal, from the first.
        shifts_mm: of each image within its plane against the first one, down the columns and along the rows: not zero
            where the gantry was tilted.
        gaps: numbers of images, in ``order``, after which one or more are missing.
        is_regular: whether the images stand evenly and straight, so that ``affine`` holds for all of them.
    """

    order: tuple[int, ...]
    shape: tuple[int, int, int]
    spacing_mm: Vector3
    affine: Affine
    offsets_mm: tuple[float, ...]
    shifts_mm: tuple[tuple[float, float], ...]
    gaps: tuple[int, ...]
    is_regular: bool

    @property
    def tilt_degrees(self) -> float:
        """How far the stack leans from the normal of its images: 0 where the gantry stood straight."""
        shift = math.dist(self.shifts_mm[-1], self.shifts_mm[0])
        return math.degrees(math.atan2(shift, self.offsets_mm[-1]))
