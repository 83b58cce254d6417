"""A node goes on with its jobs after its database was away, and none is left half noted."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import LiteralString

import pytest
import pytest_asyncio

from lightwell.app.node import Node, open_node
from lightwell.core import jobs
from lightwell.core.actors import NOBODY
from lightwell.core.jobs import Job
from tests.region import data_directory, settings

_BOTH_LIVE = "SELECT count(*) = 2 FROM queue.procrastinate_workers WHERE last_heartbeat > now() - interval '1 second'"
_AWAY_S = 4.0  # longer than a worker lives without its heartbeat here


@pytest_asyncio.fixture
async def node(monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[Node]:
    """A node without doors that gives up its database soon."""
    monkeypatch.setattr(jobs, "_CONNECTED_S", 0.5)
    monkeypatch.setattr(jobs, "_HEARTBEAT_S", 0.5)
    with data_directory() as data_dir:
        async with open_node(settings(data_dir)) as opened:
            yield opened


class _Work:
    """A job that goes on until it may end, and counts how often it was begun."""

    def __init__(self) -> None:
        self.began, self.may_end, self.times = asyncio.Event(), asyncio.Event(), 0

    async def __call__(self) -> None:
        self.times += 1
        self.began.set()
        await self.may_end.wait()


async def _put(node: Node, name: str) -> None:
    async with node.machines.transactions.begin(NOBODY) as tx:
        await tx.defer(name)


async def _take_database(node: Node, seconds: float) -> None:
    embedded = node.machines.database.embedded
    assert embedded is not None
    await asyncio.to_thread(embedded.stop)
    await asyncio.sleep(seconds)
    await asyncio.to_thread(embedded.start)


async def _running(node: Node, job: Job, then: Callable[[], Awaitable[None]]) -> None:
    node.queue.register([job])
    working = asyncio.create_task(node.queue.run(1))
    try:
        await then()
    finally:
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)


async def _is(node: Node, statement: LiteralString) -> bool:
    async with node.machines.transactions.begin(NOBODY) as tx:
        row = await (await tx.connection.execute(statement)).fetchone()
    assert row is not None
    return row[0]


async def _until(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(30):
        while not await condition():  # noqa: ASYNC110 -- the database tells nobody
            await asyncio.sleep(0.1)


@pytest.mark.asyncio
async def test_a_node_does_jobs_after_its_database_was_away(node: Node) -> None:
    done = asyncio.Event()

    async def work() -> None:
        done.set()

    async def then() -> None:
        await asyncio.sleep(1)
        await _take_database(node, _AWAY_S)
        await _put(node, "test.work")
        await asyncio.wait_for(done.wait(), 30)

    await _running(node, Job("test.work", work), then)


@pytest.mark.asyncio
async def test_a_busy_worker_lives_on_when_the_database_is_back_and_its_job_is_done_once(node: Node) -> None:
    work = _Work()

    async def then() -> None:
        await _put(node, "test.work")
        await asyncio.wait_for(work.began.wait(), 30)
        await _take_database(node, _AWAY_S)
        for _ in range(3):
            await _until(lambda: _is(node, _BOTH_LIVE))
            await asyncio.sleep(1)
        work.may_end.set()
        await _until(lambda: _is(node, "SELECT count(*) = 0 FROM queue.procrastinate_jobs"))
        assert work.times == 1

    await _running(node, Job("test.work", work), then)


@pytest.mark.asyncio
async def test_a_worker_ends_with_its_node_also_when_the_database_is_away(node: Node) -> None:
    embedded = node.machines.database.embedded
    assert embedded is not None
    work = _Work()
    node.queue.register([Job("test.work", work)])
    working = asyncio.create_task(node.queue.run(1))
    await _put(node, "test.work")
    await asyncio.wait_for(work.began.wait(), 30)
    await asyncio.to_thread(embedded.stop)
    working.cancel()
    done, _ = await asyncio.wait([working], timeout=15)
    assert done == {working}
    await asyncio.to_thread(embedded.start)


@pytest.mark.asyncio
async def test_a_job_that_ends_while_the_database_is_away_is_noted_when_it_is_back(node: Node) -> None:
    work = _Work()

    async def then() -> None:
        await _put(node, "test.work")
        await asyncio.wait_for(work.began.wait(), 30)
        away = asyncio.create_task(_take_database(node, 1.5))
        await asyncio.sleep(1)
        work.may_end.set()
        await away
        await _until(lambda: _is(node, "SELECT count(*) = 0 FROM queue.procrastinate_jobs"))
        assert work.times == 1

    await _running(node, Job("test.work", work), then)
