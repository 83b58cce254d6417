"""The resources that a message tells of: the version that caused it, what was found by then, and whom it is about."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Final, cast

from lightwell.clinical import versions
from lightwell.clinical.hl7.outgoing.model import Name, Outgoing, Told, name_of
from lightwell.clinical.outbox import DEPTH, GIVEN
from lightwell.clinical.store import sending as store
from lightwell.core import clock
from lightwell.core.errors import NotFound
from lightwell.core.tx import Tx
from lightwell.standards.fhir.resource import Resource, decode_resource

_FOUND: Final = frozenset(("Observation",))
_NEAR: Final = 3  # a report, what it refers to, what that does; from there on groups and places are followed alone
_FILE: Final = "Binary"
_CHAINS: Final = ("hasMember", "partOf")


async def gather(tx: Tx, outgoing: Outgoing, base_url: str) -> Told:
    """Return what a message tells of, with all that it refers to, and what that refers to.

    Raises:
        NotFound: the version that caused it is not there.
    """
    record = await versions.read(tx, outgoing.type, outgoing.resource_id, outgoing.version)
    if record is None or record.is_deleted:
        message = "expected the version of a resource that caused this message, it is not there"
        raise NotFound(message)
    resource = decode_resource(record.body)
    others: dict[Name, Resource] = {}
    wanted = set(_names_in(resource, base_url))
    for depth in range(1, DEPTH + 1):
        come = await _read_all(tx, outgoing, wanted - others.keys())
        others |= come
        wanted = {name for item in come.values() for name in _names_in(_followed(item, depth), base_url)}
    ordinal = await _ordinal(tx, outgoing, name_of(resource.get("request"), base_url)) if outgoing.kind == GIVEN else 1
    return Told(resource, others, base_url, await _is_again(tx, outgoing), ordinal)


async def _is_again(tx: Tx, outgoing: Outgoing) -> bool:
    values = {name: getattr(outgoing, name) for name in ("id", "destination_id", "type", "resource_id")}
    row = await (await tx.connection.execute(store.SENT_BEFORE, values)).fetchone()
    return bool(row and row[0])


async def _ordinal(tx: Tx, outgoing: Outgoing, order: Name | None) -> int:
    """Return the how many-th dose of its order this is for the system, and keep that."""
    values = {"id": outgoing.id, "order_id": order[1] if order else ""}
    row = await (await tx.connection.execute(store.NUMBER_DOSE, values)).fetchone()
    return int(row[0]) if row else 1


def _followed(resource: Resource, depth: int) -> Any:
    """Return what is followed in a resource that was come to in so many steps."""
    return resource if depth < _NEAR else {name: resource[name] for name in _CHAINS if name in resource}


async def _read_all(tx: Tx, outgoing: Outgoing, names: Iterable[Name]) -> dict[Name, Resource]:
    """Return findings as they were when the message was caused, and people, visits and orders as they are."""
    found = [name for name in names if name[0] in _FOUND]
    rest = [name for name in names if name[0] not in _FOUND]
    return await _read(tx, outgoing, found, outgoing.caused_at) | await _read(tx, outgoing, rest, clock.now())


async def _read(tx: Tx, outgoing: Outgoing, names: list[Name], moment: datetime) -> dict[Name, Resource]:
    if not names:
        return {}
    asked = {"types": [item[0] for item in names], "ids": [item[1] for item in names], "moment": moment}
    values = asked | {"organisation_id": outgoing.organisation_id}
    rows = await (await tx.connection.execute(store.AS_OF, values)).fetchall()
    return {(kind, key): decode_resource(body) for kind, key, body in rows if body}


def _names_in(value: Any, base_url: str) -> Iterator[Name]:
    """Yield the resources that a value refers to, wherever in it that stands."""
    if isinstance(value, dict):
        if (name := name_of(value, base_url)) is not None:
            yield name
        if (file := name_of({"reference": cast("dict[str, Any]", value).get("url")}, base_url)) and file[0] == _FILE:
            yield file
        value = list(cast("dict[str, Any]", value).values())
    if isinstance(value, list):
        for part in cast("list[Any]", value):
            yield from _names_in(part, base_url)
