"""Signing in, locking and leaving."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, Shoot
from tests.browser.hospital import Hospital
from tests.region import wait_for

pytestmark = pytest.mark.peer


def test_wrong_password_says_so_and_the_right_one_opens_the_list(page: Page, password: str, hospital: Hospital) -> None:
    page.goto("/")
    expect(page.get_by_label("用户名")).to_be_focused()
    page.keyboard.type("lin")
    page.get_by_label("密码", exact=True).fill("wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("用户名或密码不对")
    page.get_by_label("密码", exact=True).fill(password)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="检查")).to_be_visible()
    assert hospital.unguarded == []


def test_too_many_attempts_say_how_long_to_wait(page: Page, hospital: Hospital) -> None:
    hospital.attempts_left = 0
    page.goto("/")
    page.get_by_role("button", name="English").click()
    page.get_by_label("User name").fill("lin")
    page.get_by_label("Password", exact=True).fill("x")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Too many attempts")
    expect(page.get_by_role("alert")).to_contain_text("5 min")


def test_an_unreachable_server_is_told_from_a_wrong_password(page: Page) -> None:
    page.goto("/")
    expect(page.get_by_label("用户名")).to_be_focused()
    page.route("**/api/session", lambda route: route.abort())
    page.get_by_label("用户名").fill("lin")
    page.get_by_label("密码", exact=True).fill("x")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("连接不上服务器")


def test_empty_fields_are_named(page: Page) -> None:
    page.goto("/")
    expect(page.get_by_label("用户名")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("输入用户名")).to_be_visible()
    expect(page.get_by_text("输入密码")).to_be_visible()


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_sign_in_looks(page: Page, shoot: Shoot, language: str) -> None:
    page.add_init_script(f"localStorage.setItem('lightwell.language', '{language}')")
    page.goto("/")
    expect(page.locator("form")).to_be_visible()
    page.wait_for_timeout(200)
    shoot(page, f"sign-in-{language}")


def test_a_locked_session_covers_the_page_and_keeps_it(
    sign_in: Open, hospital: Hospital, password: str, shoot: Shoot
) -> None:
    page = sign_in()
    with page.expect_response(lambda response: "search=li" in response.url):  # what is asked behind the lock locks too
        page.get_by_role("searchbox").fill("li")
    expect(page.get_by_role("row")).not_to_have_count(0)
    page.wait_for_url("**/studies?q=li")
    page.keyboard.press("Enter")
    hospital.is_locked = True
    page.get_by_role("button", name="今天").click()
    lock = page.get_by_role("dialog", name="已锁定")
    expect(lock).to_be_visible()
    expect(page.get_by_role("grid")).to_have_count(0)
    page.wait_for_timeout(200)
    shoot(page, "lock-zh-CN")
    lock.get_by_label("密码", exact=True).fill("wrong")
    page.keyboard.press("Enter")
    expect(lock.get_by_role("alert")).to_contain_text("密码不对")
    lock.get_by_label("密码", exact=True).fill(password)
    page.keyboard.press("Enter")
    expect(lock).to_have_count(0)
    expect(page.get_by_role("searchbox")).to_have_value("li")
    expect(page.get_by_role("button", name="今天")).to_have_attribute("aria-pressed", "true")


def test_the_lock_lies_over_open_dialogs_and_takes_the_keys(sign_in: Open, password: str, shoot: Shoot) -> None:
    page = sign_in(language="en")
    expect(page.get_by_role("row")).not_to_have_count(0)
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keys")
    expect(keys).to_be_visible()
    page.clock.install()
    page.clock.fast_forward("20:00")
    lock = page.get_by_role("dialog", name="Locked")
    expect(lock).to_be_visible()
    shoot(page, "lock-over-dialog-en")
    box = keys.bounding_box()
    assert box
    seen = "([x, y]) => document.elementFromPoint(x, y).closest('dialog')?.innerText ?? ''"
    assert "Locked" in page.evaluate(seen, [box["x"] + 20, box["y"] + 20])
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(lock).to_be_visible()
    assert page.evaluate("document.activeElement.matches('dialog *, body')"), "Tab leads to nothing beneath"
    lock.get_by_label("Password", exact=True).fill(password)
    page.keyboard.press("Enter")
    expect(lock).to_have_count(0)
    expect(keys).to_be_visible()


def test_idle_time_locks(sign_in: Open, hospital: Hospital) -> None:
    hospital.idle_lock_s = 1
    page = sign_in()
    expect(page.get_by_role("dialog", name="已锁定")).to_be_visible()
    assert wait_for(lambda: hospital.is_locked)


def test_the_account_menu_locks_and_signs_out(sign_in: Open, hospital: Hospital, shoot: Shoot) -> None:
    page = sign_in(language="en")
    page.get_by_role("button", name="林静").click()
    expect(page.get_by_role("listitem").filter(has_text="Qinghe County")).to_be_visible()
    page.wait_for_timeout(200)
    shoot(page, "account-en")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("User name")).to_be_visible()
    assert not hospital.is_signed_in
