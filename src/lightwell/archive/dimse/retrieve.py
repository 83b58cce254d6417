"""What C-MOVE and C-GET have in common: the images asked for, and the responses that say how far it has come.

=====  =====================================================================
FF00H  an image was tried; the counts say how far it has come
0000H  the peer has all images
FE00H  the caller wanted no more
B000H  some are not there; their UIDs are in the Failed SOP Instance UID List
A702H  none is there
A801H  the destination is not known, or has no address (C-MOVE)
A900H  the identifier does not say which images, or by a level that the model lacks
A701H  it names more images than a response can count
A700H  the database or the store does not answer
0124H  the caller is not trusted yet
=====  =====================================================================

Failures say why in the Error Comment (0000,0902), and which element is at fault where one is.
"""

import logging
from dataclasses import replace
from typing import Any, Final, TypeAlias, cast

from lightwell.archive.dimse.refusal import Refusal, stranger
from lightwell.archive.dimse.retrieval import Identifier, Progress, rows_of
from lightwell.archive.model import InstanceRow, Source
from lightwell.archive.room import Archive
from lightwell.core import logs, metrics
from lightwell.core.errors import LightwellError
from lightwell.core.net.dicom_door import Message, Saying
from lightwell.standards.dicom.dimse import HAS_DATA_SET, CGetRq, CGetRsp, CMoveRq, CMoveRsp, Status

log = logging.getLogger(__name__)
_SOME_FAILED: Final = 0xB000
_Answer: TypeAlias = CMoveRsp | CGetRsp


class Retrieve:
    """Answers one C-MOVE-RQ or C-GET-RQ."""

    def __init__(self, archive: Archive, message: Message) -> None:
        self._archive = archive
        self._badge: Source = message.badge
        self._request = cast("CMoveRq | CGetRq", message.command)
        self._identifier = Identifier(self._request.affected_sop_class_uid, message.transfer_syntax_uid)
        self._is_cancelled = False

    def write(self, data: memoryview) -> None:
        """Take the next bytes of the identifier."""
        self._identifier.write(data)

    def cancel(self) -> None:
        """Hand over no more after the present image."""
        self._is_cancelled = True

    def abandon(self) -> None:
        """Forget it; whoever runs the conversation closes the generator of its answers."""

    async def _begin(self) -> tuple[list[InstanceRow], Saying | None]:
        """Return the images, or why there is nothing to hand over."""
        try:
            if not self._badge.is_trusted:
                raise stranger()
            return await self._rows(), None
        except Refusal as refusal:
            return [], self._refused(refusal)
        except LightwellError as error:
            logs.event(log, logging.WARNING, "images not looked up", error=error)
            return [], self._refused(Refusal(Status.OUT_OF_RESOURCES, "the database does not answer; ask again later"))

    async def _rows(self) -> list[InstanceRow]:
        return await rows_of(self._archive, self._badge, self._identifier)

    def _pending(self, progress: Progress) -> Saying:
        return Saying(self._response(Status.PENDING, progress.counts()))

    def _end(self, progress: Progress) -> Saying:
        if self._is_cancelled and progress.remaining:
            return self._final(Status.CANCEL, progress)
        if not progress.failed and not progress.warning:
            return self._final(Status.SUCCESS, progress)
        is_any_there = progress.completed or progress.warning
        return self._final(_SOME_FAILED if is_any_there else Status.UNABLE_TO_PERFORM_SUBOPERATIONS, progress)

    def _refused(self, refusal: Refusal) -> Saying:
        return Saying(self._counted(replace(self._response(refusal.status, {}), **refusal.fields())))

    def _final(self, status: int, progress: Progress) -> Saying:
        response = self._counted(self._response(status, progress.counts() | {"error_comment": progress.comment}))
        if not progress.failures:
            return Saying(response)
        failed = progress.failed_list(self._identifier.transfer_syntax_uid)
        return Saying(replace(response, command_data_set_type=HAS_DATA_SET), [failed])

    def _counted(self, response: _Answer) -> _Answer:
        metrics.MESSAGES.labels(type(response).__name__, f"{response.status:04X}").inc()
        return response

    def _response(self, status: int, counts: dict[str, Any]) -> _Answer:
        kind = CMoveRsp if isinstance(self._request, CMoveRq) else CGetRsp
        return kind(
            message_id_being_responded_to=self._request.message_id,
            status=status,
            affected_sop_class_uid=self._request.affected_sop_class_uid,
            **counts,
        )
