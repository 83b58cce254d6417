"""The database of a node: embedded PostgreSQL or any other, a pool per role, and a schema that is up to date."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import psycopg
from psycopg import sql
from psycopg.errors import DeadlockDetected
from psycopg_pool import PoolTimeout

from lightwell.core import logs
from lightwell.core.db.connections import Connection, Pool
from lightwell.core.db.embedded import EmbeddedPostgres
from lightwell.core.db.migrate import migrate
from lightwell.core.db.roles import Role, allow_roles, conninfo_as, create_roles
from lightwell.core.errors import Collided, DatabaseUnavailable
from lightwell.core.settings import Settings

log = logging.getLogger(__name__)


class Database:
    """Where a node keeps its rows; opened once per process.

    Args:
        settings: ``database_url`` empty means the embedded PostgreSQL in ``data_dir``.
    """

    def __init__(self, settings: Settings) -> None:
        self.embedded = None if settings.database_url else EmbeddedPostgres(settings.data_dir)
        self._url = settings.database_url
        self._pools: dict[Role, Pool] = {}

    def conninfo(self, role: Role) -> str:
        """Return how to log in as a role."""
        if self.embedded is not None:
            return self.embedded.conninfo(role.value)
        return conninfo_as(self._url, role)

    @property
    def _administrator(self) -> str:
        return self._url if self.embedded is None else self.embedded.conninfo(self.embedded.superuser)

    async def prepare(self, rooms: Sequence[str], *extra: Callable[[str], Any]) -> None:
        """Create roles and bring every room's schema up to date."""
        async with await psycopg.AsyncConnection.connect(self._administrator, autocommit=True) as connection:
            await create_roles(connection, self._administrator)
            await allow_roles(connection)
        async with await psycopg.AsyncConnection.connect(self.conninfo(Role.OWNER), autocommit=True) as connection:
            for step in await migrate(connection, rooms):
                logs.event(log, logging.INFO, "migration run", migrated_room=step.room, step=step.name)
        for action in extra:
            await action(self.conninfo(Role.OWNER))

    async def open(self) -> None:
        """Open the pools; connections are made as they are needed."""
        for role, size in ((Role.APP, 24), (Role.REGION, 2), (Role.OWNER, 2)):
            self._pools[role] = Pool(self.conninfo(role), size)
            await self._pools[role].open()

    async def close(self) -> None:
        """Close all connections."""
        for pool in self._pools.values():
            await pool.close(timeout=2)

    @asynccontextmanager
    async def connection(self, role: Role = Role.APP) -> AsyncGenerator[Connection]:
        """Lend a connection in a transaction: committed at the end, rolled back on an error.

        Raises:
            DatabaseUnavailable: PostgreSQL does not answer; the same call works again shortly.
            Collided: another transaction waited for this one as this one did for it.
        """
        try:
            async with self._pools[role].connection() as connection:
                yield connection
        except DeadlockDetected as error:
            message = "two changes waited for each other; nothing of this one was done, try it again"
            raise Collided(message) from error
        except (psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout) as error:
            _end_if_cancelled()
            message = "the database does not answer; nothing was changed, try again shortly"
            raise DatabaseUnavailable(message) from error

    async def is_answering(self) -> bool:
        """Tell whether a statement can be run now."""
        try:
            async with self.connection() as connection:
                await connection.execute(sql.SQL("SELECT 1"))
        except DatabaseUnavailable:
            return False
        return True


def _end_if_cancelled() -> None:
    """Go on being cancelled where the database failed at that moment: psycopg tells of the one and not the other."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
