"""N-ACTION: a modality asks us to be answerable for its images (PS3.4 J.3.2)."""

from collections.abc import AsyncGenerator
from typing import cast

from lightwell.archive import commitment, references
from lightwell.archive.model import Source
from lightwell.archive.references import Reference
from lightwell.archive.room import Archive
from lightwell.core import metrics
from lightwell.core.actors import device
from lightwell.core.errors import InvalidRequest, LightwellError
from lightwell.core.net.dicom_door import Message, Saying
from lightwell.standards.dicom.dimse import NActionRq, NActionRsp, Response, Status
from lightwell.standards.dicom.uids import StorageCommitmentPushModel

_REQUEST_COMMITMENT = 1
_LONGEST = 16 << 20


class Commit:
    """Answers one N-ACTION-RQ of storage commitment, and reports on the same association if there is no other way."""

    def __init__(self, archive: Archive, message: Message) -> None:
        self._archive = archive
        self._badge: Source = message.badge
        self._request = cast("NActionRq", message.command)
        self._transfer_syntax_uid = message.transfer_syntax_uid
        self._actor = device(self._badge.calling_ae, self._badge.organisation_id)
        self._content = bytearray()

    def write(self, data: memoryview) -> None:
        """Take the next bytes of the action information."""
        if len(self._content) <= _LONGEST:
            self._content += data

    def cancel(self) -> None:
        """Go on; a commitment cannot be cancelled."""

    def abandon(self) -> None:
        """Forget it; a promise that was noted is reported all the same if its asker has an address."""

    async def answers(self) -> AsyncGenerator[Saying, Response | None]:
        """Note the promise, say so, and perhaps report at once."""
        if self._request.requested_sop_class_uid != StorageCommitmentPushModel:
            yield self._answer(Status.NO_SUCH_SOP_CLASS)
            return
        if self._request.action_type_id != _REQUEST_COMMITMENT:
            yield self._answer(Status.NO_SUCH_ACTION)
            return
        try:
            transaction_uid, asked = references.read(bytes(self._content), self._transfer_syntax_uid)
            number, is_elsewhere = await self._promise(transaction_uid, asked)
        except InvalidRequest:
            yield self._answer(Status.INVALID_ARGUMENT_VALUE)
            return
        except LightwellError:
            yield self._answer(Status.RESOURCE_LIMITATION)
            return
        yield self._answer(Status.SUCCESS)
        if not is_elsewhere:
            assessed = await self._assess(asked)
            command, data_set = references.report(transaction_uid, assessed, self._transfer_syntax_uid)
            response = yield Saying(command, [data_set])
            await self._note(number, response)

    async def _promise(self, transaction_uid: str, references: list[Reference]) -> tuple[int, bool]:
        await self._archive.index.flushed()
        async with self._archive.machines.transactions.begin(self._actor) as tx:
            return await commitment.promise(tx, self._badge, transaction_uid, references)

    async def _assess(self, references: list[Reference]) -> list[Reference]:
        transactions, organisation_id = self._archive.machines.transactions, self._badge.organisation_id
        return await commitment.assess(transactions, self._archive.blobs, self._actor, organisation_id, references)

    async def _note(self, number: int, response: Response | None) -> None:
        if response is not None and response.status == Status.SUCCESS:
            async with self._archive.machines.transactions.begin(self._actor) as tx:
                await commitment.reported(tx, number)

    def _answer(self, status: int) -> Saying:
        metrics.MESSAGES.labels("N-ACTION", f"{status:04X}").inc()
        request = self._request
        return Saying(
            NActionRsp(
                message_id_being_responded_to=request.message_id,
                status=status,
                affected_sop_class_uid=request.requested_sop_class_uid,
                affected_sop_instance_uid=request.requested_sop_instance_uid,
                action_type_id=request.action_type_id,
            )
        )
