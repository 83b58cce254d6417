"""Storage commitment: being answerable for images, so that the modality may delete its own (PS3.4 annex J).

A promise is a row. It is kept when the asker was told which images are safe, by N-EVENT-REPORT: on a new association if
the asker has an address, tried again for some hours and over restarts; else on the association it asked by.
"""

import asyncio
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

from lightwell.archive import destinations
from lightwell.archive.blobs import Blobs
from lightwell.archive.model import Source
from lightwell.archive.references import Reference, report
from lightwell.archive.sending import UNCOMPRESSED, reach
from lightwell.archive.store import send as store
from lightwell.core.actors import Actor, house
from lightwell.core.errors import NotFound
from lightwell.core.machines import Machines
from lightwell.core.net.dicom_scu import PeerUnreachable
from lightwell.core.tx import Transactions, Tx
from lightwell.standards.dicom.dimse import Status
from lightwell.standards.dicom.items import RoleSelection, UserInformation
from lightwell.standards.dicom.negotiation import propose
from lightwell.standards.dicom.pdu import AssociateRq
from lightwell.standards.dicom.uids import (
    StorageCommitmentPushModel,
)

REPORT: Final = "archive.report_commitment"
_AT_ONCE: Final = 8


@dataclass(frozen=True, slots=True)
class Promise:
    """What a machine asked us to be answerable for."""

    organisation_id: int
    transaction_uid: str
    calling_ae: str
    called_ae: str
    sop_class_uids: list[str]
    sop_instance_uids: list[str]


async def promise(tx: Tx, badge: Source, transaction_uid: str, references: Sequence[Reference]) -> tuple[int, bool]:
    """Note what was asked; return the promise's number, and whether it will be reported on a new association."""
    values = {
        "organisation_id": badge.organisation_id,
        "transaction_uid": transaction_uid,
        "calling_ae": badge.calling_ae,
        "called_ae": badge.called_ae,
        "sop_class_uids": [item.sop_class_uid for item in references],
        "sop_instance_uids": [item.sop_instance_uid for item in references],
    }
    row: Any = await (await tx.connection.execute(store.PROMISE, values)).fetchone()
    number = int(row[0])
    try:
        await destinations.find(tx, badge.calling_ae)
    except NotFound:
        return number, False
    await tx.defer(REPORT, organisation_id=badge.organisation_id, commitment=number)
    return number, True


async def assess(
    transactions: Transactions, blobs: Blobs, actor: Actor, organisation_id: int, references: Sequence[Reference]
) -> list[Reference]:
    """Return the references with what we know of them: safe, unknown, of another class, or bytes gone.

    The store is asked for each image, which takes its time: in threads, and with no transaction open.
    """
    uids = [item.sop_instance_uid for item in references]
    values = {"organisation_id": organisation_id, "sop_instance_uids": uids}
    async with transactions.begin(actor) as tx:
        rows = await (await tx.connection.execute(store.KEPT, values)).fetchall()
    kept = {row[0]: (row[1], row[2], row[3]) for row in rows}
    return await asyncio.to_thread(_assess_all, references, kept, blobs)


def _assess_all(
    references: Sequence[Reference], kept: Mapping[str, tuple[str, str, int]], blobs: Blobs
) -> list[Reference]:
    def one(item: Reference) -> Reference:
        return _assessed(item, kept.get(item.sop_instance_uid), blobs)

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return list(pool.map(one, references))


def _assessed(item: Reference, kept: tuple[str, str, int] | None, blobs: Blobs) -> Reference:
    if kept is None:
        return Reference(item.sop_class_uid, item.sop_instance_uid, Status.NO_SUCH_SOP_INSTANCE)
    sop_class_uid, blob, length = kept
    if sop_class_uid != item.sop_class_uid:
        return Reference(item.sop_class_uid, item.sop_instance_uid, Status.CLASS_INSTANCE_CONFLICT)
    try:
        is_whole = blobs.length(blob) == length
    except NotFound:
        is_whole = False
    return item if is_whole else Reference(item.sop_class_uid, item.sop_instance_uid, Status.PROCESSING_FAILURE)


async def reported(tx: Tx, number: int) -> None:
    """Note that the asker knows."""
    await tx.connection.execute(store.REPORTED, {"id": number})


@dataclass(frozen=True, slots=True)
class Reporter:
    """Tells an asker on a new association; the queue tries again when nobody answers."""

    machines: Machines
    blobs: Blobs

    async def __call__(self, organisation_id: int, commitment: int) -> None:
        """Report one promise, unless that was done.

        Raises:
            PeerUnreachable: the asker does not take it now.
        """
        async with self.machines.transactions.begin(house(organisation_id)) as tx:
            row = await (await tx.connection.execute(store.PROMISED, {"id": commitment})).fetchone()
            if row is None:
                return
            asked = Promise(*row)
            destination = await destinations.find(tx, asked.calling_ae)
        references = list(map(Reference, asked.sop_class_uids, asked.sop_instance_uids))
        actor, transactions = house(organisation_id), self.machines.transactions
        assessed = await assess(transactions, self.blobs, actor, organisation_id, references)
        await self._tell(destination, asked.transaction_uid, assessed)
        async with self.machines.transactions.begin(house(organisation_id)) as tx:
            await reported(tx, commitment)

    async def _tell(
        self, destination: destinations.Destination, transaction_uid: str, assessed: Sequence[Reference]
    ) -> None:
        role = RoleSelection(StorageCommitmentPushModel, is_scu=False, is_scp=True)
        contexts = propose([(StorageCommitmentPushModel, UNCOMPRESSED)])
        request = AssociateRq(destination.title, destination.our_title, contexts, UserInformation(roles=(role,)))
        async with reach(self.machines, destination, request) as line:
            context = next(iter(line.association.contexts.items()), None)
            if context is None:
                message = f"{destination.title} does not take reports of storage commitment"
                raise PeerUnreachable(message)
            command, data_set = report(transaction_uid, assessed, context[1].transfer_syntax)
            response = await line.ask(context[0], command, [data_set])
            if response.status != Status.SUCCESS:
                message = f"{destination.title} refuses a report of storage commitment"
                raise PeerUnreachable(message)
