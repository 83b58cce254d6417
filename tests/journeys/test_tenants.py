"""Two hospitals on one server: neither finds anything of the other, by any door."""

import json
import threading
import time
from collections.abc import Generator
from contextlib import suppress
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from tests.journeys.images import Image, data_set_of, find, images, send, stored, tokens, values
from tests.region import Region, Server, wait_for

pytestmark = pytest.mark.hazard("H-04")
_A, *_ = images(1, 2001, name=b"Only^A", patient_id="TEN-A")
_B, *_ = images(1, 2002, name=b"Only^B", patient_id="TEN-B")
_BOTH, *_ = images(1, 2003)
_OF_A, _OF_B = (
    Image(_BOTH.uid, _BOTH.study, _BOTH.series, name, patient, shade=shade)
    for name, patient, shade in ((b"Both^A", "TEN-BA", 3), (b"Both^B", "TEN-BB", 4))
)


@pytest.fixture(scope="module", autouse=True)
def sent(server: Server) -> None:
    """Images of both hospitals, some under the same UIDs."""
    assert send(server, _A, _OF_A, calling="CT_A") == [0, 0]
    assert send(server, _B, _OF_B, calling="CT_B") == [0, 0]


@pytest.mark.parametrize(
    "query",
    [
        {"StudyInstanceUID": _A.study},
        {"PatientID": "TEN-A"},
        {"PatientID": "TEN-*"},
        {"PatientName": "Only^A*"},
        {"search": "only"},
        {"StudyDate": "20261123", "limit": "5000"},
        {"ModalitiesInStudy": "CT", "limit": "5000"},
        {"AccessionNumber": "ACC1", "limit": "5000"},
        {"limit": "5000"},
    ],
    ids="&".join,
)
def test_a_hospital_finds_no_study_of_another(server: Server, region: Region, query: dict[str, str]) -> None:
    of_a = values(find(server, region.token_a, **query), "00100020")
    of_b = values(find(server, region.token_b, **query), "00100020")
    assert "TEN-A" in of_a
    assert not {"TEN-A", "TEN-BA"} & set(of_b)
    assert not {"TEN-B", "TEN-BB"} & set(of_a)


def test_another_hospital_cannot_be_asked_for_by_its_code(server: Server, region: Region) -> None:
    told = [server.get(f"/dicom-web/studies?organisation={code}", region.token_b) for code in ("a", "zzz")]
    assert [answer.status_code for answer in told] == [403, 403]
    assert told[0].json() == told[1].json(), "the answer must not tell whether there is such a hospital"


def test_series_and_instances_of_another_hospital_are_not_found(server: Server, region: Region) -> None:
    series = f"/dicom-web/studies/{_A.study}/series"
    instances = f"{series}/{_A.series}/instances"
    assert len(find(server, region.token_a, series)) == len(find(server, region.token_a, instances)) == 1
    for path in (series, instances, f"{instances}?includefield=all"):
        answer = server.get(path, region.token_b)
        assert answer.status_code == 404 or answer.json() == []


@pytest.mark.parametrize("door", ["", "/frames/1", "/frames/1,1"])
def test_an_image_of_another_hospital_cannot_be_fetched(server: Server, region: Region, door: str) -> None:
    mine = server.get(_A.address + door, region.token_a, Accept="*/*")
    other = server.get(_A.address + door, region.token_b, Accept="*/*")
    assert mine.status_code == 200
    assert other.status_code == 404
    absent = server.get(_A.address + "9" + door, region.token_b, Accept="*/*")
    assert other.json() == absent.json(), "the answer must not tell whether the image exists"


def test_the_same_uids_of_two_hospitals_live_side_by_side(server: Server, region: Region) -> None:
    for image, calling in ((_OF_A, "CT_A"), (_OF_B, "CT_B")):
        token = tokens(region)[calling]
        assert stored(server, token, image) == image.data_set
        found = find(server, token, StudyInstanceUID=image.study)
        assert values(found, "00100020") == [image.patient_id]
        assert values(found, "00201208") == [1]
    conflicts = server.query("SELECT 1 FROM archive.conflict WHERE sop_instance_uid = %s", _BOTH.uid)
    assert conflicts == []


