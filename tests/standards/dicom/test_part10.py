"""The head of a file: ours is read by a peer, theirs by us."""

# pyright: basic
# The peers that we test against are not typed.

import contextlib
import io
import mmap
from pathlib import Path

import pydicom
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.dataset import Dataset
from pydicom.filereader import read_file_meta_info

from lightwell.standards.dicom import uids
from lightwell.standards.dicom.errors import DataSetError
from lightwell.standards.dicom.part10 import file_meta, guess_bare_data_set, read_file_meta
from tests.standards.dicom.images import element, files, implicit
from tests.standards.dicom.speech import CT, EXPLICIT, STEADY


def test_a_peer_reads_our_head() -> None:
    head = file_meta(CT, "1.2.3.4", EXPLICIT, "CT1", "CT1", "ARCHIVE")
    theirs = pydicom.dcmread(io.BytesIO(head + element(0x0010_0020, b"LO", b"P1"))).file_meta
    assert theirs.MediaStorageSOPInstanceUID == "1.2.3.4"
    assert theirs.TransferSyntaxUID == EXPLICIT
    assert theirs.FileMetaInformationGroupLength == len(head) - 144
    assert theirs.ReceivingApplicationEntityTitle == "ARCHIVE"
    assert theirs.ImplementationClassUID == uids.IMPLEMENTATION_CLASS_UID


def test_we_read_our_head(tmp_path: Path) -> None:
    head = file_meta(CT, "1.2.3.4", EXPLICIT, "CT1", "CT1", "ARCHIVE")
    meta = read_file_meta(head)
    assert meta.data_set_offset == len(head)
    assert (meta.sop_class_uid, meta.sop_instance_uid, meta.transfer_syntax_uid) == (CT, "1.2.3.4", EXPLICIT)
    assert (meta.source_ae, meta.sending_ae, meta.receiving_ae) == ("CT1", "CT1", "ARCHIVE")
    path = tmp_path / "a.dcm"
    path.write_bytes(head)
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        assert read_file_meta(content) == meta
    assert read_file_meta(memoryview(head)) == meta


def test_all_files_are_read_as_a_peer_reads_them() -> None:
    for path in files():
        content = path.read_bytes()
        theirs = read_file_meta_info(path)
        if not theirs.get("TransferSyntaxUID"):
            with pytest.raises(DataSetError, match="Transfer Syntax"):
                read_file_meta(content)
            continue
        ours = read_file_meta(content)
        assert ours.transfer_syntax_uid == theirs.TransferSyntaxUID
        assert ours.sop_instance_uid == theirs.get("MediaStorageSOPInstanceUID", "")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty"),
        (b"GIF89a" + bytes(200), "GIF89a"),
        (element(0x0008_0005, b"CS", b"ISO_IR 6"), "bare data set"),
        (bytes(128) + b"DICM", "Transfer Syntax"),
        (file_meta(CT, "1.2", EXPLICIT)[:200], "bytes"),
        (bytes(128) + b"DICM" + b"\2\0\0\0\4\0\0\0aaaa", "VR"),
    ],
)
def test_what_is_wrong_is_said(content: bytes, why: str) -> None:
    with pytest.raises(DataSetError, match=why):
        read_file_meta(content)


@STEADY
@given(st.binary(max_size=120))
def test_garbage_is_read_or_refused(data: bytes) -> None:
    with contextlib.suppress(DataSetError):
        read_file_meta(data)
    with contextlib.suppress(DataSetError):
        read_file_meta(bytes(128) + b"DICM" + b"\2\0" + data)


@pytest.mark.parametrize(
    ("syntax", "is_implicit", "is_little"),
    [
        (uids.ImplicitVRLittleEndian, True, True),
        (uids.ExplicitVRLittleEndian, False, True),
        (uids.ExplicitVRBigEndian, False, False),
    ],
)
def test_bare_data_sets_are_guessed(syntax: str, is_implicit: bool, is_little: bool) -> None:  # noqa: FBT001
    data_set = Dataset()
    data_set.SOPClassUID = CT
    data_set.PatientID = "1"
    buffer = io.BytesIO()
    pydicom.dcmwrite(buffer, data_set, implicit_vr=is_implicit, little_endian=is_little)
    assert guess_bare_data_set(buffer.getvalue()) == syntax


def test_other_bytes_are_not_guessed() -> None:
    assert guess_bare_data_set(b"") is None
    assert guess_bare_data_set(b"\x89PNG\r\n\x1a\n....") is None
    assert guess_bare_data_set(implicit(0x0008_0005, b"", 4000)) is None
