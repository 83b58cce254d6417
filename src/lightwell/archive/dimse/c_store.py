"""C-STORE: take an image (PS3.7 9.1.1, PS3.4 annex B).

The response 0000H says that the image is durable. Every other status says that it is not kept as sent:

=====  ==================================================================================================
A700H  no room, or the disk failed: send again later
A900H  the data set is not what the command announced; it lies in quarantine
C000H  the data set cannot be understood; it lies in quarantine, with the reason in the Error Comment
0117H  the SOP Instance UID is not a UID; nothing was kept
=====  ==================================================================================================
"""

import logging
from typing import Final, cast

from lightwell.archive.attributes import is_usable_uid
from lightwell.archive.inspection import MISMATCH, Expected
from lightwell.archive.intake import Incoming
from lightwell.archive.model import Kept
from lightwell.archive.room import Archive
from lightwell.core import logs, metrics
from lightwell.core.errors import OutOfSpace
from lightwell.core.net.dicom_door import Message
from lightwell.standards.dicom.dimse import Command, CStoreRq, Status, c_store_rsp

log = logging.getLogger(__name__)
_NO_ROOM: Final = "no room; send again later"


class Store:
    """Receives one image."""

    def __init__(self, archive: Archive, message: Message) -> None:
        self._request = request = cast("CStoreRq", message.command)
        self._incoming: Incoming | None = None
        if is_usable_uid(request.affected_sop_instance_uid):
            announced = (request.affected_sop_class_uid, request.affected_sop_instance_uid)
            self._incoming = archive.intake.open(message.badge, Expected(*announced, message.transfer_syntax_uid))

    def write(self, data: memoryview) -> None:
        """Take the next bytes."""
        if self._incoming is not None:
            self._incoming.write(data)

    async def finish(self) -> Command:
        """Make it durable and answer."""
        status, comment = await self._keep()
        metrics.MESSAGES.labels("C-STORE", f"{status:04X}").inc()
        return c_store_rsp(self._request, status, comment)

    async def _keep(self) -> tuple[int, str]:
        if self._incoming is None:
            return Status.INVALID_SOP_INSTANCE, "SOP Instance UID is not a UID"
        try:
            return _status(await self._incoming.keep())
        except OutOfSpace as error:
            logs.event(log, logging.ERROR, "no room for an image", error=error)
            return Status.OUT_OF_RESOURCES, _NO_ROOM
        except OSError as error:
            logs.event(log, logging.ERROR, "the disk failed", error=error, errno=error.errno)
            return Status.OUT_OF_RESOURCES, "the disk failed; send again later"

    def abandon(self) -> None:
        """Throw away half an image."""
        if self._incoming is not None:
            self._incoming.abandon()


def _status(kept: Kept) -> tuple[int, str]:
    if not kept.fault or kept.is_held:
        return Status.SUCCESS, ""
    if kept.fault.startswith(MISMATCH):
        return Status.DATA_SET_DOES_NOT_MATCH_SOP_CLASS, kept.fault
    return Status.CANNOT_UNDERSTAND, kept.fault
