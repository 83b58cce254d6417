"""The official examples go into the record and come back as they were, with every digit."""

import pytest

from lightwell.standards.fhir.resource import Resource, decode_resource
from tests.clinical.fhir.conftest import Client
from tests.standards.fhir.examples import all_examples, sample

GIVEN = ("versionId", "lastUpdated")  # what the server says of a resource, whatever it said itself


def without_meta(resource: Resource) -> Resource:
    meta = {name: value for name, value in resource.get("meta", {}).items() if name not in GIVEN}
    rest = {name: value for name, value in resource.items() if name not in {"id", "meta"}}
    return rest | {"meta": meta} if meta else rest


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
    assert [raw[:80] for raw in examples if not goes_in_and_out(a, raw)] == []


@pytest.mark.drill
@pytest.mark.timeout(1200)
def test_all_official_examples_go_in_and_out(a: Client) -> None:
    refused = [name for name, raw in all_examples() if not goes_in_and_out(a, raw)]
    print(f"official examples refused or changed: {refused}")  # noqa: T201 -- the figure of the drill
    assert len(refused) <= 2
