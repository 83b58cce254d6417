"""Sources: whose messages a caller brings.

Names of applications repeat between hospitals, so a source is (sending application, sending facility, address or
certificate) → hospital. The most exact entry wins: a certificate before an address, a longer network before a shorter
one, a named application before ``*``. The table is small; it is held in memory and read again every few seconds, so
that callers are known even while the database is away.
"""

import contextlib
import ipaddress
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime
from functools import lru_cache
from typing import Final

from psycopg import errors

from lightwell.clinical import records
from lightwell.clinical.hl7.model import Source
from lightwell.clinical.keys import hashed
from lightwell.clinical.store import gateway as store
from lightwell.core import clock
from lightwell.core.actors import NOBODY, Permission
from lightwell.core.errors import CallerTaken, Conflict, DatabaseUnavailable, InvalidRequest, NotFound
from lightwell.core.machines import Machines
from lightwell.core.net.callers import Caller, Origin
from lightwell.core.tx import Tx
from lightwell.standards.hl7.charset import UTF_8, codec_of
from lightwell.standards.hl7.errors import CharsetError
from lightwell.standards.hl7.header import Header

ANY: Final = "*"
_FRESH_S: Final = 3.0


class Sources:
    """The sources of all hospitals, as the receiver and the worker ask for them."""

    def __init__(self, machines: Machines) -> None:
        self._machines = machines
        self._sources: Mapping[int, Source] = {}
        self._read_s = -_FRESH_S

    async def find(self, header: Header | None, caller: Caller) -> Source | None:
        """Return the source that a message comes from, or None for a stranger.

        Of what has no MSH only address and certificate are known; it is somebody's if one hospital alone has those.
        """
        await self._refresh()
        here = [source for source in self._sources.values() if _calls_from(source, caller)]
        if header is None:
            return here[0] if len({source.organisation_id for source in here}) == 1 else None
        return max((source for source in here if _sends(source, header)), key=_exactness, default=None)

    async def of(self, source_id: int) -> Source | None:
        """Return a source by its number, if it is still one."""
        await self._refresh()
        return self._sources.get(source_id)

    async def organisations(self) -> tuple[int, ...]:
        """Return the hospitals that have sources."""
        await self._refresh()
        return tuple(sorted({source.organisation_id for source in self._sources.values()}))

    async def _refresh(self) -> None:
        if clock.monotonic_s() - self._read_s < _FRESH_S:
            return
        with contextlib.suppress(DatabaseUnavailable) if self._sources else contextlib.nullcontext():
            async with self._machines.transactions.begin(NOBODY) as tx:
                rows = await (await tx.connection.execute(store.ALL_SOURCES)).fetchall()
            self._sources = {row[0]: Source(*row) for row in rows}
            self._read_s = clock.monotonic_s()


def _calls_from(source: Source, caller: Caller) -> bool:
    return _is_in(caller.address, source.network) and source.certificate_sha256 in {"", caller.certificate_sha256}


@lru_cache(maxsize=4096)
def _is_in(address: str, network: str) -> bool:
    host = address.partition("%")[0]  # fe80::1%eth0 is an address here only
    return ipaddress.ip_address(host) in ipaddress.ip_network(network)


def _sends(source: Source, header: Header) -> bool:
    """Compare names as bytes: the characters of a header are known only once its source is."""
    names = (header.sending_application, header.sending_facility)
    return all(want in {ANY, name} for want, name in zip(_names(source), names, strict=True))


def _exactness(source: Source) -> tuple[bool, int, bool, bool]:
    length = ipaddress.ip_network(source.network).prefixlen
    return bool(source.certificate_sha256), length, source.sending_application != ANY, source.sending_facility != ANY


async def add(  # noqa: PLR0913 -- a source is described by its columns
    tx: Tx,
    organisation_id: int,
    label: str,
    sending_application: str,
    sending_facility: str = ANY,
    *,
    network: str = "0.0.0.0/0",
    certificate_sha256: str = "",
    issuer: str = "",
    charset: str = UTF_8,
    utc_offset: str = "+08:00",
    is_enhanced: bool = False,
) -> int:
    """Let a system send for a hospital, and return the source's number.

    Raises:
        InvalidRequest: a network, a character set or an offset that cannot be.
        Conflict: there is a source of the same names and addresses.
        CallerTaken: another hospital's may send by the same name from the same addresses.
    """
    names = (label, sending_application, sending_facility)
    issuer = issuer.strip() or f"urn:lightwell:source:{label}"
    terms = (network, certificate_sha256, issuer, charset, utc_offset, is_enhanced)
    source = _checked(Source(0, organisation_id, *names, *terms))
    await _require_free(tx, source)
    row = await (await tx.connection.execute(store.ADD_SOURCE, asdict(source))).fetchone()
    if row is None:
        message = f"{sending_application} of {sending_facility} already sends from {source.network}"
        raise Conflict(message)
    await tx.audit("message_source.added", organisation_id=organisation_id, detail={"label": label})
    return int(row[0])


