"""One study and its first pictures."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, Shoot
from tests.browser.hospital import CT_UID, Hospital, attribute
from tests.browser.mock_server import MockServer

pytestmark = pytest.mark.peer
ADDRESS = f"/studies/{CT_UID}"
GREY_AT = """([x, y]) => { const canvas = document.querySelector('canvas');
  return [...canvas.getContext('2d').getImageData(x, y, 1, 1).data]; }"""


def choose(page: Page, series: str) -> None:
    """Chooses a series by its words."""
    page.get_by_role("navigation", name="序列").get_by_role("button", name=series).click()


@pytest.mark.parametrize(
    ("language", "warning", "scheme"),
    [("zh-CN", "不可用于诊断", "reading"), ("en", "Not for diagnosis", "reading"), ("zh-CN", "不可用于诊断", "light")],
)
def test_study_shows_who_it_is_and_a_picture(
    sign_in: Open, shoot: Shoot, language: str, warning: str, scheme: str
) -> None:
    page = sign_in(ADDRESS, language, scheme)
    banner = page.locator("section").first
    for words in ("李东华", "Li Donghua", "1971-06-10", "P100482", "清河县人民医院"):
        expect(banner).to_contain_text(words)
    expect(page.get_by_text(warning)).to_be_visible()
    page.keyboard.press("]")
    expect(page.get_by_role("img", name="1 / 12")).to_be_visible()
    page.wait_for_timeout(200)
    shoot(page, f"study-{language}-{scheme}")


def test_air_is_black_and_bone_is_white_in_a_soft_tissue_window(sign_in: Open) -> None:
    page = sign_in(ADDRESS)
    expect(page.get_by_role("img")).to_be_visible()
    expect(page.get_by_text("窗宽 400  窗位 40")).to_be_visible()
    assert page.evaluate(GREY_AT, [2, 2]) == [0, 0, 0, 255]
    assert page.evaluate(GREY_AT, [128, 184])[0] > 100
    assert page.evaluate(GREY_AT, [128, 165])[0] == 255


def test_wheel_and_keys_step_through_the_series(sign_in: Open) -> None:
    page = sign_in(ADDRESS)
    choose(page, "肺窗")
    expect(page.get_by_role("img", name="1 / 12")).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("img", name="2 / 12")).to_be_visible()
    page.get_by_role("img").hover()
    page.mouse.wheel(0, 120)
    expect(page.get_by_role("img", name="3 / 12")).to_be_visible()
    page.keyboard.press("End")
    expect(page.get_by_role("img", name="12 / 12")).to_be_visible()
    page.keyboard.press("Home")
    expect(page.get_by_role("img", name="1 / 12")).to_be_visible()


def test_dragging_changes_the_window_and_r_brings_it_back(sign_in: Open) -> None:
    page = sign_in(ADDRESS)
    page.get_by_role("img").hover()
    page.mouse.down()
    page.mouse.move(900, 600)
    page.mouse.up()
    expect(page.get_by_text("窗宽 400  窗位 40")).to_have_count(0)
    page.keyboard.press("r")
    expect(page.get_by_text("窗宽 400  窗位 40")).to_be_visible()


def test_colour_is_drawn_without_a_window(sign_in: Open) -> None:
    page = sign_in(ADDRESS)
    choose(page, "三维重建")
    expect(page.get_by_role("img", name="1 / 2")).to_be_visible()
    expect(page.get_by_text("窗宽")).to_have_count(0)
    assert page.evaluate(GREY_AT, [200, 10]) == [200, 10, 128, 255]


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_an_image_that_the_page_cannot_draw_is_drawn_by_the_server(sign_in: Open, shoot: Shoot, language: str) -> None:
    page = sign_in(ADDRESS, language)
    page.locator("nav ol button").last.click()
    picture = page.locator("main img[alt*='1 / 64']")
    expect(picture).to_be_visible()
    assert picture.evaluate("img => img.decode().then(() => img.naturalWidth)") == 256
    shoot(page, f"rendered-{language}")


def test_a_study_that_changes_is_read_again(sign_in: Open, server: MockServer, hospital: Hospital) -> None:
    page = sign_in(ADDRESS)
    expect(page.get_by_role("img", name="1 / 1")).to_be_visible()
    hospital.studies[0]["00081030"] = attribute("LO", "胸部 CT 增强")
    server.tell(CT_UID)
    expect(page.get_by_text("胸部 CT 增强")).to_be_visible()


def test_a_study_nobody_knows_is_not_found(sign_in: Open) -> None:
    page = sign_in("/studies/9.9.9")
    expect(page.get_by_role("alert")).to_contain_text("没有找到")
