"""Searches as clients make them: sorted, in pages, over references, with what belongs to it (R4 3.1.1)."""

from collections.abc import Generator
from typing import Any

import pytest

from tests.clinical.fhir.conftest import Client, client_of
from tests.clinical.fhir.test_interactions import create, issue_of
from tests.region import running_server

LOINC = "http://loinc.org"


@pytest.fixture(scope="module")
def clients() -> Generator[tuple[Client, Client]]:
    with running_server() as (server, region):
        yield client_of(server, region.token_a), client_of(server, region.token_b)


@pytest.fixture(scope="module")
def a(clients: tuple[Client, Client]) -> Client:
    return clients[0]


@pytest.fixture(scope="module")
def b(clients: tuple[Client, Client]) -> Client:
    return clients[1]


def patient(family: str, **more: Any) -> dict[str, Any]:
    return {"resourceType": "Patient", "name": [{"text": family, "family": family[0], "given": [family[1:]]}], **more}


def observation(owner: dict[str, Any], code: str, day: str, value: float) -> dict[str, Any]:
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": LOINC, "code": code}]},
        "subject": {"reference": f"Patient/{owner['id']}"},
        "effectiveDateTime": day,
        "valueQuantity": {"value": value, "system": "http://unitsofmeasure.org", "code": "/min"},
    }


@pytest.fixture(scope="module")
def people(a: Client) -> list[dict[str, Any]]:
    """Three patients of hospital A, of whom the first has twelve observations and the second one."""
    clinic = create(a, {"resourceType": "Organization", "name": "心内科"})
    managed = {"managingOrganization": {"reference": f"Organization/{clinic['id']}"}}
    found = [create(a, patient(name, **managed)) for name in ("张三", "李四丰", "王五")]
    for day in range(1, 13):
        create(a, observation(found[0], "8867-4", f"2026-03-{day:02}", 60 + day))
    create(a, observation(found[1], "8310-5", "2026-04-01", 37))
    return found


def ids(client: Client, path: str) -> list[str]:
    answer = client("GET", path)
    assert answer.status_code == 200, answer.text
    return [entry["resource"]["id"] for entry in answer.json().get("entry", ()) if entry["search"]["mode"] == "match"]


def days(client: Client, path: str) -> list[str]:
    entries = client("GET", path).json()["entry"]
    return [entry["resource"]["effectiveDateTime"][-2:] for entry in entries]


@pytest.mark.parametrize("typed", ["张三", "三", "zhangsan", "zhang san", "zs", "ZhangS"])
def test_a_chinese_name_is_found_as_it_is_typed(a: Client, people: list[dict[str, Any]], typed: str) -> None:
    assert people[0]["id"] in ids(a, f"/Patient?name={typed}")
    assert people[1]["id"] not in ids(a, f"/Patient?name={typed}")


def test_the_newest_come_first_where_that_is_asked(a: Client, people: list[dict[str, Any]]) -> None:
    search = f"/Observation?patient={people[0]['id']}&code={LOINC}|8867-4"
    assert days(a, f"{search}&_sort=-date&_count=3") == ["12", "11", "10"]
    assert days(a, f"{search}&_sort=date&_count=2") == ["01", "02"]
    assert days(a, f"{search}&_sort=-value-quantity,date&_count=1") == ["12"]


@pytest.mark.parametrize("sort", ["name", "family"])
def test_names_stand_in_the_order_of_a_dictionary(a: Client, sort: str) -> None:
    system = f"urn:sorted:{sort}"
    for name in ("张一", "阿一", "李一", "王一", "曾一", "章一"):
        create(a, patient(name, identifier=[{"system": system, "value": name}]))
    for way, expected in (("", "阿李王曾张章"), ("-", "章张曾王李阿")):
        entries = a("GET", f"/Patient?identifier={system}|&_sort={way}{sort}").json()["entry"]
        assert "".join(entry["resource"]["name"][0]["family"] for entry in entries) == expected
    first = a("GET", f"/Patient?identifier={system}|&_sort={sort}&_count=3").json()
    further = next(link["url"] for link in first["link"] if link["relation"] == "next").partition("/fhir")[2]
    assert a("GET", further).json()["entry"][0]["resource"]["name"][0]["family"] == "曾"


@pytest.mark.parametrize("sort", ["", "&_sort=-date", "&_sort=value-quantity,-date", "&_sort=_lastUpdated,_id"])
def test_pages_give_each_once_while_others_are_written(a: Client, people: list[dict[str, Any]], sort: str) -> None:
    search = f"/Observation?patient={people[0]['id']}&code=8867-4&date=le2026-03-12{sort}&_count=5"
    seen: list[str] = []
    while search:
        page = a("GET", search).json()
        seen += [entry["resource"]["id"] for entry in page["entry"]]
        further = [link["url"] for link in page["link"] if link["relation"] == "next"]
        search = further[0].partition("/fhir")[2] if further else ""
        create(a, observation(people[0], "8867-4", "2027-01-01", 99))
    assert len(seen) == len(set(seen)) == 12


