"""A hospital's whole record leaves as files of one resource a line, as it was at one moment."""

import json
from typing import Any

from tests.clinical.fhir.conftest import Client
from tests.clinical.fhir.test_interactions import create, patient

ASYNC = {"Prefer": "respond-async"}


def manifest(client: Client, path: str) -> dict[str, Any]:
    answer = client("GET", path, headers=ASYNC)
    assert answer.status_code == 202, answer.text
    return client("GET", answer.headers["content-location"].partition("/fhir")[2]).json()


def lines(client: Client, told: dict[str, Any], type_name: str) -> dict[str, Any]:
    address = next(item["url"] for item in told["output"] if item["type"] == type_name)
    answer = client("GET", address.partition("/fhir")[2])
    assert answer.headers["content-type"] == "application/fhir+ndjson"
    resources = [json.loads(line) for line in answer.text.splitlines()]
    return {item["id"]: item for item in resources}


def test_every_resource_is_exported_as_it_was_at_the_moment_of_the_order(a: Client) -> None:
    kept, changed, gone = (create(a, patient()) for _ in range(3))
    told = manifest(a, "/$export?_type=Patient,Basic")
    a("PUT", f"/Patient/{changed['id']}", json=changed | {"gender": "male"})
    a("DELETE", f"/Patient/{gone['id']}")
    later = create(a, patient())
    found = lines(a, told, "Patient")
    assert [found[item["id"]] for item in (kept, changed, gone)] == [kept, changed, gone]
    assert later["id"] not in found


def test_what_changed_since_is_exported_alone(a: Client) -> None:
    before = create(a, patient())
    after = create(a, patient())
    found = lines(a, manifest(a, f"/Patient/$export?_since={after['meta']['lastUpdated']}"), "Patient")
    assert after["id"] in found
    assert before["id"] not in found


def test_more_than_a_page_is_exported_once_each(a: Client) -> None:
    entry = {
        "resource": {"resourceType": "Basic", "code": {"text": "x"}},
        "request": {"method": "POST", "url": "Basic"},
    }
    answer = a("POST", "", json={"resourceType": "Bundle", "type": "transaction", "entry": [entry] * 1201})
    assert answer.status_code == 200
    told = manifest(a, "/$export?_type=Basic")
    address = told["output"][0]["url"].partition("/fhir")[2]
    ids = [json.loads(line)["id"] for line in a("GET", address).text.splitlines()]
    assert len(ids) == len(set(ids)) >= 1201


def test_a_hospital_exports_nothing_of_another(a: Client, b: Client) -> None:
    mine = create(a, patient())
    told = manifest(a, "/$export?_type=Patient")
    address = told["output"][0]["url"].partition("/fhir")[2]
    assert mine["id"] in a("GET", address).text
    assert mine["id"] not in b("GET", address).text


def test_an_order_says_what_is_wrong_with_it(a: Client) -> None:
    assert a("GET", "/$export").status_code == 400
    assert a("GET", "/$export?_outputFormat=text/csv", headers=ASYNC).status_code == 400
    assert a("GET", "/$export?_type=Nonsense", headers=ASYNC).status_code == 404
    assert a("GET", "/$export?_since=yesterday", headers=ASYNC).status_code == 400
