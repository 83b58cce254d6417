"""A patient is found by name, pinyin, number or day of birth, and what happened to them is seen at a glance."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from lightwell.app.imaged_patients import UNNAMED_ISSUER
from tests.browser.accessibility import assert_accessible
from tests.browser.conftest import Open, Shoot
from tests.journeys.images import images, send
from tests.region import Region, Server, wait_for

pytestmark = pytest.mark.peer
_NUMBER = "PT-4711"
_SYSTEM = UNNAMED_ISSUER  # images here name no issuer either
_ORDER = {
    "coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "MR"}],
}
_MONOCHROME = ((0x00280004, b"CS", b"MONOCHROME2"), (0x00281050, b"DS", b"2"), (0x00281051, b"DS", b"4"))
_RESULTS = (
    ("肌酐", 131, "µmol/L", 57, 97, "H"),
    ("钾", 4.2, "mmol/L", 3.5, 5.3, "N"),
    ("血红蛋白", 98, "g/L", 115, 150, "L"),
)
_WORDS = {
    "zh-CN": {
        "begin": "要找哪位患者？",
        "none": "没有找到",
        "all": "全部",
        "report": "检验结果",
        "high": "偏高",
        "record": "病历",
        "banner": "患者",
        "hospital": "甲医院",
    },
    "en": {
        "begin": "Whom are you looking for?",
        "none": "Nobody found",
        "all": "All",
        "report": "Results",
        "high": "Above range",
        "record": "Record",
        "banner": "Patient",
        "hospital": "Hospital A",
    },
}


def _post(server: Server, region: Region, resource: dict[str, Any]) -> str:
    headers = {"Authorization": f"Bearer {region.token_a}", "Content-Type": "application/fhir+json"}
    address = f"{server.url}/fhir/{resource['resourceType']}"
    answer = httpx.post(address, json=resource, headers=headers, trust_env=False)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


@pytest.fixture(scope="module")
def patient(house: tuple[Server, Region]) -> str:
    """Somebody with a visit, laboratory results, a prescription, and images."""
    server, region = house
    own = {"type": _ORDER, "system": _SYSTEM, "value": _NUMBER}
    name = {"text": "端木清扬", "family": "端木", "given": ["清扬"]}
    said = {"active": True, "gender": "female", "birthDate": "1961-03-08", "identifier": [own], "name": [name]}
    patient = _post(server, region, {"resourceType": "Patient", **said})
    subject = {"subject": {"reference": f"Patient/{patient}"}}
    place = {"location": {"display": "心内科 12床"}}
    inpatient = {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "IMP", "display": "住院"}
    visit = {"status": "in-progress", "class": inpatient, "period": {"start": "2026-11-20T08:30:00+08:00"}}
    _post(server, region, {"resourceType": "Encounter", **visit, "location": [place], **subject})
    results = [{"reference": f"Observation/{_measured(server, region, subject, *one)}"} for one in _RESULTS]
    report = {"status": "final", "code": {"text": "急诊生化"}, "effectiveDateTime": "2026-11-21T07:05:00+08:00"}
    _post(server, region, {"resourceType": "DiagnosticReport", **report, **subject, "result": results})
    pill = {"status": "active", "intent": "order", "medicationCodeableConcept": {"text": "美托洛尔缓释片 47.5 mg"}}
    dose = {"dosageInstruction": [{"text": "每日一次，早餐后"}], "authoredOn": "2026-11-21T09:00:00+08:00"}
    _post(server, region, {"resourceType": "MedicationRequest", **pill, **dose, **subject})
    return patient


def _measured(server: Server, region: Region, subject: dict[str, Any], *measured: Any) -> str:
    name, value, unit, low, high, flag = measured
    system = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"
    said = {"status": "final", "code": {"text": name}, "valueQuantity": {"value": value, "unit": unit}}
    outcome = {
        "effectiveDateTime": "2026-11-21T06:40:00+08:00",
        "referenceRange": [{"low": {"value": low}, "high": {"value": high}}],
        "interpretation": [{"coding": [{"system": system, "code": flag}]}],
    }
    return _post(server, region, {"resourceType": "Observation", **said, **outcome, **subject})


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_search_says_what_can_be_typed(visit: Open, shoot: Shoot, language: str) -> None:
    page = visit("/patients", language)
    expect(page.get_by_role("heading", name=_WORDS[language]["begin"])).to_be_visible()
    assert_accessible(page)
    shoot(page, f"patients-{language}")
    page.get_by_role("searchbox").fill("zzzzq")
    expect(page.get_by_role("heading", name=_WORDS[language]["none"])).to_be_visible()


@pytest.mark.parametrize("typed", ["端木清扬", "dmqy", "duanmu", _NUMBER, "1961-03-08"])
def test_a_patient_is_found_and_opened_by_keys(visit: Open, patient: str, typed: str) -> None:
    page = visit("/patients", "zh-CN")
    expect(page.get_by_role("searchbox")).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.type(typed)
    page.keyboard.press("Enter")  # gives the keys back to the list
    expect(page.get_by_role("listitem").filter(has_text="端木清扬")).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/patients/{patient}")
    expect(page.get_by_role("heading", level=1, name="端木清扬")).to_be_visible()


def _report(page: Page) -> Any:
    return page.get_by_role("main").get_by_role("listitem").filter(has_text="急诊生化")


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_timeline_shows_what_happened(
    visit: Open, shoot: Shoot, house: tuple[Server, Region], patient: str, language: str
) -> None:
    server, _ = house
    sent = images(1, 9700 + len(language), patient_id=_NUMBER, name=b"Duanmu^Qingyang", further=_MONOCHROME)
    assert set(send(server, *sent)) == {0}
    statement = "SELECT count(*) FROM clinical.resource WHERE type = 'ImagingStudy' AND body LIKE %s"
    assert wait_for(lambda: server.query(statement, f'%{sent[0].study}"%'.encode())[0][0] == 1, 20)
    page = visit(f"/patients/{patient}", language)
    words = _WORDS[language]
    expect(page.get_by_role("heading", level=1, name="端木清扬")).to_be_visible()
    expect(_report(page).get_by_role("listitem")).to_have_count(3)
    expect(_report(page).get_by_label(words["high"])).to_have_count(1)
    expect(page.get_by_text("心内科 12床")).to_be_visible()
    expect(page.get_by_role("region", name=words["banner"], exact=True).get_by_text(words["hospital"])).to_be_visible()
    thumbnail = page.get_by_role("main").locator("img").first
    expect(thumbnail).to_be_visible()
    assert thumbnail.evaluate("async image => { await image.decode(); return image.naturalWidth; }") > 0
    assert_accessible(page)
    shoot(page, f"patient-{language}")
    page.get_by_role("button", name=words["report"]).click()
    expect(page.get_by_text("心内科 12床")).to_have_count(0)
    page.get_by_role("button", name=words["all"]).click()
    page.get_by_role("main").get_by_role("listitem").get_by_role("button").first.click()
    page.wait_for_url("**/studies/**")
    page.get_by_role("button", name=words["record"]).click()
    page.wait_for_url(f"**/patients/{patient}")


@pytest.mark.hazard("H-04")
def test_a_patient_of_another_hospital_is_not_there(visit: Open, house: tuple[Server, Region]) -> None:
    server, region = house
    headers = {"Authorization": f"Bearer {region.token_b}", "Content-Type": "application/fhir+json"}
    body = {"resourceType": "Patient", "name": [{"text": "公冶长安"}]}
    other = httpx.post(f"{server.url}/fhir/Patient", json=body, headers=headers, trust_env=False).json()["id"]
    page = visit(f"/patients/{other}", "en")
    expect(page.get_by_text("公冶长安")).to_have_count(0)
    expect(page.get_by_role("alert")).to_be_visible()
    page.goto("/patients?text=公冶长安")
    expect(page.get_by_role("heading", name=_WORDS["en"]["none"])).to_be_visible()
