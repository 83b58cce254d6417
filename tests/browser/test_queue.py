"""A clinic's morning on the page: a queue is opened, a patient checks in, is called, and the board names nobody."""

from __future__ import annotations

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import assert_accessible
from tests.browser.conftest import Open, Shoot
from tests.region import PASSWORD, Region, Server, wait_for

pytestmark = pytest.mark.peer
_WORDS = {
    "zh-CN": {
        "empty": "还没有候诊队列",
        "open": "新增队列",
        "name": "名称",
        "prefix": "号码前缀",
        "save": "保存",
        "check_in": "签到",
        "who": "患者",
        "room": "诊室",
        "next": "呼叫下一位",
        "pass": "过号",
        "return": "回到队列",
        "done": "完成",
        "board": "候诊大屏",
        "leave": "退出大屏",
        "nobody": "没有候诊患者",
        "say_room": "先填写诊室",
        "left": "已离开",
        "to": "到 3 诊室",
    },
    "en": {
        "empty": "No queues yet",
        "open": "Open a queue",
        "name": "Name",
        "prefix": "Letter before numbers",
        "save": "Save",
        "check_in": "Check in",
        "who": "Patient",
        "room": "Room",
        "next": "Call the next one",
        "pass": "Pass",
        "return": "Back in the queue",
        "done": "Done",
        "board": "Board",
        "leave": "Leave the board",
        "nobody": "Nobody waits",
        "say_room": "Say which room calls",
        "left": "Has left",
        "to": "to 3 诊室",
    },
}


def _write_patients(server: Server, region: Region, language: str) -> None:
    headers = {"Authorization": f"Bearer {region.token_a}"}
    for key, given in (("q1", "秋明"), ("q2", "秋月")):
        patient = {"resourceType": "Patient", "id": f"{key}-{language}", "name": [{"family": "张", "given": [given]}]}
        patient |= {"active": True, "birthDate": "1980-01-01", "identifier": [{"value": f"{key}{language}"}]}
        path = f"{server.url}/fhir/Patient/{patient['id']}?organisation=a"
        assert httpx.put(path, json=patient, headers=headers, timeout=30).is_success


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_patient_checks_in_is_called_passed_back_and_done(
    visit: Open, shoot: Shoot, house: tuple[Server, Region], language: str
) -> None:
    (server, region), words, name = house, _WORDS[language], f"心内科 {language}"
    _write_patients(server, region, language)
    page = visit("/queue", language)
    if language == "zh-CN":
        expect(page.get_by_text(words["empty"])).to_be_visible()
    page.get_by_role("button", name=words["open"]).click()
    form = page.get_by_role("dialog")
    form.get_by_role("textbox", name=words["name"]).fill(name)
    form.get_by_role("textbox", name=words["prefix"]).fill("B")
    form.get_by_role("button", name=words["save"]).click()
    page.get_by_role("button", name=name).click()
    for key in ("q1", "q2"):
        page.get_by_role("button", name=words["check_in"]).click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_role("textbox", name=words["who"]).fill(f"{key}{language}")
        dialog.get_by_role("listitem").get_by_role("button").first.click()
        expect(dialog.get_by_role("status")).to_contain_text("B00")
        shoot(page, f"queue-number-{language}")
        page.keyboard.press("Enter")
        expect(dialog).to_have_count(0)
    expect(page.get_by_role("button", name=words["say_room"])).to_be_disabled()
    page.get_by_role("textbox", name=words["room"]).fill("3 诊室")
    page.get_by_role("button", name=words["next"]).click()
    expect(page.get_by_text(words["to"])).to_be_visible()
    expect(page.get_by_text("张秋明")).to_be_visible()
    assert_accessible(page)
    shoot(page, f"queue-{language}")
    page.get_by_role("button", name=words["board"]).click()
    expect(page.get_by_text("B001")).to_be_visible()
    expect(page.get_by_text("张*").first).to_be_visible()
    expect(page.get_by_text("秋")).to_have_count(0)
    assert_accessible(page)
    shoot(page, f"queue-board-{language}")
    page.get_by_role("button", name=words["leave"]).click()
    page.get_by_role("button", name=words["pass"], exact=True).click()
    page.get_by_role("button", name=words["return"]).click()
    page.get_by_role("button", name="B002").click()
    page.get_by_role("button", name=words["done"], exact=True).click()
    expect(page.get_by_text("B002")).to_have_count(0)
    page.reload()  # the room is known again
    page.get_by_role("button", name=name).click()
    page.get_by_role("button", name="B001").click()
    page.get_by_role("button", name=words["pass"], exact=True).click()
    page.get_by_role("button", name=words["left"]).click()
    expect(page.get_by_text("B001")).to_have_count(0)
    expect(page.get_by_role("button", name=words["nobody"])).to_be_disabled()


