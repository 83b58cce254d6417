"""Whoever follows a link between our pages arrives."""

import re
from pathlib import Path

import pytest

from tests.house.tree import ROOT, name_of, tracked_files

PAGES = [path for path in tracked_files() if path.suffix == ".md"]
_LINK = re.compile(r"\]\((?!https?://|#|mailto:)([^)#\s]+)")


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    targets = _LINK.findall(page.read_text(encoding="utf-8"))
    assert not [target for target in targets if not (page.parent / target).exists()]


def test_every_decision_is_in_the_list() -> None:
    folder = ROOT / "docs/adr"
    listed = _LINK.findall((folder / "README.md").read_text(encoding="utf-8"))
    assert sorted(listed) == sorted(path.name for path in folder.glob("[0-9]*.md"))
