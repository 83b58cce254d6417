"""What is really on the glass: the pixels of a screenshot, found by their place in the image."""

from __future__ import annotations

from typing import Any

import imagecodecs
import numpy as np
from playwright.sync_api import Locator, Page

from tests.browser.hospital import SIZE
from tests.region import wait_for


def shown_at(page: Page, x: int, y: int, size: int = SIZE) -> list[int]:
    """Return red, green and blue of the pixel of a square image that fills its stage."""
    box = page.locator("canvas[role=img]").bounding_box()
    assert box is not None
    scale = min(box["width"], box["height"]) / size
    left = box["width"] / 2 + (x + 0.5 - size / 2) * scale
    top = box["height"] / 2 + (y + 0.5 - size / 2) * scale
    shot: Any = np.asarray(imagecodecs.png_decode(page.locator("canvas[role=img]").screenshot()))
    return [int(value) for value in shot[round(top), round(left), :3]]


def becomes_other(picture: Locator, before: bytes, seconds: float = 20) -> bool:
    """Whether a picture comes to show something else than before."""
    return wait_for(lambda: picture.screenshot() != before, seconds)
