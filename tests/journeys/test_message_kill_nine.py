"""The server is killed while systems send: what was acknowledged is there, and became part of the record once."""

import asyncio
import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from lightwell.app.node import open_node
from lightwell.clinical import add_hl7_source
from lightwell.core.actors import house
from lightwell.core.settings import Settings
from tests.mllp import Line, adt, code
from tests.region import Region, Server, data_directory, populate, settings, wait_for

_SENDERS = 4
_PATIENTS = 5
_VICTIMS: tuple[Callable[[Server], None], ...] = (
    lambda server: server.kill(),
    lambda server: server.kill_postgres(),
    lambda server: (server.kill(), server.kill_postgres(), None)[-1],
)


@dataclass
class System:
    """Sends one message after the other, and the same again when the line breaks, as such systems do."""

    name: str
    sent: int = 0
    acknowledged: list[bytes] = field(default_factory=list[bytes])

    def run(self, port: int, stop: threading.Event) -> None:
        """Send until stopped."""
        while not stop.is_set():
            try:
                with Line(port, timeout_s=30) as line:
                    while not stop.is_set():
                        self._send(line)
            except OSError:
                stop.wait(0.05)

    def _send(self, line: Line) -> None:
        patient = f"{self.name}-{self.sent % _PATIENTS}"
        raw = adt(f"{self.name}-{self.sent}", patient, "A08", name=f"Name{self.sent}^X")
        assert code(line.send(raw)) == "AA"
        self.acknowledged.append(raw)
        self.sent += 1


async def _prepare(configured: Settings) -> Region:
    region = populate(configured)
    async with open_node(configured) as node, node.machines.transactions.begin(house(region.a)) as tx:
        await add_hl7_source(tx, region.a, "his", "HIS", network="127.0.0.0/8")
    return region


def _round(server: Server, systems: list[System], kill: Callable[[Server], None], chance: random.Random) -> None:
    """Kill at a random moment while messages come in."""
    stop = threading.Event()
    threads = [threading.Thread(target=item.run, args=(server.hl7_port, stop)) for item in systems]
    for thread in threads:
        thread.start()
    before = sum(item.sent for item in systems)
    goal = before + chance.randrange(20, 400)
    assert wait_for(lambda: sum(item.sent for item in systems) >= goal, 60)
    kill(server)
    before = sum(item.sent for item in systems)
    if server.process is not None and server.process.poll() is not None:
        server.start()
    assert wait_for(lambda: sum(item.sent for item in systems) > before + 20, 60), "nobody can send"
    stop.set()
    for thread in threads:
        thread.join(60)


def _require_all_there(server: Server, systems: list[System]) -> None:
    """Check that every message is kept as it was sent, and was applied once and in its order."""
    kept = {raw for (raw,) in server.query("SELECT raw FROM clinical.hl7_message")}
    acknowledged = [raw for item in systems for raw in item.acknowledged]
    missing = [raw for raw in acknowledged if raw not in kept]
    assert not missing, f"{len(missing)} of {len(acknowledged)} acknowledged messages are gone"

    def is_quiet() -> bool:
        return server.query("SELECT count(*) FROM clinical.hl7_message WHERE state = 'received'") == [(0,)]

    assert wait_for(is_quiet, 120)
    assert server.query("SELECT control_id, reason FROM clinical.hl7_message WHERE state <> 'done'") == []
    assert server.query("SELECT count(*) FROM clinical.hl7_waiting") == [(0,)]
    versions = dict(
        server.query(
            "SELECT i.value, r.version FROM clinical.patient_identifier AS i"
            " JOIN clinical.resource AS r ON r.rid = i.patient_rid"
        )
    )
    sent: dict[str, int] = {}
    for (control_id,) in server.query("SELECT control_id FROM clinical.hl7_message"):
        name, _, number = control_id.rpartition("-")
        sent[f"{name}-{int(number) % _PATIENTS}"] = sent.get(f"{name}-{int(number) % _PATIENTS}", 0) + 1
    assert versions == sent, "a message was applied twice or not at all"


def _kill_again_and_again(rounds: int, seed: int) -> None:
    chance = random.Random(seed)
    with data_directory() as data_dir:
        configured = settings(data_dir)
        asyncio.run(_prepare(configured))
        server = Server(configured).start()
        systems = [System(f"S{number}") for number in range(_SENDERS)]
        try:
            for number in range(rounds):
                _round(server, systems, _VICTIMS[number % len(_VICTIMS)], chance)
                _require_all_there(server, systems)
        finally:
            server.stop()


@pytest.mark.hazard("H-03")
def test_a_message_acknowledged_before_a_kill_is_there() -> None:
    _kill_again_and_again(rounds=3, seed=20261126)


@pytest.mark.drill
@pytest.mark.timeout(1800)
@pytest.mark.hazard("H-03")
def test_a_message_acknowledged_before_any_of_thirty_kills_is_there() -> None:
    _kill_again_and_again(rounds=30, seed=30)
