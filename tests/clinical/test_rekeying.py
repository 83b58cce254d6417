"""What was written before names were sorted as they are said is sorted so too."""

import psycopg

from lightwell.app.node import Node
from lightwell.clinical import rekey
from lightwell.clinical.keys import order_number
from lightwell.core.actors import Actor
from lightwell.core.db.roles import Role
from tests.clinical.test_records import create

NAMED = "SELECT value FROM clinical.text WHERE rid = %s AND parameter = %s"
OLD = "DELETE FROM clinical.text WHERE rid = %s AND parameter = %s"
WAITS = "INSERT INTO clinical.unkeyed (rid, organisation_id) VALUES (%s, %s)"


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
