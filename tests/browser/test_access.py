"""Pages that everybody can use: no serious finding of axe-core, in two schemes and two languages."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import AXE, serious
from tests.browser.conftest import Open
from tests.browser.hospital import CT_UID, Hospital

pytestmark = pytest.mark.peer
_EVERY_RULE = {"resultTypes": ["violations"]}
STATES = ["studies", "study", "compressed", "empty", "account", "keys", "calendar", "locked", "sign-in"]


def bring(page: Page, state: str) -> None:
    """Brings the page into the state its name says."""
    if state == "study":
        expect(page.locator("canvas[role=img]")).to_be_visible()
    if state == "compressed":
        page.locator("nav ol button").last.click()
        expect(page.get_by_role("img", name="1 / 64")).to_be_visible()
    if state in ("studies", "account", "keys", "calendar"):
        expect(page.locator("tbody tr").first).to_be_visible()
        page.keyboard.press("j")
    if state == "account":
        page.get_by_role("button", name="林静").click()
        expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    if state == "keys":
        page.keyboard.press("?")
    if state in ("keys", "locked"):
        expect(page.get_by_role("dialog")).to_be_visible()
    if state == "empty":
        expect(page.get_by_role("heading", name="No studies yet")).to_be_visible()
    if state == "calendar":
        page.locator("button[data-set]").click()
        expect(page.get_by_role("button", name="Next month")).to_be_visible()


@pytest.mark.parametrize("scheme", ["reading", "dark", "light"])
@pytest.mark.parametrize("state", STATES)
def test_no_serious_finding(sign_in: Open, hospital: Hospital, state: str, scheme: str) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not installed: npm ci in web/")
    if state == "empty":
        hospital.studies = []
    hospital.is_locked = state == "locked"
    page = sign_in(f"/studies/{CT_UID}" if state in ("study", "compressed") else "/", "en", scheme)
    if state == "sign-in":
        hospital.is_signed_in = False
        page.reload()
        expect(page.locator("form")).to_be_visible()
    bring(page, state)
    page.wait_for_timeout(250)
    assert serious(page, _EVERY_RULE) == []
