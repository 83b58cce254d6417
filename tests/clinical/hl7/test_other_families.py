"""Prescriptions, appointments, documents and people, as their messages make and change them."""

import base64
from decimal import Decimal

import pytest

from tests.clinical.hl7.conftest import Sender
from tests.mllp import message

PRESCRIBED = [
    *("RXE", "", "J01CA01^氨苄西林^ATC", "2", "", "g^^UCUM", "", "^每日两次", *[""] * 2, "14", "caps", "1"),
]


def head(control_id: str, kind: str) -> list[str]:
    return ["MSH", "^~\\&", "HIS", "A", "", "", "20261126083000", "", kind, control_id, "P", "2.5.1"]


def pid(number: str) -> list[str]:
    return ["PID", "1", "", f"{number}^^^MR", "", "王^五"]


async def test_a_drug_is_prescribed_dispensed_and_given(sender: Sender) -> None:
    orc = ["ORC", "NW", "RX-1", "", "", "", "", "", "", "20261126083000", "", "", "D7^赵^六"]
    route = ["RXR", "IV^静脉^HL70162"]
    rxd = ["RXD", "1", "J01CA01^氨苄西林^ATC", "20261126090000", "14", "caps"]
    rxa = [
        "RXA",
        "0",
        "1",
        "20261126100000",
        "20261126103000",
        "J01CA01^氨苄西林^ATC",
        "2",
        "g^^UCUM",
        "",
        "",
        "N1^钱^护",
    ]
    await sender.became(
        message(head("M1", "RDE^O11"), pid("M1"), orc, PRESCRIBED, route),
        message(head("M2", "RDS^O13"), pid("M1"), ["ORC", "RE", "RX-1"], rxd),
        message(head("M3", "RAS^O17"), pid("M1"), ["ORC", "RE", "RX-1"], [*rxa, *[""] * 9, "CP"], route),
        message(head("M4", "RAS^O17"), pid("M1"), ["ORC", "RE", "RX-1"], ["RXA", "0", "2", *rxa[3:], *[""] * 9, "RE"]),
    )
    [request] = await sender.of_patient("MedicationRequest", "M1")
    [dispense] = await sender.of_patient("MedicationDispense", "M1")
    first, second = await sender.of_patient("MedicationAdministration", "M1")
    reference = {"reference": f"MedicationRequest/{request['id']}"}
    [dosage] = request["dosageInstruction"]
    assert (request["status"], request["medicationCodeableConcept"]["text"]) == ("active", "氨苄西林")
    assert (dosage["text"], dosage["route"]["text"]) == ("每日两次", "静脉")
    assert dosage["doseAndRate"][0]["doseQuantity"]["value"] == Decimal(2)
    assert request["dispenseRequest"]["numberOfRepeatsAllowed"] == 1
    assert (dispense["authorizingPrescription"], dispense["quantity"]["value"]) == ([reference], Decimal(14))
    assert (first["status"], first["request"], first["dosage"]["dose"]["code"]) == ("completed", reference, "g")
    assert first["effectivePeriod"] == {"start": "2026-11-26T10:00:00+08:00", "end": "2026-11-26T10:30:00+08:00"}
    assert second["status"] == "not-done"


async def test_a_prescription_says_how_often_at_which_times_and_how_long(sender: Sender) -> None:
    def rde(number: str, pattern: str, times: str = "", priority: str = "") -> bytes:
        tq1 = ["TQ1", "1", "", pattern, times, "", "", "20261126080000", "20261128080000", priority]
        orc = ["ORC", "NW", f"RX-{number}"]
        return message(head(f"T{number}", "RDE^O11"), pid("M3"), orc, PRESCRIBED, tq1)

    await sender.became(rde("T1", "Q8H", "0800~1600", "S"), rde("T2", "bid"), rde("T3", "PRN"), rde("T4", "饭后"))
    found = await sender.of_patient("MedicationRequest", "M3")
    dosages = {item["identifier"][0]["value"]: item["dosageInstruction"][0] for item in found}
    first = dosages["RX-T1"]["timing"]["repeat"]
    bounds = {"start": "2026-11-26T08:00:00+08:00", "end": "2026-11-28T08:00:00+08:00"}
    assert first.pop("boundsPeriod") == bounds
    assert first == {"frequency": 1, "period": 8, "periodUnit": "h", "timeOfDay": ["08:00:00", "16:00:00"]}
    assert dosages["RX-T2"]["timing"]["repeat"]["frequency"] == 2
    assert (dosages["RX-T3"]["asNeededBoolean"], dosages["RX-T4"]["timing"]["code"]) == (True, {"text": "饭后"})
    assert {item.get("priority") for item in found} == {"stat", None}


