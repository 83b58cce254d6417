"""What can be asked for, and of which images. To import this costs nothing."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from lightwell.imaging.form import PixelError, PixelForm

_WIDTHS: Final = (8, 16)
_SHADES: Final = ("MONOCHROME1", "MONOCHROME2")
_MOST_PIXELS: Final = 1 << 26


class Method(StrEnum):
    """How an image is enhanced."""

    MULTISCALE = "multiscale"
    CLAHE = "clahe"
    EDGE = "edge"
    DENOISE = "denoise"


class Preset(StrEnum):
    """The part of the body, which says of which size its detail is; for multi-scale enhancement only."""

    CHEST = "chest"
    BONE = "bone"
    BREAST = "breast"
    ABDOMEN = "abdomen"
    EVEN = "even"


@dataclass(frozen=True, slots=True)
class Enhancement:
    """A method, its ``strength`` from 0 (the image as it is) to 1, and what the detail is of."""

    method: Method
    strength: float = 0.5
    preset: Preset = Preset.EVEN


def require_shades(form: PixelForm) -> None:
    """Go on only with pixels that can be enhanced; ``form`` is that of the decoded frame.

    Raises:
        PixelError: they have colours, are no whole numbers of 8 or 16 bits, or are too many.
    """
    is_of_shades = form.samples == 1 and form.photometric in _SHADES
    if not is_of_shades or form.bits_allocated not in _WIDTHS or form.is_float:
        kind = "floating point" if form.is_float else f"{form.bits_allocated} bit"
        message = f"only shades of grey of 8 or 16 bits can be enhanced; these are {form.photometric[:16]}, {kind}"
        raise PixelError(message)
    if form.rows * form.columns > _MOST_PIXELS:
        message = f"at most {_MOST_PIXELS} pixels can be enhanced; this image has {form.rows} x {form.columns}"
        raise PixelError(message)
