"""Palettes written in segments: runs of entries, straight lines between them, and repetitions (PS3.3 C.7.9.2)."""

from array import array
from collections.abc import Sequence
from typing import Final

from lightwell.imaging.form import PixelError

_DISCRETE: Final = 0
_LINEAR: Final = 1
_INDIRECT: Final = 2
_LARGEST: Final = 1 << 16


def expand(words: Sequence[int]) -> "array[int]":
    """Return the entries of a segmented table of 16 bit words.

    Raises:
        PixelError: the segments do not fit together.
    """
    entries = array("H")
    at = 0
    try:
        while at < len(words):
            at = _segment(words, at, entries, may_repeat=True)
    except IndexError as error:
        message = f"expected the segments of a palette, they end in the middle of one, after {len(entries)} entries"
        raise PixelError(message) from error
    return entries


def _segment(words: Sequence[int], at: int, entries: "array[int]", *, may_repeat: bool) -> int:
    """Add the entries of the segment at a place, and return where the next one begins."""
    opcode, count = words[at], words[at + 1]
    if len(entries) > _LARGEST:
        message = f"a palette has at most {_LARGEST} entries, more came"
        raise PixelError(message)
    if opcode == _DISCRETE:
        entries.extend(words[at + 2 : at + 2 + count])
        return at + 2 + count
    if opcode == _LINEAR and entries:
        entries.extend(_line(entries[-1], words[at + 2], count))
        return at + 3
    if opcode == _INDIRECT and may_repeat:
        place = (words[at + 2] | words[at + 3] << 16) // 2
        for _ in range(count):
            place = _segment(words, place, entries, may_repeat=False)
        return at + 4
    message = f"expected a segment of a palette, one of kind {opcode} came where none may be"
    raise PixelError(message)


def _line(start: int, end: int, count: int) -> Sequence[int]:
    """Return the values from, but without, ``start`` to ``end``."""
    return [round(start + (end - start) * step / count) for step in range(1, count + 1)]
