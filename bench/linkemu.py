"""A thin and lossy line in front of a server on this machine, for benchmarks; it asks the kernel for no ``netem``.

A network namespace stands for the county hospital. All its packets come and go through two TUN devices, and a process
between them lets them wait as a line would::

    server ── 198.18.x.1  lwnear ── [ rate, queue, loss, delay ] ── lwfar  198.18.x.2 ── browser
                                                                    (namespace)

It needs root, ``/dev/net/tun`` and ``ip`` (Debian: iproute2). Alone it measures itself: ``python -m bench.linkemu``.
"""

import argparse
import fcntl
import json
import os
import random
import select
import socket
import statistics
import struct
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

_TUNSETIFF = 0x400454CA
_IFF_TUN_NO_PI = 0x1001
_MOST_BYTES = 65536
_LONGEST_WAIT_S = 0.5
_PIECE = bytes(1 << 16)
_FIRST_FLIGHT_PACKETS = 32
"""How much a server sends before it hears of the other side, as docs/operations/network.md advises."""


@dataclass(frozen=True, slots=True)
class Line:
    """What a line carries towards the client and back, how long that takes, and the share of packets that it loses.

    Delay and loss are those of each way. A queue of more than ``buffer_s`` drops what comes last.
    """

    down_bits_per_s: float = 4e6
    up_bits_per_s: float = 2e6
    delay_s: float = 0.1
    loss: float = 0.02
    buffer_s: float = 0.2


COUNTY = Line()


class Way:
    """One way of a line: packets go out one after the other, some never arrive, the others a while later."""

    def __init__(self, bits_per_s: float, line: Line, seed: int) -> None:
        self._bits_per_s = bits_per_s
        self._line = line
        self._dice = random.Random(seed)
        self._free_s = 0.0
        self._under_way: deque[tuple[float, bytes]] = deque()
        self.dropped = 0
        self.lost = 0

    def put(self, packet: bytes, now_s: float) -> None:
        """Take a packet that is sent now."""
        starts_s = max(now_s, self._free_s)
        if starts_s - now_s > self._line.buffer_s:
            self.dropped += 1
            return
        self._free_s = starts_s + len(packet) * 8 / self._bits_per_s
        if self._dice.random() < self._line.loss:
            self.lost += 1
            return
        self._under_way.append((self._free_s + self._line.delay_s, packet))

    def arrived(self, now_s: float) -> Iterator[bytes]:
        """Hand over what has arrived by now."""
        while self._under_way and self._under_way[0][0] <= now_s:
            yield self._under_way.popleft()[1]

    @property
    def next_s(self) -> float:
        """When the next packet arrives; infinitely late if none is under way."""
        return self._under_way[0][0] if self._under_way else float("inf")


@dataclass(frozen=True, slots=True)
class Emulated:
    """A line that is up: where the server stands, and the namespace at the other end."""

    server_address: str
    namespace: str
    device: str
    network: str

    def inside(self, command: Sequence[str]) -> list[str]:
        """Return a command as it is run at the other end."""
        return ["ip", "netns", "exec", self.namespace, *command]

    def program(self, folder: Path, path: str) -> Path:
        """Write a program into a folder that runs another at the other end, for tools that start it themselves."""
        script = folder / f"{Path(path).name}-inside"
        script.write_text(f'#!/bin/sh\nexec ip netns exec {self.namespace} {path} "$@"\n')
        script.chmod(0o755)
        return script

    def send_by(self, congestion_control: str) -> None:
        """Have every server on this side send by a congestion control, whatever it chose itself; forget the past."""
        route = f"route replace {self.network} dev {self.device} proto kernel scope link src {self.server_address}"
        _ip(f"{route} congctl {congestion_control} initcwnd {_FIRST_FLIGHT_PACKETS}")
        _ip("tcp_metrics flush all")


@contextmanager
def emulated(line: Line = COUNTY, seed: int = 1) -> Generator[Emulated]:
    """Lend a line that is up.

    Raises:
        SystemExit: who asks is not root, or something that is needed is missing.
    """
    require()
    number = os.getpid()
    near, far, namespace = f"lwn{number}", f"lwf{number}", f"lw{number}"
    net = f"198.18.{number % 256}"
    up = Emulated(f"{net}.1", namespace, near, f"{net}.0/30")
    ends = [_tun(near), _tun(far)]
    _ip(f"netns add {namespace}")
    try:
        _ip(f"link set {far} netns {namespace}")
        _ip(f"addr add {net}.1/30 dev {near}")
        _ip(f"link set {near} up")
        for further in (f"addr add {net}.2/30 dev {far}", f"link set {far} up", "link set lo up"):
            _ip(f"-n {namespace} {further}")
        arguments = json.dumps({"ends": ends, "line": asdict(line), "seed": seed})
        with subprocess.Popen([sys.executable, "-m", "bench.linkemu", "--carry", arguments], pass_fds=ends) as carrier:
            try:
                yield up
            finally:
                carrier.kill()
    finally:
        for end in ends:
            os.close(end)
        _ip(f"netns del {namespace}")


