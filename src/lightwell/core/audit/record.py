"""Writing the audit trail, in the transaction of the act."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from psycopg import AsyncConnection

from lightwell.core.actors import Actor
from lightwell.core.audit import store


async def write(
    connection: AsyncConnection[Any],
    actor: Actor,
    action: str,
    *,
    organisation_id: int | None,
    subject: str = "",
    purpose: str = "",
    screen: str = "",
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Write that the actor did something (signed in, changed, erased, exported)."""
    await connection.execute(
        store.WRITE,
        {
            "organisation_id": organisation_id,
            "actor_kind": actor.kind,
            "actor_name": actor.name,
            "action": action,
            "subject": subject,
            "purpose": purpose,
            "screen": screen,
            "detail": msgspec.json.encode(detail or {}).decode(),
        },
    )


async def read(
    connection: AsyncConnection[Any],
    actor: Actor,
    subjects: Iterable[tuple[int, str]],
    *,
    purpose: str,
    screen: str,
) -> None:
    """Write that the actor saw data of subjects, given as (organisation, subject).

    The same actor, subject, purpose and screen within five minutes are one row; the repeats are counted.
    """
    unique = sorted(set(subjects))
    if not unique:
        return
    await connection.execute(
        store.READ,
        {
            "actor_kind": actor.kind,
            "actor_name": actor.name,
            "organisation_ids": [organisation_id for organisation_id, _ in unique],
            "subjects": [subject for _, subject in unique],
            "purpose": purpose,
            "screen": screen,
        },
    )
