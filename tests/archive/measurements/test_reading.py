"""Measurements of others: what is read by its form, what is counted, and that broken reports hide none."""

from collections.abc import Generator
from typing import Any

import numpy as np
import pytest
from highdicom import sr
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes
from pydicom.uid import generate_uid

from lightwell.archive.derived.parsing import Raw
from lightwell.archive.measurements.reading import Report, read
from lightwell.standards.dicom.errors import DataSetError
from tests.archive.measurements import marks
from tests.archive.measurements.marks import keep, mark, place, shown
from tests.archive.notes import file_of, store
from tests.journeys.images import CT, Image, data_set_of, find, values
from tests.region import Region, Server, running_server


@pytest.fixture(scope="module")
def node() -> Generator[tuple[Server, Region]]:
    """A server of its own."""
    with running_server() as pair:
        yield pair


@pytest.fixture
def image(node: tuple[Server, Region]) -> Image:
    """An image of hospital A."""
    return marks.study_of(node[0], marks.SPACING)[0]


def _points(*points: tuple[float, ...]) -> Any:
    return np.array(points, dtype=float)


def _line(image: Image, graphic: str, *points: tuple[float, ...]) -> sr.CoordinatesForMeasurement:
    return sr.CoordinatesForMeasurement(graphic, _points(*points), sr.SourceImageForRegion(CT, image.uid))


def _inferred(name: Any, value: float, unit: Any, *lines: Any) -> sr.Measurement:
    return sr.Measurement(name, value, unit, referenced_coordinates=list(lines) or None)


def _group(*measured: sr.Measurement, name: str = "Cornerstone3DTools@^0.1.0:Length") -> Any:
    tracked = sr.TrackingIdentifier(generate_uid(), name)
    return sr.MeasurementsAndQualitativeEvaluations(tracked, measurements=list(measured))


def _region(image: Image, graphic: str, *points: tuple[float, ...], measured: list[sr.Measurement]) -> Any:
    region = sr.ImageRegion(graphic, _points(*points), sr.SourceImageForRegion(CT, image.uid))
    tracked = sr.TrackingIdentifier(generate_uid(), "Lesion 1")
    return sr.PlanarROIMeasurementsAndQualitativeEvaluations(tracked, region, measurements=measured)


def _report(image: Image, *groups: Any) -> Dataset:
    """Return a report as highdicom writes it."""
    who = sr.ObserverContext(codes.DCM.Person, sr.PersonObserverIdentifyingAttributes("Wang^Wei"))
    content = sr.MeasurementReport(sr.ObservationContext(who), codes.SCT.ImagingProcedure, list(groups))
    evidence = Dataset()
    evidence.SOPClassUID, evidence.SOPInstanceUID = CT, image.uid
    evidence.StudyInstanceUID, evidence.SeriesInstanceUID = image.study, image.series
    evidence.PatientID, evidence.PatientName = "P0001", "Test^Image"
    for empty in ("PatientBirthDate", "PatientSex", "StudyDate", "StudyTime", "AccessionNumber", "StudyID"):
        setattr(evidence, empty, "")
    evidence.ReferringPhysicianName = ""
    return sr.ComprehensiveSR([evidence], content[0], generate_uid(), 50, generate_uid(), 1, manufacturer="Others")


def _seen(node: tuple[Server, Region], image: Image, *groups: Any) -> list[dict[str, Any]]:
    store(node[0], node[1].token_a, file_of(_report(image, *groups)))
    found = shown(node[0], node[1].token_a, image)
    (only,) = found["sets"]
    assert (only["maker"], only["is_mine"], found["unreadable"]) == ("Wang Wei", False, 0)
    assert all(one["place"]["series_instance_uid"] == image.series for one in only["measurements"])
    return list(only["measurements"])


def test_lines_and_angles_of_others_are_read(node: tuple[Server, Region], image: Image) -> None:
    mm, degree = codes.UCUM.Millimeter, codes.UCUM.Degree
    length, both, angle, cobb = _seen(
        node,
        image,
        _group(_inferred(codes.SCT.Length, 5.0, mm, _line(image, "POLYLINE", (1, 1), (13, 9)))),
        _group(
            _inferred(codes.SCT.LongAxis, 4.0, mm, _line(image, "POLYLINE", (0, 0), (16, 0))),
            _inferred(codes.SCT.ShortAxis, 2.0, mm, _line(image, "POLYLINE", (4, 2), (4, 6))),
        ),
        _group(_inferred(codes.SCT.Angle, 90.0, degree, _line(image, "POLYLINE", (8, 4), (4, 4), (4, 8)))),
        _group(_inferred(codes.SCT.CobbAngle, 45.0, degree, _line(image, "POLYLINE", (0, 0), (8, 0), (0, 4), (8, 8)))),
    )
    assert (length["kind"], length["name"]) == ("length", "Cornerstone3DTools@^0.1.0:Length")
    assert length["place"]["points"] == [[1, 1], [13, 9]]
    assert length["values"] == [{"quantity": "length", "value": 5.0, "unit": "mm"}]
    assert (both["kind"], both["place"]["points"]) == ("bidirectional", [[0, 0], [16, 0], [4, 2], [4, 6]])
    assert [value["quantity"] for value in both["values"]] == ["length", "short_axis"]
    assert (angle["kind"], cobb["kind"]) == ("angle", "cobb")


