"""The official examples go into the record and come back as they were, with every digit."""

import pytest

from lightwell.standards.fhir.resource import Resource, decode_resource
from tests.clinical.fhir.conftest import Client
from tests.standards.fhir.examples import all_examples, sample

_NOT_VALID = 2  # of the examples break a rule of R4 themselves
GIVEN = ("versionId", "lastUpdated")  # what the server says of a resource, whatever it said itself


def without_meta(resource: Resource) -> Resource:
    meta = {name: value for name, value in resource.get("meta", {}).items() if name not in GIVEN}
    rest = {name: value for name, value in resource.items() if name not in {"id", "meta"}}
    return rest | {"meta": meta} if meta else rest


def is_acted_on(raw: bytes) -> bool:
    """Tell whether the server does what a resource asks for, and says so in it: tests/clinical/subscriptions."""
    return decode_resource(raw)["resourceType"] == "Subscription"


def goes_in_and_out(client: Client, raw: bytes) -> bool:
    type_name = decode_resource(raw)["resourceType"]
    answer = client("POST", f"/{type_name}", content=raw)
    if answer.status_code != 201:
        return False
    found = client("GET", f"/{type_name}/{answer.json()['id']}")
    return without_meta(decode_resource(found.content)) == without_meta(decode_resource(raw))


def test_the_sample_goes_in_and_out(a: Client) -> None:
    examples = sample()
    assert len(examples) > 150
    assert [raw[:80] for raw in examples if not is_acted_on(raw) and not goes_in_and_out(a, raw)] == []


@pytest.mark.drill
@pytest.mark.timeout(1200)
def test_all_official_examples_go_in_and_out(a: Client) -> None:
    examples = list(all_examples())
    differ = [name for name, raw in examples if not goes_in_and_out(a, raw)]
    same = len(examples) - len(differ)
    print(f"official examples given back equal: {same} of {len(examples)}; not: {differ}")  # noqa: T201 -- the figure
    assert same >= len(examples) - _NOT_VALID - sum(is_acted_on(raw) for _, raw in examples)
