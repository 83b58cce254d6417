"""Programs of others fetch images by C-MOVE and C-GET; what they get equals what was sent, byte for byte."""

import io
import subprocess
import zlib
from collections.abc import Generator
from pathlib import Path

import numpy as np
import pydicom
import pytest
from pydicom.dataset import Dataset
from pynetdicom import AE
from pynetdicom.sop_class import (
    CTImageStorage,
    PatientRootQueryRetrieveInformationModelGet,
    PatientRootQueryRetrieveInformationModelMove,
    StudyRootQueryRetrieveInformationModelGet,
    StudyRootQueryRetrieveInformationModelMove,
)

from bench.peers import free_port
from lightwell.standards.dicom.part10 import file_meta
from tests.conformance.catcher import TITLE, Catcher, asking_for, get, move
from tests.conftest import peer_program
from tests.journeys.images import CT, EXPLICIT_LITTLE, Image, data_set_of, images, send
from tests.region import Region, Server
from tests.sender import Sender

_DEFLATED = "1.2.840.10008.1.2.1.99"


@pytest.fixture
def catcher(server: Server, region: Region) -> Generator[Catcher]:
    """Lend a destination that the server knows."""
    made = Catcher(free_port())
    made.start()
    number = _peer(server, region)
    told = server.run("peer", "address", str(number), "127.0.0.1", str(made.port))
    assert told.returncode == 0, told.stderr
    yield made
    made.stop()
    server.query("DELETE FROM archive.peer WHERE calling_ae = %s", TITLE)


def _peer(server: Server, region: Region) -> int:
    rows = server.query("SELECT id FROM archive.peer WHERE calling_ae = %s", TITLE)
    if not rows:
        rows = server.query(
            "INSERT INTO archive.peer (organisation_id, label, called_ae, calling_ae)"
            " VALUES (%s, 'catcher', 'LIGHTWELL', %s) RETURNING id",
            region.a,
            TITLE,
        )
    return int(rows[0][0])


def _kept(server: Server, number: int, branch: int) -> list[Image]:
    wanted = images(number, branch, patient_id=f"P{branch}")
    assert set(send(server, *wanted)) == {0}
    return wanted


@pytest.mark.peer
def test_movescu_has_a_study_sent_to_a_third(server: Server, catcher: Catcher) -> None:
    wanted = _kept(server, 5, 7601)
    program = peer_program("movescu")
    head = [program, "-S", "-aet", "CT_A", "-aec", "LIGHTWELL", "-aem", TITLE, "-k", "0008,0052=STUDY"]
    command = [*head, "-k", f"0020,000d={wanted[0].study}", "127.0.0.1", str(server.dicom_port)]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    assert catcher.got == {image.uid: image.data_set for image in wanted}
    assert {title for title, _ in catcher.originators} == {"CT_A"}


@pytest.mark.peer
def test_getscu_fetches_a_study(server: Server, tmp_path: Path) -> None:
    wanted = _kept(server, 5, 7602)
    program = peer_program("/usr/bin/getscu")
    head = [program, "-S", "-aet", "CT_A", "-aec", "LIGHTWELL", "-od", str(tmp_path), "-k", "0008,0052=STUDY"]
    command = [*head, "-k", f"0020,000d={wanted[0].study}", "+B", "127.0.0.1", str(server.dicom_port)]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    got = {pydicom.dcmread(path).SOPInstanceUID: data_set_of(path.read_bytes()) for path in tmp_path.iterdir()}
    assert got == {image.uid: image.data_set for image in wanted}


@pytest.mark.parametrize("level", ["PATIENT", "STUDY", "SERIES", "IMAGE"])
def test_pynetdicom_gets_images_at_every_level(server: Server, level: str) -> None:
    branch = 7610 + len(level)
    wanted = _kept(server, 3, branch)
    wanted = [image for image in wanted if level != "IMAGE" or image is wanted[1]]
    image = wanted[0]
    keys = {"STUDY": {"StudyInstanceUID": image.study}}
    keys["SERIES"] = keys["STUDY"] | {"SeriesInstanceUID": image.series}
    keys["IMAGE"] = keys["SERIES"] | {"SOPInstanceUID": image.uid}
    keys["PATIENT"] = {"PatientID": image.patient_id}
    is_of_patient = level == "PATIENT"
    root = PatientRootQueryRetrieveInformationModelGet if is_of_patient else StudyRootQueryRetrieveInformationModelGet
    got, answers = get(server, asking_for(level, **keys[level]), root)
    assert answers[-1][0].Status == 0
    assert answers[-1][0].NumberOfCompletedSuboperations == len(got)
    assert got.items() >= {image.uid: image.data_set for image in wanted}.items()


