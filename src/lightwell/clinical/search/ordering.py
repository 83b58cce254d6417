"""By what a search is sorted, and where its next page begins (R4 3.1.1.5.1, 3.1.1.5.5).

A page ends with the values that its last resource is sorted by, and its rid. The next begins behind them: what is
written meanwhile moves nothing that was seen already.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import msgspec
from psycopg import sql

from lightwell.clinical.keys import order_number, parameter_number
from lightwell.clinical.search.binding import Binding
from lightwell.clinical.search.conditions import TABLES, unanswerable
from lightwell.clinical.store import search as store
from lightwell.standards.fhir.errors import Issue, SearchError
from lightwell.standards.fhir.search.asked import Search, SortKey
from lightwell.standards.fhir.search.parameters import parameters_of

_SORTABLE: Final = frozenset(("text", "span", "number"))
_OWN: Final = {"_id": "text", "_lastUpdated": "span"}
_RID: Final = "rid"
_SPAN: Final = "span"
_BEGIN: Final = {True: "-infinity", False: "infinity"}


@dataclass(frozen=True, slots=True)
class Key:
    """One thing by which is sorted: its expression, its name, its kind, and the direction."""

    expression: sql.Composable
    name: sql.Identifier
    kind: str
    is_rising: bool


@dataclass(frozen=True, slots=True)
class Order:
    """How a search is sorted, last by rid, so that no two resources are in the same place."""

    keys: Sequence[Key]

    def columns(self) -> sql.Composable:
        """Return the expressions, as columns of the resources."""
        return sql.SQL("").join(store.KEY_AS.format(key=key.expression, name=key.name) for key in self.keys)

    def texts(self) -> sql.Composable:
        """Return the columns as a page remembers them."""
        return sql.SQL("").join(
            store.AS_TEXT.format(name=key.name, text=sql.Identifier(f"t{number}"))
            for number, key in enumerate(self.keys)
        )

    def order(self) -> sql.Composable:
        """Return what is sorted by."""
        every = [*self.keys, _LAST]
        return sql.SQL(", ").join(store.RISING[key.is_rising].format(name=key.name) for key in every)

    def first(
        self, search: Search, cursor: Sequence[str], binding: Binding, most: int
    ) -> tuple[sql.Composable, sql.Composable]:
        """Return what comes first by the first key, from the end of a page on, and what is surely before all others."""
        key, asked = self.keys[0], search.sort[0]
        begin = store.TYPED[key.kind].format(value=binding.put(cursor[0] if cursor else _BEGIN[key.is_rising]))
        first = store.FIRST_BY[key.kind, asked.is_descending].format(
            k=binding.alias(),
            parameter=binding.put(parameter_number(search.type, asked.code)),
            begin=begin,
            most=binding.put(most),
        )
        return first, store.INSIDE[key.is_rising].format(name=key.name)

    def after(self, cursor: Sequence[str], binding: Binding) -> sql.Composable:
        """Return what lies behind the end of a page; all of it before the first."""
        if not cursor:
            return store.TRUE
        placed = [
            (key, store.TYPED[key.kind].format(value=binding.put(value)))
            for key, value in zip([*self.keys, _LAST], cursor, strict=True)
        ]
        ways = [_way(placed[: place + 1]) for place in range(len(placed))]
        return store.GROUP.format(inner=store.OR.join(ways))


_LAST: Final = Key(sql.SQL(""), sql.Identifier(_RID), _RID, is_rising=True)


def _way(placed: Sequence[tuple[Key, sql.Composable]]) -> sql.Composable:
    """Return what is the same in all keys but the last, and further in that."""
    *same, (last, value) = placed
    parts = [store.SAME.format(name=key.name, value=known) for key, known in same]
    return store.GROUP.format(
        inner=store.AND.join([*parts, store.FURTHER[last.is_rising].format(name=last.name, value=value)])
    )


def has_first(search: Search) -> bool:
    """Tell whether an index knows what comes first."""
    code = search.sort[0].code if search.sort else ""
    return bool(code) and code not in _OWN and TABLES[parameters_of(search.type)[code].type] == _SPAN


def order_of(search: Search, binding: Binding) -> Order:
    """Return how a search is sorted.

    Raises:
        SearchError: by a code or a reference, which have no order.
    """
    return Order([_key(search.type, key, number, binding) for number, key in enumerate(search.sort)])


def _key(type_name: str, asked: SortKey, number: int, binding: Binding) -> Key:
    name = sql.Identifier(f"s{number}")
    if asked.code in _OWN:
        return Key(store.OWN_KEYS[asked.code], name, _OWN[asked.code], not asked.is_descending)
    kind = TABLES[parameters_of(type_name)[asked.code].type]
    if kind not in _SORTABLE:
        what = f"{asked.code} to sort by"
        raise unanswerable(what)
    parameter = binding.put(order_number(type_name, asked.code))
    expression = store.KEYS[kind, asked.is_descending].format(k=binding.alias(), parameter=parameter)
    return Key(expression, name, kind, not asked.is_descending)


def write_cursor(values: Sequence[object]) -> str:
    """Return the end of a page as it travels in an address."""
    return urlsafe_b64encode(msgspec.json.encode([str(value) for value in values])).decode().rstrip("=")


def read_cursor(text: str, search: Search) -> list[str]:
    """Return the end of the page before.

    Raises:
        SearchError: it is none of this search.
    """
    if not text:
        return []
    try:
        values = msgspec.json.decode(urlsafe_b64decode(text + "=" * (-len(text) % 4)), type=list[str])
    except (ValueError, msgspec.DecodeError):
        values = []
    if len(values) != len(search.sort) + 1 or not values[-1].isdecimal():
        text = "expected the _page of a next link, as it was sent, with the same search"
        raise SearchError([Issue("value", text)])
    return values
