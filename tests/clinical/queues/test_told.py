"""What rooms, counters and messages say of one patient at once: nobody is left waiting, and nothing fails over that."""

import asyncio
from datetime import UTC

from lightwell.app.node import Node
from lightwell.clinical.queues import calling, checking_in
from lightwell.clinical.queues.model import WhatFor
from lightwell.core.actors import Actor


async def waiting(node: Node, a: Actor, name: str) -> tuple[int, int]:
    """Return a queue and somebody's place in it, whose visit is called as the queue is."""
    async with node.machines.transactions.begin(a) as tx:
        queue = await checking_in.add(tx, a.organisation_ids[0], name, "A", "")
        ticket, _ = await checking_in.check_in(tx, queue, f"patient-{name}", WhatFor(name), UTC)
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


async def test_an_appointment_and_its_visit_have_one_number_that_ends_with_either(node: Node, a: Actor) -> None:
    async with node.machines.transactions.begin(a) as tx:
        for name, over in (("visit is over", "v-0"), ("appointment is off", "ap-1")):
            key = over[-1]
            queue = await checking_in.add(tx, a.organisation_ids[0], name, "A", "")
            first, _ = await checking_in.check_in(tx, queue, key, WhatFor(appointment_id=f"ap-{key}"), UTC)
            told = [WhatFor(f"v-{key}"), WhatFor("another"), WhatFor(appointment_id=f"ap-{key}")]
            again = [await checking_in.check_in(tx, queue, key, what_for, UTC) for what_for in told]
            assert [(ticket.id, is_new) for ticket, is_new in again] == [(first.id, False)] * 3
            await calling.leave(tx, a.organisation_ids[0], over)
            assert (await checking_in.read(tx, first.id)).state == "left", name


async def test_whoever_tells_again_of_what_is_done_gives_no_second_number(node: Node, a: Actor) -> None:
    async with node.machines.transactions.begin(a) as tx:
        queue = await checking_in.add(tx, a.organisation_ids[0], "done once", "A", "")
        first, _ = await checking_in.check_in(tx, queue, "p", WhatFor(appointment_id="ap"), UTC)
        await checking_in.check_in(tx, queue, "p", WhatFor("v"), UTC)
        await calling.call_next(tx, queue, "3", "A")
        await calling.act(tx, first.id, "done", "3", "A")
        for what_for in (WhatFor("v"), WhatFor(appointment_id="ap")):
            assert await checking_in.check_in(tx, queue, "p", what_for, UTC) == (
                await checking_in.read(tx, first.id),
                False,
            )
        _, is_new = await checking_in.check_in(tx, queue, "p", WhatFor("another visit"), UTC)
        assert is_new
