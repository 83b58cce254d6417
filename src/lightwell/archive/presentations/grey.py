"""What a state says of grey, in terms of the image itself: its own units, and its own function of windows.

A state holds the whole pipeline from what is stored to what is seen, and its window goes by its own rescale and its own
function (PS3.3 C.11.1, C.11.2.1.2, C.11.8). Whoever shows it does so by those of the image. A window is led from one to
the other where that shows the same; where nothing does, that is said, and the image keeps its own grey.
"""

from dataclasses import dataclass
from typing import Final

from lightwell.archive.presentations.model import Refusal, Window
from lightwell.imaging.look import VoiFunction
from lightwell.imaging.look import Window as Voi

_STEP: Final = 1e-6
"""What is left of a linear window of one unit: a step."""
Rescale = tuple[float, float]
"""Slope and intercept."""
IDENTITY: Final[Rescale] = (1.0, 0.0)


@dataclass(frozen=True, slots=True)
class OwnGrey:
    """How an image makes grey by itself; ``has_table`` if not by a rescale."""

    rescale: Rescale
    function: VoiFunction
    has_table: bool
    is_light_low: bool


def own_window(window: Voi, rescale: Rescale, image: OwnGrey) -> tuple[Window | None, Refusal]:
    """Return the window of an image that shows what one of a state does, or why there is none."""
    if image.has_table:
        return None, "table"
    if (window.function is VoiFunction.SIGMOID) != (image.function is VoiFunction.SIGMOID):
        return None, "function"
    (slope, intercept), (own_slope, own_intercept) = rescale, image.rescale
    if slope * own_slope <= 0:
        return None, "rescale"
    if (window.function, rescale) == (image.function, image.rescale):
        return Window(window.center, window.width), ""
    exact = _exact(window)
    scale = own_slope / slope
    center = (exact.center - intercept) * scale + own_intercept
    return _by(image.function, center, exact.width * scale), ""


def _exact(window: Voi) -> Voi:
    """Return a linear window without the half and the one unit that the standard takes off (C.11.2.1.2.1)."""
    if window.function is not VoiFunction.LINEAR:
        return window
    return Voi(window.center - 0.5, max(window.width - 1, _STEP), VoiFunction.LINEAR_EXACT)


def _by(function: VoiFunction, center: float, width: float) -> Window:
    return Window(center + 0.5, width + 1) if function is VoiFunction.LINEAR else Window(center, width)
