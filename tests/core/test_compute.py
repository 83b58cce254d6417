"""Work in processes of its own: results come back, and what dies or dawdles takes nothing with it."""

import asyncio
import os
import signal
import time
from collections.abc import Generator

import pytest

from lightwell.core.compute import ComputePool, WorkDied, WorkTimedOut


def _die() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def _take_memory(megabytes: int) -> int:
    return len(bytearray(megabytes << 20))


@pytest.fixture
def pool() -> Generator[ComputePool]:
    pool = ComputePool(2, memory_mb=1024)
    yield pool
    pool.close()


async def test_a_result_comes_back(pool: ComputePool) -> None:
    assert await asyncio.gather(*(pool.run(pow, 2, n) for n in range(8))) == [2**n for n in range(8)]


async def test_it_is_another_process_and_the_same_one_again(pool: ComputePool) -> None:
    first = await pool.run(os.getpid)
    assert first != os.getpid()
    assert await pool.run(os.getpid) == first


async def test_an_error_is_raised_where_the_work_was_asked_for(pool: ComputePool) -> None:
    with pytest.raises(ZeroDivisionError):
        await pool.run(divmod, 1, 0)


async def test_a_crash_fails_its_own_call_only(pool: ComputePool) -> None:
    results = await asyncio.gather(pool.run(_die), pool.run(pow, 2, 3), return_exceptions=True)
    assert isinstance(results[0], WorkDied)
    assert results[1] == 8
    assert await pool.run(pow, 2, 4) == 16


async def test_work_that_takes_too_long_is_ended(pool: ComputePool) -> None:
    with pytest.raises(WorkTimedOut, match="longer"):
        await pool.run(time.sleep, 60, timeout_s=0.2)
    assert await pool.run(pow, 2, 5) == 32


async def test_a_worker_cannot_take_all_memory(pool: ComputePool) -> None:
    with pytest.raises(MemoryError):
        await pool.run(_take_memory, 4096)
    assert await pool.run(_take_memory, 16) == 16 << 20
