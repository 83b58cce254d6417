"""What the database's failures are told as."""

import asyncio

import psycopg
import pytest

from lightwell.core.db.database import Database
from lightwell.core.db.roles import Role
from lightwell.core.errors import DatabaseUnavailable
from lightwell.core.settings import Settings
from tests.region import Server


async def _fail(database: Database, begun: asyncio.Event) -> None:
    async with database.connection(Role.APP):
        begun.set()
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError as error:
            message = "the line broke"
            raise psycopg.OperationalError(message) from error


@pytest.fixture
def url(server: Server) -> str:
    place = server.settings.data_dir / "postgres-socket"
    return f"postgresql://postgres@/lightwell?host={place}"


async def test_work_that_is_cancelled_ends_also_when_the_database_fails_at_that_moment(url: str) -> None:
    database, begun = Database(Settings(database_url=url)), asyncio.Event()
    await database.open()
    work = asyncio.create_task(_fail(database, begun))
    await begun.wait()
    work.cancel()
    await asyncio.wait([work])
    await database.close()
    assert work.cancelled()


async def test_a_line_that_broke_is_told_as_the_database_being_away(url: str) -> None:
    database = Database(Settings(database_url=url))
    await database.open()

    async def fail() -> None:
        async with database.connection():
            message = "the line broke"
            raise psycopg.OperationalError(message)

    with pytest.raises(DatabaseUnavailable):
        await fail()
    await database.close()
