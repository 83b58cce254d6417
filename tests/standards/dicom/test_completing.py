"""UIDs that a data set lacks are put in where they belong, and nothing else of it changes."""

import io
import struct

import pydicom
import pytest
from pydicom.dataset import Dataset
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_dataset
from pydicom.sequence import Sequence

from lightwell.standards.dicom.completing import complete
from lightwell.standards.dicom.uids import (
    TRANSFER_SYNTAXES,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)

_UIDS = {0x00080016: "1.2.840.1", 0x00080018: "1.2.3", 0x0020000D: "2.25.12", 0x0020000E: "2.25.1"}
_SYNTAXES = (ExplicitVRLittleEndian, ImplicitVRLittleEndian, ExplicitVRBigEndian)


def _image(*, is_empty: bool, has_neighbours: bool) -> Dataset:
    image = Dataset()
    image.PatientName = "Test^Image"
    image.Rows = 1
    image.PixelData = b"\1\2"
    image["PixelData"].VR = "OW"
    if has_neighbours:  # sequences and long values beside every UID
        nested = Dataset()
        nested.StudyInstanceUID, nested.SOPInstanceUID = "9.9", "9.8"
        image.ImageType = ["ORIGINAL", "PRIMARY"]
        image.ReferencedStudySequence = Sequence([nested])
        image.ContributionDateTime = "2026"
        image.DeidentificationMethodCodeSequence = Sequence([Dataset()])
        image.AcquisitionContextSequence = Sequence([nested, nested])
        image.add_new(0x00191010, "OB", b"private!")
    if is_empty:
        image.SOPClassUID = image.SOPInstanceUID = image.StudyInstanceUID = image.SeriesInstanceUID = ""
    return image


def _encoded(image: Dataset, uid: str) -> bytes:
    syntax = TRANSFER_SYNTAXES[uid]
    buffer = DicomBytesIO()
    buffer.is_implicit_VR, buffer.is_little_endian = not syntax.is_explicit_vr, syntax.is_little_endian
    write_dataset(buffer, image)
    return buffer.getvalue()


def _completed(content: bytes, uid: str, uids: dict[int, str] = _UIDS, offset: int = 0) -> bytes:
    done = complete(content, offset, TRANSFER_SYNTAXES[uid], uids)
    return done.head + content[done.rest :]


@pytest.mark.parametrize("uid", _SYNTAXES)
@pytest.mark.parametrize("is_empty", [True, False], ids=["empty", "absent"])
@pytest.mark.parametrize("has_neighbours", [True, False], ids=["neighbours", "bare"])
def test_uids_are_there_afterwards_and_nothing_else_changed(uid: str, *, is_empty: bool, has_neighbours: bool) -> None:
    image = _image(is_empty=is_empty, has_neighbours=has_neighbours)
    content = _encoded(image, uid)
    for tag, value in _UIDS.items():
        image.add_new(tag, "UI", value)
    assert _completed(content, uid) == _encoded(image, uid)
    assert _completed(b"meta header" + content, uid, offset=11) == _encoded(image, uid)


def test_a_uid_that_is_none_is_replaced_and_others_stay() -> None:
    image = _image(is_empty=True, has_neighbours=True)
    image.StudyInstanceUID = "5F3A"
    image.SOPInstanceUID = "1.2.3.4"
    content = _encoded(image, ExplicitVRLittleEndian)
    image.StudyInstanceUID = "2.25.12"
    assert _completed(content, ExplicitVRLittleEndian, {0x0020000D: "2.25.12"}) == _encoded(
        image, ExplicitVRLittleEndian
    )


def test_the_length_of_a_group_that_changes_is_dropped() -> None:
    content = _encoded(_image(is_empty=False, has_neighbours=True), ExplicitVRLittleEndian)
    length = struct.pack("<HH2sHI", 8, 0, b"UL", 4, 77)
    assert _completed(length + content, ExplicitVRLittleEndian) == _completed(content, ExplicitVRLittleEndian)


def test_a_data_set_that_ends_before_gets_them_at_its_end() -> None:
    done = _completed(b"", ImplicitVRLittleEndian)
    read = pydicom.dcmread(io.BytesIO(done), force=True)
    assert [str(read[tag].value) for tag in _UIDS] == list(_UIDS.values())
