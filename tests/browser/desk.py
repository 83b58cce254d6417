"""The desk of the full viewer as a hand finds it: where images lie on the page, tools, and what is on the glass."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import pydicom
from numpy.typing import NDArray
from playwright.sync_api import Locator, Page, expect

HEAD = sorted((Path(__file__).parents[2] / "src/lightwell/app/demo_images/ct-head").glob("*.dcm"))
SIZE = 512
SLOW_MS = 60_000
TOOLS = re.compile("^(Reading tools|阅片工具)$")
PREVIEW = re.compile("Preview, not for diagnosis|预览，不可用于诊断")
_EDGE = re.compile("^[RLAPHF]{1,3}$")
_FIT = """() => [...document.querySelectorAll('.cornerstone-canvas')].every((one) =>
  Math.abs(one.width - one.clientWidth * devicePixelRatio) <= 1
  && Math.abs(one.height - one.clientHeight * devicePixelRatio) <= 1)"""
_FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())))"
Place = tuple[float, float]


def head_of(study: str, paths: Sequence[Path] = HEAD) -> list[pydicom.Dataset]:
    """A CT of a head as the scanner sent it, as the images of a study."""
    images: list[pydicom.Dataset] = []
    for number, path in enumerate(paths, 1):
        image = pydicom.dcmread(path)
        image.StudyInstanceUID, image.SeriesInstanceUID = study, f"{study}.1"
        image.FrameOfReferenceUID, image.SOPInstanceUID = f"{study}.9", f"{study}.1.{number}"
        image.PatientName, image.SpecificCharacterSet = "Ouyang^Zhenhua=欧阳^振华", "ISO_IR 192"
        image.PatientID, image.InstanceNumber = "LJ-2026-211906", number
        images.append(image)
    return images


def glass(page: Page, plane: str | None = None) -> Locator:
    """The canvas of the full viewer: of its only pane, or of a plane."""
    within = f"[data-plane={plane}] " if plane else ""
    canvas = page.locator(f"{within}.cornerstone-canvas").first
    expect(canvas).to_be_visible(timeout=SLOW_MS)
    return canvas


def drawn(page: Page) -> None:
    """Wait until the page has drawn what it was to draw by now: two frames."""
    page.evaluate(_FRAMES)


def fitted(page: Page) -> None:
    """Wait until each pane of the full viewer is drawn as large as the page around it leaves it."""
    page.wait_for_function(_FIT)
    drawn(page)


def on_glass(page: Page) -> None:
    """Wait until the only pane of the full viewer shows its image without loss."""
    pane = page.locator("section").filter(has=glass(page))
    expect(pane.get_by_text(_EDGE).first).to_be_visible(timeout=SLOW_MS)  # told of what is drawn alone
    expect(page.get_by_text(PREVIEW)).to_be_hidden(timeout=SLOW_MS)
    fitted(page)


def take(page: Page, key: str) -> None:
    """Take a tool by its key, once the image is there without loss and the full viewer has taken over."""
    expect(page.get_by_role("toolbar", name=TOOLS)).to_be_visible(timeout=SLOW_MS)
    page.keyboard.press(key)
    expect(page.get_by_text(re.compile(r"^\d+ / \d+$"))).to_be_visible(timeout=SLOW_MS)
    on_glass(page)


def _scale(page: Page) -> tuple[float, Place]:
    box = glass(page).bounding_box()
    assert box is not None
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    return min(box["width"], box["height"]) / SIZE, middle


def at(page: Page, column: float, row: float) -> Place:
    """The spot of the page, in the whole pixels that a mouse has, nearest to a place of the square image."""
    scale, (x, y) = _scale(page)
    return round(x + (column - SIZE / 2) * scale), round(y + (row - SIZE / 2) * scale)


def place_of(page: Page, spot: Place) -> Place:
    """The place in the image that a spot of the page shows."""
    scale, (x, y) = _scale(page)
    return (spot[0] - x) / scale + SIZE / 2, (spot[1] - y) / scale + SIZE / 2


def pull(page: Page, start: Place, end: Place) -> None:
    """Draw from one spot of the page to another."""
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
    page.mouse.move(*end)
    page.mouse.up()


def numbers(page: Page, count: int) -> list[list[float]]:
    """The numbers of each line of the list of measurements, once it has so many."""
    panel = page.get_by_role("complementary", name="Measurements")
    expect(page.get_by_role("toolbar", name=TOOLS)).to_be_visible(timeout=SLOW_MS)
    if not panel.is_visible():
        page.keyboard.press("o")
    lines = panel.get_by_role("list").first.get_by_role("listitem")
    expect(lines).to_have_count(count)
    return [[float(one) for one in re.findall(r"-?\d+(?:\.\d+)?", line.inner_text())] for line in lines.all()]


def hounsfield(image: pydicom.Dataset) -> NDArray[np.float64]:
    """The values of an image."""
    return image.pixel_array * float(image.RescaleSlope) + float(image.RescaleIntercept)


def lit(page: Page, column: float, row: float) -> list[int]:
    """Red, green and blue where the page shows a place of the image; of the pixels around it the one least grey."""
    x, y = at(page, column, row)
    shot: Any = np.asarray(imagecodecs.png_decode(page.screenshot()))
    around = shot[int(y) - 1 : int(y) + 2, int(x) - 1 : int(x) + 2, :3].reshape(-1, 3).astype(int)
    return [int(one) for one in around[np.ptp(around, axis=1).argmax()]]


def hue(page: Page, column: float, row: float) -> int:
    """How far from grey the page is where it shows a place of the image."""
    return int(np.ptp(lit(page, column, row)))
