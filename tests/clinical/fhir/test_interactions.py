"""Each interaction of FHIR on one resource, as clients see it (R4 3.1.0)."""

import json
from typing import Any

import pytest

from lightwell.clinical.fhir.http import ENDPOINTS
from tests.clinical.fhir.conftest import Client

PATCH = {"Content-Type": "application/json-patch+json"}


def patient(**more: Any) -> dict[str, Any]:
    return {"resourceType": "Patient", "name": [{"family": "王", "given": ["东华"]}], **more}


def create(client: Client, resource: dict[str, Any]) -> dict[str, Any]:
    answer = client("POST", f"/{resource['resourceType']}", json=resource)
    assert answer.status_code == 201, answer.text
    return answer.json()


def issue_of(answer: Any) -> dict[str, Any]:
    assert answer.headers["content-type"].startswith("application/fhir+json")
    outcome = answer.json()
    assert outcome["resourceType"] == "OperationOutcome"
    return outcome["issue"][0]


def test_what_is_created_is_read_with_its_version_and_place(a: Client) -> None:
    answer = a("POST", "/Patient", json=patient(gender="female"))
    identifier = answer.json()["id"]
    assert answer.status_code == 201
    assert answer.headers["location"].endswith(f"/fhir/Patient/{identifier}/_history/1")
    assert answer.headers["etag"] == 'W/"1"'
    found = a("GET", f"/Patient/{identifier}")
    assert found.content == answer.content
    assert found.headers["etag"] == 'W/"1"'
    assert found.json()["meta"]["versionId"] == "1"


def test_decimals_keep_their_digits(a: Client) -> None:
    content = '{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueQuantity":{"value":44.50}}'
    answer = a("POST", "/Observation", content=content)
    assert b'"value":44.50' in a("GET", f"/Observation/{answer.json()['id']}").content


@pytest.mark.parametrize("prefer", ["minimal", "OperationOutcome"])
def test_the_client_says_what_it_wants_to_be_sent(a: Client, prefer: str) -> None:
    answer = a("POST", "/Patient", json=patient(), headers={"Prefer": f"return={prefer}"})
    assert answer.status_code == 201
    assert "location" in answer.headers
    assert (answer.json()["resourceType"] if answer.content else "minimal") == prefer


def test_an_update_makes_a_version_and_the_last_stays_readable(a: Client) -> None:
    first = create(a, patient())
    address = f"/Patient/{first['id']}"
    second = a("PUT", address, json=first | {"gender": "male"})
    assert (second.status_code, second.headers["etag"]) == (200, 'W/"2"')
    assert a("GET", f"{address}/_history/1").json() == first
    assert a("GET", f"{address}/_history/2").json() == second.json()
    assert a("GET", f"{address}/_history/3").status_code == 404


def test_an_update_under_a_new_id_creates(a: Client) -> None:
    answer = a("PUT", "/Patient/chosen-here", json=patient(id="chosen-here"))
    assert answer.status_code == 201
    assert a("GET", "/Patient/chosen-here").status_code == 200


def test_who_saw_an_older_version_is_told_and_changes_nothing(a: Client) -> None:
    first = create(a, patient())
    address = f"/Patient/{first['id']}"
    assert a("PUT", address, json=first, headers={"If-Match": 'W/"1"'}).status_code == 200
    late = a("PUT", address, json=first | {"gender": "male"}, headers={"If-Match": 'W/"1"'})
    assert late.status_code == 412
    assert "version 2 is there" in issue_of(late)["diagnostics"]
    assert "gender" not in a("GET", address).json()


def test_a_known_version_is_not_sent_again(a: Client) -> None:
    first = create(a, patient())
    answer = a("GET", f"/Patient/{first['id']}", headers={"If-None-Match": 'W/"1"'})
    assert (answer.status_code, answer.content) == (304, b"")


