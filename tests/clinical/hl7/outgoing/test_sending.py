"""What the record says goes to other systems: in order, again until it is taken, and never back to who said it."""

import asyncio
import ssl
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from lightwell.clinical.hl7.outgoing import destinations, sending
from lightwell.clinical.hl7.outgoing.answers import MOST_REFUSALS
from lightwell.clinical.hl7.outgoing.destinations import Terms
from lightwell.clinical.hl7.outgoing.sending import Sender
from lightwell.clinical.outbox import System
from lightwell.core import tls
from lightwell.core.actors import house
from lightwell.core.errors import Conflict, InvalidRequest, NotFound
from lightwell.core.net.outgoing import read_outgoing
from lightwell.core.settings import Settings
from lightwell.standards.hl7.ack import Code, Reason
from lightwell.standards.hl7.mllp import frame
from tests.clinical.hl7.conftest import Sender as Source
from tests.clinical.hl7.outgoing.conftest import HERE, Hospital, report
from tests.mllp_listener import (
    Act,
    accept,
    answer_to_another,
    control_id,
    drop,
    garbage,
    keep_silent,
    listening,
    refuse,
)


async def test_a_report_is_told_with_what_was_found_and_whom_it_is_about(hospital: Hospital) -> None:
    await hospital.write(*report("t1"))
    await hospital.send()
    [message] = hospital.told()
    assert [segment.name for segment in message] == ["MSH", "PID", "ORC", "OBR", "OBX"]
    assert [message["MSH"][n].text for n in (3, 5, 6, 12, 18)] == ["LIGHTWELL", "LIS", "A", "2.5.1", "UNICODE UTF-8"]
    assert message["MSH"][9].encoded == "ORU^R01^ORU_R01"
    assert (message["PID"][3].text, message["PID"][5].text, message["PID"][5][2]) == ("70001", "張", "葉東")
    assert (message["OBR"][25].text, message["OBR"][4][2]) == ("F", "电解质")
    assert [message["OBX"][n].text for n in (2, 3, 5, 6, 11)] == ["NM", "2823-3", "5.4", "mmol/L", "F"]
    assert await hospital.states() == [("sent", "", 1)]


async def test_what_is_not_final_is_not_told_and_what_was_told_is_taken_back(hospital: Hospital) -> None:
    for status in ("preliminary", "registered", "final", "amended", "entered-in-error"):
        await hospital.write(*report("t2", status=status))
    await hospital.send()
    assert [message["OBR"][25].text for message in hospital.told()] == ["F", "M", "D"]


async def test_a_message_tells_of_the_version_that_caused_it(hospital: Hospital) -> None:
    for value in ("5.4", "5.5", "5.6"):
        await hospital.write(*report("t3", value))
        await asyncio.sleep(0.005)  # versions are told apart by their milliseconds
    await hospital.send()
    assert [message["OBX"][5].text for message in hospital.told()] == ["5.4", "5.5", "5.6"]
    assert hospital.listener.lines == 1, "the line stays open"


async def test_a_finding_that_is_corrected_is_told_with_its_report(hospital: Hospital) -> None:
    patient, finding, made = report("t22")
    await hospital.write(patient, finding, made)
    await hospital.write(finding | {"valueQuantity": finding["valueQuantity"] | {"value": Decimal("5.8")}})
    await hospital.send()
    assert [message["OBX"][5].text for message in hospital.told()] == ["5.4", "5.8"]