async def test_a_dose_that_is_corrected_stays_one_dose(sender: Sender) -> None:
    def ras(control_id: str, count: str, time: str, action: str) -> bytes:
        rxa = ["RXA", "0", count, time, time, "J01CA01^氨苄西林^ATC", "2", "g^^UCUM", *[""] * 13, action]
        return message(head(control_id, "RAS^O17"), pid("M2"), ["ORC", "RE", "RX-2"], rxa)

    async def doses() -> set[tuple[str, str]]:
        told = await sender.of_patient("MedicationAdministration", "M2")
        return {(dose["effectiveDateTime"][11:16], dose["status"]) for dose in told}

    first, second, third = (("1", "202611261000"), ("1", "202611261400"), ("2", "202611261800"))
    await sender.became(*(ras(f"G{n}", *dose, "A") for n, dose in enumerate((first, second, third))))
    done = "completed"
    assert await doses() == {("10:00", done), ("14:00", done), ("18:00", done)}  # two doses of one count are two doses
    await sender.became(ras("G3", "2", "202611261815", "U"), ras("G4", *second, "D"))
    assert await doses() == {("10:00", done), ("14:00", "entered-in-error"), ("18:15", done)}
    await sender.became(ras("G5", "2", "202611261820", "D"))
    assert await doses() == {("10:00", done), ("14:00", "entered-in-error"), ("18:20", "entered-in-error")}
    await sender.send(ras("G6", "1", "202611261030", "U"))  # of which of the two?
    await sender.apply()
    [(state, reason)] = await sender.rows("SELECT state, reason FROM clinical.hl7_message WHERE control_id = 'G6'")
    assert (state, "RXA-3" in reason) == ("failed", True)
    await sender.forget_failed()


@pytest.mark.hazard("H-04")
async def test_a_dose_of_an_order_number_that_is_used_again_is_corrected_as_the_same_dose(sender: Sender) -> None:
    def ras(control_id: str, number: str, time: str, action: str) -> bytes:
        rxa = ["RXA", "0", "1", time, time, "J01CA01^氨苄西林^ATC", "2", "g^^UCUM", *[""] * 13, action]
        return message(head(control_id, "RAS^O17"), pid(number), ["ORC", "RE", "RX-AGAIN"], rxa)

    for number, time in (("U1", "202611261000"), ("U2", "202611261100")):
        await sender.became(ras(number, number, time, "A"))
    await sender.became(ras("U3", "U2", "202611261130", "U"), ras("U4", "U2", "202611261140", "D"))
    [dose] = await sender.of_patient("MedicationAdministration", "U2")
    assert (dose["effectiveDateTime"][11:16], dose["status"]) == ("11:40", "entered-in-error")
    [other] = await sender.of_patient("MedicationAdministration", "U1")
    assert (other["effectiveDateTime"][11:16], other["status"]) == ("10:00", "completed")


async def test_an_appointment_is_made_moved_and_called_off(sender: Sender) -> None:
    def siu(control_id: str, event: str, start: str, end: str) -> bytes:
        sch = ["SCH", "AP-1", "", "", "", "", "复诊^复诊", "", "", "30", "min", f"^^30^{start}^{end}"]
        ail = ["AIL", "1", "", "OPD^R3"]
        return message(head(control_id, f"SIU^{event}"), sch, pid("S1"), ["AIP", "1", "", "D7^赵^六"], ail)

    await sender.became(siu("S1", "S12", "202612010900", "202612010930"))
    [made] = await sender.resources("Appointment")
    assert (made["status"], made["start"], made["minutesDuration"]) == ("booked", "2026-12-01T09:00:00+08:00", 30)
    assert [next(iter(item["actor"].values()))[:7] for item in made["participant"]] == ["Patient", "Practit", "Locatio"]
    await sender.became(siu("S2", "S13", "202612020900", "202612020930"), siu("S3", "S15", "", ""))
    [gone] = await sender.resources("Appointment")
    assert (gone["status"], gone["start"], gone["meta"]["versionId"]) == ("cancelled", "2026-12-02T09:00:00+08:00", "3")


