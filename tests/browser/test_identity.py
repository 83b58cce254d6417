"""Who is whom, on the page: two records are compared, made one, and two again; images find their patient."""

from __future__ import annotations

import re
from typing import Any
from zlib import crc32

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.accessibility import assert_accessible
from tests.browser.conftest import Open, Shoot
from tests.journeys.images import images, send
from tests.region import Region, Server, wait_for

pytestmark = pytest.mark.peer
_WORDS = {
    "zh-CN": {
        "title": "身份核对",
        "none": "没有疑似同一人的档案",
        "merge": "是同一人，合并",
        "different": "不是同一人",
        "moves": "检验和观察 2",
        "undo": "撤销",
        "same": "一致",
        "differs": "不同",
        "similar": "相近",
        "provisional": "临时患者",
        "merges": "已合并",
        "undone": "已撤销",
        "assign": "归入已有患者",
        "confirm": "新患者，按现状保留",
        "assign_to": "归入“",
        "open": "打开",
        "unlink": "不是同一人，撤销关联",
    },
    "en": {
        "title": "Identity",
        "none": "No two records look like one person",
        "merge": "The same person, merge",
        "different": "Different people",
        "moves": "results and observations 2",
        "undo": "Undo",
        "same": "Same",
        "differs": "Different",
        "similar": "Similar",
        "provisional": "Provisional patients",
        "merges": "Merged",
        "undone": "Undone",
        "assign": "Assign to a known patient",
        "confirm": "Somebody new, keep as they are",
        "assign_to": "Assign to “",
        "open": "Open it",
        "unlink": "They are not the same, take the link back",
    },
}
# Two made-up people for each language: their records are of one hospital.
_NAMES = {"zh-CN": ("欧阳小红", "歐陽小紅"), "en": ("慕容晓峰", "慕容曉峰"), "": ("司徒兰", "司徒蘭")}
# Who is looked for, and what is typed for that.
_KNOWN = {"zh-CN": ("诸葛明", "K7701"), "en": ("诸葛亮", "zhugeliang")}


