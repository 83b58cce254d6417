"""Tickets: who opened a series a moment ago need not prove anew for each of its images that they may.

A viewer that opens a series asks for hundreds of images within seconds. The first request asks the database, under
row-level security and with its row in the audit trail; what it learnt of the whole series is a ticket, good for the
same person, the same hospitals and the same screen only, and for as long as :mod:`lightwell.core.memory` keeps it.
Each image given on a ticket is counted in the trail.
"""

from dataclasses import dataclass
from typing import TypeAlias

from lightwell.archive import prepared, search
from lightwell.archive.model import InstanceRow, Ticket
from lightwell.archive.room import Archive, TicketKey
from lightwell.core.actors import Actor

Uids: TypeAlias = tuple[str, str, str]
"""Study, series and instance."""


@dataclass(frozen=True, slots=True)
class Admitted:
    """An image that somebody may see, and the ticket that says so."""

    row: InstanceRow
    ticket: Ticket


async def admit(archive: Archive, actor: Actor, uids: Uids, screen: str) -> Admitted:
    """Return an image that the actor may see.

    Raises:
        NotFound: there is none, or it belongs to a hospital that the actor cannot see.
    """
    await archive.index.flushed()
    study, series, instance = uids
    ticket = archive.tickets.get(_key(actor, screen, study, series))
    row = None if ticket is None else ticket.rows.get(instance)
    if ticket is None or row is None:
        moment = archive.machines.memory.moment
        admitted = await _open(archive, actor, uids, screen)
        keep(archive, actor, (study, series), screen, admitted.ticket, moment)
        return admitted
    search.count(archive.machines, actor, row, screen)
    return Admitted(row, ticket)


def keep(archive: Archive, actor: Actor, uids: tuple[str, str], screen: str, ticket: Ticket, moment: int) -> None:
    """Remember what an actor may see of a study's series; ``moment`` was taken before the database was asked."""
    archive.tickets.put(_key(actor, screen, *uids), ticket, moment, len(ticket.rows))


def _key(actor: Actor, screen: str, study: str, series: str) -> TicketKey:
    return actor.kind, actor.name, actor.organisation_ids, screen, study, series


async def _open(archive: Archive, actor: Actor, uids: Uids, screen: str) -> Admitted:
    """Ask the database; what is not there leaves no read in the trail, since the transaction is taken back."""
    study, series, instance = uids
    async with archive.machines.transactions.begin(actor) as tx:
        found = await search.retrieved(tx, archive.index, screen, studies=[study], series=[series])
        rows: dict[str, InstanceRow] = {}
        for row in found:
            rows.setdefault(row.sop_instance_uid, row)
        row = search.first([rows[instance]] if instance in rows else [], "image")
        return Admitted(row, Ticket(rows, await prepared.frames_of(tx, archive, study, series)))
