"""What rooms, counters and messages say of one patient at once: nobody is left waiting, and nothing fails over that."""

import asyncio
from datetime import UTC

from lightwell.app.node import Node
from lightwell.clinical.queues import calling, checking_in
from lightwell.core.actors import Actor


async def waiting(node: Node, a: Actor, name: str) -> tuple[int, int]:
    """Return a queue and somebody's place in it, whose visit is called as the queue is."""
    async with node.machines.transactions.begin(a) as tx:
        queue = await checking_in.add(tx, a.organisation_ids[0], name, "A", "")
        ticket, _ = await checking_in.check_in(tx, queue, f"patient-{name}", name, UTC)
    return queue, ticket.id


async def test_a_discharge_goes_on_where_a_room_is_done_with_the_patient_at_the_same_moment(
    node: Node, a: Actor
) -> None:
    queue, ticket = await waiting(node, a, "at once")
    transactions = node.machines.transactions

    async def leave() -> None:
        async with transactions.begin(a) as tx:
            await calling.leave(tx, a.organisation_ids[0], "at once")

    async with transactions.begin(a) as room:
        await calling.call_next(room, queue, "3", "A")
        await calling.act(room, ticket, "done", "3", "A")
        leaving = asyncio.create_task(leave())
        await asyncio.sleep(0.5)  # it has found them waiting, and waits for the queue
    await leaving
    async with transactions.begin(a) as tx:
        assert (await checking_in.read(tx, ticket)).state == "done"
