"""Two records of one patient become one and two again; nothing is lost, and nothing moves that should not."""

from collections.abc import Mapping
from typing import Any

import pytest

from lightwell.app.node import Node
from lightwell.clinical import merging, records
from lightwell.clinical.model import Record
from lightwell.core.actors import Actor
from lightwell.core.errors import Conflict, InvalidRequest, NotFound
from lightwell.standards.fhir.resource import Resource, decode_resource
from lightwell.standards.fhir.search.values import Place
from tests.clinical.test_records import PLACE, create, heart_rate


def appointment(*patients: Record) -> Resource:
    participants = [{"actor": {"reference": item.reference}, "status": "accepted"} for item in patients]
    return {"resourceType": "Appointment", "status": "booked", "participant": participants}


async def now(node: Node, actor: Actor, record: Record) -> Resource:
    async with node.machines.transactions.begin(actor) as tx:
        found = await records.read(tx, record.type, record.id)
    assert found is not None
    return decode_resource(found.body)


async def merge(node: Node, actor: Actor, survivor: Record, retired: Record) -> int:
    async with node.machines.transactions.begin(actor) as tx:
        return await merging.merge(tx, survivor.organisation_id, survivor.id, retired.id, PLACE)


async def undo(node: Node, actor: Actor, number: int) -> None:
    async with node.machines.transactions.begin(actor) as tx:
        await merging.undo(tx, number, PLACE)


async def two(node: Node, actor: Actor) -> list[Record]:
    return await create(node, actor, {"resourceType": "Patient", "active": True}, {"resourceType": "Patient"})


def subject(resource: Mapping[str, Any]) -> str:
    return resource["subject"]["reference"]


async def test_everything_refers_to_the_survivor_and_the_other_says_so(node: Node, a: Actor) -> None:
    survivor, retired = await two(node, a)
    rate, visit = await create(node, a, heart_rate(retired.id, "72"), appointment(survivor, retired))
    async with node.machines.transactions.begin(a) as tx:
        moving = await merging.preview(tx, a.organisation_ids[0], retired.id)
    await merge(node, a, survivor, retired)
    left = await now(node, a, retired)
    assert moving == {"Observation": 1, "Appointment": 1}
    assert subject(await now(node, a, rate)) == survivor.reference
    assert {item["actor"]["reference"] for item in (await now(node, a, visit))["participant"]} == {survivor.reference}
    assert left["active"] is False
    assert left["link"] == [{"other": {"reference": survivor.reference}, "type": "replaced-by"}]


async def test_what_is_previewed_is_what_moves_however_it_refers(node: Node, a: Actor) -> None:
    """With a version, with our own address, in an element of another's name: no version is one of the survivor's."""
    survivor, retired = await two(node, a)
    ways = (f"{retired.reference}/_history/1", f"{PLACE.base_url}/{retired.reference}", retired.reference)
    rates = await create(node, a, *(heart_rate(retired.id, "72") | {"subject": {"reference": way}} for way in ways))
    data = [{"meaning": "instance", "reference": {"reference": retired.reference}}]
    consent = {"resourceType": "Consent", "patient": {"reference": ways[0]}, "provision": {"data": data}}
    [consent] = await create(node, a, consent)
    elsewhere = heart_rate("x", "72") | {"subject": {"reference": f"http://elsewhere/fhir/{retired.reference}"}}
    [of_others] = await create(node, a, elsewhere)
    async with node.machines.transactions.begin(a) as tx:
        moving = await merging.preview(tx, a.organisation_ids[0], retired.id)
    number = await merge(node, a, survivor, retired)
    moved = [await now(node, a, record) for record in (*rates, consent)]
    assert moving == {"Observation": 3, "Consent": 1}
    assert [subject(item) for item in moved[:3]] == [survivor.reference] * 3
    assert moved[3]["patient"] == moved[3]["provision"]["data"][0]["reference"] == {"reference": survivor.reference}
    assert subject(await now(node, a, of_others)) == elsewhere["subject"]["reference"]
    await undo(node, a, number)
    assert [subject(await now(node, a, record)) for record in rates] == [retired.reference] * 3


@pytest.mark.hazard("H-37")
async def test_undoing_moves_back_what_moved_and_nothing_else(node: Node, a: Actor) -> None:
    survivor, retired = await two(node, a)
    before = [await now(node, a, item) for item in (survivor, retired)]
    rate, visit = await create(node, a, heart_rate(retired.id, "72"), appointment(survivor, retired))
    number = await merge(node, a, survivor, retired)
    [since] = await create(node, a, heart_rate(survivor.id, "80"))
    await undo(node, a, number)
    actors = [item["actor"]["reference"] for item in (await now(node, a, visit))["participant"]]
    assert subject(await now(node, a, rate)) == retired.reference
    assert actors == [survivor.reference, retired.reference]
    assert subject(await now(node, a, since)) == survivor.reference
    after = [await now(node, a, item) for item in (survivor, retired)]
    assert [item | {"meta": 0} for item in after] == [item | {"meta": 0} for item in before]


async def test_what_was_corrected_meanwhile_stays_corrected(node: Node, a: Actor) -> None:
    survivor, retired = await two(node, a)
    [third] = await create(node, a, {"resourceType": "Patient"})
    [rate] = await create(node, a, heart_rate(retired.id, "72"))
    number = await merge(node, a, survivor, retired)
    async with node.machines.transactions.begin(a) as tx:
        held = await records.lock(tx, rate.organisation_id, [(rate.type, rate.id)])
        change = merging.Change(
            rate.organisation_id, rate.type, rate.id, heart_rate(third.id, "72"), held[rate.type, rate.id]
        )
        await records.write(tx, [change], PLACE)
    await undo(node, a, number)
    assert subject(await now(node, a, rate)) == third.reference


async def test_a_merge_is_undone_once_and_in_the_order_of_merging(node: Node, a: Actor) -> None:
    survivor, retired = await two(node, a)
    [third] = await create(node, a, {"resourceType": "Patient"})
    first = await merge(node, a, survivor, retired)
    second = await merge(node, a, third, survivor)
    with pytest.raises(Conflict, match="came after it"):
        await undo(node, a, first)
    await undo(node, a, second)
    await undo(node, a, first)
    with pytest.raises(Conflict, match="undone already"):
        await undo(node, a, first)


async def test_nobody_is_merged_with_who_is_not_there(node: Node, a: Actor, b: Actor) -> None:
    survivor, retired = await two(node, a)
    with pytest.raises(InvalidRequest):
        await merge(node, a, survivor, survivor)
    with pytest.raises(NotFound):
        await merge(node, b, survivor, retired)
    await merge(node, a, survivor, retired)
    with pytest.raises(Conflict, match="replaced by another"):
        await merge(node, a, retired, survivor)
    with pytest.raises(NotFound):
        await undo(node, b, 1)


async def test_what_refers_by_an_address_that_is_not_known_as_ours_is_not_left_behind(node: Node, a: Actor) -> None:
    survivor, retired = await two(node, a)
    absolute = {"reference": f"{PLACE.base_url}/{retired.reference}"}
    [rate] = await create(node, a, heart_rate(retired.id, "72") | {"subject": absolute})
    async with node.machines.transactions.begin(a) as tx:
        with pytest.raises(Conflict, match=f"{rate.reference} refers"):
            await merging.merge(
                tx, a.organisation_ids[0], survivor.id, retired.id, Place("https://pacs.example.org/fhir")
            )
    await merge(node, a, survivor, retired)
    assert subject(await now(node, a, rate)) == survivor.reference