def _post(house: tuple[Server, Region], resource: dict[str, Any]) -> str:
    server, region = house
    headers = {"Authorization": f"Bearer {region.token_a}", "Content-Type": "application/fhir+json"}
    answer = httpx.post(
        f"{server.url}/fhir/{resource['resourceType']}", json=resource, headers=headers, trust_env=False
    )
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def _patient(house: tuple[Server, Region], number: str, name: str, **more: Any) -> str:
    coding = [{"system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "MR"}]
    own = {"type": {"coding": coding}, "system": "urn:mr", "value": number}
    said = {"active": True, "gender": "female", "birthDate": "1978-05-06", "identifier": [own], **more}
    return _post(house, {"resourceType": "Patient", "name": [{"text": name}], **said})


def _two(house: tuple[Server, Region], language: str, branch: str) -> tuple[str, str]:
    """Register somebody twice, with two results at the second record, and wait until that is noticed."""
    server = house[0]
    first, second = _NAMES[language]
    home = {"city": "清河市", "line": ["人民路8号"]}
    number = crc32(branch.encode())  # those of another branch are other people
    own = {
        "telecom": [{"system": "phone", "value": f"138{number % 10**8:08}"}],
        "birthDate": f"19{20 + number % 70}-05-06",
    }
    kept = _patient(house, f"{branch}1", first, address=[home], **own)
    twin = _patient(house, f"{branch}2", second, address=[{"city": "清河市", "line": ["新华路2号"]}], **own)
    for value in (72, 75):
        quantity = {"value": value, "unit": "/min"}
        whose = {"subject": {"reference": f"Patient/{twin}"}, "valueQuantity": quantity}
        _post(house, {"resourceType": "Observation", "status": "final", "code": {"text": "HR"}, **whose})
    assert wait_for(lambda: _state(server, kept, twin) == "open", 20)
    return kept, twin


def _state(server: Server, kept: str, twin: str) -> str | None:
    """Return what was decided of two."""
    statement = """
        SELECT c.state FROM clinical.candidate AS c JOIN clinical.resource AS f ON f.rid = c.first_rid
        JOIN clinical.resource AS s ON s.rid = c.second_rid WHERE f.id = %s AND s.id = %s"""
    rows = server.query(statement, kept, twin)
    return str(rows[0][0]) if rows else None


def _owners(server: Server) -> set[str]:
    rows = server.query("SELECT DISTINCT patient_id FROM clinical.resource WHERE type = 'Observation'")
    return {patient for (patient,) in rows}


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_nothing_to_decide_says_what_comes_here(
    visit: Open, shoot: Shoot, house: tuple[Server, Region], language: str
) -> None:
    house[0].query("DELETE FROM clinical.candidate WHERE state = 'open'")
    page = visit("/identity", language)
    expect(page.get_by_role("heading", name=_WORDS[language]["none"])).to_be_visible()
    assert_accessible(page)
    shoot(page, f"identity-none-{language}")


def _verdicts(page: Page) -> list[str]:
    return [
        text.strip() for text in page.get_by_role("main").locator("td:last-child").all_inner_texts() if text.strip()
    ]


@pytest.mark.hazard("H-37")
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_two_are_made_one_by_keys_and_two_again(
    visit: Open, shoot: Shoot, house: tuple[Server, Region], language: str
) -> None:
    server, words = house[0], _WORDS[language]
    kept, twin = _two(house, language, f"M-{language}-")
    page = visit("/identity", language)
    expect(page.get_by_text(words["moves"])).to_be_visible()
    assert {words["same"], words["similar"], words["differs"]} <= set(_verdicts(page))
    assert_accessible(page)
    shoot(page, f"identity-pair-{language}")
    page.keyboard.press("2")
    expect(page.get_by_role("radio").nth(1)).to_be_checked()
    page.keyboard.press("1")
    expect(page.get_by_text(words["moves"])).to_be_visible()
    assert page.locator("nav li[aria-current=true]").count() == 1
    page.keyboard.press("Enter")
    undo = page.get_by_role("status").get_by_role("button", name=words["undo"])
    expect(undo).to_be_visible()
    shoot(page, f"identity-merged-{language}")
    assert kept in _owners(server)
    assert twin not in _owners(server)
    undo.click()
    expect(undo).to_have_count(0)
    assert wait_for(lambda: twin in _owners(server))
    page.get_by_role("button", name=words["merges"]).click()
    expect(page.get_by_role("listitem").first).to_contain_text(words["undone"])
    shoot(page, f"identity-merges-{language}")


@pytest.mark.hazard("H-37")
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_two_are_linked_with_the_reason_and_that_is_taken_back_at_the_patient(
    visit: Open, shoot: Shoot, house: tuple[Server, Region], language: str
) -> None:
    server, words = house[0], _WORDS[language]
    server.query("DELETE FROM clinical.candidate WHERE state = 'open'")
    kept, twin = _two(house, language, f"L-{language}-")
    page = visit("/identity", language)
    expect(page.get_by_text(words["moves"])).to_be_visible()
    page.keyboard.press("l")
    page.get_by_role("radio").first.click()
    page.keyboard.press("Enter")
    page.keyboard.press("d")
    assert _state(server, kept, twin) == "open", "while a reason is asked for nothing else is decided"
    page.get_by_role("textbox").fill("门诊与住院各一份")
    assert_accessible(page)
    shoot(page, f"identity-link-{language}")
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"L-{language}-1")).to_have_count(0)
    assert _state(server, kept, twin) == "same"
    assert twin in _owners(server)
    page.goto(f"/patients/{kept}")
    page.get_by_role("button", name=words["open"], exact=True).click()
    expect(page).to_have_url(re.compile(twin))
    expect(page.get_by_text(f"L-{language}-2")).to_be_visible()  # the page of before has the same button
    shoot(page, f"patient-linked-{language}")
    page.get_by_role("button", name=words["unlink"]).click()
    expect(page.get_by_role("textbox")).to_be_focused()
    page.keyboard.type("两个人")
    shoot(page, f"patient-unlinked-{language}")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name=words["unlink"])).to_have_count(0)
    assert wait_for(lambda: _state(server, kept, twin) == "open"), "or found again, if the two were just being compared"


