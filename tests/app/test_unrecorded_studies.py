"""A study that the record was never told of is found in the archive and recorded, once and a few at a time."""

from typing import Any

import pytest

from lightwell.app import unrecorded_studies
from lightwell.app.imaging_studies import IMAGING_STUDY, RECORD_STUDY, StudyRecorder, id_of
from lightwell.app.node import Node
from lightwell.app.schedule import schedule
from lightwell.app.unrecorded_studies import UnrecordedStudies
from lightwell.clinical import records
from lightwell.core import clock
from lightwell.core.actors import Actor

STUDY = """
    INSERT INTO archive.study (organisation_id, study_instance_uid, patient_id, issuer_of_patient_id, patient_name,
        patient_birth_date, patient_sex, study_date, study_time, study_description, study_id, accession_number,
        referring_physician_name, institution_name, is_charset_repaired, is_open, instance_count)
    VALUES (%(hospital)s, %(uid)s, 'P', '', '', '', '', '', '', '', '', '', '', '', false, %(is_open)s, %(images)s)"""
SERIES = """
    INSERT INTO archive.series (organisation_id, study_id, series_instance_uid, modality, series_description,
        series_date, series_time, body_part_examined, protocol_name, station_name, manufacturer)
    SELECT organisation_id, id, study_instance_uid || '.1', 'CT', '', '', '', '', '', '', ''
    FROM archive.study WHERE study_instance_uid = %(uid)s"""
WAITING = "SELECT args->>'payload' FROM queue.procrastinate_jobs WHERE task_name = %s AND args->>'payload' LIKE %s"


async def keep(node: Node, actor: Actor, uid: str, *, is_open: bool = False, images: int = 1) -> None:
    """Have a study in the archive of which nobody was told."""
    values = {"hospital": actor.organisation_ids[0], "uid": uid, "is_open": is_open, "images": images}
    async with node.machines.transactions.begin(actor) as tx:
        await tx.connection.execute(STUDY, values)
        await tx.connection.execute(SERIES, values)


async def waiting(node: Node, actor: Actor, uid: str) -> list[str]:
    async with node.machines.transactions.begin(actor) as tx:
        rows = await (await tx.connection.execute(WAITING, [RECORD_STUDY, f'%"{uid}"%'])).fetchall()
    return [payload for (payload,) in rows]


async def is_recorded(node: Node, actor: Actor, uid: str) -> bool:
    async with node.machines.transactions.begin(actor) as tx:
        return await records.read(tx, IMAGING_STUDY, id_of(actor.organisation_ids[0], uid)) is not None


async def test_a_study_that_was_missed_is_recorded(node: Node, a: Actor, b: Actor) -> None:
    await keep(node, a, "1.2.1")
    await keep(node, b, "1.2.2")
    [turn] = [item for item in schedule(node.machines, node.room) if item.name == "app.record_studies"]
    assert await turn.work() == 2
    for actor, uid in ((a, "1.2.1"), (b, "1.2.2")):
        [payload] = await waiting(node, actor, uid)
        await StudyRecorder(node.machines, node.room)(payload)
        assert await is_recorded(node, actor, uid)
    assert await UnrecordedStudies(node.machines).record_some() == 0


async def test_another_node_that_looks_as_well_asks_for_nothing_more(node: Node, a: Actor) -> None:
    await keep(node, a, "1.2.3")
    assert [await UnrecordedStudies(node.machines).record_some() for _ in range(2)] == [1, 1]
    assert len(await waiting(node, a, "1.2.3")) == 1


@pytest.mark.parametrize(("uid", "how"), [("1.2.4", {"is_open": True}), ("1.2.5", {"images": 0}), ("no uid", {})])
async def test_what_cannot_be_recorded_now_is_left_alone(node: Node, a: Actor, uid: str, how: dict[str, Any]) -> None:
    await keep(node, a, uid, **how)
    await UnrecordedStudies(node.machines).record_some()
    assert await waiting(node, a, uid) == []


async def test_so_many_are_looked_at_in_a_turn_and_then_it_rests(
    node: Node, a: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unrecorded_studies, "_AT_ONCE", 2)
    begins = UnrecordedStudies(node.machines)
    await _until_it_rests(begins)
    for number in range(3):
        await keep(node, a, f"1.2.6.{number}")
    assert await begins.record_some() == 0
    monkeypatch.setattr(clock, "monotonic_s", lambda: begins.rests_until_s)
    assert await _until_it_rests(begins) >= 3
    assert all([await waiting(node, a, f"1.2.6.{number}") for number in range(3)])


async def _until_it_rests(studies: UnrecordedStudies) -> int:
    """Return how many were found; in one turn no more than are looked at in it."""
    turns = [await studies.record_some()]
    while studies.after:
        turns.append(await studies.record_some())
    assert max(turns) <= 2
    return sum(turns)
