"""Local accounts: who may sign in, with which roles in which organisations."""

import asyncio
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, LiteralString

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from lightwell.core.actors import ROLES, Actor, Permission
from lightwell.core.auth import store
from lightwell.core.errors import Conflict, InvalidRequest, NotFound
from lightwell.core.tx import Tx

MINIMUM_LENGTH: Final = 8
_HASHER: Final = PasswordHasher()


@dataclass(frozen=True, slots=True)
class Organisation:
    """Whoever owns rows."""

    id: int
    code: str
    name: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Account:
    """A person who may sign in."""

    id: int
    username: str
    display_name: str
    password_hash: str
    locale: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class Membership:
    """A role of an account in an organisation."""

    organisation: Organisation
    role: str


async def is_password(account: Account | None, password: str) -> bool:
    """Tell whether the password is right; takes as long for a name that does not exist (in a thread: 50 ms of CPU)."""
    return await asyncio.to_thread(_is_password, account, password)


@cache
def _hash_of_nobody() -> str:
    return _HASHER.hash("nobody has this password")


def _is_password(account: Account | None, password: str) -> bool:
    try:
        _HASHER.verify(_hash_of_nobody() if account is None else account.password_hash, password)
    except VerificationError:
        return False
    return account is not None and account.is_active


async def find(tx: Tx, username: str) -> Account | None:
    """Return the account of a name, in any spelling of its case."""
    cursor = await tx.connection.execute(store.ACCOUNT, {"username": username.strip().lower()})
    row = await cursor.fetchone()
    return None if row is None else Account(*row)


async def memberships(tx: Tx, account_id: int) -> list[Membership]:
    """Return where an account works, and as what."""
    cursor = await tx.connection.execute(store.MEMBERSHIPS, {"account_id": account_id})
    return [Membership(Organisation(*organisation), role) for *organisation, role in await cursor.fetchall()]


async def actor_of(tx: Tx, account: Account) -> Actor:
    """Return the account as an actor."""
    roles: dict[int, frozenset[Permission]] = {}
    codes: dict[str, int] = {}
    for item in await memberships(tx, account.id):
        number = codes[item.organisation.code] = item.organisation.id
        roles[number] = roles.get(number, frozenset()) | ROLES.get(item.role, frozenset())
    permissions = frozenset[Permission]().union(*roles.values())
    where = tuple(sorted(roles))
    return Actor("person", account.username, where, permissions, account.id, account.locale, roles, codes)


async def create(tx: Tx, username: str, password: str, *, display_name: str = "", locale: str = "zh-CN") -> int:
    """Create an account and return its id.

    Raises:
        Conflict: the name is taken.
        InvalidRequest: the password is too short.
    """
    username = username.strip().lower()
    values = {
        "username": username,
        "display_name": display_name or username,
        "password_hash": hash_password(password),
        "locale": locale,
    }
    row = await _one(tx, store.CREATE_ACCOUNT, values)
    if row is None:
        message = f"the user name {username} is taken"
        raise Conflict(message)
    await tx.audit("account.created", subject=f"account/{username}")
    return int(row[0])


def hash_password(password: str) -> str:
    """Return what is stored of a password (argon2id)."""
    if len(password) < MINIMUM_LENGTH:
        message = f"a password has at least {MINIMUM_LENGTH} characters; this one has {len(password)}"
        raise InvalidRequest(message)
    return _HASHER.hash(password)


async def set_password(tx: Tx, username: str, password: str) -> None:
    """Give an account a new password."""
    await _must(tx, username, store.SET_PASSWORD, password_hash=hash_password(password))
    await tx.audit("account.password_set", subject=f"account/{username}")


async def set_active(tx: Tx, username: str, *, is_active: bool) -> None:
    """Let an account sign in, or no longer."""
    await _must(tx, username, store.SET_ACTIVE, is_active=is_active)
    await tx.audit("account.active_set", subject=f"account/{username}", detail={"is_active": is_active})


async def join(tx: Tx, account_id: int, organisation_id: int, role: str) -> None:
    """Give an account a role in an organisation."""
    if role not in ROLES:
        message = f"there is no role {role}; the roles are {', '.join(sorted(ROLES))}"
        raise InvalidRequest(message)
    values = {"account_id": account_id, "organisation_id": organisation_id, "role": role}
    await tx.connection.execute(store.ADD_MEMBERSHIP, values)
    await tx.audit("account.joined", organisation_id=organisation_id, detail={"account": account_id, "role": role})


async def overview(tx: Tx) -> list[tuple[str, str, bool, str]]:
    """Return all accounts: name, display name, whether active, and roles as ``organisation:role``."""
    cursor = await tx.connection.execute(store.ACCOUNTS)
    return [(row[0], row[1], row[2], row[3]) for row in await cursor.fetchall()]


async def organisations(tx: Tx) -> list[Organisation]:
    """Return all organisations."""
    cursor = await tx.connection.execute(store.ORGANISATIONS)
    return [Organisation(*row) for row in await cursor.fetchall()]


async def create_organisation(tx: Tx, code: str, name: str, name_en: str) -> int:
    """Create an organisation, or rename the one of that code, and return its id."""
    row = await _one(tx, store.CREATE_ORGANISATION, {"code": code, "name": name, "name_en": name_en})
    if row is None:
        message = f"the organisation {code} could not be written"
        raise Conflict(message)
    await tx.audit("organisation.written", organisation_id=row[0], detail={"code": code})
    return int(row[0])


async def organisation_of_code(tx: Tx, code: str) -> Organisation:
    """Return the organisation of a code.

    Raises:
        NotFound: there is none; the message lists those there are.
    """
    known = {item.code: item for item in await organisations(tx)}
    if code not in known:
        message = f"there is no organisation {code}; known are {', '.join(known) or 'none yet'}"
        raise NotFound(message)
    return known[code]


async def _one(tx: Tx, statement: LiteralString, values: dict[str, Any]) -> tuple[Any, ...] | None:
    cursor = await tx.connection.execute(statement, values)
    return await cursor.fetchone()


async def _must(tx: Tx, username: str, statement: LiteralString, **values: object) -> None:
    if await _one(tx, statement, {"username": username, **values}) is None:
        message = f"there is no user {username}"
        raise NotFound(message)
