"""Images that came without UIDs leave the house with those that they are found by; stored they stay as they came."""

import io
import subprocess
import zipfile
from pathlib import Path

import pydicom
import pytest
from pydicom.dataset import Dataset
from pynetdicom.sop_class import StudyRootQueryRetrieveInformationModelGet

from lightwell.standards.dicom.part10 import file_meta
from tests.conformance.catcher import asking_for, get
from tests.conftest import peer_program
from tests.journeys.images import CT, EXPLICIT_LITTLE, Image, data_set_of, element, find
from tests.region import Region, Server
from tests.sender import Sender

_UIDS = ("SOPClassUID", "SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID")


def _bare(uid: str, patient_id: str) -> bytes:
    """Return a data set whose four UIDs are empty, as some anonymisers leave them."""
    image = Image(uid, patient_id=patient_id)
    whole = image.data_set
    for tag, value in ((0x00080016, CT), (0x00080018, uid), (0x0020000D, image.study), (0x0020000E, image.series)):
        whole = whole.replace(element(tag, b"UI", value.encode()), element(tag, b"UI", b""))
    assert whole.count(b"UI\0\0") == 4
    return whole


def _kept(server: Server, region: Region, branch: int) -> tuple[Dataset, bytes]:
    """Send such an image; return what searches say of it, and its bytes."""
    uid, patient_id = f"1.2.826.0.1.3680043.9.9999.{branch}.1.1", f"BARE-{branch}"
    content = _bare(uid, patient_id)
    sender = Sender(server.dicom_port, [(CT, EXPLICIT_LITTLE)])
    assert sender.store(CT, uid, content).status == 0
    sender.release()
    (said,) = find(server, region.token_a, "/dicom-web/instances", PatientID=patient_id, includefield="all")
    return Dataset.from_json(said), content


def _is_complete(data_set: bytes, said: Dataset, content: bytes) -> bool:
    image = pydicom.dcmread(io.BytesIO(file_meta(CT, said.SOPInstanceUID, EXPLICIT_LITTLE) + data_set))
    assert [image[name].value for name in _UIDS] == [said[name].value for name in _UIDS]
    for name in _UIDS:
        image[name].value = ""
    again = io.BytesIO()
    pydicom.dcmwrite(again, image, enforce_file_format=True)
    return data_set_of(again.getvalue()) == content


@pytest.mark.peer
def test_getscu_takes_it(server: Server, region: Region, tmp_path: Path) -> None:
    said, _ = _kept(server, region, 7801)
    head = [peer_program("getscu"), "-S", "-aet", "CT_A", "-aec", "LIGHTWELL", "-od", str(tmp_path)]
    keys = ["-k", "0008,0052=STUDY", "-k", f"0020,000d={said.StudyInstanceUID}"]
    subprocess.run([*head, *keys, "127.0.0.1", str(server.dicom_port)], check=True, capture_output=True, timeout=60)
    (file,) = tmp_path.iterdir()
    assert pydicom.dcmread(file).StudyInstanceUID == said.StudyInstanceUID


def test_by_every_way_it_has_its_uids_and_nothing_else_is_changed(server: Server, region: Region) -> None:
    said, content = _kept(server, region, 7802)
    keys = asking_for("STUDY", StudyInstanceUID=said.StudyInstanceUID)
    got, _ = get(server, keys, StudyRootQueryRetrieveInformationModelGet)
    assert _is_complete(got[said.SOPInstanceUID], said, content)
    place = f"/dicom-web/studies/{said.StudyInstanceUID}"
    one = f"{place}/series/{said.SeriesInstanceUID}/instances/{said.SOPInstanceUID}"
    for syntax in ("*", EXPLICIT_LITTLE, "1.2.840.10008.1.2.1"):
        answer = server.get(one, region.token_a, Accept=f'application/dicom; transfer-syntax="{syntax}"')
        assert answer.status_code == 200
        assert _is_complete(data_set_of(answer.content), said, content)
    packed = zipfile.ZipFile(io.BytesIO(server.get(place, region.token_a, Accept="application/zip").content))
    assert _is_complete(data_set_of(packed.read(packed.namelist()[0])), said, content)


def test_written_anew_it_has_them_too(server: Server, region: Region) -> None:
    said, _ = _kept(server, region, 7803)
    one = f"/dicom-web/studies/{said.StudyInstanceUID}/series/{said.SeriesInstanceUID}/instances/{said.SOPInstanceUID}"
    for syntax in ("1.2.840.10008.1.2", "1.2.840.10008.1.2.4.80"):
        answer = server.get(one, region.token_a, Accept=f'application/dicom; transfer-syntax="{syntax}"')
        image = pydicom.dcmread(io.BytesIO(answer.content))
        assert image.file_meta.TransferSyntaxUID == syntax
        assert [image[name].value for name in _UIDS] == [said[name].value for name in _UIDS]


def test_a_disc_of_it_has_a_directory(server: Server, region: Region, tmp_path: Path) -> None:
    said, content = _kept(server, region, 7804)
    done = server.run("export", said.StudyInstanceUID, str(tmp_path), "--dicomdir")
    assert done.returncode == 0, done.stderr
    records = pydicom.dcmread(tmp_path / "DICOMDIR").DirectoryRecordSequence
    assert [item.StudyInstanceUID for item in records if item.DirectoryRecordType == "STUDY"] == [said.StudyInstanceUID]
    (file,) = (path for path in tmp_path.rglob("*") if path.is_file() and path.name != "DICOMDIR")
    assert _is_complete(data_set_of(file.read_bytes()), said, content)


def test_what_is_stored_stays_as_it_came(server: Server, region: Region) -> None:
    said, content = _kept(server, region, 7805)
    rows = server.query("SELECT blob FROM archive.instance WHERE sop_instance_uid = %s", str(said.SOPInstanceUID))
    (blob,) = (path for path in server.settings.data_dir.rglob(Path(rows[0][0]).name))
    assert data_set_of(blob.read_bytes()) == content
