"""Reports and signals of a study over HTTP, for the pages; programs fetch the objects themselves."""

from typing import Final

import msgspec

from lightwell.archive.derived import finding, parsing
from lightwell.archive.documents import tree, waveforms
from lightwell.archive.documents.tree import ReportDocument
from lightwell.archive.model import InstanceRow
from lightwell.archive.room import Archive
from lightwell.archive.transcoding import undecodable
from lightwell.core.actors import Actor
from lightwell.core.errors import UnsupportedMedia
from lightwell.standards.dicom.errors import DataSetError

_REPORTS: Final = "1.2.840.10008.5.1.4.1.1.88."
_WAVEFORMS: Final = "1.2.840.10008.5.1.4.1.1.9."


async def document(actor: Actor, archive: Archive, study: str, instance: str) -> ReportDocument:
    """Return the content of a structured report as a tree."""
    row = await _row(actor, archive, study, instance, "documents")
    if not row.sop_class_uid.startswith(_REPORTS):
        message = f"expected a structured report, this object is of the SOP class {row.sop_class_uid}"
        raise UnsupportedMedia(message)
    try:
        return await parsing.read(archive, row, tree.read, tree.LARGEST)
    except DataSetError as error:
        raise undecodable(error) from error


async def signals(actor: Actor, archive: Archive, study: str, instance: str) -> msgspec.Raw:
    """Return the channels of a waveform object, in what was measured."""
    row = await _row(actor, archive, study, instance, "waveforms")
    if not row.sop_class_uid.startswith(_WAVEFORMS):
        message = f"expected a waveform, this object is of the SOP class {row.sop_class_uid}"
        raise UnsupportedMedia(message)
    try:
        return msgspec.Raw(await parsing.read(archive, row, waveforms.read, waveforms.LARGEST))
    except DataSetError as error:
        raise undecodable(error) from error


async def _row(actor: Actor, archive: Archive, study: str, instance: str, screen: str) -> InstanceRow:
    async with archive.machines.transactions.begin(actor) as tx:
        return await finding.object_of(tx, archive, study, instance, screen)
