"""Who is at the other end of a connection."""

import asyncio
import hashlib
import ipaddress
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


@dataclass(frozen=True, slots=True)
class Origin:
    """Where somebody may call from: a network, and the certificate that they show; without one, any or none."""

    network: str
    certificate_sha256: str = ""

    def meets(self, other: "Origin") -> bool:
        """Tell whether one caller could come from both."""
        certificates = {self.certificate_sha256, other.certificate_sha256}
        return ("" in certificates or len(certificates) == 1) and ipaddress.ip_network(self.network).overlaps(
            ipaddress.ip_network(other.network)
        )


def caller_of(transport: asyncio.Transport) -> Caller:
    """Return who is at the other end."""
    address = cast("tuple[str, int] | None", transport.get_extra_info("peername"))
    socket = cast("ssl.SSLObject | None", transport.get_extra_info("ssl_object"))
    certificate = socket.getpeercert(binary_form=True) if socket is not None else None
    digest = hashlib.sha256(certificate).hexdigest() if certificate else ""
    return Caller(address[0] if address else "", digest, next(_lines))