@pytest.mark.usefixtures("people")
def test_a_reference_is_followed(a: Client) -> None:
    assert len(ids(a, "/Observation?subject:Patient.name=lisi")) == 1
    assert len(ids(a, "/Observation?patient.name=lisi&code=8867-4")) == 0
    assert len(ids(a, "/Observation?patient.organization.name=心内&code=8310-5")) == 1


def test_who_is_referred_to_is_found(a: Client, people: list[dict[str, Any]]) -> None:
    assert ids(a, "/Patient?_has:Observation:patient:code=8310-5") == [people[1]["id"]]
    assert ids(a, "/Patient?_has:Observation:patient:code=8310-5&name=zhang") == []
    assert len(ids(a, "/Organization?_has:Patient:organization:_has:Observation:patient:code=8310-5")) == 1


def test_what_belongs_to_it_is_sent_along_once(a: Client, people: list[dict[str, Any]]) -> None:
    path = f"/Observation?patient={people[0]['id']}&_include=Observation:patient&_include:iterate=Patient:organization"
    entries = a("GET", f"{path}&_count=5").json()["entry"]
    sent = [entry["resource"]["resourceType"] for entry in entries if entry["search"]["mode"] == "include"]
    assert sorted(sent) == ["Organization", "Patient"]
    back = a("GET", f"/Patient?_id={people[1]['id']}&_revinclude=Observation:patient").json()["entry"]
    assert [entry["resource"]["resourceType"] for entry in back] == ["Patient", "Observation"]


def test_how_many_there_are_is_told_where_that_is_asked(a: Client, people: list[dict[str, Any]]) -> None:
    search = f"/Observation?patient={people[1]['id']}"
    assert "total" not in a("GET", search).json()
    assert a("GET", f"{search}&_total=accurate").json()["total"] == 1
    counted = a("GET", f"{search}&_summary=count").json()
    assert (counted["total"], "entry" in counted) == (1, False)


def test_a_part_is_sent_where_that_is_asked(a: Client, people: list[dict[str, Any]]) -> None:
    found = a("GET", f"/Patient?_id={people[0]['id']}&_elements=name").json()["entry"][0]["resource"]
    assert "managingOrganization" not in found
    assert found["name"][0]["text"] == "张三"


def test_a_form_asks_as_an_address_does(a: Client, people: list[dict[str, Any]]) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = a("POST", "/Patient/_search", content="name=lisi", headers=headers)
    assert [entry["resource"]["id"] for entry in answer.json()["entry"]] == [people[1]["id"]]


def test_what_is_not_known_is_told_or_refused(a: Client) -> None:
    answer = a("GET", "/Patient?nonsense=1")
    outcome = next(entry["resource"] for entry in answer.json()["entry"] if entry["search"]["mode"] == "outcome")
    assert "nonsense" in outcome["issue"][0]["diagnostics"]
    assert "nonsense" not in answer.json()["link"][0]["url"]
    strict = a("GET", "/Patient?nonsense=1", headers={"Prefer": "handling=strict"})
    assert (strict.status_code, issue_of(strict)["code"]) == (400, "not-supported")


@pytest.mark.parametrize(
    "path",
    [
        "/Observation?date=yesterday",
        "/Observation?_sort=code",
        "/Observation?_page=bm90",
        "/Observation?_count=many",
        "/Observation?value-quantity=1|2",
        "/Observation?code-value-date=http://loinc.org|$2026",
    ],
)
def test_what_cannot_be_answered_says_why(a: Client, path: str) -> None:
    answer = a("GET", path)
    assert answer.status_code == 400
    assert issue_of(answer)["diagnostics"]


def test_everything_of_a_patient_and_nothing_else(a: Client, people: list[dict[str, Any]]) -> None:
    found: list[str] = []
    path = f"/Patient/{people[1]['id']}/$everything?_count=1"
    while path:
        page = a("GET", path).json()
        found += [entry["resource"]["resourceType"] for entry in page["entry"]]
        further = [link["url"] for link in page["link"] if link["relation"] == "next"]
        path = further[0].partition("/fhir")[2] if further else ""
    assert found == ["Patient", "Observation"]


def test_the_last_of_each_code(a: Client, people: list[dict[str, Any]]) -> None:
    create(a, observation(people[2], "8867-4", "2026-01-01", 60))
    create(a, observation(people[2], "8867-4", "2026-01-02", 61))
    create(a, observation(people[2], "8310-5", "2026-01-01", 37))
    entries = a("GET", f"/Observation/$lastn?patient={people[2]['id']}").json()["entry"]
    assert [entry["resource"]["valueQuantity"]["value"] for entry in entries] == [61, 37]
    assert a("GET", "/Observation/$lastn").status_code == 400


