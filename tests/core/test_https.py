"""Beyond this machine everything is encrypted: HTTPS alone, and DICOM over TLS from the same certificates."""

import socket
import ssl
import subprocess
from collections.abc import Generator
from pathlib import Path

import httpx
import pytest

from tests.conftest import peer_program
from tests.region import AE, PASSWORD, Region, Server, data_directory, populate, settings

_ANYWHERE = "0.0.0.0"  # noqa: S104 -- the point of these tests


def _free_ports(number: int) -> list[int]:
    listeners = [socket.create_server(("127.0.0.1", 0)) for _ in range(number)]
    ports = [int(listener.getsockname()[1]) for listener in listeners]
    for listener in listeners:
        listener.close()
    return ports


@pytest.fixture(scope="module")
def served() -> Generator[tuple[Server, Region]]:
    """A server that others can reach; CT_A may come from anywhere, TLS_B with its certificate only."""
    https, dicom_tls = _free_ports(2)
    with data_directory() as data_dir:
        configured = settings(data_dir, bind=_ANYWHERE, https_port=https, dicom_tls_port=dicom_tls)
        region = populate(configured)
        server = Server(configured)
        issued = server.run("tls", "issue", "ct-b")
        fingerprint = issued.stdout.split("fingerprint")[1].strip()
        added = server.run(
            "peer", "add", "TLS_B", "--organisation", "b", "--called-ae", AE, "--certificate", fingerprint
        )
        assert added.returncode == 0, added.stderr
        yield server.start(), region
        server.stop()


@pytest.fixture(scope="module")
def server(served: tuple[Server, Region]) -> Server:
    """The server of this file."""
    return served[0]


def _authority(server: Server) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(server.settings.data_dir / "tls" / "ca.pem"))


def _url(server: Server) -> str:
    return f"https://localhost:{server.settings.https_port}"


def test_the_web_answers_by_https_with_a_certificate_of_the_authority(server: Server) -> None:
    with httpx.Client(base_url=_url(server), verify=_authority(server)) as client:
        answer = client.get("/healthz")
    assert answer.status_code == 200
    assert "max-age" in answer.headers["strict-transport-security"]


def test_plain_http_gets_no_answer(server: Server) -> None:
    with pytest.raises(httpx.TransportError):
        httpx.get(f"http://localhost:{server.settings.https_port}/healthz")


def test_a_stranger_does_not_trust_the_certificate(server: Server) -> None:
    with pytest.raises(httpx.ConnectError, match="certificate"):
        httpx.get(f"{_url(server)}/healthz")


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion")
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
def test_old_tls_is_refused(server: Server, version: ssl.TLSVersion) -> None:
    context = _authority(server)
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.maximum_version = version
    for port in (server.settings.https_port, server.settings.dicom_tls_port):
        with (
            socket.create_connection(("localhost", port), timeout=20) as line,
            pytest.raises((ssl.SSLError, ConnectionError)),
        ):
            context.wrap_socket(line, server_hostname="localhost")


def test_the_cookie_is_held_to_this_host(server: Server) -> None:
    with httpx.Client(base_url=_url(server), verify=_authority(server), headers={"X-Lightwell": "1"}) as client:
        answer = client.post("/api/session", json={"username": "user-a", "password": PASSWORD}, timeout=30)
        assert answer.status_code == 200
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-lightwell=")
        assert "secure" in cookie.lower()
        assert "path=/" in cookie.lower()
        assert client.get("/api/session").json()["username"] == "user-a"


def _echo(server: Server, calling: str, *options: str) -> subprocess.CompletedProcess[bytes]:
    port = str(server.settings.dicom_tls_port)
    command = [peer_program("echoscu"), *options, "-aet", calling, "-aec", AE, "localhost", port]
    return subprocess.run(command, capture_output=True, timeout=60, check=False)


@pytest.mark.peer
def test_dcmtk_hears_an_echo_over_tls(server: Server) -> None:
    folder = server.settings.data_dir / "tls"
    heard = _echo(server, "CT_A", "+tla", "+cf", str(folder / "ca.pem"))
    assert heard.returncode == 0, heard.stderr
    assert _echo(server, "CT_A").returncode != 0, "without TLS nobody answers there"


def _issued(folder: Path) -> tuple[str, str]:
    [key], [certificate] = folder.glob("*ct-b.client.key"), folder.glob("*ct-b.client.pem")
    return str(key), str(certificate)


@pytest.mark.peer
@pytest.mark.hazard("H-12")
def test_a_client_certificate_tells_who_calls(server: Server) -> None:
    folder = server.settings.data_dir / "tls"
    trust = ("+cf", str(folder / "ca.pem"))
    own = ("-pw", "+tls", *_issued(folder))
    assert _echo(server, "TLS_B", *own, *trust).returncode == 0
    assert _echo(server, "TLS_B", "+tla", *trust).returncode != 0, "the name alone is not enough"


@pytest.mark.peer
def test_a_certificate_of_another_authority_is_refused(server: Server) -> None:
    with data_directory() as data_dir:
        other = Server(settings(data_dir))
        assert other.run("tls", "issue", "ct-b").returncode == 0
        folder = data_dir / "tls"
        own = ("-pw", "+tls", *_issued(folder))
        trust = ("+cf", str(server.settings.data_dir / "tls" / "ca.pem"))
        assert _echo(server, "TLS_B", *own, *trust).returncode != 0
