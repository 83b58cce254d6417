"""Images in which low values are bright are negatives wherever they are seen; their values stay (PS3.3 C.7.6.3.1.2)."""

from __future__ import annotations

import re
from typing import Any

import imagecodecs
import numpy as np
import pydicom
import pytest
from numpy.typing import NDArray
from playwright.sync_api import FloatRect, Page, expect
from pydicom.pixels import apply_modality_lut, apply_windowing

from tests.browser import blocks
from tests.browser.blocks import COUNT, SIDE, block, hang, keep
from tests.browser.conftest import Open, Shoot
from tests.browser.desk import PREVIEW, SLOW_MS, TOOLS, fitted, glass, numbers, on_glass, pull
from tests.region import Region, Server, wait_for

pytestmark = pytest.mark.peer
_STUDY = "1.2.826.0.1.3680043.9.9999.8930.1"
_ROWS = (10, 30, 55)


@pytest.fixture(scope="module")
def images(house: tuple[Server, Region]) -> list[pydicom.Dataset]:
    """A series of negatives in the archive."""
    made = block(_STUDY, PhotometricInterpretation="MONOCHROME1", SeriesDescription="Negative")
    keep(house, *made)
    return made


def _negative(image: pydicom.Dataset) -> NDArray[np.float64]:
    """The greys of an image, from its own values and window."""
    values = apply_modality_lut(image.pixel_array, image)
    lowest, highest = blocks.AIR, blocks.AIR + (1 << image.BitsStored) - 1
    return np.asarray(255 - (apply_windowing(values, image) - lowest) / (highest - lowest) * 255)


def _box(page: Page) -> FloatRect:
    canvas = page.get_by_role("img", name="/ 24").or_(page.locator(".cornerstone-canvas")).first
    box = canvas.bounding_box()
    assert box is not None
    return box


def _place(page: Page, row: float) -> tuple[float, float]:
    """The spot of the page that shows a row of the image, beside its middle."""
    box = _box(page)
    scale = min(box["width"], box["height"]) / SIDE
    return box["x"] + box["width"] / 2 + 60, box["y"] + box["height"] / 2 + (row + 0.5 - SIDE / 2) * scale


def _greys(page: Page) -> list[int]:
    shot: Any = np.asarray(imagecodecs.png_decode(page.screenshot()))
    return [int(shot[int(y), int(x), 0]) for x, y in (_place(page, row) for row in _ROWS)]


def _shows(page: Page, greys: NDArray[np.float64]) -> bool:
    """Whether the page comes to show greys, as far as a pixel lies between those of the image."""
    return bool(wait_for(lambda: np.abs(_greys(page) - greys).max() <= 6, 30))


def test_the_lean_and_the_full_viewer_show_the_negative_and_measure_the_values(
    visit: Open, images: list[pydicom.Dataset], shoot: Shoot
) -> None:
    page = visit(f"/studies/{_STUDY}", "en")
    expect(page.get_by_role("toolbar", name=TOOLS)).to_be_visible(timeout=SLOW_MS)
    expect(page.get_by_role("img", name="/ 24")).to_be_visible(timeout=SLOW_MS)
    expect(page.get_by_text("W 500")).to_be_visible(timeout=SLOW_MS)  # told of a picture that is there
    expect(page.get_by_text(PREVIEW)).to_be_hidden(timeout=SLOW_MS)
    expected = _negative(images[0])[list(_ROWS), 0]
    assert _shows(page, expected)
    page.keyboard.press("q")
    glass(page)
    expect(page.get_by_text("1 / 24")).to_be_visible(timeout=SLOW_MS)
    on_glass(page)
    assert _shows(page, expected)
    (x, top), (_, bottom) = _place(page, 15.5), _place(page, 47.5)
    pull(page, (x + 40, top), (x + 120, bottom))
    ((_, mean, *_),) = numbers(page, 1)
    assert mean == pytest.approx(blocks.values()[0, 16:48].mean(), abs=4)  # a row more or less
    page.keyboard.press("o")
    page.keyboard.press("v")
    assert _shows(page, 255 - expected)
    shoot(page, "negative")


@pytest.mark.hazard("H-16")
@pytest.mark.timeout(600)  # planes take long without a graphics card
def test_planes_of_negatives_are_negatives(
    visit: Open, house: tuple[Server, Region], images: list[pydicom.Dataset], shoot: Shoot
) -> None:
    pick = [{"description_contains": ["Negative"]}]
    panes = [
        {"row": 0, "column": place, "view": view, "picks": pick, "again": True}
        for place, view in enumerate(("stack", "coronal"))
    ]
    hang(house, "negatives", {"name": "N", "rows": 1, "columns": 2, "panes": panes, "links": {}})
    page = visit(f"/studies/{_STUDY}", "en")
    plane = page.locator("[data-plane=coronal]")
    expect(plane).to_be_visible(timeout=SLOW_MS)
    expect(plane.locator("xpath=..").get_by_text("W 500")).to_be_visible(timeout=SLOW_MS)
    expect(page.get_by_text(PREVIEW)).to_have_count(0, timeout=SLOW_MS)
    box = plane.bounding_box()
    assert box is not None
    spot = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(*spot)
    said = plane.locator("xpath=..").get_by_text(re.compile(r"-?\d+ HU")).inner_text()
    value = int(said.split()[0])
    assert value in blocks.values()[COUNT // 2 - 1 : COUNT // 2 + 1, SIDE // 2 - 1 : SIDE // 2 + 1, 0]
    shot: Any = np.asarray(imagecodecs.png_decode(page.screenshot()))
    window = images[0]
    place = (value - (window.WindowCenter - 0.5)) / (window.WindowWidth - 1) + 0.5
    assert int(shot[int(spot[1]), int(spot[0]), 0]) == pytest.approx(255 * (1 - place), abs=8)
    shoot(page, "negative-planes")
    page.keyboard.press("g")
    expect(page.locator("[data-plane=sagittal]")).to_be_visible(timeout=SLOW_MS)
    expect(page.get_by_text("W 500")).to_be_visible(timeout=SLOW_MS)
    expect(page.get_by_text(PREVIEW)).to_have_count(0, timeout=SLOW_MS)
    fitted(page)
    assert wait_for(lambda: _brighter_at_the_feet(page) > 20, 60)  # higher values lie towards the head
    page.keyboard.press("v")
    assert wait_for(lambda: _brighter_at_the_feet(page) < -20, 60)
    house[0].query("DELETE FROM archive.hanging_protocol")


def _brighter_at_the_feet(page: Page) -> int:
    """By how much the coronal plane is brighter near its bottom than near its top, beside the crosshairs."""
    picture: Any = np.asarray(imagecodecs.png_decode(glass(page, "coronal").screenshot()))[..., 0].astype(int)
    rows, columns = picture.shape
    column, away = picture[:, columns // 2 + columns // 8], rows // 12
    head, feet = (int(np.median(column[row - 3 : row + 3])) for row in (rows // 2 - away, rows // 2 + away))
    return feet - head
