"""Frames to arrays and back, in every way that an archive meets (PS3.5 8 and A.4).

An array has the shape (rows, columns) or (rows, columns, samples) and the type that bits allocated and pixel
representation say. What is compressed without loss comes back bit by bit, bits above *bits stored* included.

Colours: JPEG's and JPEG 2000's own transformations are undone, so such frames are RGB when decoded; RGB is given to
JPEG 2000 with its reversible transformation (YBR_RCT). Everything else keeps its photometric interpretation.
"""

import struct
import zlib
from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate
from typing import Any, Final, TypeAlias

import imagecodecs
import numpy as np
from numpy.typing import NDArray

from lightwell.imaging.form import COLOURS_OF_CODEC, Codec, PixelError, PixelForm, decoded_form, encoded_form

Pixels: TypeAlias = NDArray[Any]


_MOST_SEGMENTS: Final = 15
_RLE_HEAD: Final = struct.Struct("<16I")
_LOSSLESS_FRAME: Final = (b"\xff\xc3", b"\xff\xc7", b"\xff\xcb", b"\xff\xcf")


def recode(frames: Sequence[bytes], form: PixelForm, source: Codec, target: Codec) -> list[bytes]:
    """Write frames anew.

    Raises:
        PixelError: they cannot be read, or not be written so.
    """
    plain = decoded_form(form, source)
    return [encode(decode(frame, form, source), plain, target) for frame in frames]


def decode(frame: bytes, form: PixelForm, codec: Codec) -> Pixels:
    """Return the pixels of a frame.

    Raises:
        PixelError: the bytes are not such a frame.
    """
    try:
        pixels = _DECODERS[codec](frame, form)
    except PixelError:
        raise
    except Exception as error:  # a codec may raise anything over what came
        message = f"expected a frame in {codec}, it cannot be decoded: {error}"
        raise PixelError(message) from error
    pixels = pixels.reshape(form.shape) if pixels.size == np.prod(form.shape) else pixels
    if pixels.shape != form.shape:
        message = f"expected a frame of {form.shape}, one of {pixels.shape} came"
        raise PixelError(message)
    return _typed(pixels, form)


def _typed(pixels: Pixels, form: PixelForm) -> Pixels:
    """Give pixels their type; codecs that know no sign have left it to us (PS3.5 8.2)."""
    wanted = np.dtype(form.kind)
    if pixels.dtype == wanted or form.is_float:
        return pixels
    unsigned = pixels.astype(wanted.str.replace("i", "u"), copy=False)
    if pixels.dtype.kind == "i" or not form.is_signed:
        return unsigned.view(wanted) if form.is_signed else _without_sign(unsigned, pixels, form)
    shift = form.bits_allocated - form.bits_stored
    if shift <= 0 or (unsigned.size and int(unsigned.max()) >> form.bits_stored):
        return unsigned.view(wanted)
    return np.right_shift(np.left_shift(unsigned, shift).view(wanted), shift)


def _without_sign(unsigned: Pixels, pixels: Pixels, form: PixelForm) -> Pixels:
    if pixels.dtype.kind != "i" or form.bits_stored >= form.bits_allocated:
        return unsigned
    return unsigned & ((1 << form.bits_stored) - 1)


