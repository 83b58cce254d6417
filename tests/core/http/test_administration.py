"""Administering over HTTP: an administrator of one hospital is nobody in another."""

from collections.abc import Generator
from typing import Any

import httpx
import pytest

from tests.region import PASSWORD, Region, Server, running_server


@pytest.fixture(scope="module")
def served() -> Generator[tuple[Server, Region]]:
    """A server with two hospitals; user-a and user-b administer one each."""
    with running_server() as served:
        yield served


@pytest.fixture(scope="module")
def server(served: tuple[Server, Region]) -> Server:
    """The server of this file."""
    return served[0]


@pytest.fixture(scope="module")
def region(served: tuple[Server, Region]) -> Region:
    """Its hospitals."""
    return served[1]


def ask(server: Server, token: str, method: str, path: str, body: Any = None) -> httpx.Response:
    """Send a request as the holder of a token."""
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.request(method, server.url + path, headers=headers, json=body, timeout=30)


def get(server: Server, token: str, path: str) -> Any:
    """Return what an address holds."""
    answer = ask(server, token, "GET", path)
    assert answer.status_code == 200, answer.text
    return answer.json()


def create(server: Server, token: str, username: str, organisation_id: int, role: str = "reader") -> httpx.Response:
    """Create an account."""
    body = {"username": username, "password": PASSWORD, "organisation_id": organisation_id, "role": role}
    return ask(server, token, "POST", "/api/accounts", body)


def person(server: Server, token: str, username: str) -> dict[str, Any]:
    """Return an account as an administrator sees it."""
    return next(row for row in get(server, token, "/api/accounts") if row["username"] == username)


def sign_in(server: Server, username: str, password: str = PASSWORD) -> httpx.Response:
    """Sign in and return the answer, with the cookie of the session."""
    body = {"username": username, "password": password}
    return httpx.post(f"{server.url}/api/session", json=body, headers={"X-Lightwell": "1"}, timeout=30)


def is_signed_in(server: Server, session: httpx.Response) -> bool:
    """Tell whether a session is still good."""
    answer = httpx.get(f"{server.url}/api/session", cookies=dict(session.cookies), timeout=30)
    return answer.status_code == 200


def test_one_sees_the_people_of_ones_own_organisations(server: Server, region: Region) -> None:
    assert create(server, region.token_a, "anna", region.a).status_code == 204
    names = [row["username"] for row in get(server, region.token_a, "/api/accounts")]
    assert "anna" in names
    assert "user-b" not in names
    assert "anna" not in [row["username"] for row in get(server, region.token_b, "/api/accounts")]
    assert [row["code"] for row in get(server, region.token_a, "/api/organisations")] == ["a"]


def test_a_new_account_signs_in_and_its_name_is_taken(server: Server, region: Region) -> None:
    assert create(server, region.token_a, "Ben", region.a).status_code == 204
    assert sign_in(server, "ben").status_code == 200
    assert create(server, region.token_a, "ben", region.a).status_code == 409


@pytest.mark.parametrize(
    "body",
    [
        {"username": "", "password": PASSWORD, "role": "reader"},
        {"username": "with space", "password": PASSWORD, "role": "reader"},
        {"username": "short", "password": "1234567", "role": "reader"},
        {"username": "emperor", "password": PASSWORD, "role": "emperor"},
        {"username": "french", "password": PASSWORD, "role": "reader", "locale": "fr"},
    ],
)
def test_an_impossible_account_is_refused(server: Server, region: Region, body: dict[str, Any]) -> None:
    answer = ask(server, region.token_a, "POST", "/api/accounts", {**body, "organisation_id": region.a})
    assert answer.status_code == 400, answer.text
    assert body["username"] not in [row["username"] for row in get(server, region.token_a, "/api/accounts")]


@pytest.mark.hazard("H-04")
def test_an_administrator_is_nobody_elsewhere(server: Server, region: Region) -> None:
    token = region.token_a
    assert create(server, token, "spy", region.b, "administrator").status_code == 403
    role = {"organisation_id": region.b, "role": "reader"}
    assert ask(server, token, "POST", "/api/accounts/user-a/roles", role).status_code == 403
    assert ask(server, token, "PUT", "/api/accounts/user-b/password", {"password": "stolen-1"}).status_code == 404
    assert ask(server, token, "PUT", "/api/accounts/user-b/active", {"is_active": False}).status_code == 404
    assert ask(server, token, "POST", "/api/tokens", {"username": "user-b", "label": "x"}).status_code == 404
    names = {"name": "我的", "name_en": "Mine"}
    assert ask(server, token, "PUT", f"/api/organisations/{region.b}", names).status_code == 403
    assert ask(server, token, "DELETE", f"/api/accounts/user-b/roles/{region.b}/administrator").status_code == 403
    number = get(server, region.token_b, "/api/tokens")[0]["id"]
    assert number not in [row["id"] for row in get(server, token, "/api/tokens")]
    assert ask(server, token, "DELETE", f"/api/tokens/{number}").status_code == 404
    assert sign_in(server, "user-b").status_code == 200


@pytest.mark.hazard("H-04")
def test_one_who_works_in_two_places_is_not_taken_over_by_one_of_them(server: Server, region: Region) -> None:
    assert create(server, region.token_b, "both", region.b).status_code == 204
    role = {"organisation_id": region.a, "role": "reader"}
    assert ask(server, region.token_a, "POST", "/api/accounts/both/roles", role).status_code == 204
    seen = person(server, region.token_a, "both")
    assert seen["roles"] == [role]
    assert not seen["is_ours"]
    assert (
        ask(server, region.token_a, "PUT", "/api/accounts/both/password", {"password": "stolen-1"}).status_code == 403
    )
    assert ask(server, region.token_a, "POST", "/api/tokens", {"username": "both", "label": "x"}).status_code == 403
    assert ask(server, region.token_a, "DELETE", f"/api/accounts/both/roles/{region.a}/reader").status_code == 204
    assert person(server, region.token_b, "both")["is_ours"]


