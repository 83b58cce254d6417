"""Sessions and tokens: how a browser or a program shows who it is.

A session is an opaque random number in an HttpOnly cookie; the database keeps only its hash, so a copy of the database
opens nothing. A session that nobody used for ``idle_lock_s`` is locked: the password opens it again, in place.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from lightwell.core import clock
from lightwell.core.actors import Actor
from lightwell.core.auth import accounts, store
from lightwell.core.auth.accounts import Account
from lightwell.core.errors import SignInFailed, TooManyAttempts
from lightwell.core.tx import Tx

ATTEMPT_WINDOW_S: Final = 300
ATTEMPTS_PER_NAME: Final = 5
ATTEMPTS_PER_ADDRESS: Final = 30


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who is behind a session or a token; a token is never locked."""

    account: Account
    actor: Actor
    is_locked: bool


def digest(secret: str) -> bytes:
    """Return what the database keeps of a session or token."""
    return hashlib.sha256(secret.encode()).digest()


async def require_attempts_left(tx: Tx, username: str, address: str) -> None:
    """Go on only if neither the name nor the address failed too often.

    Raises:
        TooManyAttempts: says after how many seconds the next attempt counts.
    """
    for key, most in ((f"name {username}", ATTEMPTS_PER_NAME), (f"address {address}", ATTEMPTS_PER_ADDRESS)):
        cursor = await tx.connection.execute(store.ATTEMPTS, {"key": key, "window_s": ATTEMPT_WINDOW_S})
        count, wait_s = await cursor.fetchone() or (0, 0)
        if count >= most:
            message = f"too many failed sign-ins; wait {wait_s} seconds"
            raise TooManyAttempts(message, retry_after_s=max(1, wait_s))


async def note_failure(tx: Tx, username: str, address: str) -> None:
    """Count a failed sign-in against the name and the address."""
    for key in (f"name {username}", f"address {address}"):
        await tx.connection.execute(store.ATTEMPT, {"key": key})
    await tx.audit("sign_in.failed", subject="account", detail={"address": address})


async def sign_in(tx: Tx, account: Account, hours: int) -> str:
    """Open a session and return its secret, the only copy there is."""
    await tx.connection.execute(store.FORGET_ATTEMPTS, {"key": f"name {account.username}"})
    await tx.connection.execute(store.END_OLD_SESSIONS)
    secret = secrets.token_urlsafe(32)
    values = {
        "token_hash": digest(secret),
        "account_id": account.id,
        "expires_at": clock.now() + timedelta(hours=hours),
    }
    await tx.connection.execute(store.CREATE_SESSION, values)
    await tx.audit("sign_in", subject=f"account/{account.username}")
    return secret


async def by_session(tx: Tx, secret: str, idle_lock_s: int) -> SignedIn | None:
    """Return who is behind a session's cookie, or None when it has ended."""
    values = {"token_hash": digest(secret), "idle_lock_s": idle_lock_s}
    row = await (await tx.connection.execute(store.SESSION, values)).fetchone()
    if row is None:
        return None
    account = Account(*row[:6])
    return SignedIn(account, await accounts.actor_of(tx, account), bool(row[6]))


async def by_token(tx: Tx, secret: str) -> SignedIn | None:
    """Return who is behind an API token, or None when it is not valid."""
    row = await (await tx.connection.execute(store.TOKEN, {"token_hash": digest(secret)})).fetchone()
    if row is None:
        return None
    account = Account(*row)
    return SignedIn(account, await accounts.actor_of(tx, account), is_locked=False)


async def lock(tx: Tx, secret: str) -> None:
    """Lock a session; the password opens it again."""
    await tx.connection.execute(store.LOCK_SESSION, {"token_hash": digest(secret)})


async def unlock(tx: Tx, secret: str, account: Account, password: str) -> None:
    """Open a locked session.

    Raises:
        SignInFailed: the password is wrong.
    """
    if not await accounts.is_password(account, password):
        message = "the password is wrong"
        raise SignInFailed(message)
    await tx.connection.execute(store.UNLOCK_SESSION, {"token_hash": digest(secret)})


async def sign_out(tx: Tx, secret: str) -> None:
    """End a session."""
    await tx.connection.execute(store.END_SESSION, {"token_hash": digest(secret)})
    await tx.audit("sign_out")


async def create_token(tx: Tx, account: Account, label: str, expires_at: datetime | None = None) -> str:
    """Create an API token for programs and return it, the only copy there is."""
    secret = f"lw_{secrets.token_urlsafe(32)}"
    values = {
        "token_hash": digest(secret),
        "account_id": account.id,
        "label": label,
        "expires_at": expires_at,
    }
    await tx.connection.execute(store.CREATE_TOKEN, values)
    await tx.audit("token.created", subject=f"account/{account.username}", detail={"label": label})
    return secret
