"""Verifying: does every row have its file, whole and unchanged, and every file its row?"""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Final

import xxhash

from lightwell.archive.blobs import Blobs
from lightwell.archive.room import Archive
from lightwell.archive.store import write as store
from lightwell.core.actors import house
from lightwell.core.errors import NotFound

_ROWS: Final = 500
_PIECE: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Checked:
    """A file of the index and what is wrong with it, if anything."""

    blob: str
    fault: str = ""


async def verify(archive: Archive, organisation_id: int) -> AsyncGenerator[Checked]:
    """Read every file of a hospital again and compare it with what was noted when it came."""
    after = 0
    while rows := await _rows(archive, organisation_id, after):
        for number, blob, length, offset, digest in rows:
            after = number
            yield Checked(blob, await asyncio.to_thread(_fault, archive.blobs, blob, length, offset, bytes(digest)))


async def _rows(archive: Archive, organisation_id: int, after: int) -> list[tuple[int, str, int, int, bytes]]:
    async with archive.machines.transactions.begin(house(organisation_id)) as tx:
        cursor = await tx.connection.execute(store.BLOBS_AFTER, {"after": after, "limit": _ROWS})
        return [(row[0], row[1], row[2], row[3], row[4]) for row in await cursor.fetchall()]


def _fault(blobs: Blobs, blob: str, length: int, offset: int, digest: bytes) -> str:
    seen = xxhash.xxh3_128()
    try:
        found = blobs.length(blob)
        if found != length:
            return f"the file has {found} bytes, {length} were kept"
        for place in range(offset, length, _PIECE):
            seen.update(blobs.read_range(blob, place, min(_PIECE, length - place)))
    except NotFound:
        return "the file is gone"
    return "" if seen.digest() == digest else "the bytes have changed"
