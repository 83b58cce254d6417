"""Hanging protocols: whose they are, who may change them, and that none is kept that cannot be laid out."""

from typing import Any

import httpx
import msgspec
import pytest

from lightwell.archive.hanging.keeping import MOST, MOST_BYTES, built_in
from lightwell.archive.hanging.protocol import Protocol
from tests.region import PASSWORD, Region, Server, running_server

_PATH = "/api/hanging-protocols"
_PANE: dict[str, Any] = {"row": 0, "column": 0, "picks": [{}], "view": "stack"}
_STAGE: dict[str, Any] = {"name": "一", "rows": 1, "columns": 2, "panes": [_PANE], "links": {}}
_PROTOCOL: dict[str, Any] = {
    "name": {"zh-CN": "胸部", "en": "Chest"},
    "matches": {"modalities": ["CT"], "body_parts": ["CHEST"], "min_series": 2},
    "stages": [
        {
            "name": "肺与纵隔",
            "rows": 2,
            "columns": 2,
            "panes": [
                {
                    "row": 0,
                    "column": 0,
                    "rowSpan": 2,
                    "picks": [{"description_contains": ["lung", "肺"], "plane": "axial", "prefer": "thinnest"}, {}],
                    "view": "axial",
                    "window": "lung",
                },
                {"row": 0, "column": 1, "picks": [{}], "view": "mip", "window": {"center": 40, "width": 400}},
                {"row": 1, "column": 1, "picks": [{"laterality": "R"}], "view": "stack", "prior": 1, "again": True},
            ],
            "links": {"scroll": True, "zoom": False},
        }
    ],
}


@pytest.fixture(scope="module")
def node() -> Any:
    """A server of its own."""
    with running_server() as pair:
        yield pair


def _ask(node: tuple[Server, Region], method: str, key: str = "", token: str = "", **more: Any) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token or node[1].token_a}"}
    address = node[0].url + _PATH + (f"/{key}" if key else "")
    return httpx.request(method, address, headers=headers, timeout=30, **more)


def _listed(node: tuple[Server, Region], token: str = "", **query: str) -> list[dict[str, Any]]:
    answer = _ask(node, "GET", token=token, params=query)
    assert answer.status_code == 200, answer.text
    return list(answer.json())


def _keep(node: tuple[Server, Region], key: str, protocol: Any = None, token: str = "", **query: str) -> httpx.Response:
    return _ask(node, "PUT", key, token, params=query, json=_PROTOCOL if protocol is None else protocol)


def _remove(node: tuple[Server, Region], key: str, token: str = "", **query: str) -> httpx.Response:
    return _ask(node, "DELETE", key, token, params=query)


def _token(node: tuple[Server, Region], username: str, *roles: tuple[int, str]) -> str:
    """Return a token of somebody with roles in hospital A or B."""
    server, region = node
    by_hospital = {region.a: region.token_a, region.b: region.token_b}
    (first, role), *others = roles
    headers = {"Authorization": f"Bearer {by_hospital[first]}"}
    body = {"username": username, "password": PASSWORD, "organisation_id": first, "role": role}
    assert httpx.post(f"{server.url}/api/accounts", json=body, headers=headers, timeout=30).status_code == 204
    token = httpx.post(
        f"{server.url}/api/tokens", json={"username": username, "label": "x"}, headers=headers, timeout=30
    ).json()["token"]
    for number, other in others:
        headers = {"Authorization": f"Bearer {by_hospital[number]}"}
        given = {"organisation_id": number, "role": other}
        answer = httpx.post(f"{server.url}/api/accounts/{username}/roles", json=given, headers=headers, timeout=30)
        assert answer.status_code == 204
    return str(token)


def test_the_house_brings_protocols_for_each_kind_of_study(node: tuple[Server, Region]) -> None:
    listed = _listed(node)
    assert {item["owner"] for item in listed} == {"built-in"}
    for modality in ("CT", "MR", "CR", "DX", "MG", "US"):
        assert any(modality in item["matches"]["modalities"] for item in listed)
    assert any(item["matches"].get("min_priors") == 1 for item in listed)
    views = {pane["view"] for item in listed for stage in item["stages"] for pane in stage["panes"]}
    assert views == {"stack", "axial", "coronal", "sagittal", "mip"}


