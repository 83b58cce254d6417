"""Connections that cost little: statements travel together, and the connection that was used last is used next.

psycopg's own pipeline does not wait for answers, but sends each statement by itself, wakes the database for each, and
waits for ``BEGIN``. Here libpq keeps statements until an answer is wished for, the transaction ends, or 64 KB have
come together (PostgreSQL 18, 32.5.1). psycopg's pool lends the connection that has rested longest, whose process has
been put out of the processor's caches; here it is the warmest (docs/adr/0039).
"""

from collections import deque
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any, Final, TypeAlias

from psycopg import AsyncConnection, AsyncPipeline
from psycopg.abc import PQGen
from psycopg.generators import send
from psycopg.pq import TransactionStatus
from psycopg_pool import AsyncConnectionPool

from lightwell.core import clock

Row: TypeAlias = tuple[Any, ...]
_WARM_S: Final = 0.1
"""Whoever gave a connection back so lately found the other end there; PostgreSQL takes longer to be started again."""


class _Gathering(AsyncPipeline):
    """psycopg's pipeline, which sends when it must."""

    def _communicate_gen(self) -> PQGen[None]:
        while self.command_queue:
            self.command_queue.popleft()()  # into libpq's buffer
        yield from ()

    def _fetch_gen(self, *, flush: bool) -> PQGen[None]:
        if not flush:  # a Sync asks for the answers already, but a part of it may still lie in the buffer
            yield from send(self.pgconn)
        yield from super()._fetch_gen(flush=flush)


class Connection(AsyncConnection[Row]):
    """A connection whose pipelines gather what is sent."""

    rested_since_s = 0.0
    """When it was given back last."""
    _is_alone = False
    """Whether the next statement is a transaction by itself."""

    @asynccontextmanager
    async def pipeline(self) -> AsyncGenerator[AsyncPipeline]:
        """Gather statements; leaving the block waits for the answers of all."""
        if self._pipeline is None:
            self._pipeline = _Gathering(self)
        async with super().pipeline() as pipeline:
            yield pipeline

    @asynccontextmanager
    async def one_statement(self) -> AsyncGenerator[None]:
        """Let a statement be a transaction by itself, which PostgreSQL begins and ends with it."""
        self._is_alone = True
        try:
            yield
        finally:
            self._is_alone = False

    async def send_gathered(self) -> None:
        """Let the database work on what was gathered, while more is made ready for it."""
        async with self.lock:
            await self.wait(send(self.pgconn))

    def _start_query(self) -> PQGen[None]:
        """Begin a transaction together with its first statement, unless that is one by itself."""
        if self._is_alone:
            return
        if self._pipeline is None or self._autocommit or self.pgconn.transaction_status != TransactionStatus.IDLE:
            yield from super()._start_query()
        else:
            yield from self._exec_command(self._get_tx_start_command())


class _LastFirst(deque[Connection]):
    """Lends from the end to which it was given back."""

    def append(self, x: Connection, /) -> None:
        x.rested_since_s = clock.monotonic_s()
        self.appendleft(x)


async def _require_there(connection: Connection) -> None:
    """Go on only if the other end is there, without asking it: a line that ended while it rested has its end to read.

    Raises:
        OperationalError: PostgreSQL has hung up, as a rule because it was started again; the pool takes another line.
    """
    if clock.monotonic_s() - connection.rested_since_s < _WARM_S:
        return
    for _ in ("its last words", "the end"):
        connection.pgconn.consume_input()


class Pool(AsyncConnectionPool[Connection]):
    """Connections of one role, made as they are needed."""

    def __init__(self, conninfo: str, most: int) -> None:
        super().__init__(
            conninfo,
            connection_class=Connection,
            check=_require_there,
            min_size=0,
            max_size=most,
            timeout=5,
            open=False,
            reconnect_timeout=2,
        )
        self._pool = _LastFirst()
