"""A message is kept before it is answered, sent again it gets the same answer, and nobody's is taken for another's."""

import asyncio
import hashlib

import pytest

from lightwell.app.node import Node
from lightwell.clinical import add_hl7_source
from lightwell.core import metrics
from lightwell.core.actors import house
from lightwell.core.net.callers import Caller
from lightwell.standards.hl7.mllp import FrameCutShort, FrameTooLong, MessageReceived
from tests.clinical.hl7.conftest import Sender
from tests.mllp import ack, adt, code
from tests.region import Region

KEPT = "SELECT raw, state, reason, resent FROM clinical.hl7_message WHERE control_id = %s ORDER BY id"


async def test_a_message_is_kept_as_it_came_before_it_is_answered(sender: Sender) -> None:
    raw = adt("R1", "R1")
    waiting = await sender.gateway.receiver.take(Caller("127.0.0.1", ""), MessageReceived(raw))
    assert not asyncio.ensure_future(waiting).done()
    [answer] = await waiting
    told = ack(answer)
    assert (told["MSA"][1].text, told["MSA"][2].text) == ("AA", "R1")
    assert told["MSH"][9].encoded == "ACK^A01^ACK"
    assert await sender.rows(KEPT, "R1") == [(raw, "received", "", 0)]
    [(digest,)] = await sender.rows("SELECT digest FROM clinical.hl7_message WHERE control_id = 'R1'")
    assert digest == hashlib.sha256(raw).digest()


async def test_a_message_that_is_sent_again_gets_the_same_answer_and_is_applied_once(sender: Sender) -> None:
    raw = adt("R2", "R2")
    first, second = await sender.send(raw, raw)
    await sender.apply()
    [third] = await sender.send(raw)
    await sender.apply()
    assert first == second == third
    [(_, state, _, resent)] = await sender.rows(KEPT, "R2")
    assert (state, resent) == ("done", 2)
    assert (await sender.patient("R2"))["meta"]["versionId"] == "1"


async def test_a_source_that_begins_its_control_ids_anew_is_not_taken_for_sending_again(sender: Sender) -> None:
    first = [adt(f"{number}", "R3", "A08", name=f"Before{number}^X") for number in range(3)]
    anew = [adt(f"{number}", "R3", "A08", name=f"After{number}^X") for number in range(3)]
    answers = await sender.send(*first, *anew, *anew)
    await sender.apply()
    assert [code(answer) for answer in answers] == ["AA"] * 9
    assert answers[3:6] == answers[6:], "the same bytes are sent again"
    rows = [row for number in range(3) for row in await sender.rows(KEPT, f"{number}")]
    assert [row[1:] for row in rows] == [("done", "", 0), ("done", "", 1)] * 3
    patient = await sender.patient("R3")
    assert (patient["name"][0]["family"], patient["meta"]["versionId"]) == ("After2", "6")


async def test_the_same_bytes_are_a_new_message_when_the_window_is_over(sender: Sender) -> None:
    raw = adt("R9", "R9")
    [first] = await sender.send(raw)
    await sender.age("R9", "23 hours 59 minutes")
    assert await sender.send(raw) == [first]
    await sender.age("R9", "2 minutes")
    second, third = await sender.send(raw, raw)
    assert code(second) == "AA"
    assert second == third != first
    await sender.apply()
    assert await sender.rows(KEPT, "R9") == [(raw, "done", "", 1), (raw, "done", "", 1)]


async def test_orders_without_numbers_under_one_control_id_are_two_orders(sender: Sender) -> None:
    def order(text: str) -> bytes:
        return adt("R10", "R10").replace(b"ADT^A01", b"ORM^O01") + f"ORC|NW\rOBR|1|||{text}\r".encode()

    await sender.became(order("CT"), order("MR"))
    found = await sender.of_patient("ServiceRequest", "R10")
    assert [item["code"]["coding"][0]["code"] for item in found] == ["CT", "MR"]


async def test_a_kind_that_nobody_makes_part_of_the_record_is_kept_and_told(sender: Sender) -> None:
    [answer] = await sender.send(adt("R4", "R4", "A60"))
    [(_, state, reason, _)] = await sender.rows(KEPT, "R4")
    assert (code(answer), state) == ("AE", "quarantined")
    assert "ADT^A60" in reason
    assert ack(answer)["ERR"][3][1] == "201"


async def test_a_corrected_message_may_have_the_control_id_of_one_that_was_kept_aside(sender: Sender) -> None:
    broken = adt("R5", "R5").replace("张".encode(), b"\xff\xff")
    answers = await sender.send(broken, adt("R5", "R5"))
    assert [code(answer) for answer in answers] == ["AE", "AA"]


@pytest.mark.parametrize(
    "raw", [b"", b"hello", b"PID|1||7\r", b"MSH", b"MSH|||||", b"\x00\x01\x02", b"MSH|^~\\&", b"\xef\xbb\xbfPID|"]
)
async def test_what_is_no_message_is_kept_and_told(sender: Sender, raw: bytes) -> None:
    [answer] = await sender.send(raw)
    assert code(answer) == "AE"
    [(state, reason)] = await sender.rows("SELECT state, reason FROM clinical.hl7_message WHERE raw = %s", raw)
    assert state == "quarantined"
    assert "expected" in reason or "not made part" in reason


