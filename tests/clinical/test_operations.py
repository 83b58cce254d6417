"""Operations say what they left out (R4 Observation $lastn)."""

import json

import pytest
from starlette.requests import Request

from lightwell.app.node import Node
from lightwell.clinical.fhir import operations
from lightwell.core.actors import Actor
from tests.clinical.test_records import create, heart_rate


async def test_the_last_of_each_says_so_where_it_looked_at_too_few(
    node: Node, a: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operations, "MOST", 2)
    monkeypatch.setattr(operations, "_MOST_OF_ALL", 2)
    await create(node, a, *(heart_rate("many", str(value)) for value in (60, 61, 62)))
    scope = {"type": "http", "method": "GET", "scheme": "http", "path": "/", "server": ("a", 80), "headers": []}
    asked = Request({**scope, "query_string": b"patient=many"})
    async with node.machines.transactions.begin(a) as tx:
        answer = await operations.lastn(tx, node.machines, asked)
    one, said = json.loads(answer.body)["entry"]
    assert one["search"]["mode"] == "match"
    assert (said["search"]["mode"], said["resource"]["issue"][0]["code"]) == ("outcome", "too-costly")
