"""What happened while one worked is told at the edge, and nothing moves for it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import assert_accessible
from tests.browser.conftest import Open, Shoot
from tests.browser.hospital import Hospital
from tests.browser.mock_server import MockServer

pytestmark = pytest.mark.peer
_VIEW = {"name": "CT 全部", "search": {"modality": "CT"}}


def _bell(page: Page, count: str = "") -> None:
    expect(page.get_by_role("button", name=re.compile(rf"^通知\s*{count}$"))).to_be_visible()


def test_a_study_that_arrives_for_a_view_is_told_once_and_leads_to_it(
    sign_in: Open, hospital: Hospital, server: MockServer, shoot: Shoot
) -> None:
    hospital.views = [_VIEW, {"name": "MR", "search": {"modality": "MR"}}]
    page = sign_in("/studies")
    expect(page.get_by_text("实时")).to_be_visible()
    _bell(page)
    uid = hospital.arrive(1)
    server.tell(uid)
    _bell(page, "1")
    server.tell(uid)  # it is complete now, and no news
    page.wait_for_timeout(2500)
    _bell(page, "1")
    page.get_by_role("button", name="通知").click()
    panel = page.get_by_role("dialog", name="通知")
    expect(panel.get_by_role("link", name="视图“CT 全部”有 1 项新检查")).to_be_visible()
    assert_accessible(page)
    shoot(page, "notices-zh-CN")
    server.tell(hospital.arrive(2))
    expect(panel.get_by_role("button", name="1 条新通知")).to_be_visible()
    expect(panel.get_by_role("listitem")).to_have_count(1)
    panel.get_by_role("button", name="1 条新通知").click()
    expect(panel.get_by_role("listitem")).to_have_count(2)
    panel.get_by_role("link").first.click()
    expect(page).to_have_url(re.compile("modality=CT"))
    expect(panel).to_have_count(0)
    _bell(page)


def test_notices_outlive_a_reload_and_end_with_the_session(
    sign_in: Open, hospital: Hospital, server: MockServer
) -> None:
    hospital.views = [_VIEW]
    page = sign_in("/studies")
    expect(page.get_by_text("实时")).to_be_visible()
    server.tell(hospital.arrive(1))
    _bell(page, "1")
    page.reload()
    _bell(page, "1")
    page.get_by_role("button", name="林静").click()
    page.get_by_role("button", name="退出登录").click()
    expect(page.get_by_label("用户名")).to_be_visible()
    assert page.evaluate("sessionStorage.getItem('lightwell.notices')") is None


def test_what_newly_waits_for_a_decision_is_told_to_who_decides(visit: Open) -> None:
    page = visit("/studies")
    page.route("**/api/unsettled", lambda route: route.fulfill(json={"conflicts": 1, "quarantine": 2}))
    page.clock.install()
    page.reload()
    expect(page.get_by_role("link", name="待处理 3")).to_be_visible()
    page.route("**/api/unsettled", lambda route: route.fulfill(json={"conflicts": 1, "quarantine": 7}))
    page.clock.run_for(61_000)
    _bell(page, "1")
    page.get_by_role("button", name="通知").click()
    expect(page.get_by_role("link", name="隔离区新增 5 个文件")).to_be_visible()


def test_an_empty_centre_says_what_comes_here(sign_in: Open) -> None:
    page = sign_in("/studies")
    page.get_by_role("button", name="通知").click()
    expect(page.get_by_text("还没有通知")).to_be_visible()
    assert_accessible(page)
