"""The servers that are compared, each started fresh in a folder of its own, on loopback."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.region import Server, populate, settings

_ENVIRONMENT = {**os.environ, "TCP_NODELAY": "1"}
_PYNETDICOM = """
import sys
from pynetdicom import AE, evt, StoragePresentationContexts, ALL_TRANSFER_SYNTAXES
folder = sys.argv[2]
def store(event):
    with open(f"{folder}/{event.request.AffectedSOPInstanceUID}", "wb") as file:
        file.write(event.encoded_dataset())
    return 0
ae = AE("PEER"); ae.maximum_pdu_size = 131072
for context in StoragePresentationContexts:
    ae.add_supported_context(context.abstract_syntax, ALL_TRANSFER_SYNTAXES)
ae.start_server(("127.0.0.1", int(sys.argv[1])), evt_handlers=[(evt.EVT_C_STORE, store)])
"""


@dataclass(frozen=True, slots=True)
class Running:
    """A server that takes images: where, how it is called, who may call, and its processes."""

    name: str
    port: int
    called: str
    calling: str
    pids: Sequence[int]

    def processes(self) -> list[psutil.Process]:
        """Return its processes with their children."""
        found: dict[int, psutil.Process] = {}
        for pid in self.pids:
            process = psutil.Process(pid)
            found |= {item.pid: item for item in [process, *process.children(recursive=True)]}
        return list(found.values())

    def cpu_s(self) -> float:
        """Return the CPU seconds that it used so far, ended children included."""
        while True:
            try:
                times = [process.cpu_times() for process in self.processes()]
            except psutil.NoSuchProcess:  # a child ended meanwhile; its parent knows its time now
                continue
            return sum(t.user + t.system + t.children_user + t.children_system for t in times)

    def largest_rss_mb(self) -> float:
        """Return the memory of its largest process."""
        return max(process.memory_info().rss for process in self.processes()) / 1e6


def free_port() -> int:
    """Return a TCP port that nobody has."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def lightwell(folder: Path) -> Generator[Running]:
    """Start Lightwell: durable and indexed, as it is for users."""
    configured = settings(folder / "data")
    populate(configured)
    server = Server(configured).start()
    assert server.process is not None
    try:
        yield Running("lightwell", server.dicom_port, "LIGHTWELL", "CT_A", (server.process.pid, server.postgres_pid()))
    finally:
        server.stop()


@contextmanager
def orthanc(folder: Path, **further: object) -> Generator[Running]:
    """Start Orthanc with its default settings: indexed and synced."""
    port = free_port()
    configuration = {
        "StorageDirectory": str(folder / "orthanc"),
        "IndexDirectory": str(folder / "orthanc"),
        "DicomPort": port,
        "HttpServerEnabled": False,
        "DicomAlwaysAllowStore": True,
        "DicomAlwaysAllowFind": True,
        "Plugins": [],
        "ConcurrentJobs": 2,
        **further,
    }
    path = folder / "orthanc.json"
    path.write_text(json.dumps(configuration))
    yield from _child("orthanc", ["Orthanc", str(path)], port, "ORTHANC", folder)


@contextmanager
def orthanc_web(folder: Path, **further: object) -> Generator[tuple[Running, str]]:
    """Start Orthanc with its DICOMweb plugin; return it and its address."""
    http_port = free_port()
    extra = {
        "HttpServerEnabled": True,
        "HttpPort": http_port,
        "RemoteAccessAllowed": False,
        "Plugins": ["/usr/share/orthanc/plugins/libOrthancDicomWeb.so"],
        "DicomWeb": {"Enable": True},
        "DefaultEncoding": "Chinese",
        **further,
    }
    with orthanc(folder, **extra) as running:
        yield running, f"http://127.0.0.1:{http_port}"


@contextmanager
def pynetdicom(folder: Path) -> Generator[Running]:
    """Start a plain pynetdicom receiver: neither indexed nor synced."""
    port = free_port()
    target = folder / "pynetdicom"
    target.mkdir()
    script = folder / "receiver.py"
    script.write_text(_PYNETDICOM)
    yield from _child("pynetdicom", [sys.executable, str(script), str(port), str(target)], port, "PEER", folder)


@contextmanager
def storescp(folder: Path) -> Generator[Running]:
    """Start dcmtk's storescp, bit preserving: neither indexed nor synced."""
    port = free_port()
    target = folder / "storescp"
    target.mkdir()
    command = ["/usr/bin/storescp", "+B", "--fork", "-pdu", "131072", "-od", str(target), str(port)]
    yield from _child("storescp +B", command, port, "STORESCP", folder)


def _child(name: str, command: list[str], port: int, called: str, folder: Path) -> Generator[Running]:
    log = (folder / "peer.log").open("wb")
    environment = {**_ENVIRONMENT, "PATH": f"{os.environ['PATH']}:/usr/sbin"}
    process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)
    try:
        wait_for_port(port)
        yield Running(name, port, called, "CT_A", (process.pid,))
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)
        log.close()


def wait_for_port(port: int, host: str = "127.0.0.1") -> None:
    """Go on when something answers there."""
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex((host, port)) == 0:
                return
        time.sleep(0.05)
    message = f"nothing answers on port {port}"
    raise SystemExit(message)
