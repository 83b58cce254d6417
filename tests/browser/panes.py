"""The panes of the full viewer that lie beside each other."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.desk import PREVIEW, SLOW_MS, fitted

_EDGE = re.compile("^[RLAPHF]{1,3}$")


def drawn_panes(page: Page, count: int) -> Locator:
    """The panes, once there are so many and each has drawn its image without loss, as large as it is."""
    panes = page.locator("section[aria-label]").filter(has=page.locator(".cornerstone-canvas"))
    expect(panes).to_have_count(count, timeout=SLOW_MS)
    for pane in panes.all():
        expect(pane.get_by_text(_EDGE)).to_have_count(4, timeout=SLOW_MS)  # told of what is drawn alone
    expect(page.get_by_text(PREVIEW)).to_have_count(0, timeout=SLOW_MS)
    fitted(page)
    return panes
