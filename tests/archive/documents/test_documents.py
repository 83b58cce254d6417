"""Reports as trees, signals as numbers, structure sets as contours; broken ones are errors or are marked."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom import dcmread
from pydicom.data import get_testdata_file
from pydicom.dataset import Dataset
from pydicom.sr.coding import Code
from pydicom.uid import ImplicitVRLittleEndian, generate_uid

from lightwell.archive.derived.parsing import Raw
from lightwell.archive.documents import tree, waveforms
from lightwell.archive.structures import reading as structures
from lightwell.standards.dicom.errors import DataSetError
from tests.archive.notes import REJECTED, code_of, file_of, note, store
from tests.journeys.images import data_set_of
from tests.region import Region, Server


def _real(name: str) -> Dataset:
    """Return a file of pydicom, under UIDs of its own."""
    path = get_testdata_file(name)
    assert isinstance(path, str)
    said = dcmread(path, force=True)
    said.StudyInstanceUID, said.SeriesInstanceUID, said.SOPInstanceUID = (generate_uid() for _ in range(3))
    said.PatientID = said.get("PatientID") or "P0001"
    if hasattr(said, "file_meta"):
        del said.file_meta
    return said


def _answered(server: Server, region: Region, said: Dataset, door: str, syntax: str = "") -> Any:
    store(server, region.token_a, file_of(said, syntax) if syntax else file_of(said))
    answer = server.get(f"/api/studies/{said.StudyInstanceUID}/{door}", region.token_a)
    assert answer.status_code == 200, answer.text
    return answer.json()


def _item(kind: str, name: str, **values: Any) -> Dataset:
    item = Dataset()
    item.RelationshipType, item.ValueType = "CONTAINS", kind
    item.ConceptNameCodeSequence = code_of(Code("1", "99TEST", name))
    for keyword, value in values.items():
        setattr(item, keyword, value)
    return item


def _measured(number: str, unit: str) -> Dataset:
    measured = Dataset()
    measured.NumericValue = number
    measured.MeasurementUnitsCodeSequence = code_of(Code(unit, "UCUM", unit))
    return measured


def _report() -> Dataset:
    said = note(generate_uid(), [("1.2.3.4", [2])], Code("126000", "DCM", "检查报告"))
    said.SOPClassUID = "1.2.840.10008.5.1.4.1.1.88.33"
    said.SpecificCharacterSet = "ISO_IR 192"
    qualifier = code_of(Code("114000", "DCM", "无法测量"))
    inner = _item("TEXT", "所见", TextValue="右肺上叶\r\n结节")
    said.ContentSequence += [
        _item("CONTAINER", "结论", ContentSequence=[inner]),
        _item("NUM", "Length", MeasuredValueSequence=[_measured("8.5", "mm")]),
        _item("NUM", "Angle", MeasuredValueSequence=[], NumericValueQualifierCodeSequence=qualifier),
        _item("CODE", "Finding", ConceptCodeSequence=code_of(Code("2", "99TEST", "Nodule"))),
        _item("PNAME", "Observer", PersonName="Wang^Wei=王^伟"),
        _item("DATE", "Day", Date="20261123"),
        _item("TIME", "Time", Time="101530.5"),
        _item("DATETIME", "Moment", DateTime="20261123101530+0800"),
        _item("UIDREF", "Series", UID="1.2.3"),
        _item("SCOORD", "Region", GraphicType="POINT", GraphicData=[1.0, 2.0]),
    ]
    return said


def test_every_kind_of_item_is_read_as_people_read_it(server: Server, region: Region) -> None:
    said = _report()
    found = _answered(server, region, said, f"documents/{said.SOPInstanceUID}")
    assert found["title"] == "检查报告"
    image, conclusion, *rest = found["tree"]
    assert (image["kind"], image["value"]) == ("IMAGE", "1.2.3.4")
    assert (conclusion["name"], conclusion["children"][0]["value"]) == ("结论", "右肺上叶\r\n结节")
    assert [(item["kind"], item["value"], item["unit"]) for item in rest] == [
        ("NUM", "8.5", "mm"),
        ("NUM", "无法测量", ""),
        ("CODE", "Nodule", ""),
        ("PNAME", "王伟", ""),
        ("DATE", "2026-11-23", ""),
        ("TIME", "10:15:30.5", ""),
        ("DATETIME", "2026-11-23T10:15:30+08:00", ""),
        ("UIDREF", "1.2.3", ""),
        ("SCOORD", "POINT", ""),
    ]


def test_a_real_report_is_read_whole(server: Server, region: Region) -> None:
    said = _real("reportsi.dcm")
    found = _answered(server, region, said, f"documents/{said.SOPInstanceUID}")
    written = [item.TextValue for item in _every(said) if item.ValueType == "TEXT"]
    assert written
    assert [item["value"] for item in _lines(found["tree"]) if item["kind"] == "TEXT"] == written
    assert found["title"] == said.ConceptNameCodeSequence[0].CodeMeaning


def _every(said: Dataset) -> list[Dataset]:
    return [item for child in said.get("ContentSequence", []) for item in (child, *_every(child))]


def _lines(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [line for item in items for line in (item, *_lines(item["children"]))]


def test_a_real_electrocardiogram_is_in_what_was_measured(server: Server, region: Region) -> None:
    said = _real("waveform_ecg.dcm")
    found = _answered(server, region, said, f"waveforms/{said.SOPInstanceUID}")
    assert (found["label"], found["sampling_hz"], len(found["channels"])) == ("RHYTHM", 1000, 12)
    first = found["channels"][0]
    assert (first["label"], first["unit"], first["sensitivity"]) == ("Lead I (Einthoven)", "uV", 1.25)
    samples = np.array([channel["samples"] for channel in found["channels"]]).T
    assert np.allclose(samples, said.waveform_array(0))
    (beat,) = found["others"]
    assert (beat["label"], len(beat["channels"][0]["samples"])) == ("MEDIAN BEAT", 1200)
    notes = found["annotations"]
    assert notes[0] == {"text": "RITMO SINUSALE", "channel": None, "sample": None, "value": None, "unit": ""}
    assert notes[-1]["sample"] == 9697


def test_where_there_was_no_signal_there_is_no_number(server: Server, region: Region) -> None:
    said = _real("waveform_ecg.dcm")
    said.WaveformSequence[0].add_new(0x5400100A, "OW", said.WaveformSequence[0].WaveformData[:2])
    nothing = np.frombuffer(said.WaveformSequence[0].WaveformData, "<i2")[0]
    found = _answered(server, region, said, f"waveforms/{said.SOPInstanceUID}")
    raw = np.frombuffer(said.WaveformSequence[0].WaveformData, "<i2").reshape(-1, 12)[:, 0]
    assert [one is None for one in found["channels"][0]["samples"]] == [bool(one) for one in raw == nothing]


def test_a_real_structure_set_is_read_contour_by_contour(server: Server, region: Region) -> None:
    said = _real("rtstruct.dcm")
    (found,) = _answered(server, region, said, "structures", ImplicitVRLittleEndian)
    assert (found["sop_instance_uid"], found["label"], found["is_unreadable"]) == (said.SOPInstanceUID, "sep30", False)
    assert [(roi["number"], roi["name"]) for roi in found["rois"]] == [
        (1, "patient"),
        (2, "Isocenter 1"),
        (3, "Isocenter 2"),
    ]
    patient = found["rois"][0]
    assert len(patient["contours"]) == 3
    assert patient["contours"][0]["kind"] == "CLOSED_PLANAR"
    assert patient["contours"][0]["points"][:6] == [-200, 150, -200, -200, -150, -200]
    written = [[int(level) for level in item.ROIDisplayColor] for item in said.ROIContourSequence]
    assert [roi["colour"] for roi in found["rois"]] == written
    assert found["frame_of_reference_uid"] == said.StructureSetROISequence[0].ReferencedFrameOfReferenceUID


def test_a_broken_structure_set_says_so_and_hides_no_other(server: Server, region: Region) -> None:
    good, broken, rejected = (_real("rtstruct.dcm") for _ in range(3))
    broken.StudyInstanceUID = rejected.StudyInstanceUID = good.StudyInstanceUID
    broken.ROIContourSequence[0].ContourSequence[0].ContourData = [1, 2, 3, 4]
    for said in (good, broken, rejected):
        store(server, region.token_a, file_of(said, ImplicitVRLittleEndian))
    uid, kind = str(rejected.SOPInstanceUID), str(rejected.SOPClassUID)
    rejecting = note(str(good.StudyInstanceUID), [(uid, [])], REJECTED, kind=kind)
    found = _answered(server, region, rejecting, "structures")
    assert {one["sop_instance_uid"]: one["is_unreadable"] for one in found} == {
        good.SOPInstanceUID: False,
        broken.SOPInstanceUID: True,
    }


def _no_samples(said: Dataset) -> None:
    said.WaveformSequence[0].WaveformData = b"\0\0"


def _telephone(said: Dataset) -> None:
    said.WaveformSequence[0].WaveformSampleInterpretation = "MB"


@pytest.mark.parametrize("change", [_no_samples, _telephone])
def test_signals_that_cannot_be_read_are_an_error(
    server: Server, region: Region, change: Callable[[Dataset], None]
) -> None:
    said = _real("waveform_ecg.dcm")
    change(said)
    store(server, region.token_a, file_of(said))
    answer = server.get(f"/api/studies/{said.StudyInstanceUID}/waveforms/{said.SOPInstanceUID}", region.token_a)
    assert (answer.status_code, answer.json()["code"]) == (422, "undecodable")


def test_lines_deeper_than_anybody_reads_are_counted(server: Server, region: Region) -> None:
    def nested(levels: int) -> Dataset:
        said = _report()
        line = _item("TEXT", "last", TextValue="x")
        for _ in range(levels - 1):
            line = _item("CONTAINER", "part", ContentSequence=[line])
        said.ContentSequence = [line]
        return said

    for levels, left_out in ((32, 0), (33, 1), (40, 8)):
        said = nested(levels)
        told = _answered(server, region, said, f"documents/{said.SOPInstanceUID}")
        assert told["left_out_count"] == left_out


def test_a_report_of_more_lines_than_anybody_reads_is_an_error(server: Server, region: Region) -> None:
    said = _report()
    said.ContentSequence += [_item("DATE", "Day", Date="20261123")] * 10_001
    store(server, region.token_a, file_of(said))
    answer = server.get(f"/api/studies/{said.StudyInstanceUID}/documents/{said.SOPInstanceUID}", region.token_a)
    assert (answer.status_code, answer.json()["code"]) == (422, "undecodable")


def test_another_object_is_neither_report_nor_signal(server: Server, region: Region) -> None:
    report, signal = _report(), _real("waveform_ecg.dcm")
    for said, door in ((report, "waveforms"), (signal, "documents")):
        store(server, region.token_a, file_of(said))
        address = f"/api/studies/{said.StudyInstanceUID}/{door}"
        assert server.get(f"{address}/{said.SOPInstanceUID}", region.token_a).status_code == 415
        assert server.get(f"{address}/1.2.3", region.token_a).status_code == 404


@pytest.mark.hazard("H-04")
def test_another_hospital_reads_nothing(server: Server, region: Region) -> None:
    for said, door in ((_report(), "documents"), (_real("waveform_ecg.dcm"), "waveforms")):
        store(server, region.token_a, file_of(said))
        address = f"/api/studies/{said.StudyInstanceUID}"
        assert server.get(f"{address}/{door}/{said.SOPInstanceUID}", region.token_b).status_code == 404
        assert server.get(f"{address}/structures", region.token_b).status_code == 404


_READERS: dict[str, tuple[Callable[[Raw], Any], Callable[[], Dataset]]] = {
    "report": (tree.read, _report),
    "signals": (waveforms.read, lambda: _real("waveform_ecg.dcm")),
    "structures": (structures.read, lambda: _real("rtstruct.dcm")),
}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", list(_READERS))
def test_whatever_the_bytes_only_one_error_comes(name: str) -> None:
    reader, made = _READERS[name]
    whole = data_set_of(file_of(made(), ImplicitVRLittleEndian))
    assert reader(Raw(whole, is_explicit=False, is_little_endian=True))

    @settings(max_examples=60, deadline=None)
    @given(st.data())
    def only_one_error(data: st.DataObject) -> None:
        broken = bytearray(whole)
        for _ in range(data.draw(st.integers(0, 4))):
            broken[data.draw(st.integers(0, min(4000, len(broken) - 1)))] = data.draw(st.integers(0, 255))
        cut = data.draw(st.integers(0, len(broken)))
        try:
            said = reader(Raw(bytes(broken[:cut]), is_explicit=False, is_little_endian=True))
        except DataSetError:
            return
        assert said

    only_one_error()
