"""What a segmentation marks, as a map of the numbers of its segments (PS3.3 C.8.20.2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from lightwell.imaging.codecs import decode
from lightwell.imaging.form import Codec, PixelError, PixelForm

Labels = NDArray[np.uint8]
_MOST: Final = 255


@dataclass(frozen=True, slots=True)
class Mask:
    """A frame of a segmentation: the segment that it marks, or 0 where its pixels are the numbers themselves."""

    segment: int
    content: bytes


def label_map(masks: Sequence[Mask], form: PixelForm, codec: Codec, least: int) -> tuple[Labels, bool]:
    """Return the map of one image, and whether segments overlap in it; where they do, the highest number holds.

    Args:
        masks: the frames that lie on the image.
        form: how their pixels are written.
        codec: how their frames are.
        least: the value from which on a pixel belongs to its segment.

    Raises:
        PixelError: a frame is damaged, or marks a segment whose number takes more than a byte.
    """
    labels: Labels = np.zeros((form.rows, form.columns), np.uint8)
    has_overlaps = False
    for mask in sorted(masks, key=lambda one: one.segment):
        pixels: NDArray[Any] = decode(mask.content, form, codec)
        if pixels.size != labels.size:
            message = f"expected a frame of {labels.size} pixels, {pixels.size} came"
            raise PixelError(message)
        pixels = pixels.reshape(labels.shape)
        if mask.segment == 0:
            labels = np.maximum(labels, _numbers(pixels))
            continue
        is_marked = pixels >= least
        has_overlaps = has_overlaps or bool(np.any(is_marked & (labels > 0) & (labels != mask.segment)))
        labels[is_marked] = mask.segment
    return labels, has_overlaps


def _numbers(pixels: NDArray[Any]) -> Labels:
    if pixels.min() < 0 or pixels.max() > _MOST:
        message = f"expected numbers of segments from 0 to {_MOST}, {pixels.min()} to {pixels.max()} came"
        raise PixelError(message)
    return pixels.astype(np.uint8)
