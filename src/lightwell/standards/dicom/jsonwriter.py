"""The DICOM JSON model written straight from the bytes of a data set (PS3.18 F).

No object is made for an element: each becomes its text at once. The images of a series repeat nearly all elements, so
short ones are remembered by their raw bytes. Long binary values become a ``BulkDataURI`` that ends with their path,
e.g. ``…/bulkdata/54000100/1/54001010``: tags, and between them the number of the item from 1.
"""

import base64
import json
import struct
from array import array
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Final

from lightwell.standards.dicom.charset import decode_text, split_person_name
from lightwell.standards.dicom.elements import Kind, Token, walk
from lightwell.standards.dicom.part10 import Content
from lightwell.standards.dicom.uids import TransferSyntax

_LONGEST_INLINE: Final = 1024
_LONGEST_REMEMBERED: Final = 256
_CHARSET: Final = 0x0008_0005
_WHOLE_TEXTS: Final = frozenset(("LT", "ST", "UR", "UT"))
_NUMBERS: Final = {"FD": "d", "FL": "f", "SL": "i", "SS": "h", "SV": "q", "UL": "I", "US": "H", "UV": "Q"}
_BULK: Final = frozenset(("OB", "OD", "OF", "OL", "OV", "OW", "UN"))
_UNITS: Final = {"AT": 2, "OD": 8, "OF": 4, "OL": 4, "OV": 8, "OW": 2}
_NAME_GROUPS: Final = ("Alphabetic", "Ideographic", "Phonetic")
_LARGEST_EXACT: Final = 1 << 53


def write_json(buffer: Content, offset: int, syntax: TransferSyntax, bulk_uri: str) -> str:
    """Return the data set at ``offset`` as a JSON object; pixel data and long values are referred to by URI.

    Raises:
        DataSetError: the bytes are not a data set.
    """
    writer = _Writer(buffer, is_little_endian=syntax.is_little_endian, bulk_uri=bulk_uri)
    for token in walk(buffer, offset, syntax):
        writer.take(token)
    return writer.finish()


class _Writer:
    def __init__(self, buffer: Content, *, is_little_endian: bool, bulk_uri: str) -> None:
        self._buffer: Content = buffer
        self._is_little_endian: bool = is_little_endian
        self._bulk_uri: str = bulk_uri
        self._open: list[list[str]] = [[]]
        self._path: list[str] = []
        self._charsets: list[bytes] = [b""]

    def take(self, token: Token) -> None:
        """Write one token."""
        kind = token.kind
        if kind is Kind.VALUE:
            if token.tag & 0xFFFF:  # no group lengths, PS3.18 F.2.2
                self._open[-1].append(self._value(token))
        elif kind is Kind.PIXELS:
            self._open[-1].append(self._reference(token))
        elif kind is Kind.SEQUENCE:
            self._path.append(f"{token.tag:08X}")
            self._open.append([])
        elif kind is Kind.ITEM:
            self._path.append(str(len(self._open[-1]) + 1))
            self._open.append([])
            self._charsets.append(self._charsets[-1])
        elif kind is Kind.ITEM_END:
            self._end_item()
        else:
            self._end_sequence()

    def _end_item(self) -> None:
        content = ",".join(self._open.pop())
        _ = self._path.pop()
        _ = self._charsets.pop()
        self._open[-1].append(f"{{{content}}}")

    def _end_sequence(self) -> None:
        items = ",".join(self._open.pop())
        value = f',"Value":[{items}]' if items else ""
        self._open[-1].append(f'"{self._path.pop()}":{{"vr":"SQ"{value}}}')

    def _value(self, token: Token) -> str:
        _, tag, vr, start, end = token
        if end - start > _LONGEST_INLINE and (vr in _BULK or vr in _NUMBERS):
            return self._reference(token)
        raw = bytes(self._buffer[start:end])
        if tag == _CHARSET:
            self._charsets[-1] = raw
        write = _remembered if end - start <= _LONGEST_REMEMBERED else _element
        return write(tag, vr, raw, self._charsets[-1], self._is_little_endian)

    def _reference(self, token: Token) -> str:
        tag = f"{token.tag:08X}"
        uri = json.dumps("/".join((self._bulk_uri, *self._path, tag)))
        return f'"{tag}":{{"vr":"{token.vr}","BulkDataURI":{uri}}}'

    def finish(self) -> str:
        """Return the object."""
        return f"{{{','.join(self._open[0])}}}"


