"""What is done again and again: seconds → work. Each is safe to run on several nodes at once."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from lightwell import archive, clinical
from lightwell.app.unrecorded_studies import UnrecordedStudies
from lightwell.core.actors import house
from lightwell.core.audit import chain, record
from lightwell.core.db.roles import Role
from lightwell.core.machines import Machines


@dataclass(frozen=True, slots=True)
class Every:
    """Work that is repeated; a failure is logged and the next turn comes all the same."""

    seconds: float
    name: str
    work: Callable[[], Awaitable[object]]


async def seal_audit(machines: Machines) -> None:
    """Chain the newest rows of the audit trail."""
    async with machines.transactions.begin(house(), Role.OWNER) as tx:
        await chain.seal(tx.connection)


async def count_reads(machines: Machines) -> None:
    """Write to the audit trail how often was read again what it names already."""
    taken = machines.repeats.take()
    if not taken:
        return
    try:
        async with machines.transactions.begin(house()) as tx:
            for reader, subjects in taken.items():
                await record.read(tx.connection, reader, subjects)
    except Exception:
        machines.repeats.give_back(taken)
        raise


def schedule(machines: Machines, room: archive.Archive) -> list[Every]:
    """Return the repeated work of a node."""
    return [
        Every(1, "audit.count_reads", lambda: count_reads(machines)),
        Every(5, "audit.seal", lambda: seal_audit(machines)),
        Every(60, "archive.rekey", lambda: archive.rekey(machines)),
        Every(60, "clinical.rekey", lambda: clinical.rekey(machines)),
        Every(2, "clinical.compare", lambda: clinical.compare_waiting(machines)),
        Every(60, "app.record_studies", UnrecordedStudies(machines).record_some),
        Every(2, "archive.note_associations", room.ledger.write),
        Every(60, "archive.forget_volumes", room.volumes.forget),
        Every(3600, "archive.forget_associations", room.ledger.forget),
        Every(10, "jobs.rescue", machines.transactions.queue.rescue),
    ]
