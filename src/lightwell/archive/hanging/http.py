"""Hanging protocols over HTTP: how studies are laid out, for the pages and for whoever writes protocols by program."""

from typing import Final, Literal, TypeAlias

import msgspec

from lightwell.archive.hanging import keeping
from lightwell.archive.hanging.keeping import Kept
from lightwell.archive.hanging.protocol import Matches, Name, Protocol, Stage
from lightwell.core.actors import Permission
from lightwell.core.http.endpoints import Endpoint
from lightwell.core.tx import Tx

_Owner: TypeAlias = Literal["mine", "hospital", "built-in"]
_PATH: Final = "/api/hanging-protocols"


class Shown(msgspec.Struct, omit_defaults=True):
    """A protocol, and whose it is; ``organisation`` is the code of the hospital that has it."""

    id: str
    name: Name
    owner: _Owner
    matches: Matches
    stages: list[Stage]
    organisation: str | None = None


class Whose(msgspec.Struct):
    """For whom a protocol is kept."""

    owner: Literal["mine", "hospital"] = "mine"


async def listed(tx: Tx) -> list[Shown]:
    """Return all protocols that one may use: one's own first, then the hospitals', then those built in."""
    mine = [_shown(kept, "mine") for kept in await keeping.own(tx)]
    theirs = [_shown(kept, "hospital") for kept in await keeping.of_hospitals(tx)]
    brought = [_shown(kept, "built-in") for kept in keeping.built_in()]
    return [*mine, *theirs, *brought]


def _shown(kept: Kept, owner: _Owner) -> Shown:
    return Shown(kept.key, kept.protocol.name, owner, kept.protocol.matches, kept.protocol.stages, kept.organisation)


async def keep(tx: Tx, query: Whose, key: str, body: Protocol) -> None:
    """Keep a protocol; one of the same id and owner is replaced."""
    await (keeping.keep_own if query.owner == "mine" else keeping.keep_of_hospital)(tx, key, body)


async def remove(tx: Tx, query: Whose, key: str) -> None:
    """Remove a protocol."""
    await (keeping.remove_own if query.owner == "mine" else keeping.remove_of_hospital)(tx, key)


ENDPOINTS: Final = (
    Endpoint("GET", _PATH, listed, Permission.ARCHIVE_READ),
    Endpoint("PUT", _PATH + "/{key}", keep, Permission.ARCHIVE_READ),
    Endpoint("DELETE", _PATH + "/{key}", remove, Permission.ARCHIVE_READ),
)
