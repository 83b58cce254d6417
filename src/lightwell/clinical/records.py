"""Resources of the medical record: read by name, written with their keys, superseded and never lost.

Whoever writes holds the lock of what is there (:func:`lock`), decides, and hands all changes to :func:`write` at once:
one statement, whether it is one resource or a thousand.
"""

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from lightwell.clinical.keys import TABLES, Keys, keys_of
from lightwell.clinical.model import Change, Record
from lightwell.clinical.store import record as store
from lightwell.core import clock
from lightwell.core.errors import Conflict
from lightwell.core.tx import Tx
from lightwell.standards.fhir.resource import Resource, decode_resource, encode_resource
from lightwell.standards.fhir.search.values import Place

_NOTHING: Final = b""


def new_id() -> str:
    """Return an ID that no resource has."""
    return str(uuid.uuid4())


async def read(tx: Tx, type_name: str, identifier: str) -> Record | None:
    """Return a resource that the actor may see, or that it was deleted; None if there never was one.

    Raises:
        Conflict: several hospitals have one of this name, and which is meant was not said.
    """
    values = {"organisations": list(tx.actor.organisation_ids), "type": type_name, "id": identifier}
    rows = await (await tx.connection.execute(store.READ, values)).fetchall()
    if len(rows) > 1:
        message = f"several hospitals have a {type_name} of this ID; say which is meant by ?organisation="
        raise Conflict(message)
    return Record(*rows[0]) if rows else None


async def lock(tx: Tx, organisation_id: int, names: Iterable[tuple[str, str]]) -> Mapping[tuple[str, str], Record]:
    """Return what a hospital has of (type, ID), which nobody else changes until the transaction ends."""
    wanted = sorted(set(names))
    values = {
        "organisation_id": organisation_id,
        "types": [type_name for type_name, _ in wanted],
        "ids": [identifier for _, identifier in wanted],
    }
    rows = await (await tx.connection.execute(store.LOCK, values)).fetchall()
    return {(record.type, record.id): record for record in (Record(*row) for row in rows)}


async def alone(tx: Tx, key: int) -> None:
    """Wait until nobody else decides on the same question, and keep others waiting until the transaction ends."""
    await tx.connection.execute(store.ALONE, {"key": key})


async def write(tx: Tx, changes: Sequence[Change], place: Place) -> list[Record]:
    """Write changes of resources of which the lock is held, in order, with their audit rows; return what they became.

    Resources are valid; each stands in ``changes`` once.
    """
    if not changes:
        return []
    rids = await _rids(tx, changes)
    now = _now()
    written = [_written(change, rid, now, place) for change, rid in zip(changes, rids, strict=True)]
    if any(item.gone for item in written):
        await tx.connection.execute(store.FORGET, _columns([(item.record, item.gone) for item in written]))
    values = _rows([item.record for item in written]) | _columns([(item.record, item.come) for item in written])
    await tx.connection.execute(store.WRITE, values)
    await _audit(tx, changes, written)
    return [item.record for item in written]


def stamp(resource: Resource, identifier: str, version: int, moment: datetime) -> Resource:
    """Return a resource with the ID, version and time that the server gives it, and all else as it came."""
    meta = resource.get("meta", {}) | {"versionId": str(version), "lastUpdated": instant(moment)}
    first = {"resourceType": resource["resourceType"], "id": identifier, "meta": meta}
    return first | {name: value for name, value in resource.items() if name not in first}


def instant(moment: datetime) -> str:
    """Write a moment as FHIR does, to the millisecond."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass(frozen=True, slots=True)
class _Written:
    """A resource as it is from now on, and the keys that come and go with that."""

    record: Record
    come: Keys
    gone: Keys


def _now() -> datetime:
    """Return the present, as exactly as FHIR tells it."""
    now = clock.now()
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


async def _rids(tx: Tx, changes: Sequence[Change]) -> list[int]:
    new = sum(change.before is None for change in changes)
    rows = await (await tx.connection.execute(store.RESERVE, {"count": new})).fetchall() if new else []
    reserved = iter(rows)
    return [next(reserved)[0] if change.before is None else change.before.rid for change in changes]


def _written(change: Change, rid: int, moment: datetime, place: Place) -> _Written:
    before = change.before
    version = 1 if before is None else before.version + 1
    resource = None if change.resource is None else stamp(change.resource, change.id, version, moment)
    then = Keys() if before is None or before.is_deleted else keys_of(decode_resource(before.body), place)
    now = Keys() if resource is None else keys_of(resource, place)
    record = Record(
        rid,
        change.organisation_id,
        change.type,
        change.id,
        version,
        moment,
        resource is None,
        before.patient_id if resource is None and before is not None else now.patient_id,
        _NOTHING if resource is None else encode_resource(resource),
    )
    return _Written(record, now.without(then), then.without(now))


def _rows(records: Sequence[Record]) -> dict[str, list[Any]]:
    """Return the resources as the columns of ``WRITE``."""
    return {
        "rids": [item.rid for item in records],
        "organisations": [item.organisation_id for item in records],
        "types": [item.type for item in records],
        "ids": [item.id for item in records],
        "versions": [item.version for item in records],
        "moments": [item.last_updated for item in records],
        "deleted": [item.is_deleted for item in records],
        "patients": [item.patient_id for item in records],
        "bodies": [item.body for item in records],
    }


def _columns(keys: Sequence[tuple[Record, Keys]]) -> dict[str, list[Any]]:
    """Return the keys of resources as the columns of ``WRITE`` and ``FORGET``."""
    found: dict[str, list[Any]] = {}
    for table, names in TABLES.items():
        rows = [(record, row) for record, own in keys for row in own.rows(table)]
        found[f"{table}_organisations"] = [record.organisation_id for record, _ in rows]
        found[f"{table}_rids"] = [record.rid for record, _ in rows]
        found |= {f"{table}_{name}": [row[place] for _, row in rows] for place, name in enumerate(names)}
    return found


async def _audit(tx: Tx, changes: Sequence[Change], written: Sequence[_Written]) -> None:
    """Write who did what to whose record: a row for each person and act, however many resources it was."""
    counts = Counter(
        (item.record.organisation_id, item.record.subject, change.act, change.type)
        for change, item in zip(changes, written, strict=True)
    )
    acts: dict[tuple[int, str, str], dict[str, int]] = {}
    for (organisation_id, subject, act, type_name), count in counts.items():
        acts.setdefault((organisation_id, subject, act), {})[type_name] = count
    for (organisation_id, subject, act), types in acts.items():
        await tx.audit(f"resource.{act}", organisation_id=organisation_id, subject=subject, detail=types)
