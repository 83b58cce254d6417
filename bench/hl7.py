"""HL7 v2: how long a message takes from its bytes to its fields, and how many are kept and acknowledged in a second.

Parsing, beside python-hl7 and hl7apy: the 139 messages of shared data, 3.9 kB in the mean, in turn by each. Ours is
measured twice: as the gateway reads (cut to fields, all of them there), and with every subcomponent of every field
read, which is what the others do at once.

Acknowledging: admissions, orders and results among them, sent to a running server on one line and on eight, each line
waiting for its answer, which comes when the message is on the disk. The server makes them part of the record meanwhile.
``--quick`` takes every tenth message.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import hl7
from hl7apy.core import Message as PeerMessage
from hl7apy.exceptions import HL7apyException
from hl7apy.parser import parse_message as parse_by_hl7apy

from bench.c_store import claim
from lightwell.app.hl7 import HANDLERS
from lightwell.standards.hl7.charset import decode_message
from lightwell.standards.hl7.message import Message, parse_message
from tests.region import running_server, wait_for

SHARED = Path(os.environ.get("LIGHTWELL_SHARED_DATA", Path(__file__).parents[2] / "shared" / "data"))
_ROUNDS = 5
_GOAL_US = 150
_LINES = (1, 8)
_COUNT = 1500
_WAITING = "SELECT 1 FROM clinical.hl7_message WHERE state = 'received' LIMIT 1"


def _ours(raw: bytes) -> Message:
    decoded = decode_message(raw)
    return parse_message(decoded.text, decoded.codec)


def _ours_read_whole(raw: bytes) -> int:
    message = _ours(raw)
    return sum(
        len(value.components)
        for segment in message
        for number in range(1, len(segment.fields))
        for value in segment[number].repetitions
    )


def _text(raw: bytes) -> str:
    """Return a message with the line ends that the peers ask for."""
    return raw.decode("utf-8-sig").replace("\r\n", "\r").replace("\n", "\r").strip("\r") + "\r"


def _python_hl7(raw: bytes) -> object:
    return hl7.parse(_text(raw))


def _hl7apy(raw: bytes) -> PeerMessage | None:
    try:
        return parse_by_hl7apy(_text(raw), find_groups=False)
    except HL7apyException:  # a few have segments that it does not know
        return None


_WAYS: Mapping[str, Callable[[bytes], object]] = {
    "lightwell": _ours,
    "lightwell, read whole": _ours_read_whole,
    "python-hl7": _python_hl7,
    "hl7apy": _hl7apy,
}


def measure(messages: list[bytes], rounds: int) -> dict[str, float]:
    """Return the microseconds of a message in the mean, of each way the median of rounds in turn."""
    taken: dict[str, list[float]] = {name: [] for name in _WAYS}
    for _ in range(rounds):
        for name, parse in _WAYS.items():
            began = time.perf_counter()
            for raw in messages:
                parse(raw)
            taken[name].append((time.perf_counter() - began) * 1e6 / len(messages))
    return {name: statistics.median(values) for name, values in taken.items()}


def acknowledge(*, quick: bool) -> dict[int, float]:
    """Return the acknowledgements in a second on one line and on eight, of each the median of rounds in turn."""
    taken: dict[int, list[float]] = {lines: [] for lines in _LINES}
    with running_server() as (server, _):
        server.run("hl7", "source", "add", "*", "--organisation", "a", "--network", "127.0.0.0/8")
        time.sleep(4)  # until the server looks who may send
        for turn in range(1 if quick else 3):
            for lines in _LINES:
                count = _COUNT // (10 if quick else 1)
                found = _send(server.hl7_port, lines, count, f"{turn}-{lines}")
                print(f"{lines} line(s): {found}")
                taken[lines].append(found["per_second"])
                wait_for(lambda: not server.query(_WAITING), 300)
    return {lines: statistics.median(values) for lines, values in taken.items()}


def _send(port: int, lines: int, count: int, name: str) -> dict[str, float]:
    files = [str(path) for path in _files() if path.name[:3] in {"ADT", "ORU", "LAB", "ORM"} and _is_answered(path)]
    command = [sys.executable, "-m", "bench.hl7_sender", str(port), str(lines), str(count), name, *files]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def _is_answered(path: Path) -> bool:
    """Whether a message is made part of the record, and its sender wants an answer to each."""
    header = parse_message(decode_message(path.read_bytes()).text).header
    return f"{header.message_code}^{header.trigger_event}" in HANDLERS and not header.is_enhanced


def _files() -> list[Path]:
    return sorted((SHARED / "hl7").glob("*.hl7"))


def main() -> None:
    """Measure and print the claims."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    messages = [path.read_bytes() for path in _files()][:: 10 if quick else 1]
    found = measure(messages, _ROUNDS)
    for name, us in found.items():
        print(f"{name:<22} {us:10.1f} us a message")
    acknowledged = acknowledge(quick=quick)
    ours, whole = found["lightwell"], found["lightwell, read whole"]
    print(
        json.dumps(
            [
                claim("HL7 parse, us beside 150", ours, _GOAL_US, 1, smaller=True),
                claim("HL7 parse, us beside python-hl7", ours, found["python-hl7"], 0.05, smaller=True),
                claim("HL7 parse and read whole, us beside python-hl7", whole, found["python-hl7"], 1, smaller=True),
                claim("HL7 parse, us beside hl7apy", ours, found["hl7apy"], 0.01, smaller=True),
                claim("HL7 acknowledged in a second on one line, beside 800", acknowledged[1], 800, 1),
                claim("HL7 acknowledged in a second on eight lines, beside 1,500", acknowledged[8], 1500, 1),
            ]
        )
    )


if __name__ == "__main__":
    main()
