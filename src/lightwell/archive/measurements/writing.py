"""Writes a set of measurements as a report (PS3.3 A.35.3, A.35.13; PS3.16 TID 1500, 1501, 1410, 300).

Each measurement is a group. Lines and angles are what a value is inferred from (TID 300, 320, 321); outlines, points
and arrows are the region of their group (TID 1410). The kind of mark is the group's method of measuring.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any, Final

from pydicom.dataset import Dataset
from pydicom.valuerep import format_number_as_ds

from lightwell.archive.derived import making
from lightwell.archive.derived.making import Code, Kind, Maker, Pointed
from lightwell.archive.measurements import codes
from lightwell.archive.measurements.model import Measurement, Place, Quantity, Value
from lightwell.archive.model import StudyRow

IN_IMAGES: Final = Kind("1.2.840.10008.5.1.4.1.1.88.33", "SR", 9001, "Measurements")
IN_SPACE: Final = Kind("1.2.840.10008.5.1.4.1.1.88.34", "SR", 9001, "Measurements")
_LINES: Final[Mapping[str, Mapping[Quantity, Sequence[slice]]]] = {
    "length": {"length": [slice(0, 2)]},
    "bidirectional": {"length": [slice(0, 2)], "short_axis": [slice(2, 4)]},
    "angle": {"angle": [slice(0, 3)]},
    "cobb": {"angle": [slice(0, 2), slice(2, 4)]},
}
"""Which points each value of a kind is inferred from, line by line; other kinds have one region."""
_CLOSED: Final = frozenset(("rectangle", "freehand"))
_GRAPHICS: Final = {"ellipse": "ELLIPSE", "probe": "POINT"}


@dataclass(frozen=True, slots=True)
class Image:
    """An image that is measured in; whether it has frames decides if they are named."""

    pointed: Pointed
    has_frames: bool


def write(
    study: StudyRow,
    by: Maker,
    measurements: Sequence[Measurement],
    images: Mapping[str, Image],
    number: int,
    at: datetime,
) -> tuple[str, str, bytes]:
    """Return SOP Class UID, SOP Instance UID and data set, in Explicit VR Little Endian, of a report.

    Args:
        study: what is measured in.
        by: who measured.
        measurements: at least one.
        images: those that they are marked in, by SOP Instance UID.
        number: which of its series the report is.
        at: when it is made.
    """
    kind = IN_SPACE if any(one.space for one in measurements) else IN_IMAGES
    data_set = making.begin_report(study, by, kind, number, at)
    data_set.PerformedProcedureCodeSequence = []
    data_set.CompletionFlag, data_set.VerificationFlag = "PARTIAL", "UNVERIFIED"
    if pointed := [image.pointed for image in images.values()]:
        data_set.CurrentRequestedProcedureEvidenceSequence = [making.evidence(study.study_instance_uid, pointed)]
    data_set.ConceptNameCodeSequence = [making.code(codes.REPORT)]
    data_set.ContentTemplateSequence = [making.template("1500")]
    groups = [_group(one, images) for one in measurements]
    data_set.ContentSequence = [*_context(by), _container(codes.IMAGING_MEASUREMENTS, groups)]
    return kind.sop_class_uid, str(data_set.SOPInstanceUID), making.written(data_set)


def _context(by: Maker) -> list[Any]:
    return [
        _coded("HAS CONCEPT MOD", codes.LANGUAGE, codes.ENGLISH),
        *making.observer(by),
        _coded("HAS CONCEPT MOD", codes.PROCEDURE_REPORTED, codes.PROCEDURE),
    ]


def _container(name: Code, children: Sequence[Any]) -> Any:
    container = making.item("CONTAINS", "CONTAINER", name, children)
    container.ContinuityOfContent = "SEPARATE"
    return container


def _coded(relationship: str, name: Code, value: Code) -> Any:
    item = making.item(relationship, "CODE", name)
    item.ConceptCodeSequence = [making.code(value)]
    return item


def _group(measurement: Measurement, images: Mapping[str, Image]) -> Any:
    lines = _LINES.get(measurement.kind, {})
    own = [] if lines else [_shape(measurement, images, "CONTAINS", codes.REGION, slice(None))]
    numbers = [
        _number(measurement, value, [_line(measurement, images, part) for part in lines.get(value.quantity, ())])
        for value in measurement.values
    ]
    group = _container(codes.GROUP, [*_about(measurement), *own, *numbers])
    group.ContentTemplateSequence = [making.template("1501" if lines else "1410")]
    return group


def _about(measurement: Measurement) -> list[Any]:
    """Say what is tracked, how it was marked, and in which series of images where no image is pointed at."""
    identifier = making.item("HAS OBS CONTEXT", "TEXT", codes.TRACKING_IDENTIFIER)
    identifier.TextValue = measurement.name
    uid = making.item("HAS OBS CONTEXT", "UIDREF", codes.TRACKING_UID)
    uid.UID = measurement.uid
    method = _coded("HAS CONCEPT MOD", codes.METHOD, codes.KINDS[measurement.kind])
    about = [*([identifier] if measurement.name else []), uid, method]
    if measurement.space is not None:
        series = making.item("CONTAINS", "UIDREF", codes.SERIES)
        series.UID = measurement.space.series_instance_uid
        about.append(series)
    return about


def _number(measurement: Measurement, value: Value, inferred_from: Sequence[Any]) -> Any:
    measured = Dataset()
    measured.NumericValue = format_number_as_ds(value.value)
    measured.FloatingPointValue = value.value
    measured.MeasurementUnitsCodeSequence = [making.code(codes.unit(value.unit))]
    derivation = codes.DERIVATIONS.get(value.quantity)
    derived = [_coded("HAS CONCEPT MOD", codes.DERIVATION, derivation)] if derivation else []
    name = codes.name_of(measurement.kind, value.quantity, value.unit)
    number = making.item("CONTAINS", "NUM", name, [*derived, *inferred_from])
    number.MeasuredValueSequence = [measured]
    return number


def _line(measurement: Measurement, images: Mapping[str, Image], part: slice) -> Any:
    return _shape(measurement, images, "INFERRED FROM", codes.SOURCE, part)


def _shape(measurement: Measurement, images: Mapping[str, Image], relationship: str, name: Code, part: slice) -> Any:
    """Return some points of a measurement as an item: in an image, or in space."""
    if measurement.space is not None:
        item = making.item(relationship, "SCOORD3D", name)
        points = _outline(measurement.kind, measurement.space.points[part])
        item.ReferencedFrameOfReferenceUID = measurement.space.frame_of_reference_uid
        closed = "POLYGON"
    else:
        place = _place(measurement)
        item = making.item(relationship, "SCOORD", name, [_selected_from(place, images[place.sop_instance_uid])])
        points = _outline(measurement.kind, place.points[part])
        closed = "POLYLINE"
    item.GraphicType = _GRAPHICS.get(measurement.kind, closed if measurement.kind in _CLOSED else "POLYLINE")
    item.GraphicData = list(chain.from_iterable(points))
    return item


def _place(measurement: Measurement) -> Place:
    assert measurement.place is not None  # noqa: S101 -- the caller looked
    return measurement.place


def _outline(kind: str, points: Sequence[Any]) -> list[Any]:
    return [*points, points[0]] if kind in _CLOSED else list(points)


def _selected_from(place: Place, image: Image) -> Any:
    item = making.item("SELECTED FROM", "IMAGE")
    item.ReferencedSOPSequence = [making.instance(image.pointed, [place.frame] if image.has_frames else [])]
    return item
