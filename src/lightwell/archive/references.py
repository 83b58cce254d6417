"""The data sets of storage commitment: which images, and whether we are answerable for them (PS3.4 J.3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from pydicom.dataset import Dataset
from pydicom.filebase import DicomIO
from pydicom.filereader import read_dataset
from pydicom.filewriter import write_dataset
from pydicom.sequence import Sequence as Items

from lightwell.core.errors import InvalidRequest
from lightwell.standards.dicom.dimse import HAS_DATA_SET, NEventReportRq
from lightwell.standards.dicom.uids import (
    ImplicitVRLittleEndian,
    StorageCommitmentPushModel,
    StorageCommitmentPushModelInstance,
)

_ALL_SAFE, _SOME_NOT = 1, 2


@dataclass(frozen=True, slots=True)
class Reference:
    """An image by its class and UID, and why we are not answerable for it (0: we are)."""

    sop_class_uid: str
    sop_instance_uid: str
    failure_reason: int = 0


def read(content: bytes, transfer_syntax_uid: str) -> tuple[str, list[Reference]]:
    """Return transaction UID and references of an N-ACTION (PS3.4 J.3.2.1).

    Raises:
        InvalidRequest: it has none.
    """
    try:
        said = read_dataset(BytesIO(content), transfer_syntax_uid == ImplicitVRLittleEndian, True)  # noqa: FBT003
        pairs = [(item.ReferencedSOPClassUID, item.ReferencedSOPInstanceUID) for item in said.ReferencedSOPSequence]
        references = [Reference(str(sop_class), str(sop_instance)) for sop_class, sop_instance in pairs]
        return str(said.TransactionUID), references
    except Exception as error:
        message = "expected a Transaction UID and a Referenced SOP Sequence"
        raise InvalidRequest(message) from error


def report(
    transaction_uid: str, assessed: Sequence[Reference], transfer_syntax_uid: str
) -> tuple[NEventReportRq, bytes]:
    """Return the N-EVENT-REPORT and its data set (PS3.4 J.3.3.1)."""
    failed = [item for item in assessed if item.failure_reason]
    said = Dataset()
    said.TransactionUID = transaction_uid
    said.ReferencedSOPSequence = Items([_item(item) for item in assessed if not item.failure_reason])
    if failed:
        said.FailedSOPSequence = Items([_item(item) for item in failed])
    command = NEventReportRq(
        message_id=1,
        command_data_set_type=HAS_DATA_SET,
        affected_sop_class_uid=StorageCommitmentPushModel,
        affected_sop_instance_uid=StorageCommitmentPushModelInstance,
        event_type_id=_SOME_NOT if failed else _ALL_SAFE,
    )
    return command, _encoded(said, transfer_syntax_uid)


def _item(reference: Reference) -> Dataset:
    item = Dataset()
    item.ReferencedSOPClassUID = reference.sop_class_uid
    item.ReferencedSOPInstanceUID = reference.sop_instance_uid
    if reference.failure_reason:
        item.FailureReason = int(reference.failure_reason)
    return item


def _encoded(data_set: Dataset, transfer_syntax_uid: str) -> bytes:
    stream = BytesIO()
    file = DicomIO(stream)
    file.is_little_endian, file.is_implicit_VR = True, transfer_syntax_uid == ImplicitVRLittleEndian
    write_dataset(file, data_set)
    return stream.getvalue()
