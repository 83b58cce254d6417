"""Administering over HTTP: organisations, accounts with their roles, and tokens for programs."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any, Final, Literal

import msgspec

from lightwell.core import clock
from lightwell.core.actors import ROLES, Permission
from lightwell.core.auth import administering
from lightwell.core.auth.accounts import Organisation
from lightwell.core.auth.administering import Person, Token
from lightwell.core.http.endpoints import Endpoint
from lightwell.core.tx import Tx

_Name = Annotated[str, msgspec.Meta(min_length=1, max_length=128)]
_Code = Annotated[str, msgspec.Meta(pattern="^[a-z0-9][a-z0-9-]{0,31}$")]
_Username = Annotated[str, msgspec.Meta(pattern=r"^[^\s/]{1,64}$")]
_Password = Annotated[str, msgspec.Meta(max_length=256)]
_Days = Annotated[int, msgspec.Meta(ge=0, le=3660)]


class OrganisationNames(msgspec.Struct):
    """What an organisation is called."""

    name: _Name
    name_en: _Name


class NewOrganisation(OrganisationNames):
    """An organisation to be created; its code never changes."""

    code: _Code = msgspec.field()


class Created(msgspec.Struct):
    """The number that a new thing was given."""

    id: int


class NewAccount(msgspec.Struct):
    """An account to be created, with its first role."""

    username: _Username
    password: _Password
    organisation_id: int
    role: str
    display_name: Annotated[str, msgspec.Meta(max_length=128)] = ""
    locale: Literal["zh-CN", "en"] = "zh-CN"


class NewPassword(msgspec.Struct):
    """A password for somebody else."""

    password: _Password


class Active(msgspec.Struct):
    """Whether somebody may sign in."""

    is_active: bool


class Role(msgspec.Struct):
    """A role in an organisation."""

    organisation_id: int
    role: str


class NewToken(msgspec.Struct):
    """A token to be created; 0 days has no end."""

    username: _Username
    label: _Name
    days: _Days = 0


class Secret(msgspec.Struct):
    """A token itself, which is shown this once."""

    token: str


async def organisation_list(tx: Tx) -> list[Organisation]:
    """Return the organisations that one administers."""
    return await administering.organisations(tx)


async def create_organisation(tx: Tx, body: NewOrganisation) -> Created:
    """Create an organisation; whoever creates it administers it."""
    return Created(await administering.create_organisation(tx, body.code, body.name, body.name_en))


async def rename_organisation(tx: Tx, number: int, body: OrganisationNames) -> None:
    """Give an organisation other names."""
    await administering.rename_organisation(tx, number, body.name, body.name_en)


async def role_list(tx: Tx) -> Mapping[str, list[Permission]]:
    """Return the roles there are, and what each allows."""
    del tx
    return {name: sorted(permissions) for name, permissions in ROLES.items()}


async def account_list(tx: Tx) -> list[Person]:
    """Return everybody who has a role in an organisation that one administers."""
    return await administering.people(tx)


async def create_account(tx: Tx, body: NewAccount) -> None:
    """Create an account."""
    names: dict[str, Any] = {"display_name": body.display_name, "locale": body.locale}
    account = {"username": body.username, "password": body.password, **names}
    await administering.create_account(tx, account, body.organisation_id, body.role)


async def set_password(tx: Tx, username: str, body: NewPassword) -> None:
    """Give somebody a new password."""
    await administering.set_password(tx, username, body.password)


async def set_active(tx: Tx, username: str, body: Active) -> None:
    """Let somebody sign in, or no longer."""
    await administering.set_active(tx, username, is_active=body.is_active)


async def give_role(tx: Tx, username: str, body: Role) -> None:
    """Give somebody a role."""
    await administering.give_role(tx, username, body.organisation_id, body.role)


async def take_role(tx: Tx, username: str, number: int, role: str) -> None:
    """Take a role from somebody."""
    await administering.take_role(tx, username, number, role)


async def token_list(tx: Tx) -> list[Token]:
    """Return the tokens there are, without their secrets."""
    return await administering.tokens(tx)


async def create_token(tx: Tx, body: NewToken) -> Secret:
    """Create a token and show it, this once."""
    return Secret(await administering.create_token(tx, body.username, body.label, _end(body.days)))


async def revoke_token(tx: Tx, number: int) -> None:
    """Make a token worthless."""
    await administering.revoke_token(tx, number)


def _end(days: int) -> datetime | None:
    return clock.now() + timedelta(days=days) if days else None


_ACCOUNT: Final = "/api/accounts/{username}"
ENDPOINTS: Final = tuple(
    Endpoint(method, path, handler, Permission.ADMINISTER)
    for method, path, handler in (
        ("GET", "/api/organisations", organisation_list),
        ("POST", "/api/organisations", create_organisation),
        ("PUT", "/api/organisations/{number}", rename_organisation),
        ("GET", "/api/roles", role_list),
        ("GET", "/api/accounts", account_list),
        ("POST", "/api/accounts", create_account),
        ("PUT", _ACCOUNT + "/password", set_password),
        ("PUT", _ACCOUNT + "/active", set_active),
        ("POST", _ACCOUNT + "/roles", give_role),
        ("DELETE", _ACCOUNT + "/roles/{number}/{role}", take_role),
        ("GET", "/api/tokens", token_list),
        ("POST", "/api/tokens", create_token),
        ("DELETE", "/api/tokens/{number}", revoke_token),
    )
)
