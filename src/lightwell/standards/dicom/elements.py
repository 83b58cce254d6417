"""Walks every element of a data set, in whichever of the uncompressed ways it is written (PS3.5 7).

The scanner jumps over what it was not asked for; this walk opens all sequences. What it yields is flat, so that a data
set can be written anew, as JSON or in another transfer syntax, in one pass and without recursion:

    (0008,1115) SQ        SEQUENCE
      item                ITEM
        (0020,000E) UI    VALUE
                          ITEM_END
                          SEQUENCE_END
    (7FE0,0010) OW        PIXELS

The pixel data may lie beyond the end of what is walked: the header of an image is enough. Compressed pixel data, whose
end only the scanner knows, end the walk. Whatever the bytes are, the only error is DataSetError.
"""

import struct
from collections.abc import Iterator
from enum import IntEnum
from functools import lru_cache
from typing import Final, NamedTuple, NoReturn

from pydicom.datadict import dictionary_VR

from lightwell.standards.dicom.errors import DataSetError
from lightwell.standards.dicom.part10 import Content
from lightwell.standards.dicom.uids import TransferSyntax

UNDEFINED: Final = 0xFFFF_FFFF
PIXEL_TAGS: Final = frozenset((0x7FE0_0008, 0x7FE0_0009, 0x7FE0_0010))
LONG_VRS: Final = frozenset(("OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"))
SHORT_VRS: Final = frozenset(
    (
        *("AE", "AS", "AT", "CS", "DA", "DS", "DT", "FD", "FL", "IS", "LO"),
        *("LT", "PN", "SH", "SL", "SS", "ST", "TM", "UI", "UL", "US"),
    )
)
_VRS: Final = {vr.encode(): vr for vr in LONG_VRS | SHORT_VRS}
_PIXEL_REPRESENTATION: Final = 0x0028_0103
_US_OR_SS: Final = "US or SS"
_ITEM: Final = 0xFFFE_E000
_ITEM_END: Final = 0xFFFE_E00D
_SEQUENCE_END: Final = 0xFFFE_E0DD
_DEEPEST: Final = 128
_HEAD: Final = 8
_LONG_HEAD: Final = 12


class Kind(IntEnum):
    """What a token is."""

    VALUE = 0
    SEQUENCE = 1
    ITEM = 2
    ITEM_END = 3
    SEQUENCE_END = 4
    PIXELS = 5


class Token(NamedTuple):
    """A piece of a data set; ``start`` and ``end`` span the value, ``end`` is -1 where only the scanner knows it.

    Of a sequence only ``start`` is told.
    """

    kind: Kind
    tag: int = 0
    vr: str = ""
    start: int = 0
    end: int = 0


class _Level(NamedTuple):
    """A data set, sequence or item that is open."""

    is_sequence: bool
    end: int
    is_delimited: bool
    is_explicit: bool


def walk(buffer: Content, offset: int, syntax: TransferSyntax) -> Iterator[Token]:
    """Yield the tokens of the data set at ``offset``; a deflated one has been inflated before."""
    return _Walk(buffer, syntax).run(offset)


class Root(NamedTuple):
    """What the top level of a data set holds: raw values, and where the pixel data lie."""

    values: dict[int, bytes]
    pixel_data: Token | None


def root(buffer: Content, offset: int, syntax: TransferSyntax, tags: frozenset[int]) -> Root:
    """Return the values of elements of the top level that come before the pixel data, and where those lie."""
    found: dict[int, bytes] = {}
    depth = 0
    for token in walk(buffer, offset, syntax):
        if token.kind is Kind.VALUE:
            if not depth and token.tag in tags:
                found[token.tag] = bytes(buffer[token.start : token.end])
        elif token.kind is Kind.SEQUENCE:
            depth += 1
        elif token.kind is Kind.SEQUENCE_END:
            depth -= 1
        elif token.kind is Kind.PIXELS:
            return Root(found, token)
    return Root(found, None)


