"""Looks into one sequence of a data set, e.g. into the requests that a series was made for (PS3.5 7.5).

The scanner keeps a sequence as the bytes that it came in; most are never looked into. This one is walked as if it were
a data set with nothing else in it.
"""

import struct
from typing import Final

from lightwell.standards.dicom.elements import UNDEFINED, Kind, walk
from lightwell.standards.dicom.uids import TransferSyntax

_SEQUENCE_END: Final = 0xFFFE_E0DD


def items(tag: int, raw: bytes, syntax: TransferSyntax, wanted: frozenset[int]) -> list[dict[int, bytes]]:
    """Return of each item of a sequence the raw values of wanted elements; what lies deeper is passed over.

    Raises:
        DataSetError: the bytes are no sequence.
    """
    content = _head(tag, syntax) + raw + _delimiter(syntax)  # a delimiter too many is never reached
    found: list[dict[int, bytes]] = []
    depth = 0
    for token in walk(content, 0, syntax):
        if token.kind is Kind.SEQUENCE:
            depth += 1
        elif token.kind is Kind.SEQUENCE_END:
            depth -= 1
            if not depth:
                break
        elif depth == 1 and token.kind is Kind.ITEM:
            found.append({})
        elif depth == 1 and token.kind is Kind.VALUE and token.tag in wanted:
            found[-1][token.tag] = content[token.start : token.end]
    return found


def _head(tag: int, syntax: TransferSyntax) -> bytes:
    """Write the head of a sequence that ends with a delimiter, as the transfer syntax has it."""
    order = "<" if syntax.is_little_endian else ">"
    vr = b"SQ\0\0" if syntax.is_explicit_vr else b""
    return struct.pack(f"{order}HH", tag >> 16, tag & 0xFFFF) + vr + struct.pack(f"{order}I", UNDEFINED)


def _delimiter(syntax: TransferSyntax) -> bytes:
    order = "<" if syntax.is_little_endian else ">"
    return struct.pack(f"{order}HHI", _SEQUENCE_END >> 16, _SEQUENCE_END & 0xFFFF, 0)
