"""Colours that objects recommend, as screens show them (PS3.3 C.10.7.1.1)."""

from collections.abc import Sequence
from typing import Final

Rgb = tuple[int, int, int]
DISTINCT: Final[Sequence[Rgb]] = (
    (230, 159, 0),
    (86, 180, 233),
    (0, 158, 115),
    (240, 228, 66),
    (0, 114, 178),
    (213, 94, 0),
    (204, 121, 167),
)
"""Colours that people tell apart who do not see all of them (Okabe and Ito)."""
_WHITE: Final = (0.9642, 1.0, 0.8249)  # D50, that of the profile connection space
_TO_SRGB: Final = (
    (3.1338561, -1.6168667, -0.4906146),
    (-0.9787684, 1.9161415, 0.0334540),
    (0.0719453, -0.2289914, 1.4052427),
)
_LARGEST: Final = 65535
_KNEE: Final = 6 / 29
_LINEAR_TO: Final = 0.0031308


def distinct(number: int) -> Rgb:
    """Return a colour for what has none of its own, by its number from 1."""
    return DISTINCT[(number - 1) % len(DISTINCT)]


def rgb_of_cielab(scaled: Sequence[int]) -> Rgb:
    """Return a colour that is written as three 16 bit numbers; what no screen shows is the nearest that one does."""
    light, a, b = scaled[0] * 100 / _LARGEST, scaled[1] * 255 / _LARGEST - 128, scaled[2] * 255 / _LARGEST - 128
    middle = (light + 16) / 116
    xyz = [
        _unfolded(one) * white for one, white in zip((middle + a / 500, middle, middle - b / 200), _WHITE, strict=True)
    ]
    red, green, blue = (_level(sum(m * v for m, v in zip(row, xyz, strict=True))) for row in _TO_SRGB)
    return red, green, blue


def _unfolded(value: float) -> float:
    return value**3 if value > _KNEE else 3 * _KNEE**2 * (value - 4 / 29)


def _level(linear: float) -> int:
    """Return how bright one of the three colours is on a screen, 0 to 255 (IEC 61966-2-1)."""
    linear = min(1.0, max(0.0, linear))
    curved = 12.92 * linear if linear <= _LINEAR_TO else 1.055 * linear ** (1 / 2.4) - 0.055
    return round(255 * curved)
