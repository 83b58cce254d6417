"""How the pixels of an image are written (PS3.3 C.7.6.3), and as what they can be written anew.

Nothing here touches a pixel, so that whoever only wants to know does not load the codecs.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

_PREVIEW_SIDE: Final = 512
_SUBSAMPLED: Final = frozenset(("YBR_FULL_422", "YBR_PARTIAL_422"))
_BYTE: Final = 8


class PixelError(Exception):
    """The pixels cannot be read, or not be written as asked for; the message says what was expected."""


class Codec(StrEnum):
    """How frames are written."""

    NATIVE = "native"
    RLE = "rle"
    JPEG = "jpeg"
    JPEG_LS = "jpeg-ls"
    JPEG_2000 = "jpeg-2000"
    HTJ2K = "htj2k"
    DEFLATED = "deflated"


COLOURS_OF_CODEC: Final = {
    Codec.JPEG: frozenset(("YBR_FULL_422", "YBR_FULL", "YBR_PARTIAL_422")),
    Codec.JPEG_2000: frozenset(("YBR_RCT", "YBR_ICT")),
    Codec.HTJ2K: frozenset(("YBR_RCT", "YBR_ICT")),
}
_WIDEST: Final = {Codec.RLE: 32, Codec.JPEG_LS: 16, Codec.JPEG_2000: 16, Codec.HTJ2K: 16}


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
    def kind(self) -> str:
        """What one sample is as a number, in numpy's words: a letter and its bytes.

        Raises:
            PixelError: there are no such numbers.
        """
        if self.is_float:
            return f"f{self.bits_allocated // _BYTE}"
        if self.bits_allocated not in {1, 8, 16, 32, 64}:
            message = f"expected 1, 8, 16, 32 or 64 bits allocated, {self.bits_allocated} came"
            raise PixelError(message)
        return f"{'i' if self.is_signed else 'u'}{max(1, self.bits_allocated // _BYTE)}"

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


def decoded_form(form: PixelForm, codec: Codec) -> PixelForm:
    """Return the form of the pixels when decoded."""
    if form.samples > 1 and form.photometric in COLOURS_OF_CODEC.get(codec, ()):
        return replace(form, photometric="RGB", is_planar=False, is_big_endian=False)
    return form.plain()


def encoded_form(form: PixelForm, codec: Codec) -> PixelForm:
    """Return the form of decoded pixels once they are encoded.

    Raises:
        PixelError: the codec cannot hold them.
    """
    if codec is Codec.NATIVE:
        return form
    if codec not in _WIDEST or form.bits_allocated > _WIDEST[codec] or form.bits_allocated == 1 or form.is_float:
        kind = "floating point" if form.is_float else f"{form.bits_allocated} bit"
        message = f"{kind} pixels cannot be written as {codec}"
        raise PixelError(message)
    has_transformation = codec in {Codec.JPEG_2000, Codec.HTJ2K} and form.photometric == "RGB"
    return replace(form, photometric="YBR_RCT") if has_transformation else form


def preview_factor(form: PixelForm) -> int:
    """Return how many pixels in a row become one in a preview, which has at most 512 of them in either direction."""
    return -(-max(form.rows, form.columns) // _PREVIEW_SIDE)


def can_be_previewed(form: PixelForm) -> bool:
    """Tell whether a smaller and coarser frame still shows what there is; ``form`` is that of the decoded frame.

    Numbers of colours do not survive any loss, and of a strip thinner than a pixel of its preview nothing is left.
    """
    return form.photometric != "PALETTE COLOR" and min(form.rows, form.columns) >= preview_factor(form)


def preview_form(form: PixelForm, codec: Codec) -> PixelForm:
    """Return the form of the preview of a frame, once it is decoded; ``form`` and ``codec`` are those of the frame."""
    factor = preview_factor(form)
    return replace(decoded_form(form, codec), rows=form.rows // factor, columns=form.columns // factor)