async def change(tx: Tx, source: Source) -> None:
    """Have a system be known as it is described now; what it sent stays as it was read.

    Without an issuer it keeps the one that it has: by that its patients are known.

    Raises:
        InvalidRequest: a network, a character set or an offset that cannot be.
        NotFound: there is no such source.
        Conflict: there is another of the same names and addresses.
        CallerTaken: another hospital's may send by the same name from the same addresses.
    """
    wanted = _checked(source)
    await _require_free(tx, wanted)
    try:
        row = await (await tx.connection.execute(store.CHANGE_SOURCE, asdict(wanted))).fetchone()
    except errors.UniqueViolation as error:
        message = f"{source.sending_application} of {source.sending_facility} already sends from {source.network}"
        raise Conflict(message) from error
    if row is None:
        message = f"there is no source {source.id}, or it is not yours to change"
        raise NotFound(message)
    detail = {"source": source.id}
    await tx.audit("message_source.changed", organisation_id=source.organisation_id, detail=detail)


async def every(tx: Tx) -> list[Source]:
    """Return the sources of the hospitals that the actor belongs to."""
    return [Source(*row) for row in await (await tx.connection.execute(store.SOURCES)).fetchall()]


async def remove(tx: Tx, source_id: int) -> None:
    """Let a system send no more; what it sent stays.

    Raises:
        NotFound: there is no such source.
    """
    row = await (await tx.connection.execute(store.REMOVE_SOURCE, {"id": source_id})).fetchone()
    if row is None:
        message = f"there is no source {source_id}; `lightwell hl7 source list` shows them"
        raise NotFound(message)
    await tx.audit("message_source.removed", organisation_id=row[0], detail={"source": source_id})


async def _require_free(tx: Tx, wanted: Source) -> None:
    """Go on only if nothing that another hospital's source sends could be taken for what this one does."""
    await records.alone(tx, hashed("sources of messages"))
    sources = [Source(*row) for row in await (await tx.connection.execute(store.ALL_SOURCES)).fetchall()]
    if any(source.id == wanted.id and _caller(source) == _caller(wanted) for source in sources):
        return  # what it may be taken for was decided when it was added
    own = {wanted.organisation_id, *tx.actor.acting_with(Permission.RECORD_RESOLVE)}
    if any(_may_be_one(wanted, source) for source in sources if source.organisation_id not in own):
        message = (
            "a system that is known here already may send under these names from these addresses; name the addresses "
            "of this system alone (network), or ask whoever runs this node"
        )
        raise CallerTaken(message)


def _caller(source: Source) -> tuple[object, ...]:
    """Return by what a source is told from others."""
    return (*_names(source), _origin(source))


def _may_be_one(one: Source, other: Source) -> bool:
    """Tell whether the same message from the same caller could be of either source."""
    names = zip(_names(one), _names(other), strict=True)
    return all(ANY in pair or pair[0] == pair[1] for pair in names) and _origin(one).meets(_origin(other))


def _origin(source: Source) -> Origin:
    return Origin(source.network, source.certificate_sha256)


def _names(source: Source) -> tuple[str, str]:
    """Return application and facility as bytes that stand in a header: the same name differs by its characters."""
    codec = codec_of(source.charset)
    names = (source.sending_application, source.sending_facility)
    application, facility = (name.encode(codec, "replace").decode("latin-1") for name in names)
    return application, facility


def _checked(source: Source) -> Source:
    return replace(
        source,
        network=_network(source.network),
        issuer=source.issuer.strip(),
        charset=_charset(source.charset),
        utc_offset=_offset(source.utc_offset),
    )


def _network(text: str) -> str:
    try:
        return str(ipaddress.ip_network(text, strict=False))
    except ValueError as error:
        message = f"{text} is no network; write an address or a range such as 10.1.0.0/16"
        raise InvalidRequest(message) from error


def _charset(text: str) -> str:
    try:
        codec_of(text)
    except CharsetError as error:
        raise InvalidRequest(str(error)) from error
    return text


def _offset(text: str) -> str:
    try:
        datetime.strptime(text, "%z")
    except ValueError as error:
        message = f"{text} is no offset of a zone; write one such as +08:00"
        raise InvalidRequest(message) from error
    return text
