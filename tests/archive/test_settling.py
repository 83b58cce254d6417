"""What engineers settle: two images under one UID, files in quarantine, and the machines of the network."""

import asyncio
from collections.abc import Generator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from lightwell import archive
from lightwell.app.node import open_node
from lightwell.core.actors import house
from lightwell.core.auth import accounts, sessions
from tests.journeys.images import CT, EXPLICIT_LITTLE, Image, find, images, send, stored, values
from tests.region import AE, PASSWORD, Region, Server, data_directory, populate, settings
from tests.sender import Sender

_PATIENT_NAME, _PATIENT_ID = "00100010", "00100020"
_IMAGES, _STUDY = "00201208", "0020000D"


@pytest.fixture(scope="module")
def served() -> Generator[tuple[Server, Region, str]]:
    """A server, its hospitals, and the token of one who is an engineer in A but reads only in B."""
    with data_directory() as data_dir:
        configured = settings(data_dir)
        region = populate(configured)
        token = asyncio.run(_prepare(data_dir, region))
        server = Server(configured).start()
        yield server, region, token
        server.stop()


@pytest.fixture(scope="module")
def server(served: tuple[Server, Region, str]) -> Server:
    """The server of this file."""
    return served[0]


@pytest.fixture(scope="module")
def region(served: tuple[Server, Region, str]) -> Region:
    """Its hospitals."""
    return served[1]


@pytest.fixture(scope="module")
def visitor(served: tuple[Server, Region, str]) -> str:
    """The token of the engineer of A who reads in B."""
    return served[2]


async def _prepare(data_dir: Any, region: Region) -> str:
    async with (
        open_node(settings(data_dir)) as node,
        node.machines.transactions.begin(house(region.a, region.b)) as tx,
    ):
        await archive.add_peer(tx, region.a, "on trial", AE, "NEW", is_trusted=False)
        number = await accounts.create(tx, "visitor", PASSWORD)
        await accounts.join(tx, number, region.a, "engineer")
        await accounts.join(tx, number, region.b, "reader")
        account = await accounts.find(tx, "visitor")
        assert account is not None
        return await sessions.create_token(tx, account, "test")


def ask(server: Server, token: str, method: str, path: str, body: Any = None) -> httpx.Response:
    """Send a request as the holder of a token."""
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.request(method, server.url + path, headers=headers, json=body, timeout=30)


def get(server: Server, token: str, path: str) -> Any:
    """Return what an address holds."""
    answer = ask(server, token, "GET", path)
    assert answer.status_code == 200, answer.text
    return answer.json()


def conflict_of(server: Server, token: str, image: Image, *, is_open: str = "true") -> dict[str, Any]:
    """Return the one conflict of an image."""
    find(server, token)  # a search waits for the index
    rows = get(server, token, f"/api/conflicts?is_open={is_open}")
    found = [row for row in rows if row["sop_instance_uid"] == image.uid]
    assert len(found) == 1
    return found[0]


def held(server: Server, token: str, source: str) -> list[dict[str, Any]]:
    """Return what waits in quarantine of one source."""
    find(server, token)
    return [row for row in get(server, token, "/api/quarantine") if source in row["source"]]


def settle(server: Server, token: str, what: str, **decision: Any) -> httpx.Response:
    """Decide."""
    return ask(server, token, "POST", f"/api/{what}/settle", decision)


def blobs(server: Server) -> int:
    """Count the files of the archive, but for what is prepared of them: that is made whenever a study fell quiet."""
    return sum(1 for path in (server.settings.data_dir / "objects").rglob("*.*") if path.suffix != ".pack")


@pytest.mark.hazard("H-06")
def test_a_conflict_can_be_settled_for_the_image_that_stands(server: Server, region: Region) -> None:
    image, *_ = images(1, 7001)
    send(server, image, replace(image, shade=2))
    row = conflict_of(server, region.token_a, image)
    assert (row["patient_id"], row["study_instance_uid"]) == (image.patient_id, image.study)
    assert row["arrived"]["source"] == row["standing"]["source"] == "CT a (CT_A)"
    before = blobs(server)
    answer = settle(server, region.token_a, "conflicts", numbers=[row["id"]], keep="standing", note="复查")
    assert answer.status_code == 204, answer.text
    assert stored(server, region.token_a, image) == image.data_set
    settled = conflict_of(server, region.token_a, image, is_open="false")
    assert (settled["resolution"], settled["resolved_by"], settled["note"]) == ("kept", "user-a", "复查")
    assert settled["resolved_at"]
    assert blobs(server) == before


