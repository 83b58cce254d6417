"""The archive's background work."""

from dataclasses import dataclass
from datetime import timedelta

from lightwell.archive.batch import CLOSE_STUDY
from lightwell.archive.commitment import REPORT, Reporter
from lightwell.archive.deriving import DERIVE, Deriver
from lightwell.archive.disk import RealDisk
from lightwell.archive.events import StudyComplete
from lightwell.archive.preparing import FORGET, PREPARE, Forgetter, Preparer, prepare_study
from lightwell.archive.room import Archive
from lightwell.archive.store import write as store
from lightwell.core import clock
from lightwell.core.actors import house
from lightwell.core.jobs import Job
from lightwell.core.machines import Machines
from lightwell.core.tx import Tx


@dataclass(frozen=True, slots=True)
class StudyCloser:
    """Announces that a study is complete once no image of it came for a while."""

    machines: Machines

    async def __call__(self, organisation_id: int, study: int) -> None:
        """Close the study, or look again later."""
        quiet_s = self.machines.settings.study_quiet_s
        async with self.machines.transactions.begin(house(organisation_id)) as tx:
            cursor = await tx.connection.execute(store.CLOSE_STUDY, {"id": study, "quiet_s": quiet_s})
            closed = await cursor.fetchone()
            if closed is not None:
                await tx.publish(StudyComplete(organisation_id=closed[0], study_instance_uid=closed[1]))
                await prepare_study(tx, organisation_id, study)
            elif await _is_open(tx, study):
                at = clock.now() + timedelta(seconds=quiet_s)
                key = f"study/{study}"
                await tx.defer(CLOSE_STUDY, at=at, only_one=key, organisation_id=organisation_id, study=study)


async def _is_open(tx: Tx, study: int) -> bool:
    row = await (await tx.connection.execute(store.STUDY_STATE, {"id": study})).fetchone()
    return row is not None and bool(row[0])


def jobs(archive: Archive) -> list[Job]:
    """Return the archive's jobs."""
    machines, blobs, disk = archive.machines, archive.blobs, RealDisk()
    return [
        Job(CLOSE_STUDY, StudyCloser(machines)),
        Job(PREPARE, Preparer(machines, blobs, disk)),
        Job(FORGET, Forgetter(blobs)),
        Job(DERIVE, Deriver(archive)),
        Job(REPORT, Reporter(machines, blobs), retries=13, is_call=True),
    ]