@pytest.mark.hazard("H-37")
def test_a_key_that_is_held_decides_on_one_pair(visit: Open, house: tuple[Server, Region]) -> None:
    server = house[0]
    server.query("DELETE FROM clinical.candidate WHERE state = 'open'")
    pairs = [_two(house, language, f"H-{language}-") for language in ("zh-CN", "en")]
    page = visit("/identity", "en")
    expect(page.get_by_role("button", name=_WORDS["en"]["merge"])).to_be_enabled()
    page.keyboard.down("Enter")
    expect(page.get_by_role("status").get_by_role("button", name=_WORDS["en"]["undo"])).to_be_visible()
    expect(page.get_by_role("button", name=_WORDS["en"]["merge"])).to_be_enabled()
    for _ in range(5):
        page.keyboard.down("Enter")  # as a keyboard repeats it
    page.keyboard.up("Enter")
    page.wait_for_timeout(500)
    assert sorted(_state(server, *two) or "" for two in pairs) == ["open", "same"]
    page.keyboard.press("u")


@pytest.mark.hazard("H-37")
def test_who_is_different_does_not_come_again(visit: Open, house: tuple[Server, Region]) -> None:
    two = _two(house, "", "D-")
    page = visit("/identity", "en")
    expect(page.get_by_role("button", name=_WORDS["en"]["different"])).to_be_visible()
    page.keyboard.press("d")
    assert wait_for(lambda: _state(house[0], *two) == "different")
    expect(page.get_by_role("status").get_by_role("button", name=_WORDS["en"]["undo"])).to_be_visible()
    page.keyboard.press("u")
    assert wait_for(lambda: _state(house[0], *two) == "open")


def _alike(house: tuple[Server, Region], number: int, name: str) -> tuple[str, str]:
    """Register somebody twice who is like nobody else, and wait until that is noticed."""
    who = {"birthDate": f"194{number}-02-1{number}", "telecom": [{"system": "phone", "value": f"1390000111{number}"}]}
    first, second = (_patient(house, f"F-{number}-{branch}", name, **who) for branch in (1, 2))
    assert wait_for(lambda: _state(house[0], first, second) == "open", 20)
    return first, second


def _row(page: Page, place: int) -> Locator:
    return page.locator("nav li").nth(place)


@pytest.mark.hazard("H-37")
def test_keys_act_on_the_pair_that_is_seen_to_be_in_hand(visit: Open, house: tuple[Server, Region]) -> None:
    server = house[0]
    server.query("DELETE FROM clinical.candidate WHERE state = 'open'")
    pairs = [_alike(house, number, name) for number, name in enumerate(("宇文静", "夏侯岚", "赫连朔"))]
    page = visit("/identity", "en")
    expect(page.get_by_role("button", name=_WORDS["en"]["merge"])).to_be_enabled()
    _row(page, 0).get_by_role("button").click()
    page.keyboard.press("j")
    expect(_row(page, 1)).to_have_attribute("aria-current", "true")
    expect(_row(page, 1).get_by_role("button")).to_be_focused()
    page.get_by_role("radio").nth(1).click()
    page.keyboard.press("1")
    expect(page.get_by_role("radio").first).to_be_checked()
    page.keyboard.press("d")
    assert wait_for(lambda: [_state(server, *two) for two in pairs] == ["open", "different", "open"])
    expect(page.locator("nav li[aria-current=true]")).to_contain_text("宇文静")  # what stands at its place now
    expect(_row(page, 1)).to_have_attribute("aria-current", "true")
    _row(page, 1).get_by_role("button").click()
    expect(page.get_by_role("button", name=_WORDS["en"]["merge"])).to_be_enabled()
    page.keyboard.press("Enter")
    assert wait_for(lambda: [_state(server, *two) for two in pairs] == ["same", "different", "open"])
    page.keyboard.press("]")
    page.keyboard.press("]")
    expect(page.get_by_role("button", name="Undo the merge")).to_be_enabled()
    page.keyboard.press("r")
    assert wait_for(lambda: _state(server, *pairs[0]) == "open")


