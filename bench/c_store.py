"""C-STORE: how fast images become safe, and what they cost, beside Orthanc, pynetdicom and dcmtk in the same run.

Lightwell syncs and indexes every image; so does Orthanc by default. pynetdicom's and dcmtk's receivers do neither.
Rounds are interleaved, figures are medians. ``--quick`` sends fewer images.
"""

import argparse
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import images, peers, standing
from bench.peers import Running

_IDLE = 500
_KINDS = {"ct": images.CT, "small": images.SMALL, "multi": images.MULTI_FRAME}


@dataclass(frozen=True, slots=True)
class Case:
    """What is sent: kind of image, associations at once, images per association."""

    kind: str
    associations: int
    count: int

    @property
    def name(self) -> str:
        """How the case is called in tables."""
        return f"{_KINDS[self.kind].name}, {self.associations} association{'s' * (self.associations > 1)}"


@dataclass(frozen=True, slots=True)
class Figures:
    """What one server did in one round."""

    per_second: float
    cpu_ms: float
    rss_mb: float


def measure(server: Running, case: Case, run: int) -> Figures:
    """Send a case to a server and return what it did."""
    senders = [_sender(server, case, run, place * case.count) for place in range(case.associations)]
    before_s = server.cpu_s()
    for sender in senders:
        assert sender.stdin is not None
        sender.stdin.write("go\n")
        sender.stdin.flush()
    answers = [json.loads(sender.communicate(timeout=600)[0].splitlines()[-1]) for sender in senders]
    seconds = max(answer["seconds"] for answer in answers)
    total = sum(answer["acknowledged"] for answer in answers)
    if total != case.associations * case.count:
        message = f"{server.name} acknowledged {total} of {case.associations * case.count}"
        raise SystemExit(message)
    time.sleep(1.0)  # what follows the acknowledgement (the index) counts too
    return Figures(total / seconds, (server.cpu_s() - before_s) / total * 1000, server.largest_rss_mb())


def _sender(server: Running, case: Case, run: int, first: int) -> subprocess.Popen[str]:
    address = [str(server.port), server.called, server.calling]
    command = [sys.executable, "-m", "bench.blaster", *address, case.kind, str(run), str(first), str(case.count)]
    sender = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert sender.stdout is not None
    if sender.stdout.readline().strip() != "connected":
        message = f"the sender to {server.name} did not connect"
        raise SystemExit(message)
    return sender


def sink_mb_per_s(folder: Path, kind: images.Kind, count: int) -> float:
    """Return the MB/s of a TCP sink that writes each file and syncs it: what the machine can do at all."""
    script = (
        "import os,socket,sys,struct\n"
        "s=socket.create_server(('127.0.0.1',int(sys.argv[1])));print('up',flush=True);c,_=s.accept()\n"
        "b=bytearray(262144);v=memoryview(b)\n"
        "for n in range(int(sys.argv[3])):\n"
        " left=struct.unpack('<Q',c.recv(8,socket.MSG_WAITALL))[0];f=os.open(f'{sys.argv[2]}/sink{n}',65)\n"
        " while left:\n"
        "  k=c.recv_into(v[:min(left,262144)]);os.write(f,v[:k]);left-=k\n"
        " os.fdatasync(f);os.close(f);c.sendall(b'k')\n"
    )
    port = peers.free_port()
    command = [sys.executable, "-c", script, str(port), str(folder), str(count)]
    sink = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert sink.stdout is not None
    sink.stdout.readline()
    content = images.data_set(kind, images.uid(0, 0), 0)
    seconds = _feed_sink(port, content, count)
    sink.wait(20)
    for number in range(count):
        (folder / f"sink{number}").unlink()
    return len(content) * count / seconds / 1e6


def _feed_sink(port: int, content: bytes, count: int) -> float:
    with socket.create_connection(("127.0.0.1", port)) as connection:
        started = time.perf_counter()
        for _ in range(count):
            connection.sendall(len(content).to_bytes(8, "little"))
            connection.sendall(content)
            connection.recv(1)
        return time.perf_counter() - started


def _median(figures: Sequence[Figures], read: Callable[[Figures], float]) -> float:
    return statistics.median(read(item) for item in figures)


def claim(claim: str, ours: float, peer: float, goal: float, *, smaller: bool = False) -> dict[str, Any]:
    """Return a claim as the last line of a benchmark prints it."""
    ratio = ours / peer if peer else 0.0
    is_met = ratio <= goal if smaller else ratio >= goal
    bound = "at most" if smaller else "at least"
    return {
        "claim": claim,
        "ours": round(ours, 2),
        "peer": round(peer, 2),
        "ratio": round(ratio, 2),
        "goal": f"{bound} {goal}",
        "met": is_met,
    }


