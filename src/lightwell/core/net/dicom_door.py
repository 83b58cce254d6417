"""What a DICOM port asks of its house: who may come in, and who handles a message.

A service opens a :class:`Receiver` for a message that has one answer (C-ECHO, C-STORE) or a :class:`Conversation` for
one that has many (C-FIND, C-MOVE, C-GET).
"""

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, Protocol, TypeAlias

from lightwell.core.net.callers import Caller
from lightwell.core.net.dicom_record import Announcer
from lightwell.standards.dicom.dimse import Command, Response
from lightwell.standards.dicom.events import Limits
from lightwell.standards.dicom.negotiation import AcceptedContext
from lightwell.standards.dicom.outgoing import Buffer
from lightwell.standards.dicom.pdu import AssociateAc, AssociateRq

_BUFFER: Final = 256 * 1024
_LIMIT_EXCEEDED: Final = (2, 3, 2)


class Refusal(Exception):
    """The association is rejected, with result, source and reason of PS3.8 9.3.4."""

    def __init__(self, result: int, source: int, reason: int, why: str) -> None:
        super().__init__(why)
        self.result, self.source, self.reason = result, source, reason


@dataclass(frozen=True, slots=True)
class Admission:
    """The answer to a caller, and what services are told of it."""

    answer: AssociateAc
    badge: Any


class Receiver(Protocol):
    """Takes one message: its data set's bytes as they come, then makes the answer."""

    def write(self, data: memoryview) -> None:
        """Take the next bytes of the data set."""
        ...

    async def finish(self) -> Command:
        """Return the response."""
        ...

    def abandon(self) -> None:
        """Forget the message; the peer went away in its middle."""
        ...


class Saying(NamedTuple):
    """A message to the peer; without a context it goes where the peer's message came from."""

    command: Command
    data_set: Iterable[Buffer] = ()
    context_id: int | None = None


class Conversation(Protocol):
    """Takes one message and says several in answer, requests of its own among them."""

    def write(self, data: memoryview) -> None:
        """Take the next bytes of the data set."""
        ...

    def answers(self) -> AsyncGenerator[Saying, Response | None]:
        """Say one message after the other; what the peer answers to a request comes back from its ``yield``.

        None comes back for a response, and when the peer releases instead of answering.
        """
        ...

    def cancel(self) -> None:
        """Come to an end; the peer wants no more (C-CANCEL)."""
        ...

    def abandon(self) -> None:
        """Forget the message; the peer went away."""
        ...


class Message(NamedTuple):
    """A command as services get it."""

    badge: Any
    command: Command
    transfer_syntax_uid: str
    contexts: Mapping[int, AcceptedContext]


Service: TypeAlias = Callable[[Message], Receiver | Conversation]
"""Opens a receiver or a conversation for a message."""
Doorman: TypeAlias = Callable[[AssociateRq, Caller], Awaitable[Admission]]


class Guest(Protocol):
    """A connection that is open."""

    def close(self) -> None:
        """End it from our side."""
        ...


@dataclass(slots=True)
class Door:
    """What all connections of a port share.

    They share one receive buffer too: what came is handled before anything else is read, and what must wait is copied.
    """

    admit: Doorman
    services: Mapping[type[Command], Service]
    limits: Limits
    most_associations: int
    announcer: Announcer = field(default_factory=Announcer)
    connections: set[Guest] = field(default_factory=set)  # pyright: ignore[reportUnknownVariableType]
    buffer: memoryview = field(default_factory=lambda: memoryview(bytearray(_BUFFER)))

    async def ask(self, request: AssociateRq, caller: Caller) -> Admission:
        """Return the answer to a caller, unless one more association would be too many."""
        if len(self.connections) > self.most_associations:
            raise Refusal(*_LIMIT_EXCEEDED, "there are too many associations at once")
        return await self.admit(request, caller)
