"""A browser at the other end of an emulated line: Chromium without a screen, a new profile each time."""

import base64
import hashlib
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.sync_api import BrowserContext, Playwright

CHROMIUM = "/usr/bin/chromium"
_SETTLING_MS = 3000
FLAGS = (
    *("--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"),
    *("--ignore-gpu-blocklist", "--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--no-first-run", "--disable-quic"),
)


@contextmanager
def new_browser(playwright: Playwright, program: Path | str, certificate: Path) -> Generator[BrowserContext]:
    """Lend a browser whose cache is empty.

    It trusts the key of a certificate, as if the authority were installed: where certificates are not trusted, Chromium
    keeps nothing in its cache.
    """
    with tempfile.TemporaryDirectory(prefix="lightwell-bench-") as profile:
        context = playwright.chromium.launch_persistent_context(
            profile,
            executable_path=program,
            headless=True,
            args=[*FLAGS, f"--ignore-certificate-errors-spki-list={_key_digest(certificate)}"],
            viewport={"width": 1280, "height": 900},
            locale="zh-CN",
        )
        try:
            context.new_page().wait_for_timeout(_SETTLING_MS)  # a browser that is being started is none that is opened
            yield context
        finally:
            context.close()


def _key_digest(certificate: Path) -> str:
    key = x509.load_pem_x509_certificate(certificate.read_bytes()).public_key()
    encoded = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(hashlib.sha256(encoded).digest()).decode()
