"""What other rooms do when a room announces something: event → names of jobs."""

from typing import Final

from lightwell import archive, clinical
from lightwell.app.imaging_studies import RECORD_STUDY
from lightwell.core.events import Reactions

REACTIONS: Final[Reactions] = {
    archive.StudyArrived: (),
    archive.StudyComplete: (RECORD_STUDY,),
    archive.StudyReduced: (RECORD_STUDY,),
    archive.SeriesDerived: (),
    clinical.QueueChanged: (),
    clinical.TicketCalled: (),
}
