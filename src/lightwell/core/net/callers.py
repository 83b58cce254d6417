"""Who is at the other end of a connection."""

import asyncio
import hashlib
import itertools
import ssl
from dataclasses import dataclass
from typing import cast

_lines = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: address, the SHA-256 of the client certificate, if there is one, and which of its lines this is."""

    address: str
    certificate_sha256: str
    line: int = 0


def caller_of(transport: asyncio.Transport) -> Caller:
    """Return who is at the other end."""
    address = cast("tuple[str, int] | None", transport.get_extra_info("peername"))
    socket = cast("ssl.SSLObject | None", transport.get_extra_info("ssl_object"))
    certificate = socket.getpeercert(binary_form=True) if socket is not None else None
    digest = hashlib.sha256(certificate).hexdigest() if certificate else ""
    return Caller(address[0] if address else "", digest, next(_lines))