class _Walk:
    def __init__(self, buffer: Content, syntax: TransferSyntax) -> None:
        order = "<" if syntax.is_little_endian else ">"
        self._buffer: Content = buffer
        self._levels: list[_Level] = [_Level(False, len(buffer), False, syntax.is_explicit_vr)]  # noqa: FBT003
        self._is_signed: bool = False
        self._head: struct.Struct = struct.Struct(f"{order}HHI")
        self._explicit: struct.Struct = struct.Struct(f"{order}HH2sH")
        self._long: struct.Struct = struct.Struct(f"{order}I")

    def run(self, at: int) -> Iterator[Token]:
        levels = self._levels
        while True:
            level = levels[-1]
            if at + _HEAD > level.end:
                if len(levels) == 1:
                    return
                self._require_end(at, level)
                yield self._close(level)
                continue
            if level.is_sequence or level.is_delimited:
                group, element, length = self._head.unpack_from(self._buffer, at)
                tag = group << 16 | element
                if level.is_delimited and tag == (_SEQUENCE_END if level.is_sequence else _ITEM_END):
                    at += _HEAD
                    yield self._close(level)
                    continue
                if level.is_sequence:
                    at += _HEAD
                    yield self._open_item(tag, at, length, level)
                    continue
            token, at = self._element(at, level)
            if token is None:
                return
            yield token
            if token.kind is Kind.PIXELS and (token.end < 0 or token.end > len(self._buffer)):
                return

    def _close(self, level: _Level) -> Token:
        _ = self._levels.pop()
        return Token(Kind.SEQUENCE_END if level.is_sequence else Kind.ITEM_END)

    def _open_item(self, tag: int, at: int, length: int, level: _Level) -> Token:
        if tag != _ITEM:
            _fail(f"expected an item at byte {at - _HEAD}, {_name(tag)} came")
        self._open(at, length, level, is_sequence=False, is_explicit=level.is_explicit)
        return Token(Kind.ITEM)

    def _open(self, at: int, length: int, level: _Level, *, is_sequence: bool, is_explicit: bool) -> None:
        is_delimited = length == UNDEFINED
        end = level.end if is_delimited else at + length
        if end > level.end:
            _fail(f"expected {length} bytes at byte {at}, only {level.end - at} came")
        if len(self._levels) > _DEEPEST:
            _fail(f"expected sequences at most {_DEEPEST // 2} deep, more came")
        self._levels.append(_Level(is_sequence, end, is_delimited, is_explicit))

    def _element(self, at: int, level: _Level) -> tuple[Token | None, int]:
        """Return the element at a place and where the walk goes on; None at zeros after the last element."""
        tag, vr, value, length, is_explicit = self._read_head(at, level)
        if not tag:
            return None, at
        is_root = len(self._levels) == 1
        if length == UNDEFINED:
            if tag in PIXEL_TAGS:
                return self._encapsulated(tag, vr, value, level, is_root=is_root)
            self._open(value, length, level, is_sequence=True, is_explicit=is_explicit and vr != "UN")
            return Token(Kind.SEQUENCE, tag, "SQ", value), value
        end = value + length
        if is_root and tag in PIXEL_TAGS:
            return Token(Kind.PIXELS, tag, vr, value, end), end
        if end > level.end:
            _fail(f"{_name(tag)}: expected {length} bytes at byte {value}, only {max(0, level.end - value)} came")
        if vr == "SQ":
            self._open(value, length, level, is_sequence=True, is_explicit=is_explicit)
            return Token(Kind.SEQUENCE, tag, vr, value), value
        if tag == _PIXEL_REPRESENTATION and is_root:
            self._is_signed = any(self._buffer[value:end])
        return Token(Kind.VALUE, tag, vr, value, end), end

    def _vr_of(self, tag: int) -> str:
        vr = vr_of(tag)
        return ("SS" if self._is_signed else "US") if vr == _US_OR_SS else vr

    def _read_head(self, at: int, level: _Level) -> tuple[int, str, int, int, bool]:
        group, element, raw_vr, length = self._explicit.unpack_from(self._buffer, at)
        tag = group << 16 | element
        vr = _VRS.get(raw_vr) if level.is_explicit else None
        if vr is None and level.is_explicit and len(self._levels) == 1 and tag:
            vr = _later_vr(tag, raw_vr, at)
        if vr is None:  # implicit, or one of the items that are so against the rules
            (length,) = self._long.unpack_from(self._buffer, at + 4)
            return tag, self._vr_of(tag), at + _HEAD, length, False
        if vr in SHORT_VRS:
            return tag, vr, at + _HEAD, length, True
        if at + _LONG_HEAD > level.end:
            _fail(f"{_name(tag)}: the data set is cut short at byte {at}")
        (length,) = self._long.unpack_from(self._buffer, at + _HEAD)
        known = self._vr_of(tag) if vr == "UN" and length != UNDEFINED else vr  # a VR that the sender did not know
        return tag, known, at + _LONG_HEAD, length, vr != "UN"

    def _encapsulated(self, tag: int, vr: str, start: int, level: _Level, *, is_root: bool) -> tuple[Token, int]:
        if is_root:
            return Token(Kind.PIXELS, tag, vr, start, -1), start
        at = start
        while at + _HEAD <= level.end:  # an icon
            group, element, length = self._head.unpack_from(self._buffer, at)
            at += _HEAD
            if group << 16 | element != _ITEM:
                return Token(Kind.VALUE, tag, "OB", start, at - _HEAD), at
            at += length
        return _fail(f"{_name(tag)}: expected the end of an icon's pixel data, the content ends")

    def _require_end(self, at: int, level: _Level) -> None:
        if level.is_delimited or at != level.end:
            _fail(f"expected the end of a sequence at byte {at}, the content ends at byte {level.end}")