def test_what_is_deleted_is_gone_and_its_versions_are_not(a: Client) -> None:
    first = create(a, patient())
    address = f"/Patient/{first['id']}"
    assert a("DELETE", address).status_code == 204
    assert a("GET", address).status_code == 410
    assert a("GET", f"{address}/_history/1").status_code == 200
    assert a("GET", f"{address}/_history/2").status_code == 410
    assert a("DELETE", address).status_code == 204
    assert a("PUT", address, json=first).status_code == 201
    history = a("GET", f"{address}/_history").json()
    assert [entry["request"]["method"] for entry in history["entry"]] == ["PUT", "DELETE", "POST"]


def test_a_patch_changes_what_it_names(a: Client) -> None:
    first = create(a, patient())
    address = f"/Patient/{first['id']}"
    content = json.dumps([{"op": "add", "path": "/gender", "value": "female"}])
    answer = a("PATCH", address, content=content, headers=PATCH)
    assert (answer.status_code, answer.json()["gender"]) == (200, "female")


@pytest.mark.parametrize(
    ("operation", "status"),
    [
        ({"op": "add", "path": "/gender", "value": "unheard of"}, 422),
        ({"op": "replace", "path": "/id", "value": "other"}, 400),
        ({"op": "remove", "path": "/birthDate"}, 422),
        ({"op": "test", "path": "/name/0/family", "value": "李"}, 409),
    ],
)
def test_a_patch_that_does_not_fit_changes_nothing(a: Client, operation: dict[str, Any], status: int) -> None:
    first = create(a, patient())
    address = f"/Patient/{first['id']}"
    answer = a("PATCH", address, content=json.dumps([operation]), headers=PATCH)
    assert answer.status_code == status
    assert a("GET", address).json() == first


def test_history_is_paged_newest_first(a: Client) -> None:
    first = create(a, patient())
    address = f"/Patient/{first['id']}"
    for _ in range(4):
        a("PUT", address, json=first)
    versions: list[str] = []
    path = f"{address}/_history?_count=2"
    while path:
        page = a("GET", path).json()
        versions += [entry["resource"]["meta"]["versionId"] for entry in page["entry"]]
        following = [link["url"] for link in page["link"] if link["relation"] == "next"]
        path = following[0].partition("/fhir")[2] if following else ""
    assert versions == ["5", "4", "3", "2", "1"]


def test_history_of_a_type_tells_what_changed_since(a: Client) -> None:
    before = create(a, {"resourceType": "Basic", "code": {"text": "before"}})
    after = create(a, {"resourceType": "Basic", "code": {"text": "after"}})
    page = a("GET", "/Basic/_history", params={"_since": after["meta"]["lastUpdated"]}).json()
    found = {entry["resource"]["id"] for entry in page["entry"]}
    assert after["id"] in found
    everything = a("GET", "/Basic/_history").json()
    assert before["id"] in {entry["resource"]["id"] for entry in everything["entry"]}


@pytest.mark.parametrize(
    ("method", "path", "content", "status", "said"),
    [
        ("GET", "/Patient/none", None, 404, "there is no Patient"),
        ("GET", "/Nonsense/1", None, 404, "no such resource type"),
        ("GET", "/Patient/1/2/3/4", None, 404, "/fhir/metadata"),
        ("POST", "/Patient", b"{", 400, "JSON"),
        ("POST", "/Patient", b'{"resourceType":"Patient","gendr":"male"}', 422, "gendr"),
        ("POST", "/Patient", b'{"resourceType":"Basic","code":{"text":"x"}}', 400, "the address names"),
        ("PUT", "/Patient/1", b'{"resourceType":"Patient","id":"2"}', 400, "the ID of the address"),
        ("PATCH", "/Patient/none", b"[]", 415, "json-patch"),
    ],
)
def test_what_cannot_be_done_is_told_as_an_outcome(
    a: Client, method: str, path: str, content: bytes | None, status: int, said: str
) -> None:
    answer = a(method, path, content=content)
    assert answer.status_code == status
    issue = issue_of(answer)
    assert said in issue["diagnostics"] + issue.get("expression", [""])[0]


def test_xml_is_not_sent(a: Client) -> None:
    assert a("GET", "/Patient/1", headers={"Accept": "application/fhir+xml"}).status_code == 406


