"""Everything by name, from the keyboard: pages, acts, and studies by name or number."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.accessibility import assert_accessible
from tests.browser.conftest import Open, Shoot
from tests.browser.held import holding, next_held
from tests.browser.hospital import Hospital, uid_of
from tests.region import wait_for

pytestmark = pytest.mark.peer


def _field(page: Page) -> Locator:
    return page.get_by_role("combobox", name=re.compile("命令|Commands"))


def _open(page: Page) -> None:
    expect(page.locator("tbody tr").first).to_be_visible()
    page.keyboard.press("Control+k")
    expect(_field(page)).to_be_focused()


@pytest.mark.parametrize(
    ("typed", "there"), [("sz", "/settings$"), ("gua", "/settings/hanging$"), ("设置", "/settings$")]
)
def test_pages_are_found_by_pinyin_initials_and_hanzi(sign_in: Open, typed: str, there: str) -> None:
    page = sign_in("/studies")
    _open(page)
    page.keyboard.type(typed)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(there))
    expect(page.get_by_role("dialog")).to_have_count(0)


@pytest.mark.parametrize("typed", ["ouyang", "A2026109999", "P100519"])
def test_a_study_is_opened_by_name_patient_id_or_accession_number(sign_in: Open, typed: str) -> None:
    page = sign_in("/studies")
    _open(page)
    page.keyboard.type(typed)
    option = page.get_by_role("option").filter(has_text="欧阳晓琳").first
    expect(option).to_be_visible()
    while option.get_attribute("aria-selected") != "true":
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(re.escape(uid_of(1))))


def test_the_light_is_switched_and_goes_with_the_person(sign_in: Open, hospital: Hospital) -> None:
    page = sign_in("/studies", "en")
    _open(page)
    page.keyboard.type("light")
    page.keyboard.press("Enter")
    expect(page.locator("html[data-scheme=light]")).to_have_count(1)
    assert wait_for(lambda: hospital.preferences.get("shell.scheme") == "light")


def test_what_is_set_before_the_rest_is_read_does_not_hide_it(sign_in: Open, page: Page, hospital: Hospital) -> None:
    hospital.preferences["viewer.mouse"] = {"left": "pan", "middle": "pan", "right": "zoom", "wheel": "scroll"}
    held: list[Route] = []
    page.route("**/api/preferences", holding(held))
    sign_in("/studies", "en")
    _open(page)
    page.keyboard.type("light")
    page.keyboard.press("Enter")
    next_held(page, held).continue_()
    assert wait_for(lambda: hospital.preferences.get("shell.scheme") == "light")
    _open(page)
    page.keyboard.type("sett")
    page.keyboard.press("Enter")
    expect(page.get_by_role("combobox", name="Left drag")).to_have_value("Pan")


def test_the_language_is_switched_and_found_in_either(sign_in: Open) -> None:
    page = sign_in("/studies", "en")
    _open(page)
    page.keyboard.type("zhongwen")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="检查")).to_be_visible()


def test_the_page_is_locked_and_takes_no_command_then(sign_in: Open, hospital: Hospital) -> None:
    page = sign_in("/studies")
    _open(page)
    page.keyboard.type("suo")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="已锁定")).to_be_visible()
    assert wait_for(lambda: hospital.is_locked)
    page.keyboard.press("Control+k")
    page.wait_for_timeout(200)
    expect(_field(page)).to_have_count(0)


def test_keys_of_the_page_rest_and_escape_gives_them_back(sign_in: Open) -> None:
    page = sign_in("/studies")
    _open(page)
    page.keyboard.type("jjj")
    expect(page.get_by_text("没有符合的")).to_be_visible()
    expect(page.locator("tr[aria-selected=true]")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("j")
    expect(page.locator("tr[aria-selected=true]")).to_have_count(1)


def test_all_keys_are_shown(sign_in: Open) -> None:
    page = sign_in("/studies")
    _open(page)
    page.keyboard.type("kjj")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="快捷键")).to_be_visible()
    expect(page.get_by_text("标为关键图像")).to_be_visible()
    assert_accessible(page)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_rail_has_a_way_in_that_tells_its_key(sign_in: Open, shoot: Shoot, language: str) -> None:
    page = sign_in("/studies", language)
    expect(page.locator("tbody tr").first).to_be_visible()
    page.get_by_role("button", name="Ctrl K").click()
    expect(_field(page)).to_be_focused()
    page.keyboard.type("li")
    expect(page.get_by_role("option").filter(has_text="李东华").first).to_be_visible()
    assert_accessible(page)
    shoot(page, f"palette-{language}")
