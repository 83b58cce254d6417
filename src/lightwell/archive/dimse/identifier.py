"""Identifiers of C-FIND: the keys that come, and the matches that go back (PS3.4 C.4.1.1.3, C.4.1.1.4)."""

# ruff: noqa: PLC0415 -- pydicom is large, and a node that only keeps images never needs it

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final, cast

from lightwell.archive.dicomweb.json import Dataset as JsonDataset
from lightwell.standards.dicom.charset import decode_text
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


@dataclass(frozen=True, slots=True)
class Identifier:
    """What a C-FIND asks: VR and value of each key, and the character set of the answer."""

    keys: Mapping[int, tuple[str, str]]
    character_set: str

    @property
    def level(self) -> str:
        """PATIENT, STUDY, SERIES or IMAGE."""
        return self.keys.get(LEVEL, ("CS", ""))[1]


def decode(content: bytes, transfer_syntax_uid: str) -> Identifier:
    """Read an identifier; values of sequences are passed over.

    Raises:
        DataSetError: it cannot be read.
    """
    from pydicom.datadict import dictionary_VR
    from pydicom.filereader import read_dataset

    try:
        said = read_dataset(BytesIO(content), transfer_syntax_uid == ImplicitVRLittleEndian, True)  # noqa: FBT003
        raw: dict[int, Any] = {int(tag): said.get_item(tag) for tag in said.keys()}  # noqa: SIM118 -- items are decoded
    except Exception as error:
        message = "expected an identifier, bytes came that are no data set"
        raise DataSetError(message) from error
    character_set = _value(raw.get(CHARACTER_SET))
    keys: dict[int, tuple[str, str]] = {}
    for tag, item in raw.items():
        try:
            vr = str(getattr(item, "VR", None) or dictionary_VR(tag))
        except KeyError:
            vr = "UN"
        keys[tag] = vr, "" if vr == "SQ" else decode_text(_value(item), character_set, vr).text.strip("\0 ")
    return Identifier(keys, character_set.decode("latin-1").strip("\0 "))


def _value(item: Any) -> bytes:
    value = getattr(item, "value", None)
    return value if isinstance(value, bytes) else str(value or "").encode("latin-1", "replace")


def encode(wanted: Identifier, found: JsonDataset, transfer_syntax_uid: str) -> bytes:
    """Write a match: every key that was asked for, empty where nothing is known of it."""
    texts = {tag: (vr, _text(found.get(f"{tag:08X}", {}))) for tag, (vr, _) in wanted.keys.items()}
    character_set = _fitting(wanted.character_set, "".join(text for _, text in texts.values()))
    texts[CHARACTER_SET] = "CS", character_set
    is_implicit = transfer_syntax_uid == ImplicitVRLittleEndian
    encoding = _ENCODINGS[character_set]
    parts = [
        _element(tag, vr, text.encode(encoding), is_implicit=is_implicit)
        for tag, (vr, text) in sorted(texts.items())
        if (text or tag != CHARACTER_SET) and tag & 0xFFFF
    ]
    return b"".join(parts)


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
