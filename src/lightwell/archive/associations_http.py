"""Associations over HTTP: when a machine was last here, and who knocked that nobody knows."""

from datetime import datetime
from typing import Annotated

import msgspec

from lightwell.archive.store import associate as store
from lightwell.core.tx import Tx

_Limit = Annotated[int, msgspec.Meta(ge=1, le=500)]


class AssociationView(msgspec.Struct):
    """An association that is over, or ``times`` of the same kind.

    ``rejection`` is result/source/reason of PS3.8 table 9-21; ``done`` says of each service how often it went well,
    with a warning, and failed.
    """

    id: int
    organisation_id: int | None
    peer_id: int | None
    is_ours: bool
    calling_ae: str
    called_ae: str
    address: str
    is_tls: bool
    began_at: datetime
    ended_at: datetime
    outcome: str
    rejection: str | None
    done: dict[str, tuple[int, int, int]]
    times: int


class AssociationQuery(msgspec.Struct):
    """Of which machine, and how many of each."""

    peer: int | None = None
    limit: _Limit = 10


class StrangerQuery(msgspec.Struct):
    """How many."""

    limit: _Limit = 50


async def associations(tx: Tx, query: AssociationQuery) -> list[AssociationView]:
    """Return the last associations of one's machines, each machine's newest first."""
    cursor = await tx.connection.execute(store.OF_EACH_PEER, {"peer": query.peer, "limit": query.limit})
    return [AssociationView(*row) for row in await cursor.fetchall()]


async def strangers(tx: Tx, query: StrangerQuery) -> list[AssociationView]:
    """Return who called lately and is no machine of ours, newest first."""
    cursor = await tx.connection.execute(store.OF_STRANGERS, {"limit": query.limit})
    return [AssociationView(*row) for row in await cursor.fetchall()]
