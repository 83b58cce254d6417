"""Edges made crisper: unsharp masking, held back where it would draw bright and dark lines beside strong edges."""

from typing import Any, Final

import numpy as np
from scipy import ndimage as untyped

from lightwell.imaging.enhance.pyramid import Plane

ndimage: Any = untyped
_SIGMA_PIXELS: Final = 1.5
_AMOUNT: Final = 2.0
_AROUND_PIXELS: Final = 7
OVERSHOOT: Final = 0.08
"""How far beyond the darkest and brightest value around it a pixel may go, in parts of their difference."""


def sharpen(image: Plane, strength: float) -> Plane:
    """Return an image with crisper edges, in the same units."""
    smooth = ndimage.gaussian_filter(image, _SIGMA_PIXELS, mode="nearest")
    crisp = image + np.float32(_AMOUNT * strength) * (image - smooth)
    low = ndimage.minimum_filter(image, _AROUND_PIXELS, mode="nearest")
    high = ndimage.maximum_filter(image, _AROUND_PIXELS, mode="nearest")
    room = np.float32(OVERSHOOT) * (high - low)
    return np.clip(crisp, low - room, high + room)
