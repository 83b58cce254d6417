"""A file is read in one sitting, a function at one glance."""

import ast
from pathlib import Path

import pytest

from tests.house.tree import SOURCE, name_of, python_files, tree_of

MOST_LINES_OF_FILE = 400
MOST_LINES_OF_FUNCTION = 60

FILES = python_files()


def lines_to_read(path: Path) -> int:
    """Return the length of a file without its tables: those of a standard are looked up, not read."""
    tables = [node for node in tree_of(path).body if isinstance(node, ast.Assign | ast.AnnAssign)]
    length = len(path.read_text(encoding="utf-8").splitlines())
    return length - sum((node.end_lineno or node.lineno) - node.lineno + 1 for node in tables)


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_files_are_short(path: Path) -> None:
    assert lines_to_read(path) <= MOST_LINES_OF_FILE


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_functions_are_short(path: Path) -> None:
    functions = [node for node in ast.walk(tree_of(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    assert not [node.name for node in functions if (node.end_lineno or 0) - node.lineno >= MOST_LINES_OF_FUNCTION]


def test_there_is_something_to_measure() -> None:
    assert SOURCE / "core/settings.py" in FILES
