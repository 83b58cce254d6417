"""Statements travel together; the connection that was used last is used next."""

import asyncio
from collections.abc import AsyncGenerator

import psycopg
import pytest
import pytest_asyncio
from psycopg import sql
from psycopg.conninfo import make_conninfo
from psycopg.pq import TransactionStatus

from lightwell.core.db.connections import Connection, Pool
from lightwell.core.db.roles import Role
from tests.region import Server

_LOCK = "SELECT pg_advisory_xact_lock(20)"
_IS_FREE = "SELECT pg_try_advisory_xact_lock(20)"
_BACK = "SELECT %s::text"
_LARGE = "x" * (1 << 20)


@pytest_asyncio.fixture
async def pool(server: Server) -> AsyncGenerator[Pool]:
    """Connections to a database that is there."""
    login = make_conninfo(host=str(server.settings.data_dir / "postgres-socket"), user=Role.APP, dbname="lightwell")
    async with Pool(login, most=4) as opened:
        yield opened


async def _answer(connection: Connection, statement: str) -> object:
    row = await (await connection.execute(sql.SQL(statement))).fetchone()
    return row[0] if row else None


async def test_statements_are_sent_when_an_answer_is_wished_for(pool: Pool) -> None:
    async with pool.connection() as one, pool.connection() as other, one.pipeline():
        await one.execute(_LOCK)
        await asyncio.sleep(0.3)
        assert await _answer(other, _IS_FREE) is True  # the database has not heard of it
        await other.rollback()
        assert await _answer(one, "SELECT 7") == 7
        assert await _answer(other, _IS_FREE) is False


async def test_more_is_sent_and_answered_than_all_buffers_hold(pool: Pool) -> None:
    async with asyncio.timeout(60), pool.connection() as connection:
        async with connection.pipeline():
            cursors = [await connection.execute(_BACK, (f"{n}{_LARGE}",)) for n in range(64)]
        rows = [await cursor.fetchone() for cursor in cursors]
    assert [row[0][:2] for row in rows if row] == [f"{n}x"[:2] for n in range(64)]


async def test_a_statement_that_no_buffer_holds_is_sent_to_its_end(pool: Pool) -> None:
    async with asyncio.timeout(20), pool.connection() as connection, connection.pipeline() as pipeline:
        cursor = await connection.execute("SELECT length(%s)", (_LARGE * 16,))
        await pipeline.sync()
        assert await cursor.fetchone() == (len(_LARGE) * 16,)


async def test_an_error_takes_all_back_and_leaves_the_connection_good(pool: Pool) -> None:
    async with pool.connection() as connection:
        pid = connection.info.backend_pid

    async def fail() -> None:
        async with pool.connection() as connection, connection.pipeline():
            await connection.execute("SET SESSION application_name = 'kept'")
            await connection.execute("SELECT 1 / 0")
            await connection.execute("SELECT 1")

    with pytest.raises(psycopg.errors.DivisionByZero):
        await fail()
    async with pool.connection() as connection:
        assert connection.info.backend_pid == pid
        assert await _answer(connection, "SHOW application_name") != "kept"


async def test_one_statement_is_a_transaction_by_itself(pool: Pool) -> None:
    async with pool.connection() as connection:
        with pytest.raises(psycopg.errors.DivisionByZero):
            async with connection.one_statement():
                await connection.execute("SELECT 1 / 0")
        async with connection.one_statement():
            assert await _answer(connection, "SELECT set_config('application_name', 'kept', true)") == "kept"
        assert connection.info.transaction_status == TransactionStatus.IDLE
        assert await _answer(connection, "SHOW application_name") != "kept"
        assert connection.info.transaction_status == TransactionStatus.INTRANS


async def test_the_last_connection_given_back_is_lent_next(pool: Pool) -> None:
    async with pool.connection() as first:
        async with pool.connection(), pool.connection() as third:
            last = third.info.backend_pid
        assert first.info.backend_pid != last
    oldest = first.info.backend_pid
    for _ in range(5):
        async with pool.connection() as connection:
            assert connection.info.backend_pid == oldest


async def test_a_line_that_ended_while_it_rested_is_not_lent(pool: Pool, server: Server) -> None:
    async with pool.connection() as first, pool.connection() as second:
        ended = [first.info.backend_pid, second.info.backend_pid]
    server.query("SELECT pg_terminate_backend(pid, 5000) FROM unnest(%s::integer[]) AS pid", ended)
    async with pool.connection() as first, pool.connection() as second:
        assert [await _answer(first, "SELECT 1"), await _answer(second, "SELECT 1")] == [1, 1]
        assert not {first.info.backend_pid, second.info.backend_pid} & set(ended)
