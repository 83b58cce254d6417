"""Keyboard first: every button and slider of the workstation has a key that it tells, and the keys do what they say."""

from __future__ import annotations

import re
from functools import partial

import numpy as np
import pydicom
import pytest
from highdicom import seg
from playwright.sync_api import Locator, Page, expect
from pydicom.uid import generate_uid

from tests.archive.notes import file_of, store
from tests.archive.segmentations.scans import description
from tests.browser.accessibility import assert_accessible
from tests.browser.conftest import Open, Shoot
from tests.browser.desk import HEAD, SIZE, SLOW_MS, at, drawn, glass, head_of, numbers, on_glass, pull, take
from tests.browser.glass import becomes_other
from tests.browser.keyed import assert_keyed
from tests.browser.test_viewer import picture
from tests.region import Region, Server, wait_for

pytestmark = pytest.mark.peer
_STUDY = "1.2.826.0.1.3680043.9.9999.8960.1"
_PRIOR = "1.2.826.0.1.3680043.9.9999.8960.2"
_OFTEN_EMPTY = ("AccessionNumber", "StudyID", "StudyDate", "StudyTime", "ReferringPhysicianName")


def _filed(house: tuple[Server, Region], study: str, date: str) -> list[pydicom.Dataset]:
    server, region = house
    images = head_of(study, HEAD[4:16])
    for image in images:
        for keyword in _OFTEN_EMPTY:
            setattr(image, keyword, image.get(keyword, ""))
        image.PatientBirthDate, image.PatientSex, image.PatientID = "19661224", "M", "P-8960"
        image.StudyDate, image.BodyPartExamined = date, "HEAD"
        store(server, region.token_a, file_of(image))
    return images


@pytest.fixture(scope="module")
def study(house: tuple[Server, Region]) -> str:
    """A CT of a head with a segment and an earlier examination."""
    server, region = house
    images = _filed(house, _STUDY, "20261121")
    _filed(house, _PRIOR, "20260508")
    masks = np.zeros((len(images), SIZE, SIZE), np.uint8)
    masks[:, 100:160, 300:380] = 1
    uids = generate_uid(), 7, generate_uid(), 1
    made = seg.Segmentation(images, masks, "BINARY", [description(1, "Haematoma")], *uids, "Others", "x", "1", "1")
    store(server, region.token_a, file_of(made))
    wait_for(lambda: len(server.query("SELECT 1 FROM archive.prepared WHERE instance_count = %s", len(images))) > 1, 60)
    return _STUDY


def _open(visit: Open, study: str, language: str = "en") -> Page:
    page = visit(f"/studies/{study}", language)
    expect(page.get_by_role("toolbar")).to_be_visible(timeout=SLOW_MS)
    expect(page.get_by_text("1 / 12")).to_be_visible(timeout=SLOW_MS)
    picture(page, 1)
    return page


def _measured(page: Page) -> None:
    take(page, "l")
    pull(page, at(page, 150, 200), at(page, 350, 320))
    page.wait_for_timeout(500)  # two clicks within 0.4 s would be a double click
    pull(page, at(page, 150, 260), at(page, 250, 380))
    numbers(page, 2)


def test_every_control_of_the_workstation_tells_its_key(visit: Open, study: str, shoot: Shoot) -> None:
    page = _open(visit, study)
    assert_keyed(page)
    _measured(page)
    expect(page.get_by_role("button", name="Haematoma")).to_be_visible()
    page.keyboard.press("Delete")
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    page.keyboard.press(" ")
    expect(page.get_by_role("group", name="Speed")).to_be_visible()
    page.keyboard.press("i")
    expect(page.get_by_role("complementary", name="Attributes")).to_be_visible()
    assert_keyed(page)
    shoot(page, "keys.panels")
    page.keyboard.press(" ")
    page.keyboard.press("i")
    expect(page.get_by_role("navigation", name="Earlier examinations")).to_be_visible()
    page.keyboard.press("Shift+C")
    expect(page.locator(".cornerstone-canvas")).to_have_count(2, timeout=SLOW_MS)
    assert_keyed(page)
    page.keyboard.press(".")
    expect(page.get_by_role("combobox")).to_be_visible(timeout=SLOW_MS)
    assert_keyed(page)
    page.keyboard.press("Shift+X")
    expect(page.get_by_role("combobox")).to_be_hidden()
    for mode, shown in (("g", "Projection"), ("d", "Look"), ("z", "Method")):
        page.keyboard.press(mode)
        expect(page.get_by_role("group", name=shown)).to_be_visible(timeout=SLOW_MS)
        assert_keyed(page)


@pytest.mark.parametrize(("language", "brain"), [("en", "Brain  80 / 40"), ("zh-CN", "脑窗  80 / 40")])
def test_the_sheet_names_the_windows_of_the_series_in_hand(
    visit: Open, study: str, shoot: Shoot, language: str, brain: str
) -> None:
    page = _open(visit, study, language)
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name=re.compile("Keys|快捷键"))
    expect(sheet.locator("dd").filter(has_text=brain)).to_be_visible()
    first = sheet.locator("dt", has_text=re.compile("^1$")).locator("xpath=following-sibling::dd[1]")
    expect(first).to_have_text(re.compile(re.escape(brain).replace(r"\ \ ", r"\s+")))
    assert_accessible(page)
    shoot(page, f"keys.sheet.{language}")
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    page.keyboard.press("1")
    expect(page.get_by_text(re.compile("80.*40")).first).to_be_visible()


