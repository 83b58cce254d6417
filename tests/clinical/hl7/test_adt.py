"""ADT: patients, visits and beds, as admissions, moves and corrections change them."""

from collections.abc import Mapping
from typing import Any

import pytest

from lightwell.clinical import merging
from lightwell.core.actors import house
from lightwell.standards.fhir.resource import Resource
from tests.clinical.hl7.conftest import ISSUER, Sender, values_of
from tests.clinical.test_records import PLACE
from tests.mllp import adt

VISIT = {"pv1_2": "I", "pv1_3": "W1^R1^1", "pv1_7": "D1^王^医", "pv1_44": "20261126080000"}


def at(number: str, **more: str) -> dict[str, str]:
    return {**VISIT, "pv1_19": f"V-{number}", **more}


async def visit(sender: Sender, number: str) -> Resource:
    [encounter] = await sender.of_patient("Encounter", number)
    return encounter


async def beds(sender: Sender, encounter: Mapping[str, Any]) -> list[tuple[str, str, Mapping[str, str]]]:
    names = {f"Location/{item['id']}": item["description"] for item in await sender.resources("Location")}
    stays = encounter.get("location", ())
    return [(names[item["location"]["reference"]], item["status"], item.get("period", {})) for item in stays]


async def test_a_number_that_is_no_resident_id_is_kept_and_finds_nobody(sender: Sender) -> None:
    await sender.became(adt("RP1", "RP1", "A28", pid_19="E12345678"), adt("RP2", "RP2", "A28", pid_19="E12345678"))
    first, second = await sender.patient("RP1"), await sender.patient("RP2")
    assert first["id"] != second["id"]
    assert {"type": {"text": "PID-19"}, "value": "E12345678"} in first["identifier"]


async def test_an_admission_makes_patient_visit_and_bed(sender: Sender) -> None:
    told = {"pid_11": "解放路1号^^广州市^广东省^510000^CN^H", "pid_13": "^PRN^CP^^^^13800138000", "pid_16": "M"}
    await sender.became(adt("A1", "A1", "A01", **told, pid_19="11010519491231002X", **at("A1")))
    patient, encounter = await sender.patient("A1"), await visit(sender, "A1")
    assert [(item["system"], item["value"]) for item in patient["identifier"]] == [
        ("urn:lightwell:issuer:MR", "A1"),
        ("urn:oid:2.16.156.10011.1.3", "11010519491231002X"),
    ]
    assert patient["name"] == [{"text": "张三", "family": "张", "given": ["三"]}]
    assert (patient["gender"], patient["birthDate"], patient["active"]) == ("male", "1980-01-01", True)
    assert patient["address"][0]["city"] == "广州市"
    assert patient["telecom"] == [{"system": "phone", "value": "13800138000", "use": "mobile"}]
    assert patient["maritalStatus"]["coding"][0]["code"] == "M"
    assert (encounter["status"], encounter["class"]["code"]) == ("in-progress", "IMP")
    assert encounter["period"] == {"start": "2026-11-26T08:00:00+08:00"}
    assert encounter["participant"][0]["individual"]["display"] == "王医"
    assert await beds(sender, encounter) == [("W1 R1 1", "active", {"start": "2026-11-26T08:30:00+08:00"})]
    levels = {item["name"]: item["physicalType"]["coding"][0]["code"] for item in await sender.resources("Location")}
    assert levels == {"W1": "wa", "R1": "ro", "1": "bd"}


async def test_a_transfer_ends_one_stay_and_begins_another_and_is_taken_back(sender: Sender) -> None:
    await sender.became(
        adt("B1", "B1", "A01", **at("B1")),
        adt("B2", "B1", "A02", at="20261126120000", **at("B1", pv1_3="W2^R7^2")),
    )
    moved = {"start": "2026-11-26T08:30:00+08:00", "end": "2026-11-26T12:00:00+08:00"}
    assert await beds(sender, await visit(sender, "B1")) == [
        ("W1 R1 1", "completed", moved),
        ("W2 R7 2", "active", {"start": "2026-11-26T12:00:00+08:00"}),
    ]
    await sender.became(adt("B3", "B1", "A12", **at("B1")))
    assert await beds(sender, await visit(sender, "B1")) == [
        ("W1 R1 1", "active", {"start": "2026-11-26T08:30:00+08:00"})
    ]


async def test_a_discharge_ends_the_visit_and_is_taken_back(sender: Sender) -> None:
    await sender.became(
        adt("C1", "C1", "A01", **at("C1")), adt("C2", "C1", "A03", at="20261127090000", **at("C1", pv1_36="01"))
    )
    gone = await visit(sender, "C1")
    assert gone["status"] == "finished"
    assert gone["period"]["end"] == "2026-11-27T09:00:00+08:00"
    assert [state for _, state, _ in await beds(sender, gone)] == ["completed"]
    await sender.became(adt("C3", "C1", "A13", **at("C1")))
    back = await visit(sender, "C1")
    assert (back["status"], "end" in back["period"]) == ("in-progress", False)
    assert [state for _, state, _ in await beds(sender, back)] == ["active"]


