"""Giving studies that came before it the search keys of a newer kind, a few at a time, while the archive is in use."""

from lightwell.archive.batch import write_keys
from lightwell.archive.store import find, write
from lightwell.core.actors import NOBODY, house
from lightwell.core.auth import accounts
from lightwell.core.machines import Machines


async def rekey(machines: Machines) -> int:
    """Renew the keys of all studies that need it and return their number."""
    async with machines.transactions.begin(NOBODY) as tx:
        organisations = [item.id for item in await accounts.organisations(tx)]
    return sum([await _rekey(machines, organisation_id) for organisation_id in organisations])


async def _rekey(machines: Machines, organisation_id: int) -> int:
    number = 0
    while done := await _some(machines, organisation_id):
        number += done
    return number


async def _some(machines: Machines, organisation_id: int) -> int:
    async with machines.transactions.begin(house(organisation_id)) as tx:
        rows = await (await tx.connection.execute(find.OUTDATED, {"organisation_id": organisation_id})).fetchall()
        await write_keys(tx, organisation_id, [(row[0], row[1], row[2], row[3]) for row in rows])
        await tx.connection.execute(write.REKEYED, {"ids": [row[0] for row in rows]})
    return len(rows)
