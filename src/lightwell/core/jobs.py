"""Background work: a job is a named coroutine whose arguments travel through PostgreSQL.

A room declares its jobs as a :class:`Job` table in ``jobs.py``; ``tx.defer`` puts one in the queue within the caller's
transaction, and workers in this or any other process run it. The queue is procrastinate's. Jobs that call other
machines have a lane and workers of their own: however many machines do not answer, no other job waits for them.

A worker of procrastinate's ends when it finds the database away; another follows it until the node ends.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeAlias

import procrastinate
from procrastinate import exceptions
from procrastinate.jobs import Job as JobInQueue
from procrastinate.jobs import Status
from procrastinate.manager import JobManager
from psycopg import AsyncConnection, OperationalError, sql

from lightwell.core import logs

log: Final = logging.getLogger(__name__)
_CONNECTED_S: Final = 5.0
_HEARTBEAT_S: Final = 5.0
_DEAD_S: Final = 15.0
_PAUSE_S: Final = 0.5
_RECONNECT_S: Final = 2.0  # longer, and attempts are minutes apart after a long time away
_LOOK_S: Final = 1.0  # for what is due now, and for all after the database was away: procrastinate listens no more then
_HERE: Final = "default"
_CALLS: Final = "calls"
_CALLS_AT_ONCE: Final = 16  # they mostly wait

Work: TypeAlias = Callable[..., Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Job:
    """Work that can be asked for by name.

    ``retries`` are with growing pauses; the work must be idempotent, since a node may die in its middle. ``is_call``
    marks work that waits for another machine.
    """

    name: str
    work: Work
    retries: int = 5
    is_call: bool = False


class _Jobs(JobManager):
    """The jobs in the database, which is told again what became of one if it was away, until the node ends.

    Otherwise the job would be taken for one that a worker still does, for as long as that worker lives.
    """

    def __init__(self, connector: procrastinate.PsycopgConnector) -> None:
        super().__init__(connector)
        self.may_wait = True
        """Whether there is time to wait for the database."""

    async def finish_job(self, job: JobInQueue, *arguments: Any, **named: Any) -> None:
        """Note that a job has ended."""
        await self._tell(lambda: super(_Jobs, self).finish_job(job, *arguments, **named))

    async def retry_job(self, job: JobInQueue, *arguments: Any, **named: Any) -> None:
        """Note that a job is to be tried again."""
        await self._tell(lambda: super(_Jobs, self).retry_job(job, *arguments, **named))

    async def update_heartbeat(self, worker_id: int) -> None:
        """Note that a worker lives; procrastinate's would beat no more after the first that failed."""
        try:
            await super().update_heartbeat(worker_id)
        except exceptions.ConnectorException as error:
            logs.event(log, logging.WARNING, "a worker could not say that it lives", error=error)

    async def _tell(self, tell: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                return await tell()
            except exceptions.ConnectorException as error:
                is_away = isinstance(error.__cause__, OperationalError)
                if not is_away or not self.may_wait:
                    raise
            await asyncio.sleep(_PAUSE_S)


class Queue:
    """The queue of a node: puts jobs in and runs them."""

    def __init__(self, conninfo: str) -> None:
        # A worker that ends asks the database once more, which may be gone by then.
        connector = procrastinate.PsycopgConnector(
            conninfo=conninfo, min_size=0, max_size=8, timeout=_CONNECTED_S, reconnect_timeout=_RECONNECT_S
        )
        self._jobs = _Jobs(connector)
        self._app = procrastinate.App(connector=connector)
        self._app.job_manager = self._jobs

    def register(self, jobs: Sequence[Job]) -> None:
        """Learn how jobs are done."""
        for job in jobs:
            self._register(job)

    def _register(self, job: Job) -> None:
        retry = procrastinate.RetryStrategy(max_attempts=job.retries, exponential_wait=2)

        async def work(**arguments: Any) -> None:  # only a function by itself can be broken off when the node ends
            await job.work(**arguments)

        self._app.task(name=job.name, retry=retry, queue=_CALLS if job.is_call else _HERE)(work)

    async def open(self) -> None:
        """Connect to the database."""
        await self._app.open_async()

    async def close(self) -> None:
        """Let go of the database."""
        await self._app.close_async()

    async def run(self, concurrency: int) -> None:
        """Run jobs until cancelled: so many at a time, and those that call others beside them."""
        async with asyncio.TaskGroup() as workers:
            workers.create_task(self._work(_HERE, concurrency))
            workers.create_task(self._work(_CALLS, _CALLS_AT_ONCE))
            try:
                await asyncio.get_running_loop().create_future()  # nothing ends it but the end of the node
            finally:
                self._jobs.may_wait = False

    async def _work(self, lane: str, concurrency: int) -> None:
        own = asyncio.current_task()
        while own is not None and not own.cancelling():  # an error of the database may hide that the node ends
            try:
                await self._run_worker(lane, concurrency)
            except Exception as error:  # noqa: BLE001 -- whatever befalls a worker, another follows it
                logs.event(log, logging.WARNING, "work pauses", error=error, work=f"jobs of lane {lane}")
            await asyncio.sleep(_PAUSE_S)

    async def _run_worker(self, lane: str, concurrency: int) -> None:
        await self._app.run_worker_async(
            queues=[lane],
            concurrency=concurrency,
            install_signal_handlers=False,
            listen_notify=True,
            fetch_job_polling_interval=_LOOK_S,
            shutdown_graceful_timeout=5,
            delete_jobs="successful",
            update_heartbeat_interval=_HEARTBEAT_S,
            stalled_worker_timeout=_DEAD_S,
        )

    async def rescue(self) -> None:
        """Put jobs back in the queue whose worker died in their middle."""
        for job in await self._app.job_manager.get_stalled_jobs(seconds_since_heartbeat=_DEAD_S):
            try:
                await self._app.job_manager.retry_job(job)
            except exceptions.UniqueViolation:  # the same was asked for again meanwhile
                await self._app.job_manager.finish_job(job, Status.FAILED, delete_job=True)

    async def put(
        self,
        connection: AsyncConnection[Any],
        name: str,
        arguments: Mapping[str, Any],
        *,
        at: datetime | None = None,
        only_one: str | None = None,
    ) -> None:
        """Put a job in the queue, within the transaction of ``connection``.

        With ``only_one``, a second waiting job of the same key is not added.
        """
        deferrer = self._app.configure_task(
            name, allow_unknown=False, schedule_at=at, queueing_lock=only_one, connection=connection
        )
        try:
            async with connection.transaction():
                await deferrer.defer_async(**arguments)
        except exceptions.AlreadyEnqueued:
            return


async def create_queue(conninfo: str) -> None:
    """Create the queue's tables in the schema ``queue``, once; the login is the owner's."""
    app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=conninfo))
    async with app.open_async():
        if not await app.check_connection_async():
            await app.schema_manager.apply_schema_async()
    async with await AsyncConnection.connect(conninfo) as connection:
        for kind in ("TABLES", "SEQUENCES", "FUNCTIONS"):
            grant = sql.SQL("GRANT ALL ON ALL {} IN SCHEMA queue TO lw_app").format(sql.SQL(kind))
            await connection.execute(grant)