@pytest.mark.hazard("H-04")
def test_a_role_in_one_place_administers_nothing_in_another(server: Server, region: Region) -> None:
    assert create(server, region.token_a, "cara", region.a, "administrator").status_code == 204
    role = {"organisation_id": region.b, "role": "reader"}
    assert ask(server, region.token_b, "POST", "/api/accounts/cara/roles", role).status_code == 204
    session = sign_in(server, "cara")
    names = httpx.get(f"{server.url}/api/accounts", cookies=dict(session.cookies), timeout=30).json()
    assert "user-b" not in [row["username"] for row in names]
    trail = httpx.get(f"{server.url}/api/audit", cookies=dict(session.cookies), timeout=30).json()
    assert {row["organisation_id"] for row in trail} == {region.a}


def test_a_new_password_and_being_shut_out_end_sessions_at_once(server: Server, region: Region) -> None:
    assert create(server, region.token_a, "dora", region.a).status_code == 204
    session = sign_in(server, "dora")
    assert is_signed_in(server, session)
    new = {"password": "another-secret"}
    assert ask(server, region.token_a, "PUT", "/api/accounts/dora/password", new).status_code == 204
    assert not is_signed_in(server, session)
    session = sign_in(server, "dora", "another-secret")
    active = {"is_active": False}
    assert ask(server, region.token_a, "PUT", "/api/accounts/dora/active", active).status_code == 204
    assert not is_signed_in(server, session)
    assert sign_in(server, "dora", "another-secret").status_code == 401
    assert ask(server, region.token_a, "PUT", "/api/accounts/dora/active", {"is_active": True}).status_code == 204
    assert sign_in(server, "dora", "another-secret").status_code == 200


def test_nobody_locks_themselves_out(server: Server, region: Region) -> None:
    token = region.token_a
    assert ask(server, token, "PUT", "/api/accounts/user-a/active", {"is_active": False}).status_code == 409
    assert ask(server, token, "DELETE", f"/api/accounts/user-a/roles/{region.a}/administrator").status_code == 409


def test_the_last_role_stays(server: Server, region: Region) -> None:
    create(server, region.token_a, "emil", region.a)
    address = "/api/accounts/emil/roles"
    assert ask(server, region.token_a, "DELETE", f"{address}/{region.a}/reader").status_code == 409
    body = {"organisation_id": region.a, "role": "engineer"}
    assert ask(server, region.token_a, "POST", address, body).status_code == 204
    assert ask(server, region.token_a, "DELETE", f"{address}/{region.a}/reader").status_code == 204
    assert person(server, region.token_a, "emil")["roles"] == [body]


def test_a_token_is_shown_once_and_revoked_at_once(server: Server, region: Region) -> None:
    create(server, region.token_a, "robot", region.a)
    body = {"username": "robot", "label": "上传程序", "days": 30}
    secret = ask(server, region.token_a, "POST", "/api/tokens", body).json()["token"]
    assert ask(server, secret, "GET", "/api/peers").status_code == 200
    (row,) = [row for row in get(server, region.token_a, "/api/tokens") if row["label"] == "上传程序"]
    assert row["username"] == "robot"
    assert row["expires_at"]
    assert secret not in str(row)
    assert ask(server, region.token_a, "DELETE", f"/api/tokens/{row['id']}").status_code == 204
    assert ask(server, secret, "GET", "/api/peers").status_code == 401
    assert ask(server, region.token_a, "DELETE", f"/api/tokens/{row['id']}").status_code == 404


def test_whoever_creates_an_organisation_administers_it(server: Server, region: Region) -> None:
    body = {"code": "c", "name": "丙医院", "name_en": "Hospital C"}
    answer = ask(server, region.token_a, "POST", "/api/organisations", body)
    assert answer.status_code == 200, answer.text
    number = answer.json()["id"]
    assert number in [row["id"] for row in get(server, region.token_a, "/api/organisations")]
    names = {"name": "丙医院（东院）", "name_en": "Hospital C East"}
    assert ask(server, region.token_a, "PUT", f"/api/organisations/{number}", names).status_code == 204
    assert names["name"] in [row["name"] for row in get(server, region.token_a, "/api/organisations")]
    assert ask(server, region.token_b, "POST", "/api/organisations", body).status_code == 409
    assert ask(server, region.token_b, "POST", "/api/organisations", {**body, "code": "C!"}).status_code == 400


def test_a_reader_administers_nothing(server: Server, region: Region) -> None:
    create(server, region.token_a, "fred", region.a)
    body = {"username": "fred", "label": "x"}
    token = ask(server, region.token_a, "POST", "/api/tokens", body).json()["token"]
    for method, path in [("GET", "/api/accounts"), ("GET", "/api/tokens"), ("POST", "/api/organisations")]:
        assert ask(server, token, method, path, {"code": "d", "name": "d", "name_en": "d"}).status_code == 403


def test_what_was_administered_is_audited(server: Server, region: Region) -> None:
    create(server, region.token_a, "gina", region.a)
    ask(server, region.token_a, "PUT", "/api/accounts/gina/password", {"password": "another-secret"})
    rows = server.query("SELECT action, actor_name FROM core.audit WHERE subject = 'account/gina' ORDER BY id")
    assert rows == [("account.created", "user-a"), ("account.password_set", "user-a")]
