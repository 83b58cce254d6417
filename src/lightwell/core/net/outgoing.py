"""Where a node may send what people ask it to send: nobody makes it call a machine that the operator did not name.

The operator lists names and networks. A listed name may have public addresses; an address inside, also of a listed
name, is called only if a listed network holds it. The address that was looked at is the one that is called, whatever
the name means a moment later.
"""

import asyncio
import ipaddress
import re
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias
from urllib.parse import SplitResult, urlsplit

from lightwell.core.errors import ConfigurationError, InvalidRequest

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network
_PORTS: Final = {"http": 80, "https": 443}
_LONGEST: Final = 2000
_LABEL: Final = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_LONGEST_NAME: Final = 253
SUBSCRIPTIONS: Final = "LIGHTWELL_SUBSCRIPTION_TARGETS"


@dataclass(frozen=True, slots=True)
class Target:
    """An http(s) address in its parts."""

    scheme: str
    host: str
    port: int
    path: str
    query: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """The names and networks that an operator allows, and the setting that lists them."""

    names: frozenset[str] = frozenset()
    networks: Sequence[Network] = ()
    setting: str = SUBSCRIPTIONS

    def require(self, host: str) -> None:
        """Go on only if a host may be called, as far as its name tells.

        Raises:
            InvalidRequest: neither its name nor its address is listed.
        """
        address = _literal(host)
        is_listed = self._is_listed(host) or bool(self.networks)  # a name may lie in a listed network
        if not (is_listed if address is None else self._holds(address)):
            raise InvalidRequest(self._not_allowed)

    async def addresses(self, host: str, port: int) -> list[str]:
        """Return the addresses of a host, all of which may be called.

        Raises:
            InvalidRequest: one of them may not.
            OSError: the name is not known.
        """
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        texts = list(dict.fromkeys(str(item[4][0]) for item in found))
        is_named = self._is_listed(host)
        if not all(self._may_call(ipaddress.ip_address(text.partition("%")[0]), is_named=is_named) for text in texts):
            raise InvalidRequest(self._not_allowed)
        return texts

    @property
    def _not_allowed(self) -> str:
        return (
            f"expected an address that this server may call; whoever runs it lists names and networks in {self.setting}"
        )

    def _may_call(self, address: Address, *, is_named: bool) -> bool:
        return self._holds(address) or (is_named and address.is_global and not address.is_multicast)

    def _holds(self, address: Address) -> bool:
        plain = getattr(address, "ipv4_mapped", None) or address
        return any(plain in network for network in self.networks)

    def _is_listed(self, host: str) -> bool:
        parents = [host[place + 1 :] for place, letter in enumerate(host) if letter == "."]
        return host in self.names or any(f"*.{parent}" in self.names for parent in parents)


@lru_cache(maxsize=8)
def read_outgoing(text: str, setting: str = SUBSCRIPTIONS) -> Outgoing:
    """Read the operator's list: names, ``*.`` and a name for all below it, addresses and networks.

    Raises:
        ConfigurationError: something in it is none of these.
    """
    names: set[str] = set()
    networks: list[Network] = []
    for item in text.replace(",", " ").lower().split():
        try:
            networks.append(ipaddress.ip_network(item))
        except ValueError as error:
            if "/" in item or ":" in item or not item.strip("*."):
                message = f"{setting}: expected names and networks, {item!r} came: {error}"
                raise ConfigurationError(message) from error
            names.add(item)
    return Outgoing(frozenset(names), tuple(networks), setting)


def read_host(text: str) -> str:
    """Read the name or the address of a machine as it may be called.

    Raises:
        InvalidRequest: it is neither.
    """
    try:
        host = text.strip().rstrip(".").encode("idna").decode().lower()
    except UnicodeError:
        host = ""
    labels = host.split(".")
    is_name = len(host) <= _LONGEST_NAME and not labels[-1].isdecimal() and all(map(_LABEL.fullmatch, labels))
    if not is_name and _literal(text.strip()) is None:
        message = "expected a host as his.example.org or 10.1.2.3, something else came"
        raise InvalidRequest(message)
    return host if is_name else text.strip()


def read_target(text: str) -> Target:
    """Read an address as it may be called.

    Raises:
        InvalidRequest: it is no http(s) address, or holds a password.
    """
    parts = _parts(text)
    if parts is None:
        message = "expected an address as https://his.example.org/notify, without user, password and fragment"
        raise InvalidRequest(message)
    host, port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
    return Target(parts.scheme, host.rstrip("."), port, parts.path, parts.query)


def _parts(text: str) -> SplitResult | None:
    try:
        parts = urlsplit(text)
        _ = parts.port  # raises where it is no number
        host = (parts.hostname or "").encode("idna")
    except (ValueError, UnicodeError):
        return None
    is_clean = text.isascii() and text.isprintable() and " " not in text and len(text) <= _LONGEST
    is_plain = parts.scheme in _PORTS and host and not parts.fragment and "@" not in parts.netloc
    return parts if is_clean and is_plain else None


def _literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None
