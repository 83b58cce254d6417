"""Reads measurements from reports, ours and those of others (PS3.16 TID 1500, 1410, 1501, 300).

A group of ours says how it was marked. Of another it shows in the form of what was marked: a line is a length, three
points are an angle, an outline is a region. What is neither is counted.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import isclose
from typing import Any, Final

from lightwell.archive.derived import content, parsing
from lightwell.archive.derived.parsing import Raw, read_aloud
from lightwell.archive.measurements import codes
from lightwell.archive.measurements.model import POINTS, Kind, Measurement, Place, Quantity, Space, Value
from lightwell.standards.dicom.errors import DataSetError

LARGEST: Final = 16 << 20
_MOST_GROUPS: Final = 5000
_MOST_VALUES: Final = 64
_DERIVED: Final = uuid.UUID("5c0e0a56-1c9e-4f3b-9a4e-6d2c8f7b1e34")
_SHAPES: Final = ("SCOORD", "SCOORD3D")
_RIGHT: Final = 1e-3
Points = list[tuple[float, ...]]


@dataclass(slots=True)
class Report:
    """What a report says was measured; images are named, but nobody has looked for them."""

    made_at: str
    maker: str
    measurements: list[Measurement] = field(default_factory=list[Measurement])
    has_groups: bool = False
    unreadable: int = 0


@dataclass(frozen=True, slots=True)
class _Shape:
    """Points that were marked, in an image or in space."""

    graphic: str
    points: Points
    image_uid: str
    frame: int
    frame_of_reference_uid: str


@dataclass(frozen=True, slots=True)
class _Found:
    """A shape or two with the values that belong to it."""

    shapes: Sequence[_Shape]
    values: Sequence[Value]


def read(raw: Raw) -> Report:
    """Read a report.

    Raises:
        DataSetError: it is none.
    """
    said = parsing.data_set_of(raw)
    try:
        return _report(said)
    except Exception as error:  # whatever pydicom makes of broken bytes
        raise parsing.unreadable() from error


def _report(said: Any) -> Report:
    said.decode()
    items = list(content.every(said))
    observers = [item for item in items if content.name_of(item).value == codes.OBSERVER.value]
    names = dict.fromkeys(read_aloud(content.text_of(item, "PersonName")) for item in observers)
    report = Report(content.made_at(said, "ContentDate", "ContentTime"), ", ".join(filter(None, names)))
    series = content.text_of(content.first(_evidence(said), "ReferencedSeriesSequence"), "SeriesInstanceUID")
    groups = [item for item in items if content.name_of(item).value == codes.GROUP.value]
    report.has_groups = bool(groups)
    report.unreadable = max(0, len(groups) - _MOST_GROUPS)
    for number, group in enumerate(groups[:_MOST_GROUPS]):
        place = f"{content.text_of(said, 'SOPInstanceUID')}/{number}"
        try:
            report.measurements += _measurements(group, series, place)
        except (DataSetError, ArithmeticError, TypeError, ValueError, AttributeError, LookupError):
            report.unreadable += 1
    return report


def _evidence(said: Any) -> Any:
    return content.first(said, "CurrentRequestedProcedureEvidenceSequence")


def _measurements(group: Any, series: str, place: str) -> list[Measurement]:
    """Return what a group measures: one thing, or several where each value has a line of its own."""
    items = content.below(group)
    kind = codes.KIND_OF.get(_method(items))
    found = _found(items)
    if kind in {"bidirectional", "cobb"} or _is_bidirectional(found):
        found = [_Found([one for item in found for one in item.shapes], [one for item in found for one in item.values])]
        kind = kind or "bidirectional"
    if not found:
        message = "expected coordinates in a group of measurements, there are none"
        raise DataSetError(message)
    uid, name = _tracking(items, place)
    series = content.text_of(content.named(items, codes.SERIES.value), "UID") or series
    return [
        _measurement(uid if not number else _uid(f"{place}/{number}"), name, kind, one, series)
        for number, one in enumerate(found)
    ]


def _method(items: Sequence[Any]) -> str:
    method = content.code_in(content.named(list(items), codes.METHOD.value), "ConceptCodeSequence")
    return method.value if method.scheme == codes.KINDS["length"].scheme else ""


def _tracking(items: list[Any], place: str) -> tuple[str, str]:
    """Return by what a group is tracked: its UID, and what it is called."""
    uid = content.text_of(content.named(items, codes.TRACKING_UID.value), "UID")
    name = content.text_of(content.named(items, codes.TRACKING_IDENTIFIER.value), "TextValue")
    found = content.named(items, codes.FINDING.value)
    called = content.code_in(found, "ConceptCodeSequence").meaning or content.text_of(found, "TextValue")
    return uid or _uid(place), name or called


def _uid(place: str) -> str:
    """Return a UID for what its report gives none; the same each time that it is read."""
    return f"2.25.{uuid.uuid5(_DERIVED, place).int}"


def _found(items: Sequence[Any]) -> list[_Found]:
    """Return the shapes of a group with their values: those of the group itself have all values without a shape."""
    numbers = [item for item in items if content.kind_of(item) == "NUM"][:_MOST_VALUES]
    below = [(number, list(_shapes(content.below(number)))) for number in numbers]
    loose = [value for number, shapes in below if not shapes for value in _values(number)]
    own = [_Found([shape], loose) for shape in _shapes(items)]
    lines = [_Found(shapes, _values(number)) for number, shapes in below if shapes]
    return own or _together(lines)


def _together(lines: Sequence[_Found]) -> list[_Found]:
    """Join the values of the same shape: what others measure of an outline is often inferred from it value by value."""
    joined: dict[str, _Found] = {}
    for line in lines:
        key = repr(line.shapes)
        known = joined.get(key)
        joined[key] = line if known is None else _Found(line.shapes, [*known.values, *line.values])
    return list(joined.values())


def _is_bidirectional(found: Sequence[_Found]) -> bool:
    quantities = [[value.quantity for value in one.values] for one in found]
    return quantities == [["length"], ["short_axis"]] and all(len(one.shapes) == 1 for one in found)


def _values(number: Any) -> list[Value]:
    measured = content.first(number, "MeasuredValueSequence")
    if not measured:
        return []
    exact: Any = measured.get("FloatingPointValue")
    value = float(exact if exact is not None else content.text_of(measured, "NumericValue"))
    unit = content.code_in(measured, "MeasurementUnitsCodeSequence").value or "1"
    return [Value(_quantity(number), value, unit)]


def _quantity(number: Any) -> Quantity:
    derivation = content.named(content.below(number), codes.DERIVATION.value)
    derived = content.code_in(derivation, "ConceptCodeSequence").value
    return codes.QUANTITY_OF.get(derived) or codes.QUANTITY_OF.get(content.name_of(number).value, "value")


def _shapes(items: Iterable[Any]) -> Iterable[_Shape]:
    return (_shape(item) for item in items if content.kind_of(item) in _SHAPES)


def _shape(item: Any) -> _Shape:
    size = 2 if content.kind_of(item) == "SCOORD" else 3
    numbers = [float(one) for one in item.get("GraphicData") or ()]
    if not numbers or len(numbers) % size:
        message = f"expected coordinates in groups of {size}, {len(numbers)} numbers came"
        raise DataSetError(message)
    points: Points = [tuple(numbers[at : at + size]) for at in range(0, len(numbers), size)]
    images = (one for one in content.below(item) if content.kind_of(one) == "IMAGE")
    image: Any = next(images, content.NOTHING)
    reference = content.first(image, "ReferencedSOPSequence")
    return _Shape(
        content.text_of(item, "GraphicType"),
        points,
        content.text_of(reference, "ReferencedSOPInstanceUID"),
        int(content.text_of(reference, "ReferencedFrameNumber") or 1),
        content.text_of(item, "ReferencedFrameOfReferenceUID"),
    )


def _measurement(uid: str, name: str, kind: Kind | None, found: _Found, series: str) -> Measurement:
    points = _plain(found)
    kind = kind or _seen_kind(found, points)
    least, most = POINTS[kind]
    if not least <= len(points) <= most:
        message = f"expected {least} to {most} points of a measurement, {len(points)} came"
        raise DataSetError(message)
    shape, places = found.shapes[0], {(one.image_uid, one.frame) for one in found.shapes}
    if len(places) != 1:
        message = "expected a measurement in one image, it is in several"
        raise DataSetError(message)
    if shape.frame_of_reference_uid:
        flat = [(x, y, z) for x, y, z in points]
        return Measurement(uid, kind, name, None, Space(shape.frame_of_reference_uid, series, flat), list(found.values))
    place = Place(series, shape.image_uid, shape.frame, [(column, row) for column, row in points])
    return Measurement(uid, kind, name, place, None, list(found.values))


def _plain(found: _Found) -> Points:
    """Return all points; a circle as the ellipse that it is, and an outline without its first point at its end."""
    points = [point for shape in found.shapes for point in shape.points]
    graphic = found.shapes[0].graphic
    if graphic == "CIRCLE":
        return _circle(*points)
    is_closed = graphic in {"POLYLINE", "POLYGON"} and len(points) > POINTS["freehand"][0] and points[0] == points[-1]
    return points[:-1] if is_closed else points


def _circle(center: tuple[float, ...], side: tuple[float, ...]) -> Points:
    (x, y), (u, v) = center, side
    across, down = u - x, v - y
    return [(x - across, y - down), (u, v), (x + down, y - across), (x - down, y + across)]


def _seen_kind(found: _Found, points: Points) -> Kind:
    """Return what another's mark is, by its form."""
    graphics = {shape.graphic for shape in found.shapes}
    if graphics <= {"ELLIPSE", "CIRCLE"}:
        return "ellipse"
    if graphics <= {"POINT"}:
        return "probe"
    if graphics <= {"POLYLINE", "POLYGON"}:
        return _lined_kind(found, points)
    message = f"expected points, lines or outlines, {', '.join(sorted(graphics))[:64]} came"
    raise DataSetError(message)


def _lined_kind(found: _Found, points: Points) -> Kind:
    is_angle = any(value.quantity == "angle" or value.unit == "deg" for value in found.values)
    if len(found.shapes[0].points) > len(points):  # an outline, whose last point was its first
        return "rectangle" if _is_rectangle(points) else "freehand"
    if len(points) == POINTS["length"][0]:
        return "length"
    if len(points) == POINTS["angle"][0] and is_angle:
        return "angle"
    if len(points) == POINTS["cobb"][0] and is_angle:
        return "cobb"
    message = f"expected a line, an angle or a closed outline, an open line of {len(points)} points came"
    raise DataSetError(message)


def _is_rectangle(points: Points) -> bool:
    """Tell whether four corners are those of a rectangle: its diagonals halve each other and are equally long."""
    if len(points) != POINTS["rectangle"][0]:
        return False
    one, other = _span(points[0], points[2]), _span(points[1], points[3])
    halves = zip(points[0], points[2], points[1], points[3], strict=True)
    slack = _RIGHT * one
    return isclose(one, other, rel_tol=_RIGHT) and all(abs(a + b - c - d) <= slack for a, b, c, d in halves)


def _span(one: Sequence[float], other: Sequence[float]) -> float:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) ** 0.5
