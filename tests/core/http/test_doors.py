"""The web's doors: who comes in, what every answer carries, and what an error looks like."""

import fcntl
import os
import re
import signal
import threading
from collections.abc import Generator
from typing import Any

import httpx
import pytest

from lightwell.app.urls import ENDPOINTS
from lightwell.core.http.app import CORE
from tests.journeys.images import Image, images, send
from tests.region import PASSWORD, Region, Server, running_server, wait_for

_OURS = {"X-Lightwell": "1"}


@pytest.fixture
def page(server: Server) -> Generator[httpx.Client]:
    """A browser's page that nobody has signed in at."""
    with httpx.Client(base_url=server.url, headers=_OURS, timeout=30) as client:
        yield client


def _sign_in(client: httpx.Client, username: str = "user-a", password: str = PASSWORD) -> httpx.Response:
    return client.post("/api/session", json={"username": username, "password": password})


@pytest.fixture(scope="module")
def image(server: Server) -> Image:
    """An image of hospital A."""
    found, *_ = images(1, 7001)
    assert send(server, found) == [0]
    return found


def _require_problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("application/problem+json")
    problem = dict(answer.json())
    assert (problem["status"], problem["code"]) == (status, code)
    assert problem["title"]
    return problem


def test_signing_in_opens_the_doors_and_signing_out_closes_them(page: httpx.Client) -> None:
    _require_problem(page.get("/dicom-web/studies"), 401, "not_signed_in")
    answer = _sign_in(page)
    assert answer.status_code == 200
    assert answer.json()["username"] == "user-a"
    assert [item["code"] for item in answer.json()["organisations"]] == ["a"]
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert page.get("/dicom-web/studies").status_code == 200
    secret = dict(page.cookies)
    assert page.delete("/api/session").status_code == 204
    page.cookies.update(secret)
    _require_problem(page.get("/dicom-web/studies"), 401, "not_signed_in")


@pytest.mark.parametrize(("username", "password"), [("user-b", "wrong"), ("nobody-of-that-name", PASSWORD), ("", "")])
def test_it_is_not_told_whether_name_or_password_is_wrong(page: httpx.Client, username: str, password: str) -> None:
    problem = _require_problem(_sign_in(page, username, password), 401, "sign_in_failed")
    assert problem["detail"] == "the user name or the password is wrong"
    assert not page.cookies


def test_a_change_without_our_header_is_refused(page: httpx.Client) -> None:
    del page.headers["X-Lightwell"]
    _require_problem(_sign_in(page), 403, "forbidden")
    page.headers.update(_OURS)
    assert _sign_in(page).status_code == 200
    del page.headers["X-Lightwell"]
    _require_problem(page.post("/api/session/lock"), 403, "forbidden")
    _require_problem(page.delete("/api/session"), 403, "forbidden")
    assert page.get("/api/session").json()["is_locked"] is False


def test_a_locked_screen_opens_with_the_password_only(page: httpx.Client) -> None:
    _sign_in(page)
    assert page.post("/api/session/lock").status_code == 204
    _require_problem(page.get("/dicom-web/studies"), 423, "session_locked")
    assert page.get("/api/session").json()["is_locked"] is True
    _require_problem(page.post("/api/session/unlock", json={"password": "wrong"}), 401, "sign_in_failed")
    _require_problem(page.get("/dicom-web/studies"), 423, "session_locked")
    assert page.post("/api/session/unlock", json={"password": PASSWORD}).status_code == 200
    assert page.get("/dicom-web/studies").status_code == 200


def test_a_locked_session_may_ask_for_what_everybody_sees_and_for_nothing_else() -> None:
    open_ones = [f"{one.method} {one.path}" for one in (*CORE, *ENDPOINTS) if one.while_locked]
    assert open_ones == ["GET /api/queues/{number:int}/board"]


