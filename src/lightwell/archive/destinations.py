"""Destinations: peers that listen, and so can be sent images."""

from dataclasses import dataclass

from lightwell.archive.store import send as store
from lightwell.core.errors import InvalidRequest, NotFound
from lightwell.core.tx import Tx

_PORTS = range(1, 65536)


@dataclass(frozen=True, slots=True)
class Destination:
    """A machine that takes images: its AE title, the one by which we call ourselves, and where it listens."""

    organisation_id: int
    title: str
    our_title: str
    host: str
    port: int
    is_tls: bool = False
    peer_id: int | None = None


async def find(tx: Tx, title: str) -> Destination:
    """Return the destination of an AE title, among the peers of the actor's hospitals.

    Raises:
        NotFound: no peer of that title has an address.
    """
    row = await (await tx.connection.execute(store.DESTINATION, {"title": title})).fetchone()
    if row is None:
        message = f"no peer {title} has an address; give it one: lightwell peer address ID HOST PORT"
        raise NotFound(message)
    return Destination(*row)


async def set_address(tx: Tx, peer_id: int, host: str, port: int, *, is_tls: bool = False) -> None:
    """Note where a peer listens.

    Raises:
        InvalidRequest: a port that cannot be.
        NotFound: there is no such peer.
    """
    if port not in _PORTS or not host.strip():
        message = f"a peer listens at a host and a port from 1 to 65535; {host!r} {port} came"
        raise InvalidRequest(message)
    values = {"id": peer_id, "host": host.strip(), "port": port, "is_tls": is_tls}
    cursor = await tx.connection.execute(store.SET_ADDRESS, values)
    if not cursor.rowcount:
        message = f"there is no peer {peer_id}; `lightwell peer list` shows them"
        raise NotFound(message)
    await tx.audit("peer.addressed", detail={"peer": peer_id, "host": host, "port": port})
