"""Work is looked for at once when something has come, now and then without that, and whatever befalls a look."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager

import pytest

from lightwell.core.looking import Lookout


class _Work:
    """Work of which each look finds what it is told to, and then nothing."""

    def __init__(self, found: Sequence[bool | Exception]) -> None:
        self.looks = 0
        self._found = iter(found)

    async def look(self) -> bool:
        self.looks += 1
        found = next(self._found, False)
        if isinstance(found, Exception):
            raise found
        return found

    async def until(self, looks: int) -> None:
        async with asyncio.timeout(5):
            while self.looks < looks:  # noqa: ASYNC110 -- a test waits for a number
                await asyncio.sleep(0.001)


@asynccontextmanager
async def looking(lookout: Lookout, work: _Work) -> AsyncGenerator[None]:
    task = asyncio.create_task(lookout.run(work.look))
    yield
    task.cancel()


async def test_what_was_found_is_followed_by_the_next_look_and_nothing_by_a_rest() -> None:
    work, lookout = _Work([True, True]), Lookout("test", look_s=60)
    async with looking(lookout, work):
        await work.until(3)
        await asyncio.sleep(0.05)
        assert work.looks == 3
        lookout.wake()
        await work.until(4)


async def test_it_is_looked_now_and_then_without_a_call() -> None:
    work = _Work([])
    async with looking(Lookout("test", look_s=0.01), work):
        await work.until(3)


async def test_a_look_that_fails_is_logged_and_the_next_one_comes(caplog: pytest.LogCaptureFixture) -> None:
    work = _Work([OSError("gone"), True])
    async with looking(Lookout("test", look_s=60), work):
        await work.until(3)
    assert [record.message for record in caplog.records] == ["work pauses"]
