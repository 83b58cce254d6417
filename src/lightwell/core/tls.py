"""Certificates of a node: an authority of its own, so that HTTPS and DICOM over TLS work in a network without internet.

Who runs the node installs one file, ``ca.pem``, in browsers and devices. The node's own certificate is renewed by
itself. TLS follows BCP 195 (RFC 9325), as the DICOM profile of PS3.15 B.12 asks: TLS 1.2 or later, forward secrecy,
authenticated encryption.

A directory of certificates::

    ca.pem  ca.key              the authority, ten years
    server.pem  server.key      this node, at most 825 days
    <peer>.pem  <peer>.key      what was issued for others
    lock                        one process at a time writes here
"""

import contextlib
import fcntl
import hashlib
import ipaddress
import os
import re
import socket
import ssl
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal, TypeAlias

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from lightwell.core import clock
from lightwell.core.errors import ConfigurationError

Kind: TypeAlias = Literal["server", "client"]

_AUTHORITY_DAYS = 3652
_LEAF_DAYS = 825  # browsers refuse more
_RENEW_DAYS = 30
_CLOCK_SKEW = timedelta(days=1)  # clocks of devices go wrong
_SUITES = "ECDHE+AESGCM"  # RFC 9325 section 4.2; TLS 1.3 brings its own
_PLAIN_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}")
_USAGES = {
    # A node that receives images also sends them, with the same certificate.
    "server": [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH],
    "client": [ExtendedKeyUsageOID.CLIENT_AUTH],
}


@dataclass(frozen=True, slots=True)
class TlsFiles:
    """A certificate, its key, and the authority that others need to trust it; all PEM."""

    ca_certificate: Path
    certificate: Path
    key: Path


@dataclass(frozen=True, slots=True)
class _Pair:
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


def ensure_certificates(directory: Path, host_names: Sequence[str]) -> TlsFiles:
    """Have a valid certificate for this node, making or renewing it where needed.

    Args:
        directory: the folder of certificates; made with mode 0700.
        host_names: names and addresses by which the node is reached; ``localhost``, the loopback addresses and the
            machine's own name are added.

    Raises:
        ConfigurationError: a host name is none, or the authority's key is gone, so that nothing can be renewed.
    """
    files = TlsFiles(directory / "ca.pem", directory / "server.pem", directory / "server.key")
    names = _names([*host_names, "localhost", "127.0.0.1", "::1", socket.gethostname()])
    with _alone(directory):
        authority = _ensure_authority(directory)
        if not _is_current(_read(files.certificate, files.key), authority, names):
            _write(files.certificate, files.key, _sign(authority, "Lightwell", names, "server"))
    return files


def issue(directory: Path, common_name: str, host_names: Sequence[str], kind: Kind) -> TlsFiles:
    """Issue a certificate for a peer, such as a device that shall prove who it is.

    Args:
        directory: the folder of certificates, as for :func:`ensure_certificates`.
        common_name: whom it is for; an earlier certificate of that name and kind is replaced.
        host_names: names and addresses of the peer; may be empty for a client.
        kind: ``server`` can be used to listen and to connect, ``client`` only to connect.

    Raises:
        ConfigurationError: a host name is none, or the authority's key is gone.
    """
    stem = f"{_file_name(common_name)}.{kind}"
    files = TlsFiles(directory / "ca.pem", directory / f"{stem}.pem", directory / f"{stem}.key")
    with _alone(directory):
        pair = _sign(_ensure_authority(directory), common_name, _names(host_names), kind)
        _write(files.certificate, files.key, pair)
    return files


