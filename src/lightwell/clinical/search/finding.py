"""A page of what a search finds."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import psycopg
from psycopg import sql

from lightwell.clinical.model import Record
from lightwell.clinical.search.binding import Binding
from lightwell.clinical.search.conditions import Place, all_of, source_of
from lightwell.clinical.search.including import Sent, included
from lightwell.clinical.search.ordering import order_of, read_cursor, write_cursor
from lightwell.clinical.store import search as store
from lightwell.core.tx import Tx
from lightwell.standards.fhir.errors import Issue, SearchError
from lightwell.standards.fhir.search.asked import Search

USUAL: Final = 20
MOST: Final = 1000
_LONGEST_MS: Final = 8000
_RECORD: Final = 9


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
    try:
        async with tx.connection.transaction():  # what takes too long is broken off, and the rest of the work lives
            await tx.connection.execute(store.LIMIT_TIME, {"ms": str(_LONGEST_MS)})
            page = await _page(tx, search, cursor, count)
            await tx.connection.execute(store.LIMIT_TIME, {"ms": "0"})
            return page
    except psycopg.errors.QueryCanceled as error:
        text = "this search takes too long; say more exactly what is looked for, e.g. whose"
        raise SearchError([Issue("too-costly", text)]) from error


async def _page(tx: Tx, search: Search, cursor: str, count: int) -> Page:
    is_count = search.summary == "count" or not count  # no entries are asked for (R4 3.1.1.5.4)
    total = await _total(tx, search) if is_count or search.total != "none" else None
    if is_count:
        return Page([], total=total)
    statement, values = statement_of(search, cursor, count + 1)
    # Not prepared: which way is short depends on the values, and a patient of three observations is not one of 24,000.
    answer = await tx.connection.execute(statement, values | _mine(tx), prepare=False)
    rows = await answer.fetchall()
    found = [Record(*row[:_RECORD]) for row in rows[:count]]
    sent = await included(tx, search, found)
    following = write_cursor([*rows[count - 1][_RECORD:], rows[count - 1][0]]) if len(rows) > count else ""
    return Page(found, sent, total, following)


def statement_of(search: Search, cursor: str, limit: int) -> tuple[sql.Composed, dict[str, Any]]:
    """Return the statement of a page, and its values but ``organisations``."""
    binding = Binding()
    place = Place(search.type, sql.Identifier("r"), binding)
    order = order_of(search, binding)
    resources = store.RESOURCES.format(
        keys=order.columns(),
        source=source_of(search.conditions, place),
        type=binding.put(search.type),
        conditions=all_of(search.conditions, place),
    )
    after = order.after(read_cursor(cursor, search), binding)
    statement = store.PAGE.format(
        texts=order.texts(), resources=resources, after=after, order=order.order(), limit=binding.put(limit)
    )
    return statement, binding.values


async def _total(tx: Tx, search: Search) -> int:
    binding = Binding()
    place = Place(search.type, sql.Identifier("r"), binding)
    source, conditions = source_of(search.conditions, place), all_of(search.conditions, place)
    statement = store.COUNT.format(source=source, type=binding.put(search.type), conditions=conditions)
    row = await (await tx.connection.execute(statement, binding.values | _mine(tx), prepare=False)).fetchone()
    return row[0] if row else 0


def _mine(tx: Tx) -> dict[str, Any]:
    return {"organisations": list(tx.actor.organisation_ids)}
