"""The pages run on Chrome 109, the last one for Windows 7: nothing that was built needs more.

Told from the built files, since no such Chrome is at hand: scripts are parsed as ECMAScript 2022 and looked through for
what later browsers brought; style sheets likewise.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Final

import pytest

from hatch_build import npm_command

WEB: Final = Path(__file__).parents[2] / "web"
# What a package uses only where the browser has it.
GUARDED: Final = {
    ".startViewTransition (Chrome 111)": "the router asks `typeof document.startViewTransition` first",
}


def too_new(folder: Path) -> dict[str, list[str]]:
    """Return by what it is where too new a thing is used."""
    node, environment = npm_command()
    command = [node[0] if len(node) > 1 else "node", "build/tooNew.mjs", str(folder)]
    done = subprocess.run(command, cwd=WEB, env=environment, capture_output=True, text=True, check=True)
    found: dict[str, list[str]] = {}
    for file, what in json.loads(done.stdout):
        found.setdefault(what, []).append(file)
    return found


def test_nothing_built_is_newer_than_the_oldest_browser(pages: Path) -> None:
    found = too_new(pages)
    assert {what: files for what, files in found.items() if what not in GUARDED} == {}
    assert GUARDED.keys() <= found.keys()


@pytest.mark.parametrize(
    ("name", "text", "what"),
    [
        ("a.js", "export const a = [3, 1].toSorted();", ".toSorted"),
        ("a.js", "const { promise } = Promise.withResolvers();", ".withResolvers"),
        ("a.js", "Object.groupBy([], (one) => one);", "Object.groupBy"),
        ("a.js", 'document["startViewTransition"](() => {});', ".startViewTransition"),
        ("a.js", "export const a = /[\\p{L}--[a-z]]/v;", "syntax"),
        ("a.js", "import data from './a.json' with { type: 'json' };", "syntax"),
        ("a.js", "using file = open();", "syntax"),
        ("a.css", ".a{color:red;& .b{color:blue}}", "nesting"),
        ("a.css", ".a{color:color-mix(in srgb,red,blue)}", "color-mix"),
        ("a.css", ".a{color:oklch(50% 0 0)}", "oklch"),
        ("a.css", ".a{color:light-dark(red,blue)}", "light-dark"),
        ("a.css", ".a{grid-template-rows:subgrid}", "subgrid"),
    ],
)
def test_an_offence_is_seen(tmp_path: Path, name: str, text: str, what: str) -> None:
    (tmp_path / name).write_text(text)
    (found,) = too_new(tmp_path)
    assert found.startswith((what, f".{what}"))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.js", "class A { static #b = 1; static { this.#b ??= 2; } } export const a = [1].at(-1); await a;"),
        ("a.js", "export const a = structuredClone(Object.hasOwn({}, 'a')), b = [1].findLast((one) => one);"),
        ("a.js", "query.isError = Promise.any([]);"),
        ("a.css", ".a:has(.b){inset:0;color:rgb(0 0 0 / 50%)}@container (width > 1px){.a{background:#fff}}"),
    ],
)
def test_what_the_oldest_browser_knows_is_let_through(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    assert too_new(tmp_path) == {}
