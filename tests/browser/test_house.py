"""The pages of the house against a real server: upload, what is unsettled, devices, audit, administration."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import expect
from pynetdicom import AE
from pynetdicom.sop_class import Verification

from bench.peers import free_port
from lightwell.standards.dicom.part10 import file_meta
from tests.browser.accessibility import assert_accessible
from tests.browser.conftest import Open, Shoot
from tests.journeys.images import CT, EXPLICIT_LITTLE, Image, images, send
from tests.region import Region, Server, wait_for
from tests.sender import Sender

pytestmark = pytest.mark.peer


@pytest.fixture(scope="module")
def real(house: tuple[Server, Region]) -> Server:
    """The real server."""
    return house[0]


def _file(image: Image) -> bytes:
    return file_meta(CT, image.uid, EXPLICIT_LITTLE) + image.data_set


@pytest.mark.parametrize(
    ("language", "stored", "skipped"), [("zh-CN", "已保存", "已跳过"), ("en", "Stored", "Skipped")]
)
def test_files_are_uploaded_and_others_named(
    visit: Open, shoot: Shoot, tmp_path: Path, language: str, stored: str, skipped: str
) -> None:
    page = visit("/upload", language)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert_accessible(page)
    shoot(page, f"upload-empty-{language}")
    wanted = images(4, 8300 + len(language))
    for place, image in enumerate(wanted):
        (tmp_path / f"{place}.dcm").write_bytes(_file(image))
    (tmp_path / "notes.txt").write_text("no image")
    page.locator("input[type=file]").first.set_input_files(sorted(tmp_path.iterdir()))
    expect(page.get_by_text(stored, exact=True)).to_have_count(4)
    expect(page.get_by_text(skipped, exact=True)).to_have_count(1)
    assert_accessible(page)
    shoot(page, f"upload-{language}")
    page.locator("p a").first.click()
    expect(page).to_have_url(re.compile(re.escape(wanted[0].study)))


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_device_is_added_asked_and_removed(visit: Open, shoot: Shoot, real: Server, language: str) -> None:
    page = visit("/devices", language)
    expect(page.get_by_role("listitem").first).to_contain_text("CT_A")
    words = {
        "zh-CN": ("新增设备", "AE 标题", "主机", "端口", "连通测试", "移除"),
        "en": ("Add a device", "AE title", "Host", "Port", "Test the connection", "Remove"),
    }
    add, title, host, port, test, remove = words[language]
    page.get_by_role("button", name=add).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label(title).fill(f"SELF_{language[:2].upper()}")
    dialog.get_by_label(host).fill("127.0.0.1")
    dialog.get_by_label(port).fill(str(real.dicom_port))
    assert_accessible(page)
    shoot(page, f"device-form-{language}")
    dialog.get_by_role("button", name=add).click()
    card = page.get_by_role("listitem").filter(has_text=f"SELF_{language[:2].upper()}")
    card.get_by_role("button", name=test).click()
    expect(card.get_by_role("status")).to_be_visible()
    assert_accessible(page)
    shoot(page, f"devices-{language}")
    card.get_by_role("button", name=remove).click()
    card.get_by_role("button", name=remove).last.click()
    expect(card).to_have_count(0)


def test_a_device_that_is_not_there_does_not_answer(visit: Open) -> None:
    page = visit("/devices")
    page.get_by_role("button", name="新增设备").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("AE 标题").fill("NOBODY")
    dialog.get_by_label("主机").fill("127.0.0.1")
    dialog.get_by_label("端口").fill(str(free_port()))
    dialog.get_by_role("button", name="新增设备").click()
    card = page.get_by_role("listitem").filter(has_text="NOBODY")
    card.get_by_role("button", name="连通测试").click()
    expect(card.get_by_role("status")).to_contain_text("没有应答")


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_machine_tells_when_it_was_here_and_a_stranger_is_added(
    visit: Open, shoot: Shoot, real: Server, language: str
) -> None:
    words = {
        "zh-CN": ("正常结束", "设备中途中止", "最近的连接", "未登记的设备", "新增", "新增设备", "AE 标题", "来源地址"),
        "en": ("Completed", "Aborted by", "Last associations", "Unknown", "Add", "Add a device", "AE title", "From"),
    }
    completed, aborted, last, unknown, add, add_device, title, network = words[language]
    real.query("UPDATE archive.peer SET network = '10.9.0.0/16' WHERE calling_ae = 'CT_B'")  # so 127.* is hospital A's
    assert set(send(real, *images(12, 8350 + len(language)))) == {0}
    entity = AE(ae_title="CT_A")
    entity.add_requested_context(Verification)
    entity.associate("127.0.0.1", real.dicom_port, ae_title="LIGHTWELL").abort()
    stranger = f"NEW_{language[:2].upper()}"
    with pytest.raises(ConnectionRefusedError):
        Sender(real.dicom_port, [(CT, EXPLICIT_LITTLE)], calling=stranger)
    count = "SELECT count(*) FROM archive.association WHERE calling_ae = %s"
    assert wait_for(lambda: real.query(count, stranger)[0][0] == 1)
    page = visit("/devices", language)
    card = page.get_by_role("listitem").filter(has_text="CT_A").first
    expect(card).to_contain_text(aborted)
    card.get_by_role("button", name=last).click()
    expect(card.get_by_text(completed, exact=True).first).to_be_visible()
    expect(card).to_contain_text("C-STORE 12")
    region = page.get_by_role("region", name=unknown)
    expect(region.get_by_role("row").filter(has_text=stranger)).to_contain_text("127.0.0.1")
    assert_accessible(page)
    shoot(page, f"associations-{language}")
    region.get_by_role("button", name=f"{add} {stranger}").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label(title)).to_have_value(stranger)
    expect(dialog.get_by_label(network)).to_have_value("127.0.0.1")
    assert_accessible(page)
    shoot(page, f"stranger-form-{language}")
    dialog.get_by_role("button", name=add_device).click()
    expect(page.get_by_role("listitem").filter(has_text=stranger)).to_be_visible()
    expect(region.get_by_role("row").filter(has_text=stranger)).to_have_count(0)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_conflict_is_looked_at_and_settled(visit: Open, shoot: Shoot, real: Server, language: str) -> None:
    branch = 8310 + len(language)
    (standing,) = images(1, branch, name=b"Li^Donghua")
    arrived = Image(standing.uid, standing.study, standing.series, name=b"Li^Dong Hua", shade=9)
    assert send(real, standing) == [0]
    assert send(real, arrived) == [0]
    count = "SELECT count(*) FROM archive.conflict WHERE resolved_at IS NULL AND sop_instance_uid = %s"
    assert wait_for(lambda: real.query(count, standing.uid)[0][0] == 1)
    page = visit("/unsettled", language)
    row = page.locator("tr[data-differs=true]")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("Li Dong Hua")
    assert_accessible(page)
    shoot(page, f"conflict-{language}")
    page.get_by_role("button", name="改用后到文件" if language == "zh-CN" else "Take the later file").click()
    assert wait_for(lambda: real.query(count, standing.uid)[0][0] == 0)
    expect(row).to_have_count(0)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_file_in_quarantine_is_sent_back(
    visit: Open, shoot: Shoot, house: tuple[Server, Region], language: str
) -> None:
    real, region = house
    (image,) = images(1, 8320 + len(language))
    cut = httpx.post(
        f"{real.url}/dicom-web/studies",
        content=_file(image)[:-600],
        headers={"Authorization": f"Bearer {region.token_a}", "Content-Type": "application/dicom"},
    )
    assert cut.status_code == 409
    status = "SELECT resolution FROM archive.quarantine ORDER BY id DESC LIMIT 1"
    assert wait_for(lambda: bool(real.query(status)))
    page = visit("/unsettled", language)
    page.get_by_role("button", name="隔离" if language == "zh-CN" else "Quarantine").click()
    words = {
        "zh-CN": "像素数据不完整：应有|文件不完整，结尾缺失",
        "en": "The pixel data are incomplete|its end is missing",
    }
    expect(page.get_by_role("listitem").first).to_contain_text(re.compile(words[language]))
    assert_accessible(page)
    shoot(page, f"quarantine-{language}")
    page.get_by_role("textbox", name="理由" if language == "zh-CN" else "Reason").fill("sent again by the CT")
    page.get_by_role("button", name="退回" if language == "zh-CN" else "Send back").click()
    assert wait_for(lambda: real.query(status)[0][0] is not None)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_trail_tells_who_saw_a_patient(
    visit: Open, shoot: Shoot, house: tuple[Server, Region], language: str
) -> None:
    real, region = house
    (image,) = images(1, 8330, patient_id="P8330")
    assert send(real, image) == [0]
    assert real.get(image.address, region.token_a).status_code == 200
    page = visit("/audit", language)
    page.get_by_role("textbox").fill("P8330")
    page.keyboard.press("Enter")
    expect(page.get_by_role("grid")).to_contain_text("user-a")
    expect(page).to_have_url(re.compile("P8330"))
    assert_accessible(page)
    shoot(page, f"audit-{language}")
    page.get_by_role("textbox").fill("NOBODY-SAW")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="没有记录" if language == "zh-CN" else "No entries")).to_be_visible()


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_people_hospitals_and_tokens_are_administered(visit: Open, shoot: Shoot, language: str) -> None:
    page = visit("/administration", language)
    words = {
        "zh-CN": (
            "新增人员",
            "姓名",
            "用户名",
            "密码",
            "医院",
            "新增医院",
            "程序密钥",
            "代表账户",
            "用途",
            "新建密钥",
            "作废",
        ),
        "en": (
            "Add a person",
            "Name",
            "User name",
            "Password",
            "Hospitals",
            "Add a hospital",
            "Tokens",
            "Acts as",
            "Purpose",
            "Create a token",
            "Revoke",
        ),
    }
    add, name, username, password, hospitals, add_hospital, tokens, acts_as, purpose, create, revoke = words[language]
    page.get_by_role("button", name=add).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label(name, exact=True).fill("王医生")
    dialog.get_by_label(username).fill(f"wang-{language[:2]}")
    dialog.get_by_label(password).first.fill("a-long-pass-phrase-4")
    assert_accessible(page)
    dialog.get_by_role("button", name=add).click()
    row = page.get_by_role("row").filter(has_text=f"wang-{language[:2]}")
    row.click()
    expect(page.get_by_role("complementary", name="王医生")).to_be_visible()
    assert_accessible(page)
    shoot(page, f"people-{language}")
    page.get_by_role("button", name=hospitals, exact=True).click()
    expect(page.get_by_role("grid")).to_contain_text("甲医院")
    expect(page.get_by_role("button", name=add_hospital)).to_be_visible()
    shoot(page, f"hospitals-{language}")
    page.get_by_role("button", name=tokens).click()
    page.get_by_role("combobox", name=acts_as).click()
    page.get_by_role("option", name=f"wang-{language[:2]}").click()
    page.get_by_label(purpose).fill("RIS")
    page.get_by_role("button", name=create).click()
    expect(page.get_by_role("status").filter(has=page.locator("code"))).to_be_visible()
    assert_accessible(page)
    shoot(page, f"tokens-{language}")
    page.get_by_role("row").filter(has_text=f"wang-{language[:2]}").get_by_role("button", name=revoke).click()
    expect(page.get_by_role("row").filter(has_text=f"wang-{language[:2]}")).to_have_count(0)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_study_shows_thumbnails_and_attributes_and_can_be_downloaded(
    visit: Open, shoot: Shoot, real: Server, language: str
) -> None:
    further = ((0x00280004, b"CS", b"MONOCHROME2"),)
    slices = images(3, 8340, further=further, shade=700)
    assert set(send(real, *slices)) == {0}
    page = visit(f"/studies/{slices[0].study}", language)
    expect(page.get_by_role("img", name="1 / 3")).to_be_visible()
    thumbnail = page.locator("nav img").first
    expect(thumbnail).to_be_visible()
    assert thumbnail.evaluate("img => img.decode().then(() => img.naturalWidth)") == 128
    page.keyboard.press("i")
    panel = page.get_by_role("complementary")
    expect(panel).to_contain_text("Patient ID")
    panel.get_by_role("textbox").fill("rows")
    expect(panel.locator("tbody tr")).to_have_count(1)
    assert_accessible(page)
    shoot(page, f"attributes-{language}")
    with page.expect_download() as download:
        page.get_by_role("link", name="下载" if language == "zh-CN" else "Download").click()
    assert Path(download.value.path()).read_bytes().startswith(b"PK")


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_view_is_kept_and_narrows_the_list_again(visit: Open, shoot: Shoot, language: str) -> None:
    page = visit("/studies?modality=CT&date=today", language)
    views = page.get_by_role("button", name="视图" if language == "zh-CN" else "Views")
    views.click()
    name = f"CT {language}"
    page.get_by_role("textbox", name="保存当前筛选" if language == "zh-CN" else "Save how").fill(name)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name=name, exact=True)).to_be_visible()
    assert_accessible(page)
    shoot(page, f"views-{language}")
    page.goto("/studies")
    views.click()
    page.get_by_role("button", name=name, exact=True).click()
    expect(page).to_have_url(re.compile("modality=CT"))
