"""What an operator does: look at what failed or was kept aside, apply it again, or apply a corrected text of it.

The message as it came is never changed. A corrected one is another message beside it, which says what it was made of.
"""

from dataclasses import dataclass
from datetime import datetime

from lightwell.clinical.hl7.applying import Waiting
from lightwell.clinical.hl7.gateway import Gateway
from lightwell.clinical.hl7.inbox import insert
from lightwell.clinical.hl7.reading import read
from lightwell.clinical.hl7.receiving import arrive
from lightwell.clinical.store import gateway as store
from lightwell.core.errors import Conflict, InvalidRequest, NotFound
from lightwell.core.tx import Tx

_PAGE = 200


@dataclass(frozen=True, slots=True)
class Troubled:
    """A message that waits for a person."""

    id: int
    organisation_id: int
    source_id: int
    received_at: datetime
    control_id: str
    kind: str
    state: str
    reason: str
    tries: int


async def troubled(tx: Tx, after: int = 0) -> list[Troubled]:
    """Return the messages of the actor's hospitals that wait for a person, the oldest first, a page at a time."""
    rows = await (await tx.connection.execute(store.TROUBLED, {"after": after, "limit": _PAGE})).fetchall()
    return [Troubled(*row) for row in rows]


async def raw(tx: Tx, number: int) -> bytes:
    """Return a message as it came, and note that it was seen.

    Raises:
        NotFound: there is no such message, or it is not the actor's to see.
    """
    message = await _read(tx, number)
    await tx.audit("message.seen", organisation_id=message.organisation_id, detail={"message": number})
    return message.raw


async def replay(tx: Tx, number: int) -> None:
    """Have a message applied again as it came.

    Raises:
        NotFound: it does not wait for a person, or is not the actor's to see.
    """
    row = await (await tx.connection.execute(store.REPLAY, {"id": number})).fetchone()
    if row is None:
        message = f"there is no message {number} that failed or was kept aside; `lightwell hl7 failed` shows them"
        raise NotFound(message)
    await tx.audit("message.replayed", organisation_id=row[0], detail={"message": number})


async def edit_and_replay(tx: Tx, gateway: Gateway, number: int, corrected: bytes) -> int:
    """Have a corrected text of a message applied, and return the number under which that is kept.

    Raises:
        NotFound: there is no such message, or it is not the actor's to see.
        InvalidRequest: the corrected text cannot be applied either; it says why.
        Conflict: the same text was made of a message before.
    """
    original = await _read(tx, number)
    source = await gateway.sources.of(original.source_id)
    if source is None:
        message = f"the system that sent message {number} is no longer known here"
        raise NotFound(message)
    reading = read(corrected, source, gateway.handlers)
    if reading.problem is not None:
        raise InvalidRequest(reading.problem.text)
    arrival = arrive(source, corrected, reading, edited_from=number)
    kept = await insert(tx, original.organisation_id, [arrival])
    if not kept:
        message = "the same text was applied before; replay that message instead"
        raise Conflict(message)
    await tx.audit("message.edited", organisation_id=original.organisation_id, detail={"message": number})
    return kept[0]


async def _read(tx: Tx, number: int) -> Waiting:
    row = await (await tx.connection.execute(store.READ, {"id": number})).fetchone()
    if row is None:
        message = f"there is no message {number}, or it is not yours to see"
        raise NotFound(message)
    return Waiting(*row)
