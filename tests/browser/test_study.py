"""One study and its first pictures."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, Shoot
from tests.browser.desk import drawn
from tests.browser.glass import shown_at
from tests.browser.hospital import CT_UID, Hospital, attribute
from tests.browser.mock_server import MockServer
from tests.region import wait_for

pytestmark = pytest.mark.peer
ADDRESS = f"/studies/{CT_UID}"


def choose(page: Page, series: str) -> None:
    """Chooses a series by its words."""
    page.get_by_role("navigation", name="序列").get_by_role("button", name=series).click()


def shows(page: Page, place: tuple[int, int], colour: list[int], most: int = 0) -> bool:
    """Whether the picture comes to have a colour at a place, or one that differs by so much at most."""

    def is_there() -> bool:
        seen = shown_at(page, *place)
        return max(abs(one - other) for one, other in zip(seen, colour, strict=True)) <= most

    return wait_for(is_there, 20)


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
    assert shows(page, (128, 165), [255, 255, 255])
    assert shown_at(page, 2, 2) == [0, 0, 0]
    assert shown_at(page, 128, 184)[0] > 100


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
    expect(page.get_by_text("窗宽 400  窗位 40")).to_be_visible()
    page.get_by_role("img").hover()
    page.mouse.down()
    page.mouse.move(900, 600)
    page.mouse.up()
    expect(page.get_by_text("窗宽 400  窗位 40")).to_have_count(0)
    page.keyboard.press("r")
    expect(page.get_by_text("窗宽 400  窗位 40")).to_be_visible()


@pytest.mark.parametrize(
    ("keys", "place"),
    [("v", (2, 2)), ("vv", (128, 165)), ("h", (128, 165)), ("tttt", (128, 165))],
)
def test_keys_invert_mirror_and_turn(sign_in: Open, keys: str, place: tuple[int, int]) -> None:
    page = sign_in(ADDRESS)
    expect(page.get_by_text("窗宽 400  窗位 40")).to_be_visible()
    for key in keys:
        page.keyboard.press(key)
    drawn(page)
    assert shows(page, place, [255, 255, 255])


def test_digits_are_windows_that_readers_know(sign_in: Open) -> None:
    page = sign_in(ADDRESS)
    expect(page.get_by_text("窗宽 400  窗位 40")).to_be_visible()
    page.keyboard.press("2")
    expect(page.get_by_text("窗宽 1500  窗位 -600")).to_be_visible()
    page.keyboard.press("r")
    expect(page.get_by_text("窗宽 400  窗位 40")).to_be_visible()


def test_an_orientation_that_nobody_said_is_not_guessed(sign_in: Open) -> None:
    page = sign_in(ADDRESS)
    expect(page.get_by_text("方位未知")).to_be_visible()


def test_colour_is_drawn_without_a_window(sign_in: Open) -> None:
    page = sign_in(ADDRESS)
    choose(page, "三维重建")
    expect(page.get_by_role("img", name="1 / 2")).to_be_visible()
    assert shows(page, (200, 10), [200, 10, 128], 2)
    expect(page.get_by_text("窗宽")).to_have_count(0)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_an_image_that_the_page_cannot_draw_is_drawn_by_the_server(sign_in: Open, shoot: Shoot, language: str) -> None:
    page = sign_in(ADDRESS, language)
    page.locator("nav ol button").last.click()
    expect(page.get_by_role("img", name="1 / 64")).to_be_visible()
    assert shows(page, (200, 100), [200, 200, 200], 2)
    shoot(page, f"rendered-{language}")


def test_a_study_that_changes_is_read_again(sign_in: Open, server: MockServer, hospital: Hospital) -> None:
    page = sign_in(ADDRESS)
    expect(page.get_by_role("img", name="1 / 1")).to_be_visible()
    assert wait_for(lambda: len(server.listeners) == 1)
    hospital.studies[0]["00081030"] = attribute("LO", "胸部 CT 增强")
    server.tell(CT_UID)
    expect(page.get_by_text("胸部 CT 增强")).to_be_visible()


def test_a_study_nobody_knows_is_not_found(sign_in: Open) -> None:
    page = sign_in("/studies/9.9.9")
    expect(page.get_by_role("alert")).to_contain_text("没有找到")