async def test_what_is_rolled_back_is_not_told(hospital: Hospital) -> None:
    async def write_and_fail() -> None:
        async with hospital.node.machines.transactions.begin(house(hospital.region.a)) as tx:
            await hospital.write_in(tx, report("t-never"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await write_and_fail()
    await hospital.send()
    assert await hospital.states() == []


@pytest.mark.parametrize("act", [drop, keep_silent, garbage, answer_to_another], ids=lambda act: act.__name__)
async def test_without_an_answer_the_same_message_goes_again_before_the_next(hospital: Hospital, act: Act) -> None:
    hospital.listener.acts = [act, act]
    await hospital.write(*report("t4", "4"))
    await hospital.write(*report("t5", "5"))
    await hospital.send_until("sent", 2)
    [first, second, third, other] = hospital.listener.came
    assert first == second == third
    assert control_id(other) != control_id(first)
    assert [state[2] for state in await hospital.states()] == [3, 1]
    assert hospital.listener.lines == 3


async def test_a_late_answer_is_not_taken_for_that_of_the_next_message(hospital: Hospital) -> None:
    late: list[bytes] = []

    def answer_later(raw: bytes) -> bytes:
        late.append(accept(raw))
        return b""

    def answer_both(raw: bytes) -> bytes:
        return late[0] + refuse(Reason.REQUIRED_FIELD_MISSING)(raw)  # type: ignore[operator]

    hospital.listener.acts = [answer_later, accept, answer_both]
    await hospital.write(*report("t6"))
    await hospital.write(*report("t7"))
    await hospital.send_until("failed", 1)
    assert [state[0] for state in await hospital.states()] == ["sent", "failed"]


async def test_trouble_of_the_moment_is_waited_out(hospital: Hospital) -> None:
    hospital.listener.acts = [refuse(Reason.APPLICATION_RECORD_LOCKED), refuse(Reason.APPLICATION_INTERNAL_ERROR)]
    await hospital.write(*report("t8"))
    await hospital.send_until("sent", 1)
    assert len(set(hospital.listener.came)) == 1
    assert await hospital.states() == [("sent", "", 3)]


@pytest.mark.parametrize("code", [Code.APPLICATION_ERROR, Code.APPLICATION_REJECT, Code.COMMIT_ERROR])
async def test_what_is_refused_for_good_goes_to_the_operator_and_the_next_one_goes(
    hospital: Hospital, code: Code
) -> None:
    hospital.listener.acts = [refuse(Reason.UNKNOWN_KEY_IDENTIFIER, code)]
    await hospital.write(*report("t9"))
    await hospital.write(*report("t10"))
    await hospital.send_until("sent", 1)
    failed, sent = await hospital.states()
    assert (failed[0], sent[0]) == ("failed", "sent")
    assert failed[1] == f"{code.value} 204 unknown key identifier (PID-3)", "codes, and no word of the peer's"


async def test_who_told_of_something_is_not_told_of_it(hospital: Hospital) -> None:
    await hospital.write(*report("t11"), told_by=System("LIS", "A"))
    await hospital.write(*report("t12"), told_by=System("LIS", "B"))
    await hospital.write(*report("t13"), told_by=System("RIS", "A"))
    assert len(await hospital.states()) == 2


async def test_what_came_by_a_message_is_told_to_all_but_its_sender(hospital: Hospital, sender: Source) -> None:
    from tests.clinical.hl7.test_results import oru  # noqa: PLC0415 -- beside the fixture that it needs

    await sender.became(oru("ECHO1", "E1", "OBX|1|NM|2823-3^K^LN||5.4|mmol/L^^UCUM|||||F"))
    assert await hospital.states() == []
    other = oru("ECHO2", "E1", "OBX|1|NM|2823-3^K^LN||5.6|mmol/L^^UCUM|||||F").replace(b"|LIS|", b"|RIS|", 1)
    await sender.became(other)
    await hospital.send()
    [message] = hospital.told()
    assert [message["OBX"][n].text for n in (3, 5, 6)] == ["2823-3", "5.6", "mmol/L"]
    assert [message["ORC"][n].text for n in (2, 3)] == ["P-E1", "F-E1"]


async def test_a_system_that_hung_up_is_called_again(hospital: Hospital) -> None:
    await hospital.write(*report("t14"))
    await hospital.send()
    hospital.listener.hang_up()
    await asyncio.sleep(0.05)
    await hospital.write(*report("t15"))
    await hospital.send_until("sent", 2)
    assert len(hospital.listener.came) == 2


async def test_nobody_there_is_waited_for_and_says_why(hospital: Hospital) -> None:
    await hospital.change(port=1)
    await hospital.write(*report("t16"))
    await hospital.send()
    [(state, reason, tries)] = await hospital.states()
    assert (state, tries) == ("waiting", 1)
    assert "Connect call failed" in reason or "line failed" in reason
    await hospital.change()
    await hospital.send_until("sent", 1)


async def test_another_node_sends_only_when_the_first_is_gone(hospital: Hospital) -> None:
    other = Sender(hospital.node.machines)
    await hospital.write(*report("t17"))
    await hospital.send()
    await hospital.write(*report("t18"))
    await other.look()
    assert other._sending == {}
    await hospital.sender._stop()
    await other.look()
    await asyncio.gather(*other._sending.values())
    assert [state[0] for state in await hospital.states()] == ["sent", "sent"]
    await other._stop()


async def test_messages_go_by_tls_to_who_is_known_and_to_nobody_else(hospital: Hospital) -> None:
    folder = hospital.node.machines.settings.data_dir / "tls"
    tls.ensure_certificates(folder, ["localhost"])
    known = tls.server_context(tls.issue(folder, "lis", ["127.0.0.1"], "server"))
    stranger = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    own = tls.ensure_certificates(folder.parent / "other", ["127.0.0.1"])
    stranger.load_cert_chain(own.certificate, own.key)
    for context, wanted in ((known, "sent"), (stranger, "waiting")):
        async with listening(context) as secure:
            await hospital.change(port=secure.port, is_tls=True)
            await hospital.write(*report(f"tls-{wanted}"))
            await hospital.send()
            assert (await hospital.states())[-1][0] == wanted
    assert "TLS failed" in (await hospital.states())[-1][1]


async def test_what_a_message_cannot_hold_goes_to_the_operator(hospital: Hospital) -> None:
    patient, finding, made = report("t19")
    finding = {key: value for key, value in finding.items() if key != "valueQuantity"}
    sampled = {"origin": {"value": Decimal(0)}, "period": Decimal(10), "dimensions": 1, "data": "1 2"}
    await hospital.write(patient, finding | {"valueSampledData": sampled}, made)
    await hospital.send()
    [(state, reason, _)] = await hospital.states()
    assert (state, reason) == ("failed", "expected a value that an OBX can hold, valueSampledData came")
    assert hospital.listener.came == []


async def test_each_telling_is_in_the_audit_trail(hospital: Hospital) -> None:
    await hospital.write(*report("t20", patient="audited"))
    await hospital.send()
    statement = "SELECT subject, detail FROM core.audit WHERE action = 'record.told' ORDER BY id DESC LIMIT 1"
    async with hospital.node.machines.transactions.begin(house(hospital.region.a)) as tx:
        [(subject, detail)] = await (await tx.connection.execute(statement)).fetchall()
    assert subject == "patient/audited"
    assert (detail["destination"], detail["kind"]) == (hospital.destination, "ORU^R01")


async def test_a_system_for_which_something_waits_is_not_removed(hospital: Hospital) -> None:
    await hospital.write(*report("t21"))
    transactions = hospital.node.machines.transactions
    async with transactions.begin(house(hospital.region.a)) as tx:
        with pytest.raises(Conflict, match="1 messages wait for it"):
            await destinations.remove(tx, hospital.destination)
    await hospital.send()
    async with transactions.begin(house(hospital.region.a)) as tx:
        await destinations.remove(tx, hospital.destination)
        with pytest.raises(NotFound):
            await destinations.remove(tx, hospital.destination)
    await hospital.send()
    assert hospital.sender._lines == {}, "its line is closed"


async def test_the_line_is_closed_when_another_node_has_the_system(hospital: Hospital) -> None:
    await hospital.write(*report("t23"))
    await hospital.send()
    [(_, line)] = hospital.sender._lines.values()
    take = "UPDATE clinical.hl7_destination SET held_by = 'other', held_until = 'infinity' RETURNING id"
    await hospital.rows(take)
    await hospital.sender.look()
    assert hospital.sender._lines == {}
    assert not line.is_open


async def test_trouble_that_does_not_pass_goes_to_the_operator_and_the_next_one_goes(hospital: Hospital) -> None:
    refused = refuse(Reason.APPLICATION_INTERNAL_ERROR)
    hospital.listener.acts = [refused] * MOST_REFUSALS
    await hospital.write(*report("t24"))
    await hospital.write(*report("t25"))
    await hospital.rows("UPDATE clinical.hl7_outgoing SET tries = 5000 WHERE state = 'waiting' RETURNING id")
    await hospital.send_now(MOST_REFUSALS - 1)
    assert [state[0] for state in await hospital.states()] == ["waiting", "waiting"], "what went before is no refusal"
    await hospital.send_now()
    (failed, reason, _), sent = await hospital.states()
    assert (failed, reason, sent[0]) == ("failed", "AE 207 application internal error (PID-3)", "sent")


async def test_each_message_goes_where_the_system_listens_by_then(hospital: Hospital) -> None:
    async with listening() as second:
        for number in range(6):
            await hospital.write(*report(f"t26-{number}"))
        note = hospital.sender._note

        async def note_and_move(*about: Any) -> None:
            await note(*about)
            if len(hospital.listener.came) == 2 and not second.came:
                await hospital.change(port=second.port)

        hospital.sender._note = note_and_move  # type: ignore[method-assign]
        await hospital.send()
        assert (len(hospital.listener.came), len(second.came)) == (2, 4)


async def test_a_fault_of_ours_is_a_try_that_says_so(hospital: Hospital, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(sending, "call", fail)
    await hospital.write(*report("t27"))
    await hospital.send()
    assert await hospital.states() == [("waiting", "a fault of ours: ZeroDivisionError", 1)]


@pytest.mark.parametrize("code", ["AE", "AR", "CE", "CR"])
async def test_a_system_that_could_not_read_the_number_refuses_without_it(hospital: Hospital, code: str) -> None:
    hospital.listener.acts = [accept, _unnumbered(code), _unnumbered(code)]
    for key in ("t28", "t29", "t30"):
        await hospital.write(*report(f"{key}-{code}"))
    await hospital.send_now(2)
    sent, (state, reason, tries), last = await hospital.states()
    assert (sent[0], state, tries, last[0]) == ("sent", "failed", 2, "sent"), "not on a line where another was asked"
    assert reason == f"{code} 101 required field missing (PID-3)"


async def test_what_is_taken_without_its_number_is_not_taken_for_sent_and_is_shown(hospital: Hospital) -> None:
    hospital.listener.acts = [_unnumbered("AA")]
    await hospital.write(*report("t31"))
    await hospital.send()
    [(state, reason, _)] = await hospital.states()
    assert state == "waiting"
    assert reason.endswith("what came answered no message of ours")
    answers = "SELECT answer FROM clinical.hl7_outgoing WHERE destination_id = %s"
    [(answer,)] = await hospital.rows(answers, hospital.destination)
    assert b"MSA|AA|" in answer


def _unnumbered(code: str) -> Act:
    text = f"MSH|^~\\&|LIS|A|||20260101||ACK|1|P|2.5.1\rMSA|{code}|\rERR||PID^1^3|101^Required^HL70357|E\r"
    return lambda _: frame(text.encode())


async def test_an_address_that_may_not_be_called_any_more_is_not_called(hospital: Hospital) -> None:
    hospital.sender._allowed = read_outgoing("10.0.0.0/8", "LIGHTWELL_HL7_TARGETS")
    await hospital.write(*report("t32"))
    await hospital.send()
    [(state, reason, _)] = await hospital.states()
    assert (state, "LIGHTWELL_HL7_TARGETS" in reason, hospital.listener.lines) == ("waiting", True, 0)


def test_at_first_messages_go_to_private_networks_only() -> None:
    allowed = destinations.targets(Settings())
    for host in ("10.1.2.3", "172.16.0.1", "192.168.1.1", "fd00::1"):
        allowed.require(host)
    for host in ("8.8.8.8", "127.0.0.1", "169.254.169.254", "::1"):
        with pytest.raises(InvalidRequest, match="LIGHTWELL_HL7_TARGETS"):
            allowed.require(host)


async def test_another_destination_of_the_same_system_is_told_to_be_there(hospital: Hospital) -> None:
    terms = Terms("B", "127.0.0.1", 7, "LIS", "A")
    async with hospital.node.machines.transactions.begin(house(hospital.region.a)) as tx:
        number = await destinations.add(tx, hospital.region.a, terms, HERE)
    same = replace(terms, port=hospital.listener.port)

    async def change() -> None:
        async with hospital.node.machines.transactions.begin(house(hospital.region.a)) as tx:
            await destinations.change(tx, hospital.region.a, number, same, HERE)

    with pytest.raises(Conflict, match="is told already"):
        await change()


@pytest.mark.parametrize(
    "wrong",
    [
        {"port": 0},
        {"host": " "},
        {"host": "10.0.0..5"},
        {"host": "8.8.8.8"},
        {"charset": "8859/1"},
        {"charset": "x"},
        {"kinds": ("ADT^A01",)},
        {"kinds": ()},
    ],
)
async def test_terms_that_cannot_be_are_told(hospital: Hospital, wrong: dict[str, object]) -> None:
    terms = replace(Terms("X", "lis.example", 2575, "LIS"), **wrong)  # type: ignore[arg-type]
    async with hospital.node.machines.transactions.begin(house(hospital.region.a)) as tx:
        with pytest.raises(InvalidRequest, match="expected"):
            await destinations.add(tx, hospital.region.a, terms, HERE)