def test_the_board_goes_on_behind_the_lock_and_whoever_touches_it_meets_the_lock(
    visit: Open, shoot: Shoot, house: tuple[Server, Region]
) -> None:
    server, region = house
    _write_patients(server, region, "locked")
    headers = {"Authorization": f"Bearer {region.token_a}"}
    with httpx.Client(base_url=server.url, headers=headers, timeout=30) as counter:
        opened = {"organisation_id": region.a, "name": "Locked", "prefix": "L"}
        queue = counter.post("/api/queues", json=opened).json()["id"]
        page = visit("/queue", "en")
        page.get_by_role("button", name="Locked").click()
        page.keyboard.press("b")
        expect(page.get_by_role("heading", name="Locked")).to_be_visible()
        page.clock.install()
        page.clock.fast_forward("02:00:00")
        is_locked = "async () => (await (await fetch('/api/session')).json()).is_locked"
        assert wait_for(lambda: page.evaluate(is_locked), 20)
        counter.post(f"/api/queues/{queue}/tickets", json={"patient": "q1-locked"})
        counter.post(f"/api/queues/{queue}/next", json={"room": "9"})
        expect(page.get_by_text("L001")).to_be_visible()
        expect(page.get_by_text("张*")).to_be_visible()
    lock = page.get_by_role("dialog", name="Locked")
    expect(lock).to_have_count(0)
    shoot(page, "queue-board-locked")
    page.keyboard.press("Control+k")  # whatever is pressed is meant for the lock
    expect(lock).to_be_visible()
    page.emulate_media(media="print")
    expect(page.get_by_text("L001")).to_be_hidden()  # on paper too
    page.emulate_media(media="screen")
    expect(page.get_by_role("dialog")).to_have_count(1)
    page.clock.fast_forward("00:31")
    expect(lock).to_have_count(0)
    expect(page.get_by_text("L001")).to_be_visible()
    page.mouse.click(700, 400)
    lock.get_by_label("Password", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(lock).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="Queue", exact=True)).to_be_visible()


def _open_by_keys(page: Page, *names: str) -> None:
    for name in names:
        page.keyboard.press("o")
        expect(page.get_by_role("dialog").get_by_role("textbox", name="Name")).to_be_focused()
        page.keyboard.type(name)
        page.keyboard.press("Enter")
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(page.get_by_role("button", name=name)).to_be_visible()


def _check_in_by_keys(page: Page, *numbers: str) -> None:
    for number in numbers:
        page.keyboard.press("c")
        dialog = page.get_by_role("dialog")
        expect(dialog.get_by_role("textbox", name="Patient")).to_be_focused()
        page.keyboard.type(number)
        expect(dialog.get_by_role("listitem")).to_have_count(1)
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(dialog.get_by_role("status")).to_be_visible()
        page.keyboard.press("Enter")
        expect(dialog).to_have_count(0)


def _act_by_key(page: Page, key: str) -> None:
    """Press the key of an act; until the act before it is over keys act on nobody, whatever the list shows by then."""
    expect(page.locator("button[data-loading]")).to_have_count(0)
    page.keyboard.press(key)


def _called(page: Page, count: int) -> None:
    """Wait until so many are called, and look at each frame: keys act on others again a second later."""
    page.wait_for_function("count => document.querySelectorAll('[aria-label=Called] li').length === count", arg=count)


def test_a_morning_at_the_counter_goes_by_keys(visit: Open, shoot: Shoot, house: tuple[Server, Region]) -> None:
    server, region = house
    _write_patients(server, region, "keys")
    page = visit("/queue", "en")
    expect(page.get_by_role("button", name="Open a queue")).to_be_visible()
    _open_by_keys(page, "Keys 1", "Keys 2")
    chosen = page.get_by_role("group", name="Queues").locator("button[aria-pressed=true]")
    expect(chosen).to_contain_text("Keys 1")
    page.keyboard.press("]")
    expect(chosen).to_contain_text("Keys 2")
    page.keyboard.press("[")
    expect(chosen).to_contain_text("Keys 1")
    _check_in_by_keys(page, "q1keys", "q2keys")
    page.keyboard.press("m")
    page.keyboard.type("Room 7")
    page.keyboard.press("Enter")
    called = page.get_by_role("region", name="Called")
    for count in (1, 2):
        _act_by_key(page, "n")
        expect(called.get_by_role("listitem")).to_have_count(count)
    in_hand = page.locator("li[aria-current=true]")
    expect(in_hand).to_contain_text("张秋明")
    page.keyboard.press("j")
    expect(in_hand).to_contain_text("张秋月")
    expect(in_hand.get_by_role("button", name="Pass")).to_have_attribute("aria-keyshortcuts", "p")
    _act_by_key(page, "a")
    expect(in_hand).to_contain_text("called 2 times")
    shoot(page, "queue-keys")
    _act_by_key(page, "p")
    expect(called.get_by_role("listitem")).to_have_count(1)
    expect(in_hand).to_contain_text("张秋月")  # who was passed is in hand still
    page.clock.install()
    _act_by_key(page, "r")
    expect(page.get_by_role("button", name="Call the next one")).to_be_enabled()
    expect(in_hand).to_contain_text("张秋明")
    _act_by_key(page, "n")
    expect(called.get_by_role("listitem")).to_have_count(2)
    page.clock.fast_forward(1_500)  # the hand had just fallen on them
    _act_by_key(page, "d")
    _called(page, 1)
    page.keyboard.press("d")  # pressed twice it ends nobody else
    page.wait_for_timeout(1_500)
    expect(in_hand).to_contain_text("张秋月")
    page.clock.fast_forward(1_500)
    _act_by_key(page, "d")
    expect(called.get_by_role("listitem")).to_have_count(0)
    page.keyboard.press("b")
    expect(page.get_by_role("button", name="Leave the board")).to_be_visible()
    page.keyboard.press("c")  # nobody checks in at the board
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="Queue", exact=True)).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
