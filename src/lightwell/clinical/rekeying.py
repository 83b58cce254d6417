"""Keys of resources that were written before their form changed, written a few at a time."""

import asyncio
import logging
from typing import Final

from lightwell.clinical import columns
from lightwell.clinical.keys import Keys, keys_of
from lightwell.clinical.place import place_of_house
from lightwell.clinical.store import rekeying as store
from lightwell.core import clock, logs
from lightwell.core.actors import NOBODY, house
from lightwell.core.auth import accounts
from lightwell.core.machines import Machines
from lightwell.standards.fhir.resource import decode_resource
from lightwell.standards.fhir.search.values import Place

log: Final = logging.getLogger(__name__)
_BATCH: Final = 40
_told: Final[set[int]] = set()
"""Those of which this process has said that they cannot be keyed; it tries them again every time."""


async def rekey(machines: Machines) -> int:
    """Write the keys of all resources that lack some, and return how many those were."""
    async with machines.transactions.begin(NOBODY) as tx:
        organisations = [item.id for item in await accounts.organisations(tx)]
    return sum([await _rekey(machines, organisation_id) for organisation_id in organisations])


async def _rekey(machines: Machines, organisation_id: int) -> int:
    number, began_s = 0, clock.monotonic_s()
    passed: set[int] = set()  # they wait for the next time: it may be a newer program that can key them
    while done := await _some(machines, organisation_id, passed):
        number += done
        await asyncio.sleep(clock.monotonic_s() - began_s)  # whoever waits for an answer goes first
        began_s = clock.monotonic_s()
    return number - len(passed)


async def _some(machines: Machines, organisation_id: int, passed: set[int]) -> int:
    """Write the keys of the next few resources, and return how many were looked at."""
    place = place_of_house(machines.settings)
    async with machines.transactions.begin(house(organisation_id)) as tx:
        asked = {"organisation_id": organisation_id, "limit": _BATCH, "passed": list(passed)}
        rows = await (await tx.connection.execute(store.UNKEYED, asked)).fetchall()
        found = [(rid, keys) for rid, _, body in rows if (keys := _keys(rid, body, place)) is not None]
        passed.update({rid for rid, _, _ in rows} - {rid for rid, _ in found})
        if found:
            whose = {"rids": [rid for rid, _ in found], "organisations": [organisation_id] * len(found)}
            await tx.connection.execute(store.KEYED, whose | columns.of_keys([keys for _, keys in found], store.TABLES))
    return len(rows)


def _keys(rid: int, body: bytes, place: Place) -> Keys | None:
    """Return by what a resource is found; None where that fails, which must not keep all others from being found."""
    try:
        return keys_of(decode_resource(body), place) if body else Keys()
    except Exception as error:  # noqa: BLE001 -- whatever is wrong with one, the others go on
        if rid not in _told:
            _told.add(rid)
            logs.event(log, logging.ERROR, "a resource cannot be keyed", error=error, rid=rid)
        return None
