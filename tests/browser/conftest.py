"""The browser, the pages and a server behind them.

The tests speak to `base_url`; point that fixture at another server to try the same pages against it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect, sync_playwright

from hatch_build import build_pages
from tests.browser.hospital import PASSWORD, Hospital
from tests.browser.mock_server import MockServer
from tests.region import PASSWORD as PASSWORD_OF_ALL
from tests.region import Region, Server, running_server

FLAGS = [
    "--no-sandbox",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-gpu-compositing",  # which would be done by SwiftShader, for a third more time
]
VIEWPORT: ViewportSize = {"width": 1440, "height": 900}
TIMEOUT_MS = 20_000
expect.set_options(timeout=TIMEOUT_MS)

SIGN_IN = """async ([username, password]) => {
  const headers = { 'Content-Type': 'application/json', 'X-Lightwell': '1' };
  const body = JSON.stringify({ username, password });
  const answer = await fetch('/api/session', { method: 'POST', headers, body });
  return answer.status; }"""

Shoot = Callable[[Page, str], None]
Open = Callable[..., Page]


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of Chromium; without it the tests are skipped, or fail where peers are required."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        message = "chromium is not on PATH (Debian: apt install chromium fonts-noto-cjk)"
        if os.environ.get("LIGHTWELL_REQUIRE_PEERS") == "1":
            pytest.fail(message)
        pytest.skip(message)
    return path


@pytest.fixture(scope="session")
def pages() -> Path:
    """The folder of the built pages, built again if their sources changed."""
    return build_pages()


@pytest.fixture(scope="session")
def server(pages: Path) -> Iterator[MockServer]:
    """The mock server."""
    server = MockServer(pages)
    yield server
    server.hang_up()
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def hospital(server: MockServer) -> Iterator[Hospital]:
    """A fresh hospital behind the server."""
    yield server.reset()
    server.hang_up()


@pytest.fixture
def base_url(server: MockServer) -> str:
    """Where the pages are served."""
    return server.base_url


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """One browser for all tests."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the page complained of while a test ran; the `page` fixture wants it empty."""
    return []


@pytest.fixture
def page(browser: Browser, base_url: str, complaints: list[str]) -> Iterator[Page]:
    """A page in Chinese on the reading scheme; it may neither throw nor break its content policy."""
    context = browser.new_context(base_url=base_url, viewport=VIEWPORT, locale="zh-CN", reduced_motion="reduce")
    page = context.new_page()
    page.set_default_timeout(TIMEOUT_MS)
    page.on("pageerror", lambda error: complaints.append(error.stack or str(error)))
    page.on("console", lambda line: complaints.append(line.text) if "Content Security Policy" in line.text else None)
    yield page
    context.close()
    assert complaints == []


@pytest.fixture
def sign_in(page: Page, hospital: Hospital) -> Callable[[str], Page]:
    """Opens an address as a signed-in user, in a language and scheme."""

    def open_page(path: str = "/", language: str = "zh-CN", scheme: str = "reading") -> Page:
        page.add_init_script(
            f"localStorage.getItem('lightwell.language') ?? localStorage.setItem('lightwell.language', '{language}');"
            f"localStorage.getItem('lightwell.scheme') ?? localStorage.setItem('lightwell.scheme', '{scheme}');"
        )
        hospital.is_signed_in = True
        page.goto(path)
        return page

    return open_page


@pytest.fixture(scope="module")
def house(pages: Path) -> Iterator[tuple[Server, Region]]:
    """A real server with two hospitals, serving the built pages."""
    assert (pages / "index.html").is_file()
    with running_server(study_quiet_s=1) as pair:
        yield pair


@pytest.fixture
def visit(browser: Browser, house: tuple[Server, Region], complaints: list[str]) -> Iterator[Open]:
    """Opens an address of the real server, as hospital A's administrator unless somebody else is named."""
    contexts: list[BrowserContext] = []

    def open_page(path: str, language: str = "zh-CN", username: str = "user-a") -> Page:
        context = browser.new_context(
            base_url=house[0].url, viewport=VIEWPORT, locale=language, reduced_motion="reduce"
        )
        contexts.append(context)
        # A busy machine may look like a thin line; what a test keeps back comes by requests then too.
        context.route_web_socket("**/api/channel", lambda line: line.close())
        page = context.new_page()
        page.set_default_timeout(TIMEOUT_MS)
        page.on("pageerror", lambda error: complaints.append(error.stack or str(error)))
        page.add_init_script(f"localStorage?.setItem('lightwell.language', '{language}')")
        page.goto("/")
        assert page.evaluate(SIGN_IN, [username, PASSWORD_OF_ALL]) in {200, 201}
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def password() -> str:
    """The password of the test user."""
    return PASSWORD


@pytest.fixture(scope="session")
def shoot() -> Shoot:
    """Keeps a picture of the page in $LIGHTWELL_SCREENSHOTS, if that is set."""
    folder = os.environ.get("LIGHTWELL_SCREENSHOTS")

    def keep(page: Page, name: str) -> None:
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=Path(folder) / f"{name}.png")

    return keep
