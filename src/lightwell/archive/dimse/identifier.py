"""Identifiers of C-FIND: the keys that come, and the matches that go back (PS3.4 C.4.1.1.3, C.4.1.1.4)."""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, Final, TypeAlias, cast

from pydicom.filereader import read_dataset

from lightwell.archive.dicomweb.json import Dataset as JsonDataset
from lightwell.standards.dicom.charset import decode_text
from lightwell.standards.dicom.elements import vr_of
from lightwell.standards.dicom.errors import DataSetError
from lightwell.standards.dicom.uids import ImplicitVRLittleEndian

CHARACTER_SET: Final = 0x00080005
LEVEL: Final = 0x00080052
RETRIEVE_AE_TITLE: Final = 0x00080054
AVAILABILITY: Final = 0x00080056
_LONG_VRS: Final = frozenset(("OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"))
_ENCODINGS: Final[Mapping[str, str]] = {
    "": "ascii",
    "ISO_IR 6": "ascii",
    "ISO_IR 100": "latin-1",
    "ISO_IR 192": "utf-8",
    "GB18030": "gb18030",
    "GBK": "gbk",
}
_UTF_8: Final = "ISO_IR 192"
_NAME_GROUPS: Final = ("Alphabetic", "Ideographic", "Phonetic")


Keys: TypeAlias = Mapping[int, tuple[str, str]]
_Answer: TypeAlias = "dict[int, tuple[str, str | list[_Answer]]]"


@dataclass(frozen=True, slots=True)
class Identifier:
    """What a C-FIND asks: VR and value of each key, and the character set of the answer.

    ``items`` holds the keys inside of sequences; one without any asks for all that is known of it.
    """

    keys: Keys
    character_set: str
    items: Mapping[int, Keys] = field(default_factory=dict[int, Keys])

    @property
    def level(self) -> str:
        """PATIENT, STUDY, SERIES or IMAGE."""
        return self.keys.get(LEVEL, ("CS", ""))[1]


def decode(content: bytes, transfer_syntax_uid: str) -> Identifier:
    """Read an identifier; sequences are read one deep (PS3.4 C.2.2.2.6).

    Raises:
        DataSetError: it cannot be read, or a sequence has more than one item.
    """
    try:
        said = read_dataset(BytesIO(content), transfer_syntax_uid == ImplicitVRLittleEndian, True)  # noqa: FBT003
        character_set = _value(said.get_item(CHARACTER_SET)) if CHARACTER_SET in said else b""
        keys = _keys(said, character_set)
        items = {tag: _item(tag, said[tag].value, character_set) for tag, (vr, _) in keys.items() if vr == "SQ"}
    except DataSetError:
        raise
    except Exception as error:
        message = "expected an identifier, bytes came that are no data set"
        raise DataSetError(message) from error
    return Identifier(keys, character_set.decode("latin-1").strip("\0 "), items)


def _keys(said: Any, character_set: bytes) -> dict[int, tuple[str, str]]:
    keys: dict[int, tuple[str, str]] = {}
    for tag in map(int, said.keys()):
        item = said.get_item(tag)
        vr = str(getattr(item, "VR", None) or vr_of(tag))
        keys[tag] = vr, "" if vr == "SQ" else decode_text(_value(item), character_set, vr).text.strip("\0 ")
    return keys


def _item(tag: int, sequence: Any, character_set: bytes) -> Keys:
    if len(sequence) > 1:
        message = f"({tag >> 16:04X},{tag & 0xFFFF:04X}): expected one item in a key, {len(sequence)} came"
        raise DataSetError(message)
    return _keys(sequence[0], character_set) if sequence else {}


def _value(item: Any) -> bytes:
    value = getattr(item, "value", None)
    return value if isinstance(value, bytes) else str(value or "").encode("latin-1", "replace")


def encode(wanted: Identifier, found: JsonDataset, transfer_syntax_uid: str) -> bytes:
    """Write a match: every key that was asked for, empty where nothing is known of it."""
    answer = _answer(wanted.keys, wanted.items, found)
    character_set = _fitting(wanted.character_set, "".join(_texts(answer)))
    answer[CHARACTER_SET] = "CS", character_set
    if not character_set:
        del answer[CHARACTER_SET]
    return _written(answer, _ENCODINGS[character_set], is_implicit=transfer_syntax_uid == ImplicitVRLittleEndian)


def _answer(keys: Keys, items: Mapping[int, Keys], found: JsonDataset) -> _Answer:
    answer: _Answer = {}
    for tag, (vr, _) in keys.items():
        element: Mapping[str, Any] = found.get(f"{tag:08X}", {})
        nested = items.get(tag, {})
        answer[tag] = vr, [_inner(nested, item) for item in element.get("Value", [])] if vr == "SQ" else _text(element)
    return answer


def _inner(wanted: Keys, found: JsonDataset) -> _Answer:
    """Return an item with the keys that were asked for, or with all that is known (PS3.4 C.2.2.2.6)."""
    return _answer(wanted or {int(tag, 16): (str(element["vr"]), "") for tag, element in found.items()}, {}, found)


def _texts(answer: _Answer) -> Iterator[str]:
    for _, value in answer.values():
        if isinstance(value, str):
            yield value
        else:
            yield from (text for item in value for text in _texts(item))


def _written(answer: _Answer, encoding: str, *, is_implicit: bool) -> bytes:
    parts: list[bytes] = []
    for tag, (vr, value) in sorted(answer.items()):
        if isinstance(value, str):
            content = value.encode(encoding)
        else:
            content = b"".join(_item_of(_written(item, encoding, is_implicit=is_implicit)) for item in value)
        if tag & 0xFFFF:
            parts.append(_element(tag, vr, content, is_implicit=is_implicit))
    return b"".join(parts)


def _item_of(content: bytes) -> bytes:
    return struct.pack("<HHI", 0xFFFE, 0xE000, len(content)) + content


def _fitting(asked: str, text: str) -> str:
    """Return the character set asked for if it can say everything, else UTF-8 (PS3.4 C.4.1.1.3.2)."""
    for term in (asked, "" if text.isascii() else _UTF_8):
        try:
            text.encode(_ENCODINGS[term])
        except (KeyError, UnicodeEncodeError):
            continue
        return term
    return _UTF_8


def _text(element: Mapping[str, Any]) -> str:
    values: list[Any] = element.get("Value", [])
    return "\\".join(_one(value) for value in values)


def _one(value: Any) -> str:
    if isinstance(value, dict):
        groups = cast("Mapping[str, str]", value)
        return "=".join(groups.get(group, "") for group in _NAME_GROUPS).rstrip("=")
    return "" if value is None else str(value)


def _element(tag: int, vr: str, value: bytes, *, is_implicit: bool) -> bytes:
    value += (b"\0" if vr == "UI" else b" ") * (len(value) % 2)
    head = struct.pack("<HH", tag >> 16, tag & 0xFFFF)
    if is_implicit:
        return head + struct.pack("<I", len(value)) + value
    if vr in _LONG_VRS:
        return head + vr.encode() + struct.pack("<HI", 0, len(value)) + value
    return head + vr.encode() + struct.pack("<H", min(len(value), 0xFFFE)) + value[:0xFFFE]
