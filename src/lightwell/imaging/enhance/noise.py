"""How much noise an image has, and the same image with less of it: for CT, in Hounsfield units.

Non-local means: each pixel becomes the mean of those whose surroundings look like its own, so that flat tissue gets
smooth and an edge stays where and as steep as it is.
"""

from typing import Any, Final

import numpy as np
from scipy import ndimage as untyped
from skimage import restoration as also_untyped

from lightwell.imaging.enhance.multiscale import noise_of
from lightwell.imaging.enhance.pyramid import Plane, decompose

ndimage: Any = untyped
restoration: Any = also_untyped
TISSUE_HU: Final = (-200.0, 300.0)
_AROUND_PIXELS: Final = 7
_BINS: Final = 256
_LEAST_TISSUE: Final = 0.01
_PATCH_PIXELS: Final = 5
_REACH_PIXELS: Final = 6
_LARGE: Final = 1 << 21
"""Pixels, from which on the likeness is looked for half as far away: a radiograph would take half a minute."""
_FAINTEST, _SMOOTHEST = 0.2, 1.0


def noise_sigma(image: Plane, tissue: tuple[float, float] | None = None) -> float:
    """Return the standard deviation of the noise, in the units of the image: the usual one of flat places.

    ``tissue`` are values between which it is looked for, since air has less of it; if hardly anything lies there, all
    of the image counts.
    """
    mean = ndimage.uniform_filter(image.astype(np.float64), _AROUND_PIXELS)
    power = ndimage.uniform_filter(np.square(image, dtype=np.float64), _AROUND_PIXELS)
    sigmas = np.sqrt(np.maximum(power - mean * mean, 0))
    if tissue is not None:
        is_tissue = (mean > tissue[0]) & (mean < tissue[1])
        sigmas = sigmas[is_tissue] if is_tissue.mean() >= _LEAST_TISSUE else sigmas
    return _most_frequent(sigmas[sigmas > 0])


def _most_frequent(sigmas: Any) -> float:
    if not sigmas.size:
        return 0.0
    counts, edges = np.histogram(sigmas, _BINS, (0, float(np.percentile(sigmas, 75))))
    smooth = ndimage.uniform_filter1d(counts.astype(np.float64), 5)
    place = int(np.argmax(smooth))
    return float(edges[place] + edges[place + 1]) / 2


def denoise(image: Plane, strength: float, tissue: tuple[float, float] | None = TISSUE_HU) -> Plane:
    """Return an image with less noise, in the same units; one without, or narrower than a patch, stays as it is."""
    sigma = noise_sigma(image, tissue)
    if strength <= 0 or sigma <= 0 or min(image.shape) < _PATCH_PIXELS:
        return image
    bands, _ = decompose(image, 1)
    fine = min(sigma, noise_of(bands[0])) if bands else sigma
    likeness = (_FAINTEST + (_SMOOTHEST - _FAINTEST) * strength) * sigma
    reach = _REACH_PIXELS if image.size < _LARGE else _REACH_PIXELS // 2
    smooth: Plane = restoration.denoise_nl_means(
        image, _PATCH_PIXELS, reach, h=likeness, sigma=fine, fast_mode=True, preserve_range=True
    )
    return smooth
