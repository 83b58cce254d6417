"""Signing in and out over HTTP, and the lock of a screen that was left alone."""

from typing import Annotated, Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from lightwell.core.actors import NOBODY
from lightwell.core.auth import accounts, sessions
from lightwell.core.auth.sessions import SignedIn
from lightwell.core.errors import SignInFailed
from lightwell.core.http import identity
from lightwell.core.http.endpoints import Endpoint, as_response
from lightwell.core.machines import Machines
from lightwell.core.tx import Tx

_Text = Annotated[str, msgspec.Meta(max_length=256)]


class Credentials(msgspec.Struct):
    """What a person types to sign in."""

    username: _Text
    password: _Text


class Password(msgspec.Struct):
    """What a person types to open the locked screen."""

    password: _Text


class OrganisationView(msgspec.Struct):
    """An organisation that the person works for, and what is allowed there."""

    id: int
    code: str
    name: str
    name_en: str
    permissions: list[str]


class SessionView(msgspec.Struct):
    """Who is signed in, as pages need it."""

    username: str
    display_name: str
    locale: str
    is_locked: bool
    organisations: list[OrganisationView]
    permissions: list[str]
    idle_lock_s: int


async def sign_in(request: Request, machines: Machines, body: Credentials) -> Response:
    """Open a session."""
    identity.require_own_page(request)
    username, address = body.username.strip().lower(), _address(request)
    async with machines.transactions.begin(NOBODY) as tx:
        await sessions.require_attempts_left(tx, username, address)
        account = await accounts.find(tx, username)
        is_right = await accounts.is_password(account, body.password)
        if account is None or not is_right:
            await sessions.note_failure(tx, username, address)
    if account is None or not is_right:
        message = "the user name or the password is wrong"
        raise SignInFailed(message)
    return await _open(request, machines, account)


async def _open(request: Request, machines: Machines, account: accounts.Account) -> Response:
    async with machines.transactions.begin(NOBODY) as nobody:
        actor = await accounts.actor_of(nobody, account)
        tx = await nobody.become(actor)
        secret = await sessions.sign_in(tx, account, machines.settings.session_hours)
        response = as_response(await _view(tx, SignedIn(account, actor, is_locked=False), machines))
    response.set_cookie(
        identity.cookie_name(request),
        secret,
        max_age=machines.settings.session_hours * 3600,
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="lax",
    )
    return response


async def current(request: Request, machines: Machines, tx: Tx) -> SessionView:
    """Return who is signed in, also when the screen is locked."""
    return await _view(tx, await identity.signed_in(request, tx, machines.settings), machines)


async def lock(request: Request, machines: Machines, tx: Tx) -> None:
    """Lock the screen."""
    await identity.signed_in(request, tx, machines.settings)
    await sessions.lock(tx, identity.session_secret(request))


async def unlock(request: Request, machines: Machines, body: Password) -> SessionView:
    """Open the locked screen again; wrong passwords count like failed sign-ins."""
    address = _address(request)
    try:
        async with machines.transactions.begin(NOBODY) as tx:
            found = await identity.signed_in(request, tx, machines.settings)
            await sessions.require_attempts_left(tx, found.account.username, address)
            await sessions.unlock(tx, identity.session_secret(request), found.account, body.password)
            return await _view(tx, SignedIn(found.account, found.actor, is_locked=False), machines)
    except SignInFailed:
        async with machines.transactions.begin(NOBODY) as tx:
            found = await identity.signed_in(request, tx, machines.settings)
            await sessions.note_failure(tx, found.account.username, address)
        raise


async def sign_out(request: Request, machines: Machines, tx: Tx) -> Response:
    """End the session; one that has ended already is no error."""
    identity.require_own_page(request)
    secret = identity.session_secret(request)
    found = await sessions.by_session(tx, secret, machines.settings.idle_lock_s)
    if found is not None:
        await sessions.sign_out(await tx.become(found.actor), secret)
    response = Response(status_code=204)
    response.delete_cookie(identity.cookie_name(request), secure=request.url.scheme == "https", httponly=True)
    return response


async def _view(tx: Tx, found: SignedIn, machines: Machines) -> SessionView:
    held = await accounts.memberships(tx, found.account.id)
    roles = found.actor.roles or {}
    organisations = {item.organisation.id: item.organisation for item in held}.values()
    views = [OrganisationView(o.id, o.code, o.name, o.name_en, sorted(roles.get(o.id, ()))) for o in organisations]
    return SessionView(
        username=found.account.username,
        display_name=found.account.display_name,
        locale=found.account.locale,
        is_locked=found.is_locked,
        organisations=views,
        permissions=sorted(found.actor.permissions),
        idle_lock_s=machines.settings.idle_lock_s,
    )


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


ENDPOINTS: Final = (
    Endpoint("POST", "/api/session", sign_in, is_public=True),
    Endpoint("GET", "/api/session", current, is_public=True),
    Endpoint("DELETE", "/api/session", sign_out, is_public=True),
    Endpoint("POST", "/api/session/lock", lock, is_public=True),
    Endpoint("POST", "/api/session/unlock", unlock, is_public=True),
)
