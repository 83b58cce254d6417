"""Where many are found, the first are looked at before all are sorted: the pages are the same."""

import random
from typing import Any

import pytest

from lightwell.app.node import Node
from lightwell.clinical import records
from lightwell.clinical.model import Change
from lightwell.clinical.search import finding
from lightwell.core.actors import Actor
from lightwell.standards.fhir.search.query import parse_search
from lightwell.standards.fhir.search.values import Place

PLACE = Place("http://127.0.0.1/fhir")
CODES = ("a", "b")


def observation(rng: random.Random) -> dict[str, Any]:
    day = f"2026-03-{rng.randrange(1, 9):02}"
    when: dict[str, Any] = rng.choice(
        (
            {"effectiveDateTime": day},
            {"effectiveDateTime": f"{day}T0{rng.randrange(3)}:00:00Z"},
            {"effectivePeriod": {"start": day}},
            {"effectivePeriod": {"end": day}},
            {"effectiveTiming": {"event": [day, "2026-03-05"]}},
            {},
        )
    )
    code = {"coding": [{"code": rng.choice(CODES)}]}
    return {"resourceType": "Observation", "status": "final", "code": code, **when}


async def pages(node: Node, actor: Actor, sort: str) -> list[str]:
    search = parse_search("Observation", [("code", "a"), ("_sort", sort)], PLACE)
    found: list[str] = []
    cursor, is_more = "", True
    while is_more:
        async with node.machines.transactions.begin(actor) as tx:
            page = await finding.find(tx, search, cursor, 7)
        found += [record.id for record in page.found]
        cursor, is_more = page.following, bool(page.following)
    return found


@pytest.mark.asyncio
@pytest.mark.parametrize("sort", ["date", "-date", "-date,_id"])
async def test_the_pages_are_the_same(node: Node, a: Actor, monkeypatch: pytest.MonkeyPatch, sort: str) -> None:
    rng = random.Random(7)
    async with node.machines.transactions.begin(a) as tx:
        own = [Change(a.organisation_ids[0], "Observation", records.new_id(), observation(rng)) for _ in range(120)]
        await records.write(tx, own, PLACE)
    with monkeypatch.context() as patched:
        patched.setattr(finding, "has_first", lambda _: False)
        expected = await pages(node, a, sort)
    assert len(set(expected)) == len(expected) > 40
    for most in (5, 20, 60, 5000):
        monkeypatch.setattr(finding, "MOST_FIRST", most)
        assert await pages(node, a, sort) == expected
