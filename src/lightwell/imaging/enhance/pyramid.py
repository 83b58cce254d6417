"""An image as bands of detail, each twice as coarse as the one before, which add up to the image again.

The Laplacian pyramid of Burt and Adelson: what a smoothed image lacks against the finer one is a band. Unlike a stack
of blurred images it is undone exactly, whatever is done to the bands.
"""

from collections.abc import Sequence
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage as untyped

Plane: TypeAlias = NDArray[np.float32]
ndimage: Any = untyped
_BINOMIAL: Final = np.array((1, 4, 6, 4, 1), np.float32) / 16
_SMALLEST: Final = 8
_NOISE: Final = (0.9414, 0.2306, 0.1011, 0.0489)
"""How much of white noise of sigma 1 is in each band; it halves from there on. Measured, and held by a test."""


def decompose(image: Plane, most: int) -> tuple[list[Plane], Plane]:
    """Return the bands of an image, the finest first, and what remains; at most so many, as far as it has size for."""
    bands: list[Plane] = []
    while len(bands) < most and min(image.shape) >= _SMALLEST:
        coarse = _reduced(image)
        bands.append(image - _expanded(coarse, image.shape))
        image = coarse
    return bands, image


def compose(bands: Sequence[Plane], rest: Plane) -> Plane:
    """Return the image of bands; the reverse of :func:`decompose`."""
    for band in reversed(bands):
        rest = _expanded(rest, band.shape) + band
    return rest


def noise_in_band(number: int) -> float:
    """Return how much of white noise of sigma 1 is in a band, counted from the finest, 0."""
    beyond = max(0, number - len(_NOISE) + 1)
    return _NOISE[min(number, len(_NOISE) - 1)] / 2**beyond


def _reduced(image: Plane) -> Plane:
    for axis in (0, 1):
        smooth: Plane = ndimage.correlate1d(image, _BINOMIAL, axis, mode="mirror")
        image = smooth[_every_second(axis)]
    return image


def _expanded(image: Plane, shape: Sequence[int]) -> Plane:
    for axis in (0, 1):
        wide = np.zeros((shape[0], shape[1] if axis else image.shape[1]), np.float32)
        wide[_every_second(axis)] = image
        image = ndimage.correlate1d(wide, 2 * _BINOMIAL, axis, mode="mirror")
    return image


def _every_second(axis: int) -> tuple[slice, slice]:
    return (slice(None, None, 2), slice(None)) if axis == 0 else (slice(None), slice(None, None, 2))
