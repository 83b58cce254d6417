"""What a page may weigh: over a thin line every 50 KB are a tenth of a second, on an old PC more."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

_KILOBYTE = 1000
_ASSET = re.compile(r'(?:src|href)="/(assets/[^"]+\.(?:js|css|wasm))"')


def compressed_bytes(pages: Path, name: str) -> int:
    """Return how many bytes a page fetches with its first answer, as a browser gets them."""
    shell = (pages / name).read_text(encoding="utf-8")
    return sum((pages / f"{asset}.br").stat().st_size for asset in _ASSET.findall(shell))


@pytest.mark.parametrize(
    ("name", "most_kilobytes"),
    [
        pytest.param("view.html", 150, id="before the first image, with the decoder"),
        pytest.param("index.html", 250, id="before signing in"),
    ],
)
def test_a_page_is_light(pages: Path, name: str, most_kilobytes: int) -> None:
    assert 0 < compressed_bytes(pages, name) <= most_kilobytes * _KILOBYTE
