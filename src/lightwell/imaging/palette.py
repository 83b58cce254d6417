"""Few colours for many: a GIF has a table of 256 (GIF 87a), found by median cut (Heckbert 1982).

All colours of a picture begin in one box. The box that spans most is cut in two at the median of its widest channel,
until there are enough; each is then shown by the mean of its pixels. A picture of no more colours keeps them exactly.
"""

import math
from collections.abc import Iterator
from heapq import heappop, heappush
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Bytes: TypeAlias = NDArray[np.uint8]
MOST_COLOURS: Final = 256


class Indexed(NamedTuple):
    """A picture by places in a table: ``places`` of shape (rows, columns), ``colours`` of shape (256, 3)."""

    places: Bytes
    colours: Bytes


class _Box(NamedTuple):
    """Colours that are near each other, by their places among all; the widest box sorts first."""

    narrowness: float
    number: int
    members: NDArray[Any]
    channel: int


def indexed(shown: Bytes) -> Indexed:
    """Return a picture of shape (rows, columns, 3) with the colours that stand for it best."""
    packed = (shown.astype(np.uint32) << np.array([16, 8, 0], np.uint32)).sum(axis=-1, dtype=np.uint32)
    found, place_of_pixel, counts = np.unique(packed.ravel(), return_inverse=True, return_counts=True)
    every = np.stack([found >> 16 & 0xFF, found >> 8 & 0xFF, found & 0xFF], axis=-1).astype(np.uint8)
    colours, place_of_colour = np.zeros((MOST_COLOURS, 3), np.uint8), np.zeros(len(every), np.uint8)
    for place, members in enumerate(_boxes(every, counts)):
        place_of_colour[members] = place
        colours[place] = np.rint(np.average(every[members], axis=0, weights=counts[members]))
    return Indexed(place_of_colour[place_of_pixel].reshape(packed.shape), colours)


def _boxes(every: Bytes, counts: NDArray[Any]) -> Iterator[NDArray[Any]]:
    """Yield the places of the colours in each box, of 256 boxes at most."""
    boxes: list[_Box] = []
    heappush(boxes, _box(every, counts, np.arange(len(every)), 0))
    number = 1
    while len(boxes) < MOST_COLOURS and len(boxes[0].members) > 1:
        widest = heappop(boxes)
        for members in _halves(every, counts, widest):
            heappush(boxes, _box(every, counts, members, number))
            number += 1
    yield from (box.members for box in boxes)


def _box(every: Bytes, counts: NDArray[Any], members: NDArray[Any], number: int) -> _Box:
    own = every[members]
    spans = own.max(axis=0) - own.min(axis=0)
    weight = math.sqrt(counts[members].sum())
    return _Box(-int(spans.max()) * weight, number, members, int(spans.argmax()))


def _halves(every: Bytes, counts: NDArray[Any], box: _Box) -> tuple[NDArray[Any], NDArray[Any]]:
    """Cut where half of the pixels lie on either side; neither half is empty."""
    members = box.members[np.argsort(every[box.members, box.channel], kind="stable")]
    before = np.cumsum(counts[members])
    middle = int(np.count_nonzero(before <= before[-1] / 2))
    middle = min(max(1, middle), len(members) - 1)
    return members[:middle], members[middle:]