@pytest.mark.hazard("H-01")
def test_images_of_nobody_known_are_assigned_by_keys(visit: Open, house: tuple[Server, Region]) -> None:
    server = house[0]
    known = _patient(house, "K7703", "诸葛瞻", birthDate="1961-02-03")
    sent = images(1, 9810, patient_id="IMG-keys", name=b"Test^Keys")
    assert set(send(server, *sent)) == {0}
    statement = "SELECT patient_id FROM clinical.resource WHERE type = 'ImagingStudy' AND body LIKE %s"
    asked = (statement, f'%{sent[0].study}"%'.encode())
    assert wait_for(lambda: bool(server.query(*asked)), 20)
    page = visit("/identity", "en")
    provisional = page.get_by_role("button", name=_WORDS["en"]["provisional"])
    expect(provisional).to_have_text(re.compile(r" \d+$"))  # where nothing else waits they are shown from then on
    if provisional.get_attribute("aria-pressed") != "true":
        page.keyboard.press("]")
    page.get_by_role("listitem").filter(has_text="IMG-keys").get_by_role("button").click()
    page.keyboard.press("c")
    undo = page.get_by_role("status").get_by_role("button", name=_WORDS["en"]["undo"])
    expect(undo).to_be_visible()
    page.keyboard.press("u")
    expect(undo).to_have_count(0)
    page.get_by_role("listitem").filter(has_text="IMG-keys").get_by_role("button").click()
    page.keyboard.press("/")
    with page.expect_response(re.compile("/fhir/Patient.*K7703")):
        page.keyboard.type("K7703")
    expect(page.get_by_role("radio")).to_have_count(1)
    page.keyboard.press("Enter")
    page.keyboard.press("1")
    expect(page.get_by_role("button", name=_WORDS["en"]["assign_to"])).to_be_enabled()
    page.keyboard.press("Enter")
    assert wait_for(lambda: server.query(*asked) == [(known,)])


@pytest.mark.hazard("H-01")
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_images_of_nobody_known_are_assigned_to_somebody(
    visit: Open, shoot: Shoot, house: tuple[Server, Region], language: str
) -> None:
    server, words = house[0], _WORDS[language]
    number = f"IMG-{language}"
    name, typed = _KNOWN[language]
    known = _patient(house, "K7701" if language == "zh-CN" else "K7702", name, birthDate="1955-01-09")
    sent = images(1, 9800 + len(language), patient_id=number, name=b"Test^Image")
    assert set(send(server, *sent)) == {0}
    statement = "SELECT patient_id FROM clinical.resource WHERE type = 'ImagingStudy' AND body LIKE %s"
    asked = (statement, f'%{sent[0].study}"%'.encode())
    assert wait_for(lambda: bool(server.query(*asked)), 20)
    page = visit("/identity", language)
    page.get_by_role("group", name=words["title"]).get_by_role("button", name=words["provisional"]).click()
    page.get_by_role("listitem").filter(has_text=number).get_by_role("button").click()
    page.get_by_role("button", name=words["confirm"]).click()
    expect(page.get_by_role("listitem").filter(has_text=number)).to_have_count(0)
    page.get_by_role("status").get_by_role("button", name=words["undo"]).click()
    page.get_by_role("listitem").filter(has_text=number).get_by_role("button").click()
    page.get_by_label(words["assign"]).fill(typed)
    page.get_by_role("radio").first.check()
    expect(page.get_by_role("button", name=words["assign_to"])).to_be_visible()
    assert_accessible(page)
    shoot(page, f"identity-provisional-{language}")
    page.get_by_role("button", name=words["assign_to"]).click()
    assert wait_for(lambda: server.query(*asked) == [(known,)])
    expect(page.get_by_role("status").get_by_role("button", name=words["undo"])).to_be_visible()
