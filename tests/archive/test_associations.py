"""What is noted of associations stays small, whoever knocks how often, and loses nothing while the database is away."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from lightwell.archive.associations import MOST_AT_ONCE, MOST_STRANGERS, Ledger, Waiting
from lightwell.archive.model import Peer, Source
from lightwell.archive.peers import Peers
from lightwell.core import clock
from lightwell.core.errors import DatabaseUnavailable
from lightwell.core.net.dicom_record import Announcer, Ended, Outcome, Recording, Tally
from lightwell.standards.dicom.dimse import CEchoRsp, CFindRsp, CStoreRsp
from lightwell.standards.dicom.pdu import AssociateRq

_NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
_CT = Source(1, "CT", "CT_A", "LIGHTWELL", peer_id=7)
_UNKNOWN = (1, 1, 3)


def _ended(
    outcome: Outcome = Outcome.REJECTED,
    badge: Any = None,
    title: str = "CT_X",
    minute: int = 0,
    done: Mapping[str, Tally] | None = None,
) -> Ended:
    at = _NOON + timedelta(minutes=minute)
    rejection = _UNKNOWN if outcome is Outcome.REJECTED else None
    line: dict[str, Any] = {"calling_ae": title, "called_ae": "LIGHTWELL", "address": "10.0.0.9", "badge": badge}
    line |= {"is_ours": False, "is_tls": False, "began_at": at, "ended_at": at}
    return Ended(**line, outcome=outcome, rejection=rejection, done=done or {})


def test_a_stranger_who_knocks_all_the_time_is_one_row_an_hour() -> None:
    waiting = Waiting()
    for minute in range(90):
        waiting.add(_ended(minute=minute))
    first, second = waiting.take()
    assert (first.times, second.times) == (60, 30)
    assert first.ended.ended_at == _NOON + timedelta(minutes=59)
    assert first.repeat_key != second.repeat_key
    assert waiting.take() == []


def test_a_flood_of_strangers_fills_no_memory_and_is_counted() -> None:
    waiting = Waiting()
    for number in range(50_000):
        waiting.add(_ended(title=f"X{number}"))
    notes = waiting.take()
    assert len(notes) == MOST_STRANGERS + 1
    assert sum(note.times for note in notes) == 50_000
    assert notes[-1].ended.calling_ae == notes[-1].ended.address == ""


def test_a_flood_of_strangers_hides_no_machine_of_ours() -> None:
    waiting = Waiting()
    for number in range(MOST_STRANGERS * 2):
        waiting.add(_ended(title=f"X{number}"))
    waiting.add(_ended(Outcome.RELEASED, _CT, "CT_A"))
    assert waiting.take()[-1].ended.calling_ae == "CT_A"


def test_a_machine_that_calls_for_every_image_is_counted_in_full() -> None:
    waiting = Waiting()
    for _ in range(500):
        waiting.add(_ended(Outcome.RELEASED, _CT, "CT_A", done={"C-STORE": Tally(2, 0, 1)}))
    notes = waiting.take()
    assert len(notes) == MOST_AT_ONCE
    assert sum(note.times for note in notes) == 500
    assert sum(note.ended.done["C-STORE"].succeeded for note in notes) == 1000
    assert sum(note.ended.done["C-STORE"].failed for note in notes) == 500


def test_a_title_of_strange_signs_can_be_written_down() -> None:
    waiting = Waiting()
    waiting.add(_ended(title="CT\0\x07\xe9"))
    assert waiting.take()[0].ended.calling_ae == "CT???"


class _Away:
    """Transactions of a database that is away."""

    def begin(self, *_: object) -> Any:
        """Refuse."""
        raise DatabaseUnavailable


async def test_notes_wait_while_the_database_is_away() -> None:
    machines: Any = SimpleNamespace(transactions=_Away())
    ledger = Ledger(machines, Peers(machines))
    for _ in range(3):
        ledger.add(_ended(Outcome.RELEASED, _CT))
        with pytest.raises(DatabaseUnavailable):
            await ledger.write()
    assert [note.times for note in ledger._waiting.take()] == [1, 1, 1]


def _peer(number: int, hospital: int, title: str, network: str = "0.0.0.0/0", called: str = "LIGHTWELL") -> Peer:
    return Peer(number, hospital, "", called, title, network, "", is_trusted=True, coercion={})


@pytest.mark.hazard("H-04")
@pytest.mark.parametrize(
    ("called", "calling", "address", "owner"),
    [
        ("LIGHTWELL", "NEW", "10.1.0.9", 1),
        ("LIGHTWELL", "NEW", "10.9.0.9", None),
        ("LIGHTWELL", "CT_B", "10.9.0.9", 2),
        ("LIGHTWELL", "CT", "10.9.0.9", None),
        ("HOSPITAL_B", "NEW", "10.9.0.9", 2),
        ("NOBODY", "NEW", "10.9.0.9", None),
    ],
    ids=["by address", "anybody's", "by title", "title of two", "by called title", "nobody's"],
)
async def test_a_stranger_is_told_to_the_one_hospital_that_it_may_belong_to(
    called: str, calling: str, address: str, owner: int | None
) -> None:
    peers = Peers(SimpleNamespace())  # type: ignore[arg-type]
    peers._peers = [
        _peer(1, 1, "CT", "10.1.0.0/16"),
        _peer(2, 2, "CT"),
        _peer(3, 2, "CT_B"),
        _peer(4, 2, "MR", called="HOSPITAL_B"),
    ]
    peers._read_s = clock.monotonic_s()
    assert await peers.whose(called, calling, address) == owner


def _recording() -> tuple[Recording, list[Ended]]:
    announcer, told = Announcer(), list[Ended]()
    announcer.listeners += [lambda _: 1 / 0, told.append]  # type: ignore[list-item, return-value]
    return Recording(announcer), told


def test_an_association_is_told_of_once_even_if_a_listener_fails() -> None:
    recording, told = _recording()
    recording.request = AssociateRq("LIGHTWELL", "CT_A", ())
    recording.end(Outcome.RELEASED)
    recording.end(Outcome.LOST)
    assert [item.outcome for item in told] == [Outcome.RELEASED]


def test_a_connection_that_asks_for_nothing_is_no_association() -> None:
    recording, told = _recording()
    recording.end(Outcome.LOST)
    assert told == []


def test_final_answers_are_counted_by_how_they_went() -> None:
    recording, told = _recording()
    recording.request = AssociateRq("LIGHTWELL", "CT_A", ())
    for status in (0, 0, 0xB000, 0xA700, 0xFF00):
        recording.count(CStoreRsp(message_id_being_responded_to=1, status=status))
    recording.count(CFindRsp(message_id_being_responded_to=1, status=0xFF00))
    recording.count(CFindRsp(message_id_being_responded_to=1, status=0xFE00))
    recording.count(CEchoRsp(message_id_being_responded_to=1, status=0))
    recording.end(Outcome.RELEASED)
    assert told[0].done == {"C-STORE": Tally(2, 1, 1), "C-FIND": Tally(0, 1, 0), "C-ECHO": Tally(1, 0, 0)}
