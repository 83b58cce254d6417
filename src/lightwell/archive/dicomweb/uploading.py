"""One file of an upload on its way into the archive (PS3.18 10.5, PS3.10 7.1).

The meta header at its beginning says what comes; from then on the bytes of the data set go straight to the intake,
which writes the meta header anew and looks into the data set when it is whole.
"""

import logging
from dataclasses import dataclass
from typing import Final

from lightwell.archive.attributes import is_usable_uid
from lightwell.archive.inspection import MISMATCH, Expected
from lightwell.archive.intake import Incoming, Intake
from lightwell.archive.model import Kept, Source
from lightwell.core import logs
from lightwell.core.errors import OutOfSpace
from lightwell.standards.dicom.dimse import Status
from lightwell.standards.dicom.errors import DicomError
from lightwell.standards.dicom.part10 import FileMeta, read_file_meta

log = logging.getLogger(__name__)
_GROUP_LENGTH_END: Final = 144
_LONGEST_META: Final = 64 * 1024
_FIRST_ELEMENT: Final = slice(128, 140)
_GROUP_LENGTH: Final = b"DICM\2\0\0\0UL\4\0"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a file: the status is that which a C-STORE would have had (PS3.4 Table B.2-1)."""

    status: int
    sop_class_uid: str = ""
    sop_instance_uid: str = ""
    kept: Kept | None = None

    @property
    def is_stored(self) -> bool:
        """Whether the image is durable."""
        return self.status == Status.SUCCESS

    @property
    def is_named(self) -> bool:
        """Whether it is known which image it was."""
        return bool(self.sop_class_uid and self.sop_instance_uid)


class Upload:
    """Takes the bytes of a file; ``study_uid`` is the study that it has to belong to, if any is named."""

    def __init__(self, intake: Intake, source: Source, study_uid: str = "") -> None:
        self._intake = intake
        self._source = source
        self._study_uid = study_uid
        self._head = bytearray()
        self._meta: FileMeta | None = None
        self._incoming: Incoming | None = None
        self._refused: int | None = None

    def write(self, data: memoryview) -> None:
        """Take the next bytes."""
        if self._incoming is not None:
            self._incoming.write(data)
        elif self._refused is None:
            self._head += data
            if len(self._head) >= _needed(self._head):
                self._begin()

    def _begin(self) -> None:
        try:
            self._meta = meta = read_file_meta(self._head)
        except DicomError:
            self._refused = Status.CANNOT_UNDERSTAND
            self._head.clear()
            return
        if not is_usable_uid(meta.sop_instance_uid):
            self._refused = Status.INVALID_SOP_INSTANCE
            return
        announced = (meta.sop_class_uid, meta.sop_instance_uid, meta.transfer_syntax_uid)
        self._incoming = self._intake.open(self._source, Expected(*announced, self._study_uid))
        self._incoming.write(memoryview(self._head)[meta.data_set_offset :])
        self._head = bytearray()

    async def keep(self) -> Outcome:
        """Make the image durable, and tell what became of it."""
        if self._incoming is None and self._refused is None:
            self._begin()
        if self._incoming is None or self._meta is None:
            return self._outcome(self._refused or Status.CANNOT_UNDERSTAND)
        try:
            kept = await self._incoming.keep()
        except (OutOfSpace, OSError) as error:
            logs.event(log, logging.ERROR, "no room for an image, or the disk failed", error=error)
            return self._outcome(Status.OUT_OF_RESOURCES)
        return self._outcome(_status(kept), kept)

    def _outcome(self, status: int, kept: Kept | None = None) -> Outcome:
        if self._meta is None:
            return Outcome(status)
        return Outcome(status, self._meta.sop_class_uid, self._meta.sop_instance_uid, kept)

    def abandon(self) -> None:
        """Throw away half a file."""
        if self._incoming is not None:
            self._incoming.abandon()


def _needed(head: bytearray) -> int:
    """Return how many bytes the meta header needs, as far as its beginning says so."""
    if len(head) >= _GROUP_LENGTH_END and bytes(head[_FIRST_ELEMENT]) == _GROUP_LENGTH:
        return min(_GROUP_LENGTH_END + int.from_bytes(head[140:144], "little"), _LONGEST_META)
    return _GROUP_LENGTH_END if len(head) < _GROUP_LENGTH_END else _LONGEST_META


def _status(kept: Kept) -> int:
    if not kept.fault or kept.is_held:
        return Status.SUCCESS
    return Status.DATA_SET_DOES_NOT_MATCH_SOP_CLASS if kept.fault.startswith(MISMATCH) else Status.CANNOT_UNDERSTAND
