"""What a subscription asks for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, TypeAlias

Channel: TypeAlias = Literal["rest-hook", "websocket"]

TYPE: Final = "Subscription"
REST_HOOK: Final[Channel] = "rest-hook"
WEBSOCKET: Final[Channel] = "websocket"
JSON: Final = "application/fhir+json"
HEARD_CHANGED: Final = "lightwell_changed"
HEARD_PING: Final = "lightwell_ping"
"""On which channels the database tells nodes of changes, and of pings."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Which resources somebody wants to be told of, and how; an empty payload sends none of what changed."""

    type: str
    query: str
    channel: Channel
    endpoint: str
    payload: str
    headers: tuple[str, ...]
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Kept:
    """A subscription as it was carried out until now."""

    owner: str
    type: str
    query: str
    channel: Channel
    endpoint: str
    payload: str
    headers: Sequence[str]

    def is_for(self, wish: Wish, owner: str) -> bool:
        """Tell whether what waits may still go out: the same things, to the same machine, for the same person."""
        names = ("type", "query", "channel", "endpoint", "payload")
        return self.owner == owner and all(getattr(self, name) == getattr(wish, name) for name in names)


@dataclass(frozen=True, slots=True)
class Subscription:
    """A subscription as it is carried out; ``owner`` is by whose rights, empty for the house itself."""

    rid: int
    organisation_id: int
    id: str
    owner: str
    type: str
    query: str
    channel: Channel
    endpoint: str
    payload: str
    headers: list[str]
    tries: int
