"""C-MOVE: send images to a third machine, which must be a peer with an address (PS3.4 C.4.2)."""

import logging
from collections.abc import AsyncGenerator
from typing import cast

from lightwell.archive import destinations
from lightwell.archive.destinations import Destination
from lightwell.archive.dimse.retrieval import Progress
from lightwell.archive.dimse.retrieve import Retrieve
from lightwell.archive.model import InstanceRow
from lightwell.archive.room import Archive
from lightwell.archive.sending import Originator, send
from lightwell.core import logs
from lightwell.core.actors import device
from lightwell.core.net.dicom_door import Message, Saying
from lightwell.core.net.dicom_scu import PeerUnreachable
from lightwell.standards.dicom.dimse import CMoveRq, Response

log = logging.getLogger(__name__)


class Move(Retrieve):
    """Answers one C-MOVE-RQ."""

    def __init__(self, archive: Archive, message: Message) -> None:
        super().__init__(archive, message)
        request = cast("CMoveRq", message.command)
        self._to = request.move_destination
        self._originator = Originator(self._badge.calling_ae, request.message_id)
        self._destination: Destination | None = None

    async def answers(self) -> AsyncGenerator[Saying, Response | None]:
        """Send the images and say after each how far it has come."""
        rows, refusal = await self._begin()
        if refusal is not None or self._destination is None:
            if refusal is not None:
                yield refusal
            return
        progress = Progress(len(rows))
        try:
            async for sent in send(self._archive, rows, self._destination, originator=self._originator):
                progress.count(sent.row, sent.status)
                if self._is_cancelled:
                    break
                if progress.remaining:
                    yield self._pending(progress)
        except PeerUnreachable as error:
            logs.event(log, logging.WARNING, "destination unreachable", error=error, destination=self._to)
            progress.fail_rest(rows)
        yield self._end(progress)

    async def _rows(self) -> list[InstanceRow]:
        self._identifier.read()
        actor = device(self._badge.calling_ae, self._badge.organisation_id)
        async with self._archive.machines.transactions.begin(actor) as tx:
            self._destination = await destinations.find(tx, self._to)
        return await super()._rows()
