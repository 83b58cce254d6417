"""Did the CT reach us, and what happened? Machines of others call in every way, and the devices page can tell."""

import socket
import subprocess
from collections.abc import Generator
from contextlib import closing
from typing import Any

import httpx
import pytest
from pynetdicom import AE
from pynetdicom.sop_class import Verification

from bench.peers import free_port
from lightwell.standards.dicom.association import Association, Limits
from lightwell.standards.dicom.dimse import c_store_rq
from lightwell.standards.dicom.items import PresentationContext
from lightwell.standards.dicom.pdu import AssociateRq
from tests.conftest import peer_program
from tests.journeys.images import CT, EXPLICIT_LITTLE, find, images, send
from tests.region import Region, Server, running_server, wait_for
from tests.sender import Sender

Row = dict[str, Any]
_A_ASSOCIATE_RJ = 3
"""The type of the PDU that refuses an association (PS3.8 9.3.4)."""


@pytest.fixture(scope="module")
def house() -> Generator[tuple[Server, Region]]:
    """A server of its own: what is tested here is who called it."""
    with running_server() as pair:
        yield pair


@pytest.fixture(scope="module")
def server(house: tuple[Server, Region]) -> Server:
    """The running server."""
    return house[0]


@pytest.fixture(scope="module")
def region(house: tuple[Server, Region]) -> Region:
    """Its two hospitals."""
    return house[1]


@pytest.fixture
def token_of_all(server: Server) -> str:
    """The token of an engineer of both hospitals."""
    for code in ("a", "b"):
        verb = ("create", "both", "--password", "a-long-pass-1") if code == "a" else ("join", "both")
        server.run("user", *verb, "--organisation", code, "--role", "engineer")
    return server.run("token", "create", "--user", "both").stdout.strip()


def _last(server: Server, token: str, path: str = "/api/associations", **wanted: object) -> Row:
    """Wait for an association that says so, and return the newest such."""
    found: list[Row] = []

    def is_there() -> bool:
        rows = find(server, token, path, limit="100")
        found[:] = [row for row in rows if wanted.items() <= row.items()]
        return bool(found)

    assert wait_for(is_there), find(server, token, path, limit="100")
    return found[0]


def test_images_that_came_are_counted(server: Server, region: Region) -> None:
    assert send(server, *images(3, 9001)) == [0, 0, 0]
    row = _last(server, region.token_a, outcome="released", calling_ae="CT_A")
    assert row["done"] == {"C-STORE": [3, 0, 0]}
    assert (row["organisation_id"], row["is_ours"], row["is_tls"], row["times"]) == (region.a, False, False, 1)
    assert row["began_at"] <= row["ended_at"]
    assert row["address"] == "127.0.0.1"
    of_it = find(server, region.token_a, "/api/associations", peer=str(row["peer_id"]))
    assert {item["peer_id"] for item in of_it} == {row["peer_id"]}


def test_an_image_that_was_refused_is_counted_as_such(server: Server, region: Region) -> None:
    (image,) = images(1, 9002)
    sender = Sender(server.dicom_port, [(CT, EXPLICIT_LITTLE)])
    assert sender.store(CT, image.uid + ".5", image.data_set).status != 0
    sender.release()
    row = _last(server, region.token_a, outcome="released", done={"C-STORE": [0, 0, 1]})
    assert row["calling_ae"] == "CT_A"


@pytest.mark.peer
def test_dcmtk_that_asks_whether_we_are_there_is_noted(server: Server, region: Region) -> None:
    command = [peer_program("echoscu"), "-aet", "CT_A", "-aec", "LIGHTWELL", "127.0.0.1", str(server.dicom_port)]
    assert subprocess.run(command, check=False).returncode == 0
    assert _last(server, region.token_a, done={"C-ECHO": [1, 0, 0]})["outcome"] == "released"


@pytest.mark.peer
def test_pynetdicom_that_aborts_in_the_middle_is_told_from_a_line_that_breaks(server: Server, region: Region) -> None:
    entity = AE(ae_title="CT_A")
    entity.add_requested_context(Verification)
    line = entity.associate("127.0.0.1", server.dicom_port, ae_title="LIGHTWELL")
    assert line.send_c_echo().Status == 0
    line.abort()
    row = _last(server, region.token_a, outcome="aborted_by_peer")
    assert row["done"] == {"C-ECHO": [1, 0, 0]}


def _in_the_middle(server: Server) -> socket.socket:
    """Send half an image, and return the connection."""
    (image,) = images(1, 9003)
    connection = socket.create_connection(("127.0.0.1", server.dicom_port), timeout=10)
    offers = (PresentationContext(1, CT, (EXPLICIT_LITTLE,)),)
    association = Association.requestor(AssociateRq("LIGHTWELL", "CT_A", offers), Limits())
    connection.sendall(b"".join(association.data_to_send()))
    while not association.contexts:
        association.receive_data(connection.recv(65536))
    association.send_command(1, c_store_rq(CT, image.uid), [image.data_set])
    connection.sendall(b"".join(association.data_to_send())[:-200])
    return connection


