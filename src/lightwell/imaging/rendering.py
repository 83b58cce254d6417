"""Arrays to the 8 bits of a picture: what a thumbnail and a browser show (PS3.3 C.11, PS3.4 N.2, PS3.18 8.3.5).

An image that names no window is shown from its darkest to its brightest value, but for the last half percent at both
ends and its padding. Overlays and graphics are not drawn.
"""

import math
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

import imagecodecs
import numpy as np
from numpy.typing import NDArray

from lightwell.imaging.codecs import Pixels, decode
from lightwell.imaging.form import Codec, PixelForm, decoded_form
from lightwell.imaging.look import Look, Lut, VoiFunction, Window
from lightwell.imaging.palette import indexed
from lightwell.imaging.picture import Picture, PictureFormat, Region

Bytes: TypeAlias = NDArray[np.uint8]
_Values: TypeAlias = NDArray[np.float32]
_TAIL_PERCENT: Final = 0.5
_MOST_SAMPLES: Final = 1 << 18
_BYTE_BITS: Final = 8
_GIF_HEAD: Final = 4096


def render(frame: bytes, form: PixelForm, codec: Codec, look: Look, picture: Picture) -> bytes:
    """Return a frame as it is stored as a picture file.

    Raises:
        PixelError: the frame cannot be decoded.
    """
    shown = show(decode(frame, form, codec), decoded_form(form, codec), look)
    return encode(fit(shown, picture), picture)


def show(pixels: Pixels, form: PixelForm, look: Look) -> Bytes:
    """Return decoded pixels as what is seen, of shape (rows, columns) or (rows, columns, 3)."""
    if form.samples > 1:
        return _to_rgb(_to_bytes(pixels[..., :3], form), form.photometric)
    if form.photometric == "PALETTE COLOR" and look.palette is not None:
        return np.stack([_eight_bits(_looked_up(pixels, lut), lut.bits) for lut in look.palette], axis=-1)
    if form.bits_allocated == 1:
        pixels = pixels.astype(np.uint8)
    gray = _gray(pixels, look)
    return 255 - gray if form.photometric == "MONOCHROME1" else gray


def _to_bytes(pixels: Pixels, form: PixelForm) -> Bytes:
    shift = max(0, form.bits_stored - _BYTE_BITS)
    return (pixels >> shift).astype(np.uint8) if shift else pixels.astype(np.uint8, copy=False)


def _to_rgb(pixels: Bytes, photometric: str) -> Bytes:
    """Undo YCbCr (PS3.3 C.7.6.3.1.2); RGB is what it is."""
    if not photometric.startswith("YBR_FULL"):
        return pixels
    y, blue, red = (pixels[..., place].astype(np.float32) for place in range(3))
    blue, red = blue - 128, red - 128
    rgb = np.stack((y + 1.402 * red, y - 0.344136 * blue - 0.714136 * red, y + 1.772 * blue), axis=-1)
    return _clipped(rgb)


def _gray(pixels: Pixels, look: Look) -> Bytes:
    if look.modality_lut is not None:
        values = _looked_up(pixels, look.modality_lut).astype(np.float32)
    else:
        values = pixels.astype(np.float32) * np.float32(look.slope) + np.float32(look.intercept)
    if look.window is not None:
        return _clipped(_windowed(values, look.window) * 255)
    if look.voi_lut is not None:
        return _eight_bits(_looked_up(np.rint(values).astype(np.int64), look.voi_lut), look.voi_lut.bits)
    return _clipped(_windowed(values, _whole_range(values, pixels, look.padding)) * 255)


def _windowed(values: _Values, window: Window) -> _Values:
    """Map values to 0..1 (PS3.3 C.11.2.1.2, C.11.2.1.3)."""
    center, width = window.center, window.width
    if window.function is VoiFunction.SIGMOID:
        exponent = np.clip(-4 * (values - center) / max(width, 1e-6), -80, 80)
        return np.asarray(1 / (1 + np.exp(exponent)), np.float32)
    if window.function is VoiFunction.LINEAR:
        center, width = center - 0.5, width - 1
    if width <= 0:
        return (values > center).astype(np.float32)
    return np.clip((values - center) / width + 0.5, 0, 1)


