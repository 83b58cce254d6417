"""Hanging protocols are drawn, tried on an example, saved and brought back."""

from __future__ import annotations

import json
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
def none_kept(house: tuple[Server, Region]) -> Iterator[None]:
    """Nobody keeps a protocol before a test, or after it."""
    for _ in range(2):
        house[0].query("DELETE FROM archive.own_hanging_protocol")
        house[0].query("DELETE FROM archive.hanging_protocol")
        if _ == 0:
            yield


def _own(house: tuple[Server, Region]) -> list[dict[str, Any]]:
    return [row[0] for row in house[0].query("SELECT protocol FROM archive.own_hanging_protocol")]


def _pane(page: Page, text: str) -> Any:
    return page.locator("button[aria-pressed]").filter(has_text=text)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_what_is_built_in_is_shown_with_an_example_and_copied(
    visit: Open, house: tuple[Server, Region], shoot: Shoot, language: str
) -> None:
    words = {
        "zh-CN": ("胸部 CT", "复制为我的", "中文名称", "保存", "有改动未保存", "删除", "撤销"),
        "en": ("CT of the chest", "Copy for me", "Name in Chinese", "Save", "not saved yet", "Remove", "Undo"),
    }
    chest, copy, name, save, unsaved, remove, undo = words[language]
    page = visit("/settings/hanging", language)
    page.get_by_role("navigation").get_by_role("button", name=chest).click()
    expect(_pane(page, "Lung 1.0")).to_have_count(1)
    expect(_pane(page, "Mediastinum 5.0")).to_have_count(1)
    expect(page.get_by_role("button", name=save, exact=True)).to_have_count(0)
    assert_accessible(page)
    shoot(page, f"hanging-{language}")
    page.get_by_role("button", name=copy).click()
    expect(page.get_by_text(unsaved)).to_be_visible()
    page.get_by_role("textbox", name=name).first.fill("我的胸部")
    page.keyboard.press("Enter")
    page.get_by_role("button", name=save, exact=True).click()
    expect(page.get_by_text(unsaved)).to_have_count(0)
    assert [one["name"]["zh-CN"] for one in _own(house)] == ["我的胸部"]
    assert_accessible(page)
    page.get_by_role("button", name=remove, exact=True).click()
    assert wait_for(lambda: _own(house) == [])
    page.get_by_role("banner").or_(page.get_by_role("status")).get_by_role("button", name=undo).last.click()
    assert wait_for(lambda: [one["name"]["zh-CN"] for one in _own(house)] == ["我的胸部"])


def test_a_grid_is_drawn_and_each_pane_says_what_it_shows(visit: Open, house: tuple[Server, Region]) -> None:
    page = visit("/settings/hanging")
    page.get_by_role("button", name="新建").click()
    page.get_by_role("textbox", name="行", exact=True).fill("2")
    page.get_by_role("textbox", name="列", exact=True).fill("3")
    expect(page.get_by_role("button", name="新增窗格")).to_have_count(5)
    page.get_by_role("button", name="在第 2 行第 3 列新增窗格").scroll_into_view_if_needed()
    start = page.get_by_role("button", name="在第 1 行第 2 列新增窗格").bounding_box()
    end = page.get_by_role("button", name="在第 2 行第 3 列新增窗格").bounding_box()
    assert start
    assert end
    page.mouse.move(start["x"] + 20, start["y"] + 20)
    page.mouse.down()
    page.mouse.move(end["x"] + 20, end["y"] + 20, steps=8)
    page.mouse.up()
    expect(page.get_by_role("heading", name="窗格：第 1 行第 2 列")).to_be_visible()
    expect(page.get_by_role("button", name="新增窗格")).to_have_count(1)
    page.get_by_role("textbox", name="序列描述含").fill("lung，肺")
    page.keyboard.press("Enter")
    expect(_pane(page, "Lung 1.0")).to_have_count(1)
    page.get_by_role("combobox", name="用示例检查预览").click()
    page.get_by_role("option", name="超声").click()
    expect(_pane(page, "没有符合的序列")).to_have_count(1)
    page.get_by_role("button", name="撤销").click()
    expect(page.get_by_role("textbox", name="序列描述含")).to_have_value("")
    page.get_by_role("button", name="在第 2 行第 1 列新增窗格").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="窗格：第 2 行第 1 列")).to_be_visible()
    page.get_by_role("button", name="保存").click()
    assert wait_for(lambda: len(_own(house)) == 1)
    (kept,) = _own(house)
    assert [(pane["row"], pane["column"], pane.get("rowSpan", 1)) for pane in kept["stages"][0]["panes"]] == [
        (0, 0, 1),
        (0, 1, 2),
        (1, 0, 1),
    ]


