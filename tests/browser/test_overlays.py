"""What others drew over images, in the full viewer: segments and structures lie where they were drawn."""

from __future__ import annotations

import imagecodecs
import numpy as np
import pydicom
import pytest
from highdicom import seg
from numpy.typing import NDArray
from playwright.sync_api import Locator, Page, expect
from pydicom.uid import generate_uid

from tests.archive.notes import file_of, store
from tests.archive.segmentations.scans import description
from tests.browser.conftest import Open, Shoot
from tests.browser.desk import HEAD, PREVIEW, SIZE, SLOW_MS, TOOLS, fitted, glass, head_of, hue, lit, take
from tests.browser.structures import Outline, Structure, box, structure_set
from tests.region import Region, Server, wait_for

pytestmark = pytest.mark.peer
_STUDY = "1.2.826.0.1.3680043.9.9999.8911.1"
_PLANES = ("axial", "coronal", "sagittal")
_TYPE_2 = (
    "PatientBirthDate",
    "PatientSex",
    "AccessionNumber",
    "StudyID",
    "StudyDate",
    "StudyTime",
    "ReferringPhysicianName",
)
_BOX = range(14, 26), range(12, 46), range(24, 52)  # slices, rows and columns; the middle of the scan is in it


def test_a_segment_lies_where_it_was_drawn_and_can_be_hidden(
    visit: Open, house: tuple[Server, Region], shoot: Shoot
) -> None:
    server, region = house
    study = f"{_STUDY}.50"
    images = head_of(study, HEAD[4:8])
    for image in images:
        image.PatientBirthDate, image.PatientSex = "19661224", "M"
        for keyword in ("AccessionNumber", "StudyID", "StudyDate", "StudyTime", "ReferringPhysicianName"):
            setattr(image, keyword, image.get(keyword, ""))
    masks = np.zeros((4, SIZE, SIZE), np.uint8)
    masks[:, 100:160, 300:380] = 1
    uids = generate_uid(), 7, generate_uid(), 1
    made = seg.Segmentation(images, masks, "BINARY", [description(1, "Haematoma")], *uids, "Others", "x", "1", "1")
    for image in [*images, made]:
        store(server, region.token_a, file_of(image))
    page = visit(f"/studies/{study}", "en")
    take(page, "l")
    page.keyboard.press("o")
    part = page.get_by_role("button", name="Haematoma")
    expect(part).to_be_visible()
    fitted(page)
    assert wait_for(lambda: hue(page, 340, 130) > 20, 60)
    assert hue(page, 340, 200) == 0
    shoot(page, "segment.en")
    part.click()
    expect(part).to_have_attribute("aria-pressed", "false")
    assert wait_for(lambda: hue(page, 340, 130) == 0, 60)


@pytest.mark.parametrize(("language", "title"), [("en", "Segments and structures"), ("zh-CN", "分割与结构")])
def test_a_contour_lies_where_its_points_are(
    visit: Open, house: tuple[Server, Region], shoot: Shoot, language: str, title: str
) -> None:
    server, region = house
    study = f"{_STUDY}.51.{len(language)}"
    images = head_of(study, HEAD[4:8])
    target = Structure("靶区 PTV", (255, 40, 40), [Outline(images[0], box(200, 220, 280, 300))])
    unnamed = Outline(images[1], box(240, 260, 320, 340), is_named=False)
    made = structure_set("定位 CT", [target, Structure("Lens", (40, 220, 40), [unnamed])])
    for image in [*images, made]:
        store(server, region.token_a, file_of(image))
    page = visit(f"/studies/{study}", language)
    take(page, "l")
    page.keyboard.press("o")
    found = page.get_by_role("region", name=title)
    expect(found.get_by_text("定位 CT")).to_be_visible()
    expect(found.get_by_role("button", name="Lens")).to_be_visible()
    fitted(page)
    assert wait_for(lambda: hue(page, 200, 260) > 150, 60)
    for column, row in ((200, 260), (280, 260), (240, 220), (240, 300)):
        red, green, blue = lit(page, column, row)
        assert red > 150 > max(green, blue)
    assert hue(page, 240, 260) == hue(page, 190, 260) == 0
    shoot(page, f"structure.{language}")
    page.keyboard.press("ArrowDown")
    assert wait_for(lambda: hue(page, 200, 260) == 0 and hue(page, 240, 300) > 150, 60)
    red, green, blue = lit(page, 240, 300)
    assert green > 150 > max(red, blue)
    assert hue(page, 200, 260) == 0
    found.get_by_role("button", name="Lens").click()
    assert wait_for(lambda: hue(page, 240, 300) == 0, 60)


def _scan(study: str, aside_mm: float) -> list[pydicom.Dataset]:
    """A scan of 64 by 64 by 40 voxels of 2 mm with one bright box in it; its images go aside as of a tilted gantry."""
    images = head_of(study, HEAD[:1] * 40)
    for at, image in enumerate(images):
        values = np.zeros((64, 64), np.int16)
        if at in _BOX[0]:
            values[_BOX[1].start : _BOX[1].stop, _BOX[2].start : _BOX[2].stop] = 800
        image.Rows = image.Columns = 64
        image.PixelSpacing, image.ImageOrientationPatient = [2, 2], [1, 0, 0, 0, 1, 0]
        image.ImagePositionPatient = [-64, -64 + at * aside_mm, 2 * at]
        image.PixelRepresentation, image.RescaleIntercept, image.RescaleSlope = 1, 0, 1
        image.BitsStored, image.HighBit = 16, 15
        image.WindowCenter, image.WindowWidth, image.PixelData = 500, 1000, values.tobytes()
        for keyword in ("SmallestImagePixelValue", "LargestImagePixelValue", "PixelPaddingValue"):
            if keyword in image:
                delattr(image, keyword)
        for keyword in _TYPE_2:
            setattr(image, keyword, image.get(keyword, ""))
    return images


