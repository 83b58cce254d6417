"""Rest-hooks: each subscription's notifications one after the other, several subscriptions side by side (R4 2.46.7.1).

A notification is forgotten when the other machine said that it has it, not before: a node that dies in between sends it
again. With a payload the resource is PUT under its type and ID below the endpoint; without, an empty POST says that
something has changed. A machine that does not answer is tried again with growing pauses, then the Subscription says so.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

from lightwell.clinical.model import Record
from lightwell.clinical.store import subscriptions as store
from lightwell.clinical.subscriptions.judging import actor_of
from lightwell.clinical.subscriptions.keeping import give_up
from lightwell.clinical.subscriptions.model import JSON, Subscription
from lightwell.core import clock
from lightwell.core.actors import house
from lightwell.core.errors import Forbidden, InvalidRequest
from lightwell.core.machines import Machines
from lightwell.core.net.http_call import Call, CallFailed, call
from lightwell.core.net.outgoing import Outgoing
from lightwell.standards.fhir.search.values import Place

_RECORD: Final = 1


@dataclass(frozen=True, slots=True)
class Patience:
    """How long one machine may take, how often and how far apart it is tried again, and when others have their turn."""

    answer_s: float = 10.0
    first_pause_s: float = 1.0
    longest_pause_s: float = 300.0
    most_tries: int = 30
    turn_s: float = 10.0

    @property
    def lease(self) -> timedelta:
        """How long a node has a subscription for itself; one that dies holds it no longer than that."""
        return timedelta(seconds=self.answer_s * 2)


@dataclass(frozen=True, slots=True)
class Deliverer:
    """Sends what waits."""

    machines: Machines
    place: Place
    allowed: Outgoing
    patience: Patience = Patience()

    async def take(self, organisation_id: int, most: int) -> list[Subscription]:
        """Return subscriptions of a hospital for which something waits; nobody else sends for them meanwhile."""
        now = clock.now()
        values = {"organisation_id": organisation_id, "now": now, "until": now + self.patience.lease, "limit": most}
        async with self.machines.transactions.begin(house(organisation_id)) as tx:
            rows = await (await tx.connection.execute(store.TAKE, values)).fetchall()
        return [Subscription(*row) for row in rows]

    async def deliver(self, subscription: Subscription) -> None:
        """Send what waits for a subscription, until nothing does, it has had its turn, or what is sent is not taken."""
        until_s = clock.monotonic_s() + self.patience.turn_s
        try:
            while clock.monotonic_s() < until_s and (waiting := await self._next(subscription)) is not None:
                number, record = waiting
                await call(_call(subscription, record), self.allowed, self.patience.answer_s)
                await self._note(subscription, store.SENT, id=number, until=clock.now() + self.patience.lease)
        except CallFailed as error:
            await self._put_off(subscription, str(error))
        except (Forbidden, InvalidRequest) as error:
            await self._give_up(subscription, str(error))
        else:
            await self._note(subscription, store.DONE, now=clock.now())

    async def _next(self, subscription: Subscription) -> tuple[int, Record] | None:
        """Return what is sent next, and write whose data goes out before it does."""
        async with self.machines.transactions.begin(house(subscription.organisation_id)) as tx:
            row = await (await tx.connection.execute(store.NEXT, _as_taken(subscription))).fetchone()
            if row is None:
                return None
            record = Record(*row[_RECORD:])
            if subscription.payload:
                owner = await tx.become(await actor_of(tx, subscription))
                seen = (record.organisation_id, record.subject)
                await owner.audit_read([seen], purpose="treatment", screen="subscription")
            return row[0], record

    async def _put_off(self, subscription: Subscription, error: str) -> None:
        patience = self.patience
        pauses = {"now": clock.now(), "first_s": patience.first_pause_s, "longest_s": patience.longest_pause_s}
        async with self.machines.transactions.begin(house(subscription.organisation_id)) as tx:
            row = await (await tx.connection.execute(store.LATER, {"rid": subscription.rid, **pauses})).fetchone()
        if row is not None and row[0] >= patience.most_tries:
            await self._give_up(subscription, f"given up after {row[0]} tries: {error}")

    async def _give_up(self, subscription: Subscription, error: str) -> None:
        async with self.machines.transactions.begin(house(subscription.organisation_id)) as tx:
            await give_up(tx, subscription, self.place, error)

    async def _note(self, subscription: Subscription, statement: Any, **values: object) -> None:
        async with self.machines.transactions.begin(house(subscription.organisation_id)) as tx:
            await tx.connection.execute(statement, {"rid": subscription.rid, **values})


def _as_taken(subscription: Subscription) -> dict[str, Any]:
    """Return what has to be so still: who wrote it anew meanwhile is told by the next turn."""
    return {name: getattr(subscription, name) for name in ("rid", "endpoint", "payload", "headers")}


def _call(subscription: Subscription, record: Record) -> Call:
    pairs = (text.partition(": ") for text in subscription.headers)
    headers = [(name, value) for name, _, value in pairs]
    if not subscription.payload:
        return Call("POST", subscription.endpoint, headers)
    parts = urlsplit(subscription.endpoint)
    address = urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/{record.reference}"))
    return Call("PUT", address, [*headers, ("Content-Type", JSON)], record.body)
