"""While a large resource is looked through, others are answered."""

import json
import threading

import pytest

from lightwell.clinical.fhir import bundles, looking_through, writing
from lightwell.standards.fhir.errors import Issue


def binary(size: int) -> bytes:
    return json.dumps({"resourceType": "Binary", "contentType": "text/plain", "data": "A" * size}).encode()


async def test_what_is_large_is_looked_through_beside_the_event_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    threads: list[threading.Thread] = []

    def look_through(_: bytes) -> tuple[Issue, ...]:
        threads.append(threading.current_thread())
        return ()

    monkeypatch.setattr(looking_through, "validate_resource", look_through)
    for size in (4, 1 << 17):
        assert len((await looking_through.read_resource(binary(size)))["data"]) == size
    assert [thread is threading.main_thread() for thread in threads] == [True, False]


def test_single_resources_and_bundles_are_looked_through_alike() -> None:
    assert writing.read_resource is bundles.read_resource is looking_through.read_resource
