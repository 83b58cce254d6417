"""Sockets suit lossy lines: BBR where the kernel has it, nothing held back, little waiting; else the log says so."""

import ctypes
import json
import os
import socket
import threading
from collections.abc import Generator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

from lightwell.core.errors import ConfigurationError
from lightwell.core.net import sockets
from tests.region import Server

_AVAILABLE = Path("/proc/sys/net/ipv4/tcp_available_congestion_control")
_PIDFD_GETFD = 438
_NEEDS_BBR = pytest.mark.skipif("bbr" not in _AVAILABLE.read_text().split(), reason="this kernel has no BBR loaded")


def _options(endpoint: socket.socket) -> tuple[str, int]:
    return sockets.congestion_control(endpoint), endpoint.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


@_NEEDS_BBR
@pytest.mark.parametrize(("host", "unsent"), [("0.0.0.0", 128 << 10), ("127.0.0.1", 0)])  # noqa: S104 -- from here only
def test_what_is_accepted_inherits_what_listens(host: str, unsent: int) -> None:
    with closing(sockets.bind(host, 0)) as listener:
        listener.listen()
        with socket.create_connection(("127.0.0.1", listener.getsockname()[1])):
            accepted, _ = listener.accept()
            with accepted:
                assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT) == unsent
                assert _options(accepted) == ("bbr", 1)


@contextmanager
def _of_process(pid: int, wanted: tuple[str, int]) -> Generator[socket.socket]:
    """Lend the socket of another process that is connected to an address."""
    libc = ctypes.CDLL(None, use_errno=True)
    process = os.pidfd_open(pid)
    try:
        for entry in Path(f"/proc/{pid}/fd").iterdir():
            if not _is_socket(entry):
                continue
            descriptor = libc.syscall(_PIDFD_GETFD, process, int(entry.name), 0)
            if descriptor < 0:
                pytest.skip(f"sockets of other processes cannot be looked at here: {os.strerror(ctypes.get_errno())}")
            with socket.socket(fileno=descriptor) as copy:
                if copy.family == socket.AF_INET and _peer(copy) == wanted:
                    yield copy
                    return
        pytest.fail("the server has no such connection")
    finally:
        os.close(process)


def _is_socket(entry: Path) -> bool:
    with suppress(OSError):  # it was closed meanwhile
        return str(entry.readlink()).startswith("socket:")
    return False


def _peer(endpoint: socket.socket) -> object:
    try:
        return endpoint.getpeername()
    except OSError:  # it listens
        return None


def _ask(line: socket.socket) -> None:
    line.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
    answer = b""
    while not answer.endswith(b"}"):
        answer += line.recv(4096)
    assert answer.startswith(b"HTTP/1.1 200")


@_NEEDS_BBR
@pytest.mark.parametrize("door", ["http", "dicom"])
def test_the_doors_of_a_running_server_are_tuned(server: Server, door: str) -> None:
    assert server.process is not None
    port = server.http_port if door == "http" else server.dicom_port
    with socket.create_connection(("127.0.0.1", port)) as line:
        if door == "http":
            _ask(line)
        else:
            threading.Event().wait(0.2)  # until it is accepted
        with _of_process(server.process.pid, line.getsockname()) as theirs:
            assert _options(theirs) == ("bbr", 1)


def test_an_idle_connection_is_kept(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.http_port), timeout=6) as line:  # uvicorn hangs up after 5 s
        for _ in range(2):
            _ask(line)
            with pytest.raises(TimeoutError):
                line.recv(1)


def test_without_bbr_the_log_says_what_helps(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(sockets, "BBR", "none-of-that-name")
    caplog.set_level("INFO")
    sockets.tell()
    (record,) = caplog.records
    facts = getattr(record, "fields", {})
    assert facts["congestion_control"] == sockets.available()
    assert "modprobe tcp_bbr" in json.dumps(facts)
    with closing(sockets.bind("127.0.0.1", 0)) as listener:
        assert sockets.congestion_control(listener), "it works without"


def test_a_port_that_is_taken_is_named() -> None:
    with closing(sockets.bind("127.0.0.1", 0)) as first:
        first.listen()
        with pytest.raises(ConfigurationError, match=str(first.getsockname()[1])):
            sockets.bind("127.0.0.1", first.getsockname()[1])
