"""Transactions are done as a whole or not at all, batches entry by entry (R4 3.1.0.11)."""

import json
from base64 import b64encode
from typing import Any

import pytest

from tests.clinical.fhir.conftest import Client
from tests.clinical.fhir.test_interactions import create, patient


def bundle(kind: str, *entries: dict[str, Any]) -> dict[str, Any]:
    return {"resourceType": "Bundle", "type": kind, "entry": list(entries)}


def entry(method: str, url: str, resource: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    full_url = {"fullUrl": more.pop("full_url")} if "full_url" in more else {}
    body = {} if resource is None else {"resource": resource}
    return {**full_url, **body, "request": {"method": method, "url": url, **more}}


def observation(reference: str) -> dict[str, Any]:
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": {"text": "x"},
        "subject": {"reference": reference},
    }


NEW = "urn:uuid:61ebe359-bfdc-4613-8bf2-c5e300945f0a"


def test_new_resources_refer_to_each_other(a: Client) -> None:
    asked = bundle(
        "transaction",
        entry("POST", "Observation", observation(NEW)),
        entry("POST", "Patient", patient(), full_url=NEW),
    )
    answer = a("POST", "", json=asked)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["type"] == "transaction-response"
    locations = [item["response"]["location"].split("/_history")[0] for item in told["entry"]]
    assert a("GET", f"/{locations[0]}").json()["subject"]["reference"] == locations[1]


def test_a_transaction_with_one_fault_does_nothing(a: Client) -> None:
    first = create(a, patient())
    asked = bundle(
        "transaction",
        entry("PUT", f"Patient/{first['id']}", first | {"gender": "male"}),
        entry("PUT", f"Patient/{first['id']}x", patient(id=f"{first['id']}x"), ifMatch='W/"7"'),
    )
    assert a("POST", "", json=asked).status_code == 412
    assert a("GET", f"/Patient/{first['id']}").json() == first


def test_a_batch_with_one_fault_does_the_rest(a: Client) -> None:
    first = create(a, patient())
    asked = bundle(
        "batch",
        entry("POST", "Patient", patient()),
        entry("GET", "Patient/none"),
        entry("PUT", f"Patient/{first['id']}", first, ifMatch='W/"7"'),
        entry("GET", f"Patient/{first['id']}"),
        entry("DELETE", f"Patient/{first['id']}"),
    )
    told = a("POST", "", json=asked).json()["entry"]
    assert [item["response"]["status"][:3] for item in told] == ["201", "404", "412", "200", "204"]
    assert told[3]["resource"] == first
    assert told[1]["response"]["outcome"]["issue"][0]["code"] == "not-found"
    assert a("GET", f"/Patient/{first['id']}").status_code == 410


def test_entries_are_done_in_the_order_of_the_standard_and_answered_in_their_own(a: Client) -> None:
    first, second = create(a, patient()), create(a, patient())
    asked = bundle(
        "transaction",
        entry("GET", f"Patient/{first['id']}"),
        entry("PUT", f"Patient/{first['id']}", first | {"gender": "male"}),
        entry("DELETE", f"Patient/{second['id']}"),
    )
    told = a("POST", "", json=asked).json()["entry"]
    assert [item["response"]["status"][:3] for item in told] == ["200", "200", "204"]
    assert told[0]["resource"]["gender"] == "male"


def test_a_patch_comes_as_a_binary(a: Client) -> None:
    first = create(a, patient())
    data = b64encode(json.dumps([{"op": "add", "path": "/gender", "value": "male"}]).encode()).decode()
    binary = {"resourceType": "Binary", "contentType": "application/json-patch+json", "data": data}
    asked = bundle("transaction", entry("PATCH", f"Patient/{first['id']}", binary))
    assert a("POST", "", json=asked).status_code == 200
    assert a("GET", f"/Patient/{first['id']}").json()["gender"] == "male"


def test_a_bundle_says_what_is_wrong_with_it(a: Client) -> None:
    assert a("POST", "", json=bundle("collection", {"resource": patient()})).status_code == 400
    twice = bundle("transaction", *(entry("DELETE", "Patient/x") for _ in range(2)))
    answer = a("POST", "", json=twice)
    assert answer.status_code == 400
    assert answer.json()["issue"][0]["expression"] == ["Bundle.entry[1]"]


