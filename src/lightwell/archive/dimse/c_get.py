"""C-GET: hand images over on the association by which they were asked for (PS3.4 C.4.3)."""

from collections.abc import AsyncGenerator

from lightwell.archive.dimse.retrieval import Progress
from lightwell.archive.dimse.retrieve import Retrieve
from lightwell.archive.model import InstanceRow
from lightwell.archive.room import Archive
from lightwell.archive.sending import data_set
from lightwell.core.errors import NotFound, Unavailable
from lightwell.core.net.dicom_door import Message, Saying
from lightwell.standards.dicom.dimse import Response, Status, c_store_rq


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
                context_id = self._context_for(row)
                async with data_set(self._archive.blobs, row) as pieces:
                    command = c_store_rq(row.sop_class_uid, row.sop_instance_uid, number % 0xFFFF + 1)
                    response = yield Saying(command, pieces, context_id)
                    status = response.status if response is not None else status
            except (NotFound, Unavailable):
                pass
            progress.count(row, status)
            if progress.remaining:
                yield self._pending(progress)
        yield self._end(progress)

    def _context_for(self, row: InstanceRow) -> int:
        """Return the context by which the caller takes such images.

        Raises:
            NotFound: it takes none such.
        """
        for number, context in self._contexts.items():
            wanted = (row.sop_class_uid, row.transfer_syntax_uid)
            if context.is_requestor_scp and (context.abstract_syntax, context.transfer_syntax) == wanted:
                return number
        message = "the caller does not take images of this kind as they are stored"
        raise NotFound(message)
