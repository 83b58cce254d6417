"""Reads the head of an image as fast as it comes in, and stops where the pixels begin (PS3.5 7).

A data set is a row of elements, ``tag [VR] length value``. Nobody needs most of them at the door of an archive, so the
scanner jumps from head to head, keeps the raw values of the tags that it was asked for, and notes where the pixel data
lie without touching them:

    (0008,0018) UI 26 ──► kept        (0009,1010) UN 4096 ──► jumped over        (7FE0,0010) OW 524288 ──► noted

Sequences of known length are jumped over too; those of undefined length are walked with a stack of our own (a hostile
file must not exhaust Python's), at most 64 deep. Whatever the bytes are, the only error is DataSetError, and the time
is bounded by their number. It is also the test whether an image came whole and is what it says: an element that
reaches beyond the end, a missing delimiter, or a VR that is none are told apart in the message.
"""

import struct
import zlib
from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NoReturn

from lightwell.standards.dicom.errors import CutShort, DataSetError
from lightwell.standards.dicom.frames import FrameTable, frame_table, strip_items
from lightwell.standards.dicom.header import INDEX_TAGS, Header, PixelData
from lightwell.standards.dicom.part10 import Content
from lightwell.standards.dicom.uids import (
    TRANSFER_SYNTAXES,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    TransferSyntax,
)

__all__ = ["INDEX_TAGS", "FrameTable", "Header", "PixelData", "frame_table", "scan", "strip_items"]

UNDEFINED: Final = 0xFFFF_FFFF
DEPTH_LIMIT: Final = 64
MAX_INFLATED_BYTES: Final = 1 << 28
_TOP_LEVEL: Final = range(1 << 17)
_NESTED: Final = range(1 << 24)
_LONGEST_VALUE: Final = 1 << 20
_LONGEST_TABLE: Final = 1 << 26
_HEAD: Final = 8
_LONG_HEAD: Final = 12
_PORTION: Final = 1 << 16

_SHORT_VRS: Final = frozenset(struct.unpack("2s" * 21, b"AEASATCSDADSDTFDFLISLOLTPNSHSLSSSTTMUIULUS"))
_LONG_VRS: Final = frozenset(struct.unpack("2s" * 13, b"OBODOFOLOVOWSQSVUCUNURUTUV"))
_VRS: Final = _SHORT_VRS | _LONG_VRS

_PIXEL_GROUP: Final = 0x7FE0
_EXTENDED_OFFSET_TABLE: Final = 0x7FE0_0001
_PIXEL_TAGS: Final = frozenset((0x7FE0_0008, 0x7FE0_0009, 0x7FE0_0010))
_SPECIAL_TAGS: Final = _PIXEL_TAGS | {_EXTENDED_OFFSET_TABLE}
_STARTS: Final = (b"\xff\xd8\xff", b"\xff\x4f\xff\x51")  # of JPEG and JPEG-LS, of JPEG 2000 and HTJ2K
_ITEM: Final = 0xFFFE_E000
_ITEM_END: Final = 0xFFFE_E00D
_SEQUENCE_END: Final = 0xFFFE_E0DD
_SWAPPED_FIRST_GROUPS: Final = frozenset((0x0200, 0x0400, 0x0800))


@dataclass(frozen=True, slots=True)
class _Layout:
    """How heads are read in one byte order."""

    is_little_endian: bool
    explicit: struct.Struct
    implicit: struct.Struct
    long: struct.Struct

    def tag(self, raw: int) -> int:
        """Turn four bytes read as one number into a tag, or back."""
        return (raw & 0xFFFF) << 16 | raw >> 16 if self.is_little_endian else raw


_LITTLE: Final = _Layout(
    is_little_endian=True,
    explicit=struct.Struct("<I2sH"),
    implicit=struct.Struct("<II"),
    long=struct.Struct("<I"),
)
_BIG: Final = _Layout(
    is_little_endian=False,
    explicit=struct.Struct(">I2sH"),
    implicit=struct.Struct(">II"),
    long=struct.Struct(">I"),
)


