"""Saved views belong to the person who keeps them."""

import httpx
import pytest

from tests.region import Region, Server

_PATH = "/api/views"


def _ask(server: Server, token: str, method: str, path: str = _PATH, **body: object) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token}"}
    query = {"screen": "studies"}
    return httpx.request(method, server.url + path, params=query, headers=headers, json=body or None, timeout=30)


def test_views_are_kept_replaced_and_removed(server: Server, region: Region) -> None:
    view = {"name": "今天/昨天的 CT", "search": {"modality": "CT", "date": "today"}}
    assert _ask(server, region.token_a, "PUT", **view).status_code == 204
    assert _ask(server, region.token_a, "GET").json() == [view]
    assert _ask(server, region.token_a, "PUT", **(view | {"search": {"modality": "MR"}})).status_code == 204
    assert _ask(server, region.token_a, "GET").json()[0]["search"] == {"modality": "MR"}
    assert _ask(server, region.token_b, "GET").json() == []
    assert _ask(server, region.token_b, "DELETE", f"{_PATH}/{view['name']}").status_code == 204
    assert len(_ask(server, region.token_a, "GET").json()) == 1
    assert _ask(server, region.token_a, "DELETE", f"{_PATH}/{view['name']}").status_code == 204
    assert _ask(server, region.token_a, "GET").json() == []


def test_there_is_an_end_to_views(server: Server, region: Region) -> None:
    statuses = [_ask(server, region.token_a, "PUT", name=f"v{n}", search={}).status_code for n in range(51)]
    assert statuses == [204] * 50 + [409]
    assert _ask(server, region.token_a, "PUT", name="v0", search={"q": "li"}).status_code == 204


@pytest.mark.parametrize(
    "body",
    [
        {"name": "", "search": {}},
        {"name": "  ", "search": {}},
        {"name": "x" * 65, "search": {}},
        {"name": "x", "search": 1},
    ],
)
def test_what_is_no_view_is_refused(server: Server, region: Region, body: dict[str, object]) -> None:
    assert _ask(server, region.token_a, "PUT", **body).status_code == 400
