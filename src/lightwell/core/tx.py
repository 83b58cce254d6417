"""The transaction: the one thing that can write.

A write, the event that it causes, the jobs that follow and its audit row are one transaction. A :class:`Tx` has no
``commit``: whoever opened it with :meth:`Transactions.begin` commits by leaving the block, and an exception takes
everything back. At its start the database is told which organisations the actor belongs to; row-level security shows no
others.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, LiteralString, TypeVar

from psycopg.errors import UniqueViolation

from lightwell.core.actors import Actor
from lightwell.core.audit import record
from lightwell.core.db.connections import Connection, Row
from lightwell.core.db.database import Database
from lightwell.core.db.roles import Role
from lightwell.core.errors import Collided
from lightwell.core.events import CHANNEL, Event, Reactions
from lightwell.core.jobs import Queue

_T = TypeVar("_T")
_MOST_TRIES: Final = 4
BEGIN: Final = "SELECT set_config('lightwell.organisations', %(visible)s, true)"
COMMIT: Final = "COMMIT"
# Statements that are sent together are the same each time: their plans are as well, and making one takes longer than to
# write a row or two.
ONE_PLAN: Final = "SELECT set_config('plan_cache_mode', 'force_generic_plan', true)"
BEGIN_ON_ONE_PLAN: Final = (
    "SELECT set_config('lightwell.organisations', %(visible)s, true),"
    " set_config('plan_cache_mode', 'force_generic_plan', true)"
)
PUBLISH: Final = """
WITH written AS (
    INSERT INTO core.event (organisation_id, name, payload)
    VALUES (%(organisation_id)s, %(name)s, %(payload)s::jsonb) RETURNING id
)
SELECT pg_notify(%(channel)s, json_build_object(
    'id', id, 'name', %(name)s::text, 'organisation_id', %(organisation_id)s::integer,
    'permission', %(permission)s::text, 'payload', %(payload)s::jsonb)::text) FROM written
"""


@dataclass(frozen=True, slots=True)
class Tx:
    """What a room needs to read and write for one actor."""

    connection: Connection
    actor: Actor
    queue: Queue
    reactions: Reactions
    is_in_one_go: bool = False

    @asynccontextmanager
    async def together(self) -> AsyncGenerator[None]:
        """Send statements without waiting for the answer of each, and keep their plans."""
        if self.is_in_one_go:
            yield
            return
        async with self.connection.pipeline():
            await self.connection.execute(ONE_PLAN)
            yield

    async def become(self, actor: Actor) -> "Tx":
        """Go on in the same transaction as somebody else: nobody signs in and becomes a person."""
        await self.connection.execute(BEGIN, {"visible": _array(actor.organisation_ids)})
        return replace(self, actor=actor)

    async def publish(self, event: Event) -> None:
        """Announce what happened: a row, a notice to every open page, and one job per reaction."""
        payload = event.payload().decode()
        fields = {"organisation_id": event.organisation_id, "name": event.name, "permission": event.permission}
        await self.connection.execute(PUBLISH, {**fields, "payload": payload, "channel": CHANNEL})
        for job in self.reactions.get(type(event), ()):
            await self.defer(job, payload=payload)

    async def defer(
        self, job: str, /, *, at: datetime | None = None, only_one: str | None = None, **arguments: Any
    ) -> None:
        """Have a job done after this transaction; ``only_one`` keeps a second of the same key from waiting."""
        await self.queue.put(self.connection, job, arguments, at=at, only_one=only_one)

    async def audit(
        self,
        action: str,
        *,
        organisation_id: int | None = None,
        subject: str = "",
        purpose: str = "",
        screen: str = "",
        detail: Mapping[str, Any] | None = None,
    ) -> None:
        """Write that the actor did something."""
        await record.write(
            self.connection,
            self.actor,
            action,
            organisation_id=organisation_id,
            subject=subject,
            purpose=purpose,
            screen=screen,
            detail=detail,
        )

    async def audit_each(self, action: str, subjects: Sequence[tuple[int, str]], *, purpose: str) -> None:
        """Write that the actor did the same with each of some subjects, given as (organisation, subject)."""
        await record.write_each(self.connection, self.actor, action, subjects, purpose=purpose)

    async def audit_read(self, subjects: Iterable[tuple[int, str]], *, purpose: str, screen: str) -> None:
        """Write that the actor saw data of subjects, given as (organisation, subject)."""
        reader = record.Reader.of(self.actor, purpose, screen)
        await record.read(self.connection, reader, dict.fromkeys(subjects, 1))


@dataclass(frozen=True, slots=True)
class Transactions:
    """Opens transactions on the node's database."""

    database: Database
    queue: Queue
    reactions: Reactions

    @asynccontextmanager
    async def begin(self, actor: Actor, role: Role = Role.APP, *, in_one_go: bool = False) -> AsyncGenerator[Tx]:
        """Open a transaction for the actor; leaving the block commits, an exception takes everything back.

        ``in_one_go`` sends all statements together with the first that is waited for, and the last with the commit. An
        error of a statement that is not waited for comes at the end: so there is none to catch in between.

        Raises:
            DatabaseUnavailable: PostgreSQL does not answer.
            Collided: the database took it back for the sake of another.
        """
        async with self.database.connection(role) as connection:
            tx = Tx(connection, actor, self.queue, self.reactions, in_one_go)
            if in_one_go:
                async with connection.pipeline():
                    await connection.execute(BEGIN_ON_ONE_PLAN, {"visible": _array(actor.organisation_ids)})
                    yield tx
                    await connection.execute(COMMIT)
                return
            # Whoever belongs to no organisation sees none, which is how every transaction begins.
            if actor.organisation_ids:
                async with connection.pipeline():  # with the BEGIN, in one round trip
                    tx = await tx.become(actor)
            yield tx

    async def ask(self, actor: Actor, question: LiteralString, values: Mapping[str, Any]) -> Sequence[Row]:
        """Return what one question finds for the actor: there and back once, without the messages of a transaction.

        The question is a function of the database, which is told first whose rows are ``visible``.

        Raises:
            DatabaseUnavailable: PostgreSQL does not answer.
        """
        async with self.database.connection() as connection, connection.one_statement():
            asked = await connection.execute(question, {**values, "visible": _array(actor.organisation_ids)})
            return await asked.fetchall()


async def repeated(work: Callable[[], Awaitable[_T]]) -> _T:
    """Do a transaction; do it again if it made what another made at the same moment, or each waited for the other."""
    for _ in range(_MOST_TRIES - 1):
        with suppress(Collided, UniqueViolation):
            return await work()
    return await work()


def _array(ids: Iterable[int]) -> str:
    return "{" + ",".join(str(number) for number in ids) + "}"
