"""A study that two hospitals have, each with patient data of its own: nobody sees one for the other."""

from __future__ import annotations

import re
from zipfile import ZipFile

import httpx
import pytest
from playwright.sync_api import Page, Request, expect

from tests.browser.accessibility import assert_accessible
from tests.browser.conftest import Open, Shoot
from tests.journeys.images import Image, images, send
from tests.region import PASSWORD, Region, Server

pytestmark = pytest.mark.peer
_SEEN = ((0x00280004, b"CS", b"MONOCHROME2"),)
_FIRST, _SECOND = images(2, 8801)
_STUDY = _FIRST.study
_COPIES = {
    code: [
        Image(image.uid, image.study, image.series, name, patient, shade=shade, further=_SEEN)
        for image in (_FIRST, _SECOND)
    ]
    for code, name, patient, shade in (("a", b"Li^Donghua", "8801-A", 300), ("b", b"Wang^Jianguo", "8801-B", 900))
}
_WORDS = {
    "zh-CN": {
        "title": "两家医院都有此检查",
        "mark": "标为关键图像",
        "attributes": "属性",
        "same_id": "2 家医院都有此编号的患者",
    },
    "en": {
        "title": "Two hospitals have this study",
        "mark": "Mark as key",
        "attributes": "Attributes",
        "same_id": "2 hospitals have a patient of this ID",
    },
}
_NAMES = {"a": "甲医院", "b": "乙医院"}


@pytest.fixture(scope="module")
def both(house: tuple[Server, Region]) -> str:
    """Somebody who belongs to both hospitals, which have the same study."""
    server, _ = house
    for code, copies in _COPIES.items():
        assert send(server, *copies, calling=f"CT_{code.upper()}") == [0, 0]
    made = server.run(
        "user", "create", "both", "--organisation", "a", "--role", "administrator", "--password", PASSWORD
    )
    assert made.returncode == 0, made.stderr
    joined = server.run("user", "join", "both", "--organisation", "b", "--role", "administrator")
    assert joined.returncode == 0, joined.stderr
    return "both"


def _listened(page: Page) -> list[Request]:
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request) if _STUDY in request.url else None)
    return asked


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_each_row_opens_the_copy_of_its_hospital(visit: Open, shoot: Shoot, both: str, language: str) -> None:
    page = visit("/studies?q=8801", language, both)
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(2)
    assert len(set(rows.evaluate_all("rows => rows.map(row => row.id)"))) == 2
    shoot(page, f"two-hospitals-list-{language}")
    for code, patient, other in (("a", "8801-A", "8801-B"), ("b", "8801-B", "8801-A")):
        page.goto("/studies?q=8801")
        rows.filter(has_text=patient).click()
        expect(page.locator("tr[aria-selected=true]")).to_have_count(1)
        rows.filter(has_text=patient).dblclick()
        expect(page).to_have_url(re.compile(f"hospital={code}$"))
        banner = page.locator("section").first
        expect(banner).to_contain_text(patient)
        expect(banner).not_to_contain_text(other)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_whose_copy_is_asked_where_the_address_does_not_say(
    visit: Open, shoot: Shoot, both: str, language: str
) -> None:
    words = _WORDS[language]
    page = visit(f"/studies/{_STUDY}", language, both)
    expect(page.get_by_role("heading", name=words["title"])).to_be_visible()
    for code in ("a", "b"):
        choice = page.get_by_role("button", name=_NAMES[code])
        expect(choice).to_contain_text(f"8801-{code.upper()}")
    assert_accessible(page)
    shoot(page, f"two-hospitals-asked-{language}")
    page.get_by_role("button", name=_NAMES["b"]).click()
    expect(page).to_have_url(re.compile("hospital=b$"))
    expect(page.locator("section").first).to_contain_text("8801-B")
    page.goto(f"/studies/{_STUDY}")
    expect(page.get_by_role("heading", name=words["title"])).to_be_visible()
    page.keyboard.press("1")
    expect(page).to_have_url(re.compile(r"hospital=[ab]$"))


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_request_of_the_page_says_whose_copy(visit: Open, shoot: Shoot, both: str, language: str) -> None:
    words = _WORDS[language]
    page = visit("/studies", language, both)
    asked = _listened(page)
    page.goto(f"/studies/{_STUDY}?hospital=b")
    expect(page.get_by_role("img", name="1 / 2")).to_be_visible()
    page.get_by_role("button", name=words["mark"]).click()
    expect(page.get_by_role("button", name=words["mark"])).to_have_count(0)
    page.get_by_role("button", name=words["attributes"]).click()
    expect(page.get_by_role("complementary")).to_contain_text("8801-B")
    thumbnail = page.locator("nav img").first
    assert thumbnail.evaluate("img => img.decode().then(() => img.naturalWidth)") == 128
    with page.expect_download() as download:
        page.locator("a[download]").click()
    with ZipFile(download.value.path()) as file:
        assert all(b"8801-B" in file.read(name) for name in file.namelist() if name.endswith(".dcm"))
    assert_accessible(page)
    shoot(page, f"two-hospitals-study-{language}")
    page.keyboard.press("m")
    expect(page.get_by_role("button", name=words["mark"])).to_be_visible()
    requests = [request.url for request in asked if not request.is_navigation_request()]
    assert len({re.sub(r"\?.*", "", url).rsplit("/", 1)[-1] for url in requests}) >= 6
    assert [url for url in requests if "organisation=b" not in url] == []


