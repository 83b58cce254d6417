"""Grants: how one organisation lets another see something of its own.

A grant names who may see what, for which purpose and until when. It is visible to both sides and can be revoked; the
database applies it in the policies of row-level security, so no page or protocol can forget it.
"""

from dataclasses import dataclass
from datetime import datetime

from lightwell.core.auth import store
from lightwell.core.errors import NotFound
from lightwell.core.tx import Tx


@dataclass(frozen=True, slots=True)
class Grant:
    """What is let, by whom and to whom; ``resource`` is the id of a thing of ``kind`` in the giver's words."""

    organisation_id: int
    subject_organisation_id: int
    kind: str
    resource: str
    purpose: str
    until: datetime
    reason: str = ""


async def give(tx: Tx, grant: Grant) -> int:
    """Let another organisation see something, and return the grant's id."""
    values = {
        "organisation_id": grant.organisation_id,
        "subject_organisation_id": grant.subject_organisation_id,
        "kind": grant.kind,
        "resource": grant.resource,
        "purpose": grant.purpose,
        "reason": grant.reason,
        "until": grant.until,
        "granted_by": tx.actor.name,
    }
    row = await (await tx.connection.execute(store.GRANT, values)).fetchone()
    grant_id = int(row[0]) if row else 0
    facts = {"grant": grant_id, "to": grant.subject_organisation_id, "until": grant.until.isoformat()}
    await tx.audit(
        "grant.given",
        organisation_id=grant.organisation_id,
        subject=f"{grant.kind}/{grant.resource}",
        purpose=grant.purpose,
        detail=facts,
    )
    return grant_id


async def revoke(tx: Tx, grant_id: int) -> None:
    """Take a grant back, at once.

    Raises:
        NotFound: there is no such grant in force.
    """
    row = await (await tx.connection.execute(store.REVOKE, {"id": grant_id})).fetchone()
    if row is None:
        message = f"there is no grant {grant_id} in force"
        raise NotFound(message)
    await tx.audit("grant.revoked", organisation_id=row[0], detail={"grant": grant_id})
