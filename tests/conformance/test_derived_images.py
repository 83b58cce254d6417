"""dciodvfy finds no error in an enhanced image that it does not find in the image that it was made of."""

import subprocess
from dataclasses import replace
from pathlib import Path

import pydicom
import pytest

from lightwell.archive.derived_writing import write
from lightwell.archive.enhancing import read_source
from lightwell.archive.frame_reading import read_frames
from lightwell.archive.looking import Seen
from lightwell.archive.model import InstanceRow
from lightwell.imaging.enhance.enhancement import Enhancement, Method, Preset
from lightwell.imaging.form import Codec, decoded_form
from lightwell.imaging.work import enhance
from lightwell.standards.dicom.part10 import file_meta
from lightwell.standards.dicom.uids import ExplicitVRLittleEndian
from tests.archive.shelf import Shelf
from tests.conftest import peer_program

pytestmark = pytest.mark.peer
_FILES = (
    "dicom/pydicom-data/MR-SIEMENS-DICOM-WithOverlays.dcm",
    "dicom/pydicom-data/MR2_UNCR.dcm",
    "dicom/pydicom-data/RG1_J2KI.dcm",
    "dicom/pydicom-data/693_J2KR.dcm",
    "dicom/syntaxes/CTImage.dcm_BigEndianExplicitTransferSyntax_1.2.840.10008.1.2.2.dcm",
    "dicom/syntaxes/CTImage.dcm_DeflatedExplicitVRLittleEndianTransferSyntax_1.2.840.10008.1.2.1.99.dcm",
    "dicom/syntaxes/CTImage.dcm_JPEGProcess2_4TransferSyntax_1.2.840.10008.1.2.4.51.dcm",
    "ct-geometry/ge-tilt/01.dcm",
)


def _errors(path: Path) -> set[str]:
    said = subprocess.run([peer_program("dciodvfy"), str(path)], capture_output=True, text=True, check=False).stderr
    return {line for line in said.splitlines() if line.startswith("Error")}


def _filed(shelf: Shelf, source: Path) -> InstanceRow:
    said = pydicom.dcmread(source, stop_before_pixels=True)
    names = {"study_instance_uid": said.StudyInstanceUID, "series_instance_uid": said.SeriesInstanceUID}
    return replace(shelf.put(source.read_bytes()), **{name: str(uid) for name, uid in names.items()})


def _derived(shelf: Shelf, row: InstanceRow, wanted: Enhancement) -> tuple[bytes, bytes]:
    """Return the file of an image enhanced, and its pixels."""
    header, form, codec = read_source(shelf.blobs, row)
    look = Seen(header).look(0, is_signed=form.is_signed)
    frame = next(read_frames(shelf.blobs, row, header, form, [0]))
    pixels = enhance(frame, form, codec, look, wanted, Codec.NATIVE, False)  # noqa: FBT003 -- as a pool passes it
    content = write(header, row, decoded_form(form, codec), [pixels], wanted)
    made = pydicom.dcmread(pydicom.filebase.DicomBytesIO(content), force=True)
    return file_meta(row.sop_class_uid, str(made.SOPInstanceUID), ExplicitVRLittleEndian) + content, pixels


@pytest.mark.parametrize("name", _FILES)
@pytest.mark.parametrize("method", list(Method))
def test_an_enhanced_image_is_as_sound_as_its_source(
    tmp_path: Path, shared_data: Path, name: str, method: Method
) -> None:
    source = shared_data / name
    shelf = Shelf(tmp_path, None)
    row = _filed(shelf, source)
    content, pixels = _derived(shelf, row, Enhancement(method, 0.5, Preset.CHEST))
    path = tmp_path / "derived.dcm"
    path.write_bytes(content)
    assert _errors(path) <= _errors(source)
    before, after = pydicom.dcmread(source), pydicom.dcmread(path)
    assert after.ImageType[:2] == ["DERIVED", "SECONDARY"]
    assert list(after.ImageType[2:]) == list(before.get("ImageType", [])[2:])
    assert after.SourceImageSequence[0].ReferencedSOPInstanceUID == before.SOPInstanceUID
    assert after.SOPInstanceUID != before.SOPInstanceUID
    assert after.SeriesInstanceUID != before.get("SeriesInstanceUID")
    assert after.get("PatientName") == before.get("PatientName")
    assert after.PixelData.startswith(pixels)
    assert after.pixel_array.shape == (before.Rows, before.Columns)
    assert not [element for element in after if element.tag.is_private]


def test_an_image_without_errors_is_among_them(shared_data: Path) -> None:
    assert _errors(shared_data / _FILES[0]) == set()


def test_saving_twice_writes_the_same_bytes(tmp_path: Path, shared_data: Path) -> None:
    shelf = Shelf(tmp_path, None)
    row = _filed(shelf, shared_data / _FILES[0])
    wanted = Enhancement(Method.MULTISCALE, 0.5, Preset.BONE)
    assert _derived(shelf, row, wanted) == _derived(shelf, row, wanted)
    assert _derived(shelf, row, wanted) != _derived(shelf, row, Enhancement(Method.MULTISCALE, 0.6, Preset.BONE))
