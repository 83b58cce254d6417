"""The archive on S3: what is acknowledged is in the store; a store that fails is told to the sender."""

from collections.abc import Generator
from dataclasses import dataclass, replace

import boto3
import httpx
import pytest
from moto.server import ThreadedMotoServer
from obstore.store import S3Store

from bench.peers import free_port
from tests.journeys.images import find, images, send, stored
from tests.region import Region, Server, data_directory, running_server, settings, wait_for

_STORED, _NO_ROOM = 0x0000, 0xA700


@dataclass
class Store:
    """An S3 on this machine, which may go away and come back."""

    port: int
    server: ThreadedMotoServer

    def start(self) -> None:
        """Let it answer."""
        self.server = ThreadedMotoServer("127.0.0.1", self.port, verbose=False)
        self.server.start()

    def keys(self, bucket: str) -> list[str]:
        """Return what lies in a bucket."""
        return [item["path"] for page in S3Store(bucket).list() for item in page]


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Generator[Store]:
    """Lend an S3 with two buckets."""
    port = free_port()
    made = Store(port, ThreadedMotoServer("127.0.0.1", port, verbose=False))
    made.server.start()
    environment = {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_ALLOW_HTTP": "true",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    httpx.post(f"http://127.0.0.1:{port}/moto-api/reset")
    for bucket in ("images", "restored"):
        boto3.client("s3").create_bucket(Bucket=bucket)
    yield made
    made.server.stop()


@pytest.fixture
def served(store: Store) -> Generator[tuple[Server, Region]]:
    """Lend a server whose images lie in the store."""
    del store
    with running_server(objects_url="s3://images/region") as lent:
        yield lent


@pytest.mark.hazard("H-03")
def test_images_lie_in_the_store_and_outlive_a_crash(store: Store, served: tuple[Server, Region]) -> None:
    server, region = served
    wanted = images(12, 9001)
    assert send(server, *wanted, wanted[0]) == [_STORED] * 13
    server.kill()
    server.start()
    assert len(find(server, region.token_a, wanted[0].address.rpartition("/")[0])) == len(wanted)
    for image in wanted:
        assert stored(server, region.token_a, image) == image.data_set
    assert len(store.keys("images")) == len(wanted), "the second copy of an image is superfluous"
    assert not (server.settings.data_dir / "objects").exists()
    assert not list((server.settings.spool / "incoming").iterdir())
    assert server.run("archive", "verify").returncode == 0


def test_a_store_that_goes_away_is_told_and_comes_back(store: Store, served: tuple[Server, Region]) -> None:
    server, region = served
    first, second = images(2, 9002)
    assert send(server, first) == [_STORED]
    store.server.stop()
    assert send(server, second) == [_NO_ROOM]
    refused = server.get(first.address, region.token_a, Accept="application/dicom")
    assert refused.status_code == 503
    assert refused.json()["code"] == "objects_unavailable"
    store.start()
    assert wait_for(lambda: send(server, second) == [_STORED], 30)
    for image in (first, second):
        assert stored(server, region.token_a, image) == image.data_set


def test_a_backup_of_one_store_is_restored_into_another(store: Store, served: tuple[Server, Region]) -> None:
    server, region = served
    wanted = images(5, 9003)
    assert set(send(server, *wanted)) == {_STORED}
    find(server, region.token_a)
    folder = server.settings.data_dir.parent / "backup"
    assert server.run("backup", str(folder)).returncode == 0
    with data_directory() as data_dir:
        other = Server(replace(server.settings, data_dir=data_dir, objects_url="s3://restored"))
        back = other.run("restore", str(folder))
        assert back.returncode == 0, back.stderr
        assert len(store.keys("restored")) == len(wanted)
        assert other.run("archive", "verify").returncode == 0


@pytest.mark.parametrize("url", ["nonsense", "ftp://somewhere/else"])
def test_what_is_no_store_is_named_at_the_start(url: str) -> None:
    with data_directory() as data_dir:
        refused = Server(settings(data_dir, objects_url=url)).run("serve")
    assert refused.returncode == 1
    assert refused.stderr.startswith("lightwell: LIGHTWELL_OBJECTS_URL names no object store")
    assert "Traceback" not in refused.stderr
