"""What an engineer does about lines: sees which lives, adds one, has messages corrected, applied anew or set aside."""

from __future__ import annotations

import re
from datetime import datetime

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import assert_accessible
from tests.browser.conftest import Open, Shoot
from tests.mllp import Line, adt, code
from tests.region import Region, Server, wait_for

pytestmark = pytest.mark.peer
_WORDS = {
    "zh-CN": {
        "empty": "还没有接口",
        "add": "新增来源",
        "label": "名称",
        "application": "发送应用",
        "save": "保存",
        "live": "正常",
        "failing": "有失败",
        "correct": "更正",
        "corrected": "更正后的消息",
        "apply": "处理更正后的消息",
        "again": "重新处理 2 条",
        "nothing": "2 条无需处理",
        "all": "全选",
        "none": "没有失败的消息",
        "born": "出生日期",
        "lines": "线路",
        "destination": "新增去向",
        "port": "端口",
        "receiver": "接收应用",
        "stuck": "送不出去",
        "unreachable": "连接不上对方，正在重试",
        "waits": "还有 1 条消息等待发往",
        "show": "查看等待发往",
        "change": "修改",
        "remove": "移除",
        "cancel": "取消",
        "aside": "无需处理",
        "resend": "重新发送",
    },
    "en": {
        "empty": "No lines yet",
        "add": "Add a source",
        "label": "Name",
        "application": "Sending application",
        "save": "Save",
        "live": "Live",
        "failing": "Failures",
        "correct": "Correct",
        "corrected": "Corrected message",
        "apply": "Apply the corrected message",
        "again": "Apply 2 again",
        "nothing": "2 need nothing",
        "all": "Choose all",
        "none": "No failed messages",
        "born": "Born",
        "lines": "Lines",
        "destination": "Add a destination",
        "port": "Port",
        "receiver": "Receiving application",
        "stuck": "Not taken",
        "unreachable": "The other side cannot be reached; it is tried again",
        "waits": "1 message waits for",
        "show": "See what waits for",
        "change": "Change",
        "remove": "Remove",
        "cancel": "Cancel",
        "aside": "Needs nothing",
        "resend": "Send again",
    },
}


def _send(server: Server, *messages: bytes) -> list[str]:
    with Line(server.hl7_port) as line:
        return [code(line.send(raw)) for raw in messages]


def _failed(server: Server) -> int:
    return int(server.query("SELECT count(*) FROM clinical.hl7_message WHERE state = 'failed'")[0][0])


def _failures(server: Server) -> list[datetime]:
    """When each of the messages that failed did so last."""
    return [at for (at,) in server.query("SELECT ended_at FROM clinical.hl7_message WHERE state = 'failed'")]