def test_a_thousand_resources_are_written_at_once(a: Client) -> None:
    entries = [entry("POST", "Observation", observation("Patient/many")) for _ in range(1000)]
    told = a("POST", "", json=bundle("transaction", *entries)).json()
    assert {item["response"]["status"] for item in told["entry"]} == {"201 Created"}


def identified(value: str) -> dict[str, Any]:
    return patient(identifier=[{"system": "urn:mrn", "value": value}])


@pytest.mark.parametrize(("method", "place"), [("DELETE", 1), ("PUT", 0)])  # the later in the standard's order
def test_a_transaction_changes_nothing_that_another_entry_of_it_finds(a: Client, method: str, place: int) -> None:
    first = create(a, identified(f"found-{method}"))
    asked = bundle(
        "transaction",
        entry(method, f"Patient/{first['id']}", None if method == "DELETE" else first),
        entry("POST", "Patient", identified("x"), full_url=NEW, ifNoneExist=f"identifier=urn:mrn|found-{method}"),
        entry("POST", "Observation", observation(NEW)),
    )
    answer = a("POST", "", json=asked)
    assert (answer.status_code, answer.json()["issue"][0]["expression"]) == (400, [f"Bundle.entry[{place}]"])
    assert a("GET", f"/Patient/{first['id']}").json() == first


def test_a_transaction_makes_what_it_asks_for_by_one_search_once(a: Client) -> None:
    asked = bundle(
        "transaction",
        entry("POST", "Patient", identified("once"), ifNoneExist="identifier=urn:mrn|once&active:not=false"),
        entry("POST", "Patient", identified("once"), ifNoneExist="active:not=false&identifier=urn%3Amrn%7Conce"),
    )
    answer = a("POST", "", json=asked)
    assert (answer.status_code, answer.json()["issue"][0]["expression"]) == (400, ["Bundle.entry[1]"])
    assert a("GET", "/Patient?identifier=urn:mrn|once&_summary=count").json()["total"] == 0


@pytest.mark.parametrize("kind", ["batch", "transaction"])
def test_an_entry_reads_whatever_an_address_gives(a: Client, kind: str) -> None:
    first = create(a, patient())
    own, when = f"Patient/{first['id']}", first["meta"]["lastUpdated"]
    create(a, observation(own))
    asked = bundle(
        kind,
        entry("GET", f"{own}/_history"),
        entry("GET", f"{own}/_history/1"),
        entry("GET", f"{own}/$everything"),
        entry("GET", f"Observation/$lastn?patient={own}"),
        entry("GET", f"{own}?_elements=id"),
        entry("GET", "metadata"),
        entry("GET", own, ifNoneMatch='W/"1"'),
        entry("GET", own, ifModifiedSince=when),
        entry("HEAD", own),
    )
    told = a("POST", "", json=asked).json()["entry"]
    assert [item["response"]["status"] for item in told] == ["200 OK"] * 6 + ["304 Not Modified"] * 2 + ["200 OK"]
    sent = [item["resource"] for item in told[:6]]
    assert [item["resourceType"] for item in sent][::5] == ["Bundle", "CapabilityStatement"]
    assert [len(item["entry"]) for item in (sent[0], sent[2], sent[3])] == [1, 2, 1]
    assert (sent[1], "name" in sent[4]) == (first, False)
    assert not any("resource" in item for item in told[6:])
    assert told[1]["response"]["etag"] == 'W/"1"'
    assert told[1]["response"]["lastModified"][:19] == when[:19]


@pytest.mark.parametrize("moment", ["2015-02-07T13:28:60Z", "0001-01-01T00:00:00+14:00"])
def test_a_moment_that_no_header_can_tell_asks_for_nothing(a: Client, moment: str) -> None:
    own = f"Patient/{create(a, patient())['id']}"
    asked = bundle("batch", entry("GET", own, ifModifiedSince=moment), entry("GET", own))
    told = a("POST", "", json=asked).json()["entry"]
    assert [item["response"]["status"] for item in told] == ["200 OK", "200 OK"]


def test_an_entry_that_reads_in_vain_says_why(a: Client) -> None:
    urls = ("Patient/1/2/3", "$export", "Patient/none", "Patient?x:y=1")
    asked = bundle("batch", *(entry("GET", url) for url in urls))
    told = a("POST", "", json=asked).json()["entry"]
    assert [item["response"]["status"][:3] for item in told] == ["404", "400", "404", "200"]
    asked["type"] = "transaction"
    assert a("POST", "", json=asked).status_code == 404
