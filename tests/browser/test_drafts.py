"""No text that somebody is writing is lost: not by a page that fails, a reload or a session that ended."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.accessibility import assert_accessible
from tests.browser.conftest import Open, Shoot
from tests.region import PASSWORD, Region, Server

pytestmark = pytest.mark.peer
_TEXT = "肝右叶见低密度影，边界不清，大小约 2.3 cm"
_ROW: dict[str, Any] = {
    "id": 7,
    "organisation_id": 1,
    "reason": "",
    "reason_code": "empty",
    "reason_numbers": {},
    "length": 10,
    "source": "CT_A",
    "received_at": "2026-11-20T08:00:00Z",
}


def _answer(page: Page, listed: object) -> None:
    """Let the server say what waits in quarantine."""
    page.unroute_all()
    page.route("**/api/quarantine", lambda route: route.fulfill(json=listed))
    page.route("**/api/quarantine/7", lambda route: route.fulfill(json={"says": None}))


def _note(page: Page) -> Locator:
    return page.get_by_role("textbox", name="理由")


def _write(page: Page) -> None:
    """Write a reason and do not save it."""
    _answer(page, [_ROW])
    page.reload()
    page.get_by_role("button", name="隔离").click()
    _note(page).fill(_TEXT)


def _back(page: Page) -> None:
    page.get_by_role("button", name="隔离").click()
    expect(_note(page)).to_have_value(_TEXT)


def _sign_in(page: Page, username: str) -> None:
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")


def test_it_is_there_after_a_reload(visit: Open) -> None:
    page = visit("/unsettled")
    _write(page)
    page.reload()
    _back(page)


def test_it_is_there_after_the_page_failed_and_the_rest_of_the_house_lives(
    visit: Open, shoot: Shoot, complaints: list[str]
) -> None:
    page = visit("/unsettled")
    _write(page)
    _answer(page, {"length": 1})  # no list: the page fails on it
    page.reload()
    expect(page.get_by_role("heading", name="页面出错了")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="1 段未保存的文字已保留")).to_be_visible()
    assert_accessible(page)
    shoot(page, "page-failed-zh-CN")
    page.get_by_role("link", name="设备").click()
    expect(page.get_by_role("heading", name="设备", level=1)).to_be_visible()
    page.get_by_role("link", name="待处理").click()
    expect(page.get_by_role("heading", name="页面出错了")).to_be_visible()
    _answer(page, [_ROW])
    page.get_by_role("button", name="继续").click()
    _back(page)
    complaints.clear()  # the page that failed said so in its console


def test_it_is_there_for_its_writer_alone_after_the_session_ended(visit: Open, house: tuple[Server, Region]) -> None:
    page = visit("/unsettled")
    _write(page)
    house[0].query("DELETE FROM core.session")
    page.unroute_all()
    page.reload()
    _answer(page, [_ROW])
    _sign_in(page, "user-b")
    page.get_by_role("button", name="隔离").click()
    expect(_note(page)).to_have_value("")
    page.get_by_role("button", name="user b").click()
    page.get_by_role("button", name="退出登录").click()
    _sign_in(page, "user-a")
    _back(page)


def test_it_is_there_after_somebody_else_used_the_locked_screen(visit: Open) -> None:
    page = visit("/unsettled")
    _write(page)
    page.get_by_role("button", name="user a").click()
    page.get_by_role("button", name="锁定").click()
    page.get_by_role("button", name="换人登录").click()
    _sign_in(page, "user-a")
    _back(page)


def test_whoever_signs_out_is_told_of_it_first_and_then_nothing_stays(visit: Open) -> None:
    page = visit("/unsettled")
    _write(page)
    page.get_by_role("button", name="user a").click()
    page.get_by_role("button", name="退出登录").click()
    page.get_by_role("button", name="丢弃 1 段未保存文字并退出").click()
    expect(page.get_by_label("用户名")).to_be_visible()
    kept = json.loads(page.evaluate("JSON.stringify(Object.keys(localStorage))"))
    assert not [name for name in kept if "draft" in name]
    _sign_in(page, "user-a")
    page.get_by_role("button", name="隔离").click()
    expect(_note(page)).to_have_value("")


def test_it_is_gone_once_it_is_saved(visit: Open) -> None:
    page = visit("/unsettled")
    _write(page)
    page.route("**/api/quarantine/settle", lambda route: route.fulfill(status=204))
    page.get_by_role("button", name="退回").click()
    expect(_note(page)).to_have_value("")
    page.reload()
    page.get_by_role("button", name="隔离").click()
    expect(_note(page)).to_have_value("")
