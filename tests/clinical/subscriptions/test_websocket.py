"""WebSockets as R4 2.46.7.2 has them: bind, bound, ping; only whoever subscribed is told."""

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from tests.clinical.fhir.conftest import Client
from tests.clinical.subscriptions.conftest import create, end, observation, subscription
from tests.region import Region, Server

ASKED = subscription(None, type="websocket")


def line(server: Server, token: str, origin: str | None = None) -> ClientConnection:
    address = f"ws://127.0.0.1:{server.http_port}/fhir/ws"
    said = {"Authorization": f"Bearer {token}"}
    return connect(address, additional_headers=said, origin=Origin(origin) if origin else None, proxy=None)


def asked(socket: ClientConnection, text: str) -> str | bytes:
    socket.send(text)
    return socket.recv(timeout=10)


def test_who_is_bound_is_pinged_of_each_change_that_fits(house: tuple[Server, Region], client_a: Client) -> None:
    made = create(client_a, ASKED)
    with line(house[0], house[1].token_a) as socket:
        assert asked(socket, f"bind {made['id']}") == f"bound {made['id']}"
        for _ in range(2):
            create(client_a, observation())
            assert socket.recv(timeout=10) == f"ping {made['id']}"
        create(client_a, {"resourceType": "Patient"})
        with pytest.raises(TimeoutError):
            socket.recv(timeout=1)
    end(client_a, made)


@pytest.mark.hazard("H-04")
def test_nobody_is_bound_to_what_somebody_else_subscribed(house: tuple[Server, Region], client_a: Client) -> None:
    made = create(client_a, ASKED)
    with line(house[0], house[1].token_b) as socket:
        for text in (f"bind {made['id']}", "bind nothing", "bind", "hello", "bind " + "x" * 500):
            assert str(asked(socket, text)).startswith("error expected bind")
    end(client_a, made)


def test_nobody_unknown_gets_a_line(house: tuple[Server, Region]) -> None:
    with pytest.raises(Exception, match="403"):
        line(house[0], "wrong")


@pytest.mark.hazard("H-04")
def test_a_page_of_somebody_else_gets_no_line(house: tuple[Server, Region]) -> None:
    server, region = house
    with pytest.raises(Exception, match="403"):
        line(server, region.token_a, "http://elsewhere.example")
    with line(server, region.token_a, f"http://127.0.0.1:{server.http_port}") as socket:
        assert str(asked(socket, "bind nothing")).startswith("error")


def test_a_line_ends_with_the_right_to_read(house: tuple[Server, Region], client_b: Client) -> None:
    server, region = house
    made = create(client_b, ASKED)
    with line(server, region.token_b) as socket:
        assert asked(socket, f"bind {made['id']}") == f"bound {made['id']}"
        server.query("UPDATE core.account SET is_active = false WHERE username = 'user-b'")
        with pytest.raises(ConnectionClosed):
            socket.recv(timeout=20)
        server.query("UPDATE core.account SET is_active = true WHERE username = 'user-b'")
    end(client_b, made)