async def test_a_discharge_is_expected_moved_and_called_off(sender: Sender) -> None:
    planned = "http://hl7.org/fhir/5.0/StructureDefinition/extension-Encounter.plannedEndDate"

    async def expected() -> list[str]:
        extensions = (await visit(sender, "E1")).get("extension", ())
        return [item["valueDateTime"] for item in extensions if item["url"] == planned]

    await sender.became(
        adt("E1", "E1", "A01", **at("E1")), adt("E2", "E1", "A16", planned="20261128100000", **at("E1"))
    )
    assert await expected() == ["2026-11-28T10:00:00+08:00"]
    await sender.became(adt("E3", "E1", "A08", pv2_9="20261129", **at("E1")))
    assert await expected() == ["2026-11-29"]
    await sender.became(adt("E4", "E1", "A08", **at("E1")))
    assert await expected() == ["2026-11-29"], "what is left empty stays"
    await sender.became(adt("E4a", "E1", "A16", planned="next week", **at("E1", pv2_9="3")))
    assert await expected() == ["2026-11-29"], "what is no time is no reason to lose what else is said"
    await sender.became(adt("E5", "E1", "A25", **at("E1")))
    assert await expected() == []
    assert (await visit(sender, "E1"))["status"] == "in-progress"


@pytest.mark.parametrize(
    ("event", "status"),
    [("A04", "in-progress"), ("A05", "planned"), ("A11", "cancelled"), ("A16", "in-progress"), ("A25", "in-progress")],
)
async def test_events_of_a_visit(sender: Sender, event: str, status: str) -> None:
    number = f"D-{event}"
    await sender.became(adt(number, number, event, **at(number)))
    assert (await visit(sender, number))["status"] == status


async def test_what_is_empty_stays_and_what_is_quoted_is_deleted(sender: Sender) -> None:
    full = {"pid_11": "1 Road^^Town", "pid_13": "111", "pid_14": "222", "pid_16": "M", "pid_29": "20261201"}
    await sender.became(adt("F1", "F1", "A28", **full))
    await sender.became(adt("F2", "F1", "A31", name="", pid_7="", pid_8=""))
    kept = await sender.patient("F1")
    assert kept["meta"]["versionId"] == "1"
    assert {"address", "telecom", "maritalStatus", "deceasedDateTime", "birthDate", "gender", "name"} <= kept.keys()
    await sender.became(adt("F3", "F1", "A31", **dict.fromkeys(("pid_11", "pid_13", "pid_16", "pid_29"), '""')))
    left = await sender.patient("F1")
    assert not {"address", "maritalStatus", "deceasedDateTime"} & left.keys()
    assert [item["value"] for item in left["telecom"]] == ["222"]
    assert left["name"] == kept["name"]


async def test_numbers_are_added_and_lead_to_the_same_patient(sender: Sender) -> None:
    await sender.became(adt("G1", "G1", "A28"), adt("G2", "x", "A31", pid_3="G1^^^MR~CARD-1^^^&1.2.156.7&ISO^BC"))
    await sender.became(adt("G3", "x", "A31", pid_3="CARD-1^^^&1.2.156.7&ISO", name="Card^Holder"))
    patient = await sender.patient("G1")
    assert patient["name"][0]["family"] == "Card"
    assert {item["system"] for item in patient["identifier"]} == {"urn:lightwell:issuer:MR", "urn:oid:1.2.156.7"}


async def test_without_an_authority_a_number_is_the_source_s(sender: Sender) -> None:
    await sender.became(adt("H1", "x", "A28", pid_3="H1"))
    assert (await sender.patient("H1"))["identifier"] == [{"system": ISSUER, "value": "H1"}]


@pytest.mark.hazard("H-01")
async def test_a_merge_moves_everything_and_can_be_undone(sender: Sender) -> None:
    await sender.became(
        adt("I1", "I1", "A01", **at("I1")),
        adt("I2", "I2", "A01", **at("I2")),
        adt("I3", "I1", "A40", mrg_1="I2^^^MR"),
        adt("I4", "I2", "A08", name="Now^One"),
    )
    survivor, retired = await sender.patient("I1"), await sender.patient("I2")
    assert survivor["name"][0]["family"] == "Now"
    assert retired["link"] == [{"other": {"reference": f"Patient/{survivor['id']}"}, "type": "replaced-by"}]
    assert len(await sender.of_patient("Encounter", "I1")) == 2
    async with sender.node.machines.transactions.begin(house(sender.region.a)) as tx:
        row = await (await tx.connection.execute("SELECT max(id) FROM clinical.merge")).fetchone()
        assert row is not None
        await merging.undo(tx, row[0], PLACE)
    assert len(await sender.of_patient("Encounter", "I1")) == 1
    await sender.became(adt("I5", "I2", "A08", name="Two^Again"))
    assert (await sender.patient("I2"))["name"][0]["family"] == "Two"


