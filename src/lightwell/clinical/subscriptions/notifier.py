"""The loop of a node that judges what has changed and sends what waits; several nodes share the work."""

import asyncio
import logging
from typing import Final

from lightwell.clinical.place import place_of_house
from lightwell.clinical.store import subscriptions as store
from lightwell.clinical.subscriptions.delivering import Deliverer, Patience
from lightwell.clinical.subscriptions.judging import Judge
from lightwell.clinical.subscriptions.keeping import end
from lightwell.clinical.subscriptions.model import HEARD_CHANGED, HEARD_PING, Subscription
from lightwell.clinical.subscriptions.pinging import Pings
from lightwell.core import clock, logs
from lightwell.core.actors import NOBODY, house
from lightwell.core.db.listening import Ears
from lightwell.core.errors import DatabaseUnavailable
from lightwell.core.looking import Lookout
from lightwell.core.machines import Machines
from lightwell.core.net.outgoing import read_outgoing

log = logging.getLogger(__name__)
_LOOK_S: Final = 2.0
_AT_ONCE: Final = 64
_AT_ONCE_OF_ONE: Final = 8
"""So many subscriptions of one hospital, whose machines may all be slow, are sent for at a time."""


class Notifier:
    """Tells subscribers of changes in the record, on this node."""

    def __init__(self, machines: Machines, patience: Patience | None = None) -> None:
        """Tell them with some patience.

        Raises:
            ConfigurationError: the list of whom this node may call is none.
        """
        settings = machines.settings
        self._place = place_of_house(settings)
        allowed = read_outgoing(settings.subscription_targets)
        self._deliverer = Deliverer(machines, self._place, allowed, patience or Patience())
        self._judge = Judge(machines, self._place)
        self._machines = machines
        self._lookout = Lookout("changes to tell subscribers of", _LOOK_S)
        self._sending: dict[asyncio.Task[None], int] = {}
        self.pings = Pings()

    @property
    def ears(self) -> Ears:
        """What of the announcements of the database is for subscriptions."""
        return {HEARD_CHANGED: self.wake, HEARD_PING: self.pings.hear}

    def wake(self, _notice: str = "") -> None:
        """Look at once: something has changed."""
        self._lookout.wake()

    async def run(self) -> None:
        """Judge and send until cancelled."""
        try:
            await self._lookout.run(self.look)
        finally:
            for task in self._sending:
                task.cancel()

    async def look(self) -> bool:
        """Do once what there is to do, and begin to send; tell whether there may be more to judge."""
        async with self._machines.transactions.begin(NOBODY) as tx:
            rows = await (await tx.connection.execute(store.HOSPITALS, {"now": clock.now()})).fetchall()
        return any([await self._look_at(organisation_id) for (organisation_id,) in rows])

    async def _look_at(self, organisation_id: int) -> bool:
        """Do what there is to do in one hospital; whatever befalls it is nothing to the others."""
        try:
            await self._end_in_time(organisation_id)
            judged = await self._judge.changes_of(organisation_id)
            await self._send(organisation_id)
        except DatabaseUnavailable:
            raise
        except Exception as error:  # noqa: BLE001 -- the next look comes all the same
            logs.event(log, logging.WARNING, "telling subscribers of a hospital pauses", error=error)
            return False
        return bool(judged)

    async def _end_in_time(self, organisation_id: int) -> None:
        async with self._machines.transactions.begin(house(organisation_id)) as tx:
            values = {"organisation_id": organisation_id, "now": clock.now()}
            for rid, identifier in await (await tx.connection.execute(store.ENDED, values)).fetchall():
                await end(tx, rid, identifier, organisation_id, self._place)

    async def _send(self, organisation_id: int) -> None:
        own = sum(hospital == organisation_id for hospital in self._sending.values())
        free = min(_AT_ONCE - len(self._sending), _AT_ONCE_OF_ONE - own)
        if free <= 0:
            return
        for subscription in await self._deliverer.take(organisation_id, free):
            task = asyncio.create_task(self._deliver(subscription))
            self._sending[task] = organisation_id
            task.add_done_callback(self._sending.pop)

    async def _deliver(self, subscription: Subscription) -> None:
        try:
            await self._deliverer.deliver(subscription)
        except Exception as error:  # noqa: BLE001 -- it is sent again when the node no longer has it for itself
            logs.event(log, logging.WARNING, "telling a subscriber failed", error=error)
        finally:
            self.wake()
