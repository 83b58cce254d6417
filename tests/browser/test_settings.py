"""What people set for themselves goes with them from machine to machine."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import assert_accessible
from tests.browser.conftest import Open, Shoot
from tests.region import Region, Server, wait_for

pytestmark = pytest.mark.peer


@pytest.fixture(autouse=True)
def nothing_set(house: tuple[Server, Region]) -> Iterator[None]:
    """Nobody has set anything before a test, or after it."""
    house[0].query("DELETE FROM core.preference")
    yield
    house[0].query("DELETE FROM core.preference")


def _kept(house: tuple[Server, Region], key: str) -> Any:
    rows = house[0].query("SELECT value FROM core.preference WHERE key = %s", key)
    return rows[0][0] if rows else None


def _presets(house: tuple[Server, Region]) -> list[dict[str, Any]]:
    kept: dict[str, list[dict[str, Any]]] = _kept(house, "viewer.presets") or {}
    return kept.get("CT", [])


def _keeps(house: tuple[Server, Region], key: str, value: Any) -> bool:
    return wait_for(lambda: _kept(house, key) == value)


def _scheme(page: Page) -> Any:
    return page.evaluate("document.documentElement.dataset.scheme")


def test_language_and_light_take_effect_at_once_and_on_the_next_machine(
    visit: Open, house: tuple[Server, Region]
) -> None:
    page = visit("/settings")
    page.get_by_role("main").get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="Settings")).to_be_visible()
    page.get_by_role("main").get_by_role("button", name="Light").click()
    expect(page.locator("html[data-scheme=light]")).to_have_count(1)
    assert _keeps(house, "shell.scheme", "light")
    assert _keeps(house, "shell.language", "en")
    other = visit("/settings")  # another browser, which by itself shows Chinese on the reading scheme
    expect(other.get_by_role("heading", name="Settings")).to_be_visible()
    expect(other.locator("html[data-scheme=light]")).to_have_count(1)


def test_whoever_comes_next_finds_the_machine_as_it_is_by_itself(visit: Open, house: tuple[Server, Region]) -> None:
    page = visit("/settings")
    page.get_by_role("main").get_by_role("button", name="Light").or_(page.get_by_role("button", name="浅色")).click()
    assert _keeps(house, "shell.scheme", "light")
    page.get_by_role("button", name="user a").click()
    page.get_by_role("button", name="退出登录").click()
    expect(page.get_by_label("用户名")).to_be_visible()
    assert _scheme(page) == "reading"
    assert page.evaluate("localStorage.getItem('lightwell.scheme')") is None


def test_a_choice_that_the_server_does_not_take_goes_back(visit: Open) -> None:
    page = visit("/settings")
    page.route("**/api/preferences/viewer.mouse", lambda route: route.abort())
    page.get_by_role("combobox", name="左键拖动").click()
    page.get_by_role("option", name="平移").click()
    expect(page.get_by_role("alert")).to_contain_text("连接不上服务器")
    expect(page.get_by_role("combobox", name="左键拖动")).to_have_value("调窗宽/窗位")


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_mouse_and_presets_are_set(visit: Open, house: tuple[Server, Region], shoot: Shoot, language: str) -> None:
    words = {
        "zh-CN": ("左键拖动", "平移", "新增一个窗", "名称：窗 8", "删除：腹窗", "撤销", "恢复默认"),
        "en": ("Left drag", "Pan", "Add a preset", "Name: Window 8", "Remove: Abdomen", "Undo", "Back to the usual"),
    }
    left, pan, add, name, remove, undo, usual = words[language]
    page = visit("/settings", language)
    page.get_by_role("combobox", name=left).click()
    page.get_by_role("option", name=pan).click()
    assert _keeps(house, "viewer.mouse", {"left": "pan", "middle": "pan", "right": "zoom", "wheel": "scroll"})
    page.get_by_role("button", name=add).click()
    page.get_by_role("textbox", name=name).fill("支架 Stent")
    page.keyboard.press("Enter")
    assert wait_for(lambda: [one["name"] for one in _presets(house)][-1:] == ["支架 Stent"])
    assert_accessible(page)
    shoot(page, f"settings-{language}")
    page.get_by_role("button", name=remove).click()
    assert wait_for(lambda: len(_presets(house)) == 7)
    page.get_by_role("button", name=undo).click()
    assert wait_for(lambda: len(_presets(house)) == 8)
    page.get_by_role("button", name=usual).last.click()
    assert _keeps(house, "viewer.presets", {})


def test_a_window_without_a_width_is_not_kept(visit: Open, house: tuple[Server, Region]) -> None:
    page = visit("/settings")
    page.get_by_role("textbox", name="窗宽：肺窗").fill("")
    page.get_by_role("textbox", name="窗位：肺窗").fill("-500")
    page.keyboard.press("Enter")
    expect(page.get_by_text("窗宽至少为 1")).to_be_visible()
    page.get_by_role("textbox", name="窗宽：肺窗").fill("1200")
    page.keyboard.press("Enter")
    assert wait_for(lambda: _kept(house, "viewer.presets") is not None)
    assert _kept(house, "viewer.presets")["CT"][1] == {"name": "肺窗", "center": -500, "width": 1200}


def test_the_account_menu_leads_to_the_settings(visit: Open) -> None:
    page = visit("/studies")
    page.get_by_role("button", name="user a").click()
    page.get_by_role("link", name="设置").click()
    expect(page).to_have_url(re.compile("/settings$"))
    expect(page.get_by_role("heading", name="设置")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
