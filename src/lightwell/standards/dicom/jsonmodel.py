"""Attributes as the browser wants them (PS3.18 Annex F).

    {"00100010": {"vr": "PN", "Value": [{"Alphabetic": "Wang^XiaoDong", "Ideographic": "王^小东"}]}}

Numbers are JSON numbers, except where they would lose digits; an element without value has a VR only.
"""

import base64
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from types import MappingProxyType
from typing import Final, TypeAlias

from lightwell.standards.dicom.charset import split_person_name

JsonValue: TypeAlias = "str | int | float | bool | Mapping[str, JsonValue] | list[JsonValue] | None"
Element: TypeAlias = dict[str, JsonValue]
DataSet: TypeAlias = dict[str, Element]

_BULK: Final = frozenset(("OB", "OD", "OF", "OL", "OV", "OW", "UN"))
_LARGEST_EXACT: Final = 1 << 53
_NAME_GROUPS: Final = ("Alphabetic", "Ideographic", "Phonetic")
_DATE_FORMATS: Final = MappingProxyType({"DA": "%Y%m%d", "TM": "%H%M%S", "DT": "%Y%m%d%H%M%S"})


def tag_key(tag: int | str) -> str:
    """Write a tag as the eight digits that DICOM JSON uses."""
    return f"{tag:08X}" if isinstance(tag, int) else tag.upper()


def element(tag: int | str, vr: str, *values: object) -> DataSet:
    """Return one element, ready to be merged into a data set; None is an empty value (PS3.18 F.2.5)."""
    if vr in _BULK and any(isinstance(value, bytes) for value in values):
        raw = b"".join(value for value in values if isinstance(value, bytes))
        return {tag_key(tag): {"vr": vr, "InlineBinary": base64.b64encode(raw).decode("ascii")}}
    written = [_value(vr, value) for value in values]
    if all(value is None for value in written):
        return {tag_key(tag): {"vr": vr}}
    return {tag_key(tag): {"vr": vr, "Value": written}}


def bulk_data(tag: int | str, vr: str, uri: str) -> DataSet:
    """Return an element whose value is fetched elsewhere, e.g. pixel data (PS3.18 F.2.6)."""
    return {tag_key(tag): {"vr": vr, "BulkDataURI": uri}}


def sequence(tag: int | str, items: Iterable[DataSet]) -> DataSet:
    """Return a sequence (PS3.18 F.2.2)."""
    return element(tag, "SQ", *items)


def person_name(text: str) -> JsonValue:
    """Return the groups of a name that are there (PS3.18 F.2.2)."""
    groups = zip(_NAME_GROUPS, split_person_name(text), strict=True)
    return {group: value for group, value in groups if value} or None


def _value(vr: str, value: object) -> JsonValue:
    if value is None or value == "":
        return None
    if isinstance(value, dict):
        return value  # pyright: ignore[reportUnknownVariableType] -- an item of a sequence, made by us
    if isinstance(value, date | time):
        return _moment(vr, value)
    return _WRITERS.get(vr, str)(value)


def _moment(vr: str, value: date | time) -> str:
    """Write a date or time; fractions of a second only if there are any (PS3.5 6.2)."""
    text = value.strftime(_DATE_FORMATS.get(vr, "%Y%m%d"))
    micro = value.microsecond if isinstance(value, time | datetime) and vr != "DA" else 0
    return f"{text}.{micro:06}" if micro else text


def _number(value: object) -> int | str:
    try:
        number = int(str(value))
    except ValueError:  # as it came from a careless machine, e.g. "1A"
        return str(value)
    return number if abs(number) <= _LARGEST_EXACT else str(number)


def _tag(value: object) -> str:
    return tag_key(value if isinstance(value, int) else str(value))


def _name(value: object) -> JsonValue:
    return person_name(str(value))


def _real(value: object) -> float | int | str:
    """Keep numbers numbers; NaN and infinity are no JSON (PS3.18 F.2.3)."""
    if isinstance(value, int):
        return value
    try:
        real = float(str(value))
    except ValueError:
        return str(value)
    return real if real - real == 0 else str(value)


_INTEGERS: Final = ("IS", "SL", "SS", "SV", "UL", "US", "UV")
_REALS: Final = ("DS", "FD", "FL")
_WRITERS: Final[Mapping[str, Callable[[object], JsonValue]]] = {
    **dict.fromkeys(_INTEGERS, _number),
    **dict.fromkeys(_REALS, _real),
    "AT": _tag,
    "PN": _name,
}
