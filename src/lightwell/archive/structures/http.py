"""Structure sets of a study over HTTP."""

from typing import Final

import msgspec

from lightwell.archive.derived import finding, parsing
from lightwell.archive.model import InstanceRow
from lightwell.archive.room import Archive
from lightwell.archive.standing import standing
from lightwell.archive.structures import reading
from lightwell.archive.structures.reading import StructureSet
from lightwell.core.actors import Actor
from lightwell.core.errors import LightwellError
from lightwell.standards.dicom.errors import DicomError

_SCREEN: Final = "structures"
STRUCTURE_SETS: Final = ("1.2.840.10008.5.1.4.1.1.481.3",)


async def structures(actor: Actor, archive: Archive, study: str) -> list[msgspec.Raw]:
    """Return the structure sets of a study; one that cannot be read, or is one too many, says so."""
    async with archive.machines.transactions.begin(actor) as tx:
        row = await finding.study_of(tx, archive, study, _SCREEN)
        found = await finding.objects_of(tx, archive, row, STRUCTURE_SETS, _SCREEN)
        rows, _ = await standing(tx, archive, row, [item.instance for item in found if item.instance])
    read = [await _read(archive, one) for one in rows[: parsing.MOST_READ]]
    return read + [_unreadable(one) for one in rows[parsing.MOST_READ :]]


async def _read(archive: Archive, row: InstanceRow) -> msgspec.Raw:
    try:
        return msgspec.Raw(await parsing.read(archive, row, reading.read, reading.LARGEST))
    except (DicomError, LightwellError):
        return _unreadable(row)


def _unreadable(row: InstanceRow) -> msgspec.Raw:
    nothing = StructureSet(row.sop_instance_uid, "", "", "", [], is_unreadable=True)
    return msgspec.Raw(msgspec.json.encode(nothing))
