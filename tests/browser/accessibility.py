"""What keeps people out of a page: contrast, names, focus, as axe finds it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Page

AXE: Final = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
_WCAG: Final = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}


def serious(page: Page, options: dict[str, Any] = _WCAG) -> list[str]:
    """What axe finds serious or critical, in words."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("options => axe.run(document, options)", options)["violations"]
    return [
        f"{finding['id']}: {node['html'][:160]}"
        for finding in found
        if finding["impact"] in ("serious", "critical")
        for node in finding["nodes"]
    ]


def assert_accessible(page: Page) -> None:
    """Looks for what breaks WCAG 2.2 AA; nothing serious may be found."""
    found = serious(page)
    assert not found, "\n".join(found)