def scan(
    buffer: Content,
    offset: int,
    transfer_syntax_uid: str,
    tags: Iterable[int],
    *,
    max_inflated_bytes: int = MAX_INFLATED_BYTES,
) -> Header:
    """Read the header of the data set at ``offset``; ``tags`` are those whose values are wanted."""
    syntax = TRANSFER_SYNTAXES.get(transfer_syntax_uid)
    if syntax is None:  # private or newer than we are: all of them are written like this, PS3.5 10
        syntax = TransferSyntax(transfer_syntax_uid, "", True, True, True, False)  # noqa: FBT003
    if not syntax.is_deflated:
        return _Scan(buffer, offset, syntax).run(frozenset(tags))
    return _Scan(_inflate(buffer, offset, max_inflated_bytes), 0, syntax).run(frozenset(tags))


def _inflate(buffer: Content, offset: int, most: int) -> bytes:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        with memoryview(buffer) as view, view[offset:] as deflated:
            inflated = inflater.decompress(deflated, most)
    except zlib.error as error:
        msg = f"expected a deflated data set, it cannot be inflated: {error}"
        raise DataSetError(msg) from error
    if not inflater.eof:
        why = "it is longer" if len(inflated) >= most else "its end is missing"
        msg = f"expected a deflated data set of at most {most} bytes, {why}"
        raise DataSetError(msg)
    return inflated


@lru_cache(maxsize=64)
def _interesting(tags: frozenset[int], *, is_little_endian: bool) -> dict[int, int]:
    """Return what to stop at: tags as the layout reads them → tags; the pixel group is always among them."""
    layout = _LITTLE if is_little_endian else _BIG
    return {layout.tag(tag): tag for tag in tags | _SPECIAL_TAGS}


