"""Which objects of a study stand: those that nobody rejected or withdrew (IHE IOCM)."""

from collections.abc import Sequence
from typing import NamedTuple

from lightwell.archive import keyimages
from lightwell.archive.model import InstanceRow, StudyRow
from lightwell.archive.room import Archive
from lightwell.core.tx import Tx


class Standing(NamedTuple):
    """The objects that stand, and how many documents cannot be read, each of which may reject some of them."""

    rows: list[InstanceRow]
    unreadable: int


async def standing(tx: Tx, archive: Archive, study: StudyRow, rows: Sequence[InstanceRow]) -> Standing:
    """Return the objects of a study without those that one of its documents rejects."""
    if not rows:
        return Standing([], 0)
    rejected, unreadable = await keyimages.rejected_in(tx, archive, study)
    return Standing([row for row in rows if row.sop_instance_uid not in rejected], unreadable)
