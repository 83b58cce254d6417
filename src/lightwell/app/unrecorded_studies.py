"""Studies of which the record knows nothing: they came before it did, or it failed each time that it was told of them.

All studies of the house are gone through, some at each turn, and of those that have no ImagingStudy the same is asked
for as when a study falls quiet. A node remembers where it is; another that does the same makes no difference.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from lightwell import archive
from lightwell.app.imaging_studies import IMAGING_STUDY, RECORD_STUDY, id_of
from lightwell.archive.quiet import QuietStudy, quiet_studies
from lightwell.clinical import records
from lightwell.core import clock
from lightwell.core.actors import NOBODY, house
from lightwell.core.auth import accounts
from lightwell.core.machines import Machines
from lightwell.core.tx import Tx
from lightwell.standards.dicom.uids import is_valid_uid

_AT_ONCE: Final = 500
_REST_S: Final = 3600.0  # whoever was gone through is not looked at again at once: what failed would fail again


@dataclass(slots=True)
class UnrecordedStudies:
    """Goes through the studies of the house, as far as it came."""

    machines: Machines
    after: int = 0
    rests_until_s: float = 0.0

    async def record_some(self) -> int:
        """Have studies recorded that are not; return how many of those that were looked at."""
        if clock.monotonic_s() < self.rests_until_s:
            return 0
        async with self.machines.transactions.begin(NOBODY) as tx:
            organisations = [item.id for item in await accounts.organisations(tx)]
        async with self.machines.transactions.begin(house(*organisations)) as tx:
            found = await quiet_studies(tx, self.after, _AT_ONCE)
            missing = await _missing(tx, found)
            for study in missing:
                await _have_recorded(tx, study)
        if len(found) < _AT_ONCE:
            self.after, self.rests_until_s = 0, clock.monotonic_s() + _REST_S
        else:
            self.after = found[-1].number
        return len(missing)


async def _missing(tx: Tx, studies: Iterable[QuietStudy]) -> list[QuietStudy]:
    """Return the studies that the record has not; one whose UID is none is found in the archive only."""
    names = {
        (study.organisation_id, id_of(study.organisation_id, study.study_instance_uid)): study
        for study in studies
        if is_valid_uid(study.study_instance_uid)
    }
    there = await records.there(tx, IMAGING_STUDY, names)
    return [study for name, study in names.items() if name not in there]


async def _have_recorded(tx: Tx, study: QuietStudy) -> None:
    event = archive.StudyComplete(organisation_id=study.organisation_id, study_instance_uid=study.study_instance_uid)
    key = f"record/{study.organisation_id}/{study.study_instance_uid}"
    await tx.defer(RECORD_STUDY, only_one=key, payload=event.payload().decode())
