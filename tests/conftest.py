"""Fixtures that many tests share."""

import os
import shutil
from collections.abc import Generator
from pathlib import Path

import pytest

from tests.region import Region, Server, running_server

SHARED = Path(os.environ.get("LIGHTWELL_SHARED_DATA", Path(__file__).parents[2] / "shared" / "data"))


@pytest.fixture(scope="session")
def served() -> Generator[tuple[Server, Region]]:
    """A running server with two hospitals, for tests that leave others undisturbed."""
    with running_server() as pair:
        yield pair


@pytest.fixture(scope="session")
def server(served: tuple[Server, Region]) -> Server:
    """The running server."""
    return served[0]


@pytest.fixture(scope="session")
def region(served: tuple[Server, Region]) -> Region:
    """The two hospitals of the running server."""
    return served[1]


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real images."""
    if not SHARED.is_dir():
        pytest.skip("the shared data are not beside the project; set LIGHTWELL_SHARED_DATA")
    return SHARED


def peer_program(name: str) -> str:
    """Return somebody else's program, or skip; in CI its absence is a failure."""
    path = Path("/usr/bin") / name
    found = str(path) if path.exists() else shutil.which(name, path="/usr/sbin:/usr/local/bin")
    if found is None:
        (pytest.fail if os.environ.get("LIGHTWELL_REQUIRE_PEERS") == "1" else pytest.skip)(f"{name} is not installed")
    return str(found)


def stable_id(value: object) -> str:
    """Return the name of a parameter, which is the same in every process: a set is written in order."""
    return str(sorted(value)) if isinstance(value, set) else str(value)
