"""Whoever runs a node can look up each setting, and finds none that does not exist."""

import re
from dataclasses import fields

from lightwell.core.settings import PREFIX, Settings
from tests.house.tree import ROOT

PAGE = (ROOT / "docs/operations/settings.md").read_text(encoding="utf-8")
EXISTING = {f"{PREFIX}{item.name.upper()}" for item in fields(Settings)} | {f"{PREFIX}CONFIG"}
# A row of a table: the name in its first column.
DOCUMENTED = re.findall(rf"^\| `({PREFIX}[A-Z0-9_]+)`", PAGE, re.MULTILINE)


def test_every_setting_is_documented_once() -> None:
    assert sorted(DOCUMENTED) == sorted(EXISTING)


def test_the_documented_defaults_are_the_real_ones() -> None:
    rows = dict(re.findall(rf"^\| `{PREFIX}([A-Z0-9_]+)` \| `([^`]*)`", PAGE, re.MULTILINE))
    real = {item.name.upper(): str(item.default) for item in fields(Settings)}
    assert rows == {name: real[name] for name in rows}
    assert rows.keys() >= {"HTTP_PORT", "DICOM_PORT", "BIND"}
