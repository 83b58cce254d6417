"""What a batch or transaction asks for, in order, and how its new resources know each other."""

from typing import Any

import pytest

from lightwell.standards.fhir.bundle import (
    answer_bundle,
    answer_entry,
    conditional_references,
    in_order,
    names_of,
    read_bundle,
    read_target,
    rewrite,
)
from lightwell.standards.fhir.errors import BundleError, Issue
from lightwell.standards.fhir.outcome import operation_outcome
from lightwell.standards.fhir.validation import validate_value
from tests.standards.fhir.examples import example

PATIENT = {"resourceType": "Patient", "active": True}
MOTHER = "urn:uuid:1b4e28ba-2fa1-11d2-883f-0016d3cca427"


def entry(method: str, url: str, resource: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    said = {"request": {"method": method, "url": url, **more.pop("request", {})}, **more}
    return said if resource is None else {**said, "resource": resource}


def bundle(*entries: dict[str, Any], kind: str = "transaction") -> dict[str, Any]:
    return {"resourceType": "Bundle", "type": kind, "entry": list(entries)}


def test_entries_are_read() -> None:
    created, updated = read_bundle(
        bundle(
            entry("POST", "Patient", PATIENT, fullUrl=MOTHER, request={"ifNoneExist": "identifier=7"}),
            entry("PUT", "Patient/7", PATIENT, request={"ifMatch": 'W/"3"'}),
        )
    )
    assert created.target
    assert updated.target
    assert (created.full_url, created.if_none_exist, created.target.type) == (MOTHER, "identifier=7", "Patient")
    assert (updated.number, updated.if_match, updated.target.id) == (1, 'W/"3"', "7")


def test_the_order_of_a_transaction() -> None:
    entries = read_bundle(
        bundle(
            entry("GET", "Patient?name=x"),
            entry("PUT", "Patient/1", PATIENT),
            entry("POST", "Patient", PATIENT),
            entry("DELETE", "Patient/2"),
        )
    )
    assert [item.method for item in in_order(entries)] == ["DELETE", "POST", "PUT", "GET"]
    assert [item.number for item in in_order(entries)] == [3, 2, 1, 0]


def test_an_official_transaction_is_read() -> None:
    official = example("Bundle", "bundle-transaction")
    assert len(read_bundle(official)) == len(official["entry"])


@pytest.mark.parametrize(
    "asked",
    [
        bundle(kind="collection"),
        bundle({"resource": PATIENT}),
        bundle(entry("POST", "Patient")),
        bundle(entry("POST", "Group", PATIENT)),
        bundle(entry("PUT", "Patient", PATIENT)),
        bundle(entry("DELETE", "Patient")),
        bundle(entry("PUT", "Patient/1", PATIENT), entry("DELETE", "Patient/1")),
        bundle(entry("POST", "Patient", PATIENT, fullUrl=MOTHER), entry("POST", "Patient", PATIENT, fullUrl=MOTHER)),
    ],
)
def test_what_cannot_be_done_is_refused(asked: dict[str, Any]) -> None:
    with pytest.raises(BundleError):
        read_bundle(asked)


def test_a_batch_may_touch_a_resource_twice() -> None:
    assert len(read_bundle(bundle(entry("DELETE", "Patient/1"), entry("DELETE", "Patient/1"), kind="batch"))) == 2


def test_what_is_wrong_in_a_batch_is_wrong_in_one_entry() -> None:
    good, bad, other = read_bundle(bundle(entry("DELETE", "Patient/1"), entry("POST", "Patient"), {}, kind="batch"))
    assert good.issue is None
    assert bad.issue
    assert other.issue
    assert (bad.issue.code, bad.issue.expression) == ("required", "Bundle.entry[1]")


def test_a_url_of_another_form_is_left_to_the_server() -> None:
    (operation,) = read_bundle(bundle(entry("GET", "Patient/7/$everything")))
    assert (operation.target, operation.url, operation.issue) == (None, "Patient/7/$everything", None)


def test_too_many_entries_are_refused() -> None:
    with pytest.raises(BundleError, match="at most 1 entries"):
        read_bundle(bundle(*[entry("DELETE", "Patient/1")] * 2, kind="batch"), most_entries=1)


@pytest.mark.parametrize(
    ("full_url", "expected"),
    [
        (MOTHER, (MOTHER,)),
        ("https://h.example/fhir/Patient/7", ("https://h.example/fhir/Patient/7", "Patient/7")),
        ("", ()),
    ],
)
def test_by_what_an_entry_is_referred_to(full_url: str, expected: tuple[str, ...]) -> None:
    (only,) = read_bundle(bundle(entry("POST", "Patient", PATIENT, fullUrl=full_url)))
    assert names_of(only) == expected


def test_references_become_what_they_have_got() -> None:
    child = {
        "resourceType": "Patient",
        "identifier": [{"system": "urn:ietf:rfc:3986", "value": MOTHER}],
        "text": {
            "status": "generated",
            "div": f'<div xmlns="http://www.w3.org/1999/xhtml"><a href="{MOTHER}">{MOTHER}</a></div>',
        },
        "contact": [{"organization": {"reference": "Organization?name=county", "display": MOTHER}}],
        "link": [{"other": {"reference": MOTHER}, "type": "seealso"}],
        "extension": [{"url": "u:x", "valueUri": MOTHER}],
        "contained": [
            {"resourceType": "Group", "type": "person", "actual": True, "managingEntity": {"reference": MOTHER}}
        ],
    }
    assert validate_value(child) == ()
    found = rewrite(child, {MOTHER: "Patient/7", "Organization?name=county": "Organization/1"})
    assert found["link"][0]["other"]["reference"] == "Patient/7"
    assert found["contained"][0]["managingEntity"]["reference"] == "Patient/7"
    assert found["contact"][0]["organization"] == {"reference": "Organization/1", "display": MOTHER}
    assert found["extension"][0]["valueUri"] == "Patient/7"
    assert found["identifier"] == child["identifier"]
    assert 'href="Patient/7"' in found["text"]["div"]
    assert 'xmlns="http://www.w3.org/1999/xhtml"' in found["text"]["div"]
    assert child["link"] == [{"other": {"reference": MOTHER}, "type": "seealso"}]


def test_circles_of_references_are_no_circles_of_values() -> None:
    one = {"resourceType": "Patient", "link": [{"other": {"reference": "urn:uuid:b"}, "type": "refer"}]}
    assert (
        rewrite(one, {"urn:uuid:a": "Patient/1", "urn:uuid:b": "urn:uuid:a"})["link"][0]["other"]["reference"]
        == "urn:uuid:a"
    )


def test_references_that_ask_for_a_search() -> None:
    resource = {"resourceType": "Encounter", "subject": {"reference": "Patient?identifier=u:x|7"}}
    assert conditional_references({**resource, "participant": [{"individual": resource["subject"]}]}) == [
        ("Patient", "identifier=u:x|7")
    ]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("Patient", ("Patient", "", "")),
        ("Patient/7", ("Patient", "7", "")),
        ("Patient?name=x", ("Patient", "", "name=x")),
        ("Pation/7", None),
        ("Patient/7/_history/1", None),
        ("$export", None),
    ],
)
def test_targets(url: str, expected: tuple[str, str, str] | None) -> None:
    target = read_target(url)
    assert (target and (target.type, target.id, target.query)) == expected


def test_answers_are_valid() -> None:
    outcome = operation_outcome([Issue("not-found", "expected Patient/7, there is none", "Bundle.entry[1]")])
    answer = answer_bundle(
        "transaction-response",
        [
            answer_entry("201 Created", location="Patient/7/_history/1", etag='W/"1"', resource=PATIENT),
            answer_entry("404 Not Found", outcome=outcome),
            answer_entry("204 No Content"),
        ],
    )
    assert validate_value(answer) == ()
    assert validate_value(operation_outcome([])) == ()
