"""Whose data an actor saw, in the audit trail."""

from collections import Counter
from collections.abc import Iterable
from typing import Final

from lightwell.clinical.model import Record
from lightwell.core.actors import Actor
from lightwell.core.audit.record import Reader, Subject
from lightwell.core.machines import Machines
from lightwell.core.tx import Tx

_PURPOSE: Final = "treatment"
_SCREEN: Final = "fhir"


async def note(tx: Tx, machines: Machines, seen: Iterable[Record]) -> None:
    """Write whose records an actor saw, once for each patient; what was written a moment ago is only counted."""
    moment, reader = machines.memory.moment, _reader(tx.actor)
    subjects = _unwritten(reader, machines, seen)
    await tx.audit_read(subjects, purpose=_PURPOSE, screen=_SCREEN)
    _remember(reader, machines, subjects, moment)


async def note_after(actor: Actor, machines: Machines, seen: Iterable[Record]) -> None:
    """Do the same for records that were seen in a transaction that is over, before they are shown to anybody."""
    moment, reader = machines.memory.moment, _reader(actor)
    subjects = _unwritten(reader, machines, seen)
    if not subjects:
        return
    async with machines.transactions.begin(actor, in_one_go=True) as tx:
        await tx.audit_read(subjects, purpose=_PURPOSE, screen=_SCREEN)
    _remember(reader, machines, subjects, moment)


def _reader(actor: Actor) -> Reader:
    return Reader.of(actor, _PURPOSE, _SCREEN)


def _unwritten(reader: Reader, machines: Machines, seen: Iterable[Record]) -> set[Subject]:
    """Count whose records somebody saw again, and return whose they did not see a moment ago."""
    subjects = {(record.organisation_id, record.subject) for record in seen}
    again = {subject for subject in subjects if machines.seen.get((reader, subject))}
    if again:
        machines.repeats.add(reader, Counter(again))
    return subjects - again


def _remember(reader: Reader, machines: Machines, subjects: Iterable[Subject], moment: int) -> None:
    for subject in subjects:
        machines.seen.put((reader, subject), True, moment)  # noqa: FBT003 -- a set that forgets
