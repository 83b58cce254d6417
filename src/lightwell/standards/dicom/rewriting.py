"""A data set written anew in another uncompressed way, with some of its elements changed (PS3.5 7, A.1 to A.3).

Sequences get undefined lengths, so that all is written in one pass; group lengths are dropped (PS3.5 7.2). Pixel data
are left out: the caller writes them between :attr:`Rewritten.before` and :attr:`Rewritten.after`.
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from lightwell.standards.dicom.elements import LONG_VRS, PIXEL_TAGS, Kind, Token, walk
from lightwell.standards.dicom.jsonwriter import little_endian
from lightwell.standards.dicom.part10 import Content
from lightwell.standards.dicom.uids import TransferSyntax

_ITEM: Final = b"\xfe\xff\x00\xe0\xff\xff\xff\xff"
_ITEM_END: Final = b"\xfe\xff\x0d\xe0\x00\x00\x00\x00"
_SEQUENCE_END: Final = b"\xfe\xff\xdd\xe0\x00\x00\x00\x00"
_UNDEFINED: Final = 0xFFFF_FFFF
_LONGEST_SHORT: Final = 0xFFFF
_OFFSET_TABLES: Final = frozenset((0x7FE0_0001, 0x7FE0_0002, 0x7FE0_0003))

Change = tuple[str, bytes]
"""VR and value of an element that is changed."""


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A data set without its pixel data."""

    before: bytes
    after: bytes
    pixel_data: Token | None


def rewrite(
    buffer: Content, offset: int, source: TransferSyntax, target: TransferSyntax, changes: Mapping[int, Change]
) -> Rewritten:
    """Write the data set at ``offset`` as little endian, with or without VRs as ``target`` says.

    Args:
        buffer: holds the data set, if need be without its pixel data and what follows.
        offset: where it begins.
        source: how it is written.
        target: how it shall be written.
        changes: elements of the top level to set; the caller gives all of them in little endian.

    Raises:
        DataSetError: the bytes are not a data set.
    """
    writer = _Rewriter(buffer, source, target, changes)
    for token in walk(buffer, offset, source):
        writer.take(token)
    return writer.finish()


class _Rewriter:
    def __init__(
        self, buffer: Content, source: TransferSyntax, target: TransferSyntax, changes: Mapping[int, Change]
    ) -> None:
        self._buffer: Content = buffer
        self._is_little_endian: bool = source.is_little_endian
        self._is_explicit: bool = target.is_explicit_vr
        self._changes: list[tuple[int, Change]] = sorted(changes.items())
        self._parts: list[bytes] = []
        self._before: bytes | None = None
        self._pixel_data: Token | None = None
        self._depth: int = 0

    def take(self, token: Token) -> None:
        """Write one token."""
        kind = token.kind
        if not self._depth and kind in {Kind.VALUE, Kind.SEQUENCE, Kind.PIXELS} and self._is_changed(token.tag):
            return
        if kind is Kind.VALUE:
            self._value(token)
        elif kind is Kind.SEQUENCE:
            self._depth += 1
            self._parts.append(self._head(token.tag, "SQ", _UNDEFINED))
        elif kind is Kind.SEQUENCE_END:
            self._depth -= 1
            self._parts.append(_SEQUENCE_END)
        elif kind is Kind.PIXELS:
            self._pixel_data = token
            self._before = b"".join(self._parts)
            self._parts = []
        else:
            self._parts.append(_ITEM if kind is Kind.ITEM else _ITEM_END)

    def _is_changed(self, tag: int) -> bool:
        """Write the changes that come before an element; tell whether one takes its place."""
        while self._changes and self._changes[0][0] <= tag:
            changed, (vr, value) = self._changes.pop(0)
            self._parts.append(self._head(changed, vr, len(value)) + value)
            if changed == tag:
                return True
        return False

    def _value(self, token: Token) -> None:
        if not token.tag & 0xFFFF or token.tag in _OFFSET_TABLES:
            return
        raw = bytes(self._buffer[token.start : token.end])
        if not self._is_little_endian:
            raw = little_endian(token.vr, raw, is_little_endian=False)
        is_icon = token.tag in PIXEL_TAGS and raw.startswith(_ITEM[:4])  # compressed: its length stays undefined
        self._parts.append(self._head(token.tag, token.vr, _UNDEFINED if is_icon else len(raw)))
        self._parts.append(raw + _SEQUENCE_END if is_icon else raw)

    def _head(self, tag: int, vr: str, length: int) -> bytes:
        if not self._is_explicit:
            return struct.pack("<HHI", tag >> 16, tag & 0xFFFF, length)
        if vr not in LONG_VRS and length > _LONGEST_SHORT:
            vr = "UN"  # PS3.5 6.2.2
        return element_head(tag, vr, length)

    def finish(self) -> Rewritten:
        """Return what was written."""
        _ = self._is_changed(0xFFFF_FFFF) if self._pixel_data is None else False
        rest = b"".join(self._parts)
        return Rewritten(rest, b"", None) if self._before is None else Rewritten(self._before, rest, self._pixel_data)


def element_head(tag: int, vr: str, length: int) -> bytes:
    """Return what comes before a value in explicit VR little endian (PS3.5 7.1.2)."""
    head = struct.pack("<HH", tag >> 16, tag & 0xFFFF) + vr.encode()
    return head + (struct.pack("<HI", 0, length) if vr in LONG_VRS else struct.pack("<H", length))
