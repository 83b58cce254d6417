"""Programs of others send all images at hand; what is kept equals what went over the wire, byte for byte."""

import json
import os
import socket
import subprocess
from collections import defaultdict
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx
import pydicom
import pytest
from pydicom.errors import InvalidDicomError
from pydicom.uid import AllTransferSyntaxes, MediaStorageDirectoryStorage
from pynetdicom import AE
from pynetdicom.presentation import build_context

from tests.conformance.wiretap import Sent, wiretap
from tests.conftest import peer_program
from tests.journeys.images import data_set_of, find, values
from tests.region import Region, Server, running_server, wait_for
from tests.sender import Sender

_QUICK = {**os.environ, "TCP_NODELAY": "1"}
_UNCOMPRESSED = {"1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2"}
_EXPLICIT_LITTLE = "1.2.840.10008.1.2.1"
_CANNOT_UNDERSTAND = 0xC000


@pytest.fixture
def node() -> Generator[tuple[Server, Region]]:
    """A server of its own, since senders write the same image differently."""
    with running_server() as pair:
        yield pair


def _head(path: Path) -> pydicom.Dataset | None:
    try:
        return pydicom.dcmread(path, stop_before_pixels=True)
    except (InvalidDicomError, OSError, ValueError, KeyError, AttributeError, NotImplementedError):
        return None


def _is_sendable(path: Path) -> bool:
    """Tell whether a file says what it is, as a C-STORE command must: by its meta header and its data set alike."""
    head = _head(path)
    if head is None or not hasattr(head, "file_meta"):
        return False
    meta = head.file_meta
    pairs = (("SOPInstanceUID", "MediaStorageSOPInstanceUID"), ("SOPClassUID", "MediaStorageSOPClassUID"))
    is_named = all(head.get(name) and head.get(name) == meta.get(in_meta) for name, in_meta in pairs)
    is_image = meta.get("MediaStorageSOPClassUID") != MediaStorageDirectoryStorage
    return bool(is_named and is_image and meta.get("TransferSyntaxUID"))


def _syntax(path: Path) -> str:
    head = _head(path)
    return str(head.file_meta.TransferSyntaxUID) if head else ""


@pytest.fixture(scope="session")
def files(shared_data: Path) -> list[Path]:
    """All images at hand that can be sent."""
    folders = [shared_data / "dicom", shared_data / "ct-abdomen" / "dicom"]
    everything = [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]
    found = [path for path in everything if _is_sendable(path)]
    assert len(found) > 50
    return found


def _kept(server: Server) -> dict[str, list[bytes]]:
    """Return the data sets in the archive's files, by SOP Instance UID, whatever the index says."""
    found: dict[str, list[bytes]] = defaultdict(list)
    for path in (server.settings.data_dir / "objects").rglob("*.dcm"):
        meta = pydicom.filereader.read_file_meta_info(path)
        found[str(meta.MediaStorageSOPInstanceUID)].append(data_set_of(path.read_bytes()))
    return found


def _instances(server: Server, token: str) -> set[str]:
    found: set[str] = set()
    for study in values(find(server, token, limit="5000"), "0020000D"):
        for series in values(find(server, token, f"/dicom-web/studies/{study}/series"), "0020000E"):
            path = f"/dicom-web/studies/{study}/series/{series}/instances"
            found |= set(values(find(server, token, path), "00080018"))
    return found


def _require_all_kept(server: Server, region: Region, sent: Sequence[Sent], least: int) -> None:
    """Check that every data set sent with success is there once, unchanged, and found."""
    by_uid: dict[str, set[bytes]] = defaultdict(set)
    for item in sent:
        if item.status == 0:
            by_uid[item.sop_instance_uid].add(item.data_set)
    assert len(by_uid) >= least
    assert _instances(server, region.token_a) == by_uid.keys()
    kept = _kept(server)
    assert kept.keys() == by_uid.keys()
    for uid, data_sets in by_uid.items():
        assert sorted(kept[uid]) == sorted(data_sets), f"{uid} is not as it was sent"


@pytest.mark.peer
def test_dcmtk_hears_an_echo(server: Server) -> None:
    command = [peer_program("echoscu"), "-aet", "CT_A", "-aec", "LIGHTWELL", "127.0.0.1", str(server.dicom_port)]
    subprocess.run(command, check=True, capture_output=True, timeout=60)


@pytest.mark.peer
def test_everything_that_dcmsend_sends_is_kept_as_it_was_sent(node: tuple[Server, Region], files: list[Path]) -> None:
    server, region = node
    program = peer_program("dcmsend")
    with wiretap(server.dicom_port) as tap:
        head = [program, "-aet", "CT_A", "-aec", "LIGHTWELL", "--no-halt", "127.0.0.1", str(tap.port)]
        subprocess.run([*head, *map(str, files)], env=_QUICK, check=False, capture_output=True, timeout=300)
        sent = tap.sent()
    _require_all_kept(server, region, sent, least=50)


@pytest.mark.peer
def test_everything_that_storescu_sends_is_kept_as_it_was_sent(node: tuple[Server, Region], files: list[Path]) -> None:
    server, region = node
    program = peer_program("storescu")
    plain = [path for path in files if _syntax(path) in _UNCOMPRESSED]
    with wiretap(server.dicom_port) as tap:
        head = [program, "-aet", "CT_A", "-aec", "LIGHTWELL", "--no-halt", "127.0.0.1", str(tap.port)]
        subprocess.run([*head, *map(str, plain)], env=_QUICK, check=False, capture_output=True, timeout=300)
        sent = tap.sent()
    _require_all_kept(server, region, sent, least=20)


