"""A node remembers for a moment who asks and what they may see, and never longer than that is so."""

from collections.abc import Generator

import httpx
import pytest

from tests.journeys.images import Image, images, send
from tests.region import PASSWORD, Region, Server, running_server, wait_for

_SOON_S = 2.0  # far less than a memory lasts
_WINDOW = "SELECT reads FROM core.audit_window WHERE subject = %s AND actor = 'user-a' AND screen = 'images'"
_GRANT = """
INSERT INTO core.access_grant
    (organisation_id, subject_organisation_id, kind, resource, purpose, granted_by, until)
VALUES (%s, %s, 'study', %s, 'treatment', 'test', now() + interval '1 hour')
"""


@pytest.fixture(scope="module")
def served() -> Generator[tuple[Server, Region]]:
    """A server of its own, whose people are changed here."""
    with running_server() as pair:
        yield pair


@pytest.fixture(scope="module")
def server(served: tuple[Server, Region]) -> Server:
    """The server of this file."""
    return served[0]


@pytest.fixture(scope="module")
def region(served: tuple[Server, Region]) -> Region:
    """Its hospitals."""
    return served[1]


def _sent(server: Server, branch: int, count: int = 3) -> list[Image]:
    sent = images(count, branch, patient_id=f"MEM-{branch}")
    assert set(send(server, *sent)) == {0}
    return sent


def _status(server: Server, image: Image, token: str) -> int:
    return server.get(f"{image.address}/frames/1", token).status_code


def _token_of(server: Server, name: str, role: str = "reader") -> str:
    made = server.run("user", "create", name, "--organisation", "a", "--role", role, "--password", PASSWORD)
    assert made.returncode == 0, made.stderr
    return server.run("token", "create", "--user", name).stdout.strip()


@pytest.mark.hazard("H-10")
def test_every_image_given_from_memory_is_counted(server: Server, region: Region) -> None:
    sent = _sent(server, 4101, 5)
    for image in sent * 4:
        assert _status(server, image, region.token_a) == 200
    assert wait_for(lambda: server.query(_WINDOW, "patient/MEM-4101") == [(20,)], 5)
    rows = server.query("SELECT count(*) FROM core.audit WHERE subject = 'patient/MEM-4101' AND action = 'read'")
    assert rows == [(1,)]


@pytest.mark.hazard("H-04")
def test_what_one_may_see_opens_nothing_to_another(server: Server, region: Region) -> None:
    first, second, _ = _sent(server, 4102)
    for _ in range(3):
        assert _status(server, first, region.token_a) == 200
        assert _status(server, first, region.token_b) == 404
        assert _status(server, second, region.token_b) == 404
        assert _status(server, first, "lw_nobody") == 401


@pytest.mark.hazard("H-04")
def test_a_header_of_another_kind_stands_for_nobody(server: Server, region: Region) -> None:
    del region
    image, *_ = _sent(server, 4103)
    headers = {"Authorization": "Basic c2FtZQ==", "X-Lightwell": "1"}
    with httpx.Client(base_url=server.url, headers=headers) as of_a, httpx.Client(base_url=server.url) as of_b:
        for client, name in ((of_a, "user-a"), (of_b, "user-b")):
            client.headers["X-Lightwell"] = "1"
            assert client.post("/api/session", json={"username": name, "password": PASSWORD}).status_code == 200
        of_b.headers["Authorization"] = "Basic c2FtZQ=="
        for _ in range(2):
            assert of_a.get(f"{image.address}/frames/1").status_code == 200
            assert of_b.get(f"{image.address}/frames/1").status_code == 404


@pytest.mark.hazard("H-04")
@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM core.api_token WHERE account_id = (SELECT id FROM core.account WHERE username = %s)",
        "UPDATE core.account SET is_active = false WHERE username = %s",
        "DELETE FROM core.membership WHERE account_id = (SELECT id FROM core.account WHERE username = %s)",
    ],
    ids=["token", "account", "role"],
)
def test_what_is_taken_away_is_gone_at_once(server: Server, change: str, request: pytest.FixtureRequest) -> None:
    name = f"leaver-{request.node.callspec.id}"
    token = _token_of(server, name)
    image, *_ = _sent(server, 4104)
    assert {_status(server, image, token) for _ in range(3)} == {200}
    server.query(change, name)
    assert wait_for(lambda: _status(server, image, token) in {401, 403}, _SOON_S)


@pytest.mark.hazard("H-04")
def test_a_grant_that_was_revoked_is_over(server: Server, region: Region) -> None:
    image, *_ = _sent(server, 4105)
    server.query(_GRANT, region.a, region.b, image.study)
    assert {_status(server, image, region.token_b) for _ in range(3)} == {200}
    server.query("UPDATE core.access_grant SET revoked_at = now() WHERE resource = %s", image.study)
    assert wait_for(lambda: _status(server, image, region.token_b) == 404, _SOON_S)


@pytest.mark.hazard("H-10")
def test_an_image_that_is_not_there_was_not_seen(server: Server, region: Region) -> None:
    image, *_ = _sent(server, 4109)
    assert server.get(f"{image.address}9/frames/1", region.token_a).status_code == 404
    assert server.query("SELECT count(*) FROM core.audit WHERE subject = 'patient/MEM-4109'") == [(0,)]


def test_an_image_that_comes_later_is_seen(server: Server, region: Region) -> None:
    first, second, _ = images(3, 4106)
    assert send(server, first) == [0]
    assert _status(server, first, region.token_a) == 200
    assert _status(server, second, region.token_a) == 404
    assert send(server, second) == [0]
    assert _status(server, second, region.token_a) == 200


def test_a_session_that_was_locked_stays_so(server: Server, region: Region) -> None:
    del region
    image, *_ = _sent(server, 4107)
    with httpx.Client(base_url=server.url, headers={"X-Lightwell": "1"}) as page:
        assert page.post("/api/session", json={"username": "user-a", "password": PASSWORD}).status_code == 200
        assert {page.get(f"{image.address}/frames/1").status_code for _ in range(2)} == {200}
        assert page.post("/api/session/lock").status_code == 204
        assert page.get(f"{image.address}/frames/1").status_code == 423
        assert page.delete("/api/session").status_code == 204
        assert page.get(f"{image.address}/frames/1").status_code == 401


def test_without_its_database_a_node_trusts_no_memory(server: Server, region: Region) -> None:
    image, *_ = _sent(server, 4108)
    assert {_status(server, image, region.token_a) for _ in range(3)} == {200}
    server.kill_postgres()
    assert wait_for(lambda: _status(server, image, region.token_a) == 200, 30)
    assert {_status(server, image, region.token_a) for _ in range(3)} == {200}
