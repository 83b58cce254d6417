"""Measurements of a study over HTTP, for the pages; programs read and write the reports themselves."""

from lightwell.archive.measurements import keeping
from lightwell.archive.measurements.model import Filed, Measurements, NewSet
from lightwell.archive.room import Archive
from lightwell.core.actors import Actor


async def measurements(actor: Actor, archive: Archive, study: str) -> Measurements:
    """Return what was measured in a study."""
    return await keeping.of_study(actor, archive, study)


async def save(actor: Actor, archive: Archive, study: str, body: NewSet) -> Filed:
    """File all that a reader measured in a study, instead of what they filed before; nothing withdraws that."""
    return Filed(await keeping.keep(actor, archive, study, body))
