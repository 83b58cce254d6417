"""Writing the audit trail, in the transaction of the act."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import msgspec
from psycopg import AsyncConnection

from lightwell.core.actors import Actor
from lightwell.core.audit import store

Subject: TypeAlias = tuple[int, str]
"""Whose data, as (organisation, subject)."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who sees data, for which purpose and on which screen."""

    actor_kind: str
    actor_name: str
    purpose: str
    screen: str

    @classmethod
    def of(cls, actor: Actor, purpose: str, screen: str) -> "Reader":
        """Return an actor as somebody who sees data."""
        return cls(actor.kind, actor.name, purpose, screen)


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


async def write_each(
    connection: AsyncConnection[Any], actor: Actor, action: str, subjects: Sequence[Subject], *, purpose: str
) -> None:
    """Write that the actor did the same with each of some subjects, at once."""
    if not subjects:
        return
    await connection.execute(
        store.WRITE_EACH,
        {
            "actor_kind": actor.kind,
            "actor_name": actor.name,
            "action": action,
            "organisation_ids": [organisation_id for organisation_id, _ in subjects],
            "subjects": [subject for _, subject in subjects],
            "purpose": purpose,
        },
    )


async def read(connection: AsyncConnection[Any], reader: Reader, subjects: Mapping[Subject, int]) -> None:
    """Write how often somebody saw data of subjects.

    The same reader and subject within five minutes are one row; the repeats are counted.
    """
    if not subjects:
        return
    unique = sorted(subjects)
    await connection.execute(
        store.READ,
        {
            "actor_kind": reader.actor_kind,
            "actor_name": reader.actor_name,
            "organisation_ids": [organisation_id for organisation_id, _ in unique],
            "subjects": [subject for _, subject in unique],
            "counts": [subjects[key] for key in unique],
            "purpose": reader.purpose,
            "screen": reader.screen,
        },
    )
