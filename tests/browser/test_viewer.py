"""The lean viewer on a real server: what it says of an image is what the file says, whatever the line does."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pydicom
import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.archive.notes import file_of, store
from tests.browser.accessibility import assert_accessible
from tests.browser.conftest import Open, Shoot
from tests.browser.glass import shown_at
from tests.browser.held import holding, next_held
from tests.region import PASSWORD, Region, Server, wait_for

pytestmark = pytest.mark.peer
_HEAD = Path(__file__).parents[2] / "src/lightwell/app/demo_images/ct-head"
_FILES = sorted(_HEAD.glob("*.dcm"))
_STUDY = "1.2.826.0.1.3680043.9.9999.8900.1"
_SIZE = 512
_FRAMES = re.compile(r"/frames/\d+")
_SIGN_IN = """async ([username, password]) => (await fetch('/api/session', { method: 'POST',
  headers: { 'Content-Type': 'application/json', 'X-Lightwell': '1' },
  body: JSON.stringify({ username, password }) })).status"""
_LOSSLESS = """index => performance.getEntriesByName('lightwell:lossless').some(one => one.detail.index === index)"""
_NO_WEBGL = """const real = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
  return kind === 'webgl2' ? null : real.call(this, kind, ...rest); }"""


def _images() -> list[pydicom.Dataset]:
    images: list[pydicom.Dataset] = []
    for place, path in enumerate(_FILES[6:18], 1):
        image = pydicom.dcmread(path)
        image.StudyInstanceUID, image.SeriesInstanceUID = _STUDY, f"{_STUDY}.1"
        image.SOPInstanceUID, image.InstanceNumber = f"{_STUDY}.1.{place}", place
        image.PatientName, image.SpecificCharacterSet = "Ouyang^Zhenhua=欧阳^振华", "ISO_IR 192"
        image.PatientID, image.PatientBirthDate, image.PatientSex = "LJ-2026-211906", "19661224", "M"
        images.append(image)
    return images


@pytest.fixture(scope="module")
def images() -> list[pydicom.Dataset]:
    """A CT of a head, twelve images."""
    return _images()


@pytest.fixture
def opened(house: tuple[Server, Region], images: list[pydicom.Dataset]) -> str:
    """The study, once it is prepared."""
    server, region = house
    for image in images:
        store(server, region.token_a, file_of(image))
    wait_for(lambda: server.query("SELECT 1 FROM archive.prepared WHERE instance_count = %s", len(images)), 60)
    return _STUDY


@pytest.fixture
def phone(browser: Browser, house: tuple[Server, Region]) -> Iterator[Callable[[str, str], Page]]:
    """Opens an address on a phone."""
    context = browser.new_context(
        base_url=house[0].url, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )

    def open_page(path: str, language: str) -> Page:
        page = context.new_page()
        page.add_init_script(f"localStorage.setItem('lightwell.language', '{language}')")
        page.goto("/healthz")
        assert page.evaluate(_SIGN_IN, ["user-a", PASSWORD]) in {200, 201}
        page.goto(path)
        return page

    yield open_page
    context.close()


def picture(page: Page, place: int) -> None:
    """Wait until an image is drawn on the stage without loss."""
    expect(page.get_by_role("img", name=f"{place} / 12")).to_be_visible()
    page.wait_for_function(_LOSSLESS, arg=place - 1)


def go_to(page: Page, place: int) -> None:
    """Go to an image of the series by keys."""
    expect(page.get_by_role("img", name="/ 12")).to_be_visible()
    page.keyboard.press("Home")
    for _ in range(place - 1):
        page.keyboard.press("ArrowDown")
    picture(page, place)


@pytest.mark.parametrize(("column", "row"), [(256, 256), (200, 300), (310, 140), (5, 5)])
def test_the_value_under_the_pointer_is_that_of_the_file(
    visit: Open, opened: str, images: list[pydicom.Dataset], column: int, row: int
) -> None:
    page = visit(f"/studies/{opened}", "en")
    go_to(page, 4)
    box = page.locator("canvas[role=img]").bounding_box()
    assert box is not None
    scale = min(box["width"], box["height"]) / _SIZE
    x = box["x"] + box["width"] / 2 + (column + 0.5 - _SIZE / 2) * scale
    y = box["y"] + box["height"] / 2 + (row + 0.5 - _SIZE / 2) * scale
    page.mouse.move(x, y)
    image = images[3]
    expected = float(image.pixel_array[row, column]) * float(image.RescaleSlope) + float(image.RescaleIntercept)
    said = page.get_by_text(re.compile(r"^-?[\d.]+ HU$"))
    expect(said).to_be_visible()
    assert abs(float(said.inner_text().split()[0]) - expected) <= 0.5


@pytest.mark.hazard("H-02")
def test_left_and_right_come_from_the_geometry(visit: Open, opened: str) -> None:
    page = visit(f"/view/{opened}", "en")
    picture(page, 6)
    edges = {name: page.locator(f"main > .{name}").inner_text() for name in ("left", "right", "top", "bottom")}
    assert {name: letters[:1] for name, letters in edges.items()} == {
        "left": "R",
        "right": "L",
        "top": "A",
        "bottom": "P",
    }
    page.keyboard.press("h")
    expect(page.locator("main > .left")).to_have_text(edges["right"])


def test_without_webgl_the_same_is_seen(visit: Open, opened: str) -> None:
    page = visit(f"/studies/{opened}", "en")
    go_to(page, 4)
    places = [(256, 256), (200, 300), (310, 140), (256, 60)]
    drawn = [shown_at(page, x, y, _SIZE) for x, y in places]
    page.add_init_script(_NO_WEBGL)
    page.reload()
    go_to(page, 4)
    assert np.abs(np.subtract([shown_at(page, x, y, _SIZE) for x, y in places], drawn)).max() <= 24


def test_a_preview_says_that_it_is_one_until_the_image_is_there(visit: Open, opened: str, shoot: Shoot) -> None:
    page = visit("/studies", "en")
    held: list[Route] = []
    page.route(_FRAMES, holding(held))
    page.goto(f"/view/{opened}")
    expect(page.get_by_role("img", name="6 / 12")).to_be_visible()
    page.keyboard.press("End")  # the first image may have come with the page, without loss
    expect(page.get_by_role("img", name="12 / 12")).to_be_visible()
    expect(page.get_by_text("Preview, not for diagnosis")).to_be_visible()
    shoot(page, "viewer-preview-en")
    page.route(_FRAMES, lambda route: route.continue_())  # what is asked for from now on is not held any more
    for route in held:
        route.continue_()
    expect(page.get_by_text("Preview, not for diagnosis")).to_have_count(0)
    expect(page.get_by_text("Not for diagnosis")).to_be_visible()


def test_a_jump_waits_for_nothing_that_was_asked_for_before(visit: Open, opened: str) -> None:
    page = visit("/studies", "en")
    held: list[Route] = []
    page.route(_FRAMES, holding(held))
    page.goto(f"/view/{opened}")
    expect(page.get_by_role("img", name="6 / 12")).to_be_visible()
    page.wait_for_timeout(500)
    assert not any(f"{_STUDY}.1.12/" in route.request.url for route in held)
    with page.expect_request(lambda request: f"{_STUDY}.1.12/frames/" in request.url):
        page.keyboard.press("End")
        expect(page.get_by_role("img", name="12 / 12")).to_be_visible()


def test_a_line_that_breaks_is_said_and_can_be_tried_again(visit: Open, opened: str) -> None:
    page = visit("/studies", "en")
    page.route(re.compile(r"/frames/|/previews"), lambda route: route.abort())
    page.goto(f"/view/{opened}")
    picture(page, 6)  # it came with the page
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("alert")).to_have_text("This image did not load", timeout=20_000)
    page.unroute_all()
    page.get_by_role("button", name="Try again").click()
    picture(page, 7)
    expect(page.get_by_role("alert")).to_be_hidden()


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_on_a_phone_a_finger_goes_through_the_series(
    phone: Callable[[str, str], Page], opened: str, shoot: Shoot, language: str
) -> None:
    page = phone(f"/view/{opened}", language)
    expect(page.get_by_role("img", name="6 / 12")).to_be_visible()
    page.get_by_role("img", name="6 / 12").evaluate(
        """stage => { const at = (type, y) => stage.dispatchEvent(new PointerEvent(type,
             { pointerId: 1, pointerType: 'touch', isPrimary: true, button: type === 'pointermove' ? -1 : 0,
               clientX: 195, clientY: y, bubbles: true }));
           stage.setPointerCapture = () => {};
           at('pointerdown', 300); for (let y = 300; y <= 360; y += 6) at('pointermove', y); at('pointerup', 360); }"""
    )
    expect(page.get_by_role("img", name="10 / 12")).to_be_visible()
    for words in ("欧阳振华", "Ouyang Zhenhua", "LJ-2026-211906", "1966-12-24", "甲医院"):
        expect(page.get_by_role("banner").get_by_text(words)).to_be_in_viewport(ratio=1)
    page.get_by_role("button", name={"en": "Window", "zh-CN": "调窗"}[language]).click()
    page.wait_for_timeout(200)
    assert_accessible(page)
    shoot(page, f"viewer-phone-{language}")


def test_no_series_bears_the_name_of_another(
    phone: Callable[[str, str], Page], opened: str, house: tuple[Server, Region]
) -> None:
    other = pydicom.dcmread(_FILES[0])
    other.StudyInstanceUID, other.SeriesInstanceUID, other.SOPInstanceUID = opened, f"{opened}.2", f"{opened}.2.1"
    other.SeriesNumber, other.SeriesDescription = 900, "Bone kernel"
    store(house[0], house[1].token_a, file_of(other))
    page = phone(f"/view/{opened}", "en")
    picture(page, 6)
    held: list[Route] = []
    page.route(re.compile(r"/metadata"), holding(held))
    page.get_by_role("button", name="Bone kernel").click()
    expect(page.get_by_role("status")).to_have_text("Loading the image")
    page.mouse.move(190, 300)
    expect(page.locator("main > .top-left")).to_have_text("")
    expect(page.locator("[aria-current=true]")).to_have_count(0)
    next_held(page, held).abort()
    expect(page.get_by_role("alert")).to_have_text("This series did not load")
    page.unroute_all()
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("img", name="1 / 1, Bone kernel")).to_be_visible()
    expect(page.get_by_role("button", name="Bone kernel")).to_have_attribute("aria-current", "true")


def test_what_is_no_picture_is_said_with_the_way_to_it(
    phone: Callable[[str, str], Page], opened: str, house: tuple[Server, Region]
) -> None:
    paper = pydicom.Dataset()
    paper.SOPClassUID, paper.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.104.1", f"{opened}.3.1"
    paper.StudyInstanceUID, paper.SeriesInstanceUID = opened, f"{opened}.3"
    paper.PatientID, paper.Modality = "LJ-2026-211906", "DOC"
    paper.SeriesNumber, paper.SeriesDescription = 901, "Letter"
    paper.MIMETypeOfEncapsulatedDocument, paper.EncapsulatedDocument = "application/pdf", b"%PDF-1.4 "
    store(house[0], house[1].token_a, file_of(paper))
    page = phone(f"/view/{opened}", "en")
    picture(page, 6)
    page.get_by_role("button", name="Letter").click()
    expect(page.get_by_role("alert")).to_have_text("This series is a PDF")
    page.get_by_role("link", name="Open it in the workstation").click()
    expect(page).to_have_url(re.compile(rf"/studies/.*series={re.escape(opened)}\.3"))
    expect(page.get_by_role("button", name="Letter")).to_have_attribute("aria-current", "true")


def test_the_keys_of_the_phone_page_are_shown_and_change_the_series(
    visit: Open, opened: str, house: tuple[Server, Region], shoot: Shoot
) -> None:
    other = pydicom.dcmread(_FILES[0])
    other.StudyInstanceUID, other.SeriesInstanceUID, other.SOPInstanceUID = opened, f"{opened}.2", f"{opened}.2.1"
    other.SeriesNumber, other.SeriesDescription = 900, "Bone kernel"
    store(house[0], house[1].token_a, file_of(other))
    page = visit(f"/view/{opened}", "en")
    picture(page, 6)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    assert_accessible(page)
    shoot(page, "viewer-keys-en")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.keyboard.press("]")
    expect(page.get_by_role("img", name="1 / 1, Bone kernel")).to_be_visible()
    page.keyboard.press("[")
    picture(page, 1)


def test_who_is_not_signed_in_does_so_first(browser: Browser, house: tuple[Server, Region], opened: str) -> None:
    context = browser.new_context(base_url=house[0].url, locale="en")
    page = context.new_page()
    page.goto(f"/view/{opened}")
    expect(page.locator("input[type=password]")).to_be_visible()
    assert page.url.endswith(f"/studies/{opened}")
    context.close()


def test_a_study_that_is_not_there_is_said(visit: Open) -> None:
    page = visit("/view/9.9.9", "en")
    expect(page.get_by_role("alert")).to_contain_text("no such study")


def test_more_images_leave_what_is_looked_at_as_it_is(
    visit: Open, opened: str, house: tuple[Server, Region], images: list[pydicom.Dataset]
) -> None:
    page = visit(f"/studies/{opened}", "en")
    go_to(page, 4)
    page.keyboard.press("v")
    late = pydicom.dcmread(_FILES[0])
    late.StudyInstanceUID, late.SeriesInstanceUID = opened, images[0].SeriesInstanceUID
    late.SOPInstanceUID, late.InstanceNumber = f"{opened}.1.99", 0
    store(house[0], house[1].token_a, file_of(late))
    expect(page.get_by_role("img", name="5 / 13")).to_be_visible(timeout=20_000)
    expect(page.get_by_text("Inverted")).to_be_visible()
