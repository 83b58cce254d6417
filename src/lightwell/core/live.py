"""Live fan-out: what happens anywhere reaches the pages that are open here.

One connection per node LISTENs to the database; every notice goes to the subscribers whose actor may see its
organisation. A slow subscriber loses its oldest notices, never the node its memory: pages read again after a gap.
"""

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

from lightwell.core.actors import Actor, Permission

_BACKLOG: Final = 256


class Notice(msgspec.Struct, frozen=True):
    """An event as it travels to pages; ``payload`` is what the room announced, ``permission`` who is told."""

    id: int
    name: str
    organisation_id: int
    payload: dict[str, Any]
    permission: Permission | None = None

    def is_for(self, actor: Actor) -> bool:
        """Tell whether the actor may be told."""
        where = actor.organisation_ids if self.permission is None else actor.organisations_with(self.permission)
        return self.organisation_id in where


@dataclass(eq=False, slots=True)
class _Subscriber:
    actor: Actor
    notices: asyncio.Queue[Notice] = field(default_factory=lambda: asyncio.Queue(_BACKLOG))


class Live:
    """The hub of one node."""

    def __init__(self) -> None:
        self._subscribers: set[_Subscriber] = set()

    @contextlib.asynccontextmanager
    async def subscribe(self, actor: Actor) -> AsyncGenerator[asyncio.Queue[Notice]]:
        """Lend a queue of the notices that the actor may see."""
        subscriber = _Subscriber(actor)
        self._subscribers.add(subscriber)
        try:
            yield subscriber.notices
        finally:
            self._subscribers.discard(subscriber)

    def deliver(self, notice: Notice) -> None:
        """Hand a notice to everyone who may see it."""
        for subscriber in self._subscribers:
            if notice.is_for(subscriber.actor):
                _push(subscriber.notices, notice)

    def hear(self, payload: str) -> None:
        """Deliver what the database announces on :data:`~lightwell.core.events.CHANNEL`."""
        self.deliver(msgspec.json.decode(payload, type=Notice))


def _push(notices: asyncio.Queue[Notice], notice: Notice) -> None:
    if notices.full():
        notices.get_nowait()
    notices.put_nowait(notice)
