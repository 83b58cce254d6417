"""The full viewer under fingers, on a tablet and on a phone."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.archive.notes import file_of, store
from tests.browser.accessibility import assert_accessible
from tests.browser.conftest import SIGN_IN, Shoot
from tests.browser.desk import HEAD, SLOW_MS, TOOLS, Place, drawn, glass, head_of, on_glass
from tests.region import PASSWORD, Region, Server, wait_for

pytestmark = pytest.mark.peer
_STUDY = "1.2.826.0.1.3680043.9.9999.8913.1"
_SIZES = {"tablet": (820, 1180), "phone": (390, 844)}
_WORDS = Path(__file__).parents[2] / "web/src/lib/i18n"
_LEAST_TARGET = 44
Hold = Callable[[str, str, str], Page]


@pytest.fixture(scope="module")
def study(house: tuple[Server, Region]) -> str:
    """A study of one series of eight images."""
    server, region = house
    for image in head_of(_STUDY, HEAD[4:12]):
        store(server, region.token_a, file_of(image))
    return _STUDY


@pytest.fixture
def hold(browser: Browser, house: tuple[Server, Region]) -> Iterator[Hold]:
    """Opens an address on a device that is held in the hand."""
    contexts: list[BrowserContext] = []

    def open_page(path: str, device: str, language: str) -> Page:
        width, height = _SIZES[device]
        context = browser.new_context(
            base_url=house[0].url, viewport={"width": width, "height": height}, has_touch=True, is_mobile=True
        )
        contexts.append(context)
        page = context.new_page()
        page.add_init_script(f"localStorage?.setItem('lightwell.language', '{language}')")
        page.goto("/healthz")
        assert page.evaluate(SIGN_IN, ["user-a", PASSWORD]) in {200, 201}
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()


def _move(page: Page, *fingers: tuple[Place, Place]) -> None:
    """Put fingers on the glass, each where its way begins, and take them along it."""
    device = page.context.new_cdp_session(page)

    def touch(kind: str, part: float) -> None:
        points = [
            {"x": start[0] + (end[0] - start[0]) * part, "y": start[1] + (end[1] - start[1]) * part, "id": finger}
            for finger, (start, end) in enumerate(fingers)
        ]
        device.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [] if kind == "touchEnd" else points})
        page.wait_for_timeout(30)

    touch("touchStart", 0)
    for step in range(1, 11):
        touch("touchMove", step / 10)
    touch("touchEnd", 1)
    page.wait_for_timeout(500)
    drawn(page)


def _middle(picture: Locator) -> Place:
    box = picture.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def _lit(picture: Locator) -> tuple[int, float]:
    """How many rows of the picture the head reaches over, and where their middle is."""
    shot: Any = np.asarray(imagecodecs.png_decode(picture.screenshot()))
    rows = np.flatnonzero((shot[..., :3].min(axis=-1) > 60).sum(axis=1) > 30)
    return len(rows), float(rows.mean())


def _small(page: Page) -> list[list[Any]]:
    """What can be pressed beside the banner and is too small for a finger."""
    return page.evaluate(
        """least => [...document.querySelectorAll('main :is(button, a, select, input)')]
             .filter(one => !one.closest('section[aria-label]') && one.getClientRects().length)
             .map(one => [one.getAttribute('aria-label') ?? one.textContent, one.offsetWidth, one.offsetHeight])
             .filter(([, width, height]) => Math.min(width, height) < least)""",
        _LEAST_TARGET,
    )


@pytest.mark.parametrize("device", list(_SIZES))
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_fingers_scroll_measure_pinch_and_pan(hold: Hold, study: str, device: str, language: str, shoot: Shoot) -> None:
    words = json.loads((_WORDS / f"{language}.json").read_text())["tools"]
    page = hold(f"/studies/{study}", device, language)
    rail = page.get_by_role("toolbar", name=TOOLS)
    expect(rail).to_be_visible(timeout=SLOW_MS)
    expect(page.get_by_text("1 / 8", exact=True)).to_be_visible(timeout=SLOW_MS)
    expect(page.get_by_text(re.compile("^(W|窗宽) 100 "))).to_be_visible(timeout=SLOW_MS)
    x, y = _middle(page.locator("canvas[role=img]"))
    _move(page, ((x, y), (x, y + 60)))
    expect(page.get_by_text(re.compile(r"^[3-8] / 8$"))).to_be_visible()
    rail.get_by_role("button", name=words["length"], exact=True).tap()
    picture = glass(page)
    on_glass(page)
    x, y = _middle(picture)
    _move(page, ((x - 60, y), (x + 60, y + 20)))
    expect(page.locator(".svg-layer line")).not_to_have_count(0)
    rail.get_by_role("button", name=words["scroll"], exact=True).tap()
    place = page.get_by_text(re.compile(r"^\d / 8$"))
    shown = place.inner_text()
    _move(page, ((x + 100, y + 80), (x + 100, y - 160)))
    expect(place).not_to_have_text(shown)
    on_glass(page)
    before, _ = _lit(picture)
    _move(page, ((x, y - 30), (x, y - 20)), ((x, y + 30), (x, y + 20)))
    assert wait_for(lambda: _lit(picture)[0] == pytest.approx(before * 2 / 3, rel=0.05))
    smaller, middle = _lit(picture)
    _move(page, ((x - 30, y), (x - 30, y + 40)), ((x + 30, y), (x + 30, y + 40)))
    # The first of ten steps tells where the fingers are.
    assert wait_for(lambda: _lit(picture)[1] - middle == pytest.approx(36, abs=4))
    assert _lit(picture)[0] == pytest.approx(smaller, rel=0.02)
    rail.get_by_role("button", name=words["findings"], exact=True).tap()
    expect(page.get_by_text("mm")).to_be_visible()
    page.wait_for_timeout(500)
    shoot(page, f"touch-{device}-{language}")
    assert _small(page) == []
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    assert_accessible(page)


def test_on_a_phone_panes_stand_in_one_column(hold: Hold, study: str, shoot: Shoot) -> None:
    page = hold(f"/studies/{study}", "phone", "en")
    rail = page.get_by_role("toolbar", name=TOOLS)
    expect(rail).to_be_visible(timeout=SLOW_MS)
    rail.get_by_role("button", name="Planes (MPR)").tap()
    planes = [glass(page, plane).bounding_box() for plane in ("axial", "coronal", "sagittal")]
    boxes = [box for box in planes if box]
    assert len(boxes) == 3
    assert boxes[0]["width"] >= 388
    assert boxes[0]["y"] < boxes[1]["y"]
    page.wait_for_timeout(3_000)
    shoot(page, "touch-planes")
