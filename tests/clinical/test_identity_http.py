"""The identity worklist over HTTP: who may see it, what it shows, and what a decision does."""

import re
from collections.abc import Generator
from typing import Any

import httpx
import pytest

from lightwell.clinical.identity_http import ENDPOINTS
from lightwell.standards.fhir.resource import Resource
from tests.region import PASSWORD, Region, Server, running_server, wait_for

MR = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "MR"}]}


@pytest.fixture(scope="module")
def house() -> Generator[tuple[Server, Region]]:
    """The server and its hospitals."""
    with running_server() as pair:
        yield pair


class Desk:
    """Somebody at the worklist."""

    def __init__(self, server: Server, token: str) -> None:
        self.server = server
        self.client = httpx.Client(
            base_url=server.url, headers={"Authorization": f"Bearer {token}"}, timeout=30, trust_env=False
        )

    def get(self, path: str, status: int = 200) -> Any:
        answer = self.client.get(f"/api/identity{path}")
        assert answer.status_code == status, answer.text
        return answer.json()

    def post(self, path: str, body: Any = None, status: int = 200) -> Any:
        answer = self.client.post(f"/api/identity{path}", json=body)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None

    def register(self, number: str, name: str, **more: Any) -> str:
        patient: Resource = {
            "resourceType": "Patient",
            "identifier": [{"type": MR, "system": "urn:mr", "value": number}],
            "name": [{"text": name}],
            "birthDate": "1980-03-12",
            "gender": "male",
            "address": [{"city": "广州市", "line": ["解放路1号"]}],
            **more,
        }
        answer = self.client.post("/fhir/Patient", json=patient)
        assert answer.status_code == 201, answer.text
        return answer.json()["id"]

    def pair_of(self, *patients: str) -> dict[str, Any]:
        """Wait until two are proposed, and return them."""

        def found() -> list[dict[str, Any]]:
            return [row for row in self.get("/candidates") if {row["first"]["id"], row["second"]["id"]} == {*patients}]

        assert wait_for(lambda: bool(found()), 20)
        return found()[0]


@pytest.fixture
def a(house: tuple[Server, Region]) -> Desk:
    return Desk(house[0], house[1].token_a)


@pytest.fixture
def b(house: tuple[Server, Region]) -> Desk:
    return Desk(house[0], house[1].token_b)


def test_two_are_shown_side_by_side_with_what_agrees_and_differs(a: Desk) -> None:
    first, second = a.register("1", "张晓明"), a.register("2", "張小明", address=[{"text": "中山路2号"}])
    pair = a.pair_of(first, second)
    assert {item["trait"]: item["verdict"] for item in pair["findings"]} == {
        "name": "similar",
        "birth_date": "agrees",
        "sex": "agrees",
        "address": "differs",
    }
    told = a.get(f"/candidates/{pair['id']}")["pair"]["first"]
    assert (told["name"], told["pinyin"], told["birth_date"], told["sex"]) == (
        "张晓明",
        "zhang xiao ming",
        "1980-03-12",
        "male",
    )
    assert told["numbers"] == [{"kind": "MR", "issuer": "urn:mr", "value": "1"}]
    assert told["addresses"] == ["广州市解放路1号"]
    assert a.get("")["candidates"] >= 1


@pytest.mark.hazard("H-37")
def test_a_merge_is_previewed_done_listed_and_undone(a: Desk) -> None:
    first, second = a.register("3", "刘洋"), a.register("4", "刘洋")
    pair = a.pair_of(first, second)
    rate = {"resourceType": "Observation", "status": "final", "code": {"text": "x"}}
    answer = a.client.post("/fhir/Observation", json=rate | {"subject": {"reference": f"Patient/{second}"}})
    assert a.get(f"/patients/{second}/moving") == {"Observation": 1}
    number = a.post("/merges", {"survivor": first, "retired": second})["id"]
    moved = a.client.get(f"/fhir/Observation/{answer.json()['id']}").json()
    assert moved["subject"]["reference"] == f"Patient/{first}"
    [done, *_] = a.get("/merges")
    assert (done["id"], done["moved"], done["undone_at"], done["survivor"]["id"]) == (number, 1, None, first)
    assert pair["id"] not in [row["id"] for row in a.get("/candidates")]
    a.post(f"/merges/{number}/undo", status=204)
    assert a.get("/merges")[0]["undone_by"] == "user-a"
    assert a.pair_of(first, second)["id"] == pair["id"]
    a.post(f"/merges/{number}/undo", status=409)


