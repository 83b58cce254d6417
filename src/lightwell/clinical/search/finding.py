"""A page of what a search finds."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import psycopg
from psycopg import sql

from lightwell.clinical.model import Record
from lightwell.clinical.search.binding import Binding
from lightwell.clinical.search.conditions import Place, all_of, is_broad, source_of
from lightwell.clinical.search.including import Sent, included
from lightwell.clinical.search.ordering import has_first, order_of, read_cursor, write_cursor
from lightwell.clinical.store import search as store
from lightwell.core.tx import Tx
from lightwell.standards.fhir.errors import Issue, SearchError
from lightwell.standards.fhir.search.asked import Search

USUAL: Final = 20
MOST: Final = 1000
_LONGEST_MS: Final = 8000
_RECORD: Final = 9
MOST_FIRST: Final = 3000
"""So many that come first are looked at where many are found, before all of them are sorted."""


@dataclass(frozen=True, slots=True)
class Page:
    """What a search finds, and what is sent along; ``following`` is empty after the last page."""

    found: Sequence[Record]
    sent: Sent = field(default_factory=Sent)
    total: int | None = None
    following: str = ""


async def find(tx: Tx, search: Search, cursor: str = "", limit: int | None = None) -> Page:
    """Return a page of what the actor may see of what a search asks for.

    Raises:
        SearchError: nobody can answer it, the page is none of it, or it takes longer than is fair to the others.
    """
    count = min(MOST, USUAL if search.count is None else search.count) if limit is None else limit
    async with _limited(tx):
        return await _page(tx, search, cursor, count)


async def among(tx: Tx, search: Search, rids: Sequence[int]) -> Mapping[int, int]:
    """Return which of some resources are what a search asks for, with the versions in which they are.

    Raises:
        SearchError: nobody can answer it, or it takes longer than is fair to the others.
    """
    binding = Binding()
    place = Place(search.type, sql.Identifier("r"), binding)
    statement = store.AMONG_THESE.format(
        rids=binding.put(list(rids)), type=binding.put(search.type), conditions=all_of(search.conditions, place)
    )
    async with _limited(tx):
        rows = await (await tx.connection.execute(statement, binding.values | _mine(tx), prepare=False)).fetchall()
        return dict(rows)


@asynccontextmanager
async def _limited(tx: Tx) -> AsyncGenerator[None]:
    """Break off what takes too long, and let the rest of the transaction live."""
    try:
        async with tx.connection.transaction():
            await tx.connection.execute(store.LIMIT_TIME, {"ms": str(_LONGEST_MS)})
            yield
            await tx.connection.execute(store.LIMIT_TIME, {"ms": "0"})
    except psycopg.errors.QueryCanceled as error:
        text = "this search takes too long; say more exactly what is looked for, e.g. whose"
        raise SearchError([Issue("too-costly", text)]) from error


async def _page(tx: Tx, search: Search, cursor: str, count: int) -> Page:
    is_count = search.summary == "count" or not count  # no entries are asked for (R4 3.1.1.5.4)
    total = await _total(tx, search) if is_count or search.total != "none" else None
    if is_count:
        return Page([], total=total)
    rows = await _rows(tx, search, cursor, count + 1)
    found = [Record(*row[:_RECORD]) for row in rows[:count]]
    sent = await included(tx, search, found)
    following = write_cursor([*rows[count - 1][_RECORD:], rows[count - 1][0]]) if len(rows) > count else ""
    return Page(found, sent, total, following)


async def _rows(tx: Tx, search: Search, cursor: str, limit: int) -> Sequence[Any]:
    # Not prepared: which way is short depends on the values, and a patient of three observations is not one of 24,000.
    if is_broad(search.conditions) and has_first(search) and len(tx.actor.organisation_ids) == 1:
        statement, values = statement_of(search, cursor, limit, most=MOST_FIRST)
        first = await (await tx.connection.execute(statement, values | _mine(tx), prepare=False)).fetchall()
        if len(first) == limit:
            return first
    statement, values = statement_of(search, cursor, limit)
    return await (await tx.connection.execute(statement, values | _mine(tx), prepare=False)).fetchall()


def statement_of(
    search: Search, cursor: str, limit: int, *, most: int | None = None
) -> tuple[sql.Composed, dict[str, Any]]:
    """Return the statement of a page, and its values but ``organisations``.

    With ``most``, so many that come first are looked at: what it finds may be less than there is, and is in order.
    """
    binding = Binding()
    place = Place(search.type, sql.Identifier("r"), binding)
    order, end = order_of(search, binding), read_cursor(cursor, search)
    page = store.COLUMNS.format(
        texts=order.texts(),
        resources=store.RESOURCES.format(
            keys=order.columns(),
            source=source_of(search.conditions, place) if most is None else store.AMONG_FIRST,
            type=binding.put(search.type),
            conditions=all_of(search.conditions, place),
        ),
    )
    rest = {"page": page, "after": order.after(end, binding), "order": order.order(), "limit": binding.put(limit)}
    if most is None:
        return store.PAGE.format(**rest), binding.values
    first, inside = order.first(search, end, binding, most)
    return store.FIRST.format(**rest, first=first, inside=inside), binding.values


async def _total(tx: Tx, search: Search) -> int:
    binding = Binding()
    place = Place(search.type, sql.Identifier("r"), binding)
    source, conditions = source_of(search.conditions, place), all_of(search.conditions, place)
    statement = store.COUNT.format(source=source, type=binding.put(search.type), conditions=conditions)
    row = await (await tx.connection.execute(statement, binding.values | _mine(tx), prepare=False)).fetchone()
    return row[0] if row else 0


def _mine(tx: Tx) -> dict[str, Any]:
    return {"organisations": list(tx.actor.organisation_ids)}