async def test_a_document_is_filed_replaced_and_withdrawn(sender: Sender) -> None:
    def mdm(control_id: str, event: str, number: str, parent: str = "") -> bytes:
        txa = ["TXA", "1", "OP^手术记录", "TX", "", "", "20261126080000", "", "", "D7^赵^六", "", "", number, parent]
        lines = [["OBX", "1", "TX", "OP^手术记录", "", "第一行"], ["OBX", "2", "TX", "OP^手术记录", "", "第二行"]]
        return message(head(control_id, f"MDM^{event}"), pid("D1"), [*txa, "", "", "", "AU"], *lines)

    await sender.became(mdm("D1", "T02", "DOC-1"), mdm("D2", "T10", "DOC-2", "DOC-1"))
    old, new = await sender.of_patient("DocumentReference", "D1")
    assert (old["status"], new["status"], new["docStatus"]) == ("superseded", "current", "final")
    assert new["relatesTo"] == [{"code": "replaces", "target": {"reference": f"DocumentReference/{old['id']}"}}]
    assert base64.b64decode(old["content"][0]["attachment"]["data"]).decode() == "第一行\n第二行"
    await sender.became(mdm("D3", "T11", "DOC-2"))
    [_, new] = await sender.of_patient("DocumentReference", "D1")
    assert new["status"] == "entered-in-error"


@pytest.mark.hazard("H-04")
async def test_a_document_replaces_one_of_the_same_patient_alone(sender: Sender) -> None:
    def mdm(control_id: str, event: str, patient: str, number: str, parent: str = "") -> bytes:
        txa = ["TXA", "1", "OP^手术记录", "TX", "", "", "20261126080000", "", "", "", "", "", number, parent]
        return message(head(control_id, f"MDM^{event}"), pid(patient), txa, ["OBX", "1", "TX", "OP", "", "第一行"])

    for number in ("E1", "E2"):
        await sender.became(mdm(number, "T02", number, "DOC-100"))
    await sender.became(mdm("E3", "T10", "E2", "DOC-101", "DOC-100"))
    [others] = await sender.of_patient("DocumentReference", "E1")
    old, new = await sender.of_patient("DocumentReference", "E2")
    assert (others["status"], old["status"], new["status"]) == ("current", "superseded", "current")
    assert new["relatesTo"] == [{"code": "replaces", "target": {"reference": f"DocumentReference/{old['id']}"}}]
    await sender.became(mdm("E4", "T10", "E3", "DOC-102", "DOC-100"))
    assert [item["status"] for item in await sender.of_patient("DocumentReference", "E1")] == ["current"]


async def test_people_of_the_hospital_come_and_go(sender: Sender) -> None:
    def mfn(control_id: str, act: str, *, is_active: str = "A") -> bytes:
        stf = ["STF", "D7", "", "赵^六", "", "F", "19700101", is_active, "", "", "^WPN^PH^^^^87654321"]
        mfi = ["MFI", "PRA^^HL70175", "", "UPD", "", "", "AL"]
        return message(head(control_id, "MFN^M02"), mfi, ["MFE", act, "", "", "D7", "CWE"], stf)

    await sender.became(mfn("P1", "MAD"))
    [person] = await sender.resources("Practitioner")
    assert (person["name"][0]["text"], person["active"], person["gender"]) == ("赵六", True, "female")
    assert person["identifier"] == [{"system": "urn:test:mr", "value": "D7"}]
    await sender.became(mfn("P2", "MDC"))
    [person] = await sender.resources("Practitioner")
    assert (person["active"], person["meta"]["versionId"]) == (False, "2")