def _answer(server: Server, calling: str, called: str) -> int:
    """Ask for an association, and return the type of the PDU that answers; pynetdicom may miss one that rejects."""
    offers = (PresentationContext(1, CT, (EXPLICIT_LITTLE,)),)
    association = Association.requestor(AssociateRq(called, calling, offers), Limits())
    with socket.create_connection(("127.0.0.1", server.dicom_port), timeout=10) as connection:
        connection.sendall(b"".join(association.data_to_send()))
        return connection.recv(1)[0]


def test_a_line_that_breaks_in_the_middle_of_an_image_is_noted(server: Server, region: Region) -> None:
    with closing(_in_the_middle(server)):
        pass
    assert _last(server, region.token_a, outcome="lost")["done"] == {}


def test_a_machine_that_talks_nonsense_is_hung_up_on_and_noted(server: Server, region: Region) -> None:
    with closing(_in_the_middle(server)) as connection:
        connection.sendall(b"\x63" * 400)
        assert _last(server, region.token_a, outcome="aborted_by_us")["calling_ae"] == "CT_A"


@pytest.mark.parametrize(
    ("calling", "called", "rejection", "owners"),
    [("CT_NEW", "LIGHTWELL", "1/1/3", 0), ("CT_A", "SOMEBODY_ELSE", "1/1/7", 1)],
    ids=["nobody's", "by title"],
)
@pytest.mark.hazard("H-12")
def test_strangers_who_knock_are_seen_by_the_engineer(
    server: Server, token_of_all: str, calling: str, called: str, rejection: str, owners: int
) -> None:
    assert [_answer(server, calling, called) for _ in range(3)] == [_A_ASSOCIATE_RJ] * 3
    row = _last(server, token_of_all, "/api/associations/strangers", calling_ae=calling, called_ae=called, times=3)
    assert (row["outcome"], row["rejection"], row["peer_id"]) == ("rejected", rejection, None)
    assert (row["organisation_id"] is not None) == bool(owners)


@pytest.mark.hazard("H-04")
def test_a_hospital_sees_no_association_of_another(server: Server, region: Region, token_of_all: str) -> None:
    assert send(server, *images(1, 9004), calling="CT_B") == [0]
    row = _last(server, region.token_b, calling_ae="CT_B")
    assert {item["organisation_id"] for item in find(server, region.token_b, "/api/associations")} == {region.b}
    assert {item["organisation_id"] for item in find(server, region.token_a, "/api/associations")} == {region.a}
    assert find(server, region.token_a, "/api/associations", peer=str(row["peer_id"])) == []
    both = {item["organisation_id"] for item in find(server, token_of_all, "/api/associations")}
    assert both == {region.a, region.b}


@pytest.mark.hazard("H-04")
def test_a_stranger_that_may_be_anybodys_is_shown_to_those_only_who_see_all(
    server: Server, region: Region, token_of_all: str
) -> None:
    with pytest.raises(ConnectionRefusedError):
        Sender(server.dicom_port, [(CT, EXPLICIT_LITTLE)], calling="WHOSE")
    path = "/api/associations/strangers"
    assert _last(server, token_of_all, path, calling_ae="WHOSE")["organisation_id"] is None
    for token in (region.token_a, region.token_b):
        assert "WHOSE" not in {row["calling_ae"] for row in find(server, token, path)}
    nobody = server.query("SELECT count(*) FROM archive.association WHERE calling_ae = 'WHOSE'")
    assert nobody == [(1,)]


def test_readers_see_when_a_machine_was_here_but_no_strangers(server: Server) -> None:
    server.run("user", "create", "reads", "--organisation", "a", "--role", "reader", "--password", "a-long-pass-2")
    token = server.run("token", "create", "--user", "reads").stdout.strip()
    assert server.get("/api/associations", token).status_code == 200
    assert server.get("/api/associations/strangers", token).status_code == 403


def test_what_we_call_is_noted_too(server: Server, region: Region) -> None:
    headers = {"Authorization": f"Bearer {region.token_a}", "X-Lightwell": "1"}
    ports = {"ITSELF": server.dicom_port, "NOBODY_THERE": free_port()}
    for title, port in ports.items():
        body = {"organisation_id": region.a, "label": title, "calling_ae": title}
        address = {"host": "127.0.0.1", "port": port}
        added = _post(server, "/api/peers", headers, {**body, "address": address})
        _post(server, f"/api/peers/{added['id']}/echo", headers, None)
    refused = _last(server, region.token_a, is_ours=True, called_ae="ITSELF")
    assert (refused["outcome"], refused["rejection"]) == ("rejected", "1/1/7")
    assert _last(server, region.token_a, is_ours=True, called_ae="NOBODY_THERE")["outcome"] == "unreachable"


def _post(server: Server, path: str, headers: dict[str, str], body: object) -> Row:
    answer = httpx.post(server.url + path, headers=headers, json=body, timeout=60)
    assert answer.is_success, answer.text
    return dict(answer.json())


def test_the_last_associations_are_written_when_the_server_ends(server: Server) -> None:
    assert send(server, *images(1, 9005)) == [0]
    sender = Sender(server.dicom_port, [(CT, EXPLICIT_LITTLE)])
    count = "SELECT count(*) FROM archive.association WHERE calling_ae = 'CT_A' AND outcome = %s"
    before = server.query(count, "aborted_by_us")[0][0]
    server.stop()
    sender.close()
    server.start()
    assert server.query(count, "aborted_by_us")[0][0] == before + 1
