"""What workers do with pixels. To import this costs nothing: the codecs are loaded where they are used.

A node's main process names these functions and sends them to its workers (:mod:`lightwell.core.compute`).
"""

# ruff: noqa: PLC0415 -- numpy and the codecs take 20 MB that the main process has no use for

from collections.abc import Sequence

from lightwell.imaging.enhance.enhancement import Enhancement
from lightwell.imaging.form import Codec, PixelForm
from lightwell.imaging.look import Look
from lightwell.imaging.picture import Picture


def recode(frames: Sequence[bytes], form: PixelForm, source: Codec, target: Codec) -> list[bytes]:
    """Write frames anew; see :func:`lightwell.imaging.codecs.recode`."""
    from lightwell.imaging import codecs

    return codecs.recode(frames, form, source, target)


def pack(frames: Sequence[bytes], form: PixelForm) -> bytes:
    """Join frames of single bits; see :func:`lightwell.imaging.codecs.pack`."""
    from lightwell.imaging import codecs

    return codecs.pack(frames, form)


def aligned(raw: bytes, shift: int, bits: int) -> bytes:
    """Let a frame of single bits begin at a byte; see :func:`lightwell.imaging.codecs.aligned`."""
    from lightwell.imaging import codecs

    return codecs.aligned(raw, shift, bits)


def render(frame: bytes, form: PixelForm, codec: Codec, look: Look, picture: Picture) -> bytes:
    """Return a frame as a picture; see :func:`lightwell.imaging.rendering.render`."""
    from lightwell.imaging import rendering

    return rendering.render(frame, form, codec, look, picture)


def make_ready(frames: Sequence[bytes], form: PixelForm, codec: Codec, with_frames: bool) -> list[tuple[bytes, bytes]]:  # noqa: FBT001 -- a pool passes by place
    """Return frames in HTJ2K and their previews; see :func:`lightwell.imaging.preparing.make_ready`."""
    from lightwell.imaging import preparing

    made = preparing.make_ready(frames, form, codec, with_frames=with_frames)
    return [(one.frame, one.preview) for one in made]  # plain, so that who takes them loads nothing


def label_maps(
    images: Sequence[Sequence[tuple[int, bytes]]], form: PixelForm, codec: Codec, least: int
) -> tuple[bytes, bool]:
    """Return the maps of images, one after the other, and whether segments overlap in any.

    A mask is the number of its segment and its frame; see :func:`lightwell.imaging.masks.label_map`.
    """
    from lightwell.imaging.masks import Mask, label_map

    made = [label_map([Mask(*mask) for mask in masks], form, codec, least) for masks in images]
    return b"".join(labels.tobytes() for labels, _ in made), any(has_overlaps for _, has_overlaps in made)


def enhance(
    frame: bytes,
    form: PixelForm,
    codec: Codec,
    look: Look,
    wanted: Enhancement,
    target: Codec,
    is_hounsfield: bool,  # noqa: FBT001 -- a pool passes by place
) -> bytes:
    """Return a frame enhanced; see :func:`lightwell.imaging.enhance.frames.enhance_frame`."""
    from lightwell.imaging.enhance import frames

    return frames.enhance_frame(frame, form, codec, look, wanted, target, is_hounsfield=is_hounsfield)
