"""Each room says at its door what it is for: the room card."""

import ast
from pathlib import Path

import pytest

from tests.house.tree import SOURCE, tree_of

WORDS = ("Floor", "Owns", "Door", "Announces", "Speaks")
GROUND = {"standards", "imaging"}  # these own nothing, announce nothing and are open everywhere


def is_built(room: Path) -> bool:
    return any(path.name != "__init__.py" for path in room.rglob("*.py"))


ROOMS = sorted(path.parent for path in SOURCE.glob("*/__init__.py") if is_built(path.parent))


@pytest.mark.parametrize("room", [room for room in ROOMS if room.name not in GROUND], ids=lambda room: room.name)
def test_a_room_has_its_card(room: Path) -> None:
    card = ast.get_docstring(tree_of(room / "__init__.py")) or ""
    lines = card.splitlines()
    assert [word for word in WORDS if not any(line.startswith(f"{word}: ") for line in lines)] == []


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_a_room_says_in_one_line_what_it_is(room: Path) -> None:
    card = ast.get_docstring(tree_of(room / "__init__.py")) or ""
    assert card.splitlines()[0].endswith(".")