def test_the_last_of_each_code_is_found_behind_many_of_another(a: Client) -> None:
    owner = create(a, patient("周八"))
    rate = observation(owner, "8867-4", "2026-02-02", 60)
    many = {"resource": rate, "request": {"method": "POST", "url": "Observation"}}
    create(a, observation(owner, "29463-7", "2025-01-01", 70))
    create(a, {**observation(owner, "x", "2025-01-02", 1), "code": {"text": "步态"}})
    asked = {"resourceType": "Bundle", "type": "transaction", "entry": [many] * 1001}
    assert a("POST", "", json=asked).status_code == 200
    answer = a("GET", f"/Observation/$lastn?patient={owner['id']}")
    assert answer.status_code == 200, answer.text
    entries = answer.json()["entry"]
    assert [entry["resource"]["valueQuantity"]["value"] for entry in entries] == [60, 1, 70]


def test_a_create_that_finds_what_it_would_create_does_not(a: Client) -> None:
    identified = patient("赵六", identifier=[{"system": "urn:mrn", "value": "A-1"}])
    headers = {"If-None-Exist": "identifier=urn:mrn|A-1"}
    first = a("POST", "/Patient", json=identified, headers=headers)
    second = a("POST", "/Patient", json=identified, headers=headers)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["id"] == second.json()["id"]


def test_updates_and_deletes_by_search(a: Client) -> None:
    identified = patient("孙七", identifier=[{"system": "urn:mrn", "value": "A-2"}])
    where = "/Patient?identifier=urn:mrn|A-2"
    assert a("PUT", where, json=identified).status_code == 201
    again = a("PUT", where, json=identified | {"gender": "male"})
    assert (again.status_code, again.json()["meta"]["versionId"]) == (200, "2")
    a("POST", "/Patient", json=identified)
    assert a("PUT", where, json=identified).status_code == 412
    assert a("DELETE", where).status_code == 412
    assert a("DELETE", "/Patient?identifier=urn:mrn|none").status_code == 204
    assert a("DELETE", "/Patient").status_code == 400


def test_a_transaction_refers_by_search(a: Client, people: list[dict[str, Any]]) -> None:
    resource = observation({"id": "x"}, "8867-4", "2026-05-05", 70)
    resource["subject"]["reference"] = f"Patient?_id={people[2]['id']}"
    entry = {"resource": resource, "request": {"method": "POST", "url": "Observation"}}
    asked = {"resourceType": "Bundle", "type": "transaction", "entry": [entry]}
    assert a("POST", "", json=asked).status_code == 200
    assert len(ids(a, f"/Observation?patient={people[2]['id']}&date=2026-05-05")) == 1
    resource["subject"]["reference"] = "Patient?identifier=urn:mrn|none"
    assert a("POST", "", json=asked).status_code == 412


def test_a_hospital_finds_nothing_of_another(a: Client, b: Client, people: list[dict[str, Any]]) -> None:
    own = create(b, patient("钱八"))
    for path in (
        "/Patient?name=zs",
        f"/Patient?_id={people[0]['id']}",
        f"/Observation?patient={people[0]['id']}",
        "/Observation?patient.name=lisi",
        "/Patient?_has:Observation:patient:code=8310-5",
        "/Observation?_sort=-date",
        "/Observation?_lastUpdated=ge2020",
        "/Observation?code:missing=false",
        "/Observation?code:not=1",
    ):
        assert ids(b, path) == [], path
    assert b("GET", f"/Patient/{people[0]['id']}/$everything").status_code == 404
    assert "entry" not in b("GET", f"/Observation/$lastn?patient={people[0]['id']}").json()
    assert b("GET", "/Observation?_summary=count").json()["total"] == 0
    link = observation(people[0], "8867-4", "2026-03-01", 60)
    create(b, link)  # refers to a patient of A, whom B does not get by that
    included = b("GET", "/Observation?_include=Observation:patient&_include=Observation:*").json()["entry"]
    assert [entry["resource"]["resourceType"] for entry in included] == ["Observation"]
    assert ids(b, "/Observation?patient.name=zs") == []
    assert ids(b, "/Patient?_has:Observation:patient:code=8867-4") == []
    assert own["id"] in ids(b, "/Patient?_revinclude=Observation:patient")
    page = a("GET", f"/Observation?patient={people[0]['id']}&_count=2").json()
    further = next(link["url"] for link in page["link"] if link["relation"] == "next").partition("/fhir")[2]
    assert {entry["resource"]["subject"]["reference"] for entry in b("GET", further).json().get("entry", ())} <= {
        f"Patient/{people[0]['id']}"
    }
    assert len(ids(b, further)) <= 1
