"""Key images on the page of a study: shown first, marked, gone to by a key, chosen and taken back."""

from __future__ import annotations

import re
from itertools import count
from pathlib import Path

import pydicom
import pytest
from playwright.sync_api import expect
from pydicom.sr.coding import Code

from tests.archive.notes import KO, REJECTED, file_of, note, store
from tests.browser.accessibility import assert_accessible
from tests.browser.conftest import Open, Shoot
from tests.journeys.images import find
from tests.region import Region, Server, wait_for

pytestmark = pytest.mark.peer
_HEAD = Path(__file__).parents[2] / "src/lightwell/app/demo_images/ct-head"
_NUMBERS = count(1)
_WORDS = {
    "zh-CN": {
        "key": "关键图像",
        "surgery": "供手术",
        "mark": "标为关键图像",
        "marked": "已标为关键",
        "rejected": "已弃用：质量不合格",
    },
    "en": {
        "key": "Key images",
        "surgery": "For surgery",
        "mark": "Mark as key",
        "marked": "Marked as key",
        "rejected": "Rejected: Quality",
    },
}


@pytest.fixture
def study(house: tuple[Server, Region]) -> list[str]:
    """A CT of a head, under a UID of its own; the UIDs of study and images."""
    number = next(_NUMBERS)
    uids: list[str] = []
    study_uid = f"1.2.826.0.1.3680043.9.9999.8700.{number}"
    for place, path in enumerate(sorted(_HEAD.glob("*.dcm"))[8:18], 1):
        image = pydicom.dcmread(path)
        image.StudyInstanceUID, image.SeriesInstanceUID = study_uid, f"{study_uid}.1"
        image.SOPInstanceUID = f"{study_uid}.1.{place}"
        image.PatientName, image.SpecificCharacterSet = "Li^Donghua=李^东华", "ISO_IR 192"
        store(house[0], house[1].token_a, file_of(image))
        uids.append(image.SOPInstanceUID)
    return [study_uid, *uids]


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_key_images_come_first_and_rejected_ones_are_said(
    visit: Open, shoot: Shoot, house: tuple[Server, Region], study: list[str], language: str
) -> None:
    (server, region), words = house, _WORDS[language]
    uid, *images = study
    surgery = Code("113003", "DCM", "For Surgery")
    store(server, region.token_a, file_of(note(uid, [(images[4], []), (images[7], [])], surgery, "脑室旁，请看")))
    store(server, region.token_a, file_of(note(uid, [(images[7], [])], REJECTED)))
    page = visit(f"/studies/{uid}", language)
    keys = page.get_by_role("region", name=words["key"])
    expect(keys.get_by_role("button")).to_have_count(1)
    expect(keys).to_contain_text(words["surgery"])
    expect(page.get_by_role("img", name="5 / 10")).to_be_visible()
    expect(page.get_by_text(re.compile(f"{words['surgery']} · 脑室旁，请看"))).to_be_visible()
    page.wait_for_timeout(400)
    assert_accessible(page)
    shoot(page, f"key-images-{language}")
    for _ in range(3):
        page.keyboard.press("j")
    expect(page.get_by_role("img", name="8 / 10")).to_be_visible()
    expect(page.get_by_text(words["rejected"])).to_be_visible()
    expect(page.get_by_role("button", name=words["mark"])).to_have_count(0)
    page.wait_for_timeout(400)
    shoot(page, f"key-images-rejected-{language}")
    page.keyboard.press("n")
    expect(page.get_by_role("img", name="5 / 10")).to_be_visible()


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_an_image_is_marked_as_key_and_that_is_taken_back(
    visit: Open, shoot: Shoot, house: tuple[Server, Region], study: list[str], language: str
) -> None:
    (server, region), words = house, _WORDS[language]
    uid, *images = study
    page = visit(f"/studies/{uid}", language)
    keys = page.get_by_role("region", name=words["key"])
    expect(page.get_by_role("img", name="1 / 10")).to_be_visible()
    expect(keys).to_have_count(0)
    page.keyboard.press("j")
    page.get_by_role("button", name=words["mark"]).click()
    expect(page.get_by_role("button", name=words["marked"])).to_be_visible()
    expect(keys.get_by_role("button")).to_have_count(1)
    page.keyboard.press("End")
    expect(page.get_by_role("button", name=words["mark"])).to_be_visible()
    page.keyboard.press("m")
    expect(keys.get_by_role("button")).to_have_count(2)
    expect(page.get_by_role("img", name="10 / 10")).to_be_visible()
    assert_accessible(page)
    page.wait_for_timeout(400)
    shoot(page, f"key-images-marked-{language}")
    answer = server.get(f"/api/studies/{uid}/key-images", region.token_a).json()
    assert [image["sop_instance_uid"] for image in answer["images"]] == [images[1], images[9]]
    page.keyboard.press("n")
    expect(page.get_by_role("img", name="2 / 10")).to_be_visible()
    expect(page.get_by_role("button", name=words["marked"])).to_be_visible()  # one mark is made at a time
    page.keyboard.press("m")
    expect(keys.get_by_role("button")).to_have_count(1)
    page.keyboard.press("n")
    expect(page.get_by_role("button", name=words["marked"])).to_be_visible()
    page.keyboard.press("m")
    expect(keys).to_have_count(0)
    expect(page.get_by_role("img", name="10 / 10")).to_be_visible()
    documents = f"/dicom-web/studies/{uid}/instances"
    assert wait_for(lambda: len(find(server, region.token_a, documents, SOPClassUID=KO)) == 4)
