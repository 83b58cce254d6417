"""Messages that wait for a person, of either way: which they are, what they say, and those that need nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from lightwell.clinical.store import interfaces as store
from lightwell.core import clock
from lightwell.core.errors import Conflict, NotFound
from lightwell.core.tx import Tx

Way = Literal["in", "out"]
LAST: Final = (1 << 62) - 1
"""A number that no message has yet."""
_PAGE: Final = 200
_NAMES: Final[Mapping[Way, str]] = {"in": "message", "out": "outgoing"}


@dataclass(frozen=True, slots=True)
class Troubled:
    """A message that waits for a person; ``line`` is the number of its source or destination.

    One that goes out and is ``waiting`` was not taken yet and keeps those behind it. Of one that is superseded a newer
    version was sent already.
    """

    id: int
    organisation_id: int
    line: int
    at: datetime
    control_id: str
    kind: str
    state: str
    reason: str
    tries: int
    is_superseded: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """A message with its bytes, if it has any yet, and what was answered to it."""

    about: Troubled
    raw: bytes | None
    answer: bytes | None


async def waiting(tx: Tx, way: Way, line: int | None = None, before: int = LAST, limit: int = _PAGE) -> list[Troubled]:
    """Return the messages of the actor's hospitals that wait for a person, the newest first, a page at a time.

    Of those that wait to go out the first of each line is among them if it was not taken; with a line, all that wait.
    """
    statement: Any = store.TROUBLED_IN if way == "in" else store.TROUBLED_OUT
    values = {"line": line, "before": before, "limit": limit}
    return [Troubled(*row) for row in await (await tx.connection.execute(statement, values)).fetchall()]


async def read(tx: Tx, way: Way, number: int) -> Text:
    """Return a message.

    Raises:
        NotFound: there is no such message, or it is not the actor's to see.
    """
    statement: Any = store.READ_IN if way == "in" else store.READ_OUT
    row = await (await tx.connection.execute(statement, {"id": number})).fetchone()
    if row is None:
        message = f"there is no message {number}, or it is not yours to see"
        raise NotFound(message)
    return Text(Troubled(*row[:-2]), *row[-2:])


async def see(tx: Tx, way: Way, number: int) -> Text:
    """Return a message, and note that it was seen.

    Raises:
        NotFound: there is no such message, or it is not the actor's to see.
    """
    found = await read(tx, way, number)
    await note(tx, way, "seen", [(number, found.about.organisation_id)])
    return found


async def dismiss(tx: Tx, way: Way, *numbers: int) -> int:
    """Note that messages need nothing, or need not go after all; return how many that were. They stay as they are.

    Raises:
        NotFound: none of them waits for a person, or is the actor's to see.
    """
    rows = await _settle(tx, way, numbers, "dismissed", "waiting")
    require(rows)
    await note(tx, way, "dismissed", rows)
    return len(rows)


async def correct(tx: Tx, way: Way, number: int) -> None:
    """Note that another text goes instead of a message, before it does.

    Raises:
        Conflict: the message waits for nobody any more: somebody else was first.
    """
    rows = await _settle(tx, way, [number], "corrected")
    if not rows:
        message = f"message {number} does not wait for a person any more: somebody has settled it meanwhile"
        raise Conflict(message)
    await note(tx, way, "edited", rows)


def require(rows: Sequence[object]) -> None:
    """Go on only if something was done.

    Raises:
        NotFound: nothing was.
    """
    if not rows:
        message = "none of these messages waits for a person, or their systems are not known here any more"
        raise NotFound(message)


async def note(tx: Tx, way: Way, act: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Note in the audit trail what was done about messages, which are (number, organisation)."""
    for number, organisation_id in rows:
        await tx.audit(f"message.{act}", organisation_id=organisation_id, detail={_NAMES[way]: number})


async def _settle(tx: Tx, way: Way, numbers: Sequence[int], state: str, *also: str) -> list[tuple[Any, ...]]:
    statement: Any = store.SETTLE_IN if way == "in" else store.SETTLE_OUT
    values = {"ids": list(numbers), "states": ["failed", "quarantined", *also], "state": state, "now": clock.now()}
    return await (await tx.connection.execute(statement, values)).fetchall()
