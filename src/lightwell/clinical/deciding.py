"""Two records that are said to be of one person wait no more on the worklist, until that is taken back."""

from lightwell.clinical.model import Record
from lightwell.clinical.store import identity as store
from lightwell.core import clock
from lightwell.core.tx import Tx


async def decided_same(tx: Tx, one: Record, other: Record) -> None:
    """Ask no more whether two records are of one person: they are."""
    await _decide(tx, one, other, "open", "same")


async def undecided(tx: Tx, one: Record, other: Record) -> None:
    """Ask again whether two records are of one person."""
    await _decide(tx, one, other, "same", "open")


async def _decide(tx: Tx, one: Record, other: Record, was: str, state: str) -> None:
    whose = {"organisation_id": one.organisation_id, "rids": sorted((one.rid, other.rid))}
    decided = {"was": was, "state": state, "by": tx.actor.name, "at": clock.now()}
    await tx.connection.execute(store.DECIDE_PAIR, whose | decided)