def _native(frame: bytes, form: PixelForm) -> Pixels:
    if form.bits_allocated == 1:
        bits = np.unpackbits(np.frombuffer(frame, np.uint8), bitorder="little")
        return bits[: form.rows * form.columns * form.samples]
    data = np.frombuffer(frame, np.uint8)[: (form.bits + 7) // 8]
    if form.is_big_endian and (form.is_word or form.bits_allocated > 8):  # noqa: PLR2004 -- bytes in words are swapped too
        width = max(2, form.bits_allocated // 8)
        data = np.frombuffer(frame[: len(frame) - len(frame) % width], f">u{width}").astype(f"<u{width}").view(np.uint8)
        data = data[: (form.bits + 7) // 8]
    pixels = data.view(form.kind)
    if form.is_subsampled:
        return _upsampled(pixels, form)
    if form.is_planar and form.samples > 1:
        return np.moveaxis(pixels.reshape(form.samples, form.rows, form.columns), 0, -1)
    return pixels


def _upsampled(pixels: Pixels, form: PixelForm) -> Pixels:
    """Give every pixel its chrominance (PS3.3 C.7.6.3.1.2: Y1 Y2 CB CR)."""
    quads = pixels.reshape(-1, 4)
    full = np.empty((len(quads), 2, 3), pixels.dtype)
    full[:, :, 0] = quads[:, :2]
    full[:, :, 1:] = quads[:, None, 2:]
    return full.reshape(form.shape)


def _rle(frame: bytes, form: PixelForm) -> Pixels:
    if form.bits_allocated == 1:
        packed = np.asarray(imagecodecs.dicomrle_decode(frame, np.dtype("u1"))).tobytes()
        return _native(packed, form)
    planes = np.frombuffer(imagecodecs.dicomrle_decode(frame, np.dtype(f"<{form.kind}")), form.kind)
    if form.samples == 1:
        return planes[: form.rows * form.columns]
    size = form.rows * form.columns
    return np.moveaxis(planes[: size * form.samples].reshape(form.samples, form.rows, form.columns), 0, -1)


def _jpeg(frame: bytes, form: PixelForm) -> Pixels:
    if form.samples > 1 and form.photometric in COLOURS_OF_CODEC[Codec.JPEG] and not _is_lossless_jpeg(frame):
        return imagecodecs.jpeg8_decode(frame, colorspace="YCBCR", outcolorspace="RGB")
    if form.samples > 1:
        return imagecodecs.jpeg8_decode(frame, colorspace="RGB", outcolorspace="RGB")
    return imagecodecs.jpeg8_decode(frame)


def _is_lossless_jpeg(frame: bytes) -> bool:
    return any(marker in frame[:4096] for marker in _LOSSLESS_FRAME)


def _jpeg_ls(frame: bytes, form: PixelForm) -> Pixels:
    pixels = imagecodecs.jpegls_decode(frame)
    is_by_plane = form.samples > 1 and pixels.shape[0] == form.samples != pixels.shape[-1]
    return np.moveaxis(pixels, 0, -1) if is_by_plane else pixels


def _jpeg_2000(frame: bytes, _: PixelForm) -> Pixels:
    return imagecodecs.jpeg2k_decode(frame)


def _htj2k(frame: bytes, form: PixelForm) -> Pixels:
    return imagecodecs.htj2k_decode(frame, planar=None if form.samples == 1 else False)


def _deflated(frame: bytes, form: PixelForm) -> Pixels:
    return _native(zlib.decompressobj(-zlib.MAX_WBITS).decompress(frame, (form.bits + 7) // 8), form)


_DECODERS: Final[Mapping[Codec, Callable[[bytes, PixelForm], Pixels]]] = {
    Codec.NATIVE: _native,
    Codec.RLE: _rle,
    Codec.JPEG: _jpeg,
    Codec.JPEG_LS: _jpeg_ls,
    Codec.JPEG_2000: _jpeg_2000,
    Codec.HTJ2K: _htj2k,
    Codec.DEFLATED: _deflated,
}


def encode(pixels: Pixels, form: PixelForm, codec: Codec) -> bytes:
    """Return a frame of pixels, written without loss; ``form`` is theirs.

    Raises:
        PixelError: the codec cannot hold them.
    """
    _ = encoded_form(form, codec)
    pixels = np.ascontiguousarray(pixels)
    try:
        return _ENCODERS[codec](pixels, form)
    except Exception as error:  # a codec may raise anything
        message = f"the pixels cannot be written as {codec}: {error}"
        raise PixelError(message) from error


def _to_native(pixels: Pixels, form: PixelForm) -> bytes:
    if form.bits_allocated == 1:
        return np.packbits(pixels.reshape(-1), bitorder="little").tobytes()
    return pixels.astype(pixels.dtype.newbyteorder("<"), copy=False).tobytes()


def aligned(raw: bytes, shift: int, bits: int) -> bytes:
    """Let a native frame of single bits begin at a byte; ``shift`` is where it begins in its first (PS3.5 8.1.1)."""
    unpacked = np.unpackbits(np.frombuffer(raw, np.uint8), bitorder="little")
    return np.packbits(unpacked[shift : shift + bits], bitorder="little").tobytes()


def pack(frames: Sequence[bytes], form: PixelForm) -> bytes:
    """Join native frames of single bits, which need not begin at a byte (PS3.5 8.1.1)."""
    bits = [np.unpackbits(np.frombuffer(frame, np.uint8), bitorder="little")[: form.bits] for frame in frames]
    return np.packbits(np.concatenate(bits), bitorder="little").tobytes()


def _to_rle(pixels: Pixels, form: PixelForm) -> bytes:
    """Write the bytes of a sample as segments, the highest first, row by row (PS3.5 G)."""
    raw = pixels.astype(pixels.dtype.newbyteorder(">"), copy=False).view(np.uint8)
    planes = raw.reshape(form.rows, form.columns, -1)
    segments = [
        _even(imagecodecs.packbits_encode(np.ascontiguousarray(planes[:, :, n]))) for n in range(planes.shape[2])
    ]
    if len(segments) > _MOST_SEGMENTS:
        message = f"RLE has at most {_MOST_SEGMENTS} segments, {len(segments)} would be needed"
        raise PixelError(message)
    starts = accumulate([_RLE_HEAD.size, *map(len, segments[:-1])])
    head = _RLE_HEAD.pack(len(segments), *starts, *[0] * (_MOST_SEGMENTS - len(segments)))
    return head + b"".join(segments)


def _to_jpeg_ls(pixels: Pixels, _: PixelForm) -> bytes:
    return _even(imagecodecs.jpegls_encode(_unsigned(pixels), level=0))


def _unsigned(pixels: Pixels) -> Pixels:
    return pixels.view(pixels.dtype.str.replace("i", "u"))


def _to_jpeg_2000(pixels: Pixels, form: PixelForm) -> bytes:
    is_rgb = form.photometric == "RGB"
    bits = _precision(pixels, form)
    encoded = imagecodecs.jpeg2k_encode(
        pixels, level=0, codecformat="J2K", reversible=True, mct=is_rgb, bitspersample=bits, numthreads=1
    )
    return _even(encoded)


def _precision(pixels: Pixels, form: PixelForm) -> int:
    """Return the bits that hold every value: bits stored, unless something lies above them."""
    low, high = (
        (-(1 << form.bits_stored - 1), 1 << form.bits_stored - 1) if form.is_signed else (0, 1 << form.bits_stored)
    )
    fits = not pixels.size or (int(pixels.min()) >= low and int(pixels.max()) < high)
    return form.bits_stored if fits else form.bits_allocated


def _to_htj2k(pixels: Pixels, form: PixelForm) -> bytes:
    """Write RPCL with one tile-part per resolution, so that the beginning of a frame is a small picture of it."""
    is_rgb = form.photometric == "RGB"
    return _even(imagecodecs.htj2k_encode(pixels, reversible=True, rgb=is_rgb, tlm=True, tilepart=1))


def _even(frame: Any) -> bytes:
    content = bytes(frame)
    return content + b"\0" * (len(content) % 2)


_ENCODERS: Final[Mapping[Codec, Callable[[Pixels, PixelForm], bytes]]] = {
    Codec.NATIVE: _to_native,
    Codec.RLE: _to_rle,
    Codec.JPEG_LS: _to_jpeg_ls,
    Codec.JPEG_2000: _to_jpeg_2000,
    Codec.HTJ2K: _to_htj2k,
}
