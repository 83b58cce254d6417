"""How an image wants to be seen, read from its header: rescale, windows and tables (PS3.3 C.11, C.7.6.16.2).

Of several windows the first counts. Enhanced images say these for each frame, in functional groups.
"""

import struct
from collections.abc import Iterator
from contextlib import suppress
from typing import Final

from lightwell.archive.header import HeaderBytes
from lightwell.imaging.look import Look, Lut, VoiFunction, Window
from lightwell.imaging.segments import expand
from lightwell.standards.dicom.elements import leaves
from lightwell.standards.dicom.jsonwriter import little_endian

_REPRESENTATIVE_FRAME: Final = 0x0028_6010
_CENTER: Final = 0x0028_1050
_WIDTH: Final = 0x0028_1051
_INTERCEPT: Final = 0x0028_1052
_SLOPE: Final = 0x0028_1053
_FUNCTION: Final = 0x0028_1056
_PADDING: Final = 0x0028_0120
_PADDING_LIMIT: Final = 0x0028_0121
_PALETTE: Final = (
    (0x0028_1101, 0x0028_1201, 0x0028_1221),
    (0x0028_1102, 0x0028_1202, 0x0028_1222),
    (0x0028_1103, 0x0028_1203, 0x0028_1223),
)
"""Of each colour: descriptor, table, table in segments."""
_MODALITY_LUTS: Final = 0x0028_3000
_VOI_LUTS: Final = 0x0028_3010
_DESCRIPTOR: Final = 0x0028_3002
_DATA: Final = 0x0028_3006
_SHARED: Final = 0x5200_9229
_PER_FRAME: Final = 0x5200_9230
_GROUPS: Final = frozenset((0x0028_9132, 0x0028_9145))  # Frame VOI LUT, Pixel Value Transformation
_ROOT_TAGS: Final = frozenset(
    (
        *(_REPRESENTATIVE_FRAME, _CENTER, _WIDTH, _INTERCEPT, _SLOPE, _FUNCTION, _PADDING, _PADDING_LIMIT),
        *(tag for tags in _PALETTE for tag in tags),
    )
)
_WHOLE_TABLE: Final = 1 << 16
_DESCRIPTOR_NUMBERS: Final = 3

Path = tuple[int, ...]


class Seen:
    """What an image says of how it wants to be seen."""

    def __init__(self, header: HeaderBytes) -> None:
        self._values = {
            path: (token.vr, header.content[token.start : token.end])
            for path, token in leaves(header.content, header.offset, header.syntax)
            if _is_of_interest(path)
        }
        self._is_little_endian = header.syntax.is_little_endian

    def representative_frame(self, count: int) -> int:
        """Return the number, from 0, of the frame that stands for all: the one that the image names, or the middle."""
        return representative_frame(next(iter(self._shorts((_REPRESENTATIVE_FRAME,), signed=False)), 0), count)

    def look(self, frame: int, *, is_signed: bool) -> Look:
        """Return how a frame wants to be seen; ``is_signed`` tells how its pixels are."""
        slope, intercept = self._number(_SLOPE, frame), self._number(_INTERCEPT, frame) or 0.0
        return Look(
            slope=1.0 if slope is None or slope == 0 else slope,
            intercept=intercept,
            modality_lut=self._lut((_MODALITY_LUTS, 1, _DESCRIPTOR), (_MODALITY_LUTS, 1, _DATA), is_signed=is_signed),
            window=self._window(frame),
            voi_lut=self._lut((_VOI_LUTS, 1, _DESCRIPTOR), (_VOI_LUTS, 1, _DATA), is_signed=is_signed or intercept < 0),
            padding=self._padding(is_signed=is_signed),
            palette=self._palette(),
        )

    def _window(self, frame: int) -> Window | None:
        center, width = self._number(_CENTER, frame), self._number(_WIDTH, frame)
        if center is None or width is None or width <= 0:
            return None
        function = VoiFunction.LINEAR
        with suppress(ValueError):
            function = VoiFunction(self._text(_FUNCTION, frame) or function)
        return Window(center, width, function)

    def _padding(self, *, is_signed: bool) -> tuple[int, int] | None:
        ends = [*self._shorts((_PADDING,), signed=is_signed), *self._shorts((_PADDING_LIMIT,), signed=is_signed)]
        return (min(ends), max(ends)) if ends else None

    def _palette(self) -> tuple[Lut, Lut, Lut] | None:
        red, green, blue = (self._colour(*tags) for tags in _PALETTE)
        return None if red is None or green is None or blue is None else (red, green, blue)

    def _colour(self, head: int, table: int, segmented: int) -> Lut | None:
        segments = self._shorts((segmented,), signed=False)
        numbers = self._shorts((head,), signed=False)
        if not segments or len(numbers) != _DESCRIPTOR_NUMBERS:
            return self._lut((head,), (table,), is_signed=False)
        _, first, bits = numbers
        entries = expand(segments)
        return Lut(first, bits, struct.pack(f"<{len(entries)}H", *entries))

    def _lut(self, head: Path, data: Path, *, is_signed: bool) -> Lut | None:
        numbers = self._shorts(head, signed=False)
        vr, raw = self._values.get(data, ("", b""))
        if len(numbers) != _DESCRIPTOR_NUMBERS or not raw:
            return None
        entries, first, bits = numbers
        entries = entries or _WHOLE_TABLE
        is_by_byte = len(raw) <= entries + entries % 2
        table = raw if vr == "OB" else little_endian("OW", raw, is_little_endian=self._is_little_endian)
        first = first - _WHOLE_TABLE if is_signed and first >= _WHOLE_TABLE // 2 else first
        return Lut(first, bits, table[: entries * (1 if is_by_byte else 2)], is_by_byte=is_by_byte)

    def _number(self, tag: int, frame: int) -> float | None:
        text = self._text(tag, frame)
        with suppress(ValueError):
            return float(text)
        return None

    def _text(self, tag: int, frame: int) -> str:
        """Return the first value of what the frame, all frames, or the image says, in this order."""
        paths = (*((_PER_FRAME, frame + 1, group, 1, tag) for group in _GROUPS), *_shared(tag), (tag,))
        raw = next((self._values[path][1] for path in paths if path in self._values), b"")
        return raw.decode("ascii", "replace").split("\\")[0].strip(" \0")

    def _shorts(self, path: Path, *, signed: bool) -> list[int]:
        _, raw = self._values.get(path, ("", b""))
        order = "<" if self._is_little_endian else ">"
        return [number for (number,) in struct.iter_unpack(order + ("h" if signed else "H"), raw[: len(raw) & ~1])]


def representative_frame(named: int, count: int) -> int:
    """Return the number, from 0, of the frame that stands for ``count``: the one named from 1, or the middle."""
    return named - 1 if 1 <= named <= count else (count - 1) // 2


def _shared(tag: int) -> Iterator[Path]:
    return ((_SHARED, 1, group, 1, tag) for group in _GROUPS)


def _is_of_interest(path: Path) -> bool:
    if len(path) == 1:
        return path[0] in _ROOT_TAGS
    if path[0] in {_MODALITY_LUTS, _VOI_LUTS}:
        return path[1] == 1
    return path[0] in {_SHARED, _PER_FRAME} and len(path) == 5 and path[2] in _GROUPS  # noqa: PLR2004 -- group, item, tag
