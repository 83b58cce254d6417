"""Events: what a room announces, in the past tense, as frozen dataclasses.

An event is a row, one job per reaction, and a NOTIFY, all in the transaction that caused it: a reaction cannot be lost
and cannot happen for something that was rolled back. Grain: per study-like whole, never per item received.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final, TypeAlias

import msgspec

from lightwell.core.actors import Permission

CHANNEL: Final = "lightwell_event"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened in an organisation; subclasses add what, with ids only.

    ``permission`` is what one must hold there to be told; None means that everybody is who works there.
    """

    organisation_id: int

    name: ClassVar[str] = "Event"
    permission: ClassVar[Permission | None] = None

    def __init_subclass__(cls) -> None:
        """Name the event after its class."""
        cls.name = cls.__name__

    def payload(self) -> bytes:
        """Return the event's fields as JSON."""
        return msgspec.json.encode(self)


Reactions: TypeAlias = Mapping[type[Event], Sequence[str]]
"""Which jobs (by name) follow an event; ``app/reactions.py`` holds the table."""
