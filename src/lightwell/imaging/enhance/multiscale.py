"""Detail of every size brought out, so that a rib and what lies behind the heart are seen in one window.

For radiographs (CR, DX, MG). The image is taken apart into bands; in each one faint detail is multiplied by the gain of
its size. What is strong already hardly changes, since edges would ring; what is no stronger than the noise is left.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from lightwell.imaging.enhance.enhancement import Preset
from lightwell.imaging.enhance.pyramid import Plane, compose, decompose, noise_in_band

GAINS: Final[Mapping[Preset, Sequence[float]]] = {
    Preset.CHEST: (1.6, 2.2, 2.8, 2.8, 2.4, 1.8, 1.3, 1.0),
    Preset.BONE: (2.6, 3.0, 2.6, 2.0, 1.6, 1.3, 1.0, 1.0),
    Preset.BREAST: (2.2, 3.0, 3.0, 2.4, 1.8, 1.4, 1.2, 1.0),
    Preset.ABDOMEN: (1.4, 1.8, 2.4, 2.8, 2.6, 2.2, 1.6, 1.2),
    Preset.EVEN: (2.5,) * 8,
}
"""The gain of faint detail at strength 1 by its size, the finest first: one to two pixels, two to four, and so on."""

STRONG: Final = 0.02
"""Of the range of an image: detail of this amplitude gets half of the extra gain, stronger one less."""
_TAIL_PERCENT: Final = 0.5
_BLOCK: Final = 16
_QUIET_PERCENT: Final = 25
_NOISY: Final = 3.0


def enhance(image: Plane, strength: float, preset: Preset, range_of: Plane | None = None) -> Plane:
    """Return an image with its detail brought out, in the same units.

    Args:
        image: rows x columns.
        strength: 0 leaves it as it is, 1 gives faint detail the whole gain.
        preset: whose gains.
        range_of: the values that say how wide the range is and how noisy it is; those without padding.
    """
    values = image if range_of is None else range_of
    low, high = np.percentile(values, (_TAIL_PERCENT, 100 - _TAIL_PERCENT))
    gains = [1 + strength * (gain - 1) for gain in GAINS[preset]]
    return amplify(image, gains, strong=STRONG * float(high - low))


def amplify(image: Plane, gains: Sequence[float], strong: float) -> Plane:
    """Return an image whose faint detail is multiplied by a gain for each band, the finest first.

    ``strong`` is the amplitude that gets half of the extra gain, in the units of the image.
    """
    if strong <= 0:
        return image
    bands, rest = decompose(image, len(gains))
    noise = noise_of(bands[0]) if bands else 0.0
    louder = [
        _amplified(band, gains[number], strong, _NOISY * noise * noise_in_band(number))
        for number, band in enumerate(bands)
    ]
    return compose(louder, rest)


def noise_of(finest: Plane) -> float:
    """Return the sigma of the noise of an image from its finest band: what is there in the quieter places.

    Places where nothing is there at all, as where a detector is saturated or shuttered, do not count.
    """
    rows, columns = (size // _BLOCK * _BLOCK for size in finest.shape)
    blocks = finest[:rows, :columns].reshape(rows // _BLOCK, _BLOCK, columns // _BLOCK, _BLOCK)
    sigmas = np.sqrt(np.square(blocks).mean(axis=(1, 3)))
    sigmas = sigmas[sigmas > 0]
    return float(np.percentile(sigmas, _QUIET_PERCENT)) / noise_in_band(0) if sigmas.size else 0.0


def _amplified(band: Plane, gain: float, strong: float, faint: float) -> Plane:
    """Multiply detail between noise and edges; a larger amplitude stays the larger one up to gains of 9."""
    power = band * band
    extra = (gain - 1) / (1 + power / strong**2)
    if faint > 0:
        extra *= power / (power + faint**2)
    return np.multiply(band, 1 + extra, dtype=np.float32)