def _element(tag: int, vr: str, raw: bytes, charset: bytes, is_little_endian: bool) -> str:  # noqa: FBT001
    head = f'"{tag:08X}":{{"vr":"{vr}"'
    if tag == _CHARSET:
        return f'{head},"Value":["ISO_IR 192"]}}'
    if not raw:
        return f"{head}}}"
    if vr in _BULK:
        inline = base64.b64encode(little_endian(vr, raw, is_little_endian=is_little_endian)).decode()
        return f'{head},"InlineBinary":"{inline}"}}'
    values = list(_values(vr, raw, charset, is_little_endian=is_little_endian))
    if all(value == "null" for value in values):
        return f"{head}}}"
    return f'{head},"Value":[{",".join(values)}]}}'


_remembered = lru_cache(maxsize=8192)(_element)


def little_endian(vr: str, raw: bytes, *, is_little_endian: bool) -> bytes:
    """Return a binary value with its words in little endian order."""
    unit = _UNITS.get(vr) or (struct.calcsize(f"={_NUMBERS[vr]}") if vr in _NUMBERS else 1)
    if is_little_endian or unit == 1:
        return raw
    words = array({2: "H", 4: "I", 8: "Q"}[unit], raw[: len(raw) - len(raw) % unit])
    words.byteswap()
    return words.tobytes()


def _values(vr: str, raw: bytes, charset: bytes, *, is_little_endian: bool) -> Iterable[str]:
    if vr in _NUMBERS or vr == "AT":
        return binary_values(vr, raw, is_little_endian=is_little_endian)
    text = decode_text(raw, charset, vr).text
    if vr in _WHOLE_TEXTS:
        return [json.dumps(text, ensure_ascii=False)]
    write = _TEXTS.get(vr, _text)
    return [write(part.strip(" \0")) if part.strip(" \0") else "null" for part in text.split("\\")]


def binary_values(vr: str, raw: bytes, *, is_little_endian: bool) -> list[str]:
    """Return the values of a VR of binary numbers, or of tags, as JSON writes them."""
    code = _NUMBERS.get(vr, "HH")
    layout = struct.Struct(("<" if is_little_endian else ">") + code)
    whole = raw[: len(raw) - len(raw) % layout.size]
    if code == "HH":
        return [f'"{group:04X}{element:04X}"' for group, element in layout.iter_unpack(whole)]
    return [_number(value) for (value,) in layout.iter_unpack(whole)]


def _number(value: float) -> str:
    """Write a number; what JSON cannot hold exactly, or at all, is a text (PS3.18 F.2.3)."""
    if isinstance(value, int):
        return str(value) if abs(value) <= _LARGEST_EXACT else f'"{value}"'
    if value - value == 0:
        return repr(value)
    return '"NaN"' if value != value else '"Infinity"' if value > 0 else '"-Infinity"'  # noqa: PLR0124


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _integer(text: str) -> str:
    try:
        return _number(int(text))
    except ValueError:  # as it came from a careless machine
        return _text(text)


def _decimal(text: str) -> str:
    try:
        return _number(float(text))
    except ValueError:
        return _text(text)


def _name(text: str) -> str:
    groups = zip(_NAME_GROUPS, split_person_name(text), strict=True)
    return json.dumps({group: value for group, value in groups if value}, ensure_ascii=False)


_TEXTS: Final[Mapping[str, Callable[[str], str]]] = {"DS": _decimal, "IS": _integer, "PN": _name}