class _Scan:
    """One walk over one data set."""

    def __init__(self, buffer: Content, offset: int, syntax: TransferSyntax) -> None:
        self._buffer: Content = buffer
        self._start: int = offset
        self._end: int = len(buffer)
        self._syntax: TransferSyntax = syntax
        self._layout: _Layout = _LITTLE if syntax.is_little_endian else _BIG
        self._values: dict[int, bytes] = {}
        self._pixel_data: PixelData | None = None
        self._extended_offset_table: bytes = b""

    def run(self, tags: frozenset[int]) -> Header:
        interesting = _interesting(tags, is_little_endian=self._layout.is_little_endian)
        if not 0 <= self._start <= self._end:
            msg = f"expected a data set at byte {self._start}, the content has {self._end} bytes"
            raise DataSetError(msg)
        self._check_syntax()
        walk = self._walk_explicit if self._syntax.is_explicit_vr else self._walk_implicit
        stopped_at = walk(interesting)
        if self._pixel_data is None:
            self._check_end(stopped_at)
        return Header(
            transfer_syntax_uid=self._syntax.uid,
            values=self._values,
            pixel_data=self._pixel_data,
            data_set_offset=self._start,
            end_offset=stopped_at,
            content_length=self._end,
            is_little_endian=self._layout.is_little_endian,
            is_deflated=self._syntax.is_deflated,
            extended_offset_table=self._extended_offset_table,
        )

    # -- the two walks: written out twice and without calls, since every image passes here -------------------------

    def _walk_explicit(self, interesting: dict[int, int]) -> int:
        buffer, end, at, values = self._buffer, self._end, self._start, self._values
        short_vrs = _SHORT_VRS
        read, read_long = self._layout.explicit.unpack_from, self._layout.long.unpack_from
        last = end - _HEAD
        for _ in _TOP_LEVEL:
            if at > last:
                return at
            raw, vr, length = read(buffer, at)
            value = at + _HEAD
            if vr not in short_vrs:
                if not raw:
                    return self._padding(at)
                value = self._long_value(at, raw, vr)
                (length,) = read_long(buffer, at + _HEAD)
            if length == UNDEFINED:
                following = self._undefined(raw, value, is_explicit=vr != b"UN")
            else:
                following = value + length
                if following > end:
                    self._beyond(raw, value, length)
            if raw in interesting:
                tag = interesting[raw]
                if tag in _SPECIAL_TAGS or following - value > _LONGEST_VALUE:
                    self._keep(tag, value, following, is_undefined=length == UNDEFINED)
                    if self._pixel_data is not None:
                        return following
                else:
                    values[tag] = bytes(buffer[value:following])
            at = following
        return self._too_many()

    def _walk_implicit(self, interesting: dict[int, int]) -> int:
        buffer, end, at, values = self._buffer, self._end, self._start, self._values
        read = self._layout.implicit.unpack_from
        last = end - _HEAD
        for _ in _TOP_LEVEL:
            if at > last:
                return at
            raw, length = read(buffer, at)
            value = at + _HEAD
            if length == UNDEFINED:
                following = self._undefined(raw, value, is_explicit=False)
            else:
                following = value + length
                if following > end:
                    self._beyond(raw, value, length)
            if raw in interesting:
                tag = interesting[raw]
                if tag in _SPECIAL_TAGS or following - value > _LONGEST_VALUE:
                    self._keep(tag, value, following, is_undefined=length == UNDEFINED)
                    if self._pixel_data is not None:
                        return following
                else:
                    values[tag] = bytes(buffer[value:following])
            elif not raw:
                return self._padding(at)
            at = following
        return self._too_many()

    # -- the rarer things -------------------------------------------------------------------------------------------

    def _long_value(self, at: int, raw: int, vr: bytes) -> int:
        """Return where the value of an element with a long head starts."""
        is_unknown_vr = vr not in _LONG_VRS and vr.isalpha() and vr.isupper()  # of a later edition, PS3.5 6.2
        if vr not in _LONG_VRS and not is_unknown_vr:
            self._no_vr(at, raw, vr)
        if at + _LONG_HEAD > self._end:
            self._beyond(raw, at + _HEAD, 4)
        return at + _LONG_HEAD

    def _keep(self, tag: int, value: int, following: int, *, is_undefined: bool) -> None:
        if tag in _PIXEL_TAGS:
            if not is_undefined:
                self._pixel_data = PixelData(tag, value, following - value, is_encapsulated=False)
            return
        most = _LONGEST_TABLE if tag == _EXTENDED_OFFSET_TABLE else _LONGEST_VALUE
        if following - value > most:
            msg = f"{_name(tag)}: expected a value of at most {most} bytes, {following - value} came"
            raise DataSetError(msg)
        self._extended_offset_table = bytes(self._buffer[value:following])

    def _undefined(self, raw: int, value: int, *, is_explicit: bool) -> int:
        tag = self._layout.tag(raw)
        if tag in _PIXEL_TAGS:
            return self._encapsulated(tag, value)
        return self._walk_sequence(tag, value, is_explicit=is_explicit)

    def _encapsulated(self, tag: int, start: int) -> int:
        """Note the fragments of compressed pixel data; the first item is the basic offset table (PS3.5 A.4)."""
        buffer, end, at = self._buffer, self._end, start
        read = self._layout.implicit.unpack_from
        item, stop = self._layout.tag(_ITEM), self._layout.tag(_SEQUENCE_END)
        places: array[int] = array("Q")
        while at + _HEAD <= end:
            raw, length = read(buffer, at)
            at += _HEAD
            if raw != item:
                break
            places.append(at)
            places.append(length)
            at += length
        else:
            msg = f"{_name(tag)}: the pixel data are cut short: expected their end, the content ends at byte {end}"
            raise CutShort(msg)
        if raw != stop or not places:
            msg = (
                f"{_name(tag)}: expected fragments and their end, {_name(self._layout.tag(raw))} came at byte {at - 8}"
            )
            raise DataSetError(msg)
        table = bytes(buffer[places[0] : places[0] + places[1]]) if places[1] <= _LONGEST_TABLE else b""
        fragments = places[2:]
        starts = [n for n, place in enumerate(fragments[::2]) if bytes(buffer[place : place + 4]).startswith(_STARTS)]
        self._pixel_data = PixelData(
            tag,
            start,
            at - start,
            is_encapsulated=True,
            fragments=fragments,
            basic_offset_table=table,
            codestreams=array("Q", starts),
        )
        return at

    def _walk_sequence(self, tag: int, at: int, *, is_explicit: bool) -> int:
        """Find the end of a sequence of undefined length; the stack holds what is open (PS3.5 7.5)."""
        stack = [(False, is_explicit)]
        for _ in _NESTED:
            if at + _HEAD > self._end:
                msg = f"{_name(tag)}: expected the end of the sequence, the content ends at byte {self._end}"
                raise CutShort(msg)
            is_item, is_explicit = stack[-1]
            raw, length = self._layout.implicit.unpack_from(self._buffer, at)
            inner = self._layout.tag(raw)
            if inner == (_ITEM_END if is_item else _SEQUENCE_END):
                at += _HEAD
                _ = stack.pop()
                if not stack:
                    return at
                continue
            if is_item:
                at, length, is_explicit = self._nested_head(at, length, is_explicit=is_explicit)
            elif inner == _ITEM:
                at += _HEAD
            else:
                msg = f"{_name(tag)}: expected an item or the end of the sequence, {_name(inner)} came at byte {at}"
                raise DataSetError(msg)
            if length == UNDEFINED:
                stack.append((not is_item, is_explicit))
                if len(stack) > 2 * DEPTH_LIMIT:
                    msg = f"{_name(tag)}: expected sequences at most {DEPTH_LIMIT} deep, more came"
                    raise DataSetError(msg)
            else:
                at += length
        return self._too_many()

    def _nested_head(self, at: int, length: int, *, is_explicit: bool) -> tuple[int, int, bool]:
        """Return value, length and whether the inside is explicit; heads without VR are borne here, nothing is kept."""
        if not is_explicit:
            return at + _HEAD, length, False
        _, vr, short = self._layout.explicit.unpack_from(self._buffer, at)
        if vr in _SHORT_VRS:
            return at + _HEAD, short, True
        if vr not in _LONG_VRS:
            return at + _HEAD, length, False
        if at + _LONG_HEAD > self._end:
            self._beyond(0, at, _LONG_HEAD)
        (length,) = self._layout.long.unpack_from(self._buffer, at + _HEAD)
        return at + _LONG_HEAD, length, vr != b"UN"

    # -- is it what it says? ------------------------------------------------------------------------------------------

    def _check_syntax(self) -> None:
        """Find out from the first elements whether the transfer syntax is a lie; many old senders lie."""
        at = self._start
        if at + _HEAD > self._end:
            return
        raw, vr, length = self._layout.explicit.unpack_from(self._buffer, at)
        group = self._layout.tag(raw) >> 16
        if group in _SWAPPED_FIRST_GROUPS and vr in _VRS:
            self._lie(ExplicitVRBigEndian if self._layout.is_little_endian else ExplicitVRLittleEndian)
        if not self._syntax.is_explicit_vr and vr in _VRS and self._is_explicit_element(at, vr, length):
            self._lie(ExplicitVRLittleEndian)

    def _is_explicit_element(self, at: int, vr: bytes, length: int) -> bool:
        value = at + _HEAD
        if vr in _LONG_VRS:
            value = at + _LONG_HEAD
            length = int.from_bytes(self._buffer[at + _HEAD : value], "little")
        following = value + length
        if following + _HEAD > self._end:
            return following == self._end
        return bytes(self._buffer[following + 4 : following + 6]) in _VRS

    def _lie(self, probably: str) -> NoReturn:
        name = TRANSFER_SYNTAXES[probably].name
        msg = f"the transfer syntax is {self._syntax.uid} {self._syntax.name}, but the data set is written in {name}"
        raise DataSetError(msg)

    def _no_vr(self, at: int, raw: int, vr: bytes) -> NoReturn:
        length = int.from_bytes(self._buffer[at + 4 : at + _HEAD], "little")
        if at == self._start and at + _HEAD + length <= self._end:
            self._lie(ImplicitVRLittleEndian)
        msg = f"{_name(self._layout.tag(raw))}: expected a VR of two letters at byte {at + 4}, {vr!r} came"
        raise DataSetError(msg)

    def _beyond(self, raw: int, value: int, length: int) -> NoReturn:
        tag = self._layout.tag(raw)
        what = "the pixel data are cut short" if tag in _PIXEL_TAGS else "the data set is cut short"
        came = max(0, self._end - value)
        msg = f"{_name(tag)}: {what}: expected {length} bytes at byte {value}, only {came} came"
        raise CutShort(msg)

    def _padding(self, at: int) -> int:
        """Bear zeros after the last element; (0000,0000) is no element of a data set (PS3.5 7.1)."""
        if not self._is_zero(at):
            msg = f"expected an element at byte {at}, (0000,0000) and more came"
            raise DataSetError(msg)
        return at

    def _check_end(self, stopped_at: int) -> None:
        if not self._is_zero(stopped_at):
            came = self._end - stopped_at
            msg = f"the data set is cut short: expected an element at byte {stopped_at}, only {came} bytes came"
            raise CutShort(msg)

    def _is_zero(self, at: int) -> bool:
        portions = range(at, self._end, _PORTION)
        return not any(bytes(self._buffer[start : start + _PORTION]).strip(b"\0") for start in portions)

    def _too_many(self) -> NoReturn:
        msg = f"expected at most {len(_TOP_LEVEL)} elements ({len(_NESTED)} within a sequence), more came"
        raise DataSetError(msg)


def _name(tag: int) -> str:
    return f"({tag >> 16:04X},{tag & 0xFFFF:04X})"
