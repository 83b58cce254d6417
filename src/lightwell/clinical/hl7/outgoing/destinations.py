"""Destinations: which systems a hospital tells, and of what."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from psycopg import errors

from lightwell.clinical.hl7.outgoing.model import Destination
from lightwell.clinical.outbox import KINDS
from lightwell.clinical.store import sending as store
from lightwell.core.errors import Conflict, InvalidRequest, NotFound
from lightwell.core.net.outgoing import Outgoing, read_host, read_outgoing
from lightwell.core.settings import Settings
from lightwell.core.tx import Tx
from lightwell.standards.hl7.charset import GB_18030, UTF_8, codec_of
from lightwell.standards.hl7.errors import CharsetError

_CARRIES_ALL: Final = {codec_of(UTF_8): UTF_8, codec_of(GB_18030): GB_18030}
_MOST_PORT: Final = 65535


@dataclass(frozen=True, slots=True)
class Terms:
    """What is agreed with a system that is told: where it listens, how it is written to, of what it is told."""

    label: str
    host: str
    port: int
    receiving_application: str
    receiving_facility: str = ""
    sending_application: str = "LIGHTWELL"
    sending_facility: str = ""
    is_tls: bool = False
    charset: str = UTF_8
    kinds: Sequence[str] = field(default=KINDS)


def targets(settings: Settings) -> Outgoing:
    """Return where systems may be that are told: nobody sends the record to where the operator did not allow."""
    return read_outgoing(settings.hl7_targets, "LIGHTWELL_HL7_TARGETS")


async def add(tx: Tx, organisation_id: int, terms: Terms, allowed: Outgoing) -> int:
    """Have a system told from now on, and return the destination's number.

    Raises:
        InvalidRequest: an address that may not be called, or terms that cannot be.
        Conflict: the same system is told already.
    """
    values = _columns(terms, allowed) | {"organisation_id": organisation_id}
    row = await (await tx.connection.execute(store.ADD_DESTINATION, values)).fetchone()
    if row is None:
        raise Conflict(_taken(terms))
    await tx.audit("message_destination.added", organisation_id=organisation_id, detail={"label": terms.label})
    return int(row[0])


async def change(tx: Tx, organisation_id: int, number: int, terms: Terms, allowed: Outgoing) -> None:
    """Have a system told under other terms; what was made for it already goes out as it was made.

    Raises:
        InvalidRequest: an address that may not be called, or terms that cannot be.
        NotFound: there is no such destination.
        Conflict: the same system is told by another.
    """
    values = _columns(terms, allowed) | {"organisation_id": organisation_id, "id": number}
    try:
        row = await (await tx.connection.execute(store.CHANGE_DESTINATION, values)).fetchone()
    except errors.UniqueViolation as error:
        raise Conflict(_taken(terms)) from error
    if row is None:
        raise NotFound(_unknown(number))
    await tx.audit("message_destination.changed", organisation_id=organisation_id, detail={"destination": number})


async def every(tx: Tx) -> list[Destination]:
    """Return the systems that the actor's hospitals tell."""
    return [Destination(*row) for row in await (await tx.connection.execute(store.DESTINATIONS)).fetchall()]


async def remove(tx: Tx, number: int) -> None:
    """Have a system told no more.

    Raises:
        NotFound: there is no such destination.
        Conflict: something waits for it still.
    """
    row = await (await tx.connection.execute(store.REMOVE_DESTINATION, {"id": number})).fetchone()
    if row is None:
        await _tell_why(tx, number)
    else:
        await tx.audit("message_destination.removed", organisation_id=row[0], detail={"destination": number})


async def _tell_why(tx: Tx, number: int) -> None:
    row = await (await tx.connection.execute(store.WAITING, {"id": number})).fetchone()
    if row is None:
        raise NotFound(_unknown(number))
    message = f"{row[0]} messages wait for it still: let them go out, or set them aside first"
    raise Conflict(message)


def _taken(terms: Terms) -> str:
    return f"{terms.receiving_application} at {terms.host}:{terms.port} is told already"


def _unknown(number: int) -> str:
    return f"there is no destination {number}, or it is not yours to change"


def _columns(terms: Terms, allowed: Outgoing) -> dict[str, Any]:
    """Return terms that can be kept."""
    host = read_host(terms.host)
    allowed.require(host)
    if not 0 < terms.port <= _MOST_PORT:
        message = f"expected a port from 1 to {_MOST_PORT}; {terms.port} came"
        raise InvalidRequest(message)
    unknown = [kind for kind in terms.kinds if kind not in KINDS]
    if unknown or not terms.kinds:
        message = f"expected some of {', '.join(KINDS)}; {', '.join(unknown) or 'nothing'} came"
        raise InvalidRequest(message)
    if not terms.receiving_application.strip():
        message = "expected what the system calls itself (MSH-5), so that it is not told of what it told itself"
        raise InvalidRequest(message)
    return asdict(terms) | {"charset": _charset(terms.charset), "host": host, "kinds": list(terms.kinds)}


def _charset(text: str) -> str:
    """Return the term of table 0211 for a character set that carries every text of the record."""
    try:
        found = _CARRIES_ALL.get(codec_of(text))
    except CharsetError:
        found = None
    if found is None:
        message = f"expected {UTF_8} or {GB_18030}, which carry every name; {text!r} came"
        raise InvalidRequest(message)
    return found
