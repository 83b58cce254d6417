"""From where a volume is looked at, and what is seen of it. To import this costs nothing."""

import math
from dataclasses import dataclass
from enum import StrEnum

from lightwell.imaging.patient import View


class VolumePreset(StrEnum):
    """What is seen of a volume."""

    CT_BONE = "ct-bone"
    CT_SOFT = "ct-soft"
    CT_ANGIO = "ct-angio"
    MR_DEFAULT = "mr-default"
    MIP = "mip"


@dataclass(frozen=True, slots=True)
class Camera:
    """From where a volume is looked at.

    ``azimuth_degrees`` 0 is from the front, 90 from the patient's left, 180 from behind; ``elevation_degrees`` 90 is
    from above the head.
    """

    azimuth_degrees: float = 0.0
    elevation_degrees: float = 0.0

    @property
    def view(self) -> View:
        """How the picture lies in the patient."""
        turn, rise = math.radians(self.azimuth_degrees), math.radians(self.elevation_degrees)
        ahead = (-math.sin(turn), math.cos(turn))
        right = (math.cos(turn), math.sin(turn), 0.0)
        away = (math.cos(rise) * ahead[0], math.cos(rise) * ahead[1], -math.sin(rise))
        down = (-math.sin(rise) * ahead[0], -math.sin(rise) * ahead[1], -math.cos(rise))
        return View(right, down, away)
