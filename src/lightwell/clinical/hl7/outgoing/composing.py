"""A row of the outbox to the bytes of a message: made once, when it is first sent, and the same from then on."""

import secrets
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final, NamedTuple

from lightwell.clinical import outbox
from lightwell.clinical.hl7.outgoing import mdm, oru, ras
from lightwell.clinical.hl7.outgoing.gathering import gather
from lightwell.clinical.hl7.outgoing.model import Destination, Outgoing, Told, name_of
from lightwell.clinical.hl7.outgoing.segments import evn, msh
from lightwell.clinical.model import subject_of
from lightwell.clinical.store import sending as store
from lightwell.core import clock
from lightwell.core.tx import Tx
from lightwell.standards.hl7.charset import encode_message
from lightwell.standards.hl7.message import Message, Segment, make_message

CONTROL_BYTES: Final = 10
"""Of a control ID: 20 characters, which is what MSH-10 holds in every version."""
Body = Callable[[Told], list[Segment]]


class Composed(NamedTuple):
    """A message as it travels."""

    control_id: str
    raw: bytes


async def compose(tx: Tx, outgoing: Outgoing, destination: Destination, base_url: str) -> Composed:
    """Return a message, made if it was not yet; that a patient's data go to another system is in the audit trail.

    Raises:
        LightwellError: what it tells of is not there, or does not go into such a message.
        CharsetError: the system's character set lacks a character.
    """
    if outgoing.raw is not None:
        return Composed(outgoing.control_id, outgoing.raw)
    told = await gather(tx, outgoing, base_url)
    control_id = secrets.token_hex(CONTROL_BYTES)
    message = make(destination, outgoing.kind, told, control_id, clock.now())
    raw = encode_message(message.encode(), destination.charset)
    await tx.connection.execute(store.MADE, {"id": outgoing.id, "control_id": control_id, "raw": raw})
    patient = name_of(told.resource.get("subject"), base_url) or ("", "")
    detail = {"message": outgoing.id, "destination": destination.id, "kind": outgoing.kind}
    await tx.audit(
        "record.told", organisation_id=outgoing.organisation_id, subject=subject_of(patient[1]), detail=detail
    )
    return Composed(control_id, raw)


def make(destination: Destination, kind: str, told: Told, control_id: str, at: datetime) -> Message:
    """Return the message of a kind that tells of a resource."""
    if kind == outbox.DOCUMENT:
        event = mdm.event_of(told)
        header = msh(destination, f"MDM^{event}", mdm.STRUCTURES[event], control_id, at)
        return make_message([header, evn(event, at), *mdm.document(told)])
    structure, body = _BODIES[kind]
    return make_message([msh(destination, kind, structure, control_id, at), *body(told)])


_BODIES: Final[Mapping[str, tuple[str, Body]]] = {
    outbox.RESULT: (oru.STRUCTURE, oru.report),
    outbox.GIVEN: (ras.STRUCTURE, ras.administration),
}
