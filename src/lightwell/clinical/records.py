"""Resources of the medical record: read by name, written with their keys, superseded and never lost.

Whoever writes holds the lock of what is there (:func:`lock`), decides, and hands all changes to :func:`write` at once:
one resource or a thousand go to the database together.
"""

import uuid
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final, TypeAlias

from psycopg import AsyncCursor

from lightwell.clinical import columns, numbers, outbox
from lightwell.clinical.columns import NEW
from lightwell.clinical.keys import PATIENT, Keys, keys_of
from lightwell.clinical.model import Change, Record
from lightwell.clinical.outbox import News, System
from lightwell.clinical.store import record as store
from lightwell.clinical.store import writing
from lightwell.clinical.store.writing import Kind
from lightwell.core import clock
from lightwell.core.actors import Actor
from lightwell.core.db.connections import Row
from lightwell.core.errors import Conflict
from lightwell.core.tx import Transactions, Tx
from lightwell.standards.fhir.resource import Resource, decode_resource, encode_resource
from lightwell.standards.fhir.search.values import Place

Rows: TypeAlias = AsyncCursor[Row]
_NOTHING: Final = b""
_AT_FIRST: Final = 5
_AT_ONCE: Final = 25


def new_id() -> str:
    """Return an ID that no resource has."""
    return str(uuid.uuid4())


async def read(tx: Tx, type_name: str, identifier: str) -> Record | None:
    """Return a resource that the actor may see, or that it was deleted; None if there never was one.

    Raises:
        Conflict: several hospitals have one of this name, and which is meant was not said.
    """
    found = await tx.connection.execute(store.READ, {"type": type_name, "id": identifier})
    return _only(await found.fetchall(), type_name)


async def read_for(actor: Actor, transactions: Transactions, type_name: str, identifier: str) -> Record | None:
    """Return a resource as :func:`read` does, for an actor who asks for nothing else: in one round trip.

    Raises:
        Conflict: several hospitals have one of this name, and which is meant was not said.
    """
    return _only(await transactions.ask(actor, store.READ_FOR, {"type": type_name, "id": identifier}), type_name)


def _only(rows: Sequence[Row], type_name: str) -> Record | None:
    if len(rows) > 1:
        message = f"several hospitals have a {type_name} of this ID; say which is meant by ?organisation="
        raise Conflict(message)
    return Record(*rows[0]) if rows else None


async def there(tx: Tx, type_name: str, names: Collection[tuple[int, str]]) -> set[tuple[int, str]]:
    """Return which of some resources of a type hospitals have, or had and deleted, as (organisation, ID)."""
    values = {"type": type_name, "organisations": [item for item, _ in names], "ids": [item for _, item in names]}
    rows = await (await tx.connection.execute(store.THERE, values)).fetchall()
    return {(organisation_id, identifier) for organisation_id, identifier in rows}


async def lock(tx: Tx, organisation_id: int, names: Iterable[tuple[str, str]]) -> Mapping[tuple[str, str], Record]:
    """Return what a hospital has of (type, ID), which nobody else changes until the transaction ends."""
    wanted = sorted(set(names))
    if not wanted:
        return {}
    if len(wanted) == 1:
        [(type_name, identifier)] = wanted
        values = {"organisation_id": organisation_id, "type": type_name, "id": identifier}
        cursor = await tx.connection.execute(store.LOCK_ONE, values)
    else:
        listed = {"types": [type_name for type_name, _ in wanted], "ids": [identifier for _, identifier in wanted]}
        cursor = await tx.connection.execute(store.LOCK, {"organisation_id": organisation_id, **listed})
    rows = await cursor.fetchall()
    return {(record.type, record.id): record for record in (Record(*row) for row in rows)}


async def alone(tx: Tx, key: int) -> None:
    """Wait until nobody else decides on the same question, and keep others waiting until the transaction ends."""
    await tx.connection.execute(store.ALONE, {"key": key})


async def write(tx: Tx, changes: Sequence[Change], place: Place, told_by: System | None = None) -> list[Record]:
    """Write changes of resources of which the lock is held, in order, with their audit rows; return what they became.

    Resources are valid; each stands in ``changes`` once. Other systems are told of them, but for the one that told us.
    """
    if not changes:
        return []
    now = _now()
    written: list[_Written] = []
    answers: list[Rows] = []
    async with tx.together():
        for batch in _batches(changes):
            ready = [_written(change, now, place) for change in batch]
            answers.append(await _send(tx, ready))
            written += ready
            if len(written) < len(changes):  # the database writes these while the next are made ready
                await tx.connection.send_gathered()
        await numbers.keep(tx, changes)
        await _audit(tx, changes, written)
        await outbox.put(tx, _news(changes, written), told_by)
    if all(item.record.rid != NEW for item in written):
        return [item.record for item in written]
    rids = [row[0] for answer in answers for row in await answer.fetchall()]
    return [replace(item.record, rid=rid) for item, rid in zip(written, rids, strict=True)]


def _batches(changes: Sequence[Change]) -> Iterator[Sequence[Change]]:
    """Yield a few changes first, so that the database begins soon, and then more at once, which costs it less."""
    begin, size = 0, _AT_FIRST
    while begin < len(changes):
        yield changes[begin : begin + size]
        begin, size = begin + size, min(size * 2, _AT_ONCE)


async def _send(tx: Tx, written: Sequence["_Written"]) -> Rows:
    records = columns.of_records([item.record for item in written])
    gone, come = [item.gone for item in written], [item.come for item in written]
    if tables := columns.tables_of(gone):
        await tx.connection.execute(writing.forget(tables), records | columns.of_keys(gone, tables))
    tables = columns.tables_of(come)
    statement = writing.write(tables | _kinds([item.record for item in written]))
    return await tx.connection.execute(statement, records | columns.of_keys(come, tables))


def _kinds(records: Sequence[Record]) -> frozenset[Kind]:
    """Return which parts of its statement they need beside their keys."""
    kinds = {Kind.NEW if record.rid == NEW else Kind.CHANGED for record in records}
    return frozenset(kinds | {Kind.PATIENTS} if any(record.type == PATIENT for record in records) else kinds)


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


def _news(changes: Sequence[Change], written: Sequence[_Written]) -> list[News]:
    return [
        News(item.record, change.resource, change.before)
        for change, item in zip(changes, written, strict=True)
        if change.is_news and change.resource is not None
    ]


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
