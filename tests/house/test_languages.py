"""Every text that a person reads exists in Chinese and in English."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

import pytest

from lightwell.archive import conflicts, faults, quarantine
from tests.house.tree import ROOT, name_of, python_files, tracked_files

ENGLISH = [path for path in tracked_files() if path.name == "en.json" and "i18n" in path.parts]
CHINESE = [path for path in tracked_files() if path.name == "zh-CN.json" and "i18n" in path.parts]
# Those of the pages; the lean viewer has a small one of its own.
PAGES = [path for path in (*ENGLISH, *CHINESE) if path.parent.name == "i18n"]

Texts: TypeAlias = "dict[str, str | Texts]"

# Chinese has one plural form, English two.
_PLURAL = re.compile(r"_(zero|one|two|few|many|other)$")
_PLACEHOLDER = re.compile(r"\{\{\s*([\w.]+)")


def texts_of(path: Path) -> dict[str, str]:
    return {_PLURAL.sub("", key): text for key, text in flat(json.loads(path.read_text(encoding="utf-8")))}


def flat(branch: Texts, prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, value in branch.items():
        if isinstance(value, dict):
            yield from flat(value, f"{prefix}{key}.")
        else:
            yield prefix + key, value


def test_each_language_file_has_its_twin() -> None:
    assert {path.parent for path in ENGLISH} == {path.parent for path in CHINESE}


@pytest.mark.parametrize("path", ENGLISH, ids=name_of)
def test_both_languages_say_the_same_things(path: Path) -> None:
    english, chinese = texts_of(path), texts_of(path.with_name("zh-CN.json"))
    assert english.keys() == chinese.keys()
    assert not [key for texts in (english, chinese) for key, text in texts.items() if not text.strip()]


@pytest.mark.parametrize("path", ENGLISH, ids=name_of)
def test_both_languages_name_the_same_values(path: Path) -> None:
    english, chinese = texts_of(path), texts_of(path.with_name("zh-CN.json"))
    shared = english.keys() & chinese.keys()
    assert not [key for key in shared if placeholders(english[key]) != placeholders(chinese[key])]


def placeholders(text: str) -> set[str]:
    # "One image" names no count in English, 1 幅图像 does in Chinese.
    return set(_PLACEHOLDER.findall(text)) - {"count"}


def test_the_front_page_has_the_same_sections_in_both_languages() -> None:
    pages = [(ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh-CN.md")]
    headings, tables = [[len(re.findall(mark, page, re.MULTILINE)) for page in pages] for mark in ("^## ", r"^\|")]
    assert headings[0] == headings[1]
    assert tables[0] == tables[1]
    assert all(len(page.splitlines()) <= 100 for page in pages)


_OF_THE_RECORD = {
    *("resource.created", "resource.updated", "resource.deleted", "patient.merged", "patient.merge_undone"),
    *("patient.confirmed", "patient.doubted"),
}  # named where they are decided, not where they are written
_AUDITED = re.compile(r"tx\.audit\(\s*\"([a-z_.]+)\"")
_SETTLED = {f"conflict.{how}" for how in (conflicts.KEPT, conflicts.REPLACED)} | {
    f"quarantine.{how}" for how in (quarantine.ACCEPTED, quarantine.REPAIRED, quarantine.REJECTED)
}


def test_everything_that_is_audited_has_words() -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in python_files())
    audited = {*_AUDITED.findall(sources), *_SETTLED, *_OF_THE_RECORD, "read", "read.repeated"}
    assert len(audited) > 15
    for catalogue in PAGES:
        words = texts_of(catalogue)
        assert not [name for name in audited if f"audit.action.{name.replace('.', '_')}" not in words]


_SCREENS = re.compile(r"SCREEN: Final = \"([^\"]+)\"|screen=\"([^\"]+)\"")


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_every_screen_in_the_audit_trail_has_words(path: Path) -> None:
    found = [pair for source in python_files(ROOT / "src") for pair in _SCREENS.findall(source.read_text("utf-8"))]
    screens = {one or other for one, other in found}
    assert len(screens) > 10
    assert not [name for name in screens if f"audit.screen.{name}" not in texts_of(path)]


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_every_fault_of_a_file_has_words(path: Path) -> None:
    said = {key.removeprefix("unsettled.fault.") for key in texts_of(path) if key.startswith("unsettled.fault.")}
    assert said == faults.CODES


def test_every_fault_that_is_given_has_a_known_code() -> None:
    given = re.compile(r'Fault\((?:f?"[^"]*"|\w+), "(\w+)"')
    sources = [path.read_text(encoding="utf-8") for path in python_files(ROOT / "src")]
    found = {code for source in sources for code in given.findall(source)}
    assert found
    assert found <= faults.CODES
