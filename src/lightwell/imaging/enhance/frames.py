"""A frame as it is stored, enhanced: the same size, the same type, the same meaning of every value.

What the image says is padding stays padding, and nothing else becomes it (PS3.3 C.7.5.1.1.2). MONOCHROME1 is enhanced
as it is seen. Values beyond what the stored bits hold become the nearest that they do.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage as untyped

from lightwell.imaging.codecs import Pixels, decode, encode
from lightwell.imaging.enhance import edges, local, multiscale, noise
from lightwell.imaging.enhance.enhancement import Enhancement, Method, require_shades
from lightwell.imaging.enhance.pyramid import Plane
from lightwell.imaging.form import Codec, PixelForm, decoded_form
from lightwell.imaging.look import Look

ndimage: Any = untyped


def enhance_frame(
    frame: bytes, form: PixelForm, codec: Codec, look: Look, wanted: Enhancement, target: Codec, *, is_hounsfield: bool
) -> bytes:
    """Return a stored frame enhanced, written in another codec without loss.

    Args:
        frame: as it is stored.
        form: how its pixels are written.
        codec: how the frame is.
        look: what the image says of padding and rescale.
        wanted: what to do.
        target: how the result is written.
        is_hounsfield: whether rescaled values are Hounsfield units, so that tissue is known by them.

    Raises:
        PixelError: it cannot be decoded, has colours, or has values that are no whole numbers of 8 or 16 bits.
    """
    plain = decoded_form(form, codec)
    require_shades(plain)
    return encode(enhance_pixels(decode(frame, form, codec), plain, look, wanted, is_hounsfield), plain, target)


def enhance_pixels(pixels: Pixels, form: PixelForm, look: Look, wanted: Enhancement, is_hounsfield: bool) -> Pixels:  # noqa: FBT001 -- a fact of the image
    """Return decoded pixels enhanced, of the same shape and type."""
    is_padding = _padding_in(pixels, look)
    if wanted.strength <= 0 or is_padding.all():
        return pixels
    low, high = _range_of(pixels, form)
    turn = np.float32(low + high)
    values = pixels.astype(np.float32)
    tissue = _tissue(look) if is_hounsfield else None
    if form.photometric == "MONOCHROME1":
        values = turn - values
        tissue = None if tissue is None else (float(turn) - tissue[1], float(turn) - tissue[0])
    better = _enhanced(_filled(values, is_padding), values[~is_padding], wanted, tissue)
    better = turn - better if form.photometric == "MONOCHROME1" else better
    result = np.clip(np.rint(better), low, high).astype(pixels.dtype)
    return np.where(is_padding, pixels, _not_padding(result, look, high))


def _enhanced(values: Plane, known: Plane, wanted: Enhancement, tissue: tuple[float, float] | None) -> Plane:
    match wanted.method:
        case Method.MULTISCALE:
            return multiscale.enhance(values, wanted.strength, wanted.preset, known)
        case Method.CLAHE:
            return local.equalise(values, wanted.strength)
        case Method.EDGE:
            return edges.sharpen(values, wanted.strength)
        case Method.DENOISE:
            return noise.denoise(values, wanted.strength, tissue)


def _range_of(pixels: Pixels, form: PixelForm) -> tuple[int, int]:
    """Return the least and the greatest value that may be written: of the stored bits, unless some lie beyond."""
    for bits in (form.bits_stored, form.bits_allocated):
        low, high = (-(1 << bits - 1), (1 << bits - 1) - 1) if form.is_signed else (0, (1 << bits) - 1)
        if int(pixels.min()) >= low and int(pixels.max()) <= high:
            return low, high
    kind = np.iinfo(pixels.dtype)
    return kind.min, kind.max


def _tissue(look: Look) -> tuple[float, float]:
    """Return between which stored values tissue is."""
    low, high = ((value - look.intercept) / look.slope for value in noise.TISSUE_HU)
    return min(low, high), max(low, high)


def _padding_in(pixels: Pixels, look: Look) -> NDArray[np.bool_]:
    if look.padding is None:
        return np.zeros(pixels.shape, np.bool_)
    return (pixels >= look.padding[0]) & (pixels <= look.padding[1])


def _filled(values: Plane, is_padding: NDArray[np.bool_]) -> Plane:
    """Return values with the nearest true one in place of padding, so that its edge is none."""
    if not is_padding.any():
        return values
    places = ndimage.distance_transform_edt(is_padding, return_distances=False, return_indices=True)
    return values[tuple(places)]


def _not_padding(result: Pixels, look: Look, high: int) -> Pixels:
    """Move values that fell on padding by mistake to the next one that says something."""
    if look.padding is None:
        return result
    beside = look.padding[1] + 1 if look.padding[1] < high else look.padding[0] - 1
    return np.where(_padding_in(result, look), np.array(beside, result.dtype), result)
