"""SQL is found where it is looked for, and is never put together from text."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TypeGuard

import pytest

from tests.house.tree import SOURCE, name_of, python_files, tree_of

FILES = python_files()
MACHINES = {
    "core/tx.py": "tells PostgreSQL whose rows the transaction may see",
    "core/jobs.py": "sets up the queue of the jobs",
    "core/live.py": "listens to what other nodes announce",
}
_STATEMENT = re.compile(
    r"\s*(SELECT\s|INSERT INTO\s|UPDATE \w+(\.\w+)?( AS \w+)?\s+SET\s|DELETE FROM\s|TRUNCATE\s|LISTEN\s|NOTIFY\s|"
    r"COPY \w|WITH (RECURSIVE )?\w+( \([\w, ]+\))? AS\s|(CREATE|ALTER|DROP) (OR REPLACE )?(UNIQUE )?"
    r"(TABLE|INDEX|SCHEMA|ROLE|VIEW|FUNCTION|POLICY|TYPE|DATABASE|SEQUENCE)\s|(GRANT|REVOKE) [A-Z]+.* (ON|TO|FROM)\s)"
)


def is_sql(node: ast.AST) -> TypeGuard[ast.Constant]:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(_STATEMENT.match(node.value))


def is_home_of_sql(path: Path) -> bool:
    inside = path.relative_to(SOURCE)
    is_store = path.name == "store.py" or "store" in inside.parts
    return is_store or inside.parts[:2] == ("core", "db") or inside.as_posix() in MACHINES


def composed(tree: ast.Module) -> Iterator[str]:
    """Yield where SQL is put together from text; ``psycopg.sql.SQL(...).format`` takes no text and is fine."""
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr) and node.values and is_sql(node.values[0]):
            yield f"line {node.lineno}: an f-string"
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod | ast.Add) and is_sql(node.left):
            yield f"line {node.lineno}: % or +"
        elif isinstance(node, ast.Attribute) and node.attr == "format" and is_sql(node.value):
            yield f"line {node.lineno}: str.format"


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_sql_lives_in_stores(path: Path) -> None:
    lines = [] if is_home_of_sql(path) else [node.lineno for node in ast.walk(tree_of(path)) if is_sql(node)]
    assert not lines


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_sql_is_never_put_together_from_text(path: Path) -> None:
    assert not list(composed(tree_of(path)))


@pytest.mark.parametrize(
    "source",
    [
        'f"SELECT name FROM {table}"',
        '"SELECT name FROM %s" % table',
        '"DELETE FROM " + table',
        '"INSERT INTO {} VALUES (1)".format(table)',
        'f"UPDATE archive.study SET {column} = 1"',
    ],
)
def test_an_offence_is_seen(source: str) -> None:
    assert list(composed(ast.parse(source)))


@pytest.mark.parametrize("source", ['sql.SQL("SELECT {}").format(name)', 'f"Select a study of {name}"', '"DELETE"'])
def test_what_is_harmless_is_let_through(source: str) -> None:
    assert not list(composed(ast.parse(source)))
