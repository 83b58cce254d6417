"""The node's own certificates are trusted by those who trust its authority, and by nobody else."""

import contextlib
import socket
import ssl
import stat
import threading
from collections.abc import Generator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509

from lightwell.core import clock
from lightwell.core.errors import ConfigurationError
from lightwell.core.tls import TlsFiles, ensure_certificates, fingerprint, issue, server_context


def read(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(path.read_bytes())


def names_in(path: Path) -> list[str]:
    extension = read(path).extensions.get_extension_for_class(x509.SubjectAlternativeName)
    return [str(name.value) for name in extension.value]


def client_context(ca: Path, files: TlsFiles | None = None) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=str(ca))
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    if files is not None:
        context.load_cert_chain(files.certificate, files.key)
    return context


@contextmanager
def listening(context: ssl.SSLContext) -> Generator[tuple[str, int]]:
    """A server that tells each client the fingerprint of the certificate it showed."""
    listener = socket.create_server(("127.0.0.1", 0))

    def answer() -> None:
        connection, _ = listener.accept()
        try:
            with context.wrap_socket(connection, server_side=True) as secured:
                shown = secured.getpeercert(binary_form=True)
                secured.sendall(fingerprint(shown).encode() if shown else b"nobody")
        except (ssl.SSLError, OSError):
            connection.close()

    thread = threading.Thread(target=answer)
    thread.start()
    yield listener.getsockname()
    thread.join()
    listener.close()


def greet(address: tuple[str, int], context: ssl.SSLContext, host_name: str) -> tuple[str, str | None]:
    connection = socket.create_connection(address, timeout=5)
    with context.wrap_socket(connection, server_hostname=host_name) as secured:
        return secured.recv(100).decode(), secured.version()


@pytest.mark.parametrize("host_name", ["localhost", "127.0.0.1", "pacs.example", "10.1.2.3"])
def test_who_trusts_the_authority_reaches_the_node_by_each_of_its_names(tmp_path: Path, host_name: str) -> None:
    files = ensure_certificates(tmp_path / "tls", ["pacs.example", "10.1.2.3"])
    with listening(server_context(files)) as address:
        said, version = greet(address, client_context(files.ca_certificate), host_name)
    assert (said, version) == ("nobody", "TLSv1.3")


def test_a_stranger_does_not_trust_it(tmp_path: Path) -> None:
    files = ensure_certificates(tmp_path / "tls", [])
    other = ensure_certificates(tmp_path / "other", [])
    with listening(server_context(files)) as address, pytest.raises(ssl.SSLCertVerificationError, match="verify"):
        greet(address, client_context(other.ca_certificate), "localhost")


def test_tls_1_2_works_with_forward_secrecy_and_nothing_older(tmp_path: Path) -> None:
    files = ensure_certificates(tmp_path / "tls", [])
    context = server_context(files)
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2
    suites = [suite["name"] for suite in context.get_ciphers() if suite["protocol"] == "TLSv1.2"]
    assert suites
    assert all("ECDHE" in name and "GCM" in name for name in suites)
    client = client_context(files.ca_certificate)
    client.maximum_version = ssl.TLSVersion.TLSv1_2
    with listening(context) as address:
        assert greet(address, client, "localhost")[1] == "TLSv1.2"


def test_a_peer_can_prove_who_it_is(tmp_path: Path) -> None:
    files = ensure_certificates(tmp_path / "tls", [])
    peer = issue(tmp_path / "tls", "CT 一号", [], "client")
    der = ssl.PEM_cert_to_DER_cert(peer.certificate.read_text())
    with listening(server_context(files, client_ca=files.ca_certificate)) as address:
        assert greet(address, client_context(files.ca_certificate, peer), "localhost")[0] == fingerprint(der)
    with listening(server_context(files, client_ca=files.ca_certificate)) as address:
        assert greet(address, client_context(files.ca_certificate), "localhost")[0] == "nobody"


