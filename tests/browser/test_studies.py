"""The list of studies."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import Open, Shoot
from tests.browser.held import holding, next_held
from tests.browser.hospital import CT_UID, Hospital, attribute
from tests.browser.mock_server import MockServer

pytestmark = pytest.mark.peer


def rows(page: Page) -> Locator:
    """The rows of the list without its head."""
    return page.locator("tbody tr")


@pytest.mark.parametrize("scheme", ["reading", "dark", "light"])
@pytest.mark.parametrize(("language", "title", "age"), [("zh-CN", "检查", "55 岁"), ("en", "Studies", "55 y")])
def test_list_speaks_both_languages(
    sign_in: Open, shoot: Shoot, language: str, title: str, age: str, scheme: str
) -> None:
    page = sign_in(language=language, scheme=scheme)
    expect(page).to_have_title(f"{title} · Lightwell 天井")
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    first = rows(page).first
    expect(first).to_contain_text("李东华")
    expect(first).to_contain_text("Li Donghua")
    expect(first).to_contain_text(age)
    expect(first).to_contain_text("2026-11-23 14:05")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.wait_for_timeout(200)
    shoot(page, f"studies-{language}-{scheme}")


def test_rows_are_32_px_high(sign_in: Open) -> None:
    page = sign_in()
    box = rows(page).nth(3).bounding_box()
    assert box is not None
    assert box["height"] == 32


def test_keys_move_open_and_come_back_to_the_same_row(sign_in: Open) -> None:
    page = sign_in()
    expect(rows(page).first).to_be_visible()
    for key in ("j", "j", "ArrowDown", "k", "k"):
        page.keyboard.press(key)
    expect(rows(page).first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/studies/{CT_UID}?hospital=county")
    expect(page.locator("canvas[role=img]")).to_be_visible()
    page.keyboard.press("Escape")
    expect(rows(page).first).to_have_attribute("aria-selected", "true")


def test_slash_searches_and_question_mark_shows_the_keys(sign_in: Open, shoot: Shoot) -> None:
    page = sign_in()
    expect(rows(page).first).to_be_visible()
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("欧阳")
    page.wait_for_url("**/studies?q=*")
    expect(rows(page).first).to_contain_text("欧阳晓琳")
    page.keyboard.press("Enter")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="快捷键")).to_be_visible()
    page.wait_for_timeout(200)
    shoot(page, "keys-zh-CN")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_filters_narrow_and_can_be_cleared(sign_in: Open, shoot: Shoot) -> None:
    page = sign_in()
    page.get_by_role("combobox", name="设备类型").click()
    page.get_by_role("option", name="MG").click()
    expect(rows(page).first).to_contain_text("双侧乳腺")
    page.get_by_role("combobox", name="医院").click()
    page.get_by_role("option", name="云州市区域影像中心").click()
    expect(rows(page).first).to_contain_text("云州市")
    page.get_by_role("searchbox").fill("nobody")
    expect(page.get_by_text("没有符合条件的检查")).to_be_visible()
    page.wait_for_timeout(200)
    shoot(page, "nothing-zh-CN")
    page.get_by_role("button", name="清除全部筛选").click()
    expect(rows(page)).to_have_count(50)
    expect(page.get_by_role("searchbox")).to_have_value("")


def test_escape_closes_what_is_open_then_clears_the_text_then_the_filters(sign_in: Open) -> None:
    page = sign_in("/studies?date=range&from=2026-11-01&to=2026-11-23&modality=CT")
    expect(rows(page).first).to_contain_text("CT")
    page.keyboard.press("/")
    page.keyboard.type("李")
    page.wait_for_url("**q=*")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="2026-11-01").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(page).to_have_url(re.compile("q="))
    page.keyboard.press("Escape")
    expect(page).not_to_have_url(re.compile("q="))
    expect(page.get_by_role("searchbox")).to_have_value("")
    expect(page).to_have_url(re.compile("modality=CT"))
    page.keyboard.press("Escape")
    expect(page).not_to_have_url(re.compile("modality|date"))
    expect(rows(page)).to_have_count(50)
    page.keyboard.press("Escape")
    expect(rows(page)).to_have_count(50)


_ESCAPE_AT_ONCE = """(button) => { button.focus(); button.click();
setTimeout(() => button.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true })), 0); }"""


@pytest.mark.parametrize("name", ["2026-11-01", "视图", "通知", "林静"])
def test_escape_right_after_something_was_opened_closes_it(sign_in: Open, name: str) -> None:
    page = sign_in("/studies?date=range&from=2026-11-01&to=2026-11-23")
    expect(rows(page).first).to_be_visible()
    page.evaluate("addEventListener('keydown', () => { window.wasPressed = true; })")
    page.get_by_role("button", name=name).first.evaluate(_ESCAPE_AT_ONCE)
    page.wait_for_function("wasPressed")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_escape_in_a_choice_closes_it_first(sign_in: Open) -> None:
    page = sign_in("/studies?date=week")
    choice = page.get_by_role("combobox", name="设备类型")
    choice.click()
    page.get_by_role("option", name="MG").click()
    expect(page).to_have_url(re.compile("modality=MG"))
    choice.click()
    expect(page.get_by_role("option", name="MG")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("option", name="MG")).to_have_count(0)
    expect(page).to_have_url(re.compile("modality=MG"))
    page.keyboard.press("Escape")
    expect(page).not_to_have_url(re.compile("modality"))


@pytest.mark.parametrize(("language", "newest"), [("zh-CN", "检查时间"), ("en", "Study time")])
def test_the_list_is_turned_round(sign_in: Open, page: Page, shoot: Shoot, language: str, newest: str) -> None:
    sign_in("/studies", language)
    expect(rows(page).first).to_contain_text("2026-11-23")
    head = page.get_by_role("columnheader", name=newest)
    expect(head).to_have_attribute("aria-sort", "descending")
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "ascending")
    expect(page).to_have_url(re.compile("order=oldest"))
    expect(rows(page).first).to_contain_text("2026-11-20")
    shoot(page, f"oldest-{language}")
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile("order=oldest"))
    page.keyboard.press("o")
    expect(rows(page).first).to_contain_text("2026-11-23")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("Esc")


def test_a_date_range_is_chosen_on_a_calendar(sign_in: Open, shoot: Shoot) -> None:
    page = sign_in("/studies?date=range&from=2026-11-20&to=2026-11-21")
    expect(rows(page).first).to_contain_text("2026-11-21")
    page.get_by_role("button", name="2026-11-20").click()
    expect(page.get_by_role("button", name="22 十一月 2026")).to_be_visible()
    page.wait_for_timeout(200)
    shoot(page, "calendar-zh-CN")


def test_the_end_of_the_list_reads_on(sign_in: Open) -> None:
    page = sign_in()
    expect(rows(page)).to_have_count(50)
    rows(page).last.scroll_into_view_if_needed()
    expect(rows(page)).to_have_count(100)
    rows(page).last.scroll_into_view_if_needed()
    expect(rows(page)).to_have_count(120)


def test_new_studies_wait_at_the_edge_until_asked_for(
    sign_in: Open, server: MockServer, hospital: Hospital, shoot: Shoot
) -> None:
    page = sign_in()
    expect(page.get_by_text("实时")).to_be_visible()
    expect(rows(page).first).to_contain_text("P100482")
    first_id = rows(page).first.get_attribute("id")
    for number in range(3):
        server.tell(hospital.arrive(number))
    expect(page.get_by_role("button", name="3 项新检查")).to_be_visible()
    assert rows(page).first.get_attribute("id") == first_id
    page.wait_for_timeout(200)
    shoot(page, "arrivals-zh-CN")
    page.get_by_role("button", name="3 项新检查").click()
    expect(page.get_by_role("button", name="3 项新检查")).to_have_count(0)
    expect(rows(page).first).to_have_id(f"row-{CT_UID}.9000.2@county")


def test_what_arrived_for_one_filter_is_not_announced_under_another(
    sign_in: Open, server: MockServer, hospital: Hospital
) -> None:
    page = sign_in()
    expect(page.get_by_text("实时")).to_be_visible()
    expect(rows(page).first).to_contain_text("P100482")  # what is there when the list is read is no news
    server.tell(hospital.arrive(0))
    expect(page.get_by_role("button", name="1 项新检查")).to_be_visible()
    page.get_by_role("searchbox").fill("欧阳")
    expect(page.get_by_role("button", name="1 项新检查")).to_have_count(0)


def test_what_arrives_before_the_page_is_live_is_not_missed(sign_in: Open, page: Page, hospital: Hospital) -> None:
    held: list[Route] = []
    page.route("**/api/events", holding(held))
    sign_in()
    expect(rows(page).first).to_contain_text("P100482")
    hospital.arrive(0)
    next_held(page, held).continue_()
    expect(page.get_by_role("button", name="1 项新检查")).to_be_visible()


def test_a_list_that_begins_with_the_oldest_takes_the_newest_for_no_news(sign_in: Open, page: Page) -> None:
    held: list[Route] = []
    page.route("**/api/events", holding(held))
    sign_in("/studies?order=oldest")
    expect(rows(page).first).to_be_visible()
    next_held(page, held).continue_()
    expect(page.get_by_text("实时")).to_be_visible()
    page.wait_for_timeout(500)
    expect(page.get_by_text("新检查")).to_have_count(0)


def test_a_study_that_grows_is_brought_up_to_date_where_it_stands(
    sign_in: Open, server: MockServer, hospital: Hospital
) -> None:
    page = sign_in()
    expect(page.get_by_text("实时")).to_be_visible()
    expect(rows(page).first).to_contain_text("412")
    hospital.studies[0]["00201208"] = attribute("IS", 777)
    server.tell(CT_UID)
    expect(rows(page).first).to_contain_text("777")
    expect(page.get_by_text("新检查")).to_have_count(0)


def test_a_lost_live_connection_says_so_and_comes_back(sign_in: Open, server: MockServer) -> None:
    page = sign_in()
    expect(page.get_by_text("实时")).to_be_visible()
    page.route("**/api/events", lambda route: route.abort())  # or it is back before anybody looks
    server.hang_up()
    expect(page.get_by_text("正在重连")).to_be_visible()
    page.unroute("**/api/events")
    expect(page.get_by_text("实时")).to_be_visible()


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_an_empty_archive_says_how_images_come_here(
    sign_in: Open, hospital: Hospital, shoot: Shoot, language: str
) -> None:
    hospital.studies = []
    page = sign_in(language=language)
    for words in ("LIGHTWELL", "11112", "lightwell import DIR"):
        expect(page.get_by_text(words, exact=True)).to_be_visible()
    page.wait_for_timeout(200)
    shoot(page, f"empty-{language}")


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_failed_list_says_what_is_safe(sign_in: Open, page: Page, shoot: Shoot, language: str) -> None:
    page.route("**/dicom-web/studies?*", lambda route: route.fulfill(status=403, json={"code": "forbidden"}))
    sign_in(language=language)
    expect(page.get_by_role("alert")).to_be_visible()
    shoot(page, f"forbidden-{language}")


def test_an_unknown_address_leads_back(sign_in: Open, shoot: Shoot) -> None:
    page = sign_in("/nowhere")
    expect(page.get_by_role("heading", name="没有这个页面")).to_be_visible()
    shoot(page, "not-found-zh-CN")
    page.get_by_role("link", name="回到检查列表").click()
    expect(rows(page).first).to_be_visible()
