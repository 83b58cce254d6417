"""A write, its event, its job and its audit row are one: all are there, or none is."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
import pytest_asyncio

from lightwell.app.node import Node, open_node
from lightwell.core.actors import NOBODY, Permission, house
from lightwell.core.auth import accounts
from lightwell.core.errors import Forbidden
from lightwell.core.events import Event
from lightwell.core.tx import Tx
from tests.region import data_directory, settings


@dataclass(frozen=True, slots=True, kw_only=True)
class SomethingHappened(Event):
    """An event of this test."""

    what: str


class _OfPurpose(Exception):
    pass


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def node() -> AsyncGenerator[Node]:
    """A node without doors."""
    with data_directory() as data_dir:
        async with open_node(settings(data_dir)) as opened:
            yield opened


pytestmark = pytest.mark.asyncio(loop_scope="module")


async def _act(node: Node, code: str) -> Tx:
    """Write, announce, ask for a job and note it; fail at the end when the code says so."""
    async with node.machines.transactions.begin(NOBODY) as nobody:
        number = await accounts.create_organisation(nobody, code, code, code)
        tx = await nobody.become(house(number))
        await tx.publish(SomethingHappened(organisation_id=number, what=code))
        await tx.defer("archive.close_study", organisation_id=number, study=1, only_one=f"lock/{code}")
        await tx.audit("tested", organisation_id=number, subject=code)
        if code.startswith("fail"):
            raise _OfPurpose
        return tx


async def _traces(node: Node, code: str) -> list[int]:
    embedded = node.machines.database.embedded
    assert embedded is not None
    questions: list[tuple[str, Any]] = [
        ("SELECT count(*) FROM core.organisation WHERE code = %s", code),
        ("SELECT count(*) FROM core.event WHERE payload->>'what' = %s", code),
        ("SELECT count(*) FROM queue.procrastinate_jobs WHERE queueing_lock = %s", f"lock/{code}"),
        ("SELECT count(*) FROM core.audit WHERE subject = %s", code),
    ]
    async with await psycopg.AsyncConnection.connect(embedded.conninfo(embedded.superuser)) as connection:
        return [
            int((await (await connection.execute(text.encode(), (value,))).fetchone() or (0,))[0])
            for text, value in questions
        ]


async def test_what_was_done_leaves_all_its_traces(node: Node) -> None:
    await _act(node, "done")
    assert await _traces(node, "done") == [1, 1, 1, 1]


async def test_what_failed_leaves_none(node: Node) -> None:
    with pytest.raises(_OfPurpose):
        await _act(node, "failed")
    assert await _traces(node, "failed") == [0, 0, 0, 0]


async def test_a_second_job_of_the_same_key_is_not_added(node: Node) -> None:
    async with node.machines.transactions.begin(house()) as tx:
        for _ in range(2):
            await tx.defer("archive.close_study", organisation_id=1, study=1, only_one="lock/twice")
    assert (await _traces(node, "twice"))[2] == 1


async def test_a_question_sees_what_its_actor_may_and_leaves_the_next_nothing_of_it(node: Node) -> None:
    transactions = node.machines.transactions
    told = "SELECT set_config('lightwell.organisations', %(visible)s, true)"
    assert await transactions.ask(house(7, 8), told, {}) == [("{7,8}",)]
    async with node.machines.database.connection() as connection:
        seen = await connection.execute("SELECT coalesce(current_setting('lightwell.organisations', true), '')")
        assert await seen.fetchall() == [("",)]


async def test_an_actor_without_the_permission_gets_no_further(node: Node) -> None:
    async with node.machines.transactions.begin(NOBODY) as tx:
        with pytest.raises(Forbidden, match=r"archive\.read"):
            tx.actor.require(Permission.ARCHIVE_READ)


async def test_a_transaction_has_no_commit() -> None:
    assert not hasattr(Tx, "commit")
