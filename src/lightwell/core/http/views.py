"""Saved views: how somebody narrowed a list, under a name of their own."""

from typing import Annotated, Final

import msgspec

from lightwell.core.auth import store
from lightwell.core.errors import Conflict, Forbidden
from lightwell.core.http.endpoints import Endpoint
from lightwell.core.tx import Tx

MOST_VIEWS: Final = 50
_Name = Annotated[str, msgspec.Meta(min_length=1, max_length=64, pattern=r"\S")]
_Screen = Annotated[str, msgspec.Meta(pattern="^[a-z]{1,32}$")]
_Search = Annotated[dict[_Name, Annotated[str, msgspec.Meta(max_length=256)]], msgspec.Meta(max_length=20)]


class OfScreen(msgspec.Struct):
    """Which list the views are of."""

    screen: _Screen


class View(msgspec.Struct):
    """How a list is narrowed: what its address says."""

    name: _Name
    search: _Search


async def view_list(tx: Tx, query: OfScreen) -> list[View]:
    """Return one's own views of a list, by name."""
    cursor = await tx.connection.execute(store.VIEWS, {"account_id": _mine(tx), "screen": query.screen})
    return [View(*row) for row in await cursor.fetchall()]


async def keep(tx: Tx, query: OfScreen, body: View) -> None:
    """Keep a view; one of the same name is replaced."""
    values = {"account_id": _mine(tx), "screen": query.screen, "name": body.name, "most": MOST_VIEWS}
    row = await (
        await tx.connection.execute(store.KEEP_VIEW, values | {"search": msgspec.json.encode(body.search).decode()})
    ).fetchone()
    if row is None:
        message = f"a list has at most {MOST_VIEWS} views; remove one that is not needed"
        raise Conflict(message)


async def forget(tx: Tx, query: OfScreen, name: str) -> None:
    """Remove a view."""
    await tx.connection.execute(store.FORGET_VIEW, {"account_id": _mine(tx), "screen": query.screen, "name": name})


def _mine(tx: Tx) -> int:
    if tx.actor.account_id is None:
        message = "views belong to people"
        raise Forbidden(message)
    return tx.actor.account_id


ENDPOINTS: Final = (
    Endpoint("GET", "/api/views", view_list),
    Endpoint("PUT", "/api/views", keep),
    Endpoint("DELETE", "/api/views/{name:path}", forget),
)
