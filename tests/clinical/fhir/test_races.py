"""Clients that write the same at the same moment are all answered, and none undoes what another did."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from tests.clinical.fhir.conftest import Client
from tests.clinical.fhir.test_bundles import bundle, entry
from tests.clinical.fhir.test_interactions import create, patient

_CLIENTS = 16
_SYSTEM = "urn:oid:2.16.156.1"


def at_once(count: int, ask: Callable[[int], httpx.Response]) -> list[httpx.Response]:
    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(ask, range(count)))


@pytest.mark.parametrize("round_", range(3))
def test_one_new_resource_of_many_writers_has_all_their_versions(a: Client, round_: int) -> None:
    name = f"raced-{round_}"
    answers = at_once(_CLIENTS, lambda _: a("PUT", f"/Patient/{name}", json=patient(id=name)))
    assert sorted(answer.status_code for answer in answers) == [200] * (_CLIENTS - 1) + [201]
    versions = {int(answer.json()["meta"]["versionId"]) for answer in answers}
    assert versions == set(range(1, _CLIENTS + 1))


@pytest.mark.parametrize("kind", ["transaction", "batch"])
def test_bundles_that_ask_for_the_same_in_another_order_are_all_done(a: Client, kind: str) -> None:
    def once(number: int) -> dict[str, Any]:
        value = f"{kind}-{number}"
        return entry("POST", "Patient", known(value), ifNoneExist=f"identifier={_SYSTEM}|{value}")

    entries = [once(number) for number in range(8)]
    orders = [entries, entries[::-1]]
    answers = at_once(8, lambda number: a("POST", "", json=bundle(kind, *orders[number % 2])))
    assert [answer.status_code for answer in answers] == [200] * 8
    statuses = [one["response"]["status"] for answer in answers for one in answer.json()["entry"]]
    assert (statuses.count("201 Created"), statuses.count("200 OK")) == (8, 56)


def test_batches_that_change_the_same_in_another_order_are_all_done(a: Client) -> None:
    made = [create(a, patient()) for _ in range(6)]
    entries = [entry("PUT", f"Patient/{one['id']}", one | {"gender": "male"}) for one in made]
    orders = [entries, entries[::-1]]
    answers = at_once(8, lambda number: a("POST", "", json=bundle("batch", *orders[number % 2])))
    assert [answer.status_code for answer in answers] == [200] * 8
    assert {a("GET", f"/Patient/{one['id']}").json()["meta"]["versionId"] for one in made} == {"9"}


def known(value: str) -> dict[str, Any]:
    return patient() | {"identifier": [{"system": _SYSTEM, "value": value}]}
