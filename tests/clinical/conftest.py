"""A node with two hospitals, and their people."""

from collections.abc import AsyncGenerator, Generator

import pytest
import pytest_asyncio

from lightwell.app.node import Node, open_node
from lightwell.core.actors import Actor, house
from lightwell.core.settings import Settings
from tests.region import Region, data_directory, populate, settings


@pytest.fixture(scope="module")
def hospitals() -> Generator[tuple[Settings, Region]]:
    """Two hospitals in a data directory of their own."""
    with data_directory() as data_dir:
        configured = settings(data_dir)
        yield configured, populate(configured)


@pytest_asyncio.fixture
async def node(hospitals: tuple[Settings, Region]) -> AsyncGenerator[Node]:
    """An open node of the two hospitals."""
    async with open_node(hospitals[0]) as opened:
        yield opened


@pytest.fixture
def region(hospitals: tuple[Settings, Region]) -> Region:
    """Their ids and tokens."""
    return hospitals[1]


@pytest.fixture
def a(region: Region) -> Actor:
    """The house itself, acting for hospital A."""
    return house(region.a)


@pytest.fixture
def b(region: Region) -> Actor:
    """The house itself, acting for hospital B."""
    return house(region.b)
