"""Whatever becomes another in a report is told with it, whoever writes at the same moment."""

import asyncio
from decimal import Decimal
from itertools import pairwise

import pytest

from lightwell.clinical.hl7.outgoing import operating
from lightwell.core.actors import house
from lightwell.standards.fhir.resource import Resource
from tests.clinical.hl7.outgoing.conftest import Hospital, report


def other(finding: Resource, value: str) -> Resource:
    """Return a finding with another value."""
    return finding | {"valueQuantity": finding["valueQuantity"] | {"value": Decimal(value)}}


def group(key: str, *members: str) -> Resource:
    """Return a finding that is a group of others."""
    named = [{"reference": f"Observation/{member}"} for member in members]
    return {"resourceType": "Observation", "id": key, "status": "final", "code": {"text": key}, "hasMember": named}


def naming(made: Resource, *findings: str) -> Resource:
    """Return a report that names these findings."""
    return made | {"result": [{"reference": f"Observation/{finding}"} for finding in findings]}


@pytest.mark.parametrize("depth", [1, 2, 7])
async def test_a_finding_deep_in_a_group_is_told_when_it_is_corrected(hospital: Hospital, depth: int) -> None:
    patient, finding, made = report(f"o1-{depth}")
    names = [finding["id"], *(f"o1-{depth}-group-{step}" for step in range(depth))]
    groups = [group(outer, inner) for inner, outer in pairwise(names)]
    await hospital.write(patient, finding, *groups, naming(made, names[-1]))
    await asyncio.sleep(0.005)
    await hospital.write(other(finding, "7.9"))
    await hospital.send()
    assert [message.all("OBX")[-1][5].text for message in hospital.told()] == ["5.4", "7.9"]


async def test_a_report_that_is_withdrawn_while_a_finding_is_corrected_stays_withdrawn(hospital: Hospital) -> None:
    patient, finding, made = report("o2")
    await hospital.write(patient, finding, made)
    await hospital.send()
    is_withdrawn = asyncio.Event()

    async def withdraw() -> None:
        async with hospital.node.machines.transactions.begin(house(hospital.region.a)) as tx:
            await hospital.write_in(tx, [made | {"status": "entered-in-error"}])
            is_withdrawn.set()
            await asyncio.sleep(0.3)

    async def correct() -> None:
        await is_withdrawn.wait()
        await hospital.write(other(finding, "5.8"))

    await asyncio.gather(withdraw(), correct())
    await hospital.send()
    assert [message["OBR"][25].text for message in hospital.told()] == ["F", "D", "D"]
    assert hospital.told()[-1]["OBX"][5].text == "5.8"


@pytest.mark.parametrize("is_grouped", [False, True])
async def test_a_finding_that_is_corrected_while_its_report_is_written_is_told(
    hospital: Hospital, *, is_grouped: bool
) -> None:
    key = f"o3-{is_grouped}"
    patient, finding, made = report(key)
    await hospital.write(patient, finding, group(f"{key}-group", finding["id"]))
    is_written = asyncio.Event()

    async def make() -> None:
        async with hospital.node.machines.transactions.begin(house(hospital.region.a)) as tx:
            await hospital.write_in(tx, [naming(made, f"{key}-group" if is_grouped else finding["id"])])
            is_written.set()
            await asyncio.sleep(0.3)

    async def correct() -> None:
        await is_written.wait()
        await hospital.write(other(finding, "7.7"))

    await asyncio.gather(make(), correct())
    await hospital.send()
    assert [message.all("OBX")[-1][5].text for message in hospital.told()] == ["5.4", "7.7"]


async def test_a_report_tells_a_correction_that_it_had_to_wait_for(hospital: Hospital) -> None:
    patient, finding, made = report("o4")
    await hospital.write(patient, finding)
    is_corrected = asyncio.Event()

    async def correct() -> None:
        async with hospital.node.machines.transactions.begin(house(hospital.region.a)) as tx:
            await asyncio.sleep(0.01)
            await hospital.write_in(tx, [other(finding, "7.7")])
            is_corrected.set()
            await asyncio.sleep(0.3)

    async def make() -> None:
        await is_corrected.wait()
        await hospital.write(made)

    await asyncio.gather(correct(), make())
    await hospital.send()
    assert [message["OBX"][5].text for message in hospital.told()] == ["7.7"]


async def test_a_finding_that_came_after_its_report_is_told_when_it_is_sent_again(hospital: Hospital) -> None:
    patient, finding, made = report("o5")
    await hospital.write(patient, made)
    await hospital.send()
    [number] = await hospital.numbers("failed")
    await asyncio.sleep(0.005)
    await hospital.write(finding)
    await asyncio.sleep(0.005)
    await hospital.rows("UPDATE clinical.hl7_destination SET kinds = '{MDM^T02}' RETURNING id")
    await hospital.write(other(finding, "6.1"))
    async with hospital.node.machines.transactions.begin(house(hospital.region.a)) as tx:
        await operating.resend(tx, number)
    await hospital.send()
    assert [message["OBX"][5].text for message in hospital.told()] == ["5.4"], "as it came"


async def test_a_visit_says_where_the_patient_lies_however_deep_the_places_are(hospital: Hospital) -> None:
    levels = (("bu", "一号楼"), ("wi", "东区"), ("wa", "心内科"), ("ro", "301"), ("bd", "2"))
    places: list[Resource] = []
    for code, name in levels:
        inside = (
            {"partOf": {"reference": f"Location/o6-{places[-1]['physicalType']['coding'][0]['code']}"}}
            if places
            else {}
        )
        level = {"physicalType": {"coding": [{"code": code}]}}
        places.append({"resourceType": "Location", "id": f"o6-{code}", "name": name, **level, **inside})
    patient, finding, made = report("o6")
    stay = {"location": {"reference": "Location/o6-bd"}, "status": "active"}
    visit = {
        "resourceType": "Encounter",
        "id": "o6",
        "status": "in-progress",
        "class": {"code": "IMP"},
        "location": [stay],
    }
    await hospital.write(patient, finding, *places, visit, made | {"encounter": {"reference": "Encounter/o6"}})
    await hospital.send()
    assert [message["PV1"][3].encoded for message in hospital.told()] == ["心内科^301^2"]
