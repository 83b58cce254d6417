"""Which subscriptions a change is for: the search that each names, asked of nothing but what has changed.

A change is judged as the resource is when it is looked at (R4 2.46.1: by its new value). What changed again meanwhile
is judged by the later value, and what no longer fits is not told.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Final

import psycopg

from lightwell.clinical.keys import hashed
from lightwell.clinical.search.finding import among
from lightwell.clinical.store import subscriptions as store
from lightwell.clinical.subscriptions.keeping import give_up
from lightwell.clinical.subscriptions.model import HEARD_PING, WEBSOCKET, Subscription
from lightwell.clinical.subscriptions.reading import read_search
from lightwell.core import clock
from lightwell.core.actors import Actor, Permission, house
from lightwell.core.auth import accounts
from lightwell.core.errors import Forbidden
from lightwell.core.machines import Machines
from lightwell.core.tx import Tx
from lightwell.standards.fhir.errors import SearchError
from lightwell.standards.fhir.search.values import Place

_BATCH: Final = 500
_MOST_OVERDUE: Final = 5


class Judge:
    """Finds out for whom changes are, on this node."""

    def __init__(self, machines: Machines, place: Place) -> None:
        self._machines, self._place = machines, place
        self._overdue: Counter[int] = Counter()

    async def changes_of(self, organisation_id: int) -> int:
        """Find out for whom a hospital's next changes are; return how many changes that was.

        A search that takes too long may do so because everything does: it is asked again some times, and what has
        changed waits for that.
        """
        try:
            judged = await self._judge(organisation_id)
        except _OverdueError as error:
            self._overdue[error.subscription.rid] += 1
            if self._overdue[error.subscription.rid] < _MOST_OVERDUE:
                return 0
            async with self._machines.transactions.begin(house(organisation_id)) as tx:
                await give_up(tx, error.subscription, self._place, str(error))
            return 1
        if judged:
            self._overdue.clear()
        return judged

    async def _judge(self, organisation_id: int) -> int:
        async with self._machines.transactions.begin(house(organisation_id)) as tx:
            key = hashed(str(organisation_id), "judged")
            row = await (await tx.connection.execute(store.ALONE, {"key": key})).fetchone()
            if row is None or not row[0]:  # another node does it
                return 0
            changes = await _changes(tx, organisation_id)
            for subscription in await _subscriptions(tx, organisation_id, list(changes)):
                await _judge_for(tx, subscription, changes[subscription.type], self._place)
            judged = [number for of_type in changes.values() for number, _ in of_type]
            await tx.connection.execute(store.JUDGED, {"organisation_id": organisation_id, "ids": judged})
            return len(judged)


class _UselessError(Exception):
    """Nobody will ever be told by a subscription as it is."""


class _OverdueError(Exception):
    """The search of a subscription took too long."""

    def __init__(self, subscription: Subscription, reason: str) -> None:
        super().__init__(reason)
        self.subscription = subscription


async def actor_of(tx: Tx, subscription: Subscription) -> Actor:
    """Return by whose rights a subscription sees: in its own hospital only.

    Raises:
        Forbidden: its owner may no longer read the record there.
    """
    hospital = subscription.organisation_id
    if not subscription.owner:
        return house(hospital)
    account = await accounts.find(tx, subscription.owner)
    actor = await accounts.actor_of(tx, account) if account and account.is_active else None
    if actor is None or hospital not in actor.organisations_with(Permission.RECORD_READ):
        message = "whoever subscribed may no longer read the record; somebody who may has to subscribe anew"
        raise Forbidden(message)
    return replace(actor, organisation_ids=(hospital,))


_Changes = Mapping[str, Sequence[tuple[int, int]]]
"""(number, rid) of the changes of each type, in their order."""


async def _changes(tx: Tx, organisation_id: int) -> _Changes:
    values = {"organisation_id": organisation_id, "limit": _BATCH}
    rows = await (await tx.connection.execute(store.CHANGES, values)).fetchall()
    by_type = sorted(rows, key=lambda row: row[1])  # stable: in each type the order stays
    return {
        type_name: [(number, rid) for number, _, rid in group]
        for type_name, group in groupby(by_type, key=lambda row: row[1])
    }


async def _subscriptions(tx: Tx, organisation_id: int, types: list[str]) -> list[Subscription]:
    values = {"organisation_id": organisation_id, "types": types, "now": clock.now()}
    return [Subscription(*row) for row in await (await tx.connection.execute(store.OF_TYPES, values)).fetchall()]


async def _judge_for(tx: Tx, subscription: Subscription, changes: Sequence[tuple[int, int]], place: Place) -> None:
    rids = list(dict.fromkeys(rid for _, rid in changes))
    try:
        versions = await _versions(tx, subscription, rids, place)
    except _UselessError as error:
        await give_up(tx, subscription, place, str(error))
        return
    found = [rid for rid in rids if rid in versions]
    if found and subscription.channel == WEBSOCKET:
        await tx.connection.execute(store.PING, {"channel": HEARD_PING, "rid": str(subscription.rid)})
    elif found:
        names = ("rid", "organisation_id", "owner", "query", "endpoint", "payload")
        values = {name: getattr(subscription, name) for name in names}
        listed = {"rids": found, "versions": [versions[rid] for rid in found]}
        await tx.connection.execute(store.WAIT, values | listed)


async def _versions(tx: Tx, subscription: Subscription, rids: Sequence[int], place: Place) -> Mapping[int, int]:
    """Return which of some resources a subscription is for, in the versions in which they are."""
    try:
        owner = await actor_of(tx, subscription)
        return await among(replace(tx, actor=owner), read_search(subscription.type, subscription.query, place), rids)
    except SearchError as error:
        if any(issue.code == "too-costly" for issue in error.issues):
            raise _OverdueError(subscription, str(error)) from error
        raise _UselessError(str(error)) from error
    except Forbidden as error:
        raise _UselessError(str(error)) from error
    except psycopg.DataError as error:
        message = "expected criteria that the database can look for"
        raise _UselessError(message) from error
