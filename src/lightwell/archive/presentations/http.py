"""Presentation states of a study over HTTP, for the pages; programs read and write the objects themselves."""

from lightwell.archive.presentations import keeping
from lightwell.archive.presentations.model import FiledStates, NewPresentation, Presentations
from lightwell.archive.room import Archive
from lightwell.core.actors import Actor


async def presentations(actor: Actor, archive: Archive, study: str) -> Presentations:
    """Return how people want the images of a study to be shown."""
    return await keeping.of_study(actor, archive, study)


async def save_state(actor: Actor, archive: Archive, study: str, body: NewPresentation) -> FiledStates:
    """File how images are to be shown; those that differ in what one state says once take a state each."""
    return FiledStates(await keeping.keep(actor, archive, study, body))