def require() -> None:
    """Go on only where a line can be emulated.

    Raises:
        SystemExit: says what is missing.
    """
    if os.geteuid() != 0:
        message = "an emulated line needs root (network namespaces, TUN devices); run it with sudo"
        raise SystemExit(message)
    if not Path("/dev/net/tun").exists():
        message = "an emulated line needs /dev/net/tun; load it with: modprobe tun"
        raise SystemExit(message)
    try:
        _ip("-V")
    except FileNotFoundError as error:
        message = "an emulated line needs ip; install it with: apt-get install iproute2"
        raise SystemExit(message) from error


def _ip(arguments: str) -> None:
    subprocess.run(["ip", *arguments.split()], check=True, stdout=subprocess.DEVNULL)


def _tun(name: str) -> int:
    end = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(end, _TUNSETIFF, struct.pack("16sH22x", name.encode(), _IFF_TUN_NO_PI))
    return end


def carry(ends: tuple[int, int], line: Line, seed: int) -> None:
    """Carry packets between two TUN devices, the server's first, until this process is ended."""
    near, far = ends
    ways = {near: (Way(line.down_bits_per_s, line, seed), far), far: (Way(line.up_bits_per_s, line, seed + 1), near)}
    while True:
        wait_s = min(way.next_s for way, _ in ways.values()) - time.monotonic()
        readable, _, _ = select.select(ends, [], [], min(max(wait_s, 0.0), _LONGEST_WAIT_S))
        for end in readable:
            _take(end, ways[end][0])
        for way, other in ways.values():
            for packet in way.arrived(time.monotonic()):
                with suppress(BlockingIOError, OSError):  # the other end is going down
                    os.write(other, packet)


def _take(end: int, way: Way) -> None:
    with suppress(BlockingIOError):
        while True:
            way.put(os.read(end, _MOST_BYTES), time.monotonic())


# -- the line measures itself -----------------------------------------------------------------------------------------

_ASK = """
import socket, sys, time
with socket.create_connection((sys.argv[1], int(sys.argv[2]))) as line:
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for _ in range(20):
        began = time.perf_counter(); line.sendall(b"?"); line.recv(1); print(time.perf_counter() - began)
"""
_DRAW = """
import socket, sys, time
with socket.create_connection((sys.argv[1], int(sys.argv[2]))) as line:
    began, total = time.perf_counter(), 0
    while time.perf_counter() - began < float(sys.argv[3]):
        total += len(line.recv(65536))
print(total * 8 / (time.perf_counter() - began))
"""


def _serve(address: str, serve: Callable[[socket.socket], None]) -> socket.socket:
    listener = socket.create_server((address, 0))

    def accept() -> None:
        with suppress(OSError), listener.accept()[0] as accepted:
            serve(accepted)

    threading.Thread(target=accept, daemon=True).start()
    return listener


def _echo(accepted: socket.socket) -> None:
    accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    while piece := accepted.recv(1):
        accepted.sendall(piece)


def _pour(accepted: socket.socket) -> None:
    while True:
        accepted.sendall(_PIECE)


def _measured(up: Emulated, serve: Callable[[socket.socket], None], script: str, *arguments: str) -> list[float]:
    with closing(_serve(up.server_address, serve)) as listener:
        place = up.server_address, str(listener.getsockname()[1])
        command = up.inside([sys.executable, "-c", script, *place, *arguments])
        told = subprocess.run(command, capture_output=True, text=True, check=True)
    return [float(word) for word in told.stdout.split()]


def rtt_s(up: Emulated) -> float:
    """Return how long the way there and back takes, as TCP sees it (median)."""
    return statistics.median(_measured(up, _echo, _ASK))


def goodput_mb_per_s(up: Emulated, congestion_control: str, seconds: float) -> float:
    """Return the megabits per second that one TCP connection brings to the client."""
    up.send_by(congestion_control)
    return _measured(up, _pour, _DRAW, str(seconds))[0] / 1e6


def main() -> None:
    """Measure the line itself: by CUBIC and by BBR, in turn."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--carry", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.carry:
        given: dict[str, Any] = json.loads(asked.carry)
        carry(tuple(given["ends"]), Line(**given["line"]), given["seed"])
    rounds, seconds = (1, 20.0) if asked.quick else (3, 30.0)
    with emulated() as up:
        print(f"RTT {rtt_s(up) * 1000:6.1f} ms (200 + what serialising takes)")
        found: dict[str, list[float]] = {"cubic": [], "bbr": []}
        for name in list(found) * rounds:
            found[name].append(goodput_mb_per_s(up, name, seconds))
    cubic, bbr = (statistics.median(found[name]) for name in ("cubic", "bbr"))
    print(f"cubic {cubic:5.2f} Mb/s (0.45 to 0.58 were measured before)")
    print(f"bbr   {bbr:5.2f} Mb/s (3.3 to 3.4 were measured before)")
    from bench.c_store import claim  # noqa: PLC0415 -- the process that carries needs none of it

    print(json.dumps([claim("goodput on the county line, Mb/s by BBR beside CUBIC", bbr, cubic, 5.0)]))


if __name__ == "__main__":
    main()
