"""Resources and their keys as the columns of the statements that write them: one array for each.

Arrays are written as PostgreSQL's own text (8.15.2). A driver that looks at each element takes three times as long for
numbers, nine times for texts and a hundred times for bytes.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import chain
from typing import Any, Final

from lightwell.clinical.keys import TABLES, Keys, hashed
from lightwell.clinical.model import Record

NEW: Final = 0
"""The rid of a resource that has none yet."""


def of_records(records: Sequence[Record]) -> dict[str, Any]:
    """Return resources as columns."""
    return {
        "rids": array("NULL" if item.rid == NEW else item.rid for item in records),
        "organisations": array(item.organisation_id for item in records),
        "types": texts(item.type for item in records),
        "ids": texts(item.id for item in records),
        "id_keys": array(hashed(item.id) for item in records),
        "versions": array(item.version for item in records),
        "moments": moments(item.last_updated for item in records),
        "deleted": array(item.is_deleted for item in records),
        "patients": texts(item.patient_id for item in records),
        "bodies": contents(item.body for item in records),
    }


def tables_of(keys: Sequence[Keys]) -> frozenset[str]:
    """Return the tables in which resources have keys."""
    return frozenset(table for table in TABLES if any(own.rows(table) for own in keys))


def of_keys(keys: Sequence[Keys], tables: Iterable[str]) -> dict[str, Any]:
    """Return the keys of resources in some tables as columns; ``n`` counts the resources from 1."""
    found: dict[str, Any] = {}
    for table in tables:
        rows = [own.rows(table) for own in keys]
        found[f"{table}_ns"] = array(chain.from_iterable([n] * len(own) for n, own in enumerate(rows, 1)))
        columns = list(zip(*chain.from_iterable(rows), strict=True)) or [()] * len(TABLES[table])
        for (name, write), column in zip(_WRITERS[table], columns, strict=True):
            found[name] = write(column)
    return found


def array(values: Iterable[int | str | Decimal]) -> str:
    """Write numbers, or NULL, as an array."""
    return "{" + ",".join(map(str, values)) + "}"


def moments(values: Iterable[datetime]) -> str:
    """Write moments as an array."""
    return "{" + ",".join([value.isoformat() for value in values]) + "}"


def texts(values: Iterable[str]) -> str:
    """Write texts as an array."""
    quoted = [value.replace("\\", "\\\\").replace('"', '\\"') for value in values]
    return '{"' + '","'.join(quoted) + '"}' if quoted else "{}"


def contents(values: Iterable[bytes]) -> str:
    """Write bytes as an array."""
    return "{" + ",".join(f'"\\\\x{value.hex()}"' for value in values) + "}"


_KINDS: Final[Mapping[str, Callable[[Iterable[Any]], str]]] = {
    "text_values": texts,
    "span_lows": moments,
    "span_highs": moments,
}
_WRITERS: Final[Mapping[str, Sequence[tuple[str, Callable[[Iterable[Any]], str]]]]] = {
    table: [(f"{table}_{name}", _KINDS.get(f"{table}_{name}", array)) for name in names]
    for table, names in TABLES.items()
}
"""The columns of each table by their names in a statement, and what writes them."""
