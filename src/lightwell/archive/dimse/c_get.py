"""C-GET: hand images over on the association by which they were asked for (PS3.4 C.4.3)."""

import logging
from collections.abc import AsyncGenerator

from lightwell.archive.dimse.retrieval import Progress
from lightwell.archive.dimse.retrieve import Retrieve
from lightwell.archive.model import InstanceRow
from lightwell.archive.room import Archive
from lightwell.archive.sending import as_taken
from lightwell.core import logs
from lightwell.core.errors import LightwellError
from lightwell.core.net.dicom_door import Message, Saying
from lightwell.standards.dicom.dimse import Response, Status, c_store_rq

log = logging.getLogger(__name__)


class Get(Retrieve):
    """Answers one C-GET-RQ."""

    def __init__(self, archive: Archive, message: Message) -> None:
        super().__init__(archive, message)
        self._contexts = message.contexts

    async def answers(self) -> AsyncGenerator[Saying, Response | None]:
        """Hand over one image after the other and say after each how far it has come."""
        rows, refusal = await self._begin()
        if refusal is not None:
            yield refusal
            return
        progress = Progress(len(rows))
        for number, row in enumerate(rows, start=1):
            if self._is_cancelled:
                break
            status: int = Status.PROCESSING_FAILURE
            try:
                async with as_taken(self._archive, row, self._taken(row)) as (context_id, pieces):
                    command = c_store_rq(row.sop_class_uid, row.sop_instance_uid, number % 0xFFFF + 1)
                    response = yield Saying(command, pieces, context_id)
                    status = response.status if response is not None else status
            except LightwellError as error:  # one image cannot be given; the others can
                logs.event(log, logging.WARNING, "an image was not handed over", error=error)
            progress.count(row, status)
            if progress.remaining:
                yield self._pending(progress)
        yield self._end(progress)

    def _taken(self, row: InstanceRow) -> dict[str, int]:
        """Return the contexts by which the caller takes such images, by transfer syntax."""
        return {
            context.transfer_syntax: number
            for number, context in self._contexts.items()
            if context.is_requestor_scp and context.abstract_syntax == row.sop_class_uid
        }