def test_nobody_reads_without_signing_in(a: Client) -> None:
    answer = a("GET", "/Patient/1", headers={"Authorization": "Bearer wrong"})
    assert (answer.status_code, issue_of(answer)["code"]) == (401, "login")


def test_a_hospital_gets_nothing_of_another(a: Client, b: Client) -> None:
    first = create(a, patient())
    address = f"/Patient/{first['id']}"
    assert b("GET", address).status_code == 404
    assert b("GET", f"{address}/_history").status_code == 404
    assert b("GET", f"{address}/_history/1").status_code == 404
    assert b("DELETE", address).status_code == 204
    assert b("PUT", address, json=first | {"gender": "male"}).status_code == 201  # its own, under the same ID
    assert a("GET", address).json() == first
    page = b("GET", "/Patient/_history").json()
    assert all(entry["resource"].get("gender") == "male" for entry in page.get("entry", ()))


def test_a_part_of_a_resource_is_marked_as_one(a: Client) -> None:
    first = create(a, patient(gender="female", birthDate="1970-01-01"))
    part = a("GET", f"/Patient/{first['id']}", params={"_elements": "gender"}).json()
    assert part["gender"] == "female"
    assert "birthDate" not in part
    assert part["meta"]["tag"][0]["code"] == "SUBSETTED"


def test_the_capability_statement_is_valid_and_tells_what_is_there(a: Client) -> None:
    statement = a("GET", "/metadata").json()
    assert len(statement["rest"][0]["resource"]) == 146
    assert a("POST", "/CapabilityStatement", json=statement).status_code == 201


def test_the_capability_statement_tells_which_operations_and_reverse_includes_there_are(a: Client) -> None:
    [rest] = a("GET", "/metadata").json()["rest"]
    own = {item["type"]: item for item in rest["resource"]}
    operations = {name: [one["name"] for one in item.get("operation", ())] for name, item in own.items()}
    assert [one["name"] for one in rest["operation"]] == ["export"]
    assert {name: told for name, told in operations.items() if told} == {
        "Patient": ["export", "everything"],
        "Observation": ["lastn"],
    }
    assert "Observation:patient" in own["Patient"]["searchRevInclude"]
    assert "Patient:organization" not in own["Patient"]["searchRevInclude"]
    assert len(own["Patient"]["interaction"]) == 9


def test_every_operation_that_is_wired_is_told_of(a: Client) -> None:
    said = json.dumps(a("GET", "/metadata").json()["rest"])
    wired = {row.path.rpartition("$")[2] for row in ENDPOINTS if "/$" in row.path}
    told = {name for name in wired if f'"name": "{name}"' in said}
    assert wired - told == {"export-status", "export-file/{resource_type}"}  # where an export is asked for


def test_what_is_named_by_a_search_is_changed_only_in_the_version_that_the_client_saw(a: Client) -> None:
    first = create(a, patient(identifier=[{"system": "urn:mrn", "value": "seen"}]))
    where = "/Patient?identifier=urn:mrn|seen"
    second = a("PUT", where, json=first | {"gender": "male"}, headers={"If-Match": 'W/"1"'})
    assert second.headers["etag"] == 'W/"2"'
    late = {"If-Match": 'W/"1"'}
    assert a("PUT", where, json=first, headers=late).status_code == 412
    assert a("PATCH", where, content="[]", headers=PATCH | late).status_code == 412
    assert a("DELETE", where, headers=late).status_code == 412
    assert a("GET", f"/Patient/{first['id']}").json() == second.json()


def test_any_version_is_one_that_is_there(a: Client) -> None:
    first, any_version = create(a, patient()), {"If-Match": "*"}
    address = f"/Patient/{first['id']}"
    assert a("PUT", address, json=first, headers=any_version).status_code == 200
    assert a("DELETE", address).status_code == 204
    assert a("PUT", address, json=first, headers=any_version).status_code == 412
    assert a("PUT", "/Patient/never", json=patient(id="never"), headers=any_version).status_code == 412
    assert a("PUT", "/Patient?identifier=urn:mrn|never", json=patient(), headers=any_version).status_code == 412
