"""Where hanging protocols are kept: those of a person, those of a hospital, and those that the house brings."""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final, LiteralString

import msgspec

from lightwell.archive.hanging.protocol import Protocol
from lightwell.archive.store import hang as store
from lightwell.core.actors import Permission
from lightwell.core.errors import Conflict, Forbidden, InvalidRequest, NotFound, TooLarge
from lightwell.core.tx import Tx

MOST: Final = 100
MOST_BYTES: Final = 64 * 1024
_KEY: Final = re.compile("[a-z0-9][a-z0-9-]{0,63}")


@dataclass(frozen=True, slots=True)
class Kept:
    """A protocol with its id, and the code of the hospital that keeps it."""

    key: str
    protocol: Protocol
    organisation: str | None = None


@cache
def built_in() -> Sequence[Kept]:
    """Return the protocols that the house brings."""
    content = (resources.files("lightwell.archive.hanging") / "built_in.json").read_bytes()
    return [Kept(key, protocol) for key, protocol in msgspec.json.decode(content, type=dict[str, Protocol]).items()]


async def own(tx: Tx) -> list[Kept]:
    """Return those that a person keeps for themselves."""
    rows = await (await tx.connection.execute(store.OWN, {"account_id": tx.actor.account_id})).fetchall()
    return list(_readable(rows))


async def of_hospitals(tx: Tx) -> list[Kept]:
    """Return those of the hospitals that one reads in."""
    values = {"organisations": list(tx.actor.organisation_ids)}
    return list(_readable(await (await tx.connection.execute(store.OF_HOSPITALS, values)).fetchall()))


def _readable(rows: Iterable[tuple[Any, ...]]) -> Iterator[Kept]:
    """Leave out what an older version kept and this one does not know; its row stays."""
    for key, protocol, organisation in rows:
        with suppress(msgspec.ValidationError):
            yield Kept(key, msgspec.convert(protocol, Protocol), organisation)


async def keep_own(tx: Tx, key: str, protocol: Protocol) -> None:
    """Keep a protocol for oneself; one of the same id is replaced."""
    await _keep(tx, store.KEEP_OWN, {"account_id": _person(tx)}, key, protocol)


async def keep_of_hospital(tx: Tx, key: str, protocol: Protocol) -> None:
    """Keep a protocol for everybody of a hospital; one of the same id is replaced.

    Raises:
        Forbidden: there is no hospital, or not exactly one, where the person may decide for all.
    """
    organisation_id = _hospital(tx)
    await _keep(tx, store.KEEP_OF_HOSPITAL, {"organisation_id": organisation_id}, key, protocol)
    await tx.audit("hanging_protocol.kept", organisation_id=organisation_id, subject=f"hanging_protocol/{key}")


async def remove_own(tx: Tx, key: str) -> None:
    """Remove a protocol of one's own."""
    await _remove(tx, store.REMOVE_OWN, {"account_id": _person(tx), "id": key})


async def remove_of_hospital(tx: Tx, key: str) -> None:
    """Remove a protocol of a hospital."""
    organisation_id = _hospital(tx)
    await _remove(tx, store.REMOVE_OF_HOSPITAL, {"organisation_id": organisation_id, "id": key})
    await tx.audit("hanging_protocol.removed", organisation_id=organisation_id, subject=f"hanging_protocol/{key}")


async def _keep(tx: Tx, statement: Any, whose: dict[str, int], key: str, protocol: Protocol) -> None:
    if any(key == kept.key for kept in built_in()):
        message = f"{key} comes with the house and stays as it is; keep a changed one under another id"
        raise Conflict(message)
    if not _KEY.fullmatch(key):
        message = "an id is made of at most 64 small letters, digits and hyphens, and begins with no hyphen"
        raise InvalidRequest(message)
    content = msgspec.json.encode(protocol)
    if len(content) > MOST_BYTES:
        message = f"a hanging protocol has at most {MOST_BYTES} bytes; this one has {len(content)}"
        raise TooLarge(message)
    values = {**whose, "id": key, "protocol": content.decode(), "most": MOST}
    if await (await tx.connection.execute(statement, values)).fetchone() is None:
        message = f"there are {MOST} hanging protocols here already; remove one that is not needed"
        raise Conflict(message)


async def _remove(tx: Tx, statement: LiteralString, values: dict[str, Any]) -> None:
    if await (await tx.connection.execute(statement, values)).fetchone() is None:
        message = f"there is no hanging protocol {values['id']} here"
        raise NotFound(message)


def _person(tx: Tx) -> int:
    if tx.actor.account_id is None:
        message = "hanging protocols of one's own belong to people"
        raise Forbidden(message)
    return tx.actor.account_id


def _hospital(tx: Tx) -> int:
    where = tx.actor.organisations_with(Permission.ARCHIVE_RESOLVE)
    mine = [number for number in where if number in tx.actor.organisation_ids]
    if not mine:
        tx.actor.require(Permission.ARCHIVE_RESOLVE)
        message = "expected a hospital where your role decides for everybody (archive.resolve)"
        raise Forbidden(message)
    if len(mine) > 1:
        message = "you may decide for several hospitals; say with ?organisation= and its code for which"
        raise Forbidden(message)
    return mine[0]
