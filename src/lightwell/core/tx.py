"""The transaction: the one thing that can write.

A write, the event that it causes, the jobs that follow and its audit row are one transaction. A :class:`Tx` has no
``commit``: whoever opened it with :meth:`Transactions.begin` commits by leaving the block, and an exception takes
everything back. At its start the database is told which organisations the actor belongs to; row-level security shows no
others.
"""

from collections.abc import AsyncGenerator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from psycopg import AsyncConnection

from lightwell.core.actors import Actor
from lightwell.core.audit import record
from lightwell.core.db.database import Database
from lightwell.core.db.roles import Role
from lightwell.core.events import CHANNEL, Event, Reactions
from lightwell.core.jobs import Queue

BEGIN: Final = "SELECT set_config('lightwell.organisations', %(visible)s, true)"
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

    connection: AsyncConnection[tuple[Any, ...]]
    actor: Actor
    queue: Queue
    reactions: Reactions

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
    async def begin(self, actor: Actor, role: Role = Role.APP) -> AsyncGenerator[Tx]:
        """Open a transaction for the actor; leaving the block commits, an exception takes everything back.

        Raises:
            DatabaseUnavailable: PostgreSQL does not answer.
        """
        async with self.database.connection(role) as connection:
            tx = Tx(connection, actor, self.queue, self.reactions)
            # Whoever belongs to no organisation sees none, which is how every transaction begins.
            if actor.organisation_ids:
                async with connection.pipeline():  # with the BEGIN, in one round trip
                    tx = await tx.become(actor)
            yield tx


def _array(ids: Iterable[int]) -> str:
    return "{" + ",".join(str(number) for number in ids) + "}"
