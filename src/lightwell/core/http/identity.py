"""Who sends a request: the cookie of a session, or the bearer token of a program."""

from typing import Final

from starlette.requests import Request

from lightwell.core.actors import NOBODY
from lightwell.core.auth import sessions
from lightwell.core.auth.sessions import SignedIn
from lightwell.core.errors import Forbidden, NotSignedIn, SessionLocked
from lightwell.core.machines import Machines
from lightwell.core.settings import Settings
from lightwell.core.tx import Tx

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})


def cookie_name(request: Request) -> str:
    """Return the cookie's name; over HTTPS browsers hold it to this very host."""
    return "__Host-lightwell" if request.url.scheme in {"https", "wss"} else "lightwell"


def session_secret(request: Request) -> str:
    """Return the secret of the session in the request's cookie, or an empty text."""
    return request.cookies.get(cookie_name(request), "")


async def who(request: Request, machines: Machines, *, while_locked: bool = False) -> SignedIn:
    """Return who sends the request, from memory if the same credential came a moment ago.

    Raises:
        NotSignedIn: neither a valid session nor a valid token.
        Forbidden: a request that changes something came from another site's page.
        SessionLocked: the password opens it again; not ``while_locked``.
    """
    token = _bearer_token(request)
    key = sessions.digest(f"session {session_secret(request)}" if token is None else f"token {token}")
    found = machines.known.get(key)
    if found is None:
        moment = machines.memory.moment
        async with machines.transactions.begin(NOBODY) as nobody:
            found = await signed_in(request, nobody, machines.settings)
        machines.known.put(key, found, moment)
    elif token is None:
        require_own_page(request)
    return found if while_locked else require_unlocked(found)


async def signed_in(request: Request, tx: Tx, settings: Settings) -> SignedIn:
    """Return who sends the request, locked or not.

    Raises:
        NotSignedIn: neither a valid session nor a valid token.
        Forbidden: a request that changes something came from another site's page.
    """
    token = _bearer_token(request)
    if token is not None:
        found = await sessions.by_token(tx, token)
    else:
        found = await sessions.by_session(tx, session_secret(request), settings.idle_lock_s)
        require_own_page(request)
    if found is None:
        message = "sign in, or send a valid token: Authorization: Bearer ..."
        raise NotSignedIn(message)
    return found


def _bearer_token(request: Request) -> str | None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def require_own_page(request: Request) -> None:
    """Go on only if a request that changes something comes from our own pages (the cookie alone proves nothing)."""
    if request.method in SAFE_METHODS or request.headers.get("x-lightwell"):
        return
    message = "a request that changes something carries the header X-Lightwell, or a bearer token"
    raise Forbidden(message)


def require_unlocked(found: SignedIn) -> SignedIn:
    """Go on only if the session is not locked."""
    if found.is_locked:
        message = "the session is locked; the password opens it again"
        raise SessionLocked(message)
    return found