def test_a_deflated_image_is_handed_over_as_it_is(server: Server) -> None:
    (image,) = images(1, 7670)
    deflater = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    content = deflater.compress(image.data_set) + deflater.flush()
    content += bytes(len(content) % 2)
    sender = Sender(server.dicom_port, [(CT, _DEFLATED)])
    assert sender.store(CT, image.uid, content, _DEFLATED).status == 0
    sender.release()
    keys = asking_for("STUDY", StudyInstanceUID=image.study)
    got, _ = get(server, keys, StudyRootQueryRetrieveInformationModelGet, _DEFLATED)
    assert got == {image.uid: content}


def test_a_destination_that_dies_in_the_middle_is_counted_right(server: Server, catcher: Catcher) -> None:
    wanted = _kept(server, 6, 7603)
    catcher.dies_after = 2
    answers = move(server, asking_for("STUDY", StudyInstanceUID=wanted[0].study))
    status, failed = answers[-1]
    assert status.Status == 0xB000
    assert (status.NumberOfCompletedSuboperations, status.NumberOfFailedSuboperations) == (2, 4)
    assert set(failed.FailedSOPInstanceUIDList) == {image.uid for image in wanted} - catcher.got.keys()
    catcher.start()


def test_a_destination_that_refuses_is_told(server: Server, catcher: Catcher) -> None:
    wanted = _kept(server, 3, 7604)
    catcher.status = 0xA700
    status, failed = move(server, asking_for("STUDY", StudyInstanceUID=wanted[0].study))[-1]
    assert status.Status == 0xA702
    assert set(failed.FailedSOPInstanceUIDList) == {image.uid for image in wanted}


@pytest.mark.parametrize(
    ("keys", "to", "expected", "comment"),
    [
        (asking_for("STUDY", StudyInstanceUID="1.2.3"), "NOBODY", 0xA801, "has no address"),
        (asking_for("STUDY"), TITLE, 0xA900, "expected the unique key (0020,000D)"),
        (
            asking_for("WARD", StudyInstanceUID="1.2.3"),
            TITLE,
            0xA900,
            "expected Query/Retrieve Level STUDY, SERIES, IMAGE",
        ),
        (asking_for("PATIENT", PatientID="P1"), TITLE, 0xA900, "expected Query/Retrieve Level STUDY, SERIES, IMAGE"),
        (asking_for("SERIES", SeriesInstanceUID="1.2.3"), TITLE, 0xA900, "expected the unique key (0020,000D)"),
        (asking_for("STUDY", StudyInstanceUID="1.2.3"), TITLE, 0x0000, ""),
    ],
    ids=["no destination", "no key", "no such level", "not in this model", "no parent", "nothing found"],
)
def test_a_move_that_cannot_be_is_answered(
    server: Server, catcher: Catcher, keys: Dataset, to: str, expected: int, comment: str
) -> None:
    status = move(server, keys, to=to)[-1][0]
    assert status.Status == expected
    assert comment in status.get("ErrorComment", "")
    assert ("OffendingElement" in status) == (expected == 0xA900)
    assert not catcher.got


@pytest.mark.parametrize("level", ["STUDY", "SERIES", "IMAGE"])
def test_images_of_a_patient_that_was_not_meant_stay_here(server: Server, catcher: Catcher, level: str) -> None:
    wanted = _kept(server, 2, 7650 + len(level))
    image = wanted[0]
    uids = {"StudyInstanceUID": image.study, "SeriesInstanceUID": image.series, "SOPInstanceUID": image.uid}
    model = PatientRootQueryRetrieveInformationModelMove
    mistaken = move(server, asking_for(level, PatientID="P9999", **uids), model=model)[-1][0]
    assert (mistaken.Status, mistaken.NumberOfCompletedSuboperations) == (0, 0)
    assert not catcher.got
    of_another_house = asking_for(level, PatientID=image.patient_id, IssuerOfPatientID="ELSEWHERE", **uids)
    assert move(server, of_another_house, model=model)[-1][0].NumberOfCompletedSuboperations == 0
    meant = move(server, asking_for(level, PatientID=image.patient_id, **uids), model=model)[-1][0]
    assert meant.NumberOfCompletedSuboperations == (1 if level == "IMAGE" else 2)


def test_all_studies_of_a_patient_are_moved_and_only_of_that_issuer(server: Server, catcher: Catcher) -> None:
    mine, others = _kept(server, 2, 7660), _kept(server, 1, 7661)
    assert mine[0].patient_id != others[0].patient_id
    same_id = images(1, 7662, patient_id="P7660", further=((0x00100021, b"LO", b"ELSEWHERE"),))
    assert send(server, *same_id) == [0]
    model = PatientRootQueryRetrieveInformationModelMove
    move(server, asking_for("PATIENT", PatientID="P7660", IssuerOfPatientID="ELSEWHERE"), model=model)
    assert catcher.got.keys() == {same_id[0].uid}
    move(server, asking_for("PATIENT", PatientID="P7660"), model=model)
    assert catcher.got.keys() == {image.uid for image in (*mine, *same_id)}


