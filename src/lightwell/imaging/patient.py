"""The three planes that a patient is cut in, and how a picture of each lies (PS3.3 C.7.6.2.1.1).

Axial pictures are looked at from the feet, coronal ones from the front, sagittal ones from the left, so that the
patient's right is on the left of the picture wherever both can be seen.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

Direction = tuple[float, float, float]
_LETTERS: Final = (("R", "L"), ("A", "P"), ("F", "H"))


class PlaneName(StrEnum):
    """The plane of a picture."""

    AXIAL = "axial"
    CORONAL = "coronal"
    SAGITTAL = "sagittal"


@dataclass(frozen=True, slots=True)
class View:
    """How a picture lies in the patient: directions to the right, down, and away from who looks."""

    right: Direction
    down: Direction
    away: Direction

    @property
    def letters(self) -> tuple[str, str, str, str]:
        """What is at the left, right, top and bottom of the picture: R L A P F H, the main direction first."""
        return tuple(
            letters_of(direction) for direction in (_turned(self.right), self.right, _turned(self.down), self.down)
        )  # pyright: ignore[reportReturnType] -- four of them


VIEWS: Final = {
    PlaneName.AXIAL: View((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    PlaneName.CORONAL: View((1, 0, 0), (0, 0, -1), (0, 1, 0)),
    PlaneName.SAGITTAL: View((0, 1, 0), (0, 0, -1), (-1, 0, 0)),
}


def letters_of(direction: Direction) -> str:
    """Return what lies in a direction of length 1, the main part first; parts below a quarter are left out."""
    parts = sorted(((abs(value), axis, value > 0) for axis, value in enumerate(direction)), reverse=True)
    return "".join(_LETTERS[axis][is_ahead] for size, axis, is_ahead in parts if size > _WORTH_A_LETTER)


_WORTH_A_LETTER: Final = 0.25


def _turned(direction: Direction) -> Direction:
    x, y, z = direction
    return -x, -y, -z
