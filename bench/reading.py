"""Reading on a LAN: from a click in the list to the picture, and scrolling through what is loaded.

The page of the workstation is open on the list of studies, its programs are loaded; a click opens a study. The time
counts from the click to the picture without loss, as the page marks it. Then a series of 300 slices is waited for, and
stepped through from one end to the other, in the lean viewer and in the full one: no task of ours may take 50 ms. Said
are the longest task of the page, with what the browser does in it (W3C Long Tasks), and how long programs of ours run
in the longest frame at most (W3C Long Animation Frames).

Without a graphics card the page is put together either by SwiftShader, as on a card that is slow at everything, or by
the processor itself, which brings pages sooner and has to fetch each drawn image from SwiftShader. Both are measured.

``--quick`` opens three studies instead of nine.
"""

import argparse
import json
import statistics
import tempfile
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import BrowserContext, Page, Playwright, expect, sync_playwright

from bench import ct_series
from bench.browser import CHROMIUM, FLAGS
from bench.c_store import claim
from hatch_build import build_pages
from tests.region import PASSWORD, running_server, wait_for

_SLICES = 300
_STEP_MS = 30
_COMPOSERS = {"SwiftShader": (), "the processor": ("--disable-gpu-compositing",)}
"""Who puts the page together, and what Chromium is told for that."""
_SOON_S, _LONG_MS = 0.3, 50.0
_LONGEST_MS = 120_000
_CLICKED = "addEventListener('click', () => performance.mark('bench:clicked'), true)"
_WATCH = """() => { window.longest = { task: 0, own: 0 };
const seen = (what, took) => { window.longest[what] = Math.max(window.longest[what], took); };
new PerformanceObserver((list) => list.getEntries().forEach((task) => seen('task', task.duration)))
  .observe({ type: 'longtask' });
new PerformanceObserver((list) => list.getEntries()
  .forEach(({ scripts }) => seen('own', scripts.reduce((sum, { duration }) => sum + duration, 0))))
  .observe({ type: 'long-animation-frame' }); }"""
_LOSSLESS = """() => { const clicked = performance.getEntriesByName('bench:clicked').at(-1)?.startTime;
const seen = performance.getEntriesByName('lightwell:lossless').find((mark) => mark.startTime > clicked);
return seen?.startTime - clicked; }"""
_LOADED = """(slices) => { const now = performance.now();
const frames = performance.getEntriesByType('resource').filter(({ name }) => /frames.\\d+/.test(name)).length;
if (frames !== window.frames) [window.frames, window.since] = [frames, now];
return frames > slices / 2 && now - window.since > 3000; }"""
"""Frames that came by the channel are no entries, so that all are here when no more come."""


@contextmanager
def _hospital(folder: Path, numbers: list[int]) -> Generator[tuple[str, Any]]:
    """Bring up a server with prepared studies; lend its address and the cookie of somebody signed in."""
    with running_server(idle_lock_s=86400) as (server, _):
        for number in numbers:
            ct_series.write(folder, number, _SLICES if number == numbers[0] else 40, ct_series.SOFT)
        told = server.run("import", str(folder), "--organisation", "a")
        assert told.returncode == 0, told.stderr
        prepared = "SELECT count(*) FROM archive.prepared"
        assert wait_for(lambda: server.query(prepared)[0][0] == len(numbers), 600)
        body = {"username": "user-a", "password": PASSWORD}
        answer = httpx.post(f"{server.url}/api/session", json=body, headers={"X-Lightwell": "1"})
        (cookie,) = answer.cookies.jar
        yield server.url, {"name": cookie.name, "value": cookie.value or "", "url": server.url}


def _browser(playwright: Playwright, cookie: Any, composer: str) -> BrowserContext:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, *_COMPOSERS[composer]])
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    context.add_cookies([cookie])
    context.add_init_script(_CLICKED)
    context.add_init_script("performance.setResourceTimingBufferSize(5000)")
    return context


def opened_s(page: Page, url: str, number: int) -> float:
    """Open a study by two clicks on it in the list; return how long its picture took from the second."""
    page.goto(f"{url}/studies")
    row = page.get_by_role("gridcell", name=ct_series.accession_number(number))
    expect(row).to_be_visible(timeout=_LONGEST_MS)
    page.wait_for_timeout(2000)
    row.dblclick()
    page.wait_for_function(f"() => ({_LOSSLESS})() >= 0", polling=20, timeout=_LONGEST_MS)
    return float(page.evaluate(_LOSSLESS)) / 1000


def longest_ms(page: Page) -> tuple[float, float]:
    """Step through a series that is loaded; return the longest task of the page meanwhile, and of a program in it."""
    page.wait_for_function(_LOADED, arg=_SLICES, polling=500, timeout=_LONGEST_MS)
    page.keyboard.press("Home")
    page.wait_for_timeout(3000)
    page.evaluate(_WATCH)
    for _ in range(_SLICES):
        page.keyboard.press("ArrowDown")
        page.wait_for_timeout(_STEP_MS)
    page.wait_for_timeout(500)
    task_ms, own_ms = page.evaluate("() => [longest.task, longest.own]")
    return float(task_ms), float(own_ms)


def measure(context: BrowserContext, url: str, numbers: list[int], composer: str) -> list[dict[str, Any]]:
    """Open studies from the list, and step through the longest in both viewers."""
    page = context.new_page()
    opened = [opened_s(page, url, number) for number in numbers[1:]]
    print(f"{composer}: click to picture", ", ".join(f"{taken:.2f} s" for taken in opened), flush=True)
    first = ct_series.study_uid(numbers[0])
    page.goto(f"{url}/view/{first}")
    lean = longest_ms(page)
    page.goto(f"{url}/studies/{first}")
    expect(page.get_by_role("toolbar").first).to_be_visible(timeout=_LONGEST_MS)
    page.keyboard.press("l")  # a tool of the full viewer, which takes over
    expect(page.locator(".cornerstone-canvas").first).to_be_visible(timeout=_LONGEST_MS)
    full = longest_ms(page)
    soon, by = statistics.median(opened), f"page by {composer}"
    found = [claim(f"from click to picture on a LAN, {by}, s beside {_SOON_S}", soon, _SOON_S, 1.0, smaller=True)]
    for viewer, longest in (("lean", lean), ("full", full)):
        for whose, took_ms in zip(("the page", "ours"), longest, strict=True):
            what = f"longest task of {whose}, {viewer} viewer, 300 slices, {by}, ms beside 50"
            print(f"{what}: {took_ms:.0f}", flush=True)
            found.append(claim(what, took_ms, _LONG_MS, 1.0, smaller=True))
    return found


def main() -> None:
    """Measure and print the claims."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    numbers = list(range(1, 5 if parser.parse_args().quick else 11))
    build_pages()
    found: list[dict[str, Any]] = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lightwell-bench-")))
        url, cookie = stack.enter_context(_hospital(folder, numbers))
        playwright = stack.enter_context(sync_playwright())
        for composer in _COMPOSERS:
            found += measure(_browser(playwright, cookie, composer), url, numbers, composer)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
