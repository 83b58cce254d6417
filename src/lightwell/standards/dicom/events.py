"""What an association tells the one above it, and the limits it keeps (PS3.8 7, PS3.7 6.3)."""

from dataclasses import dataclass
from typing import Final, TypeAlias

from lightwell.standards.dicom.dimse import Command
from lightwell.standards.dicom.errors import LocalProtocolError
from lightwell.standards.dicom.items import DEFAULT_MAX_PDU_LENGTH
from lightwell.standards.dicom.pdu import AssociateAc, AssociateRq

_SMALLEST_MAX_PDU_LENGTH: Final = 128


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a peer may ask of us before we hang up."""

    max_pdu_length: int = DEFAULT_MAX_PDU_LENGTH
    max_command_bytes: int = 65536
    max_associate_bytes: int = 65536
    artim_s: float = 30
    idle_s: float = 300

    def __post_init__(self) -> None:
        """Refuse "no limit" from ourselves."""
        if self.max_pdu_length < _SMALLEST_MAX_PDU_LENGTH:
            msg = f"expected a maximum length of at least {_SMALLEST_MAX_PDU_LENGTH}, {self.max_pdu_length} came"
            raise LocalProtocolError(msg)


@dataclass(frozen=True, slots=True)
class AssociateRequested:
    """A peer wants to talk: answer by ``accept`` or ``reject`` (PS3.8 7.1)."""

    request: AssociateRq


@dataclass(frozen=True, slots=True)
class AssociateAccepted:
    """The peer said yes (PS3.8 7.1)."""

    answer: AssociateAc


@dataclass(frozen=True, slots=True)
class AssociateRejected:
    """The peer said no (PS3.8 9.3.4)."""

    result: int
    source: int
    reason: int


@dataclass(frozen=True, slots=True)
class CommandReceived:
    """A whole command came; its data set follows in fragments, if it has one (PS3.7 6.3.1)."""

    context_id: int
    command: Command
    has_data_set: bool


@dataclass(frozen=True, slots=True)
class DataSetFragment:
    """More of a data set: a slice of the buffer given to ``receive_data``, not a copy (PS3.8 Annex E)."""

    context_id: int
    data: memoryview
    is_last: bool


@dataclass(frozen=True, slots=True)
class ReleaseRequested:
    """The peer is done: answer by ``confirm_release`` (PS3.8 7.2)."""


@dataclass(frozen=True, slots=True)
class ReleaseConfirmed:
    """The peer let us go (PS3.8 7.2)."""


@dataclass(frozen=True, slots=True)
class Aborted:
    """The conversation ended before its time: by the peer, by us for its faults, or by a lost line (PS3.8 7.3)."""

    by_peer: bool
    source: int
    reason: int
    explanation: str


Event: TypeAlias = (
    AssociateRequested
    | AssociateAccepted
    | AssociateRejected
    | CommandReceived
    | DataSetFragment
    | ReleaseRequested
    | ReleaseConfirmed
    | Aborted
)


def kept(event: Event) -> Event:
    """Return an event that may wait: the bytes that it borrows from the receive buffer are copied."""
    if isinstance(event, DataSetFragment):
        return DataSetFragment(event.context_id, memoryview(bytes(event.data)), event.is_last)
    return event
