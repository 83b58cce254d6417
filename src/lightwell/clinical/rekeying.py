"""Keys of resources that were written before their form changed, written a few at a time."""

import asyncio
from typing import Final

from lightwell.clinical import columns
from lightwell.clinical.keys import Keys, keys_of
from lightwell.clinical.place import place_of_house
from lightwell.clinical.store import rekeying as store
from lightwell.core import clock
from lightwell.core.actors import NOBODY, house
from lightwell.core.auth import accounts
from lightwell.core.machines import Machines
from lightwell.standards.fhir.resource import decode_resource

_BATCH: Final = 40


async def rekey(machines: Machines) -> int:
    """Write the keys of all resources that lack some, and return how many those were."""
    async with machines.transactions.begin(NOBODY) as tx:
        organisations = [item.id for item in await accounts.organisations(tx)]
    return sum([await _rekey(machines, organisation_id) for organisation_id in organisations])


async def _rekey(machines: Machines, organisation_id: int) -> int:
    number, began_s = 0, clock.monotonic_s()
    while done := await _some(machines, organisation_id):
        number += done
        await asyncio.sleep(clock.monotonic_s() - began_s)  # whoever waits for an answer goes first
        began_s = clock.monotonic_s()
    return number


async def _some(machines: Machines, organisation_id: int) -> int:
    place = place_of_house(machines.settings)
    async with machines.transactions.begin(house(organisation_id)) as tx:
        asked = {"organisation_id": organisation_id, "limit": _BATCH}
        rows = await (await tx.connection.execute(store.UNKEYED, asked)).fetchall()
        keys = [keys_of(decode_resource(body), place) if body else Keys() for _, _, body in rows]
        if rows:
            whose = {"rids": [rid for rid, _, _ in rows], "organisations": [number for _, number, _ in rows]}
            await tx.connection.execute(store.KEYED, whose | columns.of_keys(keys))
    return len(rows)
