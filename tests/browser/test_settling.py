"""What engineers settle on the page: filed as it is, repaired, sent back, or the image that stands is kept."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import Page, expect

from lightwell import archive
from lightwell.app.node import open_node
from lightwell.core.actors import house as as_house
from tests.browser.accessibility import assert_accessible
from tests.browser.conftest import Open, Shoot
from tests.journeys.images import Image, find, images, send, stored, values
from tests.region import AE, Region, Server, wait_for

pytestmark = pytest.mark.peer
_WORDS = {
    "zh-CN": {
        "quarantine": "隔离",
        "accept": "按原样归档",
        "accept_many": "按原样归档（3 项）",
        "repair": "修正后归档",
        "reject": "退回",
        "keep": "保留现有图像",
        "all": "全选",
        "note": "理由",
        "id": "患者编号",
        "name": "姓名",
        "born": "出生日期",
        "date": "检查日期",
        "untrusted": "发送设备尚未受信任",
        "needed": "不能为空",
        "form": "按 2026-11-23 的形式",
        "stays": "文件本身不会被修改或删除",
    },
    "en": {
        "quarantine": "Quarantine",
        "accept": "File as it is",
        "accept_many": "File 3 as they are",
        "repair": "Repair and file",
        "reject": "Send back",
        "keep": "Keep the image as it stands",
        "all": "Choose all",
        "note": "Reason",
        "id": "Patient ID",
        "name": "Name",
        "born": "Born",
        "date": "Study date",
        "untrusted": "The sending device is not trusted yet",
        "needed": "Must not be empty",
        "form": "Write it as 2026-11-23",
        "stays": "The file itself is never changed",
    },
}


@pytest.fixture(scope="module")
def house(house: tuple[Server, Region]) -> tuple[Server, Region]:
    """The real server, with a machine on trial whose images all wait in quarantine."""
    server, region = house

    async def add() -> None:
        tx_of = as_house(region.a)
        async with open_node(server.settings) as node, node.machines.transactions.begin(tx_of) as tx:
            await archive.add_peer(tx, region.a, "on trial", AE, "NEW", is_trusted=False)

    with ThreadPoolExecutor(1) as thread:  # beside Playwright, whose loop runs in this one
        thread.submit(asyncio.run, add()).result()
    assert wait_for(lambda: _is_known(server), 60)
    return server, region


def _is_known(server: Server) -> bool:
    """Tell whether the server has read of the new machine; it looks every few seconds."""
    try:
        return send(server, calling="NEW") == []
    except ConnectionRefusedError:
        return False


def _waiting(server: Server) -> int:
    return int(server.query("SELECT count(*) FROM archive.quarantine WHERE is_open")[0][0])


def _send_on_trial(server: Server, *wanted: Image) -> None:
    before = _waiting(server)
    send(server, *wanted, calling="NEW")
    assert wait_for(lambda: _waiting(server) == before + len(wanted))


def _open_quarantine(visit: Open, language: str) -> Page:
    page = visit("/unsettled", language)
    page.get_by_role("button", name=_WORDS[language]["quarantine"]).click()
    expect(page.get_by_role("listitem").first).to_be_visible()
    return page


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_file_is_repaired_and_filed_under_another_patient(
    visit: Open, shoot: Shoot, house: tuple[Server, Region], language: str
) -> None:
    (server, region), words = house, _WORDS[language]
    patient = f"P8400-{language}"
    (image,) = images(1, 8400 + len(language), patient_id="WRONG", name=b"Wrong^Name")
    _send_on_trial(server, image)
    page = _open_quarantine(visit, language)
    expect(page.get_by_label(words["id"])).to_have_value("WRONG")
    expect(page.get_by_label(words["date"])).to_have_value("2026-11-23")
    expect(page.get_by_role("listitem").first).to_contain_text(words["untrusted"])
    expect(page.get_by_role("button", name=words["accept"])).to_be_enabled()
    page.get_by_label(words["id"]).fill(patient)
    page.get_by_label(words["name"]).fill("Li^Donghua=李^东华")
    page.get_by_role("textbox", name=words["note"]).fill("登记时选错患者")
    expect(page.get_by_role("button", name=words["accept"])).to_have_count(0)
    expect(page.get_by_text(words["stays"])).to_be_visible()
    assert_accessible(page)
    shoot(page, f"quarantine-repair-{language}")
    page.get_by_role("button", name=words["repair"]).click()
    assert wait_for(lambda: _waiting(server) == 0)
    expect(page.get_by_role("listitem")).to_have_count(0)
    (found,) = find(server, region.token_a, PatientID=patient)
    assert found["00100010"]["Value"][0]["Ideographic"] == "李^东华"
    assert stored(server, region.token_a, image) == image.data_set
    note = server.query("SELECT note, resolution FROM archive.quarantine ORDER BY id DESC LIMIT 1")
    assert note == [("登记时选错患者", "repaired")]


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_what_was_typed_by_mistake_is_no_repair(visit: Open, house: tuple[Server, Region], language: str) -> None:
    server, words = house[0], _WORDS[language]
    (image,) = images(1, 8410 + len(language), patient_id="P8410")
    _send_on_trial(server, image)
    page = _open_quarantine(visit, language)
    page.get_by_label(words["id"]).fill("P8411")
    expect(page.get_by_role("button", name=words["repair"])).to_be_visible()
    page.get_by_label(words["id"]).fill("P8410")
    page.get_by_role("button", name=words["accept"]).click()
    assert wait_for(lambda: _waiting(server) == 0)
    assert server.query("SELECT resolution FROM archive.quarantine ORDER BY id DESC LIMIT 1") == [("accepted",)]


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_repair_that_cannot_be_is_said_and_loses_nothing(
    visit: Open, shoot: Shoot, house: tuple[Server, Region], language: str
) -> None:
    server, words = house[0], _WORDS[language]
    (image,) = images(1, 8420 + len(language), patient_id="P8420")
    _send_on_trial(server, image)
    page = _open_quarantine(visit, language)
    page.get_by_label(words["id"]).fill("")
    expect(page.get_by_text(words["needed"])).to_be_visible()
    expect(page.get_by_role("button", name=words["repair"])).to_be_disabled()
    page.get_by_label(words["born"]).fill("10/06/1971")
    expect(page.get_by_text(words["form"])).to_be_visible()
    assert_accessible(page)
    shoot(page, f"quarantine-refused-{language}")
    page.get_by_label(words["born"]).fill("")
    assert _waiting(server) == 1
    page.get_by_label(words["id"]).fill("P8420")
    page.get_by_role("button", name=words["accept"]).click()
    assert wait_for(lambda: _waiting(server) == 0)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_several_files_are_filed_at_once(visit: Open, house: tuple[Server, Region], language: str) -> None:
    (server, region), words = house, _WORDS[language]
    wanted = images(3, 8430 + len(language), patient_id=f"P8430-{language}")
    _send_on_trial(server, *wanted)
    page = _open_quarantine(visit, language)
    page.get_by_role("checkbox", name=words["all"], exact=True).check()
    page.get_by_role("button", name=words["accept_many"]).click()
    assert wait_for(lambda: _waiting(server) == 0)
    assert values(find(server, region.token_a, PatientID=f"P8430-{language}"), "00201208") == [3]


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_sending_back_needs_a_reason(visit: Open, house: tuple[Server, Region], language: str) -> None:
    server, words = house[0], _WORDS[language]
    (image,) = images(1, 8440 + len(language))
    _send_on_trial(server, image)
    page = _open_quarantine(visit, language)
    expect(page.get_by_role("button", name=words["reject"])).to_be_disabled()
    page.get_by_role("textbox", name=words["note"]).fill("   ")
    expect(page.get_by_role("button", name=words["reject"])).to_be_disabled()
    page.get_by_role("textbox", name=words["note"]).fill("test image")
    page.get_by_role("button", name=words["reject"]).click()
    assert wait_for(lambda: _waiting(server) == 0)
    assert find(server, house[1].token_a, StudyInstanceUID=image.study) == []


@pytest.mark.hazard("H-06")
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_image_that_stands_is_kept(visit: Open, shoot: Shoot, house: tuple[Server, Region], language: str) -> None:
    (server, region), words = house, _WORDS[language]
    (standing,) = images(1, 8450 + len(language))
    send(server, standing, Image(standing.uid, standing.study, standing.series, shade=9))
    count = "SELECT count(*) FROM archive.conflict WHERE is_open"
    assert wait_for(lambda: server.query(count) == [(1,)])
    page = visit("/unsettled", language)
    expect(page.get_by_role("columnheader").first).to_be_visible()
    page.get_by_role("textbox", name=words["note"]).fill("checked with the CT")
    assert_accessible(page)
    shoot(page, f"conflict-keep-{language}")
    page.get_by_role("button", name=words["keep"]).click()
    assert wait_for(lambda: server.query(count) == [(0,)])
    assert stored(server, region.token_a, standing) == standing.data_set
    settled = server.query("SELECT resolution, note FROM archive.conflict ORDER BY id DESC LIMIT 1")
    assert settled == [("kept", "checked with the CT")]
