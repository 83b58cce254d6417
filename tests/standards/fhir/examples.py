"""Official examples: a sample that is kept here, and all of them where the package has been fetched.

``examples.ndjson`` holds one or more of nearly every resource type, from the npm package hl7.fhir.r4.examples 4.0.1
(HL7 International, CC0-1.0); ``.ci/run`` fetches the whole package.
"""

import json
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from lightwell.standards.fhir.resource import Resource, decode_resource

STEADY = settings(
    derandomize=True,
    deadline=None,
    max_examples=200,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
_PACKAGE = Path(__file__).parents[3] / ".peers/fhir-r4/package"


@cache
def sample() -> tuple[bytes, ...]:
    """Return the examples that are kept here."""
    return tuple(Path(__file__).with_name("examples.ndjson").read_bytes().splitlines())


def example(type_name: str, identifier: str = "") -> Resource:
    """Return an example of a type."""
    resources = map(decode_resource, sample())
    return next(
        item for item in resources if item["resourceType"] == type_name and identifier in {"", item.get("id", "")}
    )


def package_folder() -> Path:
    """Return where the official package lies."""
    if not _PACKAGE.is_dir():
        message = "the official package is not in .peers; .ci/run fetches it"
        (pytest.fail if os.environ.get("LIGHTWELL_REQUIRE_PEERS") == "1" else pytest.skip)(message)
    return _PACKAGE


def all_examples() -> Iterator[tuple[str, bytes]]:
    """Yield name and bytes of all official examples."""
    for path in sorted(package_folder().glob("*.json")):
        if path.name not in {"package.json", ".index.json"}:
            yield path.name, path.read_bytes()


def changed(resource: Resource, **members: Any) -> bytes:
    """Return the bytes of a resource with other members; None takes one away."""
    merged = {**resource, **members}
    return json.dumps({key: value for key, value in merged.items() if value is not None}, default=float).encode()
