"""A server of two hospitals that may call this machine, clients of both, and a listener."""

from collections.abc import Generator
from typing import Any

import pytest

from tests.clinical.fhir.conftest import Client, client_of
from tests.clinical.subscriptions.listener import Listener, listening
from tests.region import Region, Server, running_server

HERE = "127.0.0.0/8"
HEART_RATE = {"coding": [{"system": "http://loinc.org", "code": "8867-4"}]}


@pytest.fixture(scope="package")
def house() -> Generator[tuple[Server, Region]]:
    """The server and its hospitals."""
    with running_server(subscription_targets=HERE) as pair:
        yield pair


@pytest.fixture(scope="package")
def client_a(house: tuple[Server, Region]) -> Client:
    """A client of hospital A."""
    return client_of(house[0], house[1].token_a)


@pytest.fixture(scope="package")
def client_b(house: tuple[Server, Region]) -> Client:
    """A client of hospital B."""
    return client_of(house[0], house[1].token_b)


@pytest.fixture
def listener() -> Generator[Listener]:
    """A machine that is told."""
    with listening() as one:
        yield one


def subscription(endpoint: str | None, criteria: str = "Observation?code=8867-4", **channel: Any) -> dict[str, Any]:
    own = {"type": "rest-hook", "endpoint": endpoint, **channel}
    return {
        "resourceType": "Subscription",
        "status": "requested",
        "reason": "test",
        "criteria": criteria,
        "channel": {name: value for name, value in own.items() if value is not None},
    }


def observation(**more: Any) -> dict[str, Any]:
    return {"resourceType": "Observation", "status": "final", "code": HEART_RATE, **more}


def create(client: Client, resource: dict[str, Any]) -> dict[str, Any]:
    answer = client("POST", f"/{resource['resourceType']}", json=resource)
    assert answer.status_code == 201, answer.text
    return answer.json()


def end(client: Client, subscribed: dict[str, Any]) -> None:
    """Delete a subscription, so that the next test is told of its own changes only."""
    assert client("DELETE", f"/Subscription/{subscribed['id']}").status_code == 204