@pytest.mark.hazard("H-06")
def test_the_new_image_takes_the_place_of_the_old_one_which_is_put_aside(server: Server, region: Region) -> None:
    image, *others = images(3, 7002)
    new = replace(image, shade=2)
    send(server, image, *others, new)
    row = conflict_of(server, region.token_a, image)
    before = blobs(server)
    answer = settle(server, region.token_a, "conflicts", numbers=[row["id"]], keep="arrived")
    assert answer.status_code == 204, answer.text
    assert stored(server, region.token_a, image) == new.data_set
    assert values(find(server, region.token_a, StudyInstanceUID=image.study), _IMAGES) == [3]
    assert blobs(server) == before
    aside = server.query("SELECT blob, resolution FROM archive.conflict WHERE sop_instance_uid = %s", image.uid)
    assert len(aside) == 1
    assert aside[0][1] == "replaced"
    assert image.data_set in (server.settings.data_dir / "objects" / aside[0][0]).read_bytes()
    assert server.run("archive", "verify").returncode == 0


@pytest.mark.hazard("H-06")
def test_a_new_image_of_another_study_moves_there_and_leaves_no_empty_study(server: Server, region: Region) -> None:
    image, *_ = images(1, 7003)
    new = replace(image, study=f"{image.study}.77", series=f"{image.study}.77.1", patient_id="P7003", name=b"Right^One")
    send(server, image, new)
    row = conflict_of(server, region.token_a, image)
    sides = get(server, region.token_a, f"/api/conflicts/{row['id']}")
    assert sides["standing"]["says"]["patient_id"] == "P0001"
    assert sides["arrived"]["says"]["patient_id"] == "P7003"
    assert sides["arrived"]["says"]["study_instance_uid"] == new.study
    settle(server, region.token_a, "conflicts", numbers=[row["id"]], keep="arrived")
    assert find(server, region.token_a, StudyInstanceUID=image.study) == []
    assert values(find(server, region.token_a, PatientID="P7003"), _IMAGES) == [1]
    assert stored(server, region.token_a, new) == new.data_set


def test_a_conflict_is_settled_once(server: Server, region: Region) -> None:
    image, *_ = images(1, 7004)
    send(server, image, replace(image, shade=2))
    number = conflict_of(server, region.token_a, image)["id"]
    assert settle(server, region.token_a, "conflicts", numbers=[number], keep="standing").status_code == 204
    again = settle(server, region.token_a, "conflicts", numbers=[number], keep="arrived")
    assert again.status_code == 409
    assert "user-a" in again.json()["detail"]
    assert stored(server, region.token_a, image) == image.data_set


@pytest.mark.hazard("H-04")
def test_another_hospital_neither_sees_nor_settles(server: Server, region: Region, visitor: str) -> None:
    image, *_ = images(1, 7005)
    send(server, image, replace(image, shade=2), calling="CT_B")
    number = conflict_of(server, region.token_b, image)["id"]
    # The visitor is an engineer in A, and may see the image in B, but settles nothing there.
    for token in (region.token_a, visitor):
        assert number not in [row["id"] for row in get(server, token, "/api/conflicts")]
        assert ask(server, token, "GET", f"/api/conflicts/{number}").status_code == 404
        assert settle(server, token, "conflicts", numbers=[number], keep="arrived").status_code == 404
    assert get(server, region.token_b, "/api/unsettled")["conflicts"] == 1
    assert stored(server, region.token_b, image) == image.data_set


def test_all_is_settled_or_nothing(server: Server, region: Region) -> None:
    image, *_ = images(1, 7006)
    send(server, image, replace(image, shade=2))
    number = conflict_of(server, region.token_a, image)["id"]
    assert settle(server, region.token_a, "conflicts", numbers=[number, 999_999], keep="standing").status_code == 404
    assert conflict_of(server, region.token_a, image)["resolution"] is None


def test_images_of_a_machine_on_trial_are_accepted_as_they_are(server: Server, region: Region) -> None:
    trial = images(3, 7010, patient_id="P7010")
    send(server, *trial, calling="NEW")
    assert find(server, region.token_a, PatientID="P7010") == []
    rows = held(server, region.token_a, "on trial")
    assert len(rows) == 3
    assert get(server, region.token_a, f"/api/quarantine/{rows[0]['id']}")["says"]["patient_id"] == "P7010"
    answer = settle(server, region.token_a, "quarantine", numbers=[row["id"] for row in rows], act="accept")
    assert answer.status_code == 204, answer.text
    assert values(find(server, region.token_a, PatientID="P7010"), _IMAGES) == [3]
    assert stored(server, region.token_a, trial[0]) == trial[0].data_set
    assert held(server, region.token_a, "on trial") == []


def test_a_repair_files_an_image_under_another_patient_and_leaves_its_bytes(server: Server, region: Region) -> None:
    image, *_ = images(1, 7011, patient_id="WRONG")
    send(server, image, calling="NEW")
    (row,) = held(server, region.token_a, "on trial")
    repair = {"patient_id": "P7011", "patient_name": "Li^Donghua=李^东华", "study_instance_uid": f"{image.study}.5"}
    answer = settle(
        server, region.token_a, "quarantine", numbers=[row["id"]], act="accept", repair=repair, note="登记错"
    )
    assert answer.status_code == 204, answer.text
    (found,) = find(server, region.token_a, PatientID="P7011")
    assert found[_PATIENT_NAME]["Value"][0]["Ideographic"] == "李^东华"
    assert values([found], _STUDY) == [f"{image.study}.5"]
    assert find(server, region.token_a, PatientID="WRONG") == []
    assert stored(server, region.token_a, replace(image, study=f"{image.study}.5")) == image.data_set
    settled = next(r for r in get(server, region.token_a, "/api/quarantine?is_open=false") if r["id"] == row["id"])
    assert (settled["resolution"], settled["repair"]["patient_id"]) == ("repaired", "P7011")


