"""What the gateway is made of: who sends, and messages on their way into the record."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timezone
from typing import TypeAlias

from lightwell.clinical.outbox import System
from lightwell.core.actors import Actor, Permission
from lightwell.core.tx import Tx
from lightwell.standards.fhir.search.values import Place
from lightwell.standards.hl7.message import Message


@dataclass(frozen=True, slots=True)
class Source:
    """A sending system: whose messages it brings, and what is agreed where they do not say."""

    id: int
    organisation_id: int
    label: str
    sending_application: str
    sending_facility: str
    network: str
    certificate_sha256: str
    issuer: str
    charset: str
    utc_offset: str
    is_enhanced: bool

    @property
    def zone(self) -> timezone:
        """Return the zone of times that do not say theirs."""
        offset = datetime.strptime(self.utc_offset, "%z").utcoffset()
        return timezone(offset) if offset is not None else UTC

    @property
    def actor(self) -> Actor:
        """Return the source as who writes in the record."""
        allowed = frozenset((Permission.RECORD_READ, Permission.RECORD_WRITE))
        return Actor("device", self.label, (self.organisation_id,), allowed)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message as it is kept: its bytes, what it says of itself, and what is answered.

    ``reason`` says why it is not applied, or nothing.
    """

    source_id: int
    received_at: datetime
    raw: bytes
    digest: bytes
    control_id: str
    kind: str
    keys: tuple[int, ...]
    answers: tuple[bytes, ...]
    reason: str = ""
    edited_from: int | None = None

    @property
    def state(self) -> str:
        """Return what becomes of it next."""
        return "quarantined" if self.reason else "received"


@dataclass(frozen=True, slots=True)
class Received:
    """A message that is being applied, in the transaction that also says that it was."""

    tx: Tx
    source: Source
    message: Message
    received_at: datetime
    place: Place

    @property
    def organisation_id(self) -> int:
        """Return whose record it belongs in."""
        return self.source.organisation_id

    @property
    def told_by(self) -> System:
        """Return what the system that sent it calls itself."""
        header = self.message.header
        return System(header.sending_application, header.sending_facility)


Handler: TypeAlias = Callable[[Received], Awaitable[None]]
"""Makes a message part of the record; what it cannot be, it raises (LightwellError, Hl7Error)."""
Handlers: TypeAlias = Mapping[str, Handler]
"""MSH-9 as ``ADT^A01`` → who makes it part of the record."""
