"""Destinations that die, stall or talk nonsense in the middle: the asker is told how far it came, and nobody hangs."""

import subprocess
import time
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from pydicom.dataset import Dataset
from pynetdicom import AE
from pynetdicom.association import Association
from pynetdicom.sop_class import StudyRootQueryRetrieveInformationModelMove

from bench.peers import free_port
from tests.conformance.rude import MANNERS, rude
from tests.conformance.test_commitment import Modality
from tests.conftest import peer_program
from tests.journeys.images import CT, images, send
from tests.region import Region, Server, running_server, wait_for

_TITLE = "RUDE"
_PATIENCE_S = 2


@pytest.fixture(scope="module")
def node() -> Generator[tuple[Server, Region]]:
    """A server that waits for nobody long."""
    with running_server(dicom_artim_s=_PATIENCE_S, dicom_response_s=_PATIENCE_S, study_quiet_s=1) as pair:
        yield pair


def _lives_at(node: tuple[Server, Region], port: int, title: str = _TITLE) -> None:
    server, region = node
    server.query("DELETE FROM archive.peer WHERE calling_ae = %s", title)
    server.query(
        "INSERT INTO archive.peer (organisation_id, label, called_ae, calling_ae, host, port)"
        " VALUES (%s, 'rude', 'LIGHTWELL', %s, '127.0.0.1', %s)",
        region.a,
        title,
        port,
    )


def _kept(server: Server, number: int, branch: int, kilobytes: int = 600) -> tuple[str, set[str]]:
    wanted = images(number, branch, pixels=bytes(kilobytes << 10))
    assert set(send(server, *wanted)) == {0}
    return wanted[0].study, {image.uid for image in wanted}


def _ask(server: Server, study: str) -> tuple[Association, Any]:
    ae = AE("CT_A")
    ae.add_requested_context(StudyRootQueryRetrieveInformationModelMove)
    ae.dimse_timeout = 60
    association = ae.associate("127.0.0.1", server.dicom_port, ae_title="LIGHTWELL")
    assert association.is_established
    keys = Dataset()
    keys.QueryRetrieveLevel, keys.StudyInstanceUID = "STUDY", study
    return association, association.send_c_move(keys, _TITLE, StudyRootQueryRetrieveInformationModelMove)


def _move(server: Server, study: str) -> tuple[Dataset, set[str]]:
    """Return the last answer and what it says has failed; the association must be there still."""
    association, answers = _ask(server, study)
    status, failed = list(answers)[-1]
    assert association.is_established
    association.release()
    return status, set(failed.get("FailedSOPInstanceUIDList") or []) if failed else set()


@pytest.mark.parametrize("manner", MANNERS)
def test_a_destination_that_takes_nothing_fails_all(node: tuple[Server, Region], manner: str) -> None:
    server, _ = node
    study, uids = _kept(server, 3, 7700 + MANNERS.index(manner))
    with rude(manner, 0) as peer:
        _lives_at(node, peer.port)
        began = time.monotonic()
        status, failed = _move(server, study)
    assert (status.Status, status.NumberOfFailedSuboperations) == (0xA702, 3)
    assert failed == uids
    assert time.monotonic() - began < 20


@pytest.mark.parametrize("manner", MANNERS[1:])
def test_a_destination_that_goes_wrong_in_the_middle_is_counted_right(node: tuple[Server, Region], manner: str) -> None:
    server, _ = node
    study, uids = _kept(server, 5, 7710 + MANNERS.index(manner))
    with rude(manner, 2) as peer:
        _lives_at(node, peer.port)
        status, failed = _move(server, study)
        assert peer.calls > 1, "what was not acknowledged is tried again"
    assert status.Status == 0xB000
    assert (status.NumberOfCompletedSuboperations, status.NumberOfFailedSuboperations) == (2, 3)
    assert failed == uids - set(peer.kept)


@pytest.mark.peer
def test_a_destination_that_is_killed_is_counted_right(node: tuple[Server, Region], tmp_path: Path) -> None:
    server, _ = node
    study, uids = _kept(server, 60, 7720)
    port = free_port()
    program = [peer_program("storescp"), "-od", str(tmp_path), "-aet", _TITLE, str(port)]
    # Its answers come in two writes; with Nagle's algorithm each takes 40 ms, so that it dies in the middle for sure.
    with subprocess.Popen(program) as peer:
        _lives_at(node, port)
        time.sleep(0.5)
        association, answers = _ask(server, study)
        assert wait_for(lambda: len(list(tmp_path.iterdir())) > 3)
        peer.kill()
        status, failed = list(answers)[-1]
        association.release()
    assert status.Status == 0xB000
    done = status.NumberOfCompletedSuboperations
    assert 0 < done < len(uids)
    assert done + status.NumberOfFailedSuboperations == len(uids)
    there = {path.name.split(".", 1)[1] for path in tmp_path.iterdir()}
    assert uids - set(failed.FailedSOPInstanceUIDList) <= there, "nothing counts as done that is not there"


def test_a_move_to_a_destination_that_stalls_can_be_cancelled() -> None:
    with running_server(dicom_response_s=60) as patient, rude("stall", 2) as peer:
        study, _ = _kept(patient[0], 5, 7731)
        _lives_at(patient, peer.port)
        association, answers = _ask(patient[0], study)
        assert peer.is_rude.wait(10)
        association.send_c_cancel(1, None, StudyRootQueryRetrieveInformationModelMove)
        began = time.monotonic()
        status, _ = list(answers)[-1]
        association.release()
    assert time.monotonic() - began < 10
    assert status.Status == 0xFE00
    assert (status.NumberOfCompletedSuboperations, status.NumberOfRemainingSuboperations) == (2, 3)


def test_machines_that_do_not_answer_keep_no_study_open() -> None:
    with running_server(study_quiet_s=1, workers=1, dicom_artim_s=60) as (server, _), rude("mute", 0) as peer:
        server.query("UPDATE archive.peer SET host = '127.0.0.1', port = %s WHERE calling_ae = 'CT_A'", peer.port)
        for number in range(3):
            assert Modality().ask(server, [(CT, "1.2.3.404")], transaction=f"1.2.3.{number + 1}") == 0
        assert peer.is_rude.wait(20)
        study, _ = _kept(server, 2, 7740, 10)
        closed = "SELECT 1 FROM archive.study WHERE study_instance_uid = %s AND NOT is_open"
        assert wait_for(lambda: bool(server.query(closed, study)), 30)
