"""The full viewer on a real server: what is measured is what the file says, and it is found again after saving."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import pydicom
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Locator, Page, Route, expect

from tests.archive.notes import file_of, store
from tests.archive.presentations.states import keep, presented
from tests.browser.accessibility import assert_accessible
from tests.browser.conftest import Open, Shoot
from tests.browser.desk import (
    HEAD,
    SIZE,
    SLOW_MS,
    Place,
    at,
    fitted,
    glass,
    head_of,
    hounsfield,
    numbers,
    place_of,
    pull,
    take,
)
from tests.browser.held import next_held
from tests.journeys.images import Image
from tests.region import Region, Server, wait_for

pytestmark = pytest.mark.peer
_STUDY = "1.2.826.0.1.3680043.9.9999.8910.1"
_BALLS = "1.2.826.0.1.3680043.9.9999.8910.2"


@pytest.fixture(scope="module")
def head() -> list[pydicom.Dataset]:
    """A CT of a head as the scanner sent it: the gantry was tilted, the slices lie 1 to 7 mm apart."""
    return head_of(_STUDY)


@pytest.fixture
def opened(house: tuple[Server, Region], head: list[pydicom.Dataset]) -> str:
    """The study in the archive, prepared."""
    server, region = house
    for image in head:
        store(server, region.token_a, file_of(image))
    wait_for(lambda: server.query("SELECT 1 FROM archive.prepared WHERE instance_count = %s", len(head)), 60)
    return _STUDY


def test_a_length_a_value_and_a_mean_are_those_of_the_file(
    visit: Open, opened: str, head: list[pydicom.Dataset], shoot: Shoot
) -> None:
    page = visit(f"/studies/{opened}", "en")
    take(page, "l")
    page.keyboard.press("o")
    expect(page.get_by_role("complementary", name="Measurements")).to_be_visible()
    fitted(page)
    line = at(page, 150, 200), at(page, 350, 320)
    pull(page, *line)
    page.keyboard.press("p")
    pull(page, at(page, 230.5, 150.5), at(page, 230.5, 150.5))
    numbers(page, 2)  # two clicks within 0.4 s would be a double click
    page.keyboard.press("q")
    corners = at(page, 380, 60), at(page, 440, 130)
    pull(page, *corners)
    length, value, box = numbers(page, 3)
    row_mm, column_mm = (float(one) for one in head[0].PixelSpacing)
    (x1, y1), (x2, y2) = (place_of(page, spot) for spot in line)
    assert length[0] == pytest.approx(np.hypot((x2 - x1) * column_mm, (y2 - y1) * row_mm), rel=0.005)
    values = hounsfield(head[0])
    assert value[0] == pytest.approx(values[150, 230], abs=0.5)
    (left, top), (right, bottom) = (place_of(page, spot) for spot in corners)
    inside = values[_within(top, bottom), _within(left, right)]
    area_mm2, mean, deviation = box
    assert area_mm2 == pytest.approx((right - left) * (bottom - top) * row_mm * column_mm, rel=0.005)
    assert mean == pytest.approx(inside.mean(), abs=0.5)
    assert deviation == pytest.approx(inside.std(), abs=0.5)
    shoot(page, "workstation.en")
    assert_accessible(page)


def _within(start: float, end: float) -> slice:
    """The pixels whose middles lie between two edges."""
    return slice(int(np.ceil(start - 0.5)), int(np.ceil(end - 0.5)))


def test_what_was_saved_is_a_report_of_the_standard_and_is_there_again(
    visit: Open, house: tuple[Server, Region], tmp_path: Path, shoot: Shoot
) -> None:
    server, region = house
    study = f"{_STUDY}.50"  # of its own: what is saved in it is there from then on
    for image in head_of(study):
        store(server, region.token_a, file_of(image))
    page = visit(f"/studies/{study}", "en")
    take(page, "l")
    page.keyboard.press("o")
    expect(page.get_by_role("complementary", name="Measurements")).to_be_visible()
    fitted(page)
    pull(page, at(page, 120, 256), at(page, 300, 256))
    before = numbers(page, 1)
    page.get_by_label("Name of the measurement").fill("midline")
    page.get_by_role("button", name="Save measurements").last.click()
    shoot(page, "saving.en")
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    page.reload()
    assert numbers(page, 1) == before
    expect(page.get_by_label("Name of the measurement")).to_have_value("midline")
    expect(glass(page)).to_be_visible()
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    report = _document(server, region, study, "1.2.840.10008.5.1.4.1.1.88.33", tmp_path)
    said = subprocess.run(["dciodvfy", report], capture_output=True, text=True, check=False)
    assert "Error" not in said.stdout + said.stderr
    tree = subprocess.run(["dsrdump", report], capture_output=True, text=True, check=True).stdout
    assert "midline" in tree
    assert any(abs(float(one) - before[0][0]) < 0.1 for one in re.findall(r"\d+\.\d+", tree))
    page.get_by_role("button", name="Remove measurement").click()
    page.get_by_role("button", name="Undo").click()
    assert numbers(page, 1) == before


def _document(server: Server, region: Region, study: str, sop_class: str, folder: Path) -> Path:
    listed = server.get(
        f"/dicom-web/studies/{study}/instances?SOPClassUID={sop_class}", region.token_a, Accept="application/dicom+json"
    )
    found = max(listed.json(), key=lambda one: one["00200013"]["Value"][0])
    series, instance = (found[tag]["Value"][0] for tag in ("0020000E", "00080018"))
    answer = server.get(
        f"/dicom-web/studies/{study}/series/{series}/instances/{instance}",
        region.token_a,
        Accept='multipart/related; type="application/dicom"',
    )
    start = answer.content.index(b"DICM") - 128
    path = folder / f"{sop_class}.dcm"
    path.write_bytes(answer.content[start : answer.content.rindex(b"\r\n--")])
    return path


def _balls(paths: Sequence[Path], places: Sequence[NDArray[np.float64]]) -> list[pydicom.Dataset]:
    """The tilted, uneven slices of a real scan, with soft balls at known places of the patient instead of a head."""
    images = head_of(_BALLS, paths)
    rows, columns = np.mgrid[0:SIZE, 0:SIZE]
    for image in images:
        along, down = np.reshape([float(one) for one in image.ImageOrientationPatient], (2, 3))
        row_mm, column_mm = (float(one) for one in image.PixelSpacing)
        start = np.array([float(one) for one in image.ImagePositionPatient])
        points = start + columns[..., None] * column_mm * along + rows[..., None] * row_mm * down
        values = sum(1000 * np.exp(-((points - place) ** 2).sum(-1) / (2 * 9.0**2)) for place in places)
        stored = (np.asarray(values) - float(image.RescaleIntercept)) / float(image.RescaleSlope)
        kind = np.int16 if image.PixelRepresentation else np.uint16
        image.PixelData = np.round(stored).astype(kind).tobytes()
        image.WindowCenter, image.WindowWidth = 500, 1000
    return images


def _centres(page: Page, plane: str) -> list[Place]:
    """Where on the page the two bright balls of a plane are, by the weight of their light."""
    box = glass(page, plane).bounding_box()
    shot: Any = np.asarray(imagecodecs.png_decode(glass(page, plane).screenshot()))
    assert box is not None
    # The crosshairs are coloured and the letters lie at the edges: neither is light of the balls.
    plain = np.ptp(shot[..., :3].astype(int), axis=-1) < 8
    light = np.where(plain, shot[..., 0].astype(float), 0)
    light[: len(light) // 8], light[-len(light) // 8 :] = 0, 0
    light[light < 60] = 0
    half = np.arange(shot.shape[1]) < _valley(light.sum(0))
    found: list[Place] = []
    for part in (np.where(half, light, 0), np.where(half, 0, light)):
        y, x = (float((part.sum(axis) * np.arange(part.shape[1 - axis])).sum() / part.sum()) for axis in (1, 0))
        found.append((box["x"] + x + 0.5, box["y"] + y + 0.5))
    return found


def _settled_centres(page: Page, plane: str) -> list[Place]:
    """Where they are once the plane is drawn and goes on being drawn alike for a while."""
    picture, before = glass(page, plane), b""

    def is_settled() -> bool:
        nonlocal before
        page.wait_for_timeout(1_000)
        earlier, before = before, picture.screenshot()
        return earlier == before and bool(np.asarray(imagecodecs.png_decode(before)).min(axis=-1).max() > 200)

    assert wait_for(is_settled, SLOW_MS / 1_000)
    return _centres(page, plane)


def _valley(profile: NDArray[np.float64]) -> int:
    peaks = np.flatnonzero(profile > profile.max() / 2)
    return int((peaks.min() + peaks.max()) / 2)


@pytest.mark.timeout(600)  # three planes of this size take long without a graphics card
def test_distances_in_planes_of_a_tilted_uneven_scan_are_right(
    visit: Open, house: tuple[Server, Region], shoot: Shoot
) -> None:
    server, region = house
    real = [pydicom.dcmread(path, stop_before_pixels=True) for path in HEAD]
    centre = np.mean([_middle_of(one) for one in (real[0], real[-1])], axis=0)
    one, other = centre + np.array([0, -45, 22]), centre + np.array([0, 50, -18])
    for image in _balls(HEAD, [one, other]):
        store(server, region.token_a, file_of(image))
    wait_for(lambda: len(server.query("SELECT 1 FROM archive.prepared")) > 0, 60)
    page = visit(f"/studies/{_BALLS}", "en")
    page.set_viewport_size({"width": 2000, "height": 1300})
    expect(page.get_by_role("toolbar", name="Reading tools")).to_be_visible(timeout=SLOW_MS)
    page.keyboard.press("g")
    expect(page.get_by_text("interpolated by position")).to_be_visible(timeout=SLOW_MS)
    expect(page.get_by_text("Preview, not for diagnosis")).to_be_hidden(timeout=SLOW_MS)
    start, end = _settled_centres(page, "sagittal")
    page.keyboard.press("l")
    pull(page, start, end)
    (measured,) = numbers(page, 1)
    shoot(page, "planes.en")
    assert measured[0] == pytest.approx(float(np.linalg.norm(one - other)), rel=0.005)
    page.get_by_role("button", name="Save measurements").last.click()
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    page.reload()
    assert numbers(page, 1) == [measured]
    listed = page.get_by_role("complementary", name="Measurements").get_by_role("listitem").first
    listed.get_by_role("button").first.click()
    expect(page.get_by_text("Preview, not for diagnosis")).to_be_hidden(timeout=SLOW_MS)
    drawn = page.locator("[data-plane] .svg-layer text").filter(has_text=f"{measured[0]:.1f} mm")
    expect(drawn).to_have_count(1, timeout=SLOW_MS)
    expect(page.locator("[data-plane=sagittal] .svg-layer text")).to_have_count(1)
    shoot(page, "measured-in-planes.en")


def _middle_of(image: pydicom.Dataset) -> NDArray[np.float64]:
    along, down = np.reshape([float(one) for one in image.ImageOrientationPatient], (2, 3))
    row_mm, column_mm = (float(one) for one in image.PixelSpacing)
    start = np.array([float(one) for one in image.ImagePositionPatient])
    return start + along * column_mm * image.Columns / 2 + down * row_mm * image.Rows / 2


def test_what_is_drawn_while_saving_waits_to_be_saved(visit: Open, house: tuple[Server, Region]) -> None:
    server, region = house
    study = f"{_STUDY}.51"  # of its own: what is saved in it is there from then on
    for image in head_of(study)[:3]:
        store(server, region.token_a, file_of(image))
    page = visit(f"/studies/{study}", "en")
    take(page, "l")
    page.keyboard.press("o")
    expect(page.get_by_role("complementary", name="Measurements")).to_be_visible()
    fitted(page)
    pull(page, at(page, 120, 256), at(page, 300, 256))
    held: list[Route] = []

    def hold(route: Route) -> None:
        if route.request.method == "POST":
            held.append(route)
        else:
            route.continue_()

    page.route("**/measurements", hold)
    page.get_by_role("button", name="Save measurements").last.click()
    expect(page.get_by_text("Saving")).to_be_visible()
    pull(page, at(page, 120, 356), at(page, 300, 356))
    numbers(page, 2)
    next_held(page, held).continue_()
    expect(page.get_by_text("There are measurements that are not saved")).to_be_visible()
    page.get_by_role("button", name="Save measurements").last.click()
    next_held(page, held).continue_()
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()


def test_a_hanging_protocol_hangs_stage_by_stage(visit: Open, opened: str, shoot: Shoot) -> None:
    page = visit(f"/studies/{opened}", "en")
    expect(page.get_by_role("toolbar", name="Reading tools")).to_be_visible(timeout=SLOW_MS)
    page.keyboard.press(".")
    expect(page.get_by_text("Brain and bone")).to_be_visible(timeout=SLOW_MS)
    panes = page.locator("section[aria-label]").filter(has=page.locator(".cornerstone-canvas"))
    expect(panes.first.get_by_text("W 80")).to_be_visible(timeout=SLOW_MS)
    expect(panes.last.get_by_text("W 1800")).to_be_visible(timeout=SLOW_MS)
    for words, is_linked in (("Scroll", "true"), ("Window", "false"), ("Zoom and pan", "true")):
        expect(page.get_by_role("button", name=f"{words} together")).to_have_attribute("aria-pressed", is_linked)
    shoot(page, "hanging.en")
    page.keyboard.press(".")
    expect(page.locator("[data-plane=axial]")).to_be_visible()
    page.get_by_role("group", name="Hanging protocol").get_by_role("button", name="End").click()
    expect(page.get_by_role("img", name="/ 28")).to_be_visible()


def test_a_stack_that_makes_no_volume_says_why(visit: Open, house: tuple[Server, Region]) -> None:
    server, region = house
    study = f"{_STUDY}.40"
    for image in head_of(study, HEAD[:2]):
        store(server, region.token_a, file_of(image))
    page = visit(f"/studies/{study}", "en")
    expect(page.get_by_role("toolbar", name="Reading tools")).to_be_visible(timeout=SLOW_MS)
    page.keyboard.press("g")
    expect(page.get_by_text("It takes three images at least.")).to_be_visible(timeout=SLOW_MS)
    page.keyboard.press("Escape")
    expect(page.get_by_text("1 / 2")).to_be_visible(timeout=SLOW_MS)


@pytest.mark.hazard("H-02")
def test_letters_follow_turning_and_mirroring(visit: Open, opened: str) -> None:
    page = visit(f"/studies/{opened}", "en")
    take(page, "l")
    pane = page.locator("section[aria-label]").filter(has=page.locator(".cornerstone-canvas"))

    def letters() -> list[str]:
        return [one[0] for one in pane.locator("p").all_inner_texts() if re.fullmatch(r"[LRAPHF]{1,3}", one)]

    assert letters() == ["A", "L", "P", "R"]
    page.keyboard.press("t")
    assert wait_for(lambda: letters() == ["R", "A", "L", "P"])
    page.keyboard.press("h")
    assert wait_for(lambda: letters() == ["R", "P", "L", "A"])


def test_who_comes_next_sees_nothing_that_the_last_one_measured(
    visit: Open, house: tuple[Server, Region], opened: str
) -> None:
    server, _ = house
    made = server.run("user", "create", "next", "--organisation", "a", "--role", "reader", "--password", "next-in-line")
    assert made.returncode == 0
    page = visit(f"/studies/{opened}", "en")
    take(page, "l")
    page.evaluate("() => { window.isSamePage = true; }")
    assert _lines(page).count() == 0
    pull(page, at(page, 120, 256), at(page, 300, 256))
    numbers(page, 1)
    expect(_lines(page)).not_to_have_count(0)
    page.get_by_role("button", name="user a").click()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_label("User name").fill("next")
    page.get_by_label("Password", exact=True).fill("next-in-line")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="next", exact=True)).to_be_visible()
    take(page, "l")
    numbers(page, 0)
    fitted(page)
    assert _lines(page).count() == 0
    assert page.evaluate("() => window.isSamePage"), "the page was loaded anew"


def _lines(page: Page) -> Locator:
    """The lines of measurements that lie over the glass."""
    return page.locator(".svg-layer line, .svg-layer path")


def test_each_image_of_a_presentation_state_is_shown_as_the_state_says(
    visit: Open, house: tuple[Server, Region]
) -> None:
    server, region = house
    study = f"{_STUDY}.70"
    images = head_of(study)[:3]
    for image in images:
        store(server, region.token_a, file_of(image))
    first, _, third = (Image(str(image.SOPInstanceUID), study, f"{study}.1") for image in images)
    soft = presented(first, window={"center": 40, "width": 80})
    bone = presented(third, window={"center": 500, "width": 2000})
    assert keep(server, region.token_a, first, soft, bone).status_code == 200
    page = visit(f"/studies/{study}", "en")
    take(page, "l")
    page.keyboard.press("o")
    page.get_by_role("region", name="Presentation states").get_by_role("listitem").get_by_role("button").click()
    expect(page.get_by_text("W 80  L 40")).to_be_visible()
    for _ in range(2):
        page.keyboard.press("ArrowDown")
    expect(page.get_by_text("W 2000  L 500")).to_be_visible()
    page.keyboard.press("2")
    expect(page.get_by_text("W 2000  L 500")).to_be_hidden()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_text("W 2000  L 500")).to_be_hidden()  # what the reader chose holds
    page.keyboard.press("ArrowDown")
    expect(page.get_by_text("W 2000  L 500")).to_be_visible()
    page.keyboard.press("r")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_text("3 / 3")).to_be_visible()
    expect(page.get_by_text("W 2000  L 500")).to_be_hidden()
