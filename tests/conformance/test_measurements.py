"""Reports of measurements are read by others as they were meant: dciodvfy, DCMTK and highdicom."""

import subprocess
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from highdicom import sr
from pydicom import dcmread

from tests.archive.measurements import marks
from tests.archive.measurements.marks import every_kind, keep, mark, place, space
from tests.conftest import peer_program
from tests.journeys.images import Image, find, values
from tests.region import Region, Server

pytestmark = pytest.mark.peer
_KNOWN = "Unrecognized defined term <99LIGHTWELL> for value 1 of attribute <Coding Scheme Designator>"
"""A designator that begins with 99 is private, as the standard allows (PS3.16 8.2)."""

_UNABLE = ("W: The VR checker does not support this Specific Character Set: ISO_IR 192", "W: Check for template")
"""What DCMTK does not look at."""


def _filed(server: Server, region: Region, image: Image, wanted: list[dict[str, Any]]) -> bytes:
    """File measurements, and fetch the document as another archive would."""
    answer = keep(server, region.token_a, image, wanted)
    assert answer.status_code == 200, answer.text
    uid = answer.json()["sop_instance_uid"]
    found = find(server, region.token_a, f"{image.study_address}/instances", SOPInstanceUID=uid)
    (series,) = values(found, "0020000E")
    return marks.fetched(server, region.token_a, image, series, uid)


def _in_space(image: Image) -> list[dict[str, Any]]:
    return [
        mark("length", space(image, (1, 2, 3), (4, 6, 3)), 1, "主动脉", length=(5.0, "mm")),
        mark("cobb", space(image, (0, 0, 0), (1, 0, 0), (0, 0, 1), (0, 1, 1)), 2, angle=(90.0, "deg")),
        mark("rectangle", space(image, (0, 0, 0), (2, 0, 0), (2, 1, 0), (0, 1, 0)), 3, area=(2.0, "mm2")),
        mark("ellipse", space(image, (-2, 0, 1), (2, 0, 1), (0, -1, 1), (0, 1, 1)), 4, area=(6.2831853, "mm2")),
        mark("probe", space(image, (1, 1, 1)), 5, value=(3.0, "[hnsf'U]")),
        mark("arrow", place(image, (1, 1), (2, 2)), 6, "见箭头"),
    ]


@pytest.fixture
def documents(server: Server, region: Region) -> list[bytes]:
    """A report of each SOP class, with every kind of measurement, and the document that withdraws the last."""
    image = marks.study_of(server, marks.SPACING, name=b"Li^Donghua")[0]
    wishes: list[list[dict[str, Any]]] = [every_kind(image), _in_space(image), []]
    return [_filed(server, region, image, wish) for wish in wishes]


def _faults(content: bytes, folder: Path) -> list[str]:
    file = folder / "document.dcm"
    file.write_bytes(content)
    said = subprocess.run([peer_program("dciodvfy"), str(file)], capture_output=True, text=True, check=False).stderr
    lines = said.splitlines()
    assert lines[0] in {"ComprehensiveSR", "Comprehensive3DSR", "KeyObjectSelectionDocument"}, said
    return [line for line in lines[1:] if _KNOWN not in line]


def test_dciodvfy_finds_no_fault(documents: list[bytes], tmp_path: Path) -> None:
    assert [_faults(document, tmp_path) for document in documents] == [[]] * 3


def test_dcmtk_reads_each_value_with_its_unit(documents: list[bytes], tmp_path: Path) -> None:
    file = tmp_path / "document.dcm"
    for document, expected in zip(documents, ('="5.0" (mm,', '="5.0" (mm,', "(WITHDRAWN,"), strict=True):
        file.write_bytes(document)
        ran = subprocess.run(
            [peer_program("dsrdump"), "+Pc", "+U8", str(file)], capture_output=True, text=True, check=False
        )
        assert ran.returncode == 0, ran.stderr
        assert expected in ran.stdout
        assert [line for line in ran.stderr.splitlines() if not line.startswith(_UNABLE)] == []


def _read_by_highdicom(content: bytes) -> Any:
    return sr.srread(BytesIO(content)).content


def test_highdicom_reads_the_groups(documents: list[bytes]) -> None:
    flat, deep, _ = documents
    report: Any = _read_by_highdicom(flat)
    regions = report.get_planar_roi_measurement_groups()
    lines = report.get_image_measurement_groups()
    assert [group.reference_type.value for group in regions] == ["111030"] * 5
    assert [group.roi.GraphicType for group in regions] == ["ELLIPSE", "POLYLINE", "POLYLINE", "POINT", "POLYLINE"]
    assert {str(group.tracking_uid) for group in (*regions, *lines)} == {f"2.25.{number}" for number in range(1, 10)}
    first = lines[0].get_measurements()[0]
    assert (first.value, first.unit.value, lines[0].tracking_identifier) == (5.0, "mm", "肝右叶病灶")
    (square, *_) = [
        group.roi
        for group in _read_by_highdicom(deep).get_planar_roi_measurement_groups()
        if group.roi.GraphicType == "POLYGON"
    ]
    assert square.value.tolist() == [[0, 0, 0], [2, 0, 0], [2, 1, 0], [0, 1, 0], [0, 0, 0]]


def test_patient_and_evidence_are_those_of_the_study(documents: list[bytes]) -> None:
    for document in documents[:2]:
        said: Any = dcmread(BytesIO(document))
        assert (said.PatientID, str(said.PatientName), said.PatientBirthDate) == ("P0001", "Li^Donghua", "19710610")
        (evidence,) = said.CurrentRequestedProcedureEvidenceSequence
        assert evidence.StudyInstanceUID == said.StudyInstanceUID
        assert len(evidence.ReferencedSeriesSequence[0].ReferencedSOPSequence) == 1
