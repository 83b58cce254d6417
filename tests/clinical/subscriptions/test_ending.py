"""How a subscription ends: in time, when nobody can be told, or when its owner may no longer read."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from lightwell.app.node import Node
from lightwell.clinical import records
from lightwell.clinical.model import Change
from lightwell.clinical.store import subscriptions as store
from lightwell.clinical.subscriptions import judging, keeping
from lightwell.clinical.subscriptions.delivering import Deliverer, Patience
from lightwell.clinical.subscriptions.judging import Judge
from lightwell.clinical.subscriptions.model import JSON
from lightwell.clinical.subscriptions.notifier import Notifier
from lightwell.core import clock
from lightwell.core.actors import Actor, Permission, house
from lightwell.core.net.outgoing import Outgoing, read_outgoing
from lightwell.standards.fhir.errors import Issue, SearchError
from lightwell.standards.fhir.resource import decode_resource
from lightwell.standards.fhir.search.values import Place
from tests.clinical.subscriptions.conftest import observation, subscription
from tests.clinical.subscriptions.listener import Listener
from tests.region import Region

PLACE = Place("http://127.0.0.1/fhir", UTC)
HERE = read_outgoing("127.0.0.0/8")
_MOST_OTHERS = 20
"""So many subscriptions may other tests have left, each of which is given up in its turn."""
HASTY = Patience(answer_s=2, first_pause_s=0, most_tries=3)


async def rewrite(node: Node, actor: Actor, identifier: str, resource: dict[str, Any]) -> None:
    """Write a subscription anew, as an update does."""
    [organisation] = actor.organisation_ids
    async with node.machines.transactions.begin(actor) as tx:
        before = (await records.lock(tx, organisation, [("Subscription", identifier)]))["Subscription", identifier]
        change = Change(organisation, "Subscription", identifier, resource | {"id": identifier}, before)
        await keeping.write(tx, [change], PLACE, HERE)


async def write(node: Node, actor: Actor, *resources: dict[str, Any]) -> Sequence[str]:
    [organisation] = actor.organisation_ids
    async with node.machines.transactions.begin(actor) as tx:
        changes = [Change(organisation, one["resourceType"], records.new_id(), one) for one in resources]
        return [record.id for record in await keeping.write(tx, changes, PLACE, HERE)]


async def read(node: Node, actor: Actor, identifier: str) -> dict[str, Any]:
    async with node.machines.transactions.begin(actor) as tx:
        record = await records.read(tx, "Subscription", identifier)
        assert record is not None
        return decode_resource(record.body)


async def waiting(node: Node, actor: Actor, identifier: str) -> int:
    async with node.machines.transactions.begin(actor) as tx:
        query = (
            "SELECT count(*) FROM clinical.notification AS n JOIN clinical.subscription AS s"
            " ON s.rid = n.subscription_rid WHERE s.id = %s"
        )
        row = await (await tx.connection.execute(query, [identifier])).fetchone()
        return row[0] if row else 0


async def deliver(node: Node, organisation: int, times: int, allowed: Outgoing = HERE) -> None:
    deliverer = Deliverer(node.machines, PLACE, allowed, HASTY)
    await Judge(node.machines, PLACE).changes_of(organisation)
    for _ in range(times):
        for one in await deliverer.take(organisation, 16):
            await deliverer.deliver(one)


@pytest.mark.asyncio
async def test_a_machine_that_never_takes_anything_is_given_up_and_the_subscription_says_so(
    node: Node, region: Region, a: Actor, listener: Listener
) -> None:
    listener.answer = lambda _: 500
    [made] = await write(node, a, subscription(listener.url))
    await write(node, a, observation())
    await deliver(node, region.a, 2)
    assert (await read(node, a, made))["status"] == "active"
    await deliver(node, region.a, 3)
    found = await read(node, a, made)
    assert (found["status"], found["error"]) == ("error", "given up after 3 tries: expected an answer of 2xx, 500 came")
    assert len(listener.told) == 3


@pytest.mark.asyncio
async def test_what_waited_is_told_when_it_is_requested_again(
    node: Node, region: Region, a: Actor, listener: Listener
) -> None:
    listener.answer = lambda _: 500
    [made] = await write(node, a, subscription(listener.url))
    await write(node, a, observation())
    await deliver(node, region.a, 3)
    listener.answer = lambda _: 200
    async with node.machines.transactions.begin(a) as tx:
        before = (await records.lock(tx, region.a, [("Subscription", made)]))["Subscription", made]
        again = Change(region.a, "Subscription", made, subscription(listener.url), before)
        await keeping.write(tx, [again], PLACE, HERE)
    await deliver(node, region.a, 1)
    assert "error" not in await read(node, a, made)
    assert await waiting(node, a, made) == 0
    assert len(listener.told) == 4


@pytest.mark.asyncio
async def test_nobody_is_called_whom_the_operator_no_longer_lists(
    node: Node, region: Region, a: Actor, listener: Listener
) -> None:
    [made] = await write(node, a, subscription(listener.url))
    await write(node, a, observation())
    await deliver(node, region.a, 1, Outgoing())
    found = await read(node, a, made)
    assert found["status"] == "error"
    assert "LIGHTWELL_SUBSCRIPTION_TARGETS" in found["error"]
    assert listener.told == []


@pytest.mark.asyncio
async def test_it_is_turned_off_when_its_end_has_passed(node: Node, a: Actor) -> None:
    later = datetime.now(UTC) + timedelta(hours=1)
    [made] = await write(node, a, subscription("http://127.0.0.1:9/") | {"end": later.isoformat()})
    notifier = Notifier(node.machines)
    await notifier.look()
    assert (await read(node, a, made))["status"] == "active"
    async with node.machines.transactions.begin(a) as tx:
        await tx.connection.execute("UPDATE clinical.subscription SET ends_at = %s WHERE id = %s", [clock.now(), made])
    await write(node, a, observation())
    await notifier.look()
    assert (await read(node, a, made))["status"] == "off"
    assert await waiting(node, a, made) == 0


@pytest.mark.hazard("H-04")
@pytest.mark.asyncio
async def test_nothing_is_told_for_an_owner_who_may_no_longer_read(
    node: Node, region: Region, a: Actor, listener: Listener
) -> None:
    everything = frozenset(Permission)
    person = Actor("person", "user-a", (region.a,), everything, roles={region.a: everything})
    [made] = await write(node, person, subscription(listener.url))
    async with node.machines.transactions.begin(house(region.a, region.b)) as tx:
        await tx.connection.execute(
            "UPDATE core.membership SET role = 'auditor' WHERE organisation_id = %s", [region.a]
        )
    await write(node, a, observation())
    await deliver(node, region.a, 1)
    found = await read(node, a, made)
    assert (found["status"], listener.told) == ("error", [])
    assert "may no longer read" in found["error"]


@pytest.mark.asyncio
async def test_two_nodes_do_not_send_for_the_same_subscription_at_once(
    node: Node, region: Region, a: Actor, listener: Listener
) -> None:
    await write(node, a, subscription(listener.url))
    await write(node, a, observation())
    await Judge(node.machines, PLACE).changes_of(region.a)
    nodes = [Deliverer(node.machines, PLACE, HERE, HASTY) for _ in range(2)]
    taken = [await one.take(region.a, 16) for one in nodes]
    assert [len(own) for own in taken] == [1, 0]


@pytest.mark.asyncio
async def test_where_nobody_subscribed_nothing_is_noted(node: Node, b: Actor) -> None:
    await write(node, b, observation())
    async with node.machines.transactions.begin(b) as tx:
        changes = {"organisation_id": b.organisation_ids[0], "limit": 10}
        assert await (await tx.connection.execute(store.CHANGES, changes)).fetchall() == []


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "anew",
    [
        {"criteria": "Patient?gender=female"},
        {"channel": {"type": "websocket"}},
        {"channel": {"type": "rest-hook", "endpoint": "http://127.0.0.2:9/", "payload": JSON}},
        {"channel": {"type": "rest-hook", "endpoint": "http://127.0.0.1:9/"}},
    ],
    ids=["criteria", "channel", "machine", "payload"],
)
async def test_what_waits_by_another_wish_does_not_go_out_by_this_one(
    node: Node, region: Region, a: Actor, anew: dict[str, Any]
) -> None:
    asked = subscription("http://127.0.0.1:9/", payload=JSON)
    [made] = await write(node, a, asked)
    await write(node, a, observation())
    await Judge(node.machines, PLACE).changes_of(region.a)
    assert await waiting(node, a, made) == 1
    await rewrite(node, a, made, asked)
    assert await waiting(node, a, made) == 1, "the same wish goes on with what waits"
    await rewrite(node, a, made, asked | anew)
    assert await waiting(node, a, made) == 0
    await rewrite(node, a, made, {**asked, "status": "off"})


@pytest.mark.asyncio
async def test_who_was_written_anew_while_being_sent_for_is_sent_for_no_more(
    node: Node, region: Region, a: Actor, listener: Listener
) -> None:
    asked = subscription(listener.url)
    [made] = await write(node, a, asked)
    await write(node, a, observation())
    await Judge(node.machines, PLACE).changes_of(region.a)
    deliverer = Deliverer(node.machines, PLACE, HERE, HASTY)
    [taken] = await deliverer.take(region.a, 1)
    await rewrite(node, a, made, asked | {"channel": asked["channel"] | {"header": ["X-New: 1"]}})
    await deliverer.deliver(taken)
    assert listener.told == []
    await deliver(node, region.a, 1)
    assert [told.headers["x-new"] for told in listener.told] == ["1"]
    await rewrite(node, a, made, {**asked, "status": "off"})


async def _broken(*_: object) -> dict[int, int]:
    message = "PostgreSQL text fields cannot contain NUL (0x00) bytes"
    raise psycopg.DataError(message)


@pytest.mark.asyncio
async def test_criteria_that_the_database_cannot_look_for_end_their_own_subscription_only(
    node: Node, region: Region, a: Actor, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = await write(node, a, subscription(listener.url, "Observation?code=bad"), subscription(listener.url))
    real = judging.among

    async def among(tx: Any, search: Any, rids: Any) -> Any:
        return await (_broken() if "bad" in repr(search) else real(tx, search, rids))

    monkeypatch.setattr(judging, "among", among)
    await write(node, a, observation())
    await deliver(node, region.a, 1)
    assert (await read(node, a, bad))["status"] == "error"
    assert ((await read(node, a, good))["status"], len(listener.told)) == ("active", 1)
    await rewrite(node, a, good, {**subscription(listener.url), "status": "off"})


@pytest.mark.asyncio
async def test_a_search_that_takes_too_long_is_asked_again_before_it_is_given_up(
    node: Node, region: Region, a: Actor, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    [made] = await write(node, a, subscription(listener.url))
    judge = Judge(node.machines, PLACE)

    async def among(*_: object) -> dict[int, int]:
        raise SearchError([Issue("too-costly", "this search takes too long")])

    with monkeypatch.context() as busy:
        busy.setattr(judging, "among", among)
        await write(node, a, observation())
        assert [await judge.changes_of(region.a) for _ in range(4)] == [0] * 4
    assert await judge.changes_of(region.a) == 1
    assert ((await read(node, a, made))["status"], await waiting(node, a, made)) == ("active", 1)
    monkeypatch.setattr(judging, "among", among)
    await write(node, a, observation())
    for _ in range(5 * _MOST_OTHERS):
        await judge.changes_of(region.a)
    assert (await read(node, a, made))["status"] == "error"