def server_context(files: TlsFiles, *, client_ca: Path | None = None) -> ssl.SSLContext:
    """Return how the node answers TLS, for HTTPS and for DICOM.

    Args:
        files: the node's certificate and key.
        client_ca: authority of client certificates; a client may then show one, and a wrong one is refused.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(_SUITES)
    context.options |= ssl.OP_NO_COMPRESSION | ssl.OP_NO_RENEGOTIATION | ssl.OP_CIPHER_SERVER_PREFERENCE
    context.load_cert_chain(files.certificate, files.key)
    if client_ca is not None:
        context.load_verify_locations(client_ca)
        context.verify_mode = ssl.CERT_OPTIONAL
    return context


def client_context(files: TlsFiles) -> ssl.SSLContext:
    """Return how the node calls others by TLS: it trusts its own authority, and shows its certificate."""
    context = ssl.create_default_context(cafile=str(files.ca_certificate))
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(_SUITES)
    context.load_cert_chain(files.certificate, files.key)
    return context


def fingerprint(certificate_der: bytes) -> str:
    """Return the SHA-256 of a certificate in hex, by which a peer is known."""
    return hashlib.sha256(certificate_der).hexdigest()


@contextmanager
def _alone(directory: Path) -> Generator[None]:
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = os.open(directory / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _ensure_authority(directory: Path) -> _Pair:
    certificate, key = directory / "ca.pem", directory / "ca.key"
    found = _read(certificate, key)
    if found is None and certificate.exists():
        # A new authority would cut off everybody who trusts this one: that is for a person to decide.
        message = f"{key} is missing or not the key of {certificate}: restore it, or remove both for a new authority"
        raise ConfigurationError(message)
    if found is None or _days_left(found) < _RENEW_DAYS:
        found = _make_authority()
        _write(certificate, key, found)
    return found


def _is_current(pair: _Pair | None, authority: _Pair, names: list[x509.GeneralName]) -> bool:
    return (
        pair is not None
        and pair.certificate.issuer == authority.certificate.subject
        and list(pair.certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value) == names
        and _days_left(pair) >= _RENEW_DAYS
    )


def _days_left(pair: _Pair) -> float:
    return (pair.certificate.not_valid_after_utc - clock.now()) / timedelta(days=1)


def _make_authority() -> _Pair:
    key = ec.generate_private_key(ec.SECP256R1())
    # The serial number in the name keeps two authorities of one machine apart in a browser's list.
    subject = _name(f"Lightwell authority {x509.random_serial_number():x}"[:40])
    usage = _key_usage(is_authority=True)
    builder = (
        _builder(subject, subject, key, clock.now() + timedelta(days=_AUTHORITY_DAYS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
    )
    return _Pair(builder.sign(key, hashes.SHA256()), key)


def _sign(authority: _Pair, common_name: str, names: list[x509.GeneralName], kind: Kind) -> _Pair:
    key = ec.generate_private_key(ec.SECP256R1())
    until = clock.now() - _CLOCK_SKEW + timedelta(days=_LEAF_DAYS)
    issuer = authority.certificate
    builder = (
        _builder(_name(common_name), issuer.subject, key, min(until, issuer.not_valid_after_utc))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(is_authority=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage(_USAGES[kind]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key()), critical=False)
    )
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return _Pair(builder.sign(authority.key, hashes.SHA256()), key)


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, until: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(clock.now() - _CLOCK_SKEW)
        .not_valid_after(until)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _key_usage(*, is_authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not is_authority,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _names(host_names: Sequence[str]) -> list[x509.GeneralName]:
    """Return the alternative names in a fixed order, each once."""
    return [_general_name(text) for text in sorted({text.lower() for text in host_names if text})]


def _general_name(text: str) -> x509.GeneralName:
    with contextlib.suppress(ValueError):
        return x509.IPAddress(ipaddress.ip_address(text))
    try:
        return x509.DNSName(text.encode("idna").decode("ascii"))
    except UnicodeError as error:
        message = f"{text!r} is no host name: expected a name such as pacs.example, or an address"
        raise ConfigurationError(message) from error


def _file_name(common_name: str) -> str:
    """Return a file name for a peer; one that is not plain gets a name that no other peer has."""
    if _PLAIN_NAME.fullmatch(common_name):
        return f"peer-{common_name}"
    return f"peer-{hashlib.sha256(common_name.encode()).hexdigest()[:16]}"


def _read(certificate: Path, key: Path) -> _Pair | None:
    """Return a certificate and its key, or None where one is missing or they do not belong together."""
    try:
        found = x509.load_pem_x509_certificate(certificate.read_bytes())
        private = load_pem_private_key(key.read_bytes(), password=None)
    except (FileNotFoundError, ValueError):
        return None
    if not isinstance(private, ec.EllipticCurvePrivateKey) or private.public_key() != found.public_key():
        return None
    return _Pair(found, private)


def _write(certificate: Path, key: Path, pair: _Pair) -> None:
    # The key first: a crash between the two leaves a pair that does not fit, and is made again.
    _replace(key, pair.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), mode=0o600)
    _replace(certificate, pair.certificate.public_bytes(Encoding.PEM), mode=0o644)


def _replace(path: Path, content: bytes, *, mode: int) -> None:
    unfinished = path.with_name(f"{path.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content)
        os.fsync(file.fileno())
    unfinished.rename(path)