def test_a_patient_cannot_be_fetched_by_the_study_root(server: Server) -> None:
    got, answers = get(server, asking_for("PATIENT", PatientID="P7610"), StudyRootQueryRetrieveInformationModelGet)
    assert (got, answers[-1][0].Status) == ({}, 0xA900)


def test_another_hospital_moves_nothing(server: Server, catcher: Catcher) -> None:
    wanted = _kept(server, 2, 7605)
    keys = asking_for("STUDY", StudyInstanceUID=wanted[0].study)
    assert move(server, keys, calling="CT_B")[-1][0].Status == 0xA801, "the destination is hospital A's"
    assert not catcher.got


def test_an_identifier_that_is_none_is_refused(server: Server) -> None:
    ae = AE("CT_A")
    ae.add_requested_context(StudyRootQueryRetrieveInformationModelMove, "1.2.840.10008.1.2")
    association = ae.associate("127.0.0.1", server.dicom_port, ae_title="LIGHTWELL")
    broken = asking_for("STUDY" * 3, StudyInstanceUID="1.2.3")
    answers = list(association.send_c_move(broken, TITLE, StudyRootQueryRetrieveInformationModelMove))
    assert answers[-1][0].Status == 0xA900
    association.release()


def test_an_operator_sends_echoes_and_exports(server: Server, catcher: Catcher, tmp_path: Path) -> None:
    wanted = _kept(server, 4, 7606)
    echoed = server.run("peer", "echo", TITLE)
    assert echoed.returncode == 0, echoed.stderr
    assert "answers after" in echoed.stdout
    sent = server.run("send", wanted[0].study, TITLE)
    assert sent.returncode == 0, sent.stderr
    assert catcher.got == {image.uid: image.data_set for image in wanted}
    exported = server.run("export", wanted[0].study, str(tmp_path / "plain"))
    assert exported.returncode == 0, exported.stderr
    files = list((tmp_path / "plain").rglob("*.dcm"))
    assert {data_set_of(file.read_bytes()) for file in files} == {image.data_set for image in wanted}
    disc = server.run("export", wanted[0].study, str(tmp_path / "disc"), "--dicomdir")
    assert disc.returncode == 0, disc.stderr
    directory = pydicom.dcmread(tmp_path / "disc" / "DICOMDIR")
    discs = [file for file in (tmp_path / "disc").rglob("*") if file.is_file() and file.name != "DICOMDIR"]
    assert {data_set_of(file.read_bytes()) for file in discs} == {image.data_set for image in wanted}
    assert [item.DirectoryRecordType for item in directory.DirectoryRecordSequence].count("IMAGE") == len(wanted)


@pytest.mark.parametrize("syntax", ["JPEGLSLossless", "JPEGProcess14SV1", "JPEG2000LosslessOnly", "RLELossless"])
@pytest.mark.parametrize("service", ["C-MOVE", "C-GET"])
def test_a_peer_that_takes_uncompressed_only_gets_the_same_pixels(
    server: Server, catcher: Catcher, shared_data: Path, syntax: str, service: str
) -> None:
    original = pydicom.dcmread(_ct_image(shared_data, syntax))
    original.StudyInstanceUID = f"{original.StudyInstanceUID}.{len(syntax)}.{len(service)}"
    original.SOPInstanceUID = original.file_meta.MediaStorageSOPInstanceUID = f"{original.StudyInstanceUID}.1"
    _send_compressed(server, original)
    keys = asking_for("STUDY", StudyInstanceUID=original.StudyInstanceUID)
    if service == "C-MOVE":
        assert move(server, keys)[-1][0].Status == 0
        got = catcher.got
    else:
        got, _ = get(server, keys, StudyRootQueryRetrieveInformationModelGet)
    meta = file_meta(CT, original.SOPInstanceUID, EXPLICIT_LITTLE)
    image = pydicom.dcmread(io.BytesIO(meta + got[original.SOPInstanceUID]))
    known = pydicom.dcmread(_ct_image(shared_data, "RLELossless"))
    assert np.array_equal(image.pixel_array, known.pixel_array)
    assert image.PhotometricInterpretation == original.PhotometricInterpretation


def _ct_image(shared_data: Path, syntax: str) -> Path:
    """Return the file that holds the one CT slice which is there in every syntax."""
    return next((shared_data / "dicom" / "syntaxes").glob(f"CTImage.dcm_{syntax}TransferSyntax_*"))


def _send_compressed(server: Server, image: Dataset) -> None:
    ae = AE("CT_A")
    ae.add_requested_context(CTImageStorage, image.file_meta.TransferSyntaxUID)
    association = ae.associate("127.0.0.1", server.dicom_port, ae_title="LIGHTWELL")
    assert association.send_c_store(image).Status == 0
    association.release()
