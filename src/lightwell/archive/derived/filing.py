"""Files what is made here, as any other object that comes."""

from lightwell.archive.inspection import Expected
from lightwell.archive.model import Source
from lightwell.archive.room import Archive
from lightwell.core.errors import Conflict
from lightwell.standards.dicom.uids import ExplicitVRLittleEndian


async def file(archive: Archive, source: Source, sop_class_uid: str, uid: str, content: bytes) -> None:
    """Have a data set kept, and wait until searches find it.

    Raises:
        Conflict: it did not become part of the archive.
    """
    incoming = archive.intake.open(source, Expected(sop_class_uid, uid, ExplicitVRLittleEndian))
    incoming.write(content)
    kept = await incoming.keep()
    if kept.fault:
        message = f"what was made was not filed ({kept.fault}); an engineer finds it in quarantine"
        raise Conflict(message)
    await archive.index.flushed()
