"""Administering: organisations, people and tokens, as far as the administrator's own organisations go.

An administrator of one organisation is nobody in another. Whoever has a role elsewhere too can be given and refused
roles here, but their password, their tokens and whether they may sign in are settled only by one who administers all
the places where they work: those reach everywhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from lightwell.core.actors import Permission
from lightwell.core.auth import accounts, sessions, store
from lightwell.core.auth.accounts import Account, Organisation
from lightwell.core.errors import Conflict, Forbidden, NotFound
from lightwell.core.tx import Tx

ADMINISTRATOR: Final = "administrator"


@dataclass(frozen=True, slots=True)
class Person:
    """An account as an administrator sees it: roles in one's own organisations, and whether those are all."""

    username: str
    display_name: str
    locale: str
    is_active: bool
    created_at: datetime
    roles: list[Mapping[str, Any]]
    is_ours: bool


@dataclass(frozen=True, slots=True)
class Token:
    """A key for programs; its secret was shown once."""

    id: int
    username: str
    label: str
    created_at: datetime
    expires_at: datetime | None


async def organisations(tx: Tx) -> list[Organisation]:
    """Return the organisations that the actor administers."""
    mine = await _mine(tx)
    return [item for item in await accounts.organisations(tx) if item.id in mine]


async def create_organisation(tx: Tx, code: str, name: str, name_en: str) -> int:
    """Create an organisation that the actor administers, and return its id.

    Raises:
        Conflict: the code is taken.
    """
    row = await _one(tx, store.ADD_ORGANISATION, code=code, name=name, name_en=name_en)
    if row is None:
        message = f"the code {code} is taken; choose another"
        raise Conflict(message)
    await tx.audit("organisation.written", organisation_id=row[0], detail={"code": code})
    if tx.actor.account_id is not None:
        await accounts.join(tx, tx.actor.account_id, row[0], ADMINISTRATOR)
    return int(row[0])


async def rename_organisation(tx: Tx, organisation_id: int, name: str, name_en: str) -> None:
    """Give an organisation other names.

    Raises:
        Forbidden: it is not the actor's to administer.
    """
    await _require_mine(tx, organisation_id)
    await _one(tx, store.RENAME_ORGANISATION, id=organisation_id, name=name, name_en=name_en)
    await tx.audit("organisation.written", organisation_id=organisation_id)


async def people(tx: Tx) -> list[Person]:
    """Return everybody who has a role in an organisation that the actor administers."""
    cursor = await tx.connection.execute(store.PEOPLE, {"organisations": await _mine(tx)})
    return [Person(*row) for row in await cursor.fetchall()]


async def create_account(tx: Tx, account: Mapping[str, str], organisation_id: int, role: str) -> None:
    """Create an account (user name, password, display name, locale) with a first role.

    Raises:
        Conflict: the user name is taken.
        Forbidden: the organisation is not the actor's to administer.
    """
    await _require_mine(tx, organisation_id)
    number = await accounts.create(tx, **account)
    await accounts.join(tx, number, organisation_id, role)


async def set_password(tx: Tx, username: str, password: str) -> None:
    """Give somebody a new password; whoever is signed in by the old one is no longer."""
    account = await _ours(tx, username)
    await accounts.set_password(tx, account.username, password)
    await tx.connection.execute(store.END_SESSIONS_OF, {"account_id": account.id})


async def set_active(tx: Tx, username: str, *, is_active: bool) -> None:
    """Let somebody sign in, or no longer, at once.

    Raises:
        Conflict: it is the actor's own account.
    """
    account = await _ours(tx, username)
    if account.id == tx.actor.account_id:
        message = "nobody can shut out themselves; another administrator can"
        raise Conflict(message)
    await accounts.set_active(tx, account.username, is_active=is_active)
    if not is_active:
        await tx.connection.execute(store.END_SESSIONS_OF, {"account_id": account.id})


async def give_role(tx: Tx, username: str, organisation_id: int, role: str) -> None:
    """Give somebody a role, also one who works elsewhere so far.

    Raises:
        Forbidden: the organisation is not the actor's to administer.
        NotFound: nobody has that user name.
    """
    await _require_mine(tx, organisation_id)
    await accounts.join(tx, (await _account(tx, username)).id, organisation_id, role)


async def take_role(tx: Tx, username: str, organisation_id: int, role: str) -> None:
    """Take a role from somebody.

    Raises:
        Conflict: it is their last one, or the actor's own administration.
        Forbidden: the organisation is not the actor's to administer.
        NotFound: they do not have the role.
    """
    await _require_mine(tx, organisation_id)
    account = await _account(tx, username)
    if account.id == tx.actor.account_id and role == ADMINISTRATOR:
        message = "nobody can stop being an administrator by themselves; another administrator can see to it"
        raise Conflict(message)
    if len(await accounts.memberships(tx, account.id)) == 1:
        message = f"this is the last role of {account.username}; let them sign in no more instead"
        raise Conflict(message)
    row = await _one(tx, store.TAKE_MEMBERSHIP, account_id=account.id, organisation_id=organisation_id, role=role)
    if row is None:
        message = f"{account.username} does not have the role {role} there"
        raise NotFound(message)
    detail = {"account": account.id, "role": role}
    await tx.audit("account.left", organisation_id=organisation_id, subject=_subject(account), detail=detail)


async def tokens(tx: Tx) -> list[Token]:
    """Return the tokens of everybody whose account the actor settles."""
    cursor = await tx.connection.execute(store.TOKENS, {"organisations": await _mine(tx)})
    return [Token(*row) for row in await cursor.fetchall()]


async def create_token(tx: Tx, username: str, label: str, expires_at: datetime | None) -> str:
    """Create a token by which a program acts as an account, and return it; this is the only time it can be seen."""
    return await sessions.create_token(tx, await _ours(tx, username), label, expires_at)


async def revoke_token(tx: Tx, number: int) -> None:
    """Make a token worthless, at once.

    Raises:
        NotFound: there is no such token, or it is not the actor's to revoke.
    """
    found = next((token for token in await tokens(tx) if token.id == number), None)
    if found is None:
        message = f"there is no token {number}, or it is not yours to revoke"
        raise NotFound(message)
    await tx.connection.execute(store.REVOKE_TOKEN, {"id": number})
    await tx.audit("token.revoked", subject=f"account/{found.username}", detail={"label": found.label})


async def _mine(tx: Tx) -> list[int]:
    return list(tx.actor.organisations_with(Permission.ADMINISTER))


async def _require_mine(tx: Tx, organisation_id: int) -> None:
    if organisation_id not in await _mine(tx):
        message = f"organisation {organisation_id} is not yours to administer"
        raise Forbidden(message)


async def _account(tx: Tx, username: str) -> Account:
    account = await accounts.find(tx, username)
    if account is None:
        message = f"there is no user {username}"
        raise NotFound(message)
    return account


async def _ours(tx: Tx, username: str) -> Account:
    """Return an account that has roles in the actor's organisations and nowhere else."""
    account = await _account(tx, username)
    places = {item.organisation.id for item in await accounts.memberships(tx, account.id)}
    mine = set(await _mine(tx))
    if not places & mine:
        message = f"there is no user {username}"
        raise NotFound(message)
    if places - mine:
        message = f"{username} works in other organisations too; their administrators settle this with you"
        raise Forbidden(message)
    return account


def _subject(account: Account) -> str:
    return f"account/{account.username}"


async def _one(tx: Tx, statement: Any, **values: object) -> tuple[Any, ...] | None:
    return await (await tx.connection.execute(statement, values)).fetchone()
