"""Callers that stop reading in the middle of an answer: they are hung up on, and nothing is held for them any more."""

import socket
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydicom.dataset import Dataset
from pynetdicom.dsutils import encode

from lightwell.standards.dicom.association import Association, Limits
from lightwell.standards.dicom.dimse import HAS_DATA_SET, CFindRq, CGetRq
from lightwell.standards.dicom.items import RoleSelection, UserInformation
from lightwell.standards.dicom.negotiation import propose
from lightwell.standards.dicom.pdu import AssociateRq
from lightwell.standards.dicom.uids import (
    StudyRootQueryRetrieveInformationModelFind,
    StudyRootQueryRetrieveInformationModelGet,
)
from tests.journeys.images import CT, EXPLICIT_LITTLE, find, images, send
from tests.region import Region, Server, running_server, wait_for

_SERVICES = {
    CFindRq: StudyRootQueryRetrieveInformationModelFind,
    CGetRq: StudyRootQueryRetrieveInformationModelGet,
}
_QUESTIONS = 60  # their matches, 4 MB together, are more than the kernel keeps for a caller
_LITTLE = 4096  # bytes that a caller has room for, and that a packet holds


@pytest.fixture(scope="module")
def node() -> Generator[tuple[Server, Region]]:
    """A server that waits for nobody long."""
    with running_server(dicom_artim_s=1, dicom_idle_s=2, study_quiet_s=1) as pair:
        yield pair


@contextmanager
def _caller(server: Server) -> Generator[tuple[socket.socket, Association]]:
    """Lend an association with a machine that has little room for what it does not read."""
    offers = propose([(uid, [EXPLICIT_LITTLE]) for uid in (*_SERVICES.values(), CT)])
    roles = UserInformation(roles=(RoleSelection(CT, is_scu=False, is_scp=True),))
    association = Association.requestor(AssociateRq("LIGHTWELL", "CT_A", offers, roles), Limits())
    with socket.socket() as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _LITTLE)
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, _LITTLE)
        line.settimeout(20)
        line.connect(("127.0.0.1", server.dicom_port))
        line.sendall(b"".join(association.data_to_send()))
        while not association.contexts:
            association.receive_data(line.recv(4096))
        yield line, association


def _ask(caller: tuple[socket.socket, Association], kind: type[CFindRq | CGetRq], **keys: str) -> None:
    line, association = caller
    identifier = Dataset()
    for name, value in keys.items():
        setattr(identifier, name, value)
    content = encode(identifier, is_implicit_vr=False, is_little_endian=True)
    assert content is not None
    request = kind(message_id=1, affected_sop_class_uid=_SERVICES[kind], command_data_set_type=HAS_DATA_SET)
    association.send_command(1 + 2 * list(_SERVICES).index(kind), request, [content])
    line.sendall(b"".join(association.data_to_send()))


def _open_blobs(server: Server) -> list[str]:
    """Return the files of images that the server has open."""
    assert server.process is not None
    found: list[str] = []
    for link in Path(f"/proc/{server.process.pid}/fd").iterdir():
        with suppress(OSError):
            found.append(str(link.readlink()))
    return [path for path in found if "/objects/" in path]


def _transactions(server: Server) -> int:
    """Return how many transactions are open in the database."""
    statement = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'lw_app' AND xact_start IS NOT NULL"
    return int(server.query(statement)[0][0])


def _is_nobody_connected(server: Server) -> bool:
    return "lightwell_dicom_associations 0.0" in httpx.get(server.url + "/metrics", timeout=30).text


def _assert_let_go(node: tuple[Server, Region]) -> dict[str, list[int]]:
    """Return what is noted as done on the association that fell silent."""
    server, region = node
    assert wait_for(lambda: _is_nobody_connected(server), 20)
    assert _open_blobs(server) == []
    assert wait_for(lambda: _transactions(server) == 0)
    last: list[dict[str, Any]] = []

    def is_noted() -> bool:
        last[:] = find(server, region.token_a, "/api/associations", limit="1")
        return last[0]["outcome"] == "timed_out"

    assert wait_for(is_noted)
    return dict(last[0]["done"])


def test_a_caller_that_reads_no_image_is_hung_up_on(node: tuple[Server, Region]) -> None:
    server, _ = node
    (image,) = images(1, 8270, pixels=bytes(20 << 20))
    assert send(server, image) == [0]
    with _caller(server) as caller:
        _ask(caller, CGetRq, QueryRetrieveLevel="STUDY", StudyInstanceUID=image.study)
        assert wait_for(lambda: bool(_open_blobs(server)))
        assert _assert_let_go(node) == {}


def test_a_caller_that_reads_no_match_is_hung_up_on(node: tuple[Server, Region]) -> None:
    server, _ = node
    wanted = images(200, 8271)
    assert set(send(server, *wanted)) == {0}
    with _caller(server) as caller:
        keys = dict.fromkeys(("PatientName", "StudyDescription", "SeriesInstanceUID", "SOPInstanceUID"), "")
        keys |= {"QueryRetrieveLevel": "IMAGE", "StudyInstanceUID": wanted[0].study}
        for _ in range(_QUESTIONS):
            _ask(caller, CFindRq, **keys)
        answered, warned, failed = _assert_let_go(node).get("C-FIND", [0, 0, 0])
        assert (warned, failed) == (0, 0)
        assert answered < _QUESTIONS
