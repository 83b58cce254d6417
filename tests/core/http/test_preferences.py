"""What somebody set is theirs on every machine, and never anything but what it may be."""

from typing import Any

import httpx
import pytest

from lightwell.app.preferences import SCHEMAS
from lightwell.core.http.preferences import MOST_BYTES
from tests.region import PASSWORD, Region, Server

_MOUSE = {"left": "pan", "middle": "zoom", "right": "window", "wheel": "scroll"}
_PRESETS = {"CT": [{"name": "肺", "center": -600, "width": 1500.5}], "PT": []}


def _ask(server: Server, token: str, method: str, key: str = "", **body: object) -> httpx.Response:
    address = f"{server.url}/api/preferences" + (f"/{key}" if key else "")
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.request(method, address, headers=headers, json=body or None, timeout=30)


@pytest.mark.parametrize(
    ("key", "value", "other"),
    [
        ("viewer.mouse", _MOUSE, _MOUSE | {"wheel": "zoom"}),
        ("viewer.presets", _PRESETS, {}),
        ("shell.language", "en", "zh-CN"),
        ("shell.scheme", "light", "dark"),
    ],
)
def test_what_was_set_is_read_replaced_and_forgotten(
    server: Server, region: Region, key: str, value: Any, other: Any
) -> None:
    assert _ask(server, region.token_a, "GET", key).json() == {"value": None}
    for wanted in (value, other):
        assert _ask(server, region.token_a, "PUT", key, value=wanted).status_code == 204
        assert _ask(server, region.token_a, "GET", key).json() == {"value": wanted}
        assert _ask(server, region.token_a, "GET").json()[key] == wanted
    assert _ask(server, region.token_b, "GET", key).json() == {"value": None}
    assert _ask(server, region.token_b, "DELETE", key).status_code == 204
    assert _ask(server, region.token_a, "GET", key).json() == {"value": other}
    assert _ask(server, region.token_a, "DELETE", key).status_code == 204
    assert _ask(server, region.token_a, "GET").json() == {}


def test_it_is_there_in_a_new_session(server: Server, region: Region) -> None:
    assert _ask(server, region.token_a, "PUT", "shell.scheme", value="light").status_code == 204
    body = {"username": "user-a", "password": PASSWORD}
    session = httpx.post(f"{server.url}/api/session", json=body, headers={"X-Lightwell": "1"}, timeout=30)
    answer = httpx.get(f"{server.url}/api/preferences", cookies=dict(session.cookies), timeout=30)
    assert answer.json() == {"shell.scheme": "light"}
    assert _ask(server, region.token_a, "DELETE", "shell.scheme").status_code == 204


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("shell.language", "fr"),
        ("shell.scheme", None),
        ("viewer.mouse", {"left": "pan"}),
        ("viewer.mouse", _MOUSE | {"left": "erase"}),
        ("viewer.mouse", _MOUSE | {"thumb": "pan"}),
        ("viewer.presets", {"ct": []}),
        ("viewer.presets", {"CT": [{"name": " ", "center": 0, "width": 1}]}),
        ("viewer.presets", {"CT": [{"name": "x", "center": 0, "width": 0}]}),
        ("viewer.presets", {"CT": [{"name": "x", "center": "0", "width": 10}]}),
        ("viewer.presets", {"CT": [{"name": "x", "center": 0, "width": 1}] * 21}),
    ],
)
def test_what_does_not_fit_is_refused_and_changes_nothing(server: Server, region: Region, key: str, value: Any) -> None:
    answer = _ask(server, region.token_a, "PUT", key, value=value)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")
    assert _ask(server, region.token_a, "GET").json() == {}


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_a_name_that_nobody_registered_is_told_so(server: Server, region: Region, method: str) -> None:
    answer = _ask(server, region.token_a, method, "viewer.mice", **({"value": 1} if method == "PUT" else {}))
    assert answer.status_code == 404
    assert "viewer.mouse" in answer.json()["detail"]


def test_there_is_an_end_to_a_preference(server: Server, region: Region) -> None:
    names = [{"name": "窗" * 32, "center": 0, "width": 1}] * 20
    presets = {"A" * number: names for number in range(2, 16)}
    answer = _ask(server, region.token_a, "PUT", "viewer.presets", value=presets)
    assert answer.status_code == 413
    assert str(MOST_BYTES) in answer.json()["detail"]


def test_what_an_older_version_kept_and_this_one_does_not_know_is_left_out(server: Server, region: Region) -> None:
    account = "SELECT id FROM core.account WHERE username = 'user-a'"
    insert = f"INSERT INTO core.preference (account_id, key, value) SELECT ({account}), k, v::jsonb FROM "  # noqa: S608
    server.query(insert + "(VALUES ('shell.scheme', '\"sepia\"'), ('shell.gone', '1')) AS t (k, v)")
    assert _ask(server, region.token_a, "GET").json() == {}
    assert _ask(server, region.token_a, "GET", "shell.scheme").json() == {"value": None}
    server.query("DELETE FROM core.preference")


def test_nobody_has_preferences_without_signing_in(server: Server) -> None:
    assert httpx.get(f"{server.url}/api/preferences", timeout=30).status_code == 401


def test_the_kinds_are_those_of_the_pages() -> None:
    assert set(SCHEMAS) == {"shell.language", "shell.scheme", "viewer.mouse", "viewer.presets"}