def test_ones_own_comes_first_then_the_hospitals_then_those_built_in(node: tuple[Server, Region]) -> None:
    assert _keep(node, "of-hospital", owner="hospital").status_code == 204
    assert _keep(node, "own").status_code == 204
    listed = _listed(node)
    assert [(item["id"], item["owner"], item.get("organisation")) for item in listed[:2]] == [
        ("own", "mine", None),
        ("of-hospital", "hospital", "a"),
    ]
    assert {item["owner"] for item in listed[2:]} == {"built-in"}
    assert {key: listed[0][key] for key in _PROTOCOL} == _PROTOCOL
    changed = _PROTOCOL | {"name": "胸"}
    assert _keep(node, "own", changed).status_code == 204
    assert _listed(node)[0]["name"] == "胸"
    assert _remove(node, "own").status_code == 204
    assert _remove(node, "own").status_code == 404
    assert _remove(node, "of-hospital", owner="hospital").status_code == 204
    actions = "SELECT action, subject, organisation_id FROM core.audit WHERE action LIKE 'hanging%%' ORDER BY id"
    subject = "hanging_protocol/of-hospital"
    assert node[0].query(actions)[-2:] == [
        ("hanging_protocol.kept", subject, node[1].a),
        ("hanging_protocol.removed", subject, node[1].a),
    ]


@pytest.mark.hazard("H-04")
def test_nobody_sees_or_changes_those_of_others(node: tuple[Server, Region]) -> None:
    token_b = node[1].token_b
    assert _keep(node, "seen", owner="hospital").status_code == 204
    assert _keep(node, "seen-own").status_code == 204
    assert {item["owner"] for item in _listed(node, token_b)} == {"built-in"}
    assert _remove(node, "seen", token_b, owner="hospital").status_code == 404
    assert _remove(node, "seen-own", token_b).status_code == 404
    assert _keep(node, "seen", token=token_b, owner="hospital", organisation="a").status_code == 403
    for query in ({"owner": "hospital"}, {}):
        assert _remove(node, "seen" if query else "seen-own", **query).status_code == 204


def test_who_reads_keeps_their_own_but_not_the_hospitals(node: tuple[Server, Region]) -> None:
    reader = _token(node, "hanna", (node[1].a, "reader"))
    assert _keep(node, "mine", token=reader).status_code == 204
    answer = _keep(node, "everybodys", token=reader, owner="hospital")
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    assert [item["id"] for item in _listed(node, reader) if item["owner"] != "built-in"] == ["mine"]


def test_who_decides_in_two_hospitals_says_for_which(node: tuple[Server, Region]) -> None:
    both = _token(node, "ivo", (node[1].a, "engineer"), (node[1].b, "engineer"))
    answer = _keep(node, "two", token=both, owner="hospital")
    assert answer.status_code == 403
    assert "?organisation=" in answer.json()["detail"]
    assert _keep(node, "two", token=both, owner="hospital", organisation="b").status_code == 204
    assert [item["organisation"] for item in _listed(node, both) if item["id"] == "two"] == ["b"]
    assert "two" not in [item["id"] for item in _listed(node, both, organisation="a")]
    assert "two" not in [item["id"] for item in _listed(node)]
    assert _remove(node, "two", both, owner="hospital", organisation="b").status_code == 204


def test_who_decides_in_one_hospital_and_reads_in_another_decides_for_the_one(node: tuple[Server, Region]) -> None:
    token = _token(node, "jana", (node[1].a, "engineer"), (node[1].b, "reader"))
    assert _keep(node, "one", token=token, owner="hospital", organisation="b").status_code == 403
    assert _keep(node, "one", token=token, owner="hospital").status_code == 204
    assert [item["organisation"] for item in _listed(node, token) if item["id"] == "one"] == ["a"]
    assert _remove(node, "one", token, owner="hospital").status_code == 204


