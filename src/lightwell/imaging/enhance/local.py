"""Contrast made even from place to place: contrast limited adaptive histogram equalisation (CLAHE)."""

from typing import Any, Final

import numpy as np
from skimage import exposure as untyped

from lightwell.imaging.enhance.pyramid import Plane

exposure: Any = untyped
_CLIP: Final = 0.02
_TILES: Final = 8
_BINS: Final = 1024


def equalise(image: Plane, strength: float) -> Plane:
    """Return an image whose contrast is made even; its darkest and brightest values stay.

    ``strength`` says how far the contrast of any place may rise, from not at all (0) on.
    """
    low, high = float(image.min()), float(image.max())
    if strength <= 0 or high <= low:
        return image
    tile = tuple(max(1, size // _TILES) for size in image.shape)
    even: Plane = exposure.equalize_adapthist(
        (image - low) / (high - low), kernel_size=tile, clip_limit=_CLIP * strength, nbins=_BINS
    )
    return (even * np.float32(high - low) + np.float32(low)).astype(np.float32, copy=False)
