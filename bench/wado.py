"""WADO-RS beside Orthanc: a series of 500 slices as a whole, one by one, frame by frame, and its metadata.

Orthanc serves what it stores, with its DICOMweb plugin as Debian builds it. ``--quick`` takes 100 slices.
"""

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import images, peers
from bench.c_store import claim
from bench.peers import Running
from bench.web import Client
from tests.region import running_server, wait_for
from tests.sender import Sender

_SLICES = 500
_COLD_SERIES = 40
_ROUNDS = 3
_DICOM = 'multipart/related; type="application/dicom"; transfer-syntax=*'
_FRAMES = 'multipart/related; type="application/octet-stream"; transfer-syntax=*'
_JSON = "application/dicom+json"
_KIND = (images.CT_IMAGE_STORAGE, images.EXPLICIT_LITTLE)


@dataclass(frozen=True, slots=True)
class Side:
    """One server with the images in it."""

    running: Running
    client: Client
    series: str
    instances: Sequence[str]


def _send(running: Running, count: int) -> list[str]:
    sender = Sender(running.port, [_KIND], called=running.called, calling=running.calling)
    uids = [images.uid(1, number) for number in range(count)]
    for number, uid in enumerate(uids):
        assert sender.store(_KIND[0], uid, images.data_set(images.CT, uid, number)).status == 0
    sender.release()
    return uids


def _series(client: Client) -> str:
    """Return the address of the one series there is."""
    found = client.json(f"/dicom-web/studies/{images.STUDY}/series", _JSON)
    return f"/dicom-web/studies/{images.STUDY}/series/{found[0]['0020000E']['Value'][0]}"


@contextmanager
def lightwell(count: int) -> Generator[Side]:
    """Start ours, send the series and wait until it is prepared."""
    port = peers.free_port()
    with running_server(study_quiet_s=2, http_port=port) as (server, region):
        assert server.process is not None
        running = Running("lightwell", server.dicom_port, "LIGHTWELL", "CT_A", (server.process.pid,))
        uids = _send(running, count)
        prepared = "SELECT count(*) FROM archive.prepared WHERE instance_count = %s"
        assert wait_for(lambda: server.query(prepared, count)[0][0] == 1, 300)
        client = Client(server.url, {"Authorization": f"Bearer {region.token_a}"})
        yield Side(running, client, _series(client), uids)
        client.close()


@contextmanager
def orthanc(count: int) -> Generator[Side]:
    """Start Orthanc and send the series."""
    with tempfile.TemporaryDirectory() as name, peers.orthanc_web(Path(name)) as (running, url):
        uids = _send(running, count)
        client = Client(url)
        yield Side(running, client, _series(client), uids)
        client.close()


def whole_series(side: Side) -> int:
    """Fetch the series in one answer."""
    return side.client.get(side.series, _DICOM)


def instances(side: Side) -> int:
    """Fetch its images one by one."""
    return sum(side.client.get(f"{side.series}/instances/{uid}", _DICOM) for uid in side.instances)


def frames(side: Side) -> int:
    """Fetch its frames one by one."""
    return sum(side.client.get(f"{side.series}/instances/{uid}/frames/1", _FRAMES) for uid in side.instances)


def metadata(side: Side) -> int:
    """Fetch the metadata of the series."""
    return side.client.get(f"{side.series}/metadata", _JSON, "gzip")


_CASES: Sequence[tuple[str, Callable[[Side], int], float]] = (
    ("series", whole_series, 1.3),
    ("instances", instances, 2.5),
    ("frames", frames, 4.0),
    ("series metadata", metadata, 20.0),
)


def _measure(side: Side, work: Callable[[Side], int]) -> tuple[float, float, float]:
    """Return seconds, CPU seconds of the server, and megabytes per second of its answers."""
    side.client.close()  # a server may have hung up meanwhile; the next request connects anew
    cpu_s, began = side.running.cpu_s(), time.perf_counter()
    length = work(side)
    seconds = time.perf_counter() - began
    return seconds, side.running.cpu_s() - cpu_s, length / seconds / 1e6


def first_frame_ms() -> float:
    """Return the 95th percentile of the first frame of a series that nobody asked for before, in ms."""
    slices = [(f"{images.STUDY}.{number}", images.uid(2, number)) for number in range(_COLD_SERIES)]
    with running_server(study_quiet_s=3600) as (server, region):
        sender = Sender(server.dicom_port, [_KIND], called="LIGHTWELL", calling="CT_A")
        for study, uid in slices:
            assert sender.store(_KIND[0], uid, images.data_set(images.CT, uid, 0, study)).status == 0
        sender.release()
        client = Client(server.url, {"Authorization": f"Bearer {region.token_a}"})
        taken: list[float] = []
        for study, uid in slices:
            began = time.perf_counter()
            client.get(f"/dicom-web/studies/{study}/series/{study}.0/instances/{uid}/frames/1", _FRAMES)
            taken.append((time.perf_counter() - began) * 1000)
        client.close()
        return statistics.quantiles(taken, n=20)[-1]


def main() -> None:
    """Measure and print the claims."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    count = _SLICES // 5 if parser.parse_args().quick else _SLICES
    claims: list[dict[str, Any]] = []
    with lightwell(count) as ours, orthanc(count) as theirs:
        for name, work, goal in _CASES:
            rounds = [(_measure(ours, work), _measure(theirs, work)) for _ in range(_ROUNDS)]
            for place, side in enumerate((ours, theirs)):
                seconds, cpu_s, speed = (statistics.median(r[place][n] for r in rounds) for n in range(3))
                rss = side.running.largest_rss_mb()
                told = f"{seconds:8.3f} s {speed:8.1f} MB/s {cpu_s:7.3f} s CPU"
                print(f"{side.running.name:<10} {name:<16} {told} {rss:6.0f} MB")
            mine, peer = (1 / statistics.median(r[place][0] for r in rounds) for place in range(2))
            claims.append(claim(f"WADO-RS {name} of {count} slices, per second beside Orthanc", mine, peer, goal))
        claims.append(claim("WADO-RS RSS MB beside 250", ours.running.largest_rss_mb(), 250, 1, smaller=True))
    claims.append(claim("first frame of a cold series, p95 ms beside 30", first_frame_ms(), 30, 1, smaller=True))
    print(json.dumps(claims))


if __name__ == "__main__":
    main()
