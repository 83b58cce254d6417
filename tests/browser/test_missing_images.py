"""Planes through a scan of which images are missing: nothing is shown there, and no value is given that is not seen."""

from __future__ import annotations

from typing import Any

import imagecodecs
import numpy as np
import pydicom
import pytest
from playwright.sync_api import Page, expect

from tests.archive.notes import file_of, store
from tests.browser.conftest import Open, Shoot
from tests.browser.desk import HEAD, PREVIEW, SLOW_MS, TOOLS, Place, fitted, glass, head_of, numbers
from tests.region import Region, Server, wait_for

_STUDY = "1.2.826.0.1.3680043.9.9999.8911.71"
_SIDE, _COUNT, _MISSING, _VALUE = 64, 40, range(16, 24), 300


def _scan() -> list[pydicom.Dataset]:
    """A scan of voxels of 2 mm and one value, without its eight middle images."""
    images = head_of(_STUDY, HEAD[:1] * _COUNT)
    for at, image in enumerate(images):
        image.Rows = image.Columns = _SIDE
        image.PixelSpacing, image.ImageOrientationPatient = [2, 2], [1, 0, 0, 0, 1, 0]
        image.ImagePositionPatient = [-_SIDE, -_SIDE, 2 * at]
        image.PixelRepresentation, image.RescaleIntercept, image.RescaleSlope = 1, 0, 1
        image.BitsStored, image.HighBit = 16, 15
        values = np.full((_SIDE, _SIDE), _VALUE, np.int16)
        values[:2] = 0  # air
        image.WindowCenter, image.WindowWidth, image.PixelData = 150, 300, values.tobytes()
        for keyword in ("SmallestImagePixelValue", "LargestImagePixelValue", "PixelPaddingValue"):
            if keyword in image:
                delattr(image, keyword)
    return [image for at, image in enumerate(images) if at not in _MISSING]


def _spot(page: Page, plane: str, down: float) -> Place:
    box = glass(page, plane).bounding_box()
    assert box is not None
    return box["x"] + box["width"] * 0.45, box["y"] + box["height"] * down


def _is_parted(page: Page) -> bool:
    """Whether the scan is seen from the side, and nothing in its middle."""
    shot: Any = np.asarray(imagecodecs.png_decode(glass(page, "sagittal").screenshot()))[..., :3].astype(int)
    column = shot[:, int(shot.shape[1] * 0.4)].max(axis=-1)
    bright = np.flatnonzero(column > 150)
    return bright.size > 0 and bool(column[(bright[0] + bright[-1]) // 2] < 20)


@pytest.mark.hazard("H-31")
@pytest.mark.timeout(600)  # planes take long without a graphics card
def test_nothing_is_made_up_or_measured_where_images_are_missing(
    visit: Open, house: tuple[Server, Region], shoot: Shoot
) -> None:
    for image in _scan():
        store(house[0], house[1].token_a, file_of(image))
    page = visit(f"/studies/{_STUDY}", "en")
    page.set_viewport_size({"width": 1600, "height": 1000})
    expect(page.get_by_role("toolbar", name=TOOLS)).to_be_visible(timeout=SLOW_MS)
    page.keyboard.press("g")
    expect(page.get_by_text("Images are missing")).to_be_visible(timeout=SLOW_MS)
    expect(page.get_by_text(PREVIEW)).to_be_hidden(timeout=SLOW_MS)
    page.keyboard.press("o")
    expect(page.get_by_role("complementary", name="Measurements")).to_be_visible()
    fitted(page)
    assert wait_for(lambda: _is_parted(page), 60)
    page.keyboard.press("p")
    page.mouse.click(*_spot(page, "sagittal", 0.52))
    assert numbers(page, 1) == [[]]
    page.mouse.click(*_spot(page, "sagittal", 0.35))
    assert numbers(page, 2)[1] == [float(_VALUE)]
    page.get_by_role("slider", name="Thickness").fill("10")
    page.wait_for_timeout(1_000)  # two clicks within 0.4 s would be a double click
    page.mouse.click(*_spot(page, "sagittal", 0.65))
    assert numbers(page, 3)[2] == []
    expect(
        page.get_by_role("complementary", name="Measurements").get_by_text("no pixel values in a slab")
    ).to_be_visible()
    shoot(page, "missing-images")
