"""What is no image, on the page of a study: reports are read, an ECG lies on paper, films play, files are saved."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import pydicom
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.archive.notes import file_of, store
from tests.browser import papers
from tests.browser.accessibility import assert_accessible
from tests.browser.conftest import Open, Shoot
from tests.browser.keyed import assert_keyed
from tests.region import Region, Server, wait_for

pytestmark = pytest.mark.peer
_HEAD = Path(__file__).parents[2] / "src/lightwell/app/demo_images/ct-head"
_STUDY = "1.2.826.0.1.3680043.9.9999.8920.1"
_MEASURED = "1.2.826.0.1.3680043.9.9999.8920.2"
_SLOW_MS = 60_000
# A film of four seconds may have come to its end before it is looked at again.
_PLAYS = "() => !document.querySelector('video').paused || document.querySelector('video').ended"
_WORDS = {
    "zh-CN": {
        "tools": "阅片工具",
        "unverified": "未审核",
        "image": "图像 1",
        "series": "序列",
        "download": "下载文件",
        "paper": "波形",
        "notes": "标注",
        "broken": "文档已损坏",
        "unplayable": "此浏览器不能播放这段录像",
        "file": "此文件不能在页面中显示",
    },
    "en": {
        "tools": "Reading tools",
        "unverified": "Not verified",
        "image": "Image 1",
        "series": "Series",
        "download": "Download file",
        "paper": "Signals",
        "notes": "Annotations",
        "broken": "This document is damaged",
        "unplayable": "This browser cannot play this film",
        "file": "This file is not shown here",
    },
}


def _image(study: str, number: int) -> pydicom.Dataset:
    image = pydicom.dcmread(sorted(_HEAD.glob("*.dcm"))[8 + number])
    image.StudyInstanceUID, image.SeriesInstanceUID = study, f"{study}.1"
    image.SOPInstanceUID, image.InstanceNumber, image.SeriesNumber = f"{study}.1.{number}", number, 1
    image.PatientName, image.SpecificCharacterSet = "Ouyang^Zhenhua=欧阳^振华", "ISO_IR 192"
    image.PatientID, image.PatientBirthDate, image.PatientSex = "LJ-2026-211906", "19661224", "M"
    for empty in {"StudyTime", "StudyID", "ReferringPhysicianName", "AccessionNumber"} - set(image.dir()):
        setattr(image, empty, "")
    return image


@pytest.fixture(scope="module")
def study(house: tuple[Server, Region]) -> str:
    """A study with an image, and a series of each kind of document but reports."""
    server, region = house
    objects = [
        file_of(_image(_STUDY, 1)),
        papers.ecg(_STUDY, 2, 1),
        papers.pdf(_STUDY, 3, 1, papers.written_pdf("Lightwell consent")),
        papers.film(_STUDY, 4, 1),
        papers.pdf(_STUDY, 5, 1, b"this is no PDF at all"),
        papers.film(_STUDY, 6, 1, b"\x00\x00\x00\x18ftypmp42" + bytes(400)),
        papers.model(_STUDY, 7, 1),
        papers.still(_STUDY, 8, 1),
        papers.film(_STUDY, 8, 2),
    ]
    for content in objects:
        store(server, region.token_a, content)
    return _STUDY


@pytest.fixture(scope="module")
def measured(house: tuple[Server, Region]) -> str:
    """A study with three images and a series of two reports on one of them."""
    server, region = house
    images = [_image(_MEASURED, number) for number in (1, 2, 3)]
    reports = [papers.report(images[1], 2, 1, 41.5), papers.report(images[1], 2, 2, 42.25)]
    for content in (*map(file_of, images), *reports):
        store(server, region.token_a, content)
    return _MEASURED


@pytest.fixture(params=["zh-CN", "en"])
def words(request: pytest.FixtureRequest) -> dict[str, str]:
    """The words of a page in one language, and which it is."""
    return {**_WORDS[request.param], "language": request.param}


def _open(visit: Open, study: str, series: int, words: dict[str, str]) -> Page:
    """Open the study, and in it the series of that number."""
    page = visit(f"/studies/{study}", words["language"])
    page.set_default_timeout(_SLOW_MS)
    page.get_by_role("navigation", name=words["series"], exact=True).get_by_role("button").nth(series - 1).click()
    return page


def test_a_report_is_read_and_leads_to_its_image(
    visit: Open, measured: str, words: dict[str, str], shoot: Shoot
) -> None:
    page = _open(visit, measured, 2, words)
    length = page.get_by_text("42.25 mm")
    expect(length).to_be_visible(timeout=_SLOW_MS)
    expect(page.get_by_role("toolbar", name=words["tools"])).to_be_hidden()
    expect(page.get_by_role("heading", name="Imaging Measurement Report")).to_be_visible()
    expect(page.get_by_text(words["unverified"])).to_be_visible()
    expect(page.get_by_text("左额叶病灶")).to_be_visible()
    shoot(page, f"report.{words['language']}")
    assert_accessible(page)
    assert_keyed(page)
    page.get_by_role("button", name=re.compile("14:01")).click()
    expect(page.get_by_text("41.5 mm")).to_be_visible(timeout=_SLOW_MS)
    expect(length).to_be_hidden()
    page.get_by_role("button", name=words["image"], exact=True).first.click()
    expect(page.get_by_role("toolbar", name=words["tools"])).to_be_visible()
    expect(page.get_by_text(re.compile(r"^2 / 3$"))).to_be_visible(timeout=_SLOW_MS)


def _inked(page: Page) -> Any:
    """The rows of the paper where something bright is drawn."""
    shot: Any = np.asarray(imagecodecs.png_decode(page.get_by_role("img").last.screenshot()))
    return (shot[..., :3].min(axis=-1) > 150).sum(axis=1)


def _white(frame: Locator) -> float:
    """How much of a frame is as white as paper."""
    shot: Any = np.asarray(imagecodecs.png_decode(frame.screenshot()))
    return float((shot[..., :3] > 240).all(axis=-1).mean())


def test_an_ecg_lies_on_paper_at_its_scale(visit: Open, study: str, words: dict[str, str], shoot: Shoot) -> None:
    page = _open(visit, study, 2, words)
    paper = page.get_by_role("group", name=words["paper"], exact=True)
    expect(paper.get_by_role("img", name=re.compile("^I, II, III, aVR, aVL, aVF, V1"))).to_be_visible(timeout=_SLOW_MS)
    expect(page.get_by_text("25 mm/s · 10 mm/mV")).to_be_visible()
    shoot(page, f"ecg.{words['language']}")
    assert_accessible(page)
    assert_keyed(page)
    notes = page.get_by_role("complementary", name=words["notes"])
    expect(notes.get_by_text("RITMO SINUSALE")).to_be_visible()
    assert (_inked(page) > 0).any()
    wide = paper.evaluate("paper => paper.scrollWidth")
    page.get_by_role("button", name="50 mm/s").click()
    expect(page.get_by_text("50 mm/s · 10 mm/mV")).to_be_visible()
    page.get_by_role("button", name="3×4+II").click()
    shoot(page, f"ecg-columns.{words['language']}")
    for _ in range(4):
        page.keyboard.press("+")
    assert paper.evaluate("paper => paper.scrollWidth") > wide
    page.keyboard.press("End")
    page.wait_for_function("() => document.activeElement !== null")
    assert paper.evaluate("paper => paper.scrollLeft") > 0
    page.keyboard.press("Home")
    assert paper.evaluate("paper => paper.scrollLeft") == 0
    notes.get_by_role("button").last.click()
    assert paper.evaluate("paper => paper.scrollLeft") > 0


def test_a_pdf_is_on_the_page(visit: Open, study: str, words: dict[str, str], shoot: Shoot) -> None:
    page = _open(visit, study, 3, words)
    expect(page.get_by_role("heading", name="知情同意书")).to_be_visible()
    expect(page.get_by_role("link", name=words["download"])).to_be_visible()
    if page.evaluate("navigator.pdfViewerEnabled"):
        frame = page.locator("iframe")
        expect(frame).to_have_attribute("src", re.compile("^blob:"))
        assert wait_for(lambda: _white(frame) > 0.1, 60), "the white of a page is to be seen"
    shoot(page, f"pdf.{words['language']}")
    assert_accessible(page)
    assert_keyed(page)
    with page.expect_download() as kept:
        page.get_by_role("link", name=words["download"]).click()
    assert kept.value.suggested_filename == "pdf-1.pdf"
    assert kept.value.path().read_bytes() == papers.written_pdf("Lightwell consent")


def test_a_film_plays_and_is_stepped_through_by_keys(
    visit: Open, study: str, words: dict[str, str], shoot: Shoot
) -> None:
    page = _open(visit, study, 4, words)
    page.wait_for_function("() => document.querySelector('video')?.readyState >= 2")
    is_at = "place => Math.abs(document.querySelector('video').currentTime - place) < 0.005"
    page.keyboard.press(".")
    page.keyboard.press(".")
    page.wait_for_function(is_at, arg=0.1)
    page.keyboard.press(",")
    page.wait_for_function(is_at, arg=0.06)
    page.keyboard.press(" ")
    page.wait_for_function(f"() => ({_PLAYS})() && document.querySelector('video').currentTime > 0.3")
    page.keyboard.press(" ")
    page.wait_for_function("() => document.querySelector('video').paused")
    page.keyboard.press("<")
    expect(page.get_by_role("button", name="0.5×")).to_have_attribute("aria-pressed", "true")
    assert page.evaluate("() => document.querySelector('video').playbackRate") == 0.5
    page.keyboard.press("ArrowRight")
    page.wait_for_function(
        "() => document.querySelector('video').ended || document.querySelector('video').currentTime > 3.9"
    )
    shoot(page, f"film.{words['language']}")
    assert_accessible(page)
    assert_keyed(page)


def test_space_plays_after_a_click_and_presses_what_tab_has_come_to(visit: Open, study: str) -> None:
    page = _open(visit, study, 4, {**_WORDS["en"], "language": "en"})
    page.wait_for_function("() => document.querySelector('video')?.readyState >= 2")
    page.get_by_role("button", name="0.5×").click()
    page.keyboard.press(" ")
    page.wait_for_function(_PLAYS)
    page.keyboard.press("Tab")
    page.keyboard.press(" ")
    expect(page.get_by_role("button", name="1×", exact=True)).to_have_attribute("aria-pressed", "true")
    assert page.evaluate(_PLAYS)


@pytest.mark.parametrize(("series", "said"), [(5, "broken"), (6, "unplayable"), (7, "file")])
def test_what_cannot_be_shown_says_so_and_the_page_lives(
    visit: Open, study: str, words: dict[str, str], series: int, said: str, shoot: Shoot
) -> None:
    page = _open(visit, study, series, words)
    expect(page.get_by_role("heading", name=words[said])).to_be_visible(timeout=_SLOW_MS)
    expect(page.get_by_role("link", name=words["download"]).first).to_be_visible()
    shoot(page, f"{said}.{words['language']}")
    assert_accessible(page)
    assert_keyed(page)
    page.keyboard.press("[")
    expect(page.get_by_role("heading", name=words[said])).to_be_hidden()


def test_films_among_images_are_reached_from_them(visit: Open, study: str) -> None:
    page = _open(visit, study, 8, {**_WORDS["en"], "language": "en"})
    expect(page.get_by_role("toolbar", name="Reading tools")).to_be_visible()
    expect(page.locator("video")).to_be_hidden()
    expect(page.get_by_text("1 / 101", exact=True)).to_be_visible(timeout=_SLOW_MS)
    page.keyboard.press("ArrowDown")
    page.wait_for_function("() => document.querySelector('video')?.readyState >= 2")
    page.get_by_role("button", name="Images", exact=True).click()
    expect(page.get_by_role("toolbar", name="Reading tools")).to_be_visible()


def test_series_without_pictures_have_the_sign_of_their_kind(visit: Open, study: str, measured: str) -> None:
    for shown, count, signs in (
        (measured, 2, ["report-medical"]),
        (study, 8, ["heartbeat", "file-type-pdf", "movie", "file-type-pdf", "movie", "file"]),
    ):
        page = visit(f"/studies/{shown}", "en")
        lines = page.get_by_role("navigation", name="Series", exact=True).get_by_role("button")
        expect(lines).to_have_count(count, timeout=_SLOW_MS)
        for line, sign in zip(lines.all()[1:], signs, strict=False):
            expect(line.locator(f"svg.tabler-icon-{sign}")).to_be_visible(timeout=_SLOW_MS)


@pytest.mark.parametrize(
    ("language", "series", "said"),
    [
        (
            "en",
            "Series",
            ["1 image", "1 document", "1 document", "1 film", "1 document", "1 film", "1 document", "2 images"],
        ),
        ("zh-CN", "序列", ["1 幅", "1 份文档", "1 份文档", "1 段录像", "1 份文档", "1 段录像", "1 份文档", "2 幅"]),
    ],
)
def test_the_list_says_what_a_series_holds(
    visit: Open, study: str, language: str, series: str, said: list[str]
) -> None:
    page = visit(f"/studies/{study}", language)
    lines = page.get_by_role("navigation", name=series, exact=True).get_by_role("button")
    expect(lines).to_have_text([re.compile(re.escape(one) + "$") for one in said], timeout=_SLOW_MS)
