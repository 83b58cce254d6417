"""How the numbers of an image become what is seen: its attributes of the grayscale pipeline (PS3.3 C.11, PS3.4 N.2).

Modality LUT or rescale gives what was measured (Hounsfield units), VOI LUT or window what is of interest, and the
photometric interpretation whether that is dark or bright.
"""

from dataclasses import dataclass
from enum import StrEnum


class VoiFunction(StrEnum):
    """How a window maps what lies in it (PS3.3 C.11.2.1.3)."""

    LINEAR = "LINEAR"
    LINEAR_EXACT = "LINEAR_EXACT"
    SIGMOID = "SIGMOID"


@dataclass(frozen=True, slots=True)
class Window:
    """The values of interest: ``width`` units around ``center``."""

    center: float
    width: float
    function: VoiFunction = VoiFunction.LINEAR


@dataclass(frozen=True, slots=True)
class Lut:
    """A table: the value for ``first``, and for each number after it.

    ``data`` holds little endian entries of 16 bits, or of 8 where it ``is_by_byte``; ``bits`` of each count.
    """

    first: int
    bits: int
    data: bytes
    is_by_byte: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """What an image says of how it wants to be seen."""

    slope: float = 1.0
    intercept: float = 0.0
    modality_lut: Lut | None = None
    window: Window | None = None
    voi_lut: Lut | None = None
    padding: tuple[int, int] | None = None
    palette: tuple[Lut, Lut, Lut] | None = None
