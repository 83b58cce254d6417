"""Server and database are killed while four machines send: what was acknowledged is there, whole, and found."""

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import httpx
import pytest

from tests.journeys.images import CT, EXPLICIT_LITTLE, Image, find, images, stored, values
from tests.region import Region, Server, data_directory, populate, settings, wait_for
from tests.sender import Sender

_SENDERS = 4
_VICTIMS: tuple[tuple[str, Callable[[Server], None]], ...] = (
    ("the server", lambda server: server.kill()),
    ("PostgreSQL", lambda server: server.kill_postgres()),
    ("both, the server first", lambda server: (server.kill(), server.kill_postgres(), None)[-1]),
    ("both, PostgreSQL first", lambda server: (server.kill_postgres(), server.kill(), None)[-1]),
)


@dataclass
class Modality:
    """A machine that sends one image after another and notes which were acknowledged."""

    waiting: list[Image]
    acknowledged: list[Image] = field(default_factory=list[Image])

    def run(self, port: int, stop: threading.Event) -> None:
        """Send until stopped; when the line breaks, call again, as modalities do."""
        while not stop.is_set() and self.waiting:
            try:
                self._send(port, stop)
            except OSError:
                stop.wait(0.05)

    def _send(self, port: int, stop: threading.Event) -> None:
        sender = Sender(port, [(CT, EXPLICIT_LITTLE)], timeout_s=30)
        try:
            while not stop.is_set() and self.waiting:
                image = self.waiting[-1]
                if sender.store(CT, image.uid, image.data_set).status == 0:
                    self.acknowledged.append(self.waiting.pop())
            sender.release()
        finally:
            sender.close()


def _round(server: Server, number: int, kill: Callable[[Server], None], chance: random.Random) -> list[Image]:
    """Kill at a random moment while images come in; return what was acknowledged."""
    first = [images(5000, 1000 + number * _SENDERS + place) for place in range(_SENDERS)]
    modalities = [Modality([replace(image, patient_id=f"K{number}") for image in series]) for series in first]
    stop = threading.Event()
    threads = [threading.Thread(target=item.run, args=(server.dicom_port, stop)) for item in modalities]
    for thread in threads:
        thread.start()
    goal = chance.randrange(5, 150)
    assert wait_for(lambda: sum(len(item.acknowledged) for item in modalities) >= goal, 60)
    kill(server)
    before = sum(len(item.acknowledged) for item in modalities)
    if server.process is not None and server.process.poll() is not None:
        server.start()
    assert wait_for(lambda: sum(len(item.acknowledged) for item in modalities) > before + 20, 60), "nobody can send"
    stop.set()
    for thread in threads:
        thread.join(60)
    return [image for item in modalities for image in item.acknowledged]


def _require_all_there(server: Server, region: Region, acknowledged: list[Image]) -> None:
    """Check that every image is found, once, and that its bytes are what was sent."""
    studies = {image.study for image in acknowledged}
    for study in studies:
        mine = [image for image in acknowledged if image.study == study]
        address = mine[0].address.rpartition("/")[0]
        found = values(find(server, region.token_a, address), "00080018")
        missing = {image.uid for image in mine} - set(found)
        assert not missing, f"{len(missing)} of {len(mine)} acknowledged images are gone"
        assert len(found) == len(set(found))
    for image in acknowledged[:: max(1, len(acknowledged) // 40)]:
        assert stored(server, region.token_a, image) == image.data_set
    _require_files_whole(server, acknowledged)


def _require_files_whole(server: Server, acknowledged: list[Image]) -> None:
    """Check the bytes of all of them on disk; the sample above went through the door."""
    rows = server.query("SELECT sop_instance_uid, blob, data_set_offset FROM archive.instance")
    places = {uid: (blob, offset) for uid, blob, offset in rows}
    for image in acknowledged:
        blob, offset = places[image.uid]
        assert (server.settings.data_dir / "objects" / blob).read_bytes()[offset:] == image.data_set


def _kill_again_and_again(rounds: int, seed: int) -> None:
    chance = random.Random(seed)
    with data_directory() as data_dir:
        configured = settings(data_dir)
        region = populate(configured)
        server = Server(configured).start()
        acknowledged: list[Image] = []
        try:
            for number in range(rounds):
                name, kill = _VICTIMS[number % len(_VICTIMS)]
                acknowledged += _round(server, number, kill, chance)
                assert wait_for(lambda: _is_ready(server), 60), f"not ready after {name} was killed"
                _require_all_there(server, region, acknowledged)
        finally:
            server.stop()


def _is_ready(server: Server) -> bool:
    return httpx.get(f"{server.url}/readyz").status_code == 200


@pytest.mark.hazard("H-03")
def test_an_image_acknowledged_before_a_kill_is_there() -> None:
    _kill_again_and_again(rounds=4, seed=20261123)


@pytest.mark.drill
@pytest.mark.timeout(1800)
@pytest.mark.hazard("H-03")
def test_an_image_acknowledged_before_any_of_fifty_kills_is_there() -> None:
    _kill_again_and_again(rounds=50, seed=50)
