"""A patient has their numbers whoever wrote them, one number is one patient's, and nobody is made twice."""

import asyncio
from collections.abc import Sequence
from importlib import resources
from typing import Any

import pytest

from lightwell.app.node import Node
from lightwell.clinical import records
from lightwell.clinical.fhir.asking import Hospital
from lightwell.clinical.fhir.changing import Asked, change
from lightwell.clinical.model import Change, Record
from lightwell.clinical.numbers import Number, numbers_of
from lightwell.clinical.patients import ensure_patient, find_patient
from lightwell.core.actors import Actor
from lightwell.core.db.roles import Role
from lightwell.core.errors import Unavailable
from lightwell.core.net.outgoing import read_outgoing
from lightwell.standards.fhir.resource import Resource
from tests.clinical.test_records import PLACE, create

ISSUER = "urn:test:mr"


def patient(*values: str, **more: Any) -> Resource:
    return {
        "resourceType": "Patient",
        "identifier": [{"system": ISSUER, "value": value} for value in values],
        **more,
    }


async def write(node: Node, actor: Actor, before: Record, resource: Resource | None) -> Record:
    async with node.machines.transactions.begin(actor) as tx:
        held = await records.lock(tx, before.organisation_id, [(before.type, before.id)])
        asked = Change(before.organisation_id, before.type, before.id, resource, held[before.type, before.id])
        return (await records.write(tx, [asked], PLACE))[0]


async def owner_of(node: Node, actor: Actor, value: str) -> str | None:
    """Return the ID of the patient to whom the index says that a number belongs."""
    statement = """
        SELECT r.id FROM clinical.patient_identifier AS i JOIN clinical.resource AS r ON r.rid = i.patient_rid
        WHERE i.issuer = %s AND i.value = %s"""
    async with node.machines.transactions.begin(actor) as tx:
        row = await (await tx.connection.execute(statement, [ISSUER, value])).fetchone()
    return row[0] if row else None


def test_numbers_without_a_system_or_a_value_are_nobodys() -> None:
    identifiers = [{"value": "1"}, {"system": "urn:x"}, {"system": "urn:x", "value": "2"}, {"type": {"text": "card"}}]
    assert numbers_of({"resourceType": "Patient", "identifier": identifiers}) == {Number("urn:x", "2")}
    assert numbers_of(patient("7" * 241)) == set()
    assert numbers_of(None) == set()


async def test_who_came_as_a_resource_is_found_by_number(node: Node, a: Actor, b: Actor) -> None:
    [written] = await create(node, a, patient("A1", "A2"))
    async with node.machines.transactions.begin(a) as tx:
        found = await find_patient(tx, written.organisation_id, [Number(ISSUER, "A2")])
    async with node.machines.transactions.begin(b) as tx:
        assert await find_patient(tx, b.organisation_ids[0], [Number(ISSUER, "A2")]) is None
    assert found is not None
    assert found.id == written.id
    assert await owner_of(node, a, "A1") == written.id


async def test_a_number_that_is_taken_away_is_free_again(node: Node, a: Actor) -> None:
    [first] = await create(node, a, patient("B1", "B2"))
    await write(node, a, first, patient("B2"))
    [second] = await create(node, a, patient("B1"))
    assert await owner_of(node, a, "B1") == second.id
    await write(node, a, first, None)
    assert await owner_of(node, a, "B2") is None


async def test_a_number_goes_from_one_to_another_in_one_transaction(node: Node, a: Actor) -> None:
    [first, second] = await create(node, a, patient("C1"), patient("C2"))
    async with node.machines.transactions.begin(a) as tx:
        asked = [
            Change(first.organisation_id, "Patient", first.id, patient("C3"), first),
            Change(second.organisation_id, "Patient", second.id, patient("C1"), second),
        ]
        await records.write(tx, asked, PLACE)
    owners = [await owner_of(node, a, value) for value in ("C1", "C2", "C3")]
    assert owners == [second.id, None, first.id]


@pytest.mark.hazard("H-01")
async def test_a_number_stays_with_whom_it_belonged_to_first(node: Node, a: Actor) -> None:
    [first] = await create(node, a, patient("D1"))
    [second] = await create(node, a, patient("D1", "D2"))
    assert (await owner_of(node, a, "D1"), await owner_of(node, a, "D2")) == (first.id, second.id)
    await write(node, a, second, patient("D2"))
    assert await owner_of(node, a, "D1") == first.id


@pytest.mark.hazard("H-01")
async def test_thirty_two_writers_by_message_and_by_resource_make_one_patient(node: Node, a: Actor) -> None:
    hospital = Hospital(a.organisation_ids[0], PLACE, read_outgoing(""))

    async def by_message() -> str:
        async with node.machines.transactions.begin(a) as tx:
            number = Number(ISSUER, "RACE")
            done = await ensure_patient(
                tx, hospital.organisation_id, [number], lambda old: old or patient("RACE"), PLACE
            )
            return done.id

    async def by_resource() -> str:
        query = f"identifier={ISSUER}|RACE"
        asked = Asked("POST", "Patient", resource=patient("RACE", "OTHER"), if_none_exist=query)
        async with node.machines.transactions.begin(a) as tx:
            [answer] = await change(tx, hospital, [asked])
        assert answer.record is not None
        return answer.record.id

    made = await asyncio.gather(*(by_message() if turn % 2 else by_resource() for turn in range(32)))
    assert len(set(made)) == 1


@pytest.mark.hazard("H-01")
async def test_a_message_that_comes_while_a_resource_is_written_is_tried_again(node: Node, a: Actor) -> None:
    """A plain create asks nobody; the message waits for its end, and does not make a second patient."""
    number = Number(ISSUER, "E1")

    async def by_message() -> Record:
        async with node.machines.transactions.begin(a) as tx:
            return await ensure_patient(tx, a.organisation_ids[0], [number], lambda old: old or patient("E1"), PLACE)

    async with node.machines.transactions.begin(a) as tx:
        asked = Change(a.organisation_ids[0], "Patient", records.new_id(), patient("E1"))
        [written] = await records.write(tx, [asked], PLACE)
        message = asyncio.create_task(by_message())
        await asyncio.wait([message], timeout=0.5)
        assert not message.done()
    with pytest.raises(Unavailable):
        await message
    assert (await by_message()).id == written.id


async def test_patients_of_before_have_their_numbers_in_the_index(node: Node, a: Actor) -> None:
    written = await create(node, a, patient("F1", "F2"), patient("F1", "F3"), patient())
    migration = (resources.files("lightwell") / "clinical/migrations/0005_numbers.sql").read_text()
    async with node.machines.transactions.begin(a, Role.OWNER) as tx:
        await tx.connection.execute("DELETE FROM clinical.patient_identifier WHERE value LIKE 'F%%'")
        await tx.connection.execute(migration.encode())
    owners: Sequence[str | None] = [await owner_of(node, a, value) for value in ("F1", "F2", "F3")]
    assert owners == [written[0].id, written[0].id, written[1].id]
