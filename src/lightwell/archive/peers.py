"""Peers: whose images a caller brings.

AE titles repeat between hospitals, so a peer is (called AE, calling AE, address or certificate) → hospital. The most
exact entry wins: a certificate before an address, a longer network before a shorter one, a named AE before ``*``. The
table is small; it is held in memory and read again every few seconds, so that callers are known even while the database
is away.
"""

import asyncio
import contextlib
import ipaddress
from typing import Any, Final

import msgspec

from lightwell.archive.coercion import require_rules
from lightwell.archive.model import Peer, Source
from lightwell.archive.store import write as store
from lightwell.core import clock
from lightwell.core.actors import NOBODY, Permission
from lightwell.core.errors import CallerTaken, Conflict, DatabaseUnavailable, InvalidRequest, NotFound
from lightwell.core.machines import Machines
from lightwell.core.net.callers import Origin
from lightwell.core.tx import Tx

ANY: Final = "*"
_FRESH_S: Final = 3.0
_PATIENCE_S: Final = 2.0


class Peers:
    """The peers of all hospitals, as the network layer asks for them."""

    def __init__(self, machines: Machines) -> None:
        self._machines = machines
        self._peers: list[Peer] = []
        self._read_s = -_FRESH_S
        self._reading: asyncio.Task[None] | None = None

    async def find(self, called_ae: str, calling_ae: str, address: str, certificate_sha256: str) -> Peer | None:
        """Return the peer that a caller is, or None for a stranger."""
        await self.refresh()
        fitting = [peer for peer in self._peers if _fits(peer, called_ae, calling_ae, address, certificate_sha256)]
        return max(fitting, key=_exactness, default=None)

    async def is_called(self, called_ae: str) -> bool:
        """Tell whether anybody here answers to an AE title."""
        await self.refresh()
        return any(peer.called_ae == called_ae for peer in self._peers)

    async def sources(self) -> dict[tuple[int, str], Source]:
        """Return who sends under which (hospital, AE title)."""
        await self.refresh()
        return {(peer.organisation_id, peer.calling_ae): source_of(peer, peer.calling_ae) for peer in self._peers}

    async def whose(self, called_ae: str, calling_ae: str, address: str) -> int | None:
        """Return the one hospital that a stranger most likely belongs to, or None if it may be several's or nobody's.

        Asked in this order: whose machines have that address, whose use that calling AE title, whose call us by that
        title. A peer that may come from anywhere says nothing about addresses, ``*`` nothing about titles.
        """
        await self.refresh()
        came_from = ipaddress.ip_address(address)
        hints = (
            {peer.organisation_id for peer in self._peers if _is_in(peer, came_from)},
            {peer.organisation_id for peer in self._peers if peer.calling_ae == calling_ae},
            {peer.organisation_id for peer in self._peers if peer.called_ae == called_ae},
        )
        return next((min(owners) for owners in hints if len(owners) == 1), None)

    async def refresh(self) -> None:
        """Read the table again if it is no longer fresh; without a database the old one stays.

        Raises:
            DatabaseUnavailable: there is no old one.
        """
        if clock.monotonic_s() - self._read_s < _FRESH_S:
            return
        if self._reading is None or self._reading.done():
            self._reading = asyncio.create_task(self._read())
        # A database that hangs must not keep known peers waiting; the reading goes on and is of use to the next.
        await asyncio.wait([self._reading], timeout=_PATIENCE_S if self._peers else None)
        if not self._peers:
            await self._reading

    async def _read(self) -> None:
        with contextlib.suppress(DatabaseUnavailable) if self._peers else contextlib.nullcontext():
            async with self._machines.transactions.begin(NOBODY) as tx:
                rows = await (await tx.connection.execute(store.ALL_PEERS)).fetchall()
            self._peers = [Peer(*row) for row in rows]
            self._read_s = clock.monotonic_s()


def source_of(peer: Peer, calling_ae: str) -> Source:
    """Return a peer as the source of images."""
    titles = (f"{peer.label} ({calling_ae})", calling_ae, peer.called_ae)
    return Source(peer.organisation_id, *titles, peer.is_trusted, peer.coercion, peer.id)


def _fits(peer: Peer, called_ae: str, calling_ae: str, address: str, certificate_sha256: str) -> bool:
    return (
        peer.called_ae == called_ae
        and peer.calling_ae in {ANY, calling_ae}
        and peer.certificate_sha256 in {"", certificate_sha256}
        and ipaddress.ip_address(address) in ipaddress.ip_network(peer.network)
    )


