"""What was written before names were sorted as they are said, and before units were read, is found so too."""

import logging

import psycopg
import pytest

from lightwell.app.node import Node
from lightwell.clinical import rekey
from lightwell.clinical.keys import hashed, order_number
from lightwell.clinical.model import Record
from lightwell.core.actors import Actor
from lightwell.core.db.roles import Role
from lightwell.core.logs import JsonLines
from tests.clinical.test_records import create, heart_rate

ORDER = order_number("Patient", "name")
NAMED = "SELECT value FROM clinical.text WHERE rid = %s AND parameter = %s"
OLD = "DELETE FROM clinical.text WHERE rid = %s AND parameter = %s"
SPOIL = "UPDATE clinical.resource SET body = %s WHERE rid = %s"
WAITS = "INSERT INTO clinical.unkeyed (rid, organisation_id) VALUES (%s, %s)"
MEASURED = "SELECT dimension, canonical_low, canonical_high FROM clinical.number WHERE rid = %s"
UNMEASURED = "UPDATE clinical.number SET dimension = 0, canonical_low = 0, canonical_high = 0 WHERE rid = %s"


async def test_what_lacks_texts_gets_them_once(node: Node, a: Actor) -> None:
    [old] = await create(node, a, {"resourceType": "Patient", "name": [{"text": "王五"}]})
    await lack_texts(node, a, old)
    assert [await rekey(node.machines), await rekey(node.machines)] == [1, 0]
    assert await sorted_by(node, a, old) == ["wang wu 王五"]


async def test_what_cannot_be_keyed_keeps_nobody_else_from_it_and_is_told_without_its_data(
    node: Node, a: Actor, caplog: pytest.LogCaptureFixture
) -> None:
    spoiled, whole = await create(node, a, *({"resourceType": "Patient", "name": [{"text": "王五"}]} for _ in "12"))
    await lack_texts(node, a, spoiled, whole)
    async with node.machines.transactions.begin(a) as tx:
        await tx.connection.execute(SPOIL, [b'{"resourceType":"Patient","id":"1","name":[7]}', spoiled.rid])
    with caplog.at_level(logging.ERROR):
        assert [await rekey(node.machines), await rekey(node.machines)] == [1, 0], "it is tried again, and passed again"
    assert await sorted_by(node, a, whole) == ["wang wu 王五"]
    told = [JsonLines().format(record) for record in caplog.records if record.name.endswith("rekeying")]
    assert len(told) == 1, "it is said once"
    assert f'"rid": {spoiled.rid}' in told[0]
    assert '"error": "AttributeError"' in told[0]


async def lack_texts(node: Node, a: Actor, *patients: Record) -> None:
    async with node.machines.transactions.begin(a) as tx:
        for record in patients:
            await tx.connection.execute(OLD, [record.rid, ORDER])
    await wait_to_be_keyed(node, *patients)


async def wait_to_be_keyed(node: Node, *records: Record) -> None:
    owner = node.machines.database.conninfo(Role.OWNER)
    async with await psycopg.AsyncConnection.connect(owner) as connection:
        for record in records:
            await connection.execute(WAITS, [record.rid, record.organisation_id])


async def sorted_by(node: Node, a: Actor, patient: Record) -> list[str]:
    async with node.machines.transactions.begin(a) as tx:
        rows = await (await tx.connection.execute(NAMED, [patient.rid, ORDER])).fetchall()
    return [text for (text,) in rows]


async def test_quantities_from_before_units_were_read_are_found_in_all_of_them(node: Node, a: Actor) -> None:
    [old, other] = await create(node, a, heart_rate("7", "72"), heart_rate("7", "90"))
    async with node.machines.transactions.begin(a) as tx:
        await tx.connection.execute(UNMEASURED, [old.rid])
    await wait_to_be_keyed(node, old)
    assert [await rekey(node.machines), await rekey(node.machines)] == [1, 0]
    async with node.machines.transactions.begin(a) as tx:
        for rid, expected in ((old.rid, 1.2), (other.rid, 1.5)):
            rows = await (await tx.connection.execute(MEASURED, [rid])).fetchall()
            assert len(rows) == 6
            assert set(rows) == {(hashed("s-1"), expected, expected)}
