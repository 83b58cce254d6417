"""What a resource was before: one of its versions, all of them, or what changed among all of a type (R4 3.1.0.10)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from lightwell.clinical.model import Record
from lightwell.clinical.store import history as store
from lightwell.core.tx import Tx

EVER: Final = datetime.min.replace(tzinfo=UTC)
_END: Final = datetime.max.replace(tzinfo=UTC)
_LAST: Final = (1 << 31) - 1
_LAST_RID: Final = (1 << 63) - 1


@dataclass(frozen=True, slots=True)
class Before:
    """Where a page of history goes on: before this version of this resource, and before this moment."""

    moment: datetime = _END
    rid: int = _LAST_RID
    version: int = _LAST


async def read(tx: Tx, type_name: str, identifier: str, version: int) -> Record | None:
    """Return a version of a resource; None if there never was one."""
    rows = await _rows(tx, store.READ_VERSION, {"type": type_name, "id": identifier, "version": version})
    return rows[0] if rows else None


async def of_resource(
    tx: Tx, type_name: str, identifier: str, limit: int, since: datetime = EVER, before: Before | None = None
) -> list[Record]:
    """Return the versions of a resource, the newest first."""
    asked = {
        "type": type_name,
        "id": identifier,
        "since": since,
        "before": (before or Before()).version,
        "limit": limit,
    }
    return await _rows(tx, store.OF_RESOURCE, asked)


async def of_type(
    tx: Tx, type_name: str, limit: int, since: datetime = EVER, before: Before | None = None
) -> list[Record]:
    """Return the versions of all resources of a type, the newest first."""
    end = before or Before()
    asked = {"moment": end.moment, "rid": end.rid, "before": end.version}
    return await _rows(tx, store.OF_TYPE, {"type": type_name, "since": since, "limit": limit, **asked})


async def _rows(tx: Tx, statement: Any, values: Mapping[str, Any]) -> list[Record]:
    mine = {"organisations": list(tx.actor.organisation_ids)}
    rows = await (await tx.connection.execute(statement, {**values, **mine})).fetchall()
    return [Record(*row) for row in rows]