@pytest.mark.hazard("H-01")
def test_who_works_for_both_says_of_which_hospital_a_study_is(server: Server) -> None:
    made = server.run("user", "create", "both", "--organisation", "a", "--role", "reader", "--password", "a-long-1")
    assert made.returncode == 0, made.stderr
    assert server.run("user", "join", "both", "--organisation", "b", "--role", "reader").returncode == 0
    token = server.run("token", "create", "--user", "both").stdout.strip()
    assert len(find(server, token, StudyInstanceUID=_BOTH.study)) == 2
    doors = ("", "/frames/1", "/metadata", "/rendered", "/thumbnail", "/bulkdata/7FE00010")
    addresses = [*(_BOTH.address + door for door in doors), _BOTH.series_address, _BOTH.series_address + "/metadata"]
    for address in [*addresses, _BOTH.study_address, f"/api/studies/{_BOTH.study}/opening"]:
        unsaid = server.get(address, token, Accept="*/*")
        assert (unsaid.status_code, "one of a, b" in unsaid.json()["detail"]) == (409, True), address
        for code in ("a", "b"):
            assert server.get(f"{address}?organisation={code}", token, Accept="*/*").status_code == 200, address
    for code, image in (("a", _OF_A), ("b", _OF_B)):
        for _ in range(2):
            said = server.get(f"{_BOTH.address}?organisation={code}", token, Accept="application/dicom")
            assert data_set_of(said.content) == image.data_set
        found = find(server, token, StudyInstanceUID=_BOTH.study, organisation=code)
        assert values(found, "00100020") == [image.patient_id]
    assert server.get(f"{_BOTH.address}?organisation=c", token).status_code == 403


def test_the_audit_log_shows_ones_own_hospital_only(server: Server, region: Region) -> None:
    find(server, region.token_a, PatientID="TEN-A")
    find(server, region.token_b, PatientID="TEN-B")
    for token, own, other in ((region.token_a, region.a, "TEN-B"), (region.token_b, region.b, "TEN-A")):
        rows = find(server, token, "/api/audit", limit="500")
        assert {row["organisation_id"] for row in rows} == {own}
        assert not [row for row in rows if row["subject"].endswith(other)]
        assert find(server, token, "/api/audit", subject=f"patient/{other}") == []


def test_peers_of_another_hospital_are_not_listed(server: Server, region: Region) -> None:
    for token, own, title in ((region.token_a, region.a, "CT_A"), (region.token_b, region.b, "CT_B")):
        rows = find(server, token, "/api/peers")
        assert {(row["organisation_id"], row["calling_ae"]) for row in rows} == {(own, title)}


def _listen(server: Server, token: str, heard: list[tuple[str, dict[str, Any]]], ready: threading.Event) -> None:
    headers = {"Authorization": f"Bearer {token}"}
    with (
        suppress(httpx.HTTPError),
        httpx.stream("GET", f"{server.url}/api/events", headers=headers, timeout=30) as answer,
    ):
        name = ""
        for line in answer.iter_lines():
            ready.set()
            if line.startswith("event: "):
                name = line.removeprefix("event: ")
            if line.startswith("data: "):
                heard.append((name, json.loads(line.removeprefix("data: "))))
                if heard[-1][1].get("study_instance_uid", "").endswith(".2009"):
                    return


@pytest.fixture
def ears(server: Server, region: Region) -> Generator[dict[str, list[tuple[str, dict[str, Any]]]]]:
    """What each hospital hears of what happens, until its study ...2009 has come."""
    heard: dict[str, list[tuple[str, dict[str, Any]]]] = {"CT_A": [], "CT_B": []}
    threads: list[threading.Thread] = []
    for calling, token in tokens(region).items():
        ready = threading.Event()
        threads.append(threading.Thread(target=_listen, args=(server, token, heard[calling], ready), daemon=True))
        threads[-1].start()
        assert ready.wait(20)
    yield heard
    for thread in threads:
        thread.join(30)


def test_an_arrival_is_told_to_the_right_hospital_only(
    server: Server, ears: dict[str, list[tuple[str, dict[str, Any]]]]
) -> None:
    of_a, of_b = images(1, 2004), images(1, 2005)
    assert send(server, *of_a, calling="CT_A") == [0]
    assert send(server, *of_b, calling="CT_B") == [0]
    for calling in ears:
        assert send(server, *images(1, 2009), calling=calling) == [0]
    assert wait_for(lambda: all(_studies(heard)[-1:] == [images(1, 2009)[0].study] for heard in ears.values()), 30)
    for calling, own, other in (("CT_A", of_a, of_b), ("CT_B", of_b, of_a)):
        assert ("StudyArrived", own[0].study) in [(name, data["study_instance_uid"]) for name, data in ears[calling]]
        assert other[0].study not in _studies(ears[calling])