@pytest.mark.parametrize(
    "repair",
    [
        {"patient_id": ""},
        {"study_instance_uid": "../x"},
        {"study_date": "2026-11-23"},
        {"patient_sex": "X"},
        {"ward": "3"},
    ],
)
def test_an_impossible_repair_changes_nothing(server: Server, region: Region, repair: dict[str, str]) -> None:
    answer = settle(server, region.token_a, "quarantine", numbers=[1], act="accept", repair=repair)
    assert answer.status_code == 400, answer.text


def test_a_rejection_needs_a_reason_and_keeps_the_file(server: Server, region: Region) -> None:
    image, *_ = images(1, 7012, patient_id="P7012")
    send(server, image, calling="NEW")
    (row,) = held(server, region.token_a, "on trial")
    before = blobs(server)
    assert settle(server, region.token_a, "quarantine", numbers=[row["id"]], act="reject").status_code == 400
    assert settle(server, region.token_a, "quarantine", numbers=[row["id"]], act="reject", note="x").status_code == 204
    assert held(server, region.token_a, "on trial") == []
    assert find(server, region.token_a, PatientID="P7012") == []
    assert blobs(server) == before


def test_a_file_that_cannot_be_read_can_only_be_rejected(server: Server, region: Region) -> None:
    image, *_ = images(1, 7013)
    sender = Sender(server.dicom_port, [(CT, EXPLICIT_LITTLE)], called=AE, calling="CT_A")
    sender.store(CT, image.uid, image.data_set[:40])
    sender.release()
    (row,) = held(server, region.token_a, "CT_A")
    assert get(server, region.token_a, f"/api/quarantine/{row['id']}")["says"] is None
    assert settle(server, region.token_a, "quarantine", numbers=[row["id"]], act="accept").status_code == 409
    assert settle(server, region.token_a, "quarantine", numbers=[row["id"]], act="reject", note="x").status_code == 204


def test_decisions_and_looks_are_audited(server: Server, region: Region) -> None:
    image, *_ = images(1, 7014, patient_id="P7014")
    send(server, image, replace(image, shade=2))
    number = conflict_of(server, region.token_a, image)["id"]
    settle(server, region.token_a, "conflicts", numbers=[number], keep="standing")
    seen = server.query("SELECT actor_name, screen FROM core.audit WHERE subject = %s", "patient/P7014")
    assert ("user-a", "conflicts") in seen
    done = server.query(
        "SELECT actor_name FROM core.audit WHERE action = 'conflict.kept' AND subject = %s", f"image/{image.uid}"
    )
    assert done == [("user-a",)]


def test_a_machine_is_added_addressed_asked_and_removed(server: Server, region: Region) -> None:
    body = {"organisation_id": region.a, "label": "3 号 CT", "calling_ae": "CT3", "network": "127.0.0.1"}
    answer = ask(server, region.token_a, "POST", "/api/peers", body)
    assert answer.status_code == 200, answer.text
    number = answer.json()["id"]
    assert ask(server, region.token_a, "POST", f"/api/peers/{number}/echo").status_code == 409
    address = {"host": "127.0.0.1", "port": server.dicom_port}
    assert ask(server, region.token_a, "PUT", f"/api/peers/{number}/address", address).status_code == 204
    (row,) = [row for row in get(server, region.token_a, "/api/peers") if row["id"] == number]
    assert (row["label"], row["called_ae"], row["port"]) == ("3 号 CT", AE, server.dicom_port)
    told = ask(server, region.token_a, "POST", f"/api/peers/{number}/echo").json()
    assert told["milliseconds"] is None
    assert told["reason"]  # it calls itself by a title that nobody here answers to
    assert ask(server, region.token_b, "DELETE", f"/api/peers/{number}").status_code == 404
    assert ask(server, region.token_a, "DELETE", f"/api/peers/{number}").status_code == 204
    assert number not in [row["id"] for row in get(server, region.token_a, "/api/peers")]


@pytest.mark.hazard("H-04")
@pytest.mark.parametrize(
    "terms", [{"network": "127.0.0.0/8"}, {"network": "127.0.0.1"}, {"network": "127.0.0.1", "calling_ae": "*"}]
)
def test_a_machine_of_another_hospital_is_in_the_way(server: Server, region: Region, terms: dict[str, str]) -> None:
    body = {"organisation_id": region.a, "label": "x", "calling_ae": "CT_B"} | terms
    answer = ask(server, region.token_a, "POST", "/api/peers", body)
    assert (answer.status_code, answer.json()["code"]) == (409, "caller_taken")
    assert "乙" not in answer.text
    assert ask(server, region.token_a, "POST", "/api/peers", body | {"organisation_id": region.b}).status_code == 403
