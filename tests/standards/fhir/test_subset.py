"""A part of a resource is marked as one, and is still a resource."""

from copy import deepcopy

import pytest

from lightwell.standards.fhir.resource import Resource
from lightwell.standards.fhir.search.asked import Summary
from lightwell.standards.fhir.subset import with_elements, with_summary
from lightwell.standards.fhir.validation import validate_value
from tests.standards.fhir.examples import example

PATIENT = example("Patient", "example")
OBSERVATION = example("Observation", "blood-pressure")


def names(resource: Resource) -> set[str]:
    return set(resource) - {"resourceType", "id", "meta"}


@pytest.mark.parametrize(
    ("summary", "there", "gone"),
    [
        ("true", {"name", "gender", "birthDate"}, {"text", "contact"}),
        ("text", {"text"}, {"name", "gender"}),
        ("data", {"name", "contact"}, {"text"}),
    ],
)
def test_summaries(summary: Summary, there: set[str], gone: set[str]) -> None:
    before = deepcopy(PATIENT)
    found = with_summary(PATIENT, summary)
    assert there <= names(found)
    assert not gone & names(found)
    assert found["meta"]["tag"][-1]["code"] == "SUBSETTED"
    assert validate_value(found) == ()
    assert before == PATIENT


def test_no_summary_is_the_whole() -> None:
    assert with_summary(PATIENT, "false") is PATIENT


def test_elements_come_with_those_that_have_to_be() -> None:
    found = with_elements(OBSERVATION, ["Observation.component", "subject"])
    assert names(found) == {"component", "subject", "status", "code"}
    assert validate_value(found) == ()


def test_what_stands_beside_a_primitive_goes_with_it() -> None:
    patient = {"resourceType": "Patient", "birthDate": "2026", "_birthDate": {"id": "x"}, "active": True}
    assert names(with_elements(patient, ["birthDate"])) == {"birthDate", "_birthDate"}


def test_a_part_of_a_part_is_marked_once() -> None:
    found = with_elements(with_elements(PATIENT, ["name"]), ["name"])
    assert len(found["meta"]["tag"]) == 1
