"""Enhancement and pictures of the server in the viewer: what is seen changes, the original does not."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import pydicom
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Locator, Page, Route, expect

from tests.archive.notes import file_of, store
from tests.browser.accessibility import assert_accessible
from tests.browser.conftest import Open, Shoot
from tests.browser.desk import PREVIEW, drawn
from tests.browser.held import holding, next_held
from tests.region import Region, Server, wait_for

pytestmark = pytest.mark.peer
_DEMO = Path(__file__).parents[2] / "src/lightwell/app/demo_images"
_LEG = "1.2.826.0.1.3680043.9.9999.8930.1"
_HEAD = "1.2.826.0.1.3680043.9.9999.8930.2"
_COLOURS = "1.2.826.0.1.3680043.9.9999.8930.3"
_SLOW_MS = 60_000
_PREPARED = """SELECT 1 FROM archive.prepared AS p JOIN archive.series AS s ON s.id = p.series_id
  WHERE s.series_instance_uid = %s"""
_NOTE_PROGRESS = """() => {
  window.told = [];
  const note = () => document.querySelectorAll('progress').forEach((one) => window.told.push(one.ariaLabel));
  new MutationObserver(note).observe(document.body, { subtree: true, childList: true, attributes: true }); }"""
_NO_WEBGL = """const real = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
  return kind === 'webgl2' ? null : real.call(this, kind, ...rest); }"""
_WORDS = {
    "en": {
        "mark": "Enhanced, not the original",
        "original": "Original",
        "enhanced": "Enhanced",
        "strength": "Strength",
        "body": "3D",
        "waiting": "Drawing",
        "coronal": "Coronal",
    },
    "zh-CN": {
        "mark": "增强图像，非原始",
        "original": "原图",
        "enhanced": "增强图像",
        "strength": "强度",
        "body": "三维重建",
        "waiting": "正在生成",
        "coronal": "冠状位",
    },
}


def _filed(house: tuple[Server, Region], study: str, folder: str, first: int = 0, last: int | None = None) -> str:
    """Store demo images as a study of their own, with one series."""
    server, region = house
    for number, path in enumerate(sorted((_DEMO / folder).glob("*.dcm"))[first:last], 1):
        image = pydicom.dcmread(path)
        syntax = image.file_meta.TransferSyntaxUID
        image.StudyInstanceUID, image.SeriesInstanceUID = study, f"{study}.1"
        image.SOPInstanceUID, image.InstanceNumber = f"{study}.1.{number}", number
        image.PatientName, image.SpecificCharacterSet = "Ouyang^Zhenhua=欧阳^振华", "ISO_IR 192"
        image.PatientID = "LJ-2026-211906"
        store(server, region.token_a, file_of(image, syntax))
    wait_for(lambda: server.query(_PREPARED, f"{study}.1"), 60)
    return study


@pytest.fixture
def leg(house: tuple[Server, Region]) -> str:
    """A radiograph, one image."""
    return _filed(house, _LEG, "cr")


@pytest.fixture
def head(house: tuple[Server, Region]) -> str:
    """A CT of a head, twelve images."""
    return _filed(house, _HEAD, "ct-head", 10, 22)


def _half(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name, exact=True)


def _settled(page: Page, language: str = "en") -> None:
    """Wait until both images are there without loss."""
    said = _WORDS[language]
    expect(_half(page, said["enhanced"]).get_by_text(re.compile("W |窗宽"))).to_be_visible(timeout=_SLOW_MS)
    expect(_half(page, said["original"]).get_by_text(re.compile("W |窗宽"))).to_be_visible(timeout=_SLOW_MS)
    expect(page.get_by_text(PREVIEW)).to_have_count(0, timeout=_SLOW_MS)
    drawn(page)


def _light(canvas: Locator) -> NDArray[np.float64]:
    """The middle of what a canvas shows, where no words lie over it."""
    shot: Any = np.asarray(imagecodecs.png_decode(canvas.screenshot()))
    rows, columns = shot.shape[:2]
    return shot[rows // 4 : rows * 3 // 4, columns // 4 : columns * 3 // 4, 0].astype(float)


def _glass(page: Page, name: str) -> NDArray[np.float64]:
    return _light(_half(page, name).get_by_role("img"))


def _enhance(page: Page, language: str = "en") -> None:
    expect(page.get_by_role("toolbar")).to_be_visible(timeout=_SLOW_MS)
    expect(page.get_by_role("button", name=re.compile("Enhancement|图像增强"))).to_be_visible(timeout=_SLOW_MS)
    page.keyboard.press("z")
    _settled(page, language)


def test_the_slider_changes_the_enhanced_image_and_never_the_original(visit: Open, leg: str) -> None:
    page = visit(f"/studies/{leg}", "en")
    _enhance(page)
    slider = page.get_by_role("slider", name="Strength")
    expect(slider).to_have_value("50")
    expect(page.get_by_role("button", name="Bone")).to_have_attribute("aria-pressed", "true")
    original, half = _glass(page, "Original"), _glass(page, "Enhanced")
    assert np.abs(half - original).mean() > 1

    def comes_between(least: float, most: float) -> bool:
        by = np.abs(_glass(page, "Enhanced") - original).mean()
        return not page.get_by_text("Enhancing").is_visible() and bool(least < by < most)

    slider.focus()
    with page.expect_response(re.compile(r"strength=1(&|$)")):
        for _ in range(10):
            page.keyboard.press("ArrowRight")
    by = float(np.abs(half - original).mean())
    assert wait_for(lambda: comes_between(by, 255), _SLOW_MS / 1000)
    for _ in range(20):
        page.keyboard.press("ArrowLeft")
    expect(page.get_by_text("0 %", exact=True)).to_be_visible()
    assert wait_for(lambda: comes_between(-1, 0.5), _SLOW_MS / 1000)
    assert np.array_equal(_glass(page, "Original"), original)


def test_only_the_last_strength_is_asked_for(visit: Open, leg: str) -> None:
    page = visit(f"/studies/{leg}", "en")
    _enhance(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/enhanced?" in request.url else None)
    page.get_by_role("slider", name="Strength").focus()
    page.clock.install()
    page.clock.pause_at(datetime.now(UTC) + timedelta(minutes=1))  # however slow the keys, the hand does not rest
    for _ in range(6):
        page.keyboard.press("ArrowRight")
    expect(page.get_by_role("slider", name="Strength")).to_have_value("80")
    assert asked == []
    with page.expect_request(re.compile("strength=0.8")):
        page.clock.resume()
    assert len(asked) == 1


@pytest.mark.hazard("H-36")
def test_both_are_seen_the_same_way_and_neither_is_measured(visit: Open, head: str) -> None:
    page = visit(f"/studies/{head}", "en")
    _enhance(page)
    expect(page.get_by_role("button", name="Noise reduction")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("button", name="Length")).to_have_count(0)
    box = _half(page, "Enhanced").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.get_by_text(re.compile(r"^-?\d+ HU$"))).to_have_count(0)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2 + 60, box["y"] + box["height"] / 2 + 20, steps=4)
    page.mouse.up()
    page.keyboard.press("v")
    page.keyboard.press("+")
    page.keyboard.press("ArrowDown")
    _settled(page)
    windows = [_half(page, name).get_by_text(re.compile("^W ")).inner_text() for name in ("Original", "Enhanced")]
    assert windows[0] == windows[1]
    for name in ("Original", "Enhanced"):
        expect(_half(page, name).get_by_text("Inverted")).to_be_visible()
        expect(_half(page, name).get_by_text("2 / 12")).to_be_visible()
    assert np.abs(_glass(page, "Enhanced") - _glass(page, "Original")).mean() < 30


def test_a_saved_image_is_a_series_of_the_list_that_opens(visit: Open, leg: str) -> None:
    page = visit(f"/studies/{leg}", "en")
    _enhance(page)
    series = page.get_by_role("navigation", name="Series").get_by_role("listitem")
    expect(series).to_have_count(1)
    page.get_by_role("button", name="Save image as derived series").click()
    expect(page.get_by_text("Derived series saved, 1 image")).to_be_visible(timeout=_SLOW_MS)
    page.get_by_role("button", name="Open it").click(timeout=_SLOW_MS)
    expect(series).to_have_count(2)
    expect(series.nth(1).get_by_role("button")).to_have_attribute("aria-current", "true")
    expect(page.get_by_role("img", name="1 / 1")).to_be_visible(timeout=_SLOW_MS)
    expect(page.get_by_role("slider")).to_have_count(0)


def test_a_whole_series_tells_how_far_it_is(visit: Open, head: str) -> None:
    page = visit(f"/studies/{head}", "en")
    _enhance(page)
    page.evaluate(_NOTE_PROGRESS)
    page.get_by_role("button", name="Save whole series").click()
    expect(page.get_by_text("Derived series saved, 12 images")).to_be_visible(timeout=_SLOW_MS)
    told: list[str] = page.evaluate("() => window.told")
    assert any(re.fullmatch(r"Saving \d+ / 12", said) for said in told), "it may have been done in a moment"
    page.get_by_role("button", name="Open it").click(timeout=_SLOW_MS)
    expect(page.get_by_text("1 / 12")).to_be_visible(timeout=_SLOW_MS)


@pytest.mark.hazard("H-36")
def test_an_error_takes_the_enhanced_image_away_and_can_be_tried_again(visit: Open, leg: str) -> None:
    page = visit(f"/studies/{leg}", "en")
    _enhance(page)
    page.route(re.compile("/enhanced"), lambda route: route.abort())
    page.get_by_role("button", name="Edges").click()
    expect(page.get_by_role("alert")).to_contain_text("The server cannot be reached")
    expect(_half(page, "Original").get_by_role("alert")).to_have_count(0)
    page.unroute_all()
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("alert")).to_have_count(0)
    _settled(page)


def test_images_in_colour_are_not_offered_it(visit: Open, house: tuple[Server, Region]) -> None:
    page = visit(f"/studies/{_filed(house, _COLOURS, 'us')}", "en")
    _opened(page, "3D")
    page.keyboard.press("z")
    expect(page.get_by_role("button", name="Enhancement")).to_have_count(0)
    expect(page.get_by_role("slider")).to_have_count(0)


@pytest.mark.hazard("H-36")
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_it_says_what_it_is_in_both_languages(visit: Open, leg: str, shoot: Shoot, language: str) -> None:
    page = visit(f"/studies/{leg}", language)
    _enhance(page, language)
    said = _WORDS[language]
    expect(_half(page, said["enhanced"]).get_by_text(said["mark"])).to_be_visible()
    expect(_half(page, said["original"]).get_by_text(said["mark"])).to_have_count(0)
    shoot(page, f"enhance.{language}")
    assert_accessible(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("slider")).to_have_count(0)
    expect(page).to_have_url(re.compile(leg))


def _opened(page: Page, body: str) -> None:
    """Wait until the tools are there, and an image."""
    expect(page.get_by_role("button", name=body)).to_be_visible(timeout=_SLOW_MS)
    expect(page.get_by_role("img", name="1 /")).to_be_visible(timeout=_SLOW_MS)


def _still(page: Page, name: str) -> NDArray[np.float64]:
    """What a picture of the server shows, once it is there."""
    section = _half(page, name)
    expect(section).to_have_attribute("aria-busy", "false", timeout=_SLOW_MS)
    expect(section.get_by_role("img")).to_be_visible()
    drawn(page)
    return _light(section.get_by_role("img"))


def _becomes_other(page: Page, name: str, before: NDArray[np.float64], by: float) -> bool:
    """Whether a picture of the server that was asked for comes, and is not the one before."""
    section = _half(page, name)

    def is_other() -> bool:
        is_there = section.get_attribute("aria-busy") == "false"
        return is_there and bool(np.abs(_light(section.get_by_role("img")) - before).mean() > by)

    return wait_for(is_other, _SLOW_MS / 1000)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_where_a_processor_draws_a_body_is_a_still_that_turns(
    visit: Open, head: str, shoot: Shoot, language: str
) -> None:
    page = visit(f"/studies/{head}", language)
    said = _WORDS[language]
    _opened(page, said["body"])
    page.keyboard.press("d")
    front = _still(page, said["body"])
    assert front.max() > 60
    section = _half(page, said["body"])
    assert [section.get_by_text(letter, exact=True).count() for letter in ("R", "L", "H", "F")] == [1, 1, 1, 1]
    box = section.bounding_box()
    assert box is not None
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0] - 180, middle[1], steps=6)
    page.mouse.up()
    expect(section.get_by_text("90° / 0°")).to_be_visible()
    assert _becomes_other(page, said["body"], front, 2)
    for letter in ("A", "P"):
        expect(section.get_by_text(letter, exact=True)).to_have_count(1)
    left = _still(page, said["body"])
    page.keyboard.press("r")
    page.keyboard.press("ArrowRight")
    expect(section.get_by_text("-15° / 0°")).to_be_visible()
    assert _becomes_other(page, said["body"], left, 2)
    shoot(page, f"stills-body.{language}")
    assert_accessible(page)


def test_the_last_picture_stays_while_the_next_is_drawn(visit: Open, head: str) -> None:
    page = visit(f"/studies/{head}", "en")
    _opened(page, "3D")
    page.keyboard.press("d")
    front = _still(page, "3D")
    held: list[Route] = []
    page.route(re.compile("/volume\\?"), holding(held))
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text("Drawing")).to_be_visible()
    assert np.abs(_light(_half(page, "3D").get_by_role("img")) - front).mean() < 2
    next_held(page, held, "azimuth=-15").continue_()
    assert _becomes_other(page, "3D", front, 0.5)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_without_webgl_planes_are_stills_with_sliders(visit: Open, head: str, shoot: Shoot, language: str) -> None:
    page = visit("/studies", language)
    page.add_init_script(_NO_WEBGL)
    page.goto(f"/studies/{head}")
    said = _WORDS[language]
    _opened(page, said["body"])
    page.keyboard.press("g")
    before = _still(page, said["coronal"])
    slider = _half(page, said["coronal"]).get_by_role("slider")
    start = float(slider.input_value())
    slider.focus()
    for _ in range(30):
        page.keyboard.press("ArrowRight")
    assert float(slider.input_value()) == pytest.approx(start + 30, abs=1)
    assert _becomes_other(page, said["coronal"], before, 1)
    shoot(page, f"stills-planes.{language}")
    assert_accessible(page)


def test_what_is_no_volume_says_why(visit: Open, leg: str) -> None:
    page = visit(f"/studies/{leg}", "en")
    _opened(page, "3D")
    page.keyboard.press("d")
    expect(page.get_by_text("This series cannot be shown in other planes or in 3D")).to_be_visible(timeout=_SLOW_MS)
    expect(page.get_by_text(re.compile("three images at least|do not say where they lie"))).to_be_visible()