def test_stages_are_added_ordered_and_removed(visit: Open, house: tuple[Server, Region]) -> None:
    page = visit("/settings/hanging")
    page.get_by_role("button", name="新建").click()
    page.get_by_role("button", name="新增步骤").click()
    page.get_by_role("button", name="步骤前移").click()
    expect(page.get_by_role("button", name="步骤前移")).to_be_disabled()
    page.get_by_role("button", name="保存").click()
    assert wait_for(lambda: len(_own(house)) == 1)
    assert [stage["name"] for stage in _own(house)[0]["stages"]] == ["步骤 2", "步骤 1"]
    page.get_by_role("button", name="删除步骤").click()
    page.get_by_role("button", name="保存").click()
    assert wait_for(lambda: [stage["name"] for stage in _own(house)[0]["stages"]] == ["步骤 1"])


def test_engineers_write_json_and_what_cannot_be_laid_out_is_told(visit: Open, house: tuple[Server, Region]) -> None:
    page = visit("/settings/hanging")
    page.get_by_role("button", name="新建").click()
    page.get_by_role("button", name="JSON").click()
    field = page.get_by_role("textbox", name="JSON")
    protocol = json.loads(field.input_value())
    field.fill("{")
    expect(page.get_by_text("还不是完整的挂片协议")).to_be_visible()
    protocol["stages"][0]["panes"][0]["column"] = 7
    field.fill(json.dumps(protocol))
    page.get_by_role("button", name="保存").click()
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("alert")).to_contain_text("out of the grid")
    assert _own(house) == []


def test_who_decides_for_a_hospital_keeps_one_for_everybody(visit: Open, house: tuple[Server, Region]) -> None:
    page = visit("/settings/hanging")
    page.get_by_role("button", name=re.compile("复制给甲医院")).click()
    page.get_by_role("button", name="保存").click()
    rows = "SELECT organisation_id FROM archive.hanging_protocol"
    assert wait_for(lambda: house[0].query(rows) == [(house[1].a,)])
    expect(page.get_by_role("navigation", name="挂片协议").get_by_role("button", name="乳腺四视图")).to_have_count(2)


def test_protocols_are_made_by_keys_and_what_is_not_saved_stays(
    visit: Open, house: tuple[Server, Region], shoot: Shoot
) -> None:
    page = visit("/settings/hanging", "en")
    shown = page.get_by_role("navigation", name="Hanging protocols").locator("button[aria-current=true]")
    expect(shown).to_have_count(1)
    page.keyboard.press("n")
    expect(shown).to_contain_text("New protocol")
    page.keyboard.press("+")
    stage = page.get_by_role("group", name="Stages").locator("button[aria-pressed=true]")
    expect(stage).to_have_text("2 Stage 2")
    page.keyboard.press("<")
    expect(stage).to_have_text("1 Stage 2")
    page.keyboard.press("]")
    expect(stage).to_have_text("2 Stage 1")
    page.keyboard.press("s")
    assert wait_for(lambda: [one["name"] for own in _own(house) for one in own["stages"]] == ["Stage 2", "Stage 1"])
    expect(page.get_by_text("not saved yet")).to_have_count(0)  # the page knows it too
    page.keyboard.press("-")
    expect(stage).to_have_text("1 Stage 2")
    page.keyboard.press("j")
    expect(shown).to_contain_text("Mammography")
    marked = page.get_by_role("button", name="New protocol •")
    expect(marked).to_be_visible()
    shoot(page, "hanging-keys")
    page.keyboard.press("k")
    expect(page.get_by_text("not saved yet")).to_be_visible()
    expect(page.get_by_role("group", name="Stages").locator("button[aria-pressed]")).to_have_count(1)
    page.keyboard.press("u")
    expect(page.get_by_role("group", name="Stages").locator("button[aria-pressed]")).to_have_count(2)
    page.keyboard.press("v")
    expect(page.get_by_role("textbox", name="JSON")).to_be_visible()
    page.keyboard.press("v")
    page.keyboard.press("n")  # another new one takes nothing away
    expect(page.get_by_role("button", name="New protocol")).to_have_count(2)
    page.keyboard.press("Delete")
    expect(page.get_by_role("button", name="New protocol")).to_have_count(1)
    page.keyboard.press("k")
    page.keyboard.press("Delete")
    assert wait_for(lambda: _own(house) == [])
    expect(page.get_by_role("button", name="New protocol")).to_have_count(0)
    page.keyboard.press("u")  # the last one comes back first, kept as it was, then the new one
    assert wait_for(lambda: len(_own(house)) == 1)
    expect(page.get_by_role("button", name="New protocol")).to_have_count(1)
    page.keyboard.press("u")
    expect(page.get_by_role("button", name="New protocol")).to_have_count(2)
