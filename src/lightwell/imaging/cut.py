"""Where a volume is cut. To import this costs nothing."""

from dataclasses import dataclass
from enum import StrEnum

from lightwell.imaging.patient import PlaneName


class Projection(StrEnum):
    """What a slab shows of the values that lie behind each other."""

    AVERAGE = "average"
    MAXIMUM = "maximum"
    MINIMUM = "minimum"


@dataclass(frozen=True, slots=True)
class Cut:
    """Where to cut: at ``position_mm`` in the patient (LPS), or at ``place``, from 0 to 1 of what there is.

    Axial cuts go from the feet to the head, coronal ones from front to back, sagittal ones from right to left.
    """

    plane: PlaneName
    position_mm: float | None = None
    place: float = 0.5
    slab_mm: float = 0.0
    projection: Projection = Projection.AVERAGE


class OutsideTheVolume(Exception):
    """At the position that was asked for there is nothing; the message says from where to where there is."""
