"""The studies that fell quiet, one after another: for whoever missed that it was announced."""

from typing import NamedTuple

from lightwell.archive.store import find
from lightwell.core.tx import Tx


class QuietStudy(NamedTuple):
    """A study that may be read, by its place in the order of coming."""

    number: int
    organisation_id: int
    study_instance_uid: str


async def quiet_studies(tx: Tx, after: int, limit: int) -> list[QuietStudy]:
    """Return studies of the actor's hospitals that came after another; nothing of whom they are of is read."""
    values = {"organisations": list(tx.actor.organisation_ids), "after": after, "limit": limit}
    return [QuietStudy(*row) for row in await (await tx.connection.execute(find.QUIET, values)).fetchall()]