@pytest.fixture(scope="module")
def same_id(house: tuple[Server, Region], both: str) -> str:
    """Two people to whom two hospitals gave the same ID, each with a result."""
    assert both
    server, region = house
    for token, name, heard in ((region.token_a, "呼延灼", "甲院心率"), (region.token_b, "东方朔", "乙院心率")):
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/fhir+json"}
        said = {"resourceType": "Patient", "id": "P-8802", "name": [{"text": name}]}
        subject = {"reference": "Patient/P-8802"}
        found = {"resourceType": "Observation", "id": "O-8802", "status": "final", "code": {"text": heard}}
        for resource in (said, found | {"subject": subject}):
            address = f"{server.url}/fhir/{resource['resourceType']}/{resource['id']}"
            assert httpx.put(address, json=resource, headers=headers, trust_env=False).status_code == 201
    return "P-8802"


@pytest.mark.hazard("H-04")
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_whose_patient_is_meant_is_asked_and_nothing_of_the_other_is_shown(
    visit: Open, shoot: Shoot, both: str, same_id: str, language: str
) -> None:
    page = visit("/patients?text=dfs", language, both)
    page.get_by_role("listitem").filter(has_text="东方朔").get_by_role("button").click()
    expect(page.get_by_role("heading", name=_WORDS[language]["same_id"])).to_be_visible()
    choices = page.get_by_role("main").get_by_role("listitem").get_by_role("button")
    expect(choices).to_contain_text(["呼延灼", "东方朔"])
    assert_accessible(page)
    shoot(page, f"two-hospitals-patient-{language}")
    choices.nth(1).click()
    expect(page).to_have_url(re.compile(f"/patients/{same_id}\\?hospital=b$"))
    expect(page.get_by_role("heading", level=1, name="东方朔")).to_be_visible()
    expect(page.get_by_text("乙院心率")).to_be_visible()
    expect(page.get_by_text("甲院心率")).to_have_count(0)


@pytest.mark.hazard("H-04")
def test_an_address_of_another_hospital_shows_nobody_of_ones_own(visit: Open, same_id: str) -> None:
    page = visit(f"/patients/{same_id}?hospital=b", "en")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_text("呼延灼")).to_have_count(0)
    page.goto(f"/patients/{same_id}?hospital=a")
    expect(page.get_by_role("heading", level=1, name="呼延灼")).to_be_visible()


def test_who_belongs_to_one_hospital_is_not_asked(visit: Open, both: str) -> None:
    assert both
    page = visit("/studies?q=8801")
    page.locator("tbody tr").dblclick()
    expect(page).to_have_url(re.compile(re.escape(_STUDY) + "$"))
    expect(page.locator("section").first).to_contain_text("8801-A")
    expect(page.get_by_role("img", name="1 / 2")).to_be_visible()


def test_who_writes_in_one_hospital_chooses_key_images_there_only(
    visit: Open, house: tuple[Server, Region], both: str
) -> None:
    server, mark = house[0], _WORDS["en"]["mark"]
    assert both
    for verb, code, role in (("create", "a", "engineer"), ("join", "b", "reader")):
        password = ("--password", PASSWORD) if verb == "create" else ()
        done = server.run("user", verb, "half", "--organisation", code, "--role", role, *password)
        assert done.returncode == 0, done.stderr
    page = visit(f"/studies/{_STUDY}?hospital=b", "en", "half")
    expect(page.get_by_role("img", name="1 / 2")).to_be_visible()
    expect(page.get_by_role("button", name=mark)).to_have_count(0)
    page.goto(f"/studies/{_STUDY}?hospital=a")
    expect(page.get_by_role("img", name="1 / 2")).to_be_visible()
    expect(page.get_by_role("button", name=mark)).to_be_visible()