def _add_source(page: Page, words: dict[str, str], name: str) -> None:
    page.get_by_role("button", name=words["add"]).click()
    form = page.get_by_role("dialog")
    form.get_by_role("textbox", name=words["label"]).first.fill(name)
    form.get_by_role("textbox", name=words["application"]).fill(name)
    form.get_by_role("button", name=words["save"]).click()
    expect(form).to_have_count(0)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_failed_message_is_corrected_and_applied(
    visit: Open, shoot: Shoot, house: tuple[Server, Region], language: str
) -> None:
    server, words, name = house[0], _WORDS[language], f"HIS-{language}"
    page = visit("/interfaces", language)
    if language == "zh-CN":
        expect(page.get_by_text(words["empty"])).to_be_visible()
        shoot(page, f"interfaces-empty-{language}")
    _add_source(page, words, name)

    def message(control_id: str, born: str) -> bytes:
        return adt(f"{control_id}-{language}", control_id, name="張^葉東", pid_7=born).replace(
            b"|HIS|", f"|{name}|".encode()
        )

    assert wait_for(lambda: _send(server, message("GOOD", "19800101")) == ["AA"])
    row = page.get_by_role("row", name=name)
    expect(row.get_by_text(words["live"])).to_be_visible()
    _send(server, *(message(f"BAD{number}", "no day") for number in range(3)))
    assert wait_for(lambda: _failed(server) == 3)
    expect(row.get_by_text(words["failing"])).to_be_visible()
    assert_accessible(page)
    shoot(page, f"interfaces-{language}")
    row.get_by_role("button").first.click()
    expect(page.get_by_role("checkbox")).to_have_count(4)
    field = page.get_by_role("button", name="no day", exact=True)
    field.hover()
    expect(page.get_by_text("PID-7")).to_be_visible()
    expect(page.get_by_text(words["born"])).to_be_visible()
    assert_accessible(page)
    shoot(page, f"interfaces-failed-{language}")
    page.get_by_role("button", name=words["correct"], exact=True).click()
    editor = page.get_by_label(words["corrected"])
    editor.fill(editor.input_value().replace("no day", "19800229"))
    expect(page.locator("mark[data-changed=true]")).to_have_text(["|no day", "|19800229"])
    assert_accessible(page)
    shoot(page, f"interfaces-corrected-{language}")
    page.get_by_role("button", name=words["apply"]).click()
    expect(page.get_by_role("checkbox")).to_have_count(3)
    born = "SELECT count(*) FROM clinical.hl7_message WHERE edited_from IS NOT NULL AND state = 'done'"
    assert wait_for(lambda: server.query(born)[0][0] == (1 if language == "zh-CN" else 2))
    page.get_by_label(words["all"]).click()
    before = max(_failures(server))
    page.get_by_role("button", name=words["again"]).click()
    assert wait_for(lambda: sum(at > before for at in _failures(server)) == 2), "they are as wrong as before"
    expect(page.get_by_role("button", name=re.compile("^(Apply.* again|重新处理)"))).to_be_enabled()
    expect(page.get_by_role("checkbox")).to_have_count(3)
    page.get_by_label(words["all"]).check()
    expect(page.get_by_role("button", name=words["nothing"])).to_be_enabled()
    page.keyboard.press("d")  # a box that was ticked takes no text: keys go on
    expect(page.get_by_text(words["none"])).to_be_visible()
    assert _failed(server) == 0


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_destination_that_is_away_says_so(
    visit: Open, shoot: Shoot, house: tuple[Server, Region], language: str
) -> None:
    (server, region), words, name = house, _WORDS[language], f"LIS-{language}"
    page = visit("/interfaces", language)
    page.get_by_role("button", name=words["destination"]).click()
    form = page.get_by_role("dialog")
    form.get_by_role("textbox", name=words["label"]).first.fill(name)
    form.get_by_placeholder("10.1.2.3").fill("127.0.0.1")
    form.get_by_role("textbox", name=words["port"]).fill("1")
    form.get_by_role("textbox", name=words["receiver"]).fill(name)
    assert_accessible(page)
    shoot(page, f"interfaces-destination-{language}")
    form.get_by_role("button", name=words["save"]).click()
    expect(form).to_have_count(0)
    _write_report(server, region)
    row = page.get_by_role("row", name=name)
    expect(row.get_by_text(words["stuck"])).to_be_visible()
    expect(row.get_by_text(words["unreachable"])).to_be_visible()
    assert_accessible(page)
    shoot(page, f"interfaces-stuck-{language}")
    row.get_by_role("button", name=words["change"]).click()
    page.get_by_role("dialog").get_by_role("button", name=words["remove"]).click()
    expect(page.get_by_role("dialog").get_by_text(words["waits"])).to_be_visible()
    expect(page.get_by_role("dialog").get_by_role("button", name=words["remove"])).to_have_count(1)
    page.get_by_role("dialog").get_by_role("button", name=words["cancel"]).click()
    row.get_by_role("button", name=words["show"]).click()
    expect(page.get_by_role("button", name=words["resend"])).to_be_disabled()
    assert_accessible(page)
    shoot(page, f"interfaces-waiting-{language}")
    page.get_by_role("button", name=words["aside"]).click()
    expect(page.get_by_text(words["none"])).to_be_visible()


def test_lines_are_gone_through_added_and_changed_by_keys(visit: Open, house: tuple[Server, Region]) -> None:
    server, _ = house
    page = visit("/interfaces", "en")
    expect(page.get_by_role("button", name="Add a source")).to_be_visible()
    for key, title in (("n", "Add a source"), ("Shift+N", "Add a destination")):
        page.keyboard.press(key)
        expect(page.get_by_role("dialog", name=title)).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
    for name in ("KEYS-1", "KEYS-2"):
        _add_source(page, _WORDS["en"], name)
    message = adt("KEYS", "KEYS", name="張^葉東", pid_7="no day").replace(b"|HIS|", b"|KEYS-2|")
    assert wait_for(lambda: _send(server, message) == ["AA"])
    in_hand = page.locator("tr[aria-current=true]")
    expect(in_hand).to_have_count(1)
    for _ in range(20):
        page.keyboard.press("k")
    for _ in range(page.get_by_role("row", name="KEYS-2").evaluate("row => [...row.parentNode.children].indexOf(row)")):
        page.keyboard.press("j")
    expect(in_hand).to_contain_text("KEYS-2")
    expect(in_hand.get_by_text("Failures")).to_be_visible()
    page.keyboard.press("e")
    expect(page.get_by_role("dialog").get_by_role("textbox", name="Sending application")).to_have_value("KEYS-2")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("f")
    expect(page.get_by_text("no day")).to_be_visible()
    page.keyboard.press("e")
    expect(page.get_by_label("Corrected message")).to_be_visible()
    page.get_by_label("Corrected message").blur()
    page.keyboard.press("Escape")  # leaves the correction, and no more than that
    expect(page.get_by_label("Corrected message")).to_have_count(0)
    expect(page.get_by_role("button", name="Show all")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Show all")).to_have_count(0)
    expect(page.get_by_text("no day")).to_be_visible()
    page.keyboard.press("d")
    assert wait_for(lambda: _failed(server) == 0)


def _write_report(server: Server, region: Region) -> None:
    made = {"resourceType": "DiagnosticReport", "id": "r", "status": "final", "code": {"text": "CT"}}
    subject = {"subject": {"reference": "Patient/p"}}
    for resource in ({"resourceType": "Patient", "id": "p"}, made | subject):
        path = f"{server.url}/fhir/{resource['resourceType']}/{resource['id']}?organisation=a"
        headers = {"Authorization": f"Bearer {region.token_a}"}
        assert httpx.put(path, json=resource, headers=headers, timeout=30).is_success