def test_who_is_different_is_not_shown_again(a: Desk) -> None:
    pair = a.pair_of(a.register("5", "马超"), a.register("6", "马超"))
    a.post(f"/candidates/{pair['id']}/different", status=204)
    a.post(f"/candidates/{pair['id']}/different", status=409)
    assert pair["id"] not in [row["id"] for row in a.get("/candidates")]
    a.post(f"/candidates/{pair['id']}/open", status=204)
    a.post(f"/candidates/{pair['id']}/open", status=409)
    assert pair["id"] in [row["id"] for row in a.get("/candidates")]


def test_a_list_comes_in_pages(a: Desk) -> None:
    for number, name in enumerate(("钱多", "孙少", "周全")):
        a.pair_of(a.register(f"7{number}", name), a.register(f"8{number}", name))
    whole = a.get("/candidates")
    first = a.get("/candidates?limit=2")
    rest = a.get(f"/candidates?before={first[-1]['id']}")
    assert first + rest == whole
    assert [row["id"] for row in whole] == sorted((row["id"] for row in whole), reverse=True)
    a.get("/candidates?limit=0", status=400)


@pytest.mark.hazard("H-04")
def test_of_another_hospital_nothing_is_seen_but_that_there_is_somebody(a: Desk, b: Desk) -> None:
    first, second = a.register("9", "诸葛亮"), a.register("10", "诸葛亮")
    there = b.register("9", "诸葛亮")
    pair = a.pair_of(first, second)
    assert wait_for(lambda: a.get(f"/candidates/{pair['id']}")["elsewhere"] == [1, 1], 20)
    assert there not in str(a.get("/candidates")) + str(a.get(f"/candidates/{pair['id']}"))
    assert b.get("/candidates") == b.get("/merges") == b.get("/provisional") == []
    b.get(f"/candidates/{pair['id']}", status=404)
    b.get(f"/patients/{first}/moving", status=404)
    b.post(f"/candidates/{pair['id']}/different", status=404)
    b.post(f"/candidates/{pair['id']}/open", status=404)
    b.post("/merges", {"survivor": first, "retired": second}, status=404)
    b.post("/merges", {"survivor": there, "retired": second}, status=404)


def test_what_is_seen_and_done_is_in_the_audit_trail(a: Desk) -> None:
    first, second = a.register("11", "关羽"), a.register("12", "关羽")
    pair = a.pair_of(first, second)
    a.post(f"/candidates/{pair['id']}/different", status=204)
    rows = a.server.query(
        "SELECT action FROM core.audit WHERE subject = %s AND screen = 'identity'", f"patient/{first}"
    )
    assert {action for (action,) in rows} == {"read", "patient.said_different"}


