"""Two patients who were made one stay one, whatever is written over FHIR, until a person undoes it."""

from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.clinical.fhir.conftest import Client
from tests.clinical.fhir.test_interactions import create, issue_of, patient
from tests.region import Region, Server

House = tuple[Server, Region]


def post(house: House, path: str, **body: object) -> httpx.Response:
    server, region = house
    headers = {"Authorization": f"Bearer {region.token_a}"}
    return httpx.post(f"{server.url}/api{path}", json=body, headers=headers, timeout=60)


def two(a: Client) -> tuple[str, str]:
    return create(a, patient())["id"], create(a, patient())["id"]


def merge(house: House, survivor: str, retired: str) -> int:
    answer = post(house, "/identity/merges", survivor=survivor, retired=retired)
    assert answer.is_success, answer.text
    return answer.json()["id"]


def allergy(of: str) -> dict[str, object]:
    return {"resourceType": "AllergyIntolerance", "patient": {"reference": f"Patient/{of}"}}


@pytest.mark.hazard("H-37")
def test_nothing_is_written_about_a_record_that_was_given_up(a: Client, house: House) -> None:
    survivor, retired = two(a)
    number = merge(house, survivor, retired)
    answer = a("POST", "/AllergyIntolerance", json=allergy(retired))
    assert answer.status_code == 409
    assert "was given up" in issue_of(answer)["diagnostics"]
    assert not a("GET", f"/AllergyIntolerance?patient={retired}").json().get("entry")
    create(a, allergy(survivor))
    assert post(house, f"/identity/merges/{number}/undo").is_success
    create(a, allergy(retired))


@pytest.mark.hazard("H-37")
def test_a_record_that_was_given_up_cannot_be_written_to_forget_it(a: Client, house: House) -> None:
    survivor, retired = two(a)
    number = merge(house, survivor, retired)
    patched = [{"op": "remove", "path": "/link"}]
    refused = [
        a("PUT", f"/Patient/{retired}", json=patient(id=retired)),
        a("PATCH", f"/Patient/{retired}", json=patched, headers={"Content-Type": "application/json-patch+json"}),
        a("DELETE", f"/Patient/{retired}"),
        a("DELETE", f"/Patient/{survivor}"),
    ]
    assert [answer.status_code for answer in refused] == [409] * 4
    now = a("GET", f"/Patient/{retired}").json()
    assert a("PUT", f"/Patient/{retired}", json=now | {"birthDate": "1980-01-01"}).status_code == 200
    assert post(house, f"/identity/merges/{number}/undo").is_success
    assert a("DELETE", f"/Patient/{retired}").status_code == 204


@pytest.mark.hazard("H-37")
@pytest.mark.parametrize("round_", range(3))
def test_what_is_written_while_two_are_made_one_is_of_the_one(a: Client, house: House, round_: int) -> None:
    survivor, retired = two(a)
    with ThreadPoolExecutor(8) as threads:
        writes = [threads.submit(a, "POST", "/AllergyIntolerance", json=allergy(retired)) for _ in range(4 + round_)]
        done = threads.submit(merge, house, survivor, retired)
        writes += [threads.submit(a, "POST", "/AllergyIntolerance", json=allergy(retired)) for _ in range(4)]
        taken = [one.result().status_code for one in writes]
        assert done.result()
    assert set(taken) <= {201, 409}
    assert not a("GET", f"/AllergyIntolerance?patient={retired}").json().get("entry")
    assert len(a("GET", f"/AllergyIntolerance?patient={survivor}").json().get("entry", [])) == taken.count(201)
