"""What Lighthouse says of how usable the pages are for everybody: 100 of 100."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from tests.region import PASSWORD, Region, Server

pytestmark = [pytest.mark.peer, pytest.mark.drill]
_LIGHTHOUSE: Final = Path(__file__).parent / "lighthouse/node_modules/lighthouse/cli/index.js"
_OPTIONS: Final = (
    "--only-categories=accessibility",
    "--output=json",
    "--quiet",
    "--preset=desktop",
    "--throttling-method=provided",
    "--disable-full-page-screenshot",
    "--chrome-flags=--headless=new --no-sandbox",
)


@pytest.fixture(scope="module")
def cookie(house: tuple[Server, Region]) -> str:
    """The cookie of somebody who is signed in."""
    body = {"username": "user-a", "password": PASSWORD}
    answer = httpx.post(f"{house[0].url}/api/session", json=body, headers={"X-Lightwell": "1"}, timeout=30)
    return "; ".join(f"{name}={value}" for name, value in answer.cookies.items())


def _report(chromium: str, address: str, cookie: str) -> dict[str, Any]:
    if not _LIGHTHOUSE.exists():
        message = "lighthouse is not installed: npm ci in tests/browser/lighthouse/"
        (pytest.fail if os.environ.get("LIGHTWELL_REQUIRE_PEERS") == "1" else pytest.skip)(message)
    headers = json.dumps({"Cookie": cookie})
    command = ["node", str(_LIGHTHOUSE), address, *_OPTIONS, f"--extra-headers={headers}"]
    environment = {**os.environ, "CHROME_PATH": chromium}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    report: dict[str, Any] = json.loads(done.stdout)
    return report


@pytest.mark.parametrize("path", ["/studies", "/unsettled", "/devices", "/settings", "/settings/hanging"])
def test_a_page_is_usable_for_everybody(chromium: str, house: tuple[Server, Region], cookie: str, path: str) -> None:
    report = _report(chromium, house[0].url + path, cookie)
    assert report["finalDisplayedUrl"].endswith(path), "the page was not the one asked for"
    failed = {name: audit["title"] for name, audit in report["audits"].items() if audit["score"] not in {1, None}}
    assert failed == {}
    assert report["categories"]["accessibility"]["score"] == 1
