"""STOW-RS beside Orthanc, and its CPU beside our own C-STORE: CT slices, twenty in a request.

Orthanc takes them with its DICOMweb plugin as Debian builds it; both sync and index what they answer for. ``--quick``
takes a fifth of the slices.
"""

import argparse
import json
import statistics
import tempfile
import time
from pathlib import Path

from bench import images, peers
from bench.c_store import claim
from bench.peers import Running
from bench.web import Client
from lightwell.standards.dicom.part10 import file_meta
from tests.region import running_server
from tests.sender import Sender

_SLICES = 500
_IN_A_REQUEST = 20
_ROUNDS = 3
_KIND = (images.CT_IMAGE_STORAGE, images.EXPLICIT_LITTLE)
_BOUNDARY = b"bench"
_TYPE = 'multipart/related; type="application/dicom"; boundary=bench'


def _parts(run: int, first: int) -> bytes:
    """Return the body of a request."""
    files = ((images.uid(run, number), number) for number in range(first, first + _IN_A_REQUEST))
    head = b"--" + _BOUNDARY + b"\r\nContent-Type: application/dicom\r\n\r\n"
    parts = (
        head + file_meta(_KIND[0], uid, _KIND[1]) + images.data_set(images.CT, uid, n) + b"\r\n" for uid, n in files
    )
    return b"".join(parts) + b"--" + _BOUNDARY + b"--\r\n"


def _bodies(run: int, count: int) -> list[bytes]:
    return [_parts(run, first) for first in range(0, count, _IN_A_REQUEST)]


def stow(running: Running, client: Client, bodies: list[bytes]) -> tuple[float, float]:
    """Send all; return seconds, and CPU seconds of the server."""
    client.close()  # a server may have hung up meanwhile; the next request connects anew
    cpu_s, began = running.cpu_s(), time.perf_counter()
    for body in bodies:
        client.post("/dicom-web/studies", body, _TYPE)
    return time.perf_counter() - began, running.cpu_s() - cpu_s


def c_store(running: Running, run: int, count: int) -> float:
    """Send as many by C-STORE and return the CPU seconds of the server."""
    content = [(images.uid(run, number), number) for number in range(count)]
    data_sets = [(uid, images.data_set(images.CT, uid, number)) for uid, number in content]
    sender = Sender(running.port, [_KIND], called=running.called, calling=running.calling)
    cpu_s = running.cpu_s()
    for uid, data_set in data_sets:
        assert sender.store(_KIND[0], uid, data_set).status == 0
    sender.release()
    return running.cpu_s() - cpu_s


def main() -> None:
    """Measure and print the claims."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    count = _SLICES // 5 if parser.parse_args().quick else _SLICES
    with (
        tempfile.TemporaryDirectory() as name,
        running_server(study_quiet_s=3600) as (server, region),
        peers.orthanc_web(Path(name)) as (orthanc, url),
    ):
        assert server.process is not None
        pids = (server.process.pid, server.postgres_pid())
        ours = Running("lightwell", server.dicom_port, "LIGHTWELL", "CT_A", pids)
        client = Client(server.url, {"Authorization": f"Bearer {region.token_a}", "Accept": "application/dicom+json"})
        theirs = Client(url, {"Accept": "application/dicom+json"})
        rounds: list[tuple[float, float, float, float, float]] = []
        for turn in range(_ROUNDS):
            bodies = _bodies(turn * 2, count)
            mine, peer = stow(ours, client, bodies), stow(orthanc, theirs, bodies)
            rounds.append((*mine, *peer, c_store(ours, turn * 2 + 1, count)))
        seconds, cpu_s, peer_seconds, peer_cpu_s, store_cpu_s = (
            statistics.median(r) for r in zip(*rounds, strict=True)
        )
        megabytes = sum(map(len, bodies)) / 1e6
        rss = ours.largest_rss_mb()
    print(f"lightwell  STOW-RS {megabytes / seconds:8.1f} MB/s {cpu_s / count * 1000:6.2f} ms CPU each {rss:6.0f} MB")
    print(f"orthanc    STOW-RS {megabytes / peer_seconds:8.1f} MB/s {peer_cpu_s / count * 1000:6.2f} ms CPU each")
    print(f"lightwell  C-STORE {'':8} {'':4} {store_cpu_s / count * 1000:6.2f} ms CPU each")
    claims = [
        claim("STOW-RS MB/s beside Orthanc", megabytes / seconds, megabytes / peer_seconds, 1.8),
        claim("STOW-RS CPU beside our own C-STORE", cpu_s, store_cpu_s, 3, smaller=True),
        claim("STOW-RS RSS MB beside 250", rss, 250, 1, smaller=True),
    ]
    print(json.dumps(claims))


if __name__ == "__main__":
    main()
