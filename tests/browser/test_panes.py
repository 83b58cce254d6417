"""Several panes on the desk: the one that the hand goes to is the one that the page is at."""

from __future__ import annotations

import re
from typing import Any

import imagecodecs
import numpy as np
import pytest
from playwright.sync_api import Locator, expect

from tests.archive.notes import file_of, store
from tests.browser.conftest import Open, Shoot
from tests.browser.desk import HEAD, SLOW_MS, drawn, head_of
from tests.browser.panes import drawn_panes
from tests.region import Region, Server, wait_for

pytestmark = pytest.mark.peer
_STUDY = "1.2.826.0.1.3680043.9.9999.8912"


@pytest.fixture(scope="module")
def two(house: tuple[Server, Region]) -> str:
    """A study of two series, of three and of five images."""
    server, region = house
    study = f"{_STUDY}.1"
    for number, paths in ((1, HEAD[4:7]), (2, HEAD[8:13])):
        for image in head_of(study, paths):
            image.SeriesInstanceUID, image.SeriesNumber = f"{study}.{number}", number
            image.SOPInstanceUID, image.SeriesDescription = f"{study}.{number}.{image.InstanceNumber}", f"Part {number}"
            store(server, region.token_a, file_of(image))
    return study


def test_a_click_into_another_pane_takes_the_page_there(visit: Open, two: str, shoot: Shoot) -> None:
    page = visit(f"/studies/{two}", "en")
    expect(page.get_by_role("toolbar", name="Reading tools")).to_be_visible(timeout=SLOW_MS)
    page.keyboard.press("y")
    one, other = drawn_panes(page, 2).all()
    expect(one.get_by_text("1 / 3")).to_be_visible(timeout=SLOW_MS)
    expect(other.get_by_text("1 / 5")).to_be_visible(timeout=SLOW_MS)
    page.keyboard.press("u")
    lines = page.get_by_role("navigation", name="Series", exact=True).get_by_role("button")
    expect(one).to_have_attribute("data-focused", "true")
    expect(lines.first).to_have_attribute("aria-current", "true")
    other.click(position={"x": 200, "y": 200})
    expect(other).to_have_attribute("data-focused", "true")
    expect(one).to_have_attribute("data-focused", "false")
    expect(lines.last).to_have_attribute("aria-current", "true")
    expect(lines.first).to_have_attribute("aria-current", "false")
    page.keyboard.press("ArrowDown")
    expect(other.get_by_text("2 / 5")).to_be_visible()
    expect(one.get_by_text("1 / 3")).to_be_visible()
    page.get_by_role("button", name="Invert").click()
    expect(other.get_by_text("Inverted")).to_be_visible()
    expect(one.get_by_text("Inverted")).to_be_hidden()
    shoot(page, "panes.en")
    one.click(position={"x": 200, "y": 200})
    expect(lines.first).to_have_attribute("aria-current", "true")
    expect(other.get_by_text("2 / 5")).to_be_visible()


def _height(pane: Locator) -> int:
    """How many rows of a pane the picture of a head reaches over."""
    drawn(pane.page)
    shot: Any = np.asarray(imagecodecs.png_decode(pane.locator(".cornerstone-canvas").screenshot()))
    return int(((shot[..., :3].min(axis=-1) > 40).sum(axis=1) > 20).sum())


@pytest.fixture(scope="module")
def three(house: tuple[Server, Region]) -> str:
    """A study of two series of CT and one that says it is MR."""
    server, region = house
    study = f"{_STUDY}.3"
    for number, modality in ((1, "CT"), (2, "CT"), (3, "MR")):
        for image in head_of(study, HEAD[8:11]):
            image.SeriesInstanceUID, image.SeriesNumber, image.Modality = f"{study}.{number}", number, modality
            image.SOPInstanceUID, image.SeriesDescription = f"{study}.{number}.{image.InstanceNumber}", f"Part {number}"
            store(server, region.token_a, file_of(image))
    return study


def test_panes_are_windowed_and_zoomed_together_where_that_is_switched_on(
    visit: Open, three: str, shoot: Shoot
) -> None:
    page = visit(f"/studies/{three}", "en")
    expect(page.get_by_role("toolbar", name="Reading tools")).to_be_visible(timeout=SLOW_MS)
    page.keyboard.press("y")
    page.keyboard.press("y")
    one, other, mr = drawn_panes(page, 3).all()
    for pane in (one, other, mr):
        expect(pane.get_by_text("1 / 3")).to_be_visible(timeout=SLOW_MS)
    own = mr.get_by_text(re.compile(r"^W \d+")).inner_text()
    page.keyboard.press("2")  # of a head: the brain, bone, then the others
    expect(one.get_by_text("W 1800")).to_be_visible()
    expect(other.get_by_text("W 1800")).to_be_hidden()
    page.keyboard.press(";")
    expect(page.get_by_role("button", name="Window together")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("3")
    expect(one.get_by_text("W 400")).to_be_visible()
    expect(other.get_by_text("W 400")).to_be_visible()
    expect(mr.get_by_text(own)).to_be_visible()
    page.keyboard.press("r")
    expect(other.get_by_text(own)).to_be_visible()
    before = [_height(pane) for pane in (one, other, mr)]
    page.keyboard.press("-")
    assert wait_for(lambda: _height(one) < before[0] * 0.9)
    assert _height(other) == before[1]
    page.keyboard.press("'")
    page.keyboard.press("-")

    def are_alike() -> bool:
        after = [_height(pane) for pane in (one, other, mr)]
        is_alike = after == pytest.approx([after[0]] * 3, abs=8)  # a step is 20; letters over a picture count too
        return is_alike and after[0] < before[0] * 0.75

    assert wait_for(are_alike)
    shoot(page, "linked.en")
    page.keyboard.press("?")
    for words in ("Window together", "Zoom and pan together"):
        expect(page.get_by_role("dialog").get_by_text(words)).to_be_visible()
