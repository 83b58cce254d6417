"""Sockets for thin and lossy lines.

On a line that loses packets the usual congestion control (CUBIC) takes each loss for a jam and slows down; BBR looks at
what the line carries. With 4 Mb/s, 200 ms and 2 % of loss each way that is 3.3 against 0.5 Mb/s. Only who sends has to
have it. Accepted connections inherit what is set on the socket that listens.

What waits unsent in the kernel is kept short, so that what is wished for now goes out before what was wished for
earlier. Not on this machine's own addresses: nothing waits there, and it would cost a quarter of the speed.
"""

import contextlib
import fcntl
import ipaddress
import logging
import socket
import struct
from typing import Final, Protocol

from lightwell.core import logs
from lightwell.core.errors import ConfigurationError

log = logging.getLogger(__name__)
BBR: Final = "bbr"
HOW_TO_GET_BBR: Final = "modprobe tcp_bbr (docs/operations/network.md)"
_UNSENT_BYTES: Final = 128 << 10
_SIOCOUTQNSD: Final = 0x894B
_NAME_BYTES: Final = 16
_INT: Final = struct.Struct("i")


class Tunable(Protocol):
    """A socket, or what an event loop shows of one."""

    def setsockopt(self, level: int, optname: int, value: int | bytes, /) -> None:
        """Set an option."""
        ...

    def fileno(self) -> int:
        """Return the descriptor."""
        ...


def bind(host: str, port: int) -> socket.socket:
    """Return a socket that is bound to an address, tuned, and does not listen yet.

    Raises:
        ConfigurationError: the port cannot be opened.
    """
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    tune(listener)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        message = f"port {port} on {host} cannot be opened: another program has it, or it needs other rights"
        raise ConfigurationError(message) from error
    if not ipaddress.ip_address(listener.getsockname()[0]).is_loopback:
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, _UNSENT_BYTES)
    return listener


def tune(endpoint: Tunable) -> None:
    """Have a socket send at once, and by BBR where the kernel has it."""
    endpoint.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with contextlib.suppress(OSError):  # not loaded, or not for everybody; it works without
        endpoint.setsockopt(socket.IPPROTO_TCP, socket.TCP_CONGESTION, BBR.encode())


def unsent_bytes(endpoint: Tunable) -> int:
    """Return how much waits in the kernel that was never sent; 0 where the kernel does not tell."""
    try:
        answer = fcntl.ioctl(endpoint.fileno(), _SIOCOUTQNSD, bytes(_INT.size))
    except OSError:
        return 0
    return int(_INT.unpack(answer)[0])


def congestion_control(endpoint: socket.socket) -> str:
    """Return the name of the congestion control that a socket sends by."""
    raw = endpoint.getsockopt(socket.IPPROTO_TCP, socket.TCP_CONGESTION, _NAME_BYTES)
    return raw.partition(b"\0")[0].decode("ascii", "replace")


def available() -> str:
    """Return the name of the congestion control that this node's sockets get."""
    with socket.socket() as probe:
        tune(probe)
        return congestion_control(probe)


def tell() -> None:
    """Write to the log if thin lines will be slow, and what helps."""
    if (found := available()) != BBR:
        logs.event(log, logging.INFO, "lossy lines will be slow", congestion_control=found, better=HOW_TO_GET_BBR)
