"""Resources and their keys as the columns of the statements that write them: one array for each.

Arrays are written as PostgreSQL's own text (8.15.2). A driver that looks at each element takes three times as long for
numbers, nine times for texts and a hundred times for bytes.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
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


def of_keys(keys: Sequence[Keys]) -> dict[str, Any]:
    """Return the keys of resources as columns; ``n`` counts the resources from 1."""
    found: dict[str, Any] = {}
    for table, names in TABLES.items():
        numbered = [(n, row) for n, own in enumerate(keys, 1) for row in own.rows(table)]
        found[f"{table}_ns"] = array(n for n, _ in numbered)
        columns = zip(*(row for _, row in numbered), strict=True) if numbered else ((),) * len(names)
        found |= {f"{table}_{name}": _column(table, name, column) for name, column in zip(names, columns, strict=True)}
    return found


def _column(table: str, name: str, column: Iterable[Any]) -> Any:
    return _WRITERS.get((table, name), array)(column)


def array(values: Iterable[int | str | Decimal]) -> str:
    """Write numbers, or NULL, as an array."""
    return "{" + ",".join(map(str, values)) + "}"


def moments(values: Iterable[datetime]) -> str:
    """Write moments as an array."""
    return "{" + ",".join(value.isoformat() for value in values) + "}"


def texts(values: Iterable[str]) -> str:
    """Write texts as an array."""
    quoted = (value.replace("\\", "\\\\").replace('"', '\\"') for value in values)
    return "{" + ",".join(f'"{value}"' for value in quoted) + "}"


def contents(values: Iterable[bytes]) -> str:
    """Write bytes as an array."""
    return "{" + ",".join(f'"\\\\x{value.hex()}"' for value in values) + "}"


_WRITERS: Final[Mapping[tuple[str, str], Callable[[Iterable[Any]], Any]]] = {
    ("text", "values"): texts,
    ("span", "lows"): moments,
    ("span", "highs"): moments,
}
