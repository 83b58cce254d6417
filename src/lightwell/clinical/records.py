"""Resources of the medical record: read by name, written with their keys, superseded and never lost.

Whoever writes holds the lock of what is there (:func:`lock`), decides, and hands all changes to :func:`write` at once:
one statement, whether it is one resource or a thousand.
"""

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from lightwell.clinical import columns
from lightwell.clinical.columns import NEW
from lightwell.clinical.keys import Keys, keys_of
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
    if not wanted:
        return {}
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
    now = _now()
    written = [_written(change, now, place) for change in changes]
    records = columns.of_records([item.record for item in written])
    gone, come = [item.gone for item in written], [item.come for item in written]
    async with tx.connection.pipeline():
        if any(gone):
            await tx.connection.execute(store.FORGET, records | columns.of_keys(gone))
        cursor = await tx.connection.execute(store.WRITE, records | columns.of_keys(come))
        await _audit(tx, changes, written)
    rids = await cursor.fetchall()
    return [replace(item.record, rid=row[0]) for item, row in zip(written, rids, strict=True)]


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


def _written(change: Change, moment: datetime, place: Place) -> _Written:
    before = change.before
    version = 1 if before is None else before.version + 1
    resource = None if change.resource is None else stamp(change.resource, change.id, version, moment)
    then = Keys() if before is None or before.is_deleted else keys_of(decode_resource(before.body), place)
    now = Keys() if resource is None else keys_of(resource, place)
    record = Record(
        NEW if before is None else before.rid,
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
