"""Looking at the audit trail: who saw whom."""

from datetime import datetime
from typing import Annotated, Any

import msgspec

from lightwell.core.actors import Permission
from lightwell.core.audit import store
from lightwell.core.tx import Tx


class AuditQuery(msgspec.Struct):
    """Which rows; an empty subject means all; only of organisations that one audits."""

    subject: str = ""
    before: int = 1 << 62
    limit: Annotated[int, msgspec.Meta(ge=1, le=500)] = 100


class AuditRow(msgspec.Struct):
    """Who did what to whom, when."""

    id: int
    at: datetime
    organisation_id: int | None
    actor_kind: str
    actor_name: str
    action: str
    subject: str
    purpose: str
    screen: str
    count: int
    detail: dict[str, Any]


async def page(tx: Tx, query: AuditQuery) -> list[AuditRow]:
    """Return rows of the audit trail, newest first."""
    mine = list(tx.actor.organisations_with(Permission.AUDIT_READ))
    values = {"organisations": mine, "subject": query.subject, "before": query.before, "limit": query.limit}
    statement = store.PAGE_OF_SUBJECT if query.subject else store.PAGE
    cursor = await tx.connection.execute(statement, values)
    return [AuditRow(*row) for row in await cursor.fetchall()]
