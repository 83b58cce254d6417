"""Whether the values of a measurement agree with its points: computed again, from the image as it is kept.

A page shows what it computes itself; before that becomes a document, somebody else has come to the same. What depends
on pixels (mean, deviation, minimum, maximum, value) is taken as it comes.
"""

from collections.abc import Mapping, Sequence
from typing import ClassVar, Final

from lightwell.archive.derived.geometry import Spacing
from lightwell.archive.measurements.model import POINTS, Kind, Measurement, Quantity, Value
from lightwell.core.errors import InvalidRequest
from lightwell.imaging import measuring
from lightwell.imaging.measuring import Point

_TOLERANCE: Final = 0.005
_SLACK: Final = 0.01  # of a mm, a degree, a pixel: what rounding leaves of small values
_STRAIGHT_DEG: Final = 180.0
_NEEDED: Final[Mapping[Kind, Sequence[Quantity]]] = {
    "length": ("length",),
    "bidirectional": ("length", "short_axis"),
    "angle": ("angle",),
    "cobb": ("angle",),
}
_REGION: Final[Sequence[Quantity]] = ("area", "mean", "deviation", "minimum", "maximum")
_ALLOWED: Final[Mapping[Kind, Sequence[Quantity]]] = {
    **_NEEDED,
    "ellipse": _REGION,
    "rectangle": _REGION,
    "freehand": _REGION,
    "probe": ("value",),
}
IN_MM: Final = frozenset(("mm", "mm2"))
_UNITS: Final[Mapping[Quantity, frozenset[str]]] = {
    **dict.fromkeys(("length", "short_axis"), frozenset(("mm", "{pixels}"))),
    "area": frozenset(("mm2", "{pixels2}")),
    "angle": frozenset(("deg",)),
}
_PIXEL: Final[Spacing] = (1.0, 1.0)


class MeasurementMismatch(InvalidRequest):
    """A value is not what comes of the points."""

    code: ClassVar[str] = "measurement_mismatch"


class NoSpacing(InvalidRequest):
    """A value is in mm, and the image does not say how large its pixels are."""

    code: ClassVar[str] = "no_spacing"


def check_form(measurement: Measurement) -> None:
    """Make sure that points and values are those of the kind.

    Raises:
        InvalidRequest: there are too few or too many, or the values are of other quantities or units.
    """
    where = measurement.place or measurement.space
    if where is None or (measurement.place and measurement.space):
        raise _refused(measurement, "exactly one of place and space")
    least, most = POINTS[measurement.kind]
    if not least <= len(where.points) <= most:
        raise _refused(measurement, f"{least} to {most} points, {len(where.points)} came")
    if not measurement.name.isprintable() or measurement.name != measurement.name.strip():
        raise _refused(measurement, "a name of printable characters without blanks at its ends")
    _check_values(measurement)


def _check_values(measurement: Measurement) -> None:
    quantities = [value.quantity for value in measurement.values]
    allowed, needed = _ALLOWED.get(measurement.kind, ()), _NEEDED.get(measurement.kind, ())
    if len(set(quantities)) < len(quantities) or not set(needed) <= set(quantities) <= set(allowed):
        words = ", ".join(allowed) or "none"
        raise _refused(measurement, f"values of these quantities: {words}; {', '.join(quantities) or 'none'} came")
    for value in measurement.values:
        units = _UNITS.get(value.quantity)
        if units is not None and value.unit not in units:
            raise _refused(measurement, f"{value.quantity} in {' or '.join(sorted(units))}, {value.unit} came")


def _refused(measurement: Measurement, expected: str) -> InvalidRequest:
    return InvalidRequest(f"measurement {measurement.uid} ({measurement.kind}): expected {expected}")


def check_values(measurement: Measurement, spacing_mm: Spacing | None) -> None:
    """Make sure that the values come of the points; ``spacing_mm`` is that of the image where it is marked in one.

    Raises:
        MeasurementMismatch: one differs by more than 0.5 %.
        NoSpacing: one is in mm, and nobody knows how large the pixels are.
    """
    for value in measurement.values:
        if value.quantity in _UNITS:
            _check_value(measurement, value, spacing_mm)


def _check_value(measurement: Measurement, value: Value, spacing_mm: Spacing | None) -> None:
    is_in_pixels = value.unit.startswith("{")
    if measurement.space is not None and is_in_pixels:
        raise _refused(measurement, "values in mm of what is marked in space")
    if measurement.place is not None and spacing_mm is None and value.unit in IN_MM:
        message = (
            f"measurement {measurement.uid}: {value.quantity} came in {value.unit}, but the image does not say how"
            " large its pixels are; send it in {pixels}"
        )
        raise NoSpacing(message)
    points = _points(measurement, _PIXEL if is_in_pixels else spacing_mm or _PIXEL)
    expected = _computed(measurement.kind, value.quantity, points)
    if min(abs(value.value - one) - max(_TOLERANCE * abs(one), _SLACK) for one in expected) > 0:
        message = (
            f"measurement {measurement.uid}: expected {value.quantity} {expected[0]:.6g} {value.unit} from its points,"
            f" {value.value:.6g} came; reload the image and measure again"
        )
        raise MeasurementMismatch(message)


def _points(measurement: Measurement, spacing_mm: Spacing) -> list[Point]:
    if measurement.space is not None:
        return list(measurement.space.points)
    row_mm, column_mm = spacing_mm
    return [
        (column * column_mm, row * row_mm, 0.0)
        for column, row in (measurement.place.points if measurement.place else ())
    ]


def _computed(kind: Kind, quantity: Quantity, points: Sequence[Point]) -> tuple[float, ...]:
    """Return what a value may be: lines have no direction, so that two of them make two angles."""
    if kind == "cobb":
        angle = measuring.angle_of_lines_deg((points[0], points[1]), (points[2], points[3]))
        return angle, _STRAIGHT_DEG - angle
    if kind == "angle":
        return (measuring.angle_deg(points[0], points[1], points[2]),)
    if quantity == "area":
        return (measuring.ellipse_area(points) if kind == "ellipse" else measuring.polygon_area(points),)
    return (measuring.length(*points[2:4]) if quantity == "short_axis" else measuring.length(*points[:2]),)
