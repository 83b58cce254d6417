"""Preferences: what somebody set for themselves, on whichever machine they sit down.

The core keeps them by name and knows of none what it means: the roof registers each with the type that its value must
have (:class:`Schemas`). What no longer fits its type, after an upgrade, is left out as if it had never been set.
"""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from lightwell.core.auth import store
from lightwell.core.errors import Forbidden, InvalidRequest, NotFound, TooLarge
from lightwell.core.http.endpoints import Endpoint
from lightwell.core.tx import Tx

MOST_BYTES: Final = 16 * 1024


class Schemas(dict[str, Any]):
    """By the name of each preference the type of its value."""


class Chosen(msgspec.Struct):
    """The value of a preference; null means that nothing was chosen."""

    value: Any


async def chosen_list(tx: Tx, schemas: Schemas) -> dict[str, Any]:
    """Return everything that one has set, by name."""
    rows = await (await tx.connection.execute(store.PREFERENCES, {"account_id": _mine(tx)})).fetchall()
    return {key: value for key, value in rows if _fits(schemas, key, value)}


async def chosen(tx: Tx, schemas: Schemas, key: str) -> Chosen:
    """Return what one has set, or null."""
    _schema_of(schemas, key)
    row = await (await tx.connection.execute(store.PREFERENCE, {"account_id": _mine(tx), "key": key})).fetchone()
    return Chosen(row[0] if row and _fits(schemas, key, row[0]) else None)


async def choose(tx: Tx, schemas: Schemas, key: str, body: Chosen) -> None:
    """Set a preference; it is the same on every machine."""
    value = msgspec.json.encode(_converted(schemas, key, body.value))
    if len(value) > MOST_BYTES:
        message = f"a preference has at most {MOST_BYTES} bytes; {key} came with {len(value)}"
        raise TooLarge(message)
    values = {"account_id": _mine(tx), "key": key, "value": value.decode()}
    await tx.connection.execute(store.SET_PREFERENCE, values)


async def forget(tx: Tx, schemas: Schemas, key: str) -> None:
    """Go back to what everybody has who set nothing."""
    _schema_of(schemas, key)
    await tx.connection.execute(store.FORGET_PREFERENCE, {"account_id": _mine(tx), "key": key})


def _schema_of(schemas: Mapping[str, Any], key: str) -> Any:
    if key not in schemas:
        message = f"there is no preference of that name; expected one of {', '.join(sorted(schemas))}"
        raise NotFound(message)
    return schemas[key]


def _converted(schemas: Mapping[str, Any], key: str, value: object) -> Any:
    try:
        return msgspec.convert(value, _schema_of(schemas, key))
    except msgspec.ValidationError as error:
        message = f"{key} is not what was expected: {error}"
        raise InvalidRequest(message) from error


def _fits(schemas: Mapping[str, Any], key: str, value: object) -> bool:
    try:
        _converted(schemas, key, value)
    except (InvalidRequest, NotFound):
        return False
    return True


def _mine(tx: Tx) -> int:
    if tx.actor.account_id is None:
        message = "preferences belong to people"
        raise Forbidden(message)
    return tx.actor.account_id


ENDPOINTS: Final = (
    Endpoint("GET", "/api/preferences", chosen_list),
    Endpoint("GET", "/api/preferences/{key}", chosen),
    Endpoint("PUT", "/api/preferences/{key}", choose),
    Endpoint("DELETE", "/api/preferences/{key}", forget),
)
