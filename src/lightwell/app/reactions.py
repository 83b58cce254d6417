"""What other rooms do when a room announces something: event → names of jobs."""

from typing import Final

from lightwell import archive
from lightwell.core.events import Reactions

REACTIONS: Final[Reactions] = {
    archive.StudyArrived: (),
    archive.StudyComplete: (),
    archive.SeriesDerived: (),
}
