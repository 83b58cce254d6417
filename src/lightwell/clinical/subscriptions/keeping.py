"""Subscriptions begin when they are written, and end when somebody says so, in time, or when nobody can be told.

What a client writes is a request (R4 2.46.2): ``requested`` becomes ``active`` at once, or is refused with the reasons.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from lightwell.clinical import records
from lightwell.clinical.model import Change, Record
from lightwell.clinical.store import subscriptions as store
from lightwell.clinical.subscriptions.model import TYPE, Kept, Subscription, Wish
from lightwell.clinical.subscriptions.reading import hidden, read_wish
from lightwell.core.actors import Permission
from lightwell.core.errors import Forbidden
from lightwell.core.net.outgoing import Outgoing
from lightwell.core.tx import Tx
from lightwell.standards.fhir.errors import Issue, ResourceError
from lightwell.standards.fhir.resource import Resource, decode_resource
from lightwell.standards.fhir.search.values import Place

_PERSON: Final = "person"
_LONGEST_ERROR: Final = 400


async def write(tx: Tx, changes: Sequence[Change], place: Place, allowed: Outgoing) -> list[Record]:
    """Write changes of resources, and begin and end the subscriptions among them.

    Raises:
        Forbidden: the actor may not have this server tell others.
        ResourceError: a subscription asks for what this server cannot do; every reason is named.
    """
    if not any(change.type == TYPE for change in changes):
        return await records.write(tx, changes, place)
    asked = [await _asked(tx, change, place, allowed) if change.type == TYPE else (change, None) for change in changes]
    written = await records.write(tx, [change for change, _ in asked], place)
    for record, (_, wish) in zip(written, asked, strict=True):
        if record.type == TYPE:
            await _keep(tx, record, wish)
    return written


async def end(tx: Tx, rid: int, identifier: str, organisation_id: int, place: Place, error: str = "") -> None:
    """Turn a subscription off, or, with what is wrong, give it up; what waits to be sent stays in that case."""
    there = await records.lock(tx, organisation_id, [(TYPE, identifier)])
    row = await (await tx.connection.execute(store.IS_ACTIVE, {"rid": rid})).fetchone()
    before = there.get((TYPE, identifier))
    if row is None or not row[0] or before is None:
        return
    resource = decode_resource(before.body) | {"status": "error" if error else "off"}
    resource |= {"error": error[:_LONGEST_ERROR]} if error else {}
    await records.write(tx, [Change(organisation_id, TYPE, identifier, resource, before)], place)
    await _stop(tx, rid, is_forgotten=not error)


async def give_up(tx: Tx, subscription: Subscription, place: Place, error: str) -> None:
    """Tell in the Subscription itself why nobody is told any more (R4 Subscription.error)."""
    await end(tx, subscription.rid, subscription.id, subscription.organisation_id, place, error)


async def _asked(tx: Tx, change: Change, place: Place, allowed: Outgoing) -> tuple[Change, Wish | None]:
    """Return a subscription as it is written, and what it asks for if it begins.

    What waits to be sent by another wish than that is forgotten.
    """
    if change.organisation_id not in tx.actor.organisations_with(Permission.RECORD_RESOLVE):
        message = f"a Subscription needs the permission {Permission.RECORD_RESOLVE.value}; ask an administrator for it"
        raise Forbidden(message)
    resource = change.resource
    if resource is None:
        return change, None
    if resource.get("status") == "off":
        return replace(change, resource=hidden(resource)), None
    if resource.get("status") != "requested":
        text = "expected requested, to begin or to begin again, or off; only this server says active or error"
        raise ResourceError([Issue("value", text, "Subscription.status")])
    rid = change.before.rid if change.before else 0
    before = await _kept(tx, rid)
    wish = read_wish(resource, place, allowed, before)
    if before and not before.is_for(wish, _owner(tx)):
        await tx.connection.execute(store.FORGET_WAITING, {"rids": [rid]})
    return replace(change, resource=_begun(resource)), wish


def _begun(resource: Resource) -> Resource:
    rest = {name: value for name, value in hidden(resource).items() if name != "error"}
    return rest | {"status": "active"}


async def _kept(tx: Tx, rid: int) -> Kept | None:
    row = await (await tx.connection.execute(store.KEPT, {"rid": rid})).fetchone()
    return Kept(*row) if row else None


def _owner(tx: Tx) -> str:
    return tx.actor.name if tx.actor.kind == _PERSON else ""


async def _keep(tx: Tx, record: Record, wish: Wish | None) -> None:
    if record.is_deleted:
        await tx.connection.execute(store.FORGET, {"rids": [record.rid]})
    elif wish is None:
        await _stop(tx, record.rid, is_forgotten=True)
    else:
        values = {name: getattr(wish, name) for name in wish.__slots__} | {"headers": list(wish.headers)}
        own = {"rid": record.rid, "organisation_id": record.organisation_id, "id": record.id}
        await tx.connection.execute(store.KEEP, {**values, **own, "owner": _owner(tx)})


async def _stop(tx: Tx, rid: int, *, is_forgotten: bool) -> None:
    await tx.connection.execute(store.STOP, {"rids": [rid]})
    if is_forgotten:
        await tx.connection.execute(store.FORGET_WAITING, {"rids": [rid]})
