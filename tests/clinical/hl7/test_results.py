"""Orders and results: what was asked for and what was found, and how corrections change it."""

from decimal import Decimal
from typing import Any

import pytest

from lightwell.standards.fhir.resource import Resource
from tests.clinical.hl7.conftest import Sender
from tests.mllp import message


def oru(control_id: str, number: str, *obx: str, order: str = "", status: str = "F") -> bytes:
    name, at = order or number, "20261126080000"
    return message(
        ["MSH", "^~\\&", "LIS", "A", "", "", "20261126083000", "", "ORU^R01^ORU_R01", control_id, "P", "2.5.1"],
        ["PID", "1", "", f"{number}^^^MR", "", "王^五"],
        ["ORC", "RE", f"P-{name}", f"F-{name}"],
        ["OBR", "1", f"P-{name}", f"F-{name}", "58410-2^CBC^LN", "", "", at, *[""] * 14, at, "", "LAB", status],
        *(line.split("|") for line in obx),
    )


def orm(control_id: str, number: str, control: str = "NW", **more: str) -> bytes:
    obr = ["OBR", "1", f"P-{number}", "", "CT-1^胸部CT^LOCAL", more.get("priority", "")]
    return message(
        ["MSH", "^~\\&", "HIS", "A", "", "", "20261126083000", "", "ORM^O01", control_id, "P", "2.4"],
        ["PID", "1", "", f"{number}^^^MR", "", "王^五"],
        ["PV1", "1", "I", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", more.get("visit", "")],
        ["ORC", control, f"P-{number}", "", "", "", "", "", "", "20261126082900", "", "", "D7^赵^六"],
        obr,
        ["NTE", "1", "", "请空腹"],
    )


async def observations(sender: Sender, number: str) -> list[Resource]:
    return await sender.of_patient("Observation", number)


def value(resource: Resource) -> Any:
    return next((part for name, part in resource.items() if name.startswith("value")), None)


async def test_an_order_is_a_request_and_is_cancelled(sender: Sender) -> None:
    await sender.became(orm("A1", "A1", priority="S", visit="V-A1"))
    [request] = await sender.of_patient("ServiceRequest", "A1")
    [encounter] = await sender.of_patient("Encounter", "A1")
    assert (request["status"], request["intent"], request["priority"]) == ("active", "order", "stat")
    assert request["code"]["coding"][0] == {"system": "urn:lightwell:codes:LOCAL", "code": "CT-1", "display": "胸部CT"}
    assert request["requester"]["display"] == "赵六"
    assert request["note"] == [{"text": "请空腹"}]
    assert request["authoredOn"] == "2026-11-26T08:29:00+08:00"
    assert request["encounter"]["reference"] == f"Encounter/{encounter['id']}"
    await sender.became(orm("A2", "A1", "CA"))
    [request] = await sender.of_patient("ServiceRequest", "A1")
    assert (request["status"], request["meta"]["versionId"]) == ("revoked", "2")


@pytest.mark.hazard("H-01")
async def test_a_number_that_is_used_again_is_another_report_of_another_patient(sender: Sender) -> None:
    kinds = ("DiagnosticReport", "Observation", "ServiceRequest")
    potassium, sodium = "OBX|1|NM|K^钾||3.1|mmol/L", "OBX|1|NM|NA^钠||140|mmol/L"
    await sender.became(oru("U1", "U1", potassium, order="U"))
    first = [await sender.of_patient(kind, "U1") for kind in kinds]
    await sender.became(oru("U2", "U2", potassium, sodium, order="U"), oru("U3", "U2", sodium, order="U", status="C"))
    assert first == [await sender.of_patient(kind, "U1") for kind in kinds]
    [report] = await sender.of_patient("DiagnosticReport", "U2")
    [request] = await sender.of_patient("ServiceRequest", "U2")
    found = [f"Observation/{one['id']}" for one in await sender.of_patient("Observation", "U2")]
    assert (report["status"], report["meta"]["versionId"]) == ("corrected", "2")
    assert sorted(item["reference"] for item in report["result"]) == sorted(found)
    assert report["basedOn"] == [{"reference": f"ServiceRequest/{request['id']}"}]


@pytest.mark.hazard("H-01")
async def test_a_visit_never_becomes_another_patients(sender: Sender) -> None:
    await sender.became(orm("W1", "W1", visit="1"))  # the first stay of each patient, as many systems count
    before = await sender.of_patient("Encounter", "W1")
    await sender.became(orm("W2", "W2", visit="1"), orm("W3", "W2", "CA", visit="1"))
    assert before == await sender.of_patient("Encounter", "W1")
    [encounter] = await sender.of_patient("Encounter", "W2")
    [request] = await sender.of_patient("ServiceRequest", "W2")
    assert request["encounter"]["reference"] == f"Encounter/{encounter['id']}"


@pytest.mark.parametrize(
    ("obx", "expected"),
    [
        ("NM|718-7^Hb^LN||13.50|g/dL^^UCUM", {"value": Decimal("13.50"), "unit": "g/dL", "code": "g/dL"}),
        ("NM|1^A^L||<5", "<5"),
        ("NM|1^A^L||-.5E2", {"value": Decimal(-50)}),
        ("SN|1^A^L||>^100|mg", {"value": Decimal(100), "comparator": ">", "unit": "mg"}),
        ("SN|1^A^L||^1^:^128", {"numerator": {"value": Decimal(1)}, "denominator": {"value": Decimal(128)}}),
        ("SN|1^A^L||^3^-^5", {"low": {"value": Decimal(3)}, "high": {"value": Decimal(5)}}),
        ("SN|1^A^L||^3^+", "3 +"),
        ("ST|1^A^L||阳性", "阳性"),
        ("TX|1^A^L||line one~line two", "line one\nline two"),
        ("FT|1^A^L||a\\.br\\b", "a\nb"),
        ("CWE|1^A^L||260385009^Negative^SCT", "Negative"),
        ("DT|1^A^L||20261101", "2026-11-01"),
        ("TM|1^A^L||0830", "08:30:00"),
        ("NM|1^A^L||", None),
        ("ZZ|1^A^L||as^it&came", "as it came"),
    ],
)
async def test_values_of_every_type(sender: Sender, obx: str, expected: Any) -> None:
    number = f"V{abs(hash(obx))}"
    await sender.became(oru(number, number, f"OBX|1|{obx}" + "|" * (9 - obx.count("|")) + "F"))
    [found] = await observations(sender, number)
    given = value(found)
    if isinstance(given, dict) and "text" in given:
        assert given["text"] == expected
    elif isinstance(expected, dict):
        assert {name: part for name, part in given.items() if name != "system"} == expected
    else:
        assert given == expected
    if expected and "13.50" in obx:
        assert str(given["value"]) == "13.50"


async def test_a_correction_is_another_version_of_the_same(sender: Sender) -> None:
    first = ["OBX|1|NM|718-7^Hb^LN||13.5|g/dL|13-17|N|||P", "OBX|2|NM|6690-2^WBC^LN||7.1|||H|||P"]
    await sender.became(oru("B1", "B1", *first, status="P"))
    await sender.became(oru("B2", "B1", "OBX|1|NM|718-7^Hb^LN||31.5|g/dL|13-17|HH|||C", status="C"))
    hb, wbc = await observations(sender, "B1")
    [report] = await sender.of_patient("DiagnosticReport", "B1")
    assert (hb["status"], hb["valueQuantity"]["value"], hb["meta"]["versionId"]) == ("corrected", Decimal("31.5"), "2")
    assert hb["interpretation"][0]["coding"][0]["code"] == "HH"
    assert hb["referenceRange"] == [{"text": "13-17"}]
    assert wbc["meta"]["versionId"] == "1"
    assert report["status"] == "corrected"
    assert [item["reference"] for item in report["result"]] == [f"Observation/{item['id']}" for item in (hb, wbc)]


async def test_lines_of_a_text_report_are_each_kept(sender: Sender) -> None:
    lines = [f"OBX|{n}|TX|IMP^诊断意见^L||第{n}行||||||F" for n in range(1, 4)]
    await sender.became(oru("C1", "C1", *lines))
    assert [item["valueString"] for item in await observations(sender, "C1")] == ["第1行", "第2行", "第3行"]


async def test_a_comment_belongs_to_what_stands_before_it(sender: Sender) -> None:
    lines = ["NTE|1||of the report", "OBX|1|NM|1^A^L||1||||||F", "NTE|1||of A", "OBX|2|NM|2^B^L||2||||||F"]
    await sender.became(oru("D1", "D1", *lines))
    a, b = await observations(sender, "D1")
    assert a["note"] == [{"text": "of A"}]
    assert "note" not in b


async def test_a_file_is_presented_by_the_report(sender: Sender) -> None:
    await sender.became(oru("E1", "E1", "OBX|1|ED|PDF^报告^L||^AP^PDF^Base64^JVBERi0xLjQ=||||||F"))
    [report] = await sender.of_patient("DiagnosticReport", "E1")
    assert report["presentedForm"] == [{"contentType": "application/pdf", "data": "JVBERi0xLjQ=", "title": "报告"}]
    assert await observations(sender, "E1") == []


async def test_a_report_completes_what_was_asked_for(sender: Sender) -> None:
    await sender.became(orm("F1", "F1"), oru("F2", "F1", "OBX|1|NM|1^A^L||1||||||F"))
    [request] = await sender.of_patient("ServiceRequest", "F1")
    [report] = await sender.of_patient("DiagnosticReport", "F1")
    assert report["basedOn"] == [{"reference": f"ServiceRequest/{request['id']}"}]
    assert request["code"]["coding"][0]["code"] == "CT-1"


async def test_an_order_does_not_change_who_somebody_is(sender: Sender) -> None:
    await sender.became(orm("G1", "G1"), oru("G2", "G1").replace("王^五".encode(), b"Other^Name"))
    assert (await sender.patient("G1"))["name"][0]["text"] == "王五"


async def test_what_is_quoted_in_an_order_is_deleted_and_what_is_empty_stays(sender: Sender) -> None:
    def order(control_id: str, requester: str, reason: str) -> bytes:
        obr = ["OBR", "1", "P-N1", "", "CT-1^胸部CT^LOCAL", *[""] * 26, reason]
        orc = ["ORC", "XO", "P-N1", *[""] * 9, requester]
        head = ["MSH", "^~\\&", "HIS", "A", "", "", "20261126083000", "", "ORM^O01", control_id, "P", "2.5"]
        return message(head, ["PID", "1", "", "N1^^^MR", "", "王^五"], orc, obr)

    await sender.became(order("N1", "D7^赵^六", "R51^头痛"), order("N2", "", '""'))
    [request] = await sender.of_patient("ServiceRequest", "N1")
    assert (request["requester"]["display"], request.get("reasonCode")) == ("赵六", None)
    await sender.became(order("N3", '""', ""))
    [request] = await sender.of_patient("ServiceRequest", "N1")
    assert "requester" not in request


async def test_a_report_that_ends_later_has_one_time(sender: Sender) -> None:
    def report(control_id: str, end: str) -> bytes:
        obr = ["OBR", "1", "", "F-E1", "58410-2^CBC^LN", "", "", "20261126080000", end, *[""] * 16, "F"]
        head = ["MSH", "^~\\&", "LIS", "A", "", "", "20261126083000", "", "ORU^R01", control_id, "P", "2.5.1"]
        return message(head, ["PID", "1", "", "E1^^^MR", "", "王^五"], obr)

    await sender.became(report("E1", ""), report("E2", "20261126090000"))
    [found] = await sender.of_patient("DiagnosticReport", "E1")
    assert found["effectivePeriod"] == {"start": "2026-11-26T08:00:00+08:00", "end": "2026-11-26T09:00:00+08:00"}
    assert "effectiveDateTime" not in found


async def test_what_is_quoted_is_deleted(sender: Sender) -> None:
    await sender.became(oru("H1", "H1", "OBX|1|NM|1^A^L||1||||||F"), oru("H2", "H1", 'OBX|1|NM|1^A^L||""||||||W'))
    [found] = await observations(sender, "H1")
    assert (value(found), found["status"]) == (None, "entered-in-error")
