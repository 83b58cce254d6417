"""Orthanc in both directions, over DIMSE and over DICOMweb: what it gets and gives is the same byte for byte."""

from collections.abc import Generator
from pathlib import Path

import httpx
import pytest

from bench import peers
from lightwell.standards.dicom.part10 import file_meta
from tests.conftest import peer_program
from tests.journeys.images import CT, EXPLICIT_LITTLE, Image, data_set_of, images, send
from tests.region import Region, Server, wait_for

_PLUGIN = Path("/usr/share/orthanc/plugins/libOrthancDicomWeb.so")


@pytest.fixture(scope="module")
def orthanc(server: Server, region: Region, tmp_path_factory: pytest.TempPathFactory) -> Generator[httpx.Client]:
    """An Orthanc that knows us, and that we know."""
    peer_program("Orthanc")
    if not _PLUGIN.exists():
        peer_program("orthanc-dicomweb")
    known = {"DicomModalities": {"lightwell": ["LIGHTWELL", "127.0.0.1", server.dicom_port]}}
    folder = tmp_path_factory.mktemp("orthanc")
    with peers.orthanc_web(folder, **known) as (running, url):
        row = server.query(
            "INSERT INTO archive.peer (organisation_id, label, called_ae, calling_ae, network)"
            " VALUES (%s, 'Orthanc', 'LIGHTWELL', 'ORTHANC', '127.0.0.0/8') RETURNING id",
            region.a,
        )
        told = server.run("peer", "address", str(row[0][0]), "127.0.0.1", str(running.port))
        assert told.returncode == 0, told.stderr
        with httpx.Client(base_url=url, timeout=60) as client:
            assert wait_for(lambda: client.post("/modalities/lightwell/echo", json={}).status_code == 200)
            yield client
        server.query("DELETE FROM archive.peer WHERE calling_ae = 'ORTHANC'")


def _file(image: Image) -> bytes:
    return file_meta(CT, image.uid, EXPLICIT_LITTLE) + image.data_set


def _in_orthanc(orthanc: httpx.Client, study: str) -> set[bytes]:
    """Return the data sets of a study that Orthanc has."""
    wanted = {"Level": "Instance", "Query": {"StudyInstanceUID": study}}
    found = orthanc.post("/tools/find", json=wanted).json()
    return {data_set_of(orthanc.get(f"/instances/{name}/file").content) for name in found}


@pytest.mark.peer
def test_orthanc_finds_and_moves_a_study(server: Server, orthanc: httpx.Client) -> None:
    wanted = images(4, 8500, patient_id="P8500")
    assert set(send(server, *wanted)) == {0}
    asked = {"Level": "Study", "Query": {"PatientID": "P8500"}}
    query = orthanc.post("/modalities/lightwell/query", json=asked).json()
    answers = orthanc.get(f"{query['Path']}/answers?expand&simplify").json()
    assert [answer["StudyInstanceUID"] for answer in answers] == [wanted[0].study]
    moved = orthanc.post(f"{query['Path']}/retrieve", content="ORTHANC")
    assert moved.status_code == 200, moved.text
    assert _in_orthanc(orthanc, wanted[0].study) == {image.data_set for image in wanted}


@pytest.mark.peer
def test_orthanc_takes_what_we_send_and_sends_it_back(server: Server, orthanc: httpx.Client) -> None:
    wanted = images(3, 8501)
    assert set(send(server, *wanted)) == {0}
    told = server.run("send", wanted[0].study, "ORTHANC")
    assert told.returncode == 0, told.stderr
    assert _in_orthanc(orthanc, wanted[0].study) == {image.data_set for image in wanted}
    found = orthanc.post("/tools/find", json={"Level": "Study", "Query": {"StudyInstanceUID": wanted[0].study}}).json()
    back = orthanc.post("/modalities/lightwell/store", json=found)
    assert back.status_code == 200, back.text
    assert back.json()["FailedInstancesCount"] == 0
    conflicts = "SELECT count(*) FROM archive.conflict WHERE sop_instance_uid = %s"
    assert server.query(conflicts, wanted[0].uid)[0][0] == 0, "the same image again"


@pytest.mark.peer
def test_orthanc_is_a_client_and_a_server_of_dicomweb(server: Server, region: Region, orthanc: httpx.Client) -> None:
    wanted = images(3, 8502)
    assert set(send(server, *wanted)) == {0}
    headers = {"Authorization": f"Bearer {region.token_a}"}
    ours = {"Url": f"{server.url}/dicom-web/", "HttpHeaders": headers, "HasDelete": False}
    assert orthanc.put("/dicom-web/servers/lightwell", json=ours).status_code == 200
    taken = orthanc.post("/dicom-web/servers/lightwell/retrieve", json={"Resources": [{"Study": wanted[0].study}]})
    assert taken.status_code == 200, taken.text
    assert _in_orthanc(orthanc, wanted[0].study) == {image.data_set for image in wanted}
    (other,) = images(1, 8503)
    sent = orthanc.post("/instances", content=_file(other))
    stowed = orthanc.post("/dicom-web/servers/lightwell/stow", json={"Resources": [sent.json()["ID"]]})
    assert stowed.status_code == 200, stowed.text
    answer = server.get(other.address, region.token_a, Accept="application/dicom")
    assert data_set_of(answer.content) == other.data_set