def _is_in(peer: Peer, address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    network = ipaddress.ip_network(peer.network)
    return network.prefixlen > 0 and address in network


def _exactness(peer: Peer) -> tuple[bool, int, bool]:
    return bool(peer.certificate_sha256), ipaddress.ip_network(peer.network).prefixlen, peer.calling_ae != ANY


async def add(  # noqa: PLR0913 -- a peer is described by its columns
    tx: Tx,
    organisation_id: int,
    label: str,
    called_ae: str,
    calling_ae: str,
    *,
    network: str = "0.0.0.0/0",
    certificate_sha256: str = "",
    is_trusted: bool = True,
    coercion: dict[str, Any] | None = None,
) -> int:
    """Let a machine send for a hospital, and return the peer's id.

    Raises:
        InvalidRequest: an AE title or a network that cannot be.
        Conflict: another hospital has a peer of the same titles and addresses.
        CallerTaken: another hospital's may call by the same titles from the same addresses.
    """
    for title in (called_ae, calling_ae):
        if not 1 <= len(title) <= 16 or not title.isascii() or title != title.strip():  # noqa: PLR2004 -- PS3.5 AE
            message = f"an AE title has 1 to 16 plain characters; {title!r} does not"
            raise InvalidRequest(message)
    require_rules(coercion or {})
    values: dict[str, Any] = {
        "organisation_id": organisation_id,
        "label": label,
        "called_ae": called_ae,
        "calling_ae": calling_ae,
        "network": _network(network),
        "certificate_sha256": certificate_sha256,
        "is_trusted": is_trusted,
        "coercion": msgspec.json.encode(coercion or {}).decode(),
    }
    await _require_free(tx, Peer(id=0, **values))
    row = await (await tx.connection.execute(store.ADD_PEER, values)).fetchone()
    if row is None:
        message = f"{calling_ae} already calls {called_ae} from {values['network']} for another hospital"
        raise Conflict(message)
    await tx.audit("peer.added", organisation_id=organisation_id, detail={"calling_ae": calling_ae, "label": label})
    return int(row[0])


async def _require_free(tx: Tx, wanted: Peer) -> None:
    """Go on only if nothing that another hospital's peer sends could be taken for what this one does."""
    await tx.connection.execute(store.ALONE, {"key": "peers"})
    peers = [Peer(*row) for row in await (await tx.connection.execute(store.ALL_PEERS)).fetchall()]
    if any(_caller(peer) == _caller(wanted) for peer in peers):
        return  # what it may be taken for was decided when it was added
    own = {wanted.organisation_id, *tx.actor.acting_with(Permission.ARCHIVE_RESOLVE)}
    if any(_may_be_one(wanted, peer) for peer in peers if peer.organisation_id not in own):
        message = (
            "a machine that is known here already may call by these titles from these addresses; name the address of "
            "this machine alone (network), or ask whoever runs this node"
        )
        raise CallerTaken(message)


def _caller(peer: Peer) -> tuple[object, ...]:
    """Return whose a peer is, and by what it is told from others."""
    return (peer.organisation_id, peer.called_ae, peer.calling_ae, _origin(peer))


def _may_be_one(one: Peer, other: Peer) -> bool:
    """Tell whether the same caller could be either peer."""
    callers = {one.calling_ae, other.calling_ae}
    is_named_alike = one.called_ae == other.called_ae and (ANY in callers or len(callers) == 1)
    return is_named_alike and _origin(one).meets(_origin(other))


def _origin(peer: Peer) -> Origin:
    return Origin(peer.network, peer.certificate_sha256)


def _network(text: str) -> str:
    try:
        return str(ipaddress.ip_network(text, strict=False))
    except ValueError as error:
        message = f"{text} is no network; write an address or a range such as 10.1.0.0/16"
        raise InvalidRequest(message) from error


async def every(tx: Tx) -> list[Peer]:
    """Return the peers of the hospitals that the actor belongs to."""
    return [Peer(*row) for row in await (await tx.connection.execute(store.PEERS)).fetchall()]


async def remove(tx: Tx, peer_id: int) -> None:
    """Let a machine send no more.

    Raises:
        NotFound: there is no such peer.
    """
    row = await (await tx.connection.execute(store.REMOVE_PEER, {"id": peer_id})).fetchone()
    if row is None:
        message = f"there is no peer {peer_id}; `lightwell peer list` shows them"
        raise NotFound(message)
    await tx.audit("peer.removed", organisation_id=row[0], detail={"peer": peer_id})
