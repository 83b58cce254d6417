"""Who may be one person waits for a person's decision, within a hospital; across hospitals only that there is one."""

import threading
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from psycopg.errors import InsufficientPrivilege

from lightwell.app.node import Node
from lightwell.clinical import candidates, compare_waiting, comparing, identity, merging
from lightwell.clinical.identity import Candidate
from lightwell.clinical.keys import hashed
from lightwell.clinical.model import Record
from lightwell.clinical.patients import PROVISIONAL
from lightwell.clinical.store import candidates as store
from lightwell.clinical.traits import keys_of, traits_of
from lightwell.core.actors import Actor, house
from lightwell.core.db.roles import Role
from lightwell.core.errors import Conflict, NotFound
from lightwell.core.machines import Machines
from lightwell.standards.fhir.resource import Resource
from tests.clinical.test_merging import merge, undo
from tests.clinical.test_patients import write
from tests.clinical.test_records import PLACE, create
from tests.clinical.test_weighing import person

EVER = 1 << 62
AUDITED = "SELECT count(*) FROM core.audit WHERE action = 'patient.compared' AND subject = %s"
WAITING = "SELECT count(*) FROM clinical.uncompared"


async def open_candidates(node: Node, actor: Actor) -> list[Candidate]:
    await compare_waiting(node.machines)
    async with node.machines.transactions.begin(actor) as tx:
        return await identity.candidates(tx, EVER, 500)


async def pairs(node: Node, actor: Actor) -> list[tuple[str, str]]:
    return [(item.first.id, item.second.id) for item in await open_candidates(node, actor)]


async def elsewhere(node: Node, actor: Actor, record: Record) -> int:
    await compare_waiting(node.machines)
    async with node.machines.transactions.begin(actor) as tx:
        return (await identity.elsewhere(tx, [record]))[record.rid]


def known(name: str, born: str, **more: Any) -> Resource:
    return person(name, born, "female", active=True, **more)


async def two(node: Node, actor: Actor, name: str, born: str) -> list[Record]:
    return await create(node, actor, known(name, born), known(name, born))


@pytest.mark.hazard("H-37")
async def test_who_may_be_one_is_found_and_why(node: Node, a: Actor, b: Actor) -> None:
    first, second = await two(node, a, "陈小红", "1971-02-03")
    await create(node, a, known("陈小红", "1985-07-08"))
    [found] = await open_candidates(node, a)
    assert (found.first.id, found.second.id) == (first.id, second.id)
    assert {trait: verdict for trait, verdict, _ in found.findings} == {
        "name": "agrees",
        "birth_date": "agrees",
        "sex": "agrees",
    }
    assert found.weight == pytest.approx(sum(weight for _, _, weight in found.findings))
    assert await open_candidates(node, b) == []


async def test_who_is_corrected_is_no_candidate_any_more(node: Node, a: Actor) -> None:
    first, second = await two(node, a, "林美丽", "1972-02-03")
    assert (first.id, second.id) in await pairs(node, a)
    await write(node, a, second, known("周杰", "1999-09-09"))
    assert (first.id, second.id) not in await pairs(node, a)
    await write(node, a, second, known("林美丽", "1972-02-03"))
    assert (first.id, second.id) in await pairs(node, a)
    await write(node, a, second, None)
    assert (first.id, second.id) not in await pairs(node, a)


@pytest.mark.hazard("H-37")
async def test_who_was_said_to_be_different_is_not_proposed_again(node: Node, a: Actor, b: Actor) -> None:
    first, second = await two(node, a, "何静", "1973-02-03")
    number = next(item.id for item in await open_candidates(node, a) if item.first.id == first.id)
    async with node.machines.transactions.begin(b) as tx:
        with pytest.raises(NotFound):
            await identity.say_different(tx, number)
    async with node.machines.transactions.begin(a) as tx:
        await identity.say_different(tx, number)
    async with node.machines.transactions.begin(a) as tx:
        with pytest.raises(Conflict):
            await identity.say_different(tx, number)
    await write(node, a, second, known("何静", "1973-02-03", telecom=[{"system": "phone", "value": "13912345678"}]))
    assert (first.id, second.id) not in await pairs(node, a)


@pytest.mark.hazard("H-37")
async def test_a_merge_decides_and_its_undoing_opens_again(node: Node, a: Actor) -> None:
    first, second = await two(node, a, "宋佳", "1974-02-03")
    assert (first.id, second.id) in await pairs(node, a)
    number = await merge(node, a, second, first)
    assert (first.id, second.id) not in await pairs(node, a)
    async with node.machines.transactions.begin(a) as tx:
        [done, *_] = await identity.merges(tx, EVER, 10)
    assert (done.id, done.survivor.id, done.retired.id, done.undone_at) == (number, second.id, first.id, None)
    await undo(node, a, number)
    assert (first.id, second.id) in await pairs(node, a)


