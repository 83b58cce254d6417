"""What is too large, too deep or circular gets a clear answer and costs little."""

import json
from typing import Any

from tests.clinical.fhir.conftest import Client
from tests.clinical.fhir.test_bundles import bundle, entry
from tests.clinical.fhir.test_interactions import create, issue_of, patient

BASIC = {"resourceType": "Basic", "code": {"text": "x"}}


def test_ten_thousand_entries_are_taken_and_one_more_is_not(a: Client) -> None:
    entries = [entry("POST", "Basic", BASIC)] * 10_000
    assert a("POST", "", json=bundle("transaction", *entries)).status_code == 200
    answer = a("POST", "", json=bundle("transaction", *entries, entry("POST", "Basic", BASIC)))
    assert (answer.status_code, issue_of(answer)["code"]) == (400, "too-costly")


def test_a_body_without_end_is_cut_off(a: Client) -> None:
    answer = a("POST", "/Basic", content=b'{"resourceType":"Basic","text":"' + b"x" * (65 << 20))
    assert (answer.status_code, issue_of(answer)["code"]) == (413, "too-long")


def test_what_is_nested_without_end_is_refused(a: Client) -> None:
    depth = 5000
    nested = '{"extension":[' * depth + "{}" + "]}" * depth
    answer = a("POST", "/Basic", content=f'{{"resourceType":"Basic","code":{nested}}}')
    assert answer.status_code in {400, 422}
    assert issue_of(answer)["diagnostics"]


def test_references_in_a_circle_are_stored_and_included_once(a: Client) -> None:
    entries = [entry("PUT", f"Organization/circle-{number}", _part_of(number, (number + 1) % 3)) for number in range(3)]
    assert a("POST", "", json=bundle("transaction", *entries)).status_code == 200
    found = a("GET", "/Organization?_id=circle-0&_include:iterate=Organization:partof").json()["entry"]
    assert sorted(item["resource"]["id"] for item in found) == ["circle-0", "circle-1", "circle-2"]


def _part_of(number: int, whole: int) -> dict[str, Any]:
    reference = {"reference": f"Organization/circle-{whole}"}
    return {"resourceType": "Organization", "id": f"circle-{number}", "name": str(number), "partOf": reference}


def test_a_huge_include_is_cut_and_says_so(a: Client) -> None:
    owner = create(a, patient())
    observation = {
        "resourceType": "Observation",
        "status": "final",
        "code": {"text": "x"},
        "subject": {"reference": f"Patient/{owner['id']}"},
    }
    assert a("POST", "", json=bundle("batch", *[entry("POST", "Observation", observation)] * 1100)).status_code == 200
    answer = a("GET", f"/Patient?_id={owner['id']}&_revinclude=Observation:subject").json()["entry"]
    modes = [item["search"]["mode"] for item in answer]
    assert (modes.count("match"), modes.count("include"), modes.count("outcome")) == (1, 1000, 1)


def test_texts_that_no_text_may_hold_are_refused(a: Client) -> None:
    answer = a("POST", "/Basic", content=json.dumps(BASIC | {"code": {"text": "a\0b"}}))
    assert answer.status_code == 422
    assert a("GET", "/Patient?name=%00").status_code == 400
    assert a("GET", "/Patient?name=%ff%fe").status_code == 200
