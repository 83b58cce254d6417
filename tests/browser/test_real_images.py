"""Every real image opens in the viewer, or the viewer says plainly why not: the table of docs/conformance/viewer.md."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Open
from tests.browser.desk import SLOW_MS
from tests.region import Region, Server
from tests.standards.dicom.images import SHARED, SHIPPED

pytestmark = pytest.mark.peer
_TABLE = Path(__file__).parents[2] / "docs/conformance/viewer.md"
_HEAD = """# Which images the viewer shows

Made by `tests/browser/test_real_images.py` (write it anew with `LIGHTWELL_WRITE_TABLES=1`). *Values*: the stored values
are read and windowed in the browser. *Drawn*: the server draws it (colour, tables, wide or floating values).
Codes are failure reasons of STOW-RS (PS3.18 Table I.2-2); what was not taken waits among the unsettled images.

| file | in the viewer |
|---|---|
"""
_READY = """() => {
  const absent = document.querySelector('.absent:not([hidden]) [role=alert]') ?? document.querySelector('.alert');
  if (absent?.textContent) return absent.textContent;
  if (!performance.getEntriesByName('lightwell:lossless').length) return null;
  return document.querySelector('.bottom-left').textContent ? 'values' : 'drawn'; }"""
_PLACE = re.compile(r"/(?:studies|series|instances)/([0-9.]+)")
_REASONS = {
    "0117H": "it does not say which image it is",
    "A900H": "it is not what it says it is",
    "C000H": "it is damaged or cut short, or no DICOM file",
}
_WORDS = {"values": "values", "drawn": "drawn by the server"}


def _files() -> Iterator[tuple[str, Path]]:
    for name, folder in (("pydicom", SHIPPED), ("shared", SHARED)):
        for path in sorted(folder.rglob("*.dcm")) if folder.is_dir() else ():
            yield f"{name}/{path.relative_to(folder)}", path


def _store(server: Server, token: str, content: bytes) -> str:
    """Send a file; return where it is from then on, or the reason why it was not taken, as code and words."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/dicom", "Accept": "application/json"}
    answer = httpx.post(f"{server.url}/dicom-web/studies", content=content, headers=headers, timeout=60)
    told = answer.json()
    if stored := told.get("00081199", {}).get("Value"):
        return str(stored[0]["00081190"]["Value"][0])
    (failed,) = (told.get("00081198") or told["0008119A"])["Value"]
    code = f"{failed['00081197']['Value'][0]:04X}H"
    return f"{code}: {_REASONS[code]}"


def _renamed(content: bytes, uid: str, number: int) -> bytes:
    """Return a file as another image: its SOP Instance UID, wherever it stands, with other digits and as long."""
    digits = list(uid)
    for place in range(len(digits) - 1, 0, -1):
        if digits[place] != "." and digits[place - 1] != ".":
            number, last = divmod(number, 10)
            digits[place] = str((int(digits[place]) + last) % 10)
    return content.replace(uid.encode(), "".join(digits).encode())


def _shown(page: Page, address: str) -> str:
    """Open an image, and return how it is shown, or what the viewer says instead."""
    if not address.startswith("http"):
        return f"not taken by the archive ({address})"
    study, series, instance = _PLACE.findall(address)
    page.goto(f"/view/{study}?series={series}&instance={instance}")
    said = page.wait_for_function(_READY, timeout=SLOW_MS).json_value()
    return _WORDS.get(said, said)


@pytest.mark.timeout(600)
@pytest.mark.usefixtures("shared_data")
def test_every_real_image_opens_or_says_why_not(visit: Open, house: tuple[Server, Region]) -> None:
    server, region = house
    page = visit("/", "en")
    seen = set[str]()
    rows: list[tuple[str, str]] = []
    for name, path in _files():
        content = path.read_bytes()
        address = _store(server, region.token_a, content)
        if address in seen:  # many are one image in another syntax
            address = _store(server, region.token_a, _renamed(content, _PLACE.findall(address)[-1], len(seen)))
        assert address not in seen
        seen |= {address} if address.startswith("http") else set()
        rows.append((name, _shown(page, address)))
    table = _HEAD + "".join(f"| {name} | {said} |\n" for name, said in rows)
    if os.environ.get("LIGHTWELL_WRITE_TABLES"):
        _TABLE.write_text(table, encoding="utf-8")
    assert table == _TABLE.read_text(encoding="utf-8")
