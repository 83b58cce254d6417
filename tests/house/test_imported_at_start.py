"""What threads share is imported before there are threads.

The modules of pydicom import each other in circles. Where two threads begin with two of them, Python breaks the
deadlock by handing one a half-made module; and NumPy, once its import failed, refuses every later one, so that a node
would answer each question about key images with an error until it is started again.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.tree import imports_of, name_of, python_files, tree_of

IN_CIRCLES = {"pydicom", "PIL"}


def imported_late(path: Path) -> Iterator[str]:
    at_start = {node.lineno for node in tree_of(path).body if isinstance(node, ast.Import | ast.ImportFrom)}
    for line, name in imports_of(path):
        if line not in at_start and name.split(".")[0] in IN_CIRCLES:
            yield f"line {line} imports {name}"


@pytest.mark.parametrize("path", python_files(), ids=name_of)
def test_what_imports_in_circles_is_imported_at_the_start(path: Path) -> None:
    assert not list(imported_late(path))


def test_a_late_import_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "late.py"
    path.write_text("import pydicom\ndef f():\n    from pydicom.dataset import Dataset\n")
    assert list(imported_late(path)) == ["line 3 imports pydicom.dataset"]
