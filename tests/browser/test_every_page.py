"""Every page, in both languages and every light: no serious finding of axe, and a picture to look at.

Each page is looked at in English on every scheme and in Chinese on the reading scheme; the drill looks at the rest, and
writes a picture of each to ``$LIGHTWELL_SCREENSHOTS`` (or ``.screenshots/``).
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import serious
from tests.browser.conftest import Open
from tests.journeys.images import Image, images, send
from tests.region import Region, Server, wait_for

pytestmark = pytest.mark.peer
_ROOT: Final = Path(__file__).parents[2]
_EVERY_RULE: Final = {"resultTypes": ["violations"]}
_SCHEMES: Final = ("reading", "dark", "light")
_PRESS: Final = {"people": 0, "hospitals": 1, "tokens": 2}


@pytest.fixture(scope="module")
def study(house: tuple[Server, Region]) -> Image:
    """A study of three images of hospital A, and a file in quarantine beside it."""
    server, _ = house
    wanted = images(3, 9700)
    assert set(send(server, *wanted)) == {0}
    assert wait_for(lambda: server.query("SELECT count(*) FROM archive.study")[0][0] > 0)
    return wanted[0]


def _look(page: Page, name: str) -> None:
    """Wait until a page has come to rest."""
    expect(page.locator("h1, h2").first).to_be_visible()
    if name in {"study", "viewer"}:
        expect(page.locator("canvas").first).to_be_visible()
    if name.startswith("administration"):
        page.get_by_role("main").get_by_role("group").first.get_by_role("button").nth(
            _PRESS[name.rpartition("-")[2]]
        ).click()
    page.wait_for_timeout(250)


PAGES: Final[dict[str, Callable[[Image], str]]] = {
    "studies": lambda _: "/studies",
    "studies-nothing": lambda _: "/studies?q=nobody-of-that-name",
    "study": lambda image: f"/studies/{image.study}",
    "viewer": lambda image: f"/view/{image.study}",
    "patients": lambda _: "/patients",
    "upload": lambda _: "/upload",
    "unsettled": lambda _: "/unsettled",
    "identity": lambda _: "/identity",
    "queue": lambda _: "/queue",
    "interfaces": lambda _: "/interfaces",
    "devices": lambda _: "/devices",
    "audit": lambda _: "/audit",
    "administration-people": lambda _: "/administration",
    "administration-hospitals": lambda _: "/administration",
    "administration-tokens": lambda _: "/administration",
    "settings": lambda _: "/settings",
    "hanging": lambda _: "/settings/hanging",
    "not-found": lambda _: "/no-such-page",
}


def _in(page: Page, scheme: str, name: str) -> list[str]:
    """Show a page in a scheme, and return what axe finds in it."""
    page.evaluate("scheme => localStorage.setItem('lightwell.scheme', scheme)", scheme)
    page.reload()
    _look(page, name)
    return serious(page, _EVERY_RULE)


@pytest.mark.parametrize("name", PAGES)
def test_no_serious_finding_in_any_light(visit: Open, study: Image, name: str) -> None:
    page = visit(PAGES[name](study), "en")
    assert {scheme: _in(page, scheme, name) for scheme in _SCHEMES} == {scheme: [] for scheme in _SCHEMES}


@pytest.mark.parametrize("name", PAGES)
def test_no_serious_finding_in_the_other_language(visit: Open, study: Image, name: str) -> None:
    page = visit(PAGES[name](study), "zh-CN")
    _look(page, name)
    assert serious(page, _EVERY_RULE) == []


@pytest.mark.drill
@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_every_page_in_every_light_and_language(visit: Open, study: Image, name: str, language: str) -> None:
    folder = Path(os.environ.get("LIGHTWELL_SCREENSHOTS", _ROOT / ".screenshots"))
    folder.mkdir(parents=True, exist_ok=True)
    page = visit(PAGES[name](study), language)
    for scheme in _SCHEMES:
        found = _in(page, scheme, name)
        page.screenshot(path=folder / f"{name}.{language}.{scheme}.png")
        assert found == []
    text = page.locator("body").inner_text()
    assert not re.search(r"\b[a-z]+(?:\.[a-zA-Z]+){1,}\b(?<!\.dcm)(?<!\.json)", re.sub(r"\S*\d\S*", "", text)), (
        "a word that nobody translated"
    )
