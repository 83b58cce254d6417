"""Peers over HTTP: who may send, where they listen, and whether they answer."""

from typing import Annotated

import msgspec

from lightwell.archive import destinations, peers
from lightwell.archive.destinations import Destination
from lightwell.archive.echoing import echo
from lightwell.archive.store import settle as store
from lightwell.core.actors import Permission
from lightwell.core.errors import Conflict, Forbidden, NotFound
from lightwell.core.machines import Machines
from lightwell.core.net.dicom_scu import PeerUnreachable
from lightwell.core.tx import Tx

_Label = Annotated[str, msgspec.Meta(max_length=64)]


class PeerView(msgspec.Struct):
    """A machine that may send, and where it listens if it takes images itself."""

    id: int
    organisation_id: int
    label: str
    called_ae: str
    calling_ae: str
    network: str
    is_trusted: bool
    host: str | None
    port: int | None
    is_tls: bool


class Address(msgspec.Struct):
    """Where a machine listens."""

    host: str
    port: int
    is_tls: bool = False


class NewPeer(msgspec.Struct):
    """A machine that shall be let send; an empty ``called_ae`` is this node's."""

    organisation_id: int
    label: _Label
    calling_ae: str
    called_ae: str = ""
    network: str = "0.0.0.0/0"
    is_trusted: bool = True
    address: Address | None = None


class Added(msgspec.Struct):
    """The number that a new peer was given."""

    id: int


class Echoed(msgspec.Struct):
    """How long a machine took to answer in milliseconds, or why it did not."""

    milliseconds: float | None = None
    reason: str = ""


async def peer_list(tx: Tx) -> list[PeerView]:
    """Return the machines that may send for one's hospitals."""
    return [PeerView(*row) for row in await (await tx.connection.execute(store.PEERS)).fetchall()]


async def add(tx: Tx, machines: Machines, body: NewPeer) -> Added:
    """Let a machine send for a hospital."""
    if body.organisation_id not in tx.actor.organisations_with(Permission.ARCHIVE_RESOLVE):
        message = f"organisation {body.organisation_id} is not yours to add machines to"
        raise Forbidden(message)
    called_ae = body.called_ae or machines.settings.ae_title
    label = body.label.strip() or body.calling_ae
    names = (label, called_ae, body.calling_ae)
    number = await peers.add(tx, body.organisation_id, *names, network=body.network, is_trusted=body.is_trusted)
    if body.address is not None:
        await _set_address(tx, number, body.address)
    return Added(number)


async def set_address(tx: Tx, number: int, body: Address) -> None:
    """Note where a machine listens."""
    await _require_mine(tx, number)
    await _set_address(tx, number, body)


async def remove(tx: Tx, number: int) -> None:
    """Let a machine send no more."""
    await _require_mine(tx, number)
    await peers.remove(tx, number)


async def ask(tx: Tx, machines: Machines, number: int) -> Echoed:
    """Ask a machine whether it is there (C-ECHO, PS3.7 9.1.5)."""
    await _require_mine(tx, number)
    row = await (await tx.connection.execute(store.PEER_DESTINATION, {"id": number})).fetchone()
    if row is None or row[3] is None:
        message = "the machine has no address; note where it listens first"
        raise Conflict(message)
    try:
        return Echoed(await echo(machines, Destination(*row)))
    except PeerUnreachable as error:
        return Echoed(reason=str(error))


async def _set_address(tx: Tx, number: int, address: Address) -> None:
    await destinations.set_address(tx, number, address.host, address.port, is_tls=address.is_tls)


async def _require_mine(tx: Tx, number: int) -> None:
    row = await (await tx.connection.execute(store.PEER_OWNER, {"id": number})).fetchone()
    if row is None or row[0] not in tx.actor.organisations_with(Permission.ARCHIVE_RESOLVE):
        message = f"there is no machine {number}, or it is not yours to change"
        raise NotFound(message)