async def test_what_is_no_message_is_of_who_sent_the_last_one_by_the_same_line(sender: Sender) -> None:
    for organisation_id, name in ((sender.region.a, "HISX"), (sender.region.b, "HISY")):
        async with sender.node.machines.transactions.begin(house(organisation_id)) as tx:
            await add_hl7_source(tx, organisation_id, name, name, network="172.16.0.0/12")
    one, other = Caller("172.16.0.9", "", 7), Caller("172.16.0.9", "", 8)
    raw = adt("RL", "RL").replace(b"|HIS|", b"|HISY|", 1)
    [[known], [kept]] = await sender.take(MessageReceived(raw), MessageReceived(b"PID|1||77"), caller=one)
    [[stranger]] = await sender.take(MessageReceived(b"PID|1||78"), caller=other)
    assert [code(known), code(kept), code(stranger)] == ["AA", "AE", "AR"]
    statement = "SELECT organisation_id FROM clinical.hl7_message WHERE raw = %s"
    assert await sender.rows(statement, b"PID|1||77") == [(sender.region.b,)]


async def test_half_a_message_is_kept_and_told_and_the_whole_one_is_taken_then(sender: Sender) -> None:
    raw = adt("R6", "R6")
    [[half], [whole]] = await sender.take(FrameCutShort(raw), MessageReceived(raw))
    assert [code(half), code(whole)] == ["AE", "AA"]


async def test_a_message_that_is_too_long_is_told_with_its_control_id(sender: Sender) -> None:
    [[answer]] = await sender.take(FrameTooLong(adt("R7", "R7")[:100], 19_999_999))
    assert (code(answer), ack(answer)["MSA"][2].text) == ("AR", "R7")
    assert "20000000 bytes" in ack(answer)["ERR"][8].text
    assert await sender.rows(KEPT, "R7") == []


async def test_nobody_known_is_refused_and_counted(sender: Sender) -> None:
    before = metrics.STRANGERS._value.get()
    [[answer]] = await sender.take(MessageReceived(adt("R8", "R8")), caller=Caller("10.9.8.7", ""))
    assert code(answer) == "AR"
    assert metrics.STRANGERS._value.get() == before + 1
    assert await sender.rows(KEPT, "R8") == []


async def test_enhanced_mode_tells_keeping_and_doing_apart(sender: Sender) -> None:
    def asking(control_id: str, commit: str, application: str, event: str = "A01") -> MessageReceived:
        raw = adt(control_id, control_id, event)
        return MessageReceived(raw.replace(b"|P|2.5\r", f"|P|2.5|||{commit}|{application}\r".encode(), 1))

    wanted = [("AL", "NE"), ("AL", "AL"), ("NE", "AL"), ("NE", "NE"), ("ER", "ER"), ("SU", "")]
    answers = await sender.take(*(asking(f"E{n}", *modes) for n, modes in enumerate(wanted)))
    assert [[code(item) for item in several] for several in answers] == [["CA"], ["CA", "AA"], ["AA"], [], [], ["CA"]]
    answers = await sender.take(*(asking(f"F{n}", *modes, "A60") for n, modes in enumerate(wanted)))
    assert [[code(item) for item in several] for several in answers] == [["CE"], ["CE"], ["AE"], [], ["CE"], []]


@pytest.mark.parametrize("charset", ["utf-8", "gb18030"])
async def test_chinese_comes_in_the_characters_that_are_agreed(
    sender: Sender, node: Node, region: Region, charset: str
) -> None:
    async with node.machines.transactions.begin(house(region.a)) as tx:
        await add_hl7_source(tx, region.a, f"old-{charset}", f"OLD-{charset}", charset="GB18030", network="127.0.0.0/8")
    raw = (
        adt(f"C-{charset}", f"C-{charset}", name="東^鋅觀葉").decode().replace("HIS", f"OLD-{charset}").encode(charset)
    )
    [answer] = await sender.send(raw)
    await sender.apply()
    assert code(answer) == "AA"
    assert (await sender.patient(f"C-{charset}"))["name"] == [{"text": "東鋅觀葉", "family": "東", "given": ["鋅觀葉"]}]


async def test_the_most_exact_source_says_whose_a_message_is(sender: Sender, node: Node, region: Region) -> None:
    async with node.machines.transactions.begin(house(region.a, region.b)) as tx:  # who acts for both decides
        await add_hl7_source(tx, region.b, "b", "HIS-B", network="127.0.0.0/8")
    sender.gateway.sources._read_s = -10.0
    [answer] = await sender.send(adt("B1", "B1").replace(b"|HIS|", b"|HIS-B|"))
    assert code(answer) == "AA"
    [(owner,)] = await sender.rows("SELECT organisation_id FROM clinical.hl7_message WHERE control_id = 'B1'")
    assert owner == region.b


async def test_many_lines_share_transactions_and_each_gets_its_own_answer(sender: Sender) -> None:
    answers = await sender.send(*(adt(f"M{number}", f"M{number}") for number in range(600)))
    assert [ack(answer)["MSA"][2].text for answer in answers] == [f"M{number}" for number in range(600)]
    [(count,)] = await sender.rows("SELECT count(*) FROM clinical.hl7_message WHERE control_id LIKE 'M%%'")
    assert count == 600
