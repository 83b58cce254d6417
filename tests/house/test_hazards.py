"""What can hurt a patient is written down, and what is said to hold it is a test that exists."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.house.tree import ROOT, python_files, tree_of

PAGE = (ROOT / "docs/safety/hazards.md").read_text(encoding="utf-8")
ROWS = dict(re.findall(r"^\| (H-\d\d) \|.*\| ([^|]+) \|$", PAGE, re.MULTILINE))
STATES = {"held by test", "coming"}


def marks_in(path: Path) -> Iterator[str]:
    """Yield the hazards that tests of a file are marked with."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "hazard":
            yield from (str(item.value) for item in node.args if isinstance(item, ast.Constant))


MARKED = {mark for path in python_files(ROOT / "tests") for mark in marks_in(path)}


def test_every_hazard_says_how_far_it_is_held() -> None:
    assert ROWS
    assert set(ROWS.values()) <= STATES


def test_every_hazard_that_is_held_by_test_has_one() -> None:
    held = {hazard for hazard, state in ROWS.items() if state == "held by test"}
    assert not held - MARKED


def test_a_hazard_with_a_test_is_not_called_coming() -> None:
    assert not {hazard for hazard, state in ROWS.items() if state == "coming"} & MARKED


def test_no_mark_names_an_unknown_hazard() -> None:
    assert not MARKED - ROWS.keys()


def test_numbers_are_given_once() -> None:
    numbers = re.findall(r"^\| (H-\d\d) \|", PAGE, re.MULTILINE)
    assert len(numbers) == len(set(numbers)) == len(ROWS)