async def test_a_number_that_nobody_had_becomes_one_of_the_survivor(sender: Sender) -> None:
    await sender.became(adt("J1", "J1", "A28"), adt("J2", "J1", "A40", mrg_1="J-UNKNOWN^^^MR"))
    await sender.became(adt("J3", "J-UNKNOWN", "A31", name="By^Old"))
    patient = await sender.patient("J1")
    assert patient["name"][0]["family"] == "By"
    assert "J-UNKNOWN" in values_of(patient)


async def test_a_wrong_number_is_replaced_and_still_leads_to_the_patient(sender: Sender) -> None:
    await sender.became(adt("K1", "K-WRONG", "A28"), adt("K2", "K-RIGHT", "A47", mrg_1="K-WRONG^^^MR"))
    await sender.became(adt("K3", "K-RIGHT", "A31", name="Right^One"))
    patient = await sender.patient("K-RIGHT")
    assert patient == await sender.patient("K-WRONG")
    assert patient["name"][0]["family"] == "Right"


def both(control_id: str, event: str, one: str, other: str) -> bytes:
    """Return a message about two patients: after the first PID comes another."""
    second = adt("", other, event).rpartition(b"PID|")[2]
    return adt(control_id, one, event) + b"PID|" + second


def links(patient: Resource) -> list[tuple[str, str]]:
    return [(item["other"]["reference"], item["type"]) for item in patient.get("link", ())]


@pytest.mark.hazard("H-37")
async def test_two_who_are_said_to_be_one_say_so_of_each_other_and_stay_two(sender: Sender) -> None:
    await sender.became(adt("R1", "R1", "A01", **at("R1")), adt("R2", "R2", "A01", **at("R2")))
    await sender.became(both("R3", "A24", "R1", "R2"), both("R4", "A24", "R2", "R1"))
    one, other = await sender.patient("R1"), await sender.patient("R2")
    assert links(one) == [(f"Patient/{other['id']}", "seealso")]
    assert links(other) == [(f"Patient/{one['id']}", "seealso")]
    assert (one["active"], other["active"]) == (True, True)
    assert len(await sender.of_patient("Encounter", "R1")) == 1
    await sender.became(both("R5", "A37", "R1", "R2"))
    assert [links(await sender.patient(number)) for number in ("R1", "R2")] == [[], []]


async def test_a_newborn_has_its_time_of_birth_and_its_place_among_twins(sender: Sender) -> None:
    await sender.became(adt("L1", "L1", "A28", pid_7="202611260312", pid_24="Y", pid_25="2"))
    patient = await sender.patient("L1")
    assert (patient["birthDate"], patient["multipleBirthInteger"]) == ("2026-11-26", 2)
    assert patient["_birthDate"]["extension"][0]["valueDateTime"] == "2026-11-26T03:12:00+08:00"


async def test_relatives_are_contacts(sender: Sender) -> None:
    await sender.became(adt("N1", "N1", "A28", nk1_2="李^四", nk1_3="SPO^配偶^HL70063", nk1_5="13900139000"))
    [contact] = (await sender.patient("N1"))["contact"]
    assert contact["name"]["text"] == "李四"
    assert contact["relationship"][0]["coding"][0]["code"] == "SPO"
    assert contact["telecom"][0]["value"] == "13900139000"


# What is refused waits for a person, and comes last for that.
@pytest.mark.hazard("H-37")
async def test_what_is_unlinked_is_not_unmerged_and_what_is_unmerged_stays_linked(sender: Sender) -> None:
    await sender.became(adt("S1", "S1", "A28"), adt("S2", "S2", "A28"), both("S3", "A24", "S1", "S2"))
    await sender.became(adt("S4", "S1", "A40", mrg_1="S2^^^MR"), both("S6", "A24", "S1", "S2"))
    await sender.send(both("S5", "A37", "S1", "S2"))
    await sender.apply()
    [(reason,)] = await sender.rows("SELECT reason FROM clinical.hl7_message WHERE control_id = 'S5'")
    assert "undo that merge" in reason
    async with sender.node.machines.transactions.begin(house(sender.region.a)) as tx:
        row = await (await tx.connection.execute("SELECT max(id) FROM clinical.merge")).fetchone()
        assert row is not None
        await merging.undo(tx, row[0], PLACE)
    one, other = await sender.patient("S1"), await sender.patient("S2")
    assert links(one) == [(f"Patient/{other['id']}", "seealso")]
    assert links(other) == [(f"Patient/{one['id']}", "seealso")]


async def test_a_link_is_between_two(sender: Sender) -> None:
    await sender.send(adt("T1", "T1", "A24"))
    await sender.apply()
    [(reason,)] = await sender.rows("SELECT reason FROM clinical.hl7_message WHERE control_id = 'T1'")
    assert "expected two patients" in reason
    assert not [item for item in await sender.resources("Patient") if "T1" in values_of(item)]
