"""What a person does about messages that were not taken: once, by one person, and never an old one over a newer one."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from lightwell.clinical.hl7 import troubled
from lightwell.clinical.hl7.outgoing import operating
from lightwell.core.actors import house
from lightwell.core.errors import Conflict, InvalidRequest, NotFound
from lightwell.core.tx import Tx
from lightwell.standards.hl7.ack import Reason
from tests.clinical.hl7.outgoing.conftest import Hospital, report
from tests.mllp_listener import control_id, keep_silent, refuse

UNKNOWN = refuse(Reason.UNKNOWN_KEY_IDENTIFIER)


async def act(hospital: Hospital, work: Callable[[Tx], Awaitable[Any]]) -> Any:
    """Do something in a transaction of hospital A."""
    async with hospital.node.machines.transactions.begin(house(hospital.region.a)) as tx:
        return await work(tx)


async def refused(hospital: Hospital, key: str, value: str = "5.4") -> tuple[int, bytes]:
    """Have a report refused, and return the number of its message and its bytes."""
    hospital.listener.acts = [UNKNOWN]
    await hospital.write(*report(key, value))
    await hospital.send()
    return (await hospital.numbers("failed"))[-1], hospital.listener.came[-1]


async def test_the_first_that_waits_is_seen_and_set_aside_and_the_next_one_goes(hospital: Hospital) -> None:
    hospital.listener.acts = [keep_silent]
    await hospital.write(*report("w1"))
    await hospital.write(*report("w2"))
    assert await act(hospital, lambda tx: troubled.waiting(tx, "out")) == [], "nothing is known of them yet"
    await hospital.send()
    first, second = await hospital.numbers("waiting")
    [seen] = await act(hospital, lambda tx: troubled.waiting(tx, "out"))
    assert (seen.id, seen.state, seen.tries) == (first, "waiting", 1)
    assert seen.reason.startswith("an answer was waited for")
    of_line = await act(hospital, lambda tx: troubled.waiting(tx, "out", hospital.destination))
    assert [item.id for item in of_line] == [second, first]
    assert await act(hospital, lambda tx: troubled.dismiss(tx, "out", first)) == 1
    await hospital.send()
    assert [state[0] for state in await hospital.states()] == ["dismissed", "sent"]


async def test_what_is_set_aside_on_the_line_and_is_taken_has_been_sent(hospital: Hospital) -> None:
    asked = hospital.sender._ask

    async def ask_and_dismiss(*about: Any) -> bytes:
        answer = await asked(*about)
        [number] = await hospital.numbers("waiting")
        await act(hospital, lambda tx: troubled.dismiss(tx, "out", number))
        return answer

    hospital.sender._ask = ask_and_dismiss  # type: ignore[method-assign]
    await hospital.write(*report("w3"))
    await hospital.send()
    assert [state[0] for state in await hospital.states()] == ["sent"]


async def test_what_is_sent_again_is_made_anew_as_is_agreed_by_then(hospital: Hospital) -> None:
    number, raw = await refused(hospital, "w4")
    await hospital.change(receiving_application="RIGHT", charset="GB18030")
    await act(hospital, lambda tx: operating.resend(tx, number))
    await hospital.send()
    again = hospital.listener.came[-1]
    assert (b"|RIGHT|" in again, "張".encode("gb18030") in again) == (True, True)
    assert control_id(again) != control_id(raw), "the system may answer to what it knows without looking"
    assert [state[0] for state in await hospital.states()] == ["sent"]


async def test_an_old_version_is_not_put_over_a_newer_one(hospital: Hospital) -> None:
    number, raw = await refused(hospital, "w5", "9.9")
    await hospital.write(*report("w5", "4.1", "corrected"))
    await hospital.send()
    [seen] = await act(hospital, lambda tx: troubled.waiting(tx, "out", hospital.destination))
    assert (seen.id, seen.is_superseded) == (number, True)
    for work in (
        lambda tx: operating.resend(tx, number),
        lambda tx: operating.edit_and_resend(tx, number, raw),
    ):
        with pytest.raises(Conflict, match="newer version"):
            await act(hospital, work)
    assert [message["OBX"][5].text for message in hospital.told()] == ["9.9", "4.1"]
    assert [state[0] for state in await hospital.states()] == ["failed", "sent"]


async def test_an_old_version_that_waits_behind_a_newer_one_is_not_sent(hospital: Hospital) -> None:
    number, _ = await refused(hospital, "w6", "9.9")
    await hospital.write(*report("w6", "4.1"))
    await act(hospital, lambda tx: operating.resend(tx, number))  # while the newer one is on the line
    await hospital.rows(
        "UPDATE clinical.hl7_outgoing SET state = 'sent' WHERE version = 2 AND id > %s RETURNING id", number
    )
    await hospital.send()
    assert (await hospital.states())[0][:2] == ("failed", "a newer version was sent already; this one would undo it")


async def test_a_correction_does_not_go_after_a_newer_one_that_waits(hospital: Hospital) -> None:
    number, raw = await refused(hospital, "w7")
    await hospital.write(*report("w7", "4.1"))
    with pytest.raises(Conflict, match="newer version"):
        await act(hospital, lambda tx: operating.edit_and_resend(tx, number, raw))
    await act(hospital, lambda tx: operating.resend(tx, number))
    await hospital.send()
    assert [message["OBX"][5].text for message in hospital.told()] == ["5.4", "5.4", "4.1"]


async def test_of_two_people_who_settle_the_same_message_one_does(hospital: Hospital) -> None:
    number, raw = await refused(hospital, "w8")

    def edit(text: bytes, wait_s: float) -> Callable[[Tx], Awaitable[Any]]:
        async def work(tx: Tx) -> int:
            made = await operating.edit_and_resend(tx, number, raw.replace(b"70001", text))
            await asyncio.sleep(wait_s)
            return made

        return work

    outcomes = await asyncio.gather(
        act(hospital, edit(b"AAAA1", 0.3)), act(hospital, edit(b"BBBB2", 0.3)), return_exceptions=True
    )
    assert {type(item) for item in outcomes} == {int, Conflict}
    with pytest.raises(NotFound):
        await act(hospital, lambda tx: operating.resend(tx, number))
    await hospital.send()
    assert len(hospital.listener.came) == 2


async def test_a_message_that_is_sent_again_is_not_corrected_as_well(hospital: Hospital) -> None:
    number, raw = await refused(hospital, "w9")

    async def again(tx: Tx) -> None:
        await operating.resend(tx, number)
        await asyncio.sleep(0.3)

    async def correct() -> None:
        await asyncio.sleep(0.1)
        await act(hospital, lambda tx: operating.edit_and_resend(tx, number, raw))

    done = await asyncio.gather(act(hospital, again), correct(), return_exceptions=True)
    assert [type(item) for item in done] == [type(None), Conflict]


async def test_a_corrected_text_goes_under_a_control_id_of_its_own(hospital: Hospital) -> None:
    number, raw = await refused(hospital, "w10")
    made = await act(hospital, lambda tx: operating.edit_and_resend(tx, number, raw.replace(b"70001", b"70009")))
    await hospital.send()
    corrected = hospital.listener.came[-1]
    assert control_id(corrected) != control_id(raw)
    assert corrected.replace(control_id(corrected).encode(), b"") == raw.replace(b"70001", b"70009").replace(
        control_id(raw).encode(), b""
    )
    [(kept, state)] = await hospital.rows("SELECT control_id, state FROM clinical.hl7_outgoing WHERE id = %s", made)
    assert (kept, state) == (control_id(corrected), "sent")


@pytest.mark.parametrize("name", ["改1", "", "a\tb"])
async def test_a_control_id_that_no_answer_could_tell_is_refused(hospital: Hospital, name: str) -> None:
    number, raw = await refused(hospital, f"w11-{len(name)}")
    corrected = raw.replace(control_id(raw).encode(), name.encode())
    with pytest.raises(InvalidRequest, match="expected a message with a control ID"):
        await act(hospital, lambda tx: operating.edit_and_resend(tx, number, corrected))
    assert await hospital.numbers("failed") == [number], "it waits still"