async def test_who_was_replaced_is_compared_with_nobody(node: Node, a: Actor) -> None:
    first, second = await two(node, a, "唐月", "1975-02-03")
    await merge(node, a, first, second)
    [third] = await create(node, a, known("唐月", "1975-02-03"))
    found = await pairs(node, a)
    assert (first.id, third.id) in found
    assert (second.id, third.id) not in found


@pytest.mark.hazard("H-04")
async def test_of_another_hospital_only_is_told_that_there_is_somebody(node: Node, a: Actor, b: Actor) -> None:
    [here] = await create(node, a, known("欧阳娜娜", "1976-02-03"))
    assert await elsewhere(node, a, here) == 0
    [there] = await create(node, b, known("欧阳娜娜", "1976-02-03"))
    assert (await elsewhere(node, a, here), await elsewhere(node, b, there)) == (1, 1)
    assert await elsewhere(node, a, there) == 0
    assert there.id not in {number for pair in await pairs(node, a) for number in pair}
    async with node.machines.transactions.begin(a) as tx:
        with pytest.raises(InsufficientPrivilege):
            await tx.connection.execute("SELECT * FROM clinical.candidate_elsewhere")


async def test_who_becomes_a_candidate_across_hospitals_is_in_the_audit_trail_of_both_once(
    node: Node, a: Actor, b: Actor
) -> None:
    """Whoever only shares a key is no candidate, and is not in it."""
    here, other = await create(node, a, known("司马光", "1977-02-03"), known("王安石", "1977-02-03"))
    [there] = await create(node, b, known("司马光", "1977-02-03"))
    await compare_waiting(node.machines)
    await write(node, b, there, known("司马光", "1977-02-03", address=[{"text": "中山路2号"}]))
    await compare_waiting(node.machines)
    assert [await audited(node, actor, record) for actor, record in ((a, here), (b, there), (a, other))] == [1, 1, 0]


async def audited(node: Node, actor: Actor, record: Record) -> int:
    async with node.machines.transactions.begin(actor) as tx:
        row = await (await tx.connection.execute(AUDITED, [record.subject])).fetchone()
    assert row is not None
    return row[0]


async def test_a_name_that_very_many_have_is_not_looked_through(node: Node, a: Actor) -> None:
    """A key of 200 or more is no key; by others the two are found all the same."""
    [third] = await create(node, a, known("张伟", "1999-05-30"))
    await create(node, a, *(known("张伟", f"19{50 + n // 12}-{n % 12 + 1:02d}-28") for n in range(210)))
    first, second = await two(node, a, "张伟", "1999-05-31")
    rare, nearly = await create(node, a, known("诸葛伟", "1998-05-31"), known("诸葛伟", "1998-05-30"))
    found = await pairs(node, a)
    assert (rare.id, nearly.id) in found
    assert (first.id, second.id) in found
    assert not {(third.id, first.id), (third.id, second.id)} & {*found}


@pytest.mark.hazard("H-37")
async def test_a_link_that_leaves_out_its_kind_holds_nobody_up(node: Node, a: Actor) -> None:
    reason = {"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown"}
    link = [{"other": {"reference": "Patient/7"}, "_type": {"extension": [reason]}}]
    first, second = await create(node, a, known("白居易", "1972-03-04", link=link), known("白居易", "1972-03-04"))
    assert (first.id, second.id) in await pairs(node, a)


