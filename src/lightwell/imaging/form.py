"""How the pixels of an image are written (PS3.3 C.7.6.3)."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

_SUBSAMPLED: Final = frozenset(("YBR_FULL_422", "YBR_PARTIAL_422"))
_BYTE: Final = 8


class PixelError(Exception):
    """The pixels cannot be read, or not be written as asked for; the message says what was expected."""


@dataclass(frozen=True, slots=True)
class PixelForm:
    """The attributes that say what the bytes of a frame mean."""

    rows: int
    columns: int
    samples: int
    bits_allocated: int
    bits_stored: int
    is_signed: bool
    photometric: str
    is_planar: bool = False
    is_float: bool = False
    is_big_endian: bool = False
    is_word: bool = True

    @property
    def dtype(self) -> np.dtype[np.generic]:
        """What one sample is as a number, in the byte order of this machine."""
        if self.is_float:
            return np.dtype(f"f{self.bits_allocated // _BYTE}")
        if self.bits_allocated not in {1, 8, 16, 32, 64}:
            message = f"expected 1, 8, 16, 32 or 64 bits allocated, {self.bits_allocated} came"
            raise PixelError(message)
        return np.dtype(f"{'i' if self.is_signed else 'u'}{max(1, self.bits_allocated // _BYTE)}")

    @property
    def is_subsampled(self) -> bool:
        """Whether two pixels share their chrominance in native pixel data."""
        return self.photometric in _SUBSAMPLED and self.samples > 1

    @property
    def shape(self) -> tuple[int, ...]:
        """Rows, columns, and samples if there are several."""
        return (self.rows, self.columns) if self.samples == 1 else (self.rows, self.columns, self.samples)

    @property
    def bits(self) -> int:
        """How many bits a native frame has."""
        samples = 2 if self.is_subsampled else self.samples
        return self.rows * self.columns * samples * self.bits_allocated

    def plain(self) -> "PixelForm":
        """Return the form of decoded pixels: little endian, by pixel, every sample there."""
        photometric = "YBR_FULL" if self.is_subsampled else self.photometric
        return replace(self, photometric=photometric, is_planar=False, is_big_endian=False)