def _claims(results: dict[tuple[str, str], list[Figures]], cases: Sequence[Case]) -> list[dict[str, Any]]:
    claims: list[dict[str, Any]] = []
    goals = {
        "ct": [("orthanc", 2.0), ("storescp +B", 0.5)],
        "small": [("orthanc", 1.8)],
        "multi": [],
    }
    for case in cases:
        ours = results["lightwell", case.name]
        rate = _median(ours, lambda item: item.per_second)
        for name, goal in goals[case.kind]:
            peer = _median(results[name, case.name], lambda item: item.per_second)
            claims.append(claim(f"{case.name}: instances/s beside {name}", rate, peer, goal))
        if case.kind == "ct":
            cpu = _median(ours, lambda item: item.cpu_ms)
            orthanc = _median(results["orthanc", case.name], lambda item: item.cpu_ms)
            claims.append(claim(f"{case.name}: CPU ms beside orthanc", cpu, orthanc, 0.34, smaller=True))
        if case.kind == "ct" and case.associations > 1:
            peer = _median(results["pynetdicom", case.name], lambda item: item.per_second)
            claims.append(claim(f"{case.name}: instances/s beside pynetdicom", rate, peer, 2.5))
        rss = max(item.rss_mb for item in ours)
        claims.append(claim(f"{case.name}: RSS MB beside 250", rss, 250.0, 1.0, smaller=True))
    return claims


def _show(results: dict[tuple[str, str], list[Figures]]) -> None:
    print(f"{'server':<12} {'case':<34} {'inst/s':>8} {'CPU ms':>8} {'RSS MB':>8}")
    for (name, case), figures in results.items():
        values = [_median(figures, read) for read in (_rate, _cpu, _rss)]
        print(f"{name:<12} {case:<34} {values[0]:>8.1f} {values[1]:>8.2f} {values[2]:>8.0f}")


def _rate(item: Figures) -> float:
    return item.per_second


def _cpu(item: Figures) -> float:
    return item.cpu_ms


def _rss(item: Figures) -> float:
    return item.rss_mb


Starter = Callable[[Path], AbstractContextManager[Running]]
STARTERS: Sequence[Starter] = (peers.lightwell, peers.orthanc, peers.pynetdicom, peers.storescp)


def main() -> None:
    """Run all rounds and print the claims."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    is_quick = parser.parse_args().quick
    scale, rounds = (1, 3) if is_quick else (3, 5)
    cases = [Case("ct", 1, 100 * scale), Case("ct", 4, 40 * scale), Case("small", 4, 100 * scale), Case("multi", 1, 4)]
    results: dict[tuple[str, str], list[Figures]] = defaultdict(list)
    sinks: list[float] = []
    with ExitStack() as stack:
        root = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=os.environ.get("LIGHTWELL_BENCH_DIR"))))
        root.chmod(0o755)
        servers = [stack.enter_context(start(_folder(root, start.__name__))) for start in STARTERS]
        for run in range(rounds):
            sinks.append(sink_mb_per_s(root, images.MULTI_FRAME, 4))
            for place, case in enumerate(cases):
                for server in servers:
                    figures = measure(server, case, run * len(cases) + place + 1)
                    results[server.name, case.name].append(figures)
    claims = _claims(results, cases)
    size = len(images.data_set(images.MULTI_FRAME, images.uid(0, 0), 0)) / 1e6
    rate = _median(results["lightwell", cases[-1].name], _rate)
    claims.append(
        claim("42 MB multi-frame: MB/s beside a syncing TCP sink", rate * size, statistics.median(sinks), 0.7)
    )
    _show(results)
    print(json.dumps([*claims, *_standing(100_000 if is_quick else 1_000_000)]))


def _standing(studies: int) -> list[dict[str, Any]]:
    answered, rss_mb = standing.idle_associations(_IDLE)
    seconds = standing.seconds_to_ready(studies)
    return [
        claim(f"{_IDLE} idle associations that answer", answered, _IDLE, 1.0),
        claim(f"{_IDLE} idle associations: RSS MB beside 250", rss_mb, 250.0, 1.0, smaller=True),
        claim(f"ready with {studies} studies: seconds beside 3", seconds, 3.0, 1.0, smaller=True),
    ]


def _folder(root: Path, name: str) -> Path:
    folder = root / name
    folder.mkdir(mode=0o755)
    return folder


if __name__ == "__main__":
    main()