def _with(stage: dict[str, Any] | None = None, pane: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """Return a protocol of one stage with one pane, some of it replaced."""
    changed = _STAGE | {"panes": [_PANE | (pane or {})]} | (stage or {})
    return {"name": "x", "matches": {"modalities": [], "body_parts": []}, "stages": [changed]} | more


@pytest.mark.parametrize(
    ("protocol", "says"),
    [
        (_with(name=" "), "name"),
        (_with(name={"en": "only"}), "zh-CN"),
        (_with(stages=[]), "stages"),
        (_with(matches={"modalities": ["ct scan!"], "body_parts": []}), "modalities"),
        (_with(pane={"column": 2}), "out of the grid"),
        (_with(pane={"columnSpan": 3}), "out of the grid"),
        (_with(pane={"row": -1}), "row"),
        (_with(pane={"view": "film"}), "view"),
        (_with(pane={"picks": []}), "picks"),
        (_with(pane={"picks": [{"plane": "axial", "colour": "red"}]}), "colour"),
        (_with(pane={"picks": [{"laterality": "left"}]}), "laterality"),
        (_with(pane={"window": {"center": 0, "width": 0}}), "window"),
        (_with({"panes": [_PANE, _PANE]}), "over another"),
        (_with({"panes": [_PANE | {"columnSpan": 2}, _PANE | {"column": 1}]}), "over another"),
        (_with({"rows": 7}), "rows"),
        (_with({"links": {"colour": True}}), "colour"),
        ([], "object"),
    ],
)
def test_what_cannot_be_laid_out_is_refused(node: tuple[Server, Region], protocol: Any, says: str) -> None:
    answer = _keep(node, "bad", protocol)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")
    assert says in answer.json()["detail"]
    assert "bad" not in [item["id"] for item in _listed(node)]


@pytest.mark.parametrize("key", ["Upper", "-first", "a" * 65, "with space"])
def test_an_id_is_small_letters_digits_and_hyphens(node: tuple[Server, Region], key: str) -> None:
    assert _keep(node, key).status_code == 400


def test_what_comes_with_the_house_stays_as_it_is(node: tuple[Server, Region]) -> None:
    assert _keep(node, "ct-chest").status_code == 409
    assert _keep(node, "ct-chest", owner="hospital").status_code == 409


def test_there_is_an_end_to_protocols(node: tuple[Server, Region]) -> None:
    picks = [{"description_contains": ["描" * 64] * 20}] * 10
    answer = _keep(node, "long", _with({"panes": [_PANE | {"column": place, "picks": picks} for place in (0, 1)]}))
    assert answer.status_code == 413
    assert str(MOST_BYTES) in answer.json()["detail"]
    token = _token(node, "kurt", (node[1].a, "reader"))
    statuses = [_keep(node, f"p{number}", token=token).status_code for number in range(MOST + 1)]
    assert statuses == [204] * MOST + [409]
    assert _keep(node, "p0", token=token).status_code == 204


def test_what_an_older_version_kept_and_this_one_does_not_know_is_left_out(node: tuple[Server, Region]) -> None:
    insert = "INSERT INTO archive.hanging_protocol (organisation_id, id, protocol) VALUES (%s, 'old', '{\"x\": 1}')"
    node[0].query(insert, node[1].a)
    assert "old" not in [item["id"] for item in _listed(node)]
    assert node[0].query("DELETE FROM archive.hanging_protocol WHERE id = 'old' RETURNING id") == [("old",)]


def test_nobody_reads_them_without_signing_in(node: tuple[Server, Region]) -> None:
    assert httpx.get(node[0].url + _PATH, timeout=30).status_code == 401


def test_what_is_built_in_comes_back_as_it_was_written() -> None:
    for kept in built_in():
        again = msgspec.json.decode(msgspec.json.encode(kept.protocol), type=Protocol)
        assert again == kept.protocol
        assert not isinstance(kept.protocol.name, str)
        assert all(not isinstance(stage.name, str) for stage in kept.protocol.stages)
