"""The hash chain over the audit trail.

Every row gets a link: ``hash = SHA-256(hash before || the row as canonical JSON)``. Changing, removing or inserting a
row breaks the chain at that place, and :func:`verify` names it. Rows are chained after they were written, by one job at
a time, because a chain inside the writing transaction would make the whole region wait for one lock; the rows not yet
chained are the *tail*, and its length is always told.

What a chain alone cannot show is that its newest links were cut off together with their rows. ``audit verify``
therefore prints the head; keep it outside the database.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import msgspec
from psycopg import AsyncConnection

from lightwell.core.audit import store

_BATCH: Final = 2000
_START: Final = bytes(32)


@dataclass(slots=True)
class Verdict:
    """What :func:`verify` found; ``faults`` is empty when nothing was altered."""

    links: int = 0
    head: bytes = _START
    unsealed: int = 0
    unsealed_since: datetime | None = None
    faults: list[str] = field(default_factory=list[str])


def link(before: bytes, row: Sequence[Any]) -> bytes:
    """Return the hash of a row that stands after ``before``."""
    return hashlib.sha256(before + msgspec.json.encode(list(row), order="deterministic")).digest()


async def seal(connection: AsyncConnection[Any]) -> int:
    """Chain the rows that are not chained yet, oldest first, and return how many there were."""
    await connection.execute(store.LOCK)
    await connection.execute(store.CLOSE_WINDOWS)
    cursor = await connection.execute(store.HEAD)
    position, before = await cursor.fetchone() or (0, _START)
    rows = await (await connection.execute(store.UNSEALED, {"limit": _BATCH})).fetchall()
    hashes: list[bytes] = []
    for row in rows:
        before = link(before, row)
        hashes.append(before)
    positions = list(range(position + 1, position + 1 + len(rows)))
    links = {"positions": positions, "audit_ids": [row[0] for row in rows], "hashes": hashes}
    await connection.execute(store.CHAIN, links)
    return len(rows)


async def verify(connection: AsyncConnection[Any]) -> Verdict:
    """Walk the whole chain and return what was altered."""
    verdict = Verdict()
    while await _verify_batch(connection, verdict):
        pass
    cursor = await connection.execute(store.UNSEALED_COUNT)
    verdict.unsealed, verdict.unsealed_since = await cursor.fetchone() or (0, None)
    return verdict


async def _verify_batch(connection: AsyncConnection[Any], verdict: Verdict) -> bool:
    cursor = await connection.execute(store.WHOLE_CHAIN, {"after": verdict.links, "limit": _BATCH})
    rows = await cursor.fetchall()
    for position, audit_id, hash_, *row in rows:
        verdict.links += 1
        if position != verdict.links:
            verdict.faults.append(f"link {verdict.links} is missing; the next is {position}")
            verdict.links = position
        if row[0] is None:
            verdict.faults.append(f"row {audit_id} was removed")
        elif link(verdict.head, row) != hash_:
            verdict.faults.append(f"row {audit_id} was changed, or the link before it")
        verdict.head = hash_
    return bool(rows)