def test_a_screen_left_alone_locks_itself_and_too_many_guesses_must_wait() -> None:
    with running_server(idle_lock_s=1) as (server, region):
        with httpx.Client(base_url=server.url, headers=_OURS, timeout=30) as client:
            assert _sign_in(client).status_code == 200
            threading.Event().wait(1.5)  # nobody touches it
            _require_problem(client.get("/dicom-web/studies"), 423, "session_locked")
            assert client.post("/api/session/unlock", json={"password": PASSWORD}).status_code == 200
            for _ in range(5):
                assert _sign_in(client, "user-b", "guess").status_code == 401
            answer = _sign_in(client, "user-b")
            problem = _require_problem(answer, 429, "too_many_attempts")
            assert int(answer.headers["retry-after"]) == problem["retry_after_s"] > 0
        assert server.get("/dicom-web/studies", region.token_b).status_code == 200


@pytest.mark.parametrize(
    "header", ["Bearer wrong", "Bearer", "Basic dXNlcjpwYXNz", "Bearer lw_" + "x" * 4000, "nonsense"]
)
def test_a_token_that_is_none_opens_nothing(server: Server, header: str) -> None:
    answer = httpx.get(f"{server.url}/dicom-web/studies", headers={"Authorization": header})
    _require_problem(answer, 401, "not_signed_in")


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/dicom-web/studies?limit=x", 400, "invalid_request"),
        ("GET", "/dicom-web/studies?limit=-1", 400, "invalid_request"),
        ("GET", "/dicom-web/studies?offset=99999999999999999999", 400, "invalid_request"),
        ("GET", "/dicom-web/studies?limit=" + "9" * 5000, 400, "invalid_request"),
        ("GET", "/dicom-web/studies?StudyDate=yesterday", 400, "invalid_request"),
        ("GET", "/dicom-web/studies?PatientName=" + "x" * 5000, 400, "invalid_request"),
        ("GET", "/dicom-web/studies?PatientID=%00", 400, "invalid_request"),
        ("GET", "/dicom-web/studies?StudyInstanceUID=%00", 400, "invalid_request"),
        ("GET", "/dicom-web/studies/%00/series", 400, "invalid_request"),
        ("GET", "/dicom-web/studies/1.2.3/series", 404, "not_found"),
        ("GET", "/dicom-web/studies/1/series/2/instances/%00", 404, "not_found"),
        ("GET", "/api/audit?limit=0", 400, "invalid_request"),
        ("GET", "/api/audit?before=tomorrow", 400, "invalid_request"),
        ("GET", "/api/audit?subject=%00", 400, "invalid_request"),
        ("DELETE", "/dicom-web/studies", 405, "method_not_allowed"),
    ],
)
def test_a_bad_question_gets_a_clear_answer(
    server: Server, region: Region, method: str, path: str, status: int, code: str
) -> None:
    headers = {"Authorization": f"Bearer {region.token_a}"}
    answer = httpx.request(method, server.url + path, headers=headers, timeout=30)
    _require_problem(answer, status, code)


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b'{"username": 1}', b"\xff\xfe", b'{"username": "' + b"x" * 999 + b'"}']
)
def test_a_body_that_is_none_is_refused(page: httpx.Client, body: bytes) -> None:
    _require_problem(page.post("/api/session", content=body), 400, "invalid_request")


def test_a_body_that_is_too_large_is_refused(page: httpx.Client) -> None:
    _require_problem(page.post("/api/session", content=bytes(2 << 20)), 413, "too_large")


def _refs(value: Any) -> Generator[str]:
    if isinstance(value, dict):
        if "$ref" in value:
            yield value["$ref"]
        for item in value.values():
            yield from _refs(item)
    elif isinstance(value, list):
        for item in value:
            yield from _refs(item)


