"""Whose data an actor saw, in the audit trail."""

from collections import Counter
from collections.abc import Iterable
from typing import Final

from lightwell.clinical.model import Record
from lightwell.core.audit.record import Reader
from lightwell.core.machines import Machines
from lightwell.core.tx import Tx

_PURPOSE: Final = "treatment"
_SCREEN: Final = "fhir"


async def note(tx: Tx, machines: Machines, seen: Iterable[Record]) -> None:
    """Write whose records an actor saw, once for each patient; what was written a moment ago is only counted."""
    reader, moment = Reader.of(tx.actor, _PURPOSE, _SCREEN), machines.memory.moment
    subjects = {(record.organisation_id, record.subject) for record in seen}
    again = {subject for subject in subjects if machines.seen.get((reader, subject))}
    if again:
        machines.repeats.add(reader, Counter(again))
    await tx.audit_read(subjects - again, purpose=_PURPOSE, screen=_SCREEN)
    for subject in subjects - again:
        machines.seen.put((reader, subject), True, moment)  # noqa: FBT003 -- a set that forgets
