"""Every 201 is there after the power went: server and PostgreSQL are killed at random moments under load."""

import random
import threading
import time

import httpx
import pytest

from tests.clinical.fhir.conftest import Client, client_of
from tests.clinical.fhir.test_interactions import patient
from tests.region import Region, Server, running_server, wait_for

_WRITERS = 4


def write_until(stop: threading.Event, client: Client, acknowledged: dict[str, str]) -> None:
    """Create patients and note what was acknowledged, until the line is cut."""
    while not stop.is_set():
        try:
            answer = client("POST", "/Patient", json=patient())
        except httpx.HTTPError:
            return
        if answer.status_code == 201:
            acknowledged[answer.json()["id"]] = answer.text


def one_round(server: Server, region: Region, rng: random.Random) -> int:
    """Kill something under load and return how much was acknowledged; all of it has to be there afterwards."""
    stop, acknowledged = threading.Event(), dict[str, str]()
    threads = [
        threading.Thread(target=write_until, args=(stop, client_of(server, region.token_a), acknowledged))
        for _ in range(_WRITERS)
    ]
    for thread in threads:
        thread.start()
    assert wait_for(lambda: bool(acknowledged))
    time.sleep(rng.uniform(0.05, 0.6))
    if rng.random() < 0.5:
        server.kill_postgres()
    else:
        server.kill()
    stop.set()
    for thread in threads:
        thread.join()
    if server.process is not None and server.process.poll() is not None:
        server.start()
    client = client_of(server, region.token_a)
    assert wait_for(lambda: client("GET", "/Patient?_count=1").status_code == 200, 30)
    lost = [key for key, body in acknowledged.items() if client("GET", f"/Patient/{key}").text != body]
    assert lost == []
    found = client("GET", "/Patient?_summary=count").json()["total"]
    assert found >= len(acknowledged)
    return len(acknowledged)


def test_what_was_acknowledged_outlives_a_kill() -> None:
    rng = random.Random(11)
    with running_server() as (server, region):
        assert sum(one_round(server, region, rng) for _ in range(3)) > 3


@pytest.mark.drill
@pytest.mark.timeout(1800)
def test_what_was_acknowledged_outlives_many_kills() -> None:
    rng = random.Random(12)
    with running_server() as (server, region):
        counts = [one_round(server, region, rng) for _ in range(50)]
    print(f"record kill drill: {len(counts)} rounds, {sum(counts)} acknowledged, 0 lost")  # noqa: T201 -- the figure
