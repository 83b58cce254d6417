"""What was written before names were sorted as they are said, and before units were read, is found so too."""

import psycopg

from lightwell.app.node import Node
from lightwell.clinical import rekey
from lightwell.clinical.keys import hashed, order_number
from lightwell.core.actors import Actor
from lightwell.core.db.roles import Role
from tests.clinical.test_records import create, heart_rate

NAMED = "SELECT value FROM clinical.text WHERE rid = %s AND parameter = %s"
OLD = "DELETE FROM clinical.text WHERE rid = %s AND parameter = %s"
WAITS = "INSERT INTO clinical.unkeyed (rid, organisation_id) VALUES (%s, %s)"
MEASURED = "SELECT dimension, canonical_low, canonical_high FROM clinical.number WHERE rid = %s"
UNMEASURED = "UPDATE clinical.number SET dimension = 0, canonical_low = 0, canonical_high = 0 WHERE rid = %s"


async def test_what_lacks_texts_gets_them_once(node: Node, a: Actor) -> None:
    [old] = await create(node, a, {"resourceType": "Patient", "name": [{"text": "王五"}]})
    row = [old.rid, order_number("Patient", "name")]
    async with node.machines.transactions.begin(a) as tx:
        await tx.connection.execute(OLD, row)
    owner = node.machines.database.conninfo(Role.OWNER)
    async with await psycopg.AsyncConnection.connect(owner) as connection:
        await connection.execute(WAITS, [old.rid, old.organisation_id])
    assert [await rekey(node.machines), await rekey(node.machines)] == [1, 0]
    async with node.machines.transactions.begin(a) as tx:
        assert await (await tx.connection.execute(NAMED, row)).fetchall() == [("wang wu 王五",)]


async def test_quantities_from_before_units_were_read_are_found_in_all_of_them(node: Node, a: Actor) -> None:
    [old, other] = await create(node, a, heart_rate("7", "72"), heart_rate("7", "90"))
    async with node.machines.transactions.begin(a) as tx:
        await tx.connection.execute(UNMEASURED, [old.rid])
    async with await psycopg.AsyncConnection.connect(node.machines.database.conninfo(Role.OWNER)) as connection:
        await connection.execute(WAITS, [old.rid, old.organisation_id])
    assert [await rekey(node.machines), await rekey(node.machines)] == [1, 0]
    async with node.machines.transactions.begin(a) as tx:
        for rid, expected in ((old.rid, 1.2), (other.rid, 1.5)):
            rows = await (await tx.connection.execute(MEASURED, [rid])).fetchall()
            assert len(rows) == 6
            assert set(rows) == {(hashed("s-1"), expected, expected)}
