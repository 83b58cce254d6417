"""The content of a structured report as a tree of lines, whatever its template (PS3.3 C.17.3)."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import msgspec

from lightwell.archive.derived import content, parsing
from lightwell.archive.derived.parsing import Raw, read_aloud
from lightwell.standards.dicom.errors import DataSetError

LARGEST: Final = 16 << 20
_MOST_ITEMS: Final = 10_000
_TIME_SIGNS: Final = 6


class DocumentItem(msgspec.Struct, frozen=True):
    """One line of a report: what it is about, its value type, its value as it is read, and what is below it."""

    name: str
    kind: str
    value: str
    unit: str
    children: "list[DocumentItem]"


class ReportDocument(msgspec.Struct, frozen=True):
    """A report; ``left_out_count`` lines lie deeper than anybody reads, and are left out."""

    title: str
    tree: list[DocumentItem]
    left_out_count: int


def read(raw: Raw) -> ReportDocument:
    """Read a report.

    Raises:
        DataSetError: it is none, or larger than anybody reads.
    """
    said = parsing.data_set_of(raw)
    try:
        said.decode()
        return _document(said)
    except Exception as error:  # whatever pydicom makes of broken bytes
        raise parsing.unreadable() from error


def _document(said: Any) -> ReportDocument:
    count = _count(said)
    tree = _items(content.below(said), 0)
    return ReportDocument(content.name_of(said).meaning, tree, count - sum(map(_size, tree)))


def _count(said: Any) -> int:
    """Return how many lines there are, however deep."""
    count, waiting = 0, [said]
    while waiting:
        below = content.below(waiting.pop())
        count += len(below)
        waiting += below
        if count > _MOST_ITEMS:
            message = f"expected a report of at most {_MOST_ITEMS} lines, more came"
            raise DataSetError(message)
    return count


def _size(item: DocumentItem) -> int:
    return 1 + sum(map(_size, item.children))


def _items(items: Iterable[Any], depth: int) -> list[DocumentItem]:
    return [_item(one, depth) for one in items] if depth < content.DEEPEST else []


def _item(item: Any, depth: int) -> DocumentItem:
    kind = content.kind_of(item)
    value, unit = _number(item) if kind == "NUM" else (_value(item, kind), "")
    return DocumentItem(content.name_of(item).meaning, kind, value, unit, _items(content.below(item), depth + 1))


def _number(item: Any) -> tuple[str, str]:
    measured = content.first(item, "MeasuredValueSequence")
    number = content.text_of(measured, "NumericValue")
    if not number:  # it says why instead
        return content.code_in(item, "NumericValueQualifierCodeSequence").meaning, ""
    return number, content.code_in(measured, "MeasurementUnitsCodeSequence").value


def _value(item: Any, kind: str) -> str:
    if kind == "CODE":
        return content.code_in(item, "ConceptCodeSequence").meaning
    if kind in _WRITTEN:
        keyword, as_read = _WRITTEN[kind]
        return as_read(content.text_of(item, keyword))
    return content.text_of(content.first(item, "ReferencedSOPSequence"), "ReferencedSOPInstanceUID")


def _date(text: str) -> str:
    is_date = len(text) == 8 and text.isdigit()  # noqa: PLR2004 -- YYYYMMDD
    return f"{text[:4]}-{text[4:6]}-{text[6:]}" if is_date else text


def _time(text: str) -> str:
    whole, dot, part = text.partition(".")
    if not whole.isdigit() or len(whole) not in {2, 4, _TIME_SIGNS}:
        return text
    return ":".join(whole[at : at + 2] for at in range(0, len(whole), 2)) + dot + part


def _moment(text: str) -> str:
    """Return a DT as ISO 8601, as far as it goes (PS3.5 6.2)."""
    at = next((place for place, sign in enumerate(text) if sign in "+-"), len(text))
    day, clock, zone = text[:8], text[8:at], text[at:]
    written = _date(day) + (f"T{_time(clock)}" if clock else "")
    return written + (f"{zone[:3]}:{zone[3:]}" if zone else "")


_WRITTEN: Final[Mapping[str, tuple[str, Callable[[str], str]]]] = {
    "TEXT": ("TextValue", str),
    "PNAME": ("PersonName", read_aloud),
    "DATE": ("Date", _date),
    "TIME": ("Time", _time),
    "DATETIME": ("DateTime", _moment),
    "UIDREF": ("UID", str),
    "SCOORD": ("GraphicType", str),
    "SCOORD3D": ("GraphicType", str),
    "TCOORD": ("TemporalRangeType", str),
}
"""Where a value is written, and how it is read; the other kinds point at an object (PS3.3 C.17.3.2)."""