@pytest.mark.peer
def test_everything_that_gdcmscu_sends_is_kept_as_it_was_sent(node: tuple[Server, Region], files: list[Path]) -> None:
    server, region = node
    program = peer_program("gdcmscu")
    with wiretap(server.dicom_port) as tap:
        head = [program, "--store", "--aetitle", "CT_A", "--call", "LIGHTWELL", "127.0.0.1", str(tap.port)]
        for path in files:
            subprocess.run([*head, str(path)], env=_QUICK, check=False, capture_output=True, timeout=60)
        sent = tap.sent()
    _require_all_kept(server, region, sent, least=20)


def test_everything_that_pynetdicom_sends_is_kept_as_it_was_sent(
    node: tuple[Server, Region], files: list[Path]
) -> None:
    server, region = node
    with wiretap(server.dicom_port) as tap:
        for path in files:
            _send_by_pynetdicom(path, tap.port)
        sent = tap.sent()
    _require_all_kept(server, region, sent, least=50)


def _send_by_pynetdicom(path: Path, port: int) -> None:
    data_set = pydicom.dcmread(path)
    if "SOPClassUID" not in data_set or data_set.file_meta.TransferSyntaxUID not in AllTransferSyntaxes:
        return  # pydicom cannot read it whole
    entity = AE(ae_title="CT_A")
    context = build_context(data_set.SOPClassUID, data_set.file_meta.TransferSyntaxUID)
    association = entity.associate("127.0.0.1", port, contexts=[context], ae_title="LIGHTWELL")
    assert association.is_established
    try:
        association.send_c_store(data_set)
    except (ValueError, AttributeError):
        return  # pynetdicom cannot write it again
    finally:
        association.release()


@contextmanager
def _orthanc(folder: Path, port: int) -> Generator[str]:
    """Run Orthanc with an index of its own and lend the address of its REST API."""
    web, dicom = _free_port(), _free_port()
    configuration = {
        "StorageDirectory": str(folder / "orthanc"),
        "IndexDirectory": str(folder / "orthanc"),
        "HttpPort": web,
        "DicomPort": dicom,
        "DicomAet": "CT_A",
        "AuthenticationEnabled": False,
        "RemoteAccessAllowed": False,
        "OverwriteInstances": True,
        "DicomModalities": {"lightwell": ["LIGHTWELL", "127.0.0.1", port]},
    }
    (folder / "orthanc.json").write_text(json.dumps(configuration))
    url = f"http://127.0.0.1:{web}"
    command = [peer_program("Orthanc"), str(folder / "orthanc.json")]
    process = subprocess.Popen(command, env=_QUICK, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        assert wait_for(lambda: _answers(url), 60)
        yield url
    finally:
        process.terminate()
        process.wait(30)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/system").status_code == 200
    except httpx.TransportError:
        return False


@pytest.mark.peer
def test_everything_that_orthanc_sends_is_kept_as_it_was_sent(
    node: tuple[Server, Region], files: list[Path], tmp_path: Path
) -> None:
    server, region = node
    peer_program("Orthanc")
    with wiretap(server.dicom_port) as tap, _orthanc(tmp_path, tap.port) as url:
        uploaded = [httpx.post(f"{url}/instances", content=path.read_bytes(), timeout=60) for path in files]
        numbers = sorted({answer.json()["ID"] for answer in uploaded if answer.status_code == 200})
        for number in numbers:
            httpx.post(f"{url}/modalities/lightwell/store", content=number, timeout=60)
        sent = tap.sent()
    _require_all_kept(server, region, sent, least=50)


def _broken(content: bytes) -> dict[str, bytes]:
    """Return broken forms of a data set in Explicit VR Little Endian that ends with its pixel data."""
    pixels = content.rindex(b"\xe0\x7f\x10\x00")
    rows, too_long = b"\x28\x00\x10\x00US\x02\x00", b"\x28\x00\x10\x00US\xff\x7f"
    return {
        "pixels cut": content[: pixels + 12 + 100],
        "half a data set": content[: pixels // 2 + 3],
        "wrong length": content[:pixels].replace(rows, too_long),
        "nothing": b"",
    }


@pytest.mark.parametrize("fault", ["pixels cut", "half a data set", "wrong length", "nothing"])
def test_a_broken_image_gets_a_clear_status_and_lies_in_quarantine(
    server: Server, region: Region, files: list[Path], fault: str
) -> None:
    path = next(path for path in files if _syntax(path) == _EXPLICIT_LITTLE and path.name.startswith("CTImage"))
    head = pydicom.dcmread(path, stop_before_pixels=True)
    broken = _broken(data_set_of(path.read_bytes()))[fault]
    sop_class, uid = str(head.SOPClassUID), str(head.SOPInstanceUID)
    before = server.query("SELECT coalesce(max(id), 0) FROM archive.quarantine")[0][0]
    sender = Sender(server.dicom_port, [(sop_class, _EXPLICIT_LITTLE)])
    response = sender.store(sop_class, uid, broken)
    sender.release()
    assert response.status == _CANNOT_UNDERSTAND
    assert response.error_comment
    find(server, region.token_a)
    rows = server.query("SELECT blob, reason, organisation_id FROM archive.quarantine WHERE id > %s", before)
    assert [row[2] for row in rows] == [region.a]
    assert rows[0][1].startswith(response.error_comment.rstrip(". …")[:60])
    assert data_set_of((server.settings.data_dir / "objects" / rows[0][0]).read_bytes()) == broken
