"""What is remembered holds for a moment only, and never longer than it is true."""

import pytest

from lightwell.core import clock, memory
from lightwell.core.memory import Memory, Remembered


@pytest.fixture
def trusted() -> Memory:
    """A memory that hears of changes."""
    made = Memory()
    made.trust()
    return made


def test_what_was_learnt_is_remembered_and_forgotten(trusted: Memory) -> None:
    known = Remembered[str, int](trusted, 10)
    known.put("one", 1, trusted.moment)
    assert (known.get("one"), known.get("two")) == (1, None)
    trusted.forget()
    assert known.get("one") is None


def test_nothing_is_remembered_while_nobody_tells_of_changes(trusted: Memory) -> None:
    known = Remembered[str, int](trusted, 10)
    known.put("one", 1, trusted.moment)
    trusted.distrust()
    assert known.get("one") is None
    known.put("one", 1, trusted.moment)
    assert known.get("one") is None


def test_what_changed_while_it_was_asked_for_is_not_remembered(trusted: Memory) -> None:
    known = Remembered[str, int](trusted, 10)
    moment = trusted.moment
    trusted.forget()
    known.put("one", 1, moment)
    assert known.get("one") is None


def test_nothing_is_remembered_for_long(trusted: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    known = Remembered[str, int](trusted, 10)
    known.put("one", 1, trusted.moment)
    later_s = clock.monotonic_s() + memory.LONGEST_S
    monkeypatch.setattr(clock, "monotonic_s", lambda: later_s)
    assert known.get("one") is None


def test_memory_has_an_end(trusted: Memory) -> None:
    known = Remembered[int, int](trusted, 10)
    for number in range(100):
        known.put(number, number, trusted.moment, weight=2)
    assert sum(known.get(number) is not None for number in range(100)) <= 5
    assert known.get(99) == 99
