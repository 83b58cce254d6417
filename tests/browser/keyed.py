"""Whether each control of a page of images or documents tells its key."""

import re

from playwright.sync_api import Page

# What needs no key, and why.
_WITHOUT = re.compile(
    "^(Try again|重试)$"  # stands only where something failed; Tab and Enter come to it
    "|^– "  # does nothing, and says to who comes to it by Tab why something is not known
)

# Each control of the page of a study that is seen: what it is called, its keys, and the list or group that it is in.
_CONTROLS = """() => [...document.querySelectorAll('main :is(button, input, select, a[download])')]
  .filter((one) => one.checkVisibility())
  .map((one) => ({
    name: (one.getAttribute('aria-label') || one.innerText || one.title || one.outerHTML).trim().replace(/\\s+/g, ' '),
    keys: one.getAttribute('aria-keyshortcuts') || '',
    within: [...document.querySelectorAll('ol, ul, nav, [role=group]')].filter((list) => list.contains(one)).map(
      (list) => list.tagName + (list.getAttribute('aria-label') || '')).join(' '),
  }))"""


def _controls(page: Page) -> list[dict[str, str]]:
    found: list[dict[str, str]] = page.evaluate(_CONTROLS)
    assert found
    return found


def assert_keyed(page: Page) -> None:
    """Every control tells its key; no key is that of two, unless both do the same or are of one list."""
    found = _controls(page)
    assert [one["name"] for one in found if not one["keys"] and not _WITHOUT.match(one["name"])] == []
    holders: dict[str, set[str]] = {}
    for one in found:
        for key in one["keys"].split():
            holders.setdefault(key, set()).add(one["within"] or one["name"])
    assert {key: sorted(who) for key, who in holders.items() if len(who) > 1} == {}