def test_the_description_names_every_endpoint_and_leads_nowhere_lost(server: Server) -> None:
    document = httpx.get(f"{server.url}/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    for endpoint in (*CORE, *ENDPOINTS):
        path = re.sub(r":\w+}", "}", endpoint.path)
        operation = document["paths"][path][endpoint.method.lower()]
        assert operation["summary"]
        names = {item["name"] for item in operation["parameters"] if item["in"] == "path"}
        assert names == {part[1:-1] for part in path.split("/") if part.startswith("{")}
    references = set(_refs(document))
    assert references
    for reference in references:
        place: Any = document
        for name in reference.removeprefix("#/").split("/"):
            place = place[name]
    operations = [item["operationId"] for path in document["paths"].values() for item in path.values()]
    assert len(operations) == len(set(operations))


@pytest.mark.parametrize(
    "path", ["/", "/healthz", "/api/session", "/dicom-web/studies", "/assets/lost.js", "/openapi.json"]
)
def test_every_answer_carries_the_security_headers(server: Server, path: str) -> None:
    headers = httpx.get(server.url + path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "server" not in headers


@pytest.mark.parametrize("path", ["/assets/lost.js", "/assets/../../../settings.py", "/assets/%2e%2e/%2e%2e/node.py"])
def test_a_lost_asset_is_404_and_never_a_page(server: Server, path: str) -> None:
    answer = httpx.get(server.url + path)
    assert answer.status_code == 404 or "<div id=" in answer.text
    assert "import " not in answer.text
    assert httpx.get(f"{server.url}/assets/lost.js").status_code == 404


@pytest.mark.parametrize(
    ("asked", "status", "span"),
    [
        ("bytes=0-9", 206, slice(0, 10)),
        ("bytes=10-", 206, slice(10, None)),
        ("bytes=-16", 206, slice(-16, None)),
        ("bytes=5-999999999", 206, slice(5, None)),
        ("bytes=999999999-", 416, None),
        ("bytes=5-2", 416, None),
        ("bytes=" + "9" * 5000 + "-", 200, slice(0, None)),
        ("pages=1-2", 200, slice(0, None)),
        ("bytes=a-b", 200, slice(0, None)),
    ],
)
def test_a_range_of_an_image(
    server: Server, region: Region, image: Image, asked: str, status: int, span: slice | None
) -> None:
    whole = server.get(image.address, region.token_a, Accept="application/dicom").content
    answer = server.get(image.address, region.token_a, Accept="application/dicom", Range=asked)
    assert answer.status_code == status
    if span is None:
        _require_problem(answer, 416, "range_not_satisfiable")
    else:
        assert answer.content == whole[span]
    if status == 206:
        start = span.indices(len(whole))[0] if span else 0
        assert answer.headers["content-range"] == f"bytes {start}-{start + len(answer.content) - 1}/{len(whole)}"


@pytest.mark.parametrize("frames", ["0", "2", "x", "1,", "99999999999999999999", ",".join(["1"] * 20000)])
def test_frames_that_are_none_are_refused(server: Server, region: Region, image: Image, frames: str) -> None:
    answer = server.get(f"{image.address}/frames/{frames}", region.token_a, Accept="*/*")
    assert answer.status_code in {400, 404}


def test_health_readiness_and_figures_are_open_and_name_nobody(server: Server, image: Image) -> None:
    assert httpx.get(f"{server.url}/healthz").json() == {"alive": True}
    assert httpx.get(f"{server.url}/readyz").json() == {"database": True}
    figures = httpx.get(f"{server.url}/metrics").text
    assert 'lightwell_dicom_messages_total{service="C-STORE",status="0000"}' in figures
    assert image.patient_id not in figures
    assert "user-a" not in figures


def test_a_node_whose_database_ends_with_it_waits_for_nothing() -> None:
    with running_server() as (server, _):
        assert server.process is not None
        assert wait_for(lambda: bool(server.query("SELECT id FROM queue.procrastinate_workers")), 20)
        os.kill(server.postgres_pid(), signal.SIGINT)
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(25) == 0


def test_readiness_says_when_the_database_is_gone() -> None:
    with running_server() as (server, _):
        # Whoever holds the lock keeps the supervisor from starting the database again.
        lock = server.settings.data_dir / "postgres.lock"
        with lock.open("rb") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            server.kill_postgres()
            assert wait_for(lambda: httpx.get(f"{server.url}/readyz", timeout=30).status_code == 503, 30)
            assert httpx.get(f"{server.url}/healthz").status_code == 200
        assert wait_for(lambda: httpx.get(f"{server.url}/readyz", timeout=30).status_code == 200, 30)
