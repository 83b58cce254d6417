"""Frames made ready for opening fast: without loss in HTJ2K, and a preview of about 5 KB.

HTJ2K is written as RPCL with one tile-part per resolution, so that the first tenth of a frame is a picture of 128
pixels. A preview holds the same kind of values as the frame, 16 bits if it has them, so that windows work on it.
"""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import imagecodecs
import numpy as np

from lightwell.imaging.codecs import Pixels, decode, encode
from lightwell.imaging.form import (
    Codec,
    PixelError,
    PixelForm,
    can_be_previewed,
    decoded_form,
    encoded_form,
    preview_factor,
)

_PREVIEW_BYTES: Final = 6_000
_FINEST, _COARSEST = 1 / 4096, 1 / 2
_FIRST_STEP: Final = 1 / 256


class Made(NamedTuple):
    """What is made of a frame; empty where it cannot be."""

    frame: bytes
    preview: bytes


def make_ready(frames: Sequence[bytes], form: PixelForm, codec: Codec, *, with_frames: bool) -> list[Made]:
    """Return what is made of frames; ``with_frames`` says whether they are wanted in HTJ2K.

    Raises:
        PixelError: a frame cannot be decoded.
    """
    plain = decoded_form(form, codec)
    made: list[Made] = []
    step = _FIRST_STEP
    for frame in frames:
        pixels = decode(frame, form, codec)
        preview, step = _preview(pixels, plain, step)
        made.append(Made(_without_loss(pixels, plain) if with_frames else b"", preview))
    return made


def _without_loss(pixels: Pixels, form: PixelForm) -> bytes:
    """Write a frame and read it again: only what comes back bit by bit may stand for it."""
    frame = encode(pixels, form, Codec.HTJ2K)
    if not np.array_equal(decode(frame, encoded_form(form, Codec.HTJ2K), Codec.HTJ2K), pixels):
        message = "a frame that was written in HTJ2K came back as another; it is not used"
        raise PixelError(message)
    return frame


def _preview(pixels: Pixels, form: PixelForm, step: float) -> tuple[bytes, float]:
    """Return the finest preview that is small enough, and its quantisation step, a good guess for the next frame."""
    if not can_be_previewed(form):
        return b"", step
    try:
        _ = encoded_form(form, Codec.HTJ2K)
    except PixelError:
        return b"", step
    small = _shrunk(pixels, preview_factor(form))
    preview = _lossy(small, step)
    while len(preview) > _PREVIEW_BYTES and step < _COARSEST:
        step *= 2
        preview = _lossy(small, step)
    while step > _FINEST and len(preview) < _PREVIEW_BYTES / 3:
        finer = _lossy(small, step / 2)
        if len(finer) > _PREVIEW_BYTES:
            break
        preview, step = finer, step / 2
    return preview, step


def _shrunk(pixels: Pixels, factor: int) -> Pixels:
    """Return the means of squares of pixels."""
    if factor == 1:
        return pixels
    rows, columns = (size // factor * factor for size in pixels.shape[:2])
    squares = pixels[:rows, :columns].reshape(rows // factor, factor, columns // factor, factor, *pixels.shape[2:])
    return squares.mean(axis=(1, 3)).astype(pixels.dtype)


def _lossy(pixels: Pixels, step: float) -> bytes:
    encoded: Any = imagecodecs.htj2k_encode(np.ascontiguousarray(pixels), level=step, reversible=False, rgb=False)
    return bytes(encoded)
