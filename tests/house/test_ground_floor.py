"""The ground floor is pure: the same input gives the same output, and nothing outside is touched."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.tree import SOURCE, imports_of, name_of, python_files, tree_of

GROUND = [path for room in ("standards", "imaging") for path in python_files(SOURCE / room)]

ASYNCHRONOUS = (ast.AsyncFunctionDef, ast.AsyncFor, ast.AsyncWith, ast.Await)
OUTSIDE = {
    *("asyncio", "socket", "ssl", "selectors", "select", "subprocess", "multiprocessing", "threading", "concurrent"),
    *("urllib", "http", "ftplib", "smtplib", "shutil", "tempfile", "glob", "sqlite3", "random", "secrets", "time"),
    *("logging", "psycopg", "starlette", "uvicorn", "procrastinate", "obstore", "httpx", "requests", "aiohttp"),
}
CALLS = {"open", "print", "input"}
# A text that ships with the package may be read once, with importlib.resources: a table of the standard.
METHODS = {"write_text", "write_bytes", "unlink", "mkdir", "iterdir", "rglob", "now", "utcnow", "today", "getenv"}


def offences(path: Path) -> Iterator[str]:
    yield from (f"line {line} imports {name}" for line, name in imports_of(path) if name.split(".")[0] in OUTSIDE)
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ASYNCHRONOUS):
            yield f"line {node.lineno} is async"
        elif isinstance(node, ast.Call) and called(node) in CALLS | METHODS:
            yield f"line {node.lineno} calls {called(node)}"


def called(node: ast.Call) -> str:
    """Return what is called: ``open`` of ``open()``, ``.now`` only where it is a method."""
    if isinstance(node.func, ast.Name):
        return node.func.id if node.func.id in CALLS else ""
    return node.func.attr if isinstance(node.func, ast.Attribute) and node.func.attr in METHODS else ""


@pytest.mark.parametrize("path", GROUND, ids=name_of)
def test_the_ground_floor_touches_nothing_outside(path: Path) -> None:
    assert not list(offences(path))


@pytest.mark.parametrize(
    "source", ["async def f(): ...", "import socket", "from urllib import request", "open('x')", "datetime.now()"]
)
def test_an_offence_is_seen(tmp_path: Path, source: str) -> None:
    path = tmp_path / "offence.py"
    path.write_text(source)
    assert list(offences(path))