def test_regions_of_others_are_read_with_what_was_measured_in_them(node: tuple[Server, Region], image: Image) -> None:
    hu = codes.UCUM.HounsfieldUnit
    mean = sr.Measurement(codes.DCM.AttenuationCoefficient, 41.5, hu, derivation=codes.SCT.Mean)
    area = sr.Measurement(codes.SCT.Area, 2.0, codes.UCUM.SquareMillimeter)
    ellipse, circle, box, outline = _seen(
        node,
        image,
        _region(image, "ELLIPSE", (2, 8), (14, 8), (8, 5), (8, 11), measured=[area, mean]),
        _region(image, "CIRCLE", (5, 5), (8, 5), measured=[area]),
        _region(image, "POLYLINE", (2, 2), (10, 2), (10, 6), (2, 6), (2, 2), measured=[area]),
        _region(image, "POLYLINE", (2, 2), (10, 2), (10, 6), (2, 2), measured=[area]),
    )
    assert [one["kind"] for one in (ellipse, circle, box, outline)] == ["ellipse", "ellipse", "rectangle", "freehand"]
    assert {value["quantity"]: value["value"] for value in ellipse["values"]} == {"area": 2.0, "mean": 41.5}
    assert circle["place"]["points"] == [[2, 5], [8, 5], [5, 2], [5, 8]]
    assert box["place"]["points"] == [[2, 2], [10, 2], [10, 6], [2, 6]]


def test_several_lines_of_a_group_are_several_measurements(node: tuple[Server, Region], image: Image) -> None:
    lines = [_line(image, "POLYLINE", (0, 0), (end, 0)) for end in (4, 8)]
    measured = [_inferred(codes.SCT.Length, float(n), codes.UCUM.Millimeter, line) for n, line in enumerate(lines)]
    found = _seen(node, image, _group(*measured))
    assert [one["place"]["points"][1] for one in found] == [[4, 0], [8, 0]]
    assert len({one["uid"] for one in found}) == 2
    assert found == shown(node[0], node[1].token_a, image)["sets"][0]["measurements"]


@pytest.mark.hazard("H-31")
def test_what_has_no_form_or_no_image_is_counted_and_hides_no_other(node: tuple[Server, Region], image: Image) -> None:
    mm = codes.UCUM.Millimeter
    good = _group(_inferred(codes.SCT.Length, 5.0, mm, _line(image, "POLYLINE", (1, 1), (13, 9))))
    gone = _group(_inferred(codes.SCT.Length, 5.0, mm, _line(image, "POLYLINE", (1, 1), (9, 9))))
    open_line = _group(_inferred(codes.SCT.Length, 5.0, mm, _line(image, "POLYLINE", *((n, n) for n in range(7)))))
    no_points = _group(_inferred(codes.SCT.Length, 5.0, mm))
    said = _report(image, gone, open_line, good, no_points)
    (number,) = [item for item in said.ContentSequence[-1].ContentSequence[0].ContentSequence if "UID" not in item][1:]
    number.ContentSequence[0].ContentSequence[0].ReferencedSOPSequence[0].ReferencedSOPInstanceUID = "1.2.3.4"
    store(node[0], node[1].token_a, file_of(said))
    found = shown(node[0], node[1].token_a, image)
    assert found["unreadable"] == 3
    assert [one["kind"] for one in found["sets"][0]["measurements"]] == ["length"]


@pytest.mark.parametrize("how", ["bytes for a sequence", "too large"])
def test_a_broken_report_is_counted_and_hides_no_other(node: tuple[Server, Region], image: Image, how: str) -> None:
    answer = keep(node[0], node[1].token_a, image, [mark("probe", place(image, (1, 1)), value=(1.0, "1"))])
    assert answer.status_code == 200, answer.text
    mm = codes.UCUM.Millimeter
    said = _report(image, _group(_inferred(codes.SCT.Length, 5.0, mm, _line(image, "POLYLINE", (1, 1), (13, 9)))))
    if how == "too large":
        said.add_new(0x00420011, "OB", bytes(17 << 20))
    content = file_of(said)
    if how != "too large":
        content = content.replace(b"\x40\x00\x30\xa7SQ", b"\x40\x00\x30\xa7OB")
    store(node[0], node[1].token_a, content)
    found = shown(node[0], node[1].token_a, image)
    assert (len(found["sets"]), found["unreadable"]) == (1, 1)


def test_a_report_without_measurements_is_none(node: tuple[Server, Region], image: Image) -> None:
    said = _report(image, _group())
    said.ContentSequence = said.ContentSequence[:-1]
    store(node[0], node[1].token_a, file_of(said))
    assert shown(node[0], node[1].token_a, image) == {"sets": [], "unreadable": 0}
    assert (
        len(values(find(node[0], node[1].token_a, f"{image.study_address}/instances", Modality="SR"), "00080018")) == 1
    )


def _whole() -> bytes:
    image = Image("1.2.3.4")
    line = _line(image, "POLYLINE", (1, 1), (13, 9))
    return data_set_of(file_of(_report(image, _group(_inferred(codes.SCT.Length, 5.0, codes.UCUM.Millimeter, line)))))


_WHOLE = _whole()


def test_the_bytes_that_are_broken_below_are_read_whole() -> None:
    assert [one.kind for one in read(Raw(_WHOLE, is_explicit=True, is_little_endian=True)).measurements] == ["length"]


@pytest.mark.filterwarnings("ignore")
@settings(max_examples=200, deadline=None)
@given(st.data())
def test_whatever_the_bytes_only_one_error_comes(data: st.DataObject) -> None:
    whole = bytearray(_WHOLE)
    for _ in range(data.draw(st.integers(0, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(whole)))
    try:
        said = read(Raw(bytes(whole[:cut]), is_explicit=True, is_little_endian=True))
    except DataSetError:
        return
    assert isinstance(said, Report)