def _later_vr(tag: int, raw: bytes, at: int) -> str:
    if raw.isalpha() and raw.isupper():  # of a later edition, PS3.5 6.2
        return "UN"
    return _fail(f"{_name(tag)}: expected a VR of two letters at byte {at + 4}, {raw!r} came")


@lru_cache(maxsize=8192)
def vr_of(tag: int) -> str:
    """Return the VR of an element that is written without (PS3.6): one, ``US or SS``, or UN if nobody knows it."""
    if tag & 0xFFFF == 0:
        return "UL"
    if tag >> 16 & 1:
        return "LO" if 0x10 <= tag & 0xFFFF <= 0xFF else "UN"  # noqa: PLR2004 -- private creators, PS3.5 7.8.1
    try:
        vr = dictionary_VR(tag)
    except KeyError:
        return "UN"
    return _ONE_OF.get(vr, vr)


_ONE_OF: Final = {"OB or OW": "OW", "US or OW": "OW", "US or SS or OW": "OW", "NONE": "UN"}


def _name(tag: int) -> str:
    return f"({tag >> 16:04X},{tag & 0xFFFF:04X})"


def _fail(message: str) -> NoReturn:
    raise DataSetError(message)


def leaves(buffer: Content, offset: int, syntax: TransferSyntax) -> Iterator[tuple[tuple[int, ...], Token]]:
    """Yield all values with their paths: tags, and between them the number of the item from 1."""
    way: list[int] = []
    counts: list[int] = []
    for token in walk(buffer, offset, syntax):
        if token.kind is Kind.SEQUENCE:
            way.append(token.tag)
            counts.append(0)
        elif token.kind is Kind.ITEM:
            counts[-1] += 1
            way.append(counts[-1])
        elif token.kind is Kind.SEQUENCE_END:
            _ = counts.pop()
            _ = way.pop()
        elif token.kind is Kind.ITEM_END:
            _ = way.pop()
        else:
            yield (*way, token.tag), token