@pytest.mark.hazard("H-37")
async def test_who_cannot_be_compared_holds_nobody_up_and_is_named_in_no_log(
    node: Node, a: Actor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(comparing, "traits_of", failing_for("杜甫", traits_of))
    odd, first, second = await create(node, a, *(known(name, "1973-04-05") for name in ("杜甫", "李白", "李白")))
    assert (first.id, second.id) in await pairs(node, a)
    async with node.machines.transactions.begin(a) as tx:
        assert await (await tx.connection.execute(WAITING)).fetchone() == (0,)
    [line] = [record for record in caplog.records if record.message == "a patient cannot be compared"]
    assert vars(line)["fields"] == {"rid": odd.rid}


def failing_for(name: str, work: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return what fails for patients of a name, and does its work for all others."""

    def fail_or_work(of: Any) -> Any:
        if name in str(of):
            raise KeyError(name)
        return work(of)

    return fail_or_work


async def test_where_comparing_fails_no_other_hospital_waits(
    node: Node, a: Actor, b: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(candidates, "keys_of", failing_for("苏轼", keys_of))
        mine = await create(node, a, known("苏轼", "1974-05-06"), known("苏轼", "1974-05-06"))
        theirs = await create(node, b, known("苏辙", "1974-06-07"), known("苏辙", "1974-06-07"))
        assert tuple(item.id for item in theirs) in await pairs(node, b)
    assert tuple(item.id for item in mine) in await pairs(node, a)


async def test_each_hospital_is_compared_in_its_turn_also_who_is_written_meanwhile(
    node: Node, a: Actor, b: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns: list[int] = []
    compare = candidates._compare_some

    async def compare_some(machines: Machines, organisation_id: int, organisations: Sequence[int]) -> int:
        if not turns:
            await create(node, b, known("柳宗元", "1975-07-08"))
        turns.append(organisation_id)
        return await compare(machines, organisation_id, organisations)

    await compare_waiting(node.machines)
    await create(node, a, *(known("韩愈", f"1975-06-{n + 1:02d}") for n in range(6)))
    monkeypatch.setattr(candidates, "_compare_some", compare_some)
    monkeypatch.setattr(candidates, "_BATCH", 2)
    assert await compare_waiting(node.machines) == 7
    assert turns[:3] == [*a.organisation_ids, *a.organisation_ids, *b.organisation_ids]


async def test_one_node_at_once_compares_the_patients_of_a_hospital(node: Node, a: Actor) -> None:
    """Of two, the one that read somebody before they were corrected might write their keys last."""
    await compare_waiting(node.machines)
    await create(node, a, known("欧阳修", "1976-07-08"))
    async with node.machines.transactions.begin(a) as another:
        await another.connection.execute(store.ALONE, {"key": hashed(str(a.organisation_ids[0]), "compared")})
        assert await compare_waiting(node.machines) == 0
    assert await compare_waiting(node.machines) == 1


async def test_patients_are_read_and_weighed_beside_the_event_loop(
    node: Node, a: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[threading.Thread] = []

    def beside(work: Callable[..., Any]) -> Callable[..., Any]:
        def noted(*of: Any) -> Any:
            threads.append(threading.current_thread())
            return work(*of)

        return noted

    monkeypatch.setattr(comparing, "traits_of", beside(traits_of))
    monkeypatch.setattr(comparing, "weigh", beside(comparing.weigh))
    await two(node, a, "曾巩", "1977-08-09")
    assert await compare_waiting(node.machines) == 2
    assert len(threads) >= 3
    assert threading.main_thread() not in threads


@pytest.mark.parametrize("role", [Role.APP, Role.REGION])
async def test_others_are_found_by_an_index_under_row_level_security(node: Node, a: Actor, role: Role) -> None:
    statement = store.SHARING if role is Role.APP else store.SHARING_ELSEWHERE
    values = {"keys": [1], "key_rids": [1], "organisation_id": a.organisation_ids[0], "most": 200}
    async with node.machines.transactions.begin(a, role) as tx:
        await tx.connection.execute("SET LOCAL enable_seqscan = off")
        rows = await (await tx.connection.execute(f"EXPLAIN {statement}".encode(), values)).fetchall()
    plan = "\n".join(row[0] for row in rows)
    assert "Index Cond: (key = g.key)" in plan or "Index Cond: ((key = g.key)" in plan, plan


async def test_provisional_patients_wait_until_they_are_merged(node: Node, a: Actor, b: Actor) -> None:
    patient, image = await create(
        node, a, known("沈从文", "1978-02-03"), known("SHEN^CONGWEN", "1978-02-03", meta={"tag": [PROVISIONAL]})
    )

    async def waiting(actor: Actor) -> list[str]:
        async with node.machines.transactions.begin(actor) as tx:
            found = await identity.provisional(tx, EVER, 10)
            assert (await identity.counts(tx))[1] == len(found)
        return [record.id for record in found]

    assert (await waiting(a), await waiting(b)) == ([image.id], [])
    assert (patient.id, image.id) in await pairs(node, a)
    number = await merge(node, a, patient, image)
    assert await waiting(a) == []
    async with node.machines.transactions.begin(a) as tx:
        await merging.undo(tx, number, PLACE)
    assert await waiting(a) == [image.id]


async def test_many_who_wait_are_all_compared(node: Node, region: Any) -> None:
    actor = house(region.b)
    await create(node, actor, *(known(f"Name{n:03d}", "1966-06-06") for n in range(150)))
    assert await compare_waiting(node.machines) >= 150
    assert await compare_waiting(node.machines) == 0
