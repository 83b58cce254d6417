"""A server of two hospitals, and clients that speak FHIR with it."""

from collections.abc import Callable, Generator
from typing import Any

import httpx
import pytest

from tests.region import Region, Server, running_server

JSON = "application/fhir+json"
Client = Callable[..., httpx.Response]


@pytest.fixture(scope="package")
def house() -> Generator[tuple[Server, Region]]:
    """The server and its hospitals."""
    with running_server() as pair:
        yield pair


def client_of(server: Server, token: str) -> Client:
    """Return what sends requests as the owner of a token."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": JSON}
    session = httpx.Client(base_url=f"{server.url}/fhir", timeout=60, trust_env=False)

    def ask(method: str, path: str, **values: Any) -> httpx.Response:
        own = {**headers, **values.pop("headers", {})}
        return session.request(method, path, headers=own, **values)

    return ask


@pytest.fixture(scope="package")
def a(house: tuple[Server, Region]) -> Client:
    """A client of hospital A."""
    return client_of(house[0], house[1].token_a)


@pytest.fixture(scope="package")
def b(house: tuple[Server, Region]) -> Client:
    """A client of hospital B."""
    return client_of(house[0], house[1].token_b)