def test_programs_hear_of_their_own_hospital_only(server: Server, region: Region) -> None:
    of_a, of_b = images(1, 2006), images(1, 2007)
    address = f"ws://127.0.0.1:{server.http_port}/api/live"
    headers = [{"Authorization": f"Bearer {token}"} for token in (region.token_a, region.token_b)]
    with connect(address, additional_headers=headers[0]) as a, connect(address, additional_headers=headers[1]) as b:
        assert send(server, *of_a, calling="CT_A") == [0]
        assert send(server, *of_b, calling="CT_B") == [0]
        assert _heard(a, of_a[0].study).isdisjoint({of_b[0].study})
        assert _heard(b, of_b[0].study).isdisjoint({of_a[0].study})


def _heard(line: ClientConnection, last: str) -> set[str]:
    """Return what was heard of until a study arrived, and for a second after."""
    heard: set[str] = set()
    with suppress(TimeoutError):
        while True:
            notice = json.loads(line.recv(1 if last in heard else 30))
            heard.add(notice["payload"].get("study_instance_uid", ""))
    assert last in heard
    return heard


def _heard_to_the_end(line: ClientConnection) -> list[str]:
    """Return what was heard until the server hung up; one that goes on for ever fails the test."""
    heard: list[str] = []
    with suppress(ConnectionClosed):
        while True:
            heard.append(str(line.recv(30)))
    return heard


def test_who_has_left_a_hospital_hears_of_it_no_longer(server: Server) -> None:
    made = server.run("user", "create", "leaves-b", "--organisation", "a", "--password", "a-long-pass-1")
    assert made.returncode == 0, made.stderr
    assert server.run("user", "join", "leaves-b", "--organisation", "b", "--role", "reader").returncode == 0
    token = server.run("token", "create", "--user", "leaves-b").stdout.strip()
    headers, heard = {"Authorization": f"Bearer {token}"}, ""
    left = "DELETE FROM core.membership WHERE organisation_id = %s AND account_id ="
    own = " (SELECT id FROM core.account WHERE username = 'leaves-b')"
    (organisation,) = server.query("SELECT id FROM core.organisation WHERE code = 'b'")[0]
    with (
        connect(f"ws://127.0.0.1:{server.http_port}/api/live", additional_headers=headers) as line,
        httpx.stream("GET", f"{server.url}/api/events", headers=headers, timeout=30) as answer,
    ):
        lines = answer.iter_lines()
        assert next(lines) == ": connected"
        server.query(left + own, organisation)
        time.sleep(6)
        (image,) = images(1, 2008)
        assert send(server, image, calling="CT_B") == [0]
        for text in lines:
            heard += text
        assert image.study not in heard
        assert not [notice for notice in _heard_to_the_end(line) if image.study in notice]


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer lw_nobody"}], ids=["nobody", "a token that is none"])
def test_who_is_nobody_hears_nothing(server: Server, headers: dict[str, str]) -> None:
    with (
        pytest.raises(InvalidStatus),
        connect(f"ws://127.0.0.1:{server.http_port}/api/live", additional_headers=headers),
    ):
        pass
    assert httpx.get(f"{server.url}/api/events", headers=headers, timeout=30).status_code == 401


def _studies(heard: list[tuple[str, dict[str, Any]]]) -> list[str]:
    return [data["study_instance_uid"] for _, data in heard]


def test_a_role_in_one_hospital_shows_nothing_of_another(server: Server, region: Region) -> None:
    made = server.run(
        "user", "create", "two-roles", "--organisation", "a", "--role", "auditor", "--password", "a-long-1"
    )
    assert made.returncode == 0, made.stderr
    joined = server.run("user", "join", "two-roles", "--organisation", "b", "--role", "reader")
    assert joined.returncode == 0, joined.stderr
    token = server.run("token", "create", "--user", "two-roles").stdout.strip()
    found = values(find(server, token, PatientID="TEN-*"), "00100020")
    assert set(found) == {"TEN-B", "TEN-BB"}, "an auditor of A reads nothing of A"
    assert server.get(_A.address, token).status_code == 404
    assert server.get(_B.address, token).status_code == 200
    trail = server.get("/api/audit?limit=500", token).json()
    assert {row["organisation_id"] for row in trail} == {region.a}, "a reader of B audits nothing of B"
