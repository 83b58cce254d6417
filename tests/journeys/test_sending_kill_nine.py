"""The server is killed while it tells another system: everything is told, in order, and under one control ID each."""

import asyncio
import random
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Self

import httpx
import psycopg
import pytest

from lightwell.app.node import open_node
from lightwell.clinical.hl7.outgoing import destinations
from lightwell.clinical.hl7.outgoing.destinations import Terms
from lightwell.core.actors import house
from lightwell.core.settings import Settings
from tests.mllp import ack
from tests.mllp_listener import Listener, accept, control_id, listening
from tests.region import Region, Server, data_directory, populate, settings, wait_for

_VICTIMS: tuple[Callable[[Server], None], ...] = (
    lambda server: server.kill(),
    lambda server: server.kill_postgres(),
    lambda server: (server.kill(), server.kill_postgres(), None)[-1],
)


class System:
    """The system that is told, beside the test: it hangs up now and then, and answers late."""

    def __init__(self) -> None:
        self.listener = Listener()
        self._ready, self._stop = threading.Event(), asyncio.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=(self._run(),))

    async def _run(self) -> None:
        async with listening() as self.listener:
            self._ready.set()
            await self._stop.wait()

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *exc: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    def drop_sometimes(self, chance: random.Random) -> None:
        """Hang up instead of answering, or after having taken a message, for some of what comes next."""
        self.listener.acts = [lambda raw: None if chance.random() < 0.2 else accept(raw)] * 100

    def told(self) -> list[str]:
        """Return the numbers of the reports that came, each when it first came."""
        return list(dict.fromkeys(ack(raw)["OBX"][5].text for raw in list(self.listener.came)))


async def _prepare(configured: Settings, port: int) -> Region:
    region = populate(configured)
    async with open_node(configured) as node, node.machines.transactions.begin(house(region.a)) as tx:
        await destinations.add(tx, region.a, Terms("LIS", "127.0.0.1", port, "LIS"), destinations.targets(configured))
    return region


class Writer:
    """Writes one version of a report after the other, and notes what was acknowledged."""

    def __init__(self, server: Server, region: Region) -> None:
        self._server, self._region = server, region
        self.written: list[str] = []
        self._number = 0

    def run(self, stop: threading.Event) -> None:
        """Write until stopped; what was not answered is written again under another number."""
        headers = {"Authorization": f"Bearer {self._region.token_a}", "Content-Type": "application/fhir+json"}
        with httpx.Client(base_url=self._server.url, headers=headers, timeout=10) as client:
            while not stop.is_set():
                self._number += 1
                try:
                    answer = client.put("/fhir/DiagnosticReport/r", json=_report(self._number))
                except httpx.HTTPError:
                    stop.wait(0.05)
                    continue
                if answer.status_code in {200, 201}:
                    self.written.append(str(self._number))


def _report(number: int) -> dict[str, object]:
    subject, code = {"reference": "Patient/p"}, {"text": "x"}
    made = {"resourceType": "DiagnosticReport", "id": "r", "status": "final", "code": code, "subject": subject}
    return made | {"conclusion": str(number)}


def _round(
    server: Server, system: System, writer: Writer, kill: Callable[[Server], None], chance: random.Random
) -> None:
    """Kill at a random moment while reports are written and told."""
    stop = threading.Event()
    thread = threading.Thread(target=writer.run, args=(stop,))
    system.drop_sometimes(chance)
    thread.start()
    goal = len(writer.written) + chance.randrange(5, 60)
    assert wait_for(lambda: len(writer.written) >= goal, 60)
    kill(server)
    if server.process is not None and server.process.poll() is not None:
        server.start()
    goal = len(writer.written) + 5
    assert wait_for(lambda: len(writer.written) >= goal, 60), "nobody can write"
    stop.set()
    thread.join(60)


def _require_all_told(server: Server, system: System, writer: Writer) -> None:
    def is_quiet() -> bool:
        with suppress(psycopg.OperationalError):  # the database may be dying still, or coming up again
            return server.query("SELECT count(*) FROM clinical.hl7_outgoing WHERE state = 'waiting'") == [(0,)]
        return False

    assert wait_for(is_quiet, 120)
    assert server.query("SELECT reason FROM clinical.hl7_outgoing WHERE state <> 'sent'") == []
    told = system.told()
    assert set(writer.written) <= set(told), "something was never told"
    assert told == sorted(told, key=int), "something was told before what came before it"
    by_number: dict[str, set[str]] = {}
    for raw in system.listener.came:
        by_number.setdefault(ack(raw)["OBX"][5].text, set()).add(control_id(raw))
    assert all(len(names) == 1 for names in by_number.values()), "something was told under two control IDs"


def _kill_again_and_again(rounds: int, seed: int) -> int:
    chance = random.Random(seed)
    with data_directory() as data_dir, System() as system:
        configured = settings(data_dir, hl7_answer_s=2)
        region = asyncio.run(_prepare(configured, system.listener.port))
        server = Server(configured).start()
        patient = {"resourceType": "Patient", "id": "p", "identifier": [{"system": "urn:x", "value": "1"}]}
        headers = {"Authorization": f"Bearer {region.token_a}"}
        assert httpx.put(f"{server.url}/fhir/Patient/p", json=patient, headers=headers).status_code == 201
        writer = Writer(server, region)
        try:
            for number in range(rounds):
                _round(server, system, writer, _VICTIMS[number % len(_VICTIMS)], chance)
                _require_all_told(server, system, writer)
        finally:
            server.stop()
        return len(writer.written)


@pytest.mark.hazard("H-03")
def test_what_was_written_before_a_kill_is_told() -> None:
    assert _kill_again_and_again(rounds=3, seed=20261126) > 15


@pytest.mark.drill
@pytest.mark.timeout(1800)
@pytest.mark.hazard("H-03")
def test_what_was_written_before_any_of_thirty_kills_is_told() -> None:
    told = _kill_again_and_again(rounds=30, seed=30)
    print(f"sending kill drill: 30 rounds, {told} written, 0 lost")  # noqa: T201 -- the figure
