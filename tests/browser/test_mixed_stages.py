"""Stages of hanging protocols whose panes hold images, planes and bodies side by side."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import blocks
from tests.browser.accessibility import assert_accessible
from tests.browser.blocks import COUNT, SIDE, block, hang, keep
from tests.browser.conftest import Open, Shoot
from tests.browser.desk import PREVIEW, SLOW_MS, TOOLS, fitted, numbers
from tests.region import Region, Server, wait_for

pytestmark = pytest.mark.peer
_NOW, _BEFORE = "1.2.826.0.1.3680043.9.9999.8920.1", "1.2.826.0.1.3680043.9.9999.8920.2"
_BONE = 1000
_SOFT, _HARD = {"description_contains": ["Soft"]}, {"description_contains": ["Bone"]}


def _pane(row: int, column: int, view: str, pick: dict[str, Any] = _SOFT, **more: Any) -> dict[str, Any]:
    return {"row": row, "column": column, "view": view, "picks": [pick], "again": True, **more}


_STAGE = {
    "name": {"zh-CN": "混合", "en": "Mixed"},
    "rows": 2,
    "columns": 4,
    "links": {"scroll": True},
    "panes": [
        _pane(0, 0, "stack"),
        _pane(0, 1, "coronal"),
        _pane(0, 2, "axial"),
        _pane(0, 3, "mip"),
        _pane(1, 0, "stack", prior=1),
        _pane(1, 1, "coronal", _HARD, window={"center": 1240, "width": 500}),
        _pane(1, 2, "coronal", prior=1),
        _pane(1, 3, "volume"),
    ],
}


@pytest.fixture(scope="module")
def studies(house: tuple[Server, Region]) -> Iterator[str]:
    """A study of two reconstructions in one frame of reference, and its prior, which lay elsewhere on the table."""
    bone = block(_NOW, 2, more=_BONE, SeriesDescription="Bone", WindowCenter=1240)
    before = block(_BEFORE, StudyDate="20260508")
    for image in before:
        image.ImagePositionPatient[2] += 300
    keep(house, *block(_NOW), *bone, *before)
    hang(house, "mixed", _STAGE)
    yield _NOW
    house[0].query("DELETE FROM archive.hanging_protocol")


def _hung(page: Page) -> None:
    """Choose the prior, and hang the stage with it."""
    expect(page.get_by_role("toolbar", name=TOOLS)).to_be_visible(timeout=SLOW_MS)
    page.get_by_role("navigation", name=re.compile("Earlier examinations|既往检查")).get_by_role("button").click()
    expect(page.get_by_text("1 / 24")).to_have_count(2, timeout=SLOW_MS)
    page.keyboard.press(".")
    expect(page.locator("[data-plane=coronal]")).to_have_count(3, timeout=SLOW_MS)
    for plane in page.locator("[data-plane]").all():
        expect(plane.locator("xpath=..").get_by_text(re.compile("^(窗宽|W )"))).to_be_visible(timeout=SLOW_MS)
    expect(page.get_by_text(PREVIEW)).to_have_count(0, timeout=SLOW_MS)


def _value(page: Page, pane: Locator, across: float = 0.5, down: float = 0.5) -> float:
    """The value that a pane names where the pointer is."""
    box = pane.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * across, box["y"] + box["height"] * down)
    said = pane.locator("xpath=..").get_by_text(re.compile(r"-?\d+(\.\d+)? HU"))
    return float(re.findall(r"-?\d+(?:\.\d+)?", said.inner_text())[0])


@pytest.mark.timeout(600)  # planes take long without a graphics card
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_images_planes_and_bodies_hang_in_one_stage(visit: Open, studies: str, shoot: Shoot, language: str) -> None:
    page = visit(f"/studies/{studies}", language)
    _hung(page)
    coronal, axial = (page.locator(f"[data-plane={name}]") for name in ("coronal", "axial"))
    expect(page.get_by_text("1 / 24")).to_have_count(2)
    middle = blocks.values()[COUNT // 2 - 1 : COUNT // 2 + 1, SIDE // 2 - 1 : SIDE // 2 + 1, 0]
    assert _value(page, coronal.first) in middle
    assert _value(page, coronal.nth(1)) in middle + _BONE
    assert _value(page, coronal.first, down=0.4) > _value(page, coronal.first, down=0.6)
    page.locator("section").filter(has_text="1 / 24").first.click()
    for _ in range(5):
        page.keyboard.press("ArrowDown")
    expect(page.get_by_text("6 / 24")).to_have_count(2)
    sixth = blocks.values()[5, SIDE // 2 - 1 : SIDE // 2 + 1, 0]
    assert wait_for(lambda: _value(page, axial) in sixth)
    shoot(page, f"mixed-{language}")
    assert_accessible(page)


@pytest.mark.hazard("H-16")
@pytest.mark.timeout(600)
def test_a_value_is_that_of_the_series_of_its_pane(
    visit: Open, house: tuple[Server, Region], studies: str, shoot: Shoot
) -> None:
    page = visit(f"/studies/{studies}", "en")
    _hung(page)
    page.keyboard.press("o")
    expect(page.get_by_role("complementary", name="Measurements")).to_be_visible()
    fitted(page)  # the panes grow narrower
    middle = blocks.values()[COUNT // 2 - 1 : COUNT // 2 + 1, SIDE // 2 - 1 : SIDE // 2 + 1, 0]
    for place, more in ((1, _BONE), (0, 0)):
        page.keyboard.press("p")
        page.locator("[data-plane=coronal]").nth(place).click()
        assert numbers(page, 2 - place)[-1][0] in middle + more
    shoot(page, "mixed-measured")
    page.get_by_role("button", name="Save measurements").last.click()
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    answer = house[0].get(f"/api/studies/{studies}/measurements", house[1].token_a).json()
    saved = {
        one["space"]["series_instance_uid"]: one["values"][0]["value"] for one in answer["sets"][0]["measurements"]
    }
    assert saved[f"{_NOW}.1"] in middle
    assert saved[f"{_NOW}.2"] in middle + _BONE


@pytest.mark.timeout(600)
def test_keys_go_to_the_plane_in_hand_and_the_page_stays_at_its_image(visit: Open, studies: str) -> None:
    page = visit(f"/studies/{studies}", "en")
    _hung(page)
    axial = page.locator("[data-plane=axial]")
    axial.click()
    before = _value(page, axial)
    page.keyboard.press("ArrowDown")
    expect(page.get_by_text("1 / 24")).not_to_have_count(2)  # images lie where the plane went to
    assert wait_for(lambda: abs(_value(page, axial) - before) == 10)  # from image to image
    page.keyboard.press("y")
    expect(page.locator("[data-plane]")).to_have_count(0)
    expect(page.get_by_text(re.compile(r"^\d+ / 24$"))).to_be_visible(timeout=SLOW_MS)


_NO_WEBGL = """const real = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
  return String(kind).startsWith('webgl') ? null : real.call(this, kind, ...rest); }"""


def test_without_webgl_the_server_draws_the_planes_of_a_stage(visit: Open, studies: str, shoot: Shoot) -> None:
    page = visit("/studies", "en")
    page.add_init_script(_NO_WEBGL)
    page.goto(f"/studies/{studies}")
    page.get_by_role("navigation", name="Earlier examinations").get_by_role("button").click()
    expect(page.get_by_text("1 / 24")).to_have_count(2, timeout=SLOW_MS)
    page.keyboard.press(".")
    stills = page.locator("section[aria-busy]")
    expect(stills).to_have_count(6, timeout=SLOW_MS)
    expect(page.locator("section[aria-busy=true]")).to_have_count(0, timeout=SLOW_MS)
    expect(page.get_by_role("slider", name="Soft · Coronal reformat")).to_have_count(2)  # the prior's too
    expect(page.get_by_text("1 / 24")).to_have_count(2, timeout=SLOW_MS)
    shoot(page, "mixed-stills")
    assert_accessible(page)
    first, second = page.get_by_role("slider", name="Soft · Coronal reformat").all()
    before = [float(slider.input_value()) for slider in (first, second)]
    page.locator("section[aria-busy][aria-label='Soft · Coronal reformat']").first.click()  # now it is the pane in hand
    page.keyboard.press("ArrowDown")
    expect(first).not_to_have_value(f"{before[0]:g}")
    went = "([slider, before]) => Number(slider.value) !== before"
    page.wait_for_function(went, arg=[second.element_handle(), before[1]])
    moved = [float(slider.input_value()) - was for slider, was in zip((first, second), before, strict=True)]
    assert moved[0] == pytest.approx(moved[1], abs=1)  # the prior's goes along
