"""Earlier examinations beside the one that is read: they scroll along, and what is measured on each is its own."""

from __future__ import annotations

import pydicom
import pytest
from playwright.sync_api import Page, expect

from tests.archive.notes import file_of, store
from tests.browser.accessibility import assert_accessible
from tests.browser.conftest import Open, Shoot
from tests.browser.desk import (
    HEAD,
    SLOW_MS,
    head_of,
    numbers,
    pull,
    take,
)
from tests.browser.panes import drawn_panes
from tests.region import Region, Server

pytestmark = pytest.mark.peer
_STUDY = "1.2.826.0.1.3680043.9.9999.8910.1"


def _as_of(study: str, date: str, **changed: str) -> list[pydicom.Dataset]:
    images = head_of(study, HEAD[4:12])
    for image in images:
        image.StudyDate, image.FrameOfReferenceUID = date, f"{study}.9"
        for keyword, value in changed.items():
            setattr(image, keyword, value)
    return images


def _beside_its_prior(visit: Open, house: tuple[Server, Region], now: str, before: str) -> Page:
    server, region = house
    for image in [*_as_of(now, "20261121", PatientID=now[-8:]), *_as_of(before, "20260508", PatientID=now[-8:])]:
        store(server, region.token_a, file_of(image))
    page = visit(f"/studies/{now}", "en")
    page.get_by_role("navigation", name="Earlier examinations").get_by_role("button").click()
    return page


def test_a_prior_hangs_beside_and_scrolls_along(visit: Open, house: tuple[Server, Region], shoot: Shoot) -> None:
    page = _beside_its_prior(visit, house, f"{_STUDY}.20", f"{_STUDY}.21")
    panes = drawn_panes(page, 2)
    expect(panes.last).to_contain_text("2026-05-08")
    for pane in panes.all():
        expect(pane.get_by_text("1 / 8")).to_be_visible(timeout=SLOW_MS)
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    for pane in panes.all():
        expect(pane.get_by_text("4 / 8")).to_be_visible(timeout=SLOW_MS)
    page.keyboard.press("u")
    page.keyboard.press("ArrowDown")
    expect(panes.first.get_by_text("5 / 8")).to_be_visible()
    expect(panes.last.get_by_text("4 / 8")).to_be_visible()
    expect(page.get_by_text("Two patients are on this screen")).to_be_hidden()
    shoot(page, "prior.en")
    assert_accessible(page)


def test_tools_stay_in_hand_when_another_prior_is_hung(visit: Open, house: tuple[Server, Region]) -> None:
    server, region = house
    now, older, oldest = (f"{_STUDY}.2{number}" for number in (4, 5, 6))
    for study, date in ((now, "20261121"), (older, "20260508"), (oldest, "20250103")):
        for image in _as_of(study, date, PatientID="P-24"):
            store(server, region.token_a, file_of(image))
    page = visit(f"/studies/{now}", "en")
    take(page, "l")
    page.keyboard.press("o")
    priors = page.get_by_role("navigation", name="Earlier examinations").get_by_role("button")
    panes = page.locator("section[aria-label]").filter(has=page.locator(".cornerstone-canvas"))
    for prior, date in ((priors.nth(0), "2026-05-08"), (priors.nth(1), "2025-01-03")):
        prior.click()
        expect(panes).to_have_count(2, timeout=SLOW_MS)
        expect(panes.last).to_contain_text(date, timeout=SLOW_MS)
        expect(panes.last.get_by_text("1 / 8")).to_be_visible(timeout=SLOW_MS)
    drawn_panes(page, 2)
    page.keyboard.press("l")
    for count, pane in enumerate(panes.all(), 1):
        box = pane.bounding_box()
        assert box is not None
        middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        pull(page, middle, (middle[0] + 80, middle[1] + 40))
        numbers(page, count)


def test_what_is_measured_on_a_prior_is_kept_in_the_prior(
    visit: Open, house: tuple[Server, Region], shoot: Shoot
) -> None:
    server, region = house
    now, before = f"{_STUDY}.22", f"{_STUDY}.23"
    page = _beside_its_prior(visit, house, now, before)
    glasses = drawn_panes(page, 2).locator(".cornerstone-canvas")
    expect(page.get_by_text("1 / 8")).to_have_count(2, timeout=SLOW_MS)
    page.keyboard.press("l")
    box = glasses.last.bounding_box()
    assert box is not None
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    pull(page, (middle[0] - 40, middle[1]), (middle[0] + 40, middle[1]))
    ((length, *_),) = numbers(page, 1)
    expect(page.get_by_text("In the other examination")).to_be_visible()
    page.get_by_role("button", name="Save measurements").last.click()
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    shoot(page, "prior-measured")
    kept = {uid: server.get(f"/api/studies/{uid}/measurements", region.token_a).json()["sets"] for uid in (now, before)}
    assert kept[now] == []
    [[measurement]] = [one["measurements"] for one in kept[before]]
    assert measurement["values"][0]["value"] == pytest.approx(length, abs=0.1)
    page.reload()
    page.get_by_role("navigation", name="Earlier examinations").get_by_role("button").click()
    assert numbers(page, 1) == [[length]]


@pytest.mark.hazard("H-01")
def test_two_patients_on_one_screen_are_warned_of(visit: Open, house: tuple[Server, Region]) -> None:
    server, region = house
    now, before = f"{_STUDY}.30", f"{_STUDY}.31"
    mine = _as_of(now, "20261121", PatientID="P-30", PatientBirthDate="19580312")
    theirs = _as_of(before, "20260508", PatientID="P-30", PatientBirthDate="19700101", PatientName="Somebody^Else")
    for image in [*mine, *theirs]:
        store(server, region.token_a, file_of(image))
    page = visit(f"/studies/{now}", "en")
    page.get_by_role("navigation", name="Earlier examinations").get_by_role("button").click()
    expect(page.get_by_role("alert").get_by_text("Two patients are on this screen")).to_be_visible()
