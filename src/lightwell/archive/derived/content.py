"""The items of a structured report as they are read (PS3.3 C.17.3); what an item lacks is empty."""

from collections.abc import Iterator
from typing import Any, Final, cast

from lightwell.archive.derived.making import Code

DEEPEST: Final = 32
NOTHING: Final = cast("Any", {})
"""An item with nothing in it."""


def below(item: Any) -> list[Any]:
    """Return the items right below one."""
    return list(item.get("ContentSequence") or ())


def every(item: Any, depth: int = 0) -> Iterator[Any]:
    """Return all items below one, in the order of reading."""
    for child in below(item):
        yield child
        if depth < DEEPEST:
            yield from every(child, depth + 1)


def kind_of(item: Any) -> str:
    """Return the value type of an item."""
    return text_of(item, "ValueType")


def text_of(item: Any, keyword: str) -> str:
    """Return an attribute as a text; of several values, the first."""
    value: Any = item.get(keyword)
    if isinstance(value, (list, tuple)) or type(value).__name__ == "MultiValue":
        value = value[0] if value else None  # pyright: ignore[reportUnknownVariableType]
    return "" if value is None else str(value)  # pyright: ignore[reportUnknownArgumentType]


def first(item: Any, keyword: str) -> Any:
    """Return the first item of a sequence; one without anything in it if there is none."""
    found: Any = item.get(keyword)
    answer: Any = found[0] if found else NOTHING
    return answer


def code_in(item: Any, keyword: str) -> Code:
    """Return the code in a sequence; long ones and URNs are codes too (PS3.3 8.1)."""
    named: Any = first(item, keyword)
    value = next(filter(None, (text_of(named, part) for part in ("CodeValue", "LongCodeValue", "URNCodeValue"))), "")
    return Code(value, text_of(named, "CodingSchemeDesignator"), text_of(named, "CodeMeaning"))


def name_of(item: Any) -> Code:
    """Return the concept that an item is about."""
    return code_in(item, "ConceptNameCodeSequence")


def named(items: list[Any], *values: str) -> Any:
    """Return the first item about one of some concepts; one without anything in it if there is none."""
    found: Any = next((item for item in items if name_of(item).value in values), NOTHING)
    return found


def made_at(said: Any, date: str, time: str) -> str:
    """Return a moment as ISO 8601; without a time zone where the object names none, and empty where it has no date."""
    day, clock = text_of(said, date), text_of(said, time)
    if len(day) != 8 or not day.isdigit():  # noqa: PLR2004 -- YYYYMMDD
        return ""
    written = f"{day[:4]}-{day[4:6]}-{day[6:]}"
    if len(clock) >= 4 and clock[:4].isdigit():  # noqa: PLR2004 -- HHMM
        seconds = clock[4:6] if clock[4:6].isdigit() else "00"
        written += f"T{clock[:2]}:{clock[2:4]}:{seconds:0>2}{_zone(said)}"
    return written


def _zone(said: Any) -> str:
    offset = text_of(said, "TimezoneOffsetFromUTC")
    is_offset = len(offset) == 5 and offset[0] in "+-" and offset[1:].isdigit()  # noqa: PLR2004 -- &ZZXX
    return f"{offset[:3]}:{offset[3:]}" if is_offset else ""
