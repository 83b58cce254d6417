"""Draws the floors of the house into ARCHITECTURE.md from the contract that holds them.

Run ``python docs/draw_storeys.py`` after a change of ``.importlinter``; a house test compares the two.
"""

import configparser
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs/ARCHITECTURE.md"
BEGIN, END = "<!-- storeys: drawn by docs/draw_storeys.py -->\n", "<!-- end of storeys -->"

FLOORS = ("4 roof", "3 departments", "2 services", "1 machines", "0 ground")
_WIDTH = 64


def draw(contracts: str) -> str:
    """Return the floors as a picture in text, the roof above."""
    config = configparser.ConfigParser()
    config.read_string(contracts)
    layers = config["importlinter:contract:floors"]["layers"].split("\n")
    floors = [layer.replace(" | ", "   ") for layer in layers if layer]
    beam = f"  {'':<15}├{'─' * _WIDTH}┤\n"
    storeys = beam.join(f"  {name:<15}│ {rooms:<{_WIDTH - 2}} │\n" for name, rooms in zip(FLOORS, floors, strict=True))
    return f"```\n  {'':<15}┌{'─' * _WIDTH}┐\n{storeys}  {'':<15}└{'─' * _WIDTH}┘\n```\n"


def with_drawing(page: str, drawing: str) -> str:
    """Return the page with the drawing between its marks."""
    before, rest = page.split(BEGIN)
    return before + BEGIN + drawing + END + rest.split(END)[1]


def main() -> None:
    """Draw anew."""
    drawing = draw((ROOT / ".importlinter").read_text(encoding="utf-8"))
    PAGE.write_text(with_drawing(PAGE.read_text(encoding="utf-8"), drawing), encoding="utf-8")


if __name__ == "__main__":
    main()