def _whole_range(values: _Values, pixels: Pixels, padding: tuple[int, int] | None) -> Window:
    """Return a window over nearly all values of an image that names none."""
    step = max(1, math.isqrt(values.size // _MOST_SAMPLES))
    sample, raw = values[::step, ::step], pixels[::step, ::step]
    if padding is not None:
        sample = sample[(raw < padding[0]) | (raw > padding[1])]
    sample = sample[np.isfinite(sample)]
    if not sample.size:
        return Window(0, 1, VoiFunction.LINEAR_EXACT)
    low, high = np.percentile(sample, (_TAIL_PERCENT, 100 - _TAIL_PERCENT))
    if low == high:
        low, high = sample.min(), sample.max()
    return Window(float(low + high) / 2, float(high - low), VoiFunction.LINEAR_EXACT)


def _looked_up(pixels: Pixels, lut: Lut) -> NDArray[Any]:
    """Return the entries for pixels; what lies outside the table gets its ends (PS3.3 C.11.1.1.1)."""
    table = np.frombuffer(lut.data, "u1" if lut.is_by_byte else "<u2")
    places = np.clip(pixels.astype(np.int64) - lut.first, 0, len(table) - 1)
    return table[places]


def _eight_bits(values: NDArray[Any], bits: int) -> Bytes:
    return (values >> max(0, bits - _BYTE_BITS)).clip(0, 255).astype(np.uint8)


def _clipped(values: NDArray[Any]) -> Bytes:
    return np.clip(np.rint(np.nan_to_num(values)), 0, 255).astype(np.uint8)


def fit(shown: Bytes, picture: Picture) -> Bytes:
    """Cut out the region of a picture and bring it to the size that fits into its box."""
    if picture.region is not None:
        shown = _cut(shown, picture.region)
    if picture.box is None:
        return shown
    rows, columns = shown.shape[:2]
    scale = min(picture.box[0] / columns, picture.box[1] / rows)
    return resize(shown, max(1, round(rows * scale)), max(1, round(columns * scale)))


def _cut(shown: Bytes, region: Region) -> Bytes:
    rows, columns = shown.shape[:2]
    across, down = (columns, rows) if region.is_relative else (1, 1)
    left, right = _span(region.x * across, abs(region.width) * across, columns)
    top, bottom = _span(region.y * down, abs(region.height) * down, rows)
    part = shown[top:bottom, left:right]
    return part[:: -1 if region.height < 0 else 1, :: -1 if region.width < 0 else 1]


def _span(start: float, length: float, size: int) -> tuple[int, int]:
    """Return a span of at least one pixel that lies in the image."""
    first = min(max(0, round(start)), size - 1)
    return first, min(size, max(first + 1, round(start + length)))


def resize(shown: Bytes, rows: int, columns: int) -> Bytes:
    """Return a picture of another size; what shrinks is averaged, so that thin lines do not vanish."""
    if shown.shape[:2] == (rows, columns):
        return shown
    down, across = _weights(shown.shape[0], rows), _weights(shown.shape[1], columns)
    planes = np.moveaxis(np.atleast_3d(shown), -1, 0).astype(np.float32)
    resized = np.stack([down @ plane @ across.T for plane in planes], axis=-1)
    return _clipped(resized[..., 0] if shown.ndim == 2 else resized)  # noqa: PLR2004 -- gray


def _weights(size: int, wanted: int) -> _Values:
    """Return how much each of ``size`` pixels counts in each of ``wanted``: triangles as wide as what they average."""
    scale = size / wanted
    centers = (np.arange(wanted, dtype=np.float32) + 0.5) * scale - 0.5
    distances = np.abs(centers[:, None] - np.arange(size, dtype=np.float32)) / max(1.0, scale)
    weights = np.clip(1 - distances, 0, None)
    return weights / weights.sum(axis=1, keepdims=True)


def encode(shown: Bytes, picture: Picture) -> bytes:
    """Return the file of a picture."""
    return _FILES[picture.format](np.ascontiguousarray(shown), picture.quality)


def _jpeg(shown: Bytes, quality: int) -> bytes:
    return bytes(imagecodecs.jpeg8_encode(shown, level=quality, subsampling="444"))


def _png(shown: Bytes, _: int) -> bytes:
    return bytes(imagecodecs.png_encode(shown, level=1))


def _gif(shown: Bytes, _: int) -> bytes:
    places, colours = (shown, None) if shown.ndim == 2 else indexed(shown)  # noqa: PLR2004 -- gray, of 256 shades
    room = _GIF_HEAD + 2 * places.size  # noise grows by LZW, to 12 bits for each pixel at most
    return bytes(imagecodecs.gif_encode(places, colormap=colours, out=room))


_FILES: Final[Mapping[PictureFormat, Callable[[Bytes, int], bytes]]] = {
    PictureFormat.JPEG: _jpeg,
    PictureFormat.PNG: _png,
    PictureFormat.GIF: _gif,
}
