"""A disc has every image that can be described, whatever it is written in, and says which are not on it."""

from pathlib import Path

import pydicom
import pytest

from lightwell.archive.medium import write_medium
from lightwell.standards.dicom.part10 import file_meta
from tests.journeys.images import CT, EXPLICIT_LITTLE, ROOT, Image, element

_DEFLATED_FRAMES = "1.2.840.10008.1.2.8.1"
_PRIVATE = "1.2.826.0.1.3680043.9.9999.77"


def _file(folder: Path, number: int, syntax: str, data_set: bytes | None = None) -> Path:
    """Write an exported image: its path is its UIDs."""
    image = Image(f"{ROOT}.1.1.{number}")
    path = folder / image.study / image.series / f"{image.uid}.dcm"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(file_meta(CT, image.uid, syntax) + (image.data_set if data_set is None else data_set))
    return path


def _images(medium: Path) -> dict[str, Path]:
    records = pydicom.dcmread(medium / "DICOMDIR").DirectoryRecordSequence
    return {
        str(item.ReferencedTransferSyntaxUIDInFile): medium.joinpath(*item.ReferencedFileID)
        for item in records
        if item.DirectoryRecordType == "IMAGE"
    }


@pytest.mark.parametrize("syntax", [EXPLICIT_LITTLE, _DEFLATED_FRAMES, _PRIVATE])
def test_an_image_in_any_transfer_syntax_is_on_it_as_it_was(tmp_path: Path, syntax: str) -> None:
    file = _file(tmp_path / "files", 1, syntax)
    medium = write_medium([file], tmp_path / "disc")
    assert (medium.number, medium.left_out) == (1, {})
    (on_disc,) = _images(tmp_path / "disc").items()
    assert on_disc[0] == syntax
    assert on_disc[1].read_bytes() == file.read_bytes()
    assert on_disc[1].relative_to(tmp_path / "disc").as_posix() == "PT000000/ST000000/SE000000/IM000000"


def test_uids_that_are_missing_are_those_by_which_the_file_is_named(tmp_path: Path) -> None:
    image = Image(f"{ROOT}.1.1.2")
    bare = image.data_set
    for tag, uid in ((0x00080018, image.uid), (0x0020000D, image.study), (0x0020000E, image.series)):
        bare = bare.replace(element(tag, b"UI", uid.encode()), element(tag, b"UI", b""))
    file = _file(tmp_path / "files", 2, EXPLICIT_LITTLE, bare)
    assert write_medium([file], tmp_path / "disc").left_out == {}
    records = pydicom.dcmread(tmp_path / "disc" / "DICOMDIR").DirectoryRecordSequence
    assert [item.StudyInstanceUID for item in records if item.DirectoryRecordType == "STUDY"] == [image.study]
    assert [item.SeriesInstanceUID for item in records if item.DirectoryRecordType == "SERIES"] == [image.series]


def test_one_that_cannot_be_described_keeps_no_other_off_the_disc(tmp_path: Path) -> None:
    good = _file(tmp_path / "files", 3, EXPLICIT_LITTLE)
    bad = _file(tmp_path / "files", 4, EXPLICIT_LITTLE, b"\x08\0\x05\0XX\xff\xff no data set")
    medium = write_medium([bad, good], tmp_path / "disc")
    assert medium.number == 1
    assert list(medium.left_out) == [bad]
    assert len(_images(tmp_path / "disc")) == 1
