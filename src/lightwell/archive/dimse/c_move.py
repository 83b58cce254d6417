"""C-MOVE: send images to a third machine, which must be a peer with an address (PS3.4 C.4.2)."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Final, cast

from lightwell.archive import destinations
from lightwell.archive.destinations import Destination
from lightwell.archive.dimse.refusal import Refusal
from lightwell.archive.dimse.retrieval import Progress
from lightwell.archive.dimse.retrieve import Retrieve
from lightwell.archive.model import InstanceRow
from lightwell.archive.room import Archive
from lightwell.archive.sending import Originator, Sent, send
from lightwell.core import logs
from lightwell.core.actors import device
from lightwell.core.errors import NotFound
from lightwell.core.net.dicom_door import Message, Saying
from lightwell.core.net.dicom_scu import PeerUnreachable
from lightwell.standards.dicom.dimse import CMoveRq, Response, Status

log = logging.getLogger(__name__)
_MOMENT_S: Final = 2.0


class Move(Retrieve):
    """Answers one C-MOVE-RQ."""

    def __init__(self, archive: Archive, message: Message) -> None:
        super().__init__(archive, message)
        request = cast("CMoveRq", message.command)
        self._to = request.move_destination
        self._originator = Originator(self._badge.calling_ae, request.message_id)
        self._destination: Destination | None = None
        self._present: asyncio.Future[Sent | None] | None = None

    async def answers(self) -> AsyncGenerator[Saying, Response | None]:
        """Send the images and say after each how far it has come."""
        rows, refusal = await self._begin()
        if refusal is not None or self._destination is None:
            if refusal is not None:
                yield refusal
            return
        progress = Progress(len(rows))
        try:
            sending = send(self._archive, rows, self._destination, originator=self._originator)
            async with aclosing(sending):
                while not self._is_cancelled and (sent := await self._next(sending)) is not None:
                    progress.count(sent.row, sent.status)
                    if progress.remaining and not self._is_cancelled:
                        yield self._pending(progress)
        except PeerUnreachable as error:
            logs.event(log, logging.WARNING, "destination unreachable", error=error, destination=self._to)
            progress.fail_rest(rows, "the destination does not answer, or broke off")
        yield self._end(progress)

    def cancel(self) -> None:
        """Hand over no more after the present image, which has a moment to arrive."""
        super().cancel()
        if self._present is not None:
            asyncio.get_running_loop().call_later(_MOMENT_S, self._present.cancel)

    async def _next(self, sending: AsyncGenerator[Sent]) -> Sent | None:
        """Return the next image that was answered, or None: there are no more, or the caller wants no more."""
        self._present = asyncio.ensure_future(anext(sending, None))
        try:
            return await self._present
        except asyncio.CancelledError:
            whole = asyncio.current_task()
            if whole is not None and whole.cancelling():
                raise  # the caller itself went away
            return None

    async def _rows(self) -> list[InstanceRow]:
        self._identifier.read()
        actor = device(self._badge.calling_ae, self._badge.organisation_id)
        async with self._archive.machines.transactions.begin(actor) as tx:
            try:
                self._destination = await destinations.find(tx, self._to)
            except NotFound as error:
                comment = "the move destination is not known here, or has no address"
                raise Refusal(Status.MOVE_DESTINATION_UNKNOWN, comment) from error
        return await super()._rows()