def test_a_peer_of_another_authority_is_refused(tmp_path: Path) -> None:
    files = ensure_certificates(tmp_path / "tls", [])
    stranger = issue(tmp_path / "other", "CT1", [], "client")
    client = client_context(files.ca_certificate, stranger)
    said = ""
    # With TLS 1.3 the client learns of the refusal at its first read, by an error or an end.
    with (
        listening(server_context(files, client_ca=files.ca_certificate)) as address,
        contextlib.suppress(ssl.SSLError, ConnectionError),
    ):
        said, _ = greet(address, client, "localhost")
    assert said == ""


def test_a_name_that_no_certificate_can_hold_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"a\.\.b"):
        ensure_certificates(tmp_path, ["a..b"])


def test_a_peer_that_listens_has_a_certificate_of_its_own(tmp_path: Path) -> None:
    peer = issue(tmp_path, "ORTHANC", ["orthanc.example"], "server")
    with listening(server_context(peer)) as address:
        assert greet(address, client_context(peer.ca_certificate), "orthanc.example")[0] == "nobody"


def test_a_certificate_stays_until_its_names_change(tmp_path: Path) -> None:
    files = ensure_certificates(tmp_path, ["b.example", "a.example"])
    first = files.certificate.read_bytes()
    ensure_certificates(tmp_path, ["a.example", "b.example"])
    assert files.certificate.read_bytes() == first
    authority = files.ca_certificate.read_bytes()
    ensure_certificates(tmp_path, ["c.example"])
    assert "c.example" in names_in(files.certificate)
    assert "a.example" not in names_in(files.certificate)
    assert files.ca_certificate.read_bytes() == authority


@pytest.mark.parametrize(("days", "is_renewed"), [(780, False), (800, True)])
def test_a_certificate_is_renewed_in_its_last_month(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, days: int, is_renewed: bool
) -> None:
    files = ensure_certificates(tmp_path, [])
    first = files.certificate.read_bytes()
    later = clock.now() + timedelta(days=days)
    monkeypatch.setattr(clock, "now", lambda: later)
    ensure_certificates(tmp_path, [])
    assert (files.certificate.read_bytes() != first) is is_renewed


def test_lifetimes_are_what_browsers_accept(tmp_path: Path) -> None:
    files = ensure_certificates(tmp_path, [])
    leaf, authority = read(files.certificate), read(files.ca_certificate)
    assert leaf.not_valid_after_utc - leaf.not_valid_before_utc <= timedelta(days=825)
    assert authority.not_valid_after_utc - clock.now() > timedelta(days=3600)


def test_keys_are_for_the_owner_only(tmp_path: Path) -> None:
    ensure_certificates(tmp_path / "tls", [])
    issue(tmp_path / "tls", "CT1", [], "client")
    assert stat.S_IMODE((tmp_path / "tls").stat().st_mode) == 0o700
    keys = list((tmp_path / "tls").glob("*.key"))
    assert len(keys) == 3
    assert {stat.S_IMODE(key.stat().st_mode) for key in keys} == {0o600}


def test_a_lost_key_of_the_authority_is_not_replaced_behind_the_hospital_s_back(tmp_path: Path) -> None:
    files = ensure_certificates(tmp_path, [])
    (tmp_path / "ca.key").unlink()
    with pytest.raises(ConfigurationError, match="restore it"):
        ensure_certificates(tmp_path, [])
    assert files.ca_certificate.exists()


def test_a_set_up_that_was_cut_off_is_begun_again(tmp_path: Path) -> None:
    (tmp_path / "ca.key").write_text("half")
    files = ensure_certificates(tmp_path, [])
    files.key.write_text("half")
    ensure_certificates(tmp_path, [])
    server_context(files)


@pytest.mark.parametrize("name", ["../../etc/passwd", "a/b", "放射科"])
def test_a_peer_s_name_never_leads_out_of_the_directory(tmp_path: Path, name: str) -> None:
    files = issue(tmp_path, name, [], "client")
    assert files.certificate.parent == tmp_path
