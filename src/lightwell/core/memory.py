"""What a node remembers for a moment, so that it need not ask the database the same thing a thousand times a second.

Who opens five hundred images within a second is the same person each time, and may see the same. What the database said
of that is remembered, and forgotten

* as soon as PostgreSQL tells that something changed (triggers notify the channel :data:`CHANNEL`),
* after every request to this node that changes something,
* after :data:`LONGEST_S`, whatever happens.

A node that does not hear PostgreSQL remembers nothing. What is *not* allowed is never remembered.
"""

from typing import Final, Generic, TypeVar

from lightwell.core import clock

CHANNEL: Final = "lightwell_forget"
LONGEST_S: Final = 5.0
_K = TypeVar("_K")
_V = TypeVar("_V")


class Memory:
    """Tells how long things may be remembered on this node."""

    def __init__(self) -> None:
        self._is_told = False
        self.moment = 0
        """Changes whenever something may have changed; take it before the database is asked."""

    def trust(self) -> None:
        """Begin to remember: PostgreSQL tells us from now on when something changes."""
        self._is_told = True
        self.forget()

    def distrust(self) -> None:
        """Remember nothing: PostgreSQL cannot tell us."""
        self._is_told = False
        self.forget()

    def forget(self, _notice: str = "") -> None:
        """Forget everything."""
        self.moment += 1

    def may_remember(self, moment: int) -> bool:
        """Tell whether what was learnt since a moment still holds."""
        return self._is_told and moment == self.moment


class Remembered(Generic[_K, _V]):
    """Answers of the database, by what was asked; at most so many that their weights come to ``most``."""

    def __init__(self, memory: Memory, most: int) -> None:
        self._memory = memory
        self._most = most
        self._weight = 0
        self._moment = 0
        self._entries: dict[_K, tuple[float, _V]] = {}

    def get(self, key: _K) -> _V | None:
        """Return what is remembered."""
        until_s, value = self._entries.get(key, (0.0, None))
        return value if self._moment == self._memory.moment and clock.monotonic_s() < until_s else None

    def put(self, key: _K, value: _V, moment: int, weight: int = 1) -> None:
        """Remember what was learnt since a moment, unless something changed meanwhile."""
        if not self._memory.may_remember(moment):
            return
        if self._moment != moment or self._weight + weight > self._most:
            self._entries.clear()
            self._moment, self._weight = moment, 0
        self._entries[key] = clock.monotonic_s() + LONGEST_S, value
        self._weight += weight
