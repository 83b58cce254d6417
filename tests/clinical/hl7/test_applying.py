"""Messages of a patient are applied in their order, once; what fails waits for a person, and keeps nobody else."""

import asyncio

import pytest
from psycopg import errors

from lightwell.clinical import correct_message, replay_message, see_message, troubled_messages
from lightwell.clinical.hl7.applying import Applier
from lightwell.clinical.hl7.model import Received
from lightwell.clinical.numbers import Number
from lightwell.clinical.patients import ensure_patient
from lightwell.core.actors import house
from lightwell.core.errors import Conflict, InvalidRequest, NotFound
from lightwell.standards.fhir.resource import Resource
from tests.clinical.hl7.conftest import ISSUER, Sender
from tests.clinical.test_records import PLACE
from tests.mllp import adt, code

STATE = "SELECT state, reason, tries FROM clinical.hl7_message WHERE control_id = %s"


async def test_messages_of_a_patient_keep_their_order_among_those_of_others(sender: Sender) -> None:
    messages = [
        adt(f"O{step}-{number}", f"O{number}", "A08", name=f"Name{step}^X") for step in range(6) for number in range(20)
    ]
    await sender.became(*messages)
    for number in range(20):
        patient = await sender.patient(f"O{number}")
        assert patient["name"][0]["family"] == "Name5"
        assert patient["meta"]["versionId"] == "6"


async def test_several_nodes_apply_each_message_once(sender: Sender) -> None:
    await sender.send(*(adt(f"N{step}", "N1", "A08", name=f"Name{step}^X") for step in range(12)))
    others = [Applier(sender.node.machines, sender.gateway.sources, sender.gateway.handlers) for _ in range(3)]

    async def work(applier: Applier) -> None:
        for _ in range(40):
            await applier.apply_ready()

    await asyncio.gather(*map(work, others))
    patient = await sender.patient("N1")
    assert (patient["name"][0]["family"], patient["meta"]["versionId"]) == ("Name11", "12")


@pytest.mark.hazard("H-01")
async def test_thirty_two_messages_of_one_new_patient_make_one(sender: Sender) -> None:
    await sender.became(*(adt(f"P{number}", "P1", "A28") for number in range(32)))
    await sender.patient("P1")


@pytest.mark.hazard("H-01")
async def test_thirty_two_writers_at_once_make_one_patient_and_no_error(sender: Sender) -> None:
    numbers = [Number(ISSUER, "RACE"), Number("urn:test:card", "RACE")]

    def update(patient: Resource | None) -> Resource:
        identifiers = [{"system": number.issuer, "value": number.value} for number in numbers]
        return patient or {"resourceType": "Patient", "identifier": identifiers}

    async def write(turn: int) -> str:
        async with sender.node.machines.transactions.begin(house(sender.region.a)) as tx:
            some = numbers if turn % 2 else numbers[::-1]
            return (await ensure_patient(tx, sender.region.a, some, update, PLACE)).id

    assert len(set(await asyncio.gather(*map(write, range(32))))) == 1
    assert (await sender.patient("RACE"))["meta"]["versionId"] == "1"


@pytest.mark.hazard("H-01")
async def test_numbers_of_two_patients_in_one_message_are_for_a_person_to_decide(sender: Sender) -> None:
    await sender.became(adt("Q1", "Q1"), adt("Q2", "Q2"))
    await sender.send(adt("Q3", "Q1", pid_3="Q1^^^MR~Q2^^^MR"))
    await sender.apply()
    [(state, reason, _)] = await sender.rows(STATE, "Q3")
    assert state == "failed"
    assert "belong to 2 patients" in reason
    assert "Q1" not in reason
    await sender.forget_failed()


async def test_what_fails_does_not_keep_the_patient_from_going_on(sender: Sender) -> None:
    await sender.send(adt("S1", "S1", pid_7="19801399"), adt("S2", "S1", name="Later^X"))
    await sender.apply()
    assert [row[0] for name in ("S1", "S2") for row in await sender.rows(STATE, name)] == ["failed", "done"]
    assert (await sender.patient("S1"))["name"][0]["family"] == "Later"
    await sender.forget_failed()


async def test_an_operator_replays_and_corrects_and_the_original_stays(sender: Sender) -> None:
    raw = adt("T1", "T1", pid_7="19801399")
    await sender.send(raw)
    await sender.apply()
    a = house(sender.region.a)
    transactions = sender.node.machines.transactions
    async with transactions.begin(a) as tx:
        [trouble] = await troubled_messages(tx, "in")
        assert (trouble.control_id, trouble.state, trouble.tries) == ("T1", "failed", 1)
        assert (await see_message(tx, "in", trouble.id)).raw == raw
        await replay_message(tx, trouble.id)
    await sender.apply()
    async with transactions.begin(a) as tx:
        [trouble] = await troubled_messages(tx, "in")
        with pytest.raises(InvalidRequest):
            await correct_message(tx, sender.gateway, trouble.id, b"PID|")
        corrected = raw.replace(b"19801399", b"19801231")
        number = await correct_message(tx, sender.gateway, trouble.id, corrected)
    await sender.apply()
    assert (await sender.patient("T1"))["birthDate"] == "1980-12-31"
    rows = await sender.rows("SELECT raw, edited_from FROM clinical.hl7_message WHERE control_id = 'T1' ORDER BY id")
    assert rows == [(raw, None), (corrected, trouble.id)]
    async with transactions.begin(a) as tx:
        with pytest.raises(Conflict, match="settled it meanwhile"):
            await correct_message(tx, sender.gateway, trouble.id, corrected.replace(b"19801231", b"19801230"))
        with pytest.raises(NotFound):
            await replay_message(tx, number)
    async with transactions.begin(house(sender.region.b)) as tx:
        assert await troubled_messages(tx, "in") == []
        with pytest.raises(NotFound):
            await see_message(tx, "in", trouble.id)
    await sender.forget_failed()


async def test_what_is_wrong_for_a_moment_is_tried_again_and_later_ones_wait(sender: Sender) -> None:
    real = sender.gateway.handlers["ADT^A08"]
    failures = iter(range(2))
    seen: list[str] = []

    async def sometimes(received: Received) -> None:
        seen.append(received.message.header.control_id)
        if received.message.header.control_id == "U1" and next(failures, None) is not None:
            raise errors.UniqueViolation
        await real(received)

    handlers = {**sender.gateway.handlers, "ADT^A08": sometimes}
    applier = Applier(sender.node.machines, sender.gateway.sources, handlers)
    answers = await sender.send(*(adt(f"U{n}", "U1", "A08") for n in (1, 2)), adt("U3", "U3", "A08"))
    assert {code(answer) for answer in answers} == {"AA"}
    for _ in range(100):
        await applier.apply_ready()
        if "U2" in seen:
            break
        await asyncio.sleep(0.05)
    assert [name for name in seen if name != "U3"] == ["U1", "U1", "U1", "U2"]
    assert seen.index("U3") < 3
    assert [row[0] for name in ("U1", "U2") for row in await sender.rows(STATE, name)] == ["done", "done"]


async def test_a_fault_of_ours_is_told_by_its_kind_only(sender: Sender) -> None:
    async def broken(received: Received) -> None:
        raise ValueError(received.message["PID"][5].encoded)

    applier = Applier(sender.node.machines, sender.gateway.sources, {"ADT^A01": broken})
    await sender.send(adt("V1", "V1", name="Secret^Name"))
    await applier.apply_ready()
    [(state, reason, _)] = await sender.rows(STATE, "V1")
    assert (state, reason) == ("failed", "a fault of ours or of the database: ValueError")
    await sender.forget_failed()