def _switch(part: Locator, *, is_on: bool) -> None:
    part.click()
    expect(part).to_have_attribute("aria-pressed", "true" if is_on else "false")


def _shots(page: Page, before: dict[str, NDArray[np.int_]]) -> dict[str, NDArray[np.int_]]:
    """The planes, once each of them shows something else than before and all of them go on showing the same."""
    now = {plane: _shot(page, plane) for plane in _PLANES}

    def is_settled() -> bool:
        nonlocal now
        page.wait_for_timeout(500)
        earlier, now = now, {plane: _shot(page, plane) for plane in _PLANES}
        return all(
            np.array_equal(earlier[plane], now[plane])
            and not (plane in before and np.array_equal(before[plane], now[plane]))
            for plane in _PLANES
        )

    assert wait_for(is_settled, 60)
    return now


def _shot(page: Page, plane: str) -> NDArray[np.int_]:
    return np.asarray(imagecodecs.png_decode(glass(page, plane).screenshot()))[..., :3].astype(int)


def _bright(shot: NDArray[np.int_]) -> NDArray[np.bool_]:
    return (shot.min(axis=-1) > 100) & (np.ptp(shot, axis=-1) < 8)


def _edges(mask: NDArray[np.bool_]) -> NDArray[np.int_]:
    """The first and last rows and columns of what lies within a plane; letters and switches are around it."""
    (height, width), inside = mask.shape, mask.copy()
    inside[: height // 8], inside[-height // 4 :], inside[:, : width // 8], inside[:, -width // 8 :] = (False,) * 4
    rows, columns = (np.flatnonzero(inside.sum(axis=axis) > 4) for axis in (1, 0))
    return np.array([rows[0], rows[-1], columns[0], columns[-1]])


@pytest.mark.parametrize("aside_mm", [0.0, 0.7])
def test_in_planes_segments_and_structures_lie_on_what_they_mark(
    visit: Open, house: tuple[Server, Region], shoot: Shoot, aside_mm: float
) -> None:
    server, region = house
    study = f"{_STUDY}.6{int(aside_mm > 0)}"
    images = _scan(study, aside_mm)
    masks = np.zeros((40, 64, 64), np.uint8)
    masks[_BOX[0].start : _BOX[0].stop, _BOX[1].start : _BOX[1].stop, _BOX[2].start : _BOX[2].stop] = 1
    uids = generate_uid(), 7, generate_uid(), 1
    segments = seg.Segmentation(images, masks, "BINARY", [description(1, "Mass")], *uids, "Others", "x", "1", "1")
    outline = box(_BOX[2].start, _BOX[1].start, _BOX[2].stop, _BOX[1].stop)
    target = Structure("Target", (40, 220, 40), [Outline(images[at], outline) for at in _BOX[0]])
    for one in [*images, segments, structure_set("Plan", [target])]:
        store(server, region.token_a, file_of(one))
    page = visit(f"/studies/{study}", "en")
    expect(page.get_by_role("toolbar", name=TOOLS)).to_be_visible(timeout=SLOW_MS)
    page.keyboard.press("g")
    page.keyboard.press("o")
    mass, outlined = (page.get_by_role("button", name=name) for name in ("Mass", "Target"))
    expect(mass).to_be_visible(timeout=SLOW_MS)
    expect(outlined).to_be_visible(timeout=SLOW_MS)
    glass(page, "sagittal")
    expect(page.get_by_role("slider", name="Thickness")).to_be_visible(timeout=SLOW_MS)
    expect(page.get_by_text(PREVIEW)).to_be_hidden(timeout=SLOW_MS)
    fitted(page)
    for part in (mass, outlined):
        _switch(part, is_on=False)
    assert wait_for(lambda: min(_bright(_shot(page, plane)).sum() for plane in _PLANES) > 1_000, 60)
    bare = _shots(page, {})
    _switch(mass, is_on=True)
    painted = _shots(page, bare)
    _switch(mass, is_on=False)
    plain = _shots(page, painted)
    _switch(outlined, is_on=True)
    drawn = _shots(page, plain)
    _switch(mass, is_on=True)
    shoot(page, f"overlays-in-planes-{aside_mm}")
    for plane in _PLANES:
        bright = _bright(plain[plane])
        filled = np.abs(painted[plane] - plain[plane]).max(axis=-1) > 30
        lines = np.abs(drawn[plane] - plain[plane]).max(axis=-1) > 60
        assert (bright & filled).sum() / (bright | filled).sum() > 0.9, plane
        assert np.abs(_edges(filled) - _edges(bright)).max() <= 4, plane
        assert np.abs(_edges(lines) - _edges(bright)).max() <= 8, plane
        assert (drawn[plane][lines].argmax(axis=-1) == 1).mean() > 0.9, "the structure is green"
