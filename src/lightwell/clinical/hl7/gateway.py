"""The gateway of a node: sources, receiver and applier, made for each other."""

from dataclasses import dataclass, field

from lightwell.clinical.hl7.applying import Applier
from lightwell.clinical.hl7.inbox import Inbox
from lightwell.clinical.hl7.model import Handlers
from lightwell.clinical.hl7.outgoing.sending import Sender
from lightwell.clinical.hl7.receiving import Receiver
from lightwell.clinical.hl7.sources import Sources
from lightwell.core.machines import Machines


@dataclass(slots=True)
class Ports:
    """Where systems send to, without and with TLS, once the doors are open; -1 is closed."""

    plain: int = -1
    tls: int = -1


@dataclass(frozen=True, slots=True)
class Gateway:
    """What takes HL7 messages, what makes them part of the record, and what tells other systems of it."""

    sources: Sources
    receiver: Receiver
    applier: Applier
    sender: Sender
    handlers: Handlers
    ports: Ports = field(default_factory=Ports)


def open_gateway(machines: Machines, handlers: Handlers) -> Gateway:
    """Return the gateway of a node; ``handlers`` say which messages are made part of the record, and by whom."""
    sources = Sources(machines)
    inbox = Inbox(machines)
    applier = Applier(machines, sources, handlers, lambda: inbox.is_quiet)
    inbox.wake = applier.wake
    receiver = Receiver(sources, inbox, frozenset(handlers))
    return Gateway(sources, receiver, applier, Sender(machines), handlers)
