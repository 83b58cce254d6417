"""UIDs put into a data set that lacks them; every other byte stays as it is (PS3.5 7.1).

Only the beginning is written anew, down to the last of the UIDs; the rest follows from where :attr:`Completed.rest`
says. The length of a group that changes is dropped, since it would be wrong (PS3.5 7.2).
"""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from lightwell.standards.dicom.elements import Kind, Token, walk
from lightwell.standards.dicom.part10 import Content
from lightwell.standards.dicom.uids import TransferSyntax

_SHORT_HEAD: Final = 8
_LONG_HEAD: Final = 12


@dataclass(frozen=True, slots=True)
class Completed:
    """What a data set begins with, and where in the buffer the rest of it goes on."""

    head: bytes
    rest: int


def complete(buffer: Content, offset: int, syntax: TransferSyntax, uids: Mapping[int, str]) -> Completed:
    """Set UIDs of the top level, whether they are there or not.

    Args:
        buffer: holds the data set, if need be without its pixel data and what follows; a deflated one is inflated.
        offset: where it begins.
        syntax: how it is written.
        uids: what to set, by tag.

    Raises:
        DataSetError: the bytes are not a data set.
    """
    return _Completion(buffer, syntax, uids).run(offset)


class _Completion:
    def __init__(self, buffer: Content, syntax: TransferSyntax, uids: Mapping[int, str]) -> None:
        self._buffer: Content = buffer
        self._syntax: TransferSyntax = syntax
        self._order: str = "<" if syntax.is_little_endian else ">"
        self._waiting: list[tuple[int, str]] = sorted(uids.items())
        self._lengths: frozenset[int] = frozenset(tag & 0xFFFF0000 for tag in uids)
        self._parts: list[bytes] = []
        self._copied: int = 0

    def run(self, offset: int) -> Completed:
        """Write up to the last UID."""
        self._copied = offset
        for token in _roots(walk(self._buffer, offset, self._syntax)):
            if not self._waiting:
                break
            self._take(token, self._start(token))
        if self._waiting:
            self._copy(len(self._buffer), len(self._buffer))
            self._set(0xFFFF_FFFF)
        return Completed(b"".join(self._parts), self._copied)

    def _take(self, token: Token, start: int) -> None:
        is_replaced = token.tag in self._lengths or any(tag == token.tag for tag, _ in self._waiting)
        if is_replaced and token.kind is Kind.VALUE:
            self._copy(start, token.end)
        elif self._waiting[0][0] < token.tag:
            self._copy(start, start)
        self._set(token.tag)

    def _copy(self, until: int, go_on: int) -> None:
        self._parts.append(bytes(self._buffer[self._copied : until]))
        self._copied = go_on

    def _set(self, until: int) -> None:
        while self._waiting and self._waiting[0][0] <= until:
            tag, uid = self._waiting.pop(0)
            value = uid.encode() + b"\0" * (len(uid) % 2)
            self._parts.append(self._tag(tag) + self._length(len(value)) + value)

    def _tag(self, tag: int) -> bytes:
        return struct.pack(f"{self._order}HH", tag >> 16, tag & 0xFFFF)

    def _length(self, length: int) -> bytes:
        if self._syntax.is_explicit_vr:
            return b"UI" + struct.pack(f"{self._order}H", length)
        return struct.pack(f"{self._order}I", length)

    def _start(self, token: Token) -> int:
        """Return where an element begins, whose head has one of two lengths (PS3.5 7.1.2)."""
        short = token.start - _SHORT_HEAD
        return short if self._buffer[short : short + 4] == self._tag(token.tag) else token.start - _LONG_HEAD


def _roots(tokens: Iterator[Token]) -> Iterator[Token]:
    """Yield the elements of the top level."""
    depth = 0
    for token in tokens:
        if not depth and token.kind in {Kind.VALUE, Kind.SEQUENCE, Kind.PIXELS}:
            yield token
        depth += {Kind.SEQUENCE: 1, Kind.SEQUENCE_END: -1}.get(token.kind, 0)