def asked(server: Server, token: str) -> set[int]:
    """Return what everything of the worklist answers to somebody."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    with httpx.Client(base_url=server.url, headers=headers, timeout=30, trust_env=False) as client:
        paths = [(item.method, re.sub(r"{\w+}", "0", item.path)) for item in ENDPOINTS]
        body = {"survivor": "x", "retired": "y", "one": "x", "other": "y", "reason": "z"}
        return {client.request(method, path, json=body).status_code for method, path in paths}


@pytest.mark.parametrize("role", ["reader", "clinician", "auditor"])
def test_nobody_sees_or_decides_who_may_not(house: tuple[Server, Region], role: str) -> None:
    made = house[0].run("user", "create", f"{role}-a", "--organisation", "a", "--role", role, "--password", PASSWORD)
    assert made.returncode == 0, made.stderr
    assert asked(house[0], house[0].run("token", "create", "--user", f"{role}-a").stdout.strip()) == {403}


def test_who_has_not_signed_in_is_told_so_and_who_may_is_let_in(house: tuple[Server, Region]) -> None:
    assert asked(house[0], "") <= {401, 403}
    assert not asked(house[0], house[1].token_a) & {401, 403}


def test_a_provisional_patient_is_kept_as_they_are_until_that_is_taken_back(a: Desk, b: Desk) -> None:
    tag = {"system": "urn:lightwell:patient", "code": "provisional"}
    patient = a.register("14", "马超", active=True, meta={"tag": [{"code": "own"}, tag]})

    def waits() -> bool:
        return patient in {row["id"] for row in a.get("/provisional")}

    assert waits()
    b.post(f"/patients/{patient}/confirm", status=404)
    for act, is_waiting in (("confirm", False), ("confirm", False), ("doubt", True), ("doubt", True)):
        a.post(f"/patients/{patient}/{act}", status=204)
        assert waits() is is_waiting
    kept = a.client.get(f"/fhir/Patient/{patient}").json()
    assert (kept["meta"]["versionId"], kept["meta"]["tag"]) == ("3", [{"code": "own"}, tag])
    acts = a.server.query(
        "SELECT action FROM core.audit WHERE subject = %s AND action LIKE 'patient.%%' ORDER BY id",
        f"patient/{patient}",
    )
    assert [act for (act,) in acts if act != "patient.compared"] == ["patient.confirmed", "patient.doubted"]


def test_nobody_is_doubted_who_was_not_kept_as_they_are(a: Desk) -> None:
    known = a.register("15", "黄忠")
    a.post(f"/patients/{known}/doubt", status=409)
    tag = {"system": "urn:lightwell:patient", "code": "provisional"}
    described = a.register("16", "魏延", meta={"tag": [tag]})
    put = {"resourceType": "Patient", "id": described, "name": [{"text": "魏延"}], "birthDate": "1970-01-01"}
    assert a.client.put(f"/fhir/Patient/{described}", json=put).is_success
    a.post(f"/patients/{described}/doubt", status=409)


def test_two_are_linked_by_hand_and_that_is_taken_back(a: Desk, b: Desk) -> None:
    one, other = a.register("17", "姜维"), a.register("18", "姜伯约", birthDate="1985-02-03")
    both = {"one": one, "other": other, "reason": "同一人，两次建档"}

    def links() -> list[list[dict[str, Any]]]:
        return [a.client.get(f"/fhir/Patient/{key}").json().get("link", []) for key in (one, other)]

    b.post("/links", both, status=404)
    a.post("/links", both | {"reason": " "}, status=400)
    a.post("/links", both | {"other": one}, status=400)
    a.post("/links", both | {"other": "nobody"}, status=404)
    for _ in "12":  # twice is once
        a.post("/links", both, status=204)
    assert links() == [[{"other": {"reference": f"Patient/{key}"}, "type": "seealso"}] for key in (other, one)]
    b.post("/links/undo", both, status=404)
    a.post("/links/undo", both | {"reason": "误关联"}, status=204)
    assert links() == [[], []]
    audited = "SELECT action, detail FROM core.audit WHERE subject = %s AND action LIKE 'patient.%%linked' ORDER BY id"
    assert a.server.query(audited, f"patient/{one}") == [
        ("patient.linked", {"with": f"Patient/{other}", "reason": "同一人，两次建档"}),
        ("patient.unlinked", {"with": f"Patient/{other}", "reason": "误关联"}),
    ]
    a.post("/merges", {"survivor": one, "retired": other})
    a.post("/links", both, status=409)


def test_two_that_were_linked_wait_no_more_until_that_is_taken_back(a: Desk) -> None:
    one, other = a.register("19", "廖化"), a.register("20", "廖化")
    both = {"one": one, "other": other, "reason": "门诊与住院各一份"}
    number = a.pair_of(one, other)["id"]
    a.post("/links", both, status=204)
    assert number not in {row["id"] for row in a.get("/candidates")}
    a.post("/links/undo", both, status=204)
    assert number in {row["id"] for row in a.get("/candidates")}


def test_two_that_are_linked_before_they_are_compared_are_not_asked_about(a: Desk) -> None:
    links = [{"type": "seealso", "other": {"reference": "Patient/alike-2"}}]
    told = {"resourceType": "Patient", "name": [{"text": "关兴"}], "birthDate": "1981-01-02", "gender": "male"}
    for key, link in (("alike-1", links), ("alike-2", None), ("alike-3", None)):
        patient = {**told, "id": key, "telecom": [{"system": "phone", "value": "13911112222"}]}
        assert a.client.put(f"/fhir/Patient/{key}", json=patient | ({"link": link} if link else {})).is_success
    a.pair_of("alike-1", "alike-3")
    a.pair_of("alike-2", "alike-3")
    asked = [{row["first"]["id"], row["second"]["id"]} for row in a.get("/candidates")]
    assert {"alike-1", "alike-2"} not in asked


def test_what_cannot_be_is_refused(a: Desk) -> None:
    patient = a.register("13", "赵云")
    a.post("/merges", {"survivor": patient, "retired": patient}, status=400)
    a.post("/merges", {"survivor": patient}, status=400)
    a.post("/merges", {"survivor": patient, "retired": "nobody"}, status=404)
    a.post("/merges/99999/undo", status=404)
    a.get("/candidates/abc", status=400)
    a.get("/patients/nobody/moving", status=404)


@pytest.mark.hazard("H-04")
def test_whose_a_patient_is_is_told_to_those_who_may_see_it(a: Desk, b: Desk) -> None:
    mine, theirs = a.register("W1", "上官婉"), b.register("W1", "上官婉")
    query = {"ids": f"{mine},{theirs},nobody"}
    of_a, of_b = (desk.client.get("/api/patients/hospitals", params=query).json() for desk in (a, b))
    assert (list(of_a), list(of_b)) == ([mine], [theirs])
    assert of_a[mine] != of_b[theirs]
    assert a.client.get("/api/patients/hospitals", params={"ids": "x" * 9000}).status_code == 400
