"""The picture of the house shows the house."""

import runpy

from tests.house.tree import ROOT


def test_the_floors_are_drawn_as_the_contract_holds_them() -> None:
    drawer = runpy.run_path(str(ROOT / "docs/draw_storeys.py"))
    page = (ROOT / "docs/ARCHITECTURE.md").read_text(encoding="utf-8")
    drawing = drawer["draw"]((ROOT / ".importlinter").read_text(encoding="utf-8"))
    assert drawer["with_drawing"](page, drawing) == page, "run python docs/draw_storeys.py"