def test_measurements_are_gone_to_renamed_and_removed_by_keys(visit: Open, study: str) -> None:
    page = _open(visit, study)
    _measured(page)
    panel = page.get_by_role("complementary", name="Measurements")
    page.mouse.click(*at(page, 20, 20))
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_text("2 / 12")).to_be_visible()
    page.keyboard.press("Shift+J")
    expect(page.get_by_text("1 / 12")).to_be_visible()
    expect(panel.locator("li[aria-current=true]")).to_have_count(1)
    page.keyboard.press("Shift+E")
    page.keyboard.type("Midline")
    page.keyboard.press("Enter")
    named = panel.locator("li[aria-current=true]").get_by_role("textbox")
    expect(named).to_have_value("Midline")
    expect(named).not_to_be_focused()
    page.keyboard.press("Delete")
    numbers(page, 1)
    page.keyboard.press("Shift+U")
    numbers(page, 2)


def test_segments_and_presentation_states_go_by_keys(visit: Open, study: str) -> None:
    page = _open(visit, study)
    page.keyboard.press("Shift+V")  # the full viewer comes, with the list
    part = page.get_by_role("button", name="Haematoma")
    expect(part).to_have_attribute("aria-pressed", "true", timeout=SLOW_MS)
    on_glass(page)
    page.keyboard.press("Shift+V")
    expect(part).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("Shift+V")
    expect(part).to_have_attribute("aria-pressed", "true")
    states = page.get_by_role("region", name="Presentation states")
    page.keyboard.press("v")
    page.keyboard.press("Shift+I")
    expect(states.get_by_role("listitem")).to_have_count(1)
    page.keyboard.press("v")
    expect(page.get_by_text("Inverted")).to_be_hidden()
    page.keyboard.press("Shift+O")
    expect(page.get_by_text("Inverted")).to_be_visible()
    expect(states.locator("li[aria-current=true]")).to_have_count(1)


def test_what_is_seen_is_moved_and_planes_are_tilted_and_thickened(visit: Open, study: str, shoot: Shoot) -> None:
    page = _open(visit, study)
    lean = page.get_by_role("main").locator("canvas").first
    before = lean.screenshot()
    page.keyboard.press("Shift+ArrowRight")
    assert becomes_other(lean, before)
    take(page, "l")
    before = glass(page).screenshot()
    page.keyboard.press("Shift+ArrowDown")
    assert becomes_other(glass(page), before)
    page.keyboard.press("g")
    glass(page, "axial")
    expect(page.get_by_text("Thickness")).to_be_visible(timeout=SLOW_MS)
    in_hand = page.locator("section[data-focused=true]")
    expect(in_hand).to_have_attribute("aria-label", "Axial")
    page.keyboard.press("\\")
    expect(in_hand).to_have_attribute("aria-label", "Coronal")
    for keys in (("t", "Shift+T"), ("h", "Shift+H")):
        straight = glass(page, "coronal").screenshot()
        page.keyboard.press(keys[0])
        assert becomes_other(glass(page, "coronal"), straight)
        shoot(page, f"keys.tilt-{keys[0]}")
        page.keyboard.press(keys[1])
        drawn(page)
    for _ in range(3):
        page.keyboard.press("}")
    expect(page.get_by_role("slider")).to_have_value("6")
    page.keyboard.press("|")
    expect(page.get_by_role("button", name="MIP", exact=True)).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("{")
    expect(page.get_by_role("slider")).to_have_value("4")


def _is_other(region: Locator, before: bytes) -> bool:
    """Whether a body is seen otherwise than before, and not only on its way to that."""
    shot = region.locator("canvas").last.screenshot()
    return region.get_attribute("aria-busy") != "true" and shot != before


def test_a_body_turns_moves_and_changes_its_look_by_keys(visit: Open, study: str) -> None:
    page = _open(visit, study)
    page.keyboard.press("d")
    looks = page.get_by_role("group", name="Look")
    expect(looks.get_by_role("button", name="Bone")).to_have_attribute("aria-pressed", "true", timeout=SLOW_MS)
    region = page.get_by_role("region", name="3D")
    expect(region.locator("canvas").last).to_be_visible(timeout=SLOW_MS)
    for key in ("ArrowRight", "ArrowUp", "Shift+ArrowRight", "|"):
        expect(region).not_to_have_attribute("aria-busy", "true", timeout=SLOW_MS)
        drawn(page)
        before = region.locator("canvas").last.screenshot()
        page.keyboard.press(key)
        assert wait_for(partial(_is_other, region, before), 60), key
    expect(looks.get_by_role("button", name="Soft tissue")).to_have_attribute("aria-pressed", "true")


def test_enhancement_goes_by_keys(visit: Open, study: str) -> None:
    page = _open(visit, study)
    page.keyboard.press("z")
    slider = page.get_by_role("slider", name="Strength")
    expect(slider).to_have_value("50", timeout=SLOW_MS)
    page.keyboard.press("}")
    expect(slider).to_have_value("55")
    page.keyboard.press("{")
    page.keyboard.press("{")
    expect(slider).to_have_value("45")
    page.keyboard.press("|")
    expect(page.get_by_role("button", name="Local contrast (CLAHE)")).to_have_attribute("aria-pressed", "true")


def test_caps_lock_changes_no_key(visit: Open, study: str) -> None:
    page = _open(visit, study)
    page.keyboard.press("V")  # a capital without Shift is what Caps Lock makes of a letter
    expect(page.get_by_text("Inverted")).to_be_visible()


@pytest.mark.parametrize("path", ["/identity", "/patients", "/interfaces", "/unsettled", "/queue", "/studies"])
def test_every_page_shows_its_keys(visit: Open, path: str, shoot: Shoot) -> None:
    page = visit(path, "en")
    expect(page.get_by_role("heading", level=1).or_(page.get_by_role("searchbox")).first).to_be_visible()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    shoot(page, f"keys{path.replace('/', '.')}")
