"""The first picture over a thin line: our viewer beside OHIF, on the county line (4/2 Mb/s, 200 ms, 2 % lost each way).

Each browser is new, its cache empty: *cold*. It opens the study again (browsers keep compiled scripts from the second
time on), and then another in a new page: *warm*, with the programs in its cache and its connections open, as after a
list of studies. Times count from the beginning of the navigation, as the page itself marks them; our preview is there
when the browser says that the picture is painted. OHIF is served by the same kind of server, over the same TLS and by
the same congestion control; it asks for the same frames in HTJ2K.

Goals were set on slices of 149 KB without loss (a soft kernel); the same is measured on slices of 212 KB (a sharp one)
and said beside the goals too.

``--quick`` takes two rounds and BBR alone. It needs root, see :mod:`bench.linkemu`.
"""

import argparse
import json
import statistics
import tempfile
from collections import defaultdict
from collections.abc import Generator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import BrowserContext, Page, Playwright, sync_playwright

from bench import ct_series, ohif
from bench.browser import CHROMIUM, new_browser
from bench.c_store import claim
from bench.linkemu import Emulated, emulated
from bench.peers import free_port
from hatch_build import build_pages
from tests.region import PASSWORD, running_server, wait_for

_SLICES = 200
_ROUNDS = 5
_LONGEST_MS = 240_000
_BULK_MS = 5_000
"""How long frames are loaded before somebody jumps: a connection takes about as long to know its line."""
_PREVIEW, _LOSSLESS, _SCROLLABLE = "lightwell:preview", "lightwell:lossless", "lightwell:scrollable"
_LIT = """() => setInterval(() => {
  const canvas = document.querySelector('.cornerstone-canvas');
  if (!canvas || performance.getEntriesByName('ohif:image').length) return;
  const copy = document.createElement('canvas'); copy.width = copy.height = 64;
  const context = copy.getContext('2d'); context.drawImage(canvas, 0, 0, 64, 64);
  const pixels = context.getImageData(0, 0, 64, 64).data;
  let lit = 0; for (let at = 0; at < pixels.length; at += 4) if (pixels[at] > 40) lit += 1;
  if (lit > 80) performance.mark('ohif:image');
}, 30)"""
_WATCH = """addEventListener('keydown', () => performance.mark('bench:pressed'), true);
new PerformanceObserver((list) => list.getEntries().filter((seen) => seen.identifier === 'first-picture')
  .forEach((seen) => performance.mark('lightwell:preview', { startTime: seen.renderTime, detail: { index: -1 } })))
  .observe({ type: 'element', buffered: true })"""
_HAS = "([name, last]) => performance.getEntriesByName(name).some(m => last === null || m.detail?.index === last)"
_AT = """([name, last, since]) => performance.getEntriesByName(name)
  .find(m => m.startTime >= since && (last === null || m.detail?.index === last)).startTime"""

_VISITS = ((0, "cold"), (0, "again"), (1, "warm"))
"""Which of two studies, and what the visit is called."""
_KERNELS = {"soft": ct_series.SOFT, "sharp": ct_series.SHARP}
_STUDIES = {"soft": (1, 2), "sharp": (3, 4)}

Times = dict[str, list[float]]


@dataclass(frozen=True, slots=True)
class Scene:
    """What is up: the line, both viewers' addresses, the certificate, and the cookie of somebody signed in."""

    line: Emulated
    program: Path
    url: str
    ohif_url: str
    certificate: Path
    cookie: Any


@contextmanager
def scene(slices: int) -> Generator[Scene]:
    """Bring up the line and both servers, with two prepared studies of each kernel."""
    build_pages()
    with ExitStack() as stack:
        line = stack.enter_context(emulated())
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lightwell-bench-")))
        port = free_port()
        url = f"https://{line.server_address}:{port}"
        ways = {"bind": line.server_address, "https_port": port, "public_url": url, "idle_lock_s": 86400}
        server, region = stack.enter_context(running_server(**ways))
        for kernel, numbers in _STUDIES.items():
            for number in numbers:
                ct_series.write(folder, number, slices, _KERNELS[kernel])
        told = server.run("import", str(folder), "--organisation", "a")
        assert told.returncode == 0, told.stderr
        prepared = "SELECT count(*) FROM archive.prepared WHERE instance_count = %s"
        assert wait_for(lambda: server.query(prepared, slices)[0][0] == 4, 600)
        tls = server.settings.data_dir / "tls"
        files = {
            "certificate": str(tls / "server.pem"),
            "key": str(tls / "server.key"),
            "authority": str(tls / "ca.pem"),
        }
        place = ohif.Place(line.server_address, free_port(), **files, upstream=url, token=region.token_a)
        other = stack.enter_context(ohif.running(place))
        program = line.program(folder, CHROMIUM)
        yield Scene(line, program, url, other.url, tls / "server.pem", _sign_in(url, tls / "ca.pem"))


def _sign_in(url: str, authority: Path) -> Any:
    body = {"username": "user-a", "password": PASSWORD}
    answer = httpx.post(f"{url}/api/session", json=body, headers={"X-Lightwell": "1"}, verify=str(authority))
    (cookie,) = answer.cookies.jar
    return {"name": cookie.name, "value": cookie.value or "", "url": url, "secure": True, "httpOnly": True}


def _when(page: Page, name: str, index: int | None = None, since_ms: float = 0.0) -> float:
    """Wait until a page has marked something, and return when that was, in ms after ``since_ms``."""
    page.wait_for_function(_HAS, arg=[name, index], polling=20, timeout=_LONGEST_MS)
    return float(page.evaluate(_AT, [name, index, since_ms])) - since_ms


def _opened(context: BrowserContext, script: str, url: str) -> Page:
    page = context.new_page()
    page.add_init_script(script)
    page.goto(url, wait_until="commit", timeout=_LONGEST_MS)
    return page


def ours(playwright: Playwright, at: Scene, kernel: str) -> Mapping[str, float]:
    """Open two studies in our viewer, and jump to the end of the first while it is filled."""
    found: dict[str, float] = {}
    with new_browser(playwright, at.program, at.certificate) as context:
        context.add_cookies([at.cookie])
        for place, state in _VISITS:
            page = _opened(context, _WATCH, f"{at.url}/view/{ct_series.study_uid(_STUDIES[kernel][place])}")
            found[f"{state} lossless"] = _when(page, _LOSSLESS)
            found[f"{state} preview"] = _when(page, _PREVIEW)
            if state == "cold":
                found["scrollable"] = _when(page, _SCROLLABLE)
                found |= _jump(page)
            page.close()
    return found


def _jump(page: Page) -> dict[str, float]:
    page.wait_for_timeout(_BULK_MS)
    page.keyboard.press("End")
    pressed = _when(page, "bench:pressed")
    names = (("preview", _PREVIEW), ("lossless", _LOSSLESS))
    return {f"jump {what}": _when(page, name, _SLICES - 1, pressed) for what, name in names}


def theirs(playwright: Playwright, at: Scene, kernel: str) -> Mapping[str, float]:
    """Open two studies in OHIF."""
    found: dict[str, float] = {}
    with new_browser(playwright, at.program, at.certificate) as context:
        for place, state in _VISITS:
            address = f"{at.ohif_url}/viewer?StudyInstanceUIDs={ct_series.study_uid(_STUDIES[kernel][place])}"
            page = _opened(context, f"({_LIT})()", address)
            found[f"{state} image"] = _when(page, "ohif:image")
            page.close()
    return found


_RUNS = (("ours", ours, "soft"), ("ohif", theirs, "soft"), ("sharp", ours, "sharp"))


def measure(at: Scene, rounds: int, congestion_control: str) -> dict[str, Times]:
    """Run both viewers in turn; return the times of each in seconds."""
    times: dict[str, Times] = {name: defaultdict(list) for name, _, _ in _RUNS}
    with sync_playwright() as playwright:
        for number in range(rounds):
            for name, run, kernel in _RUNS:
                at.line.send_by(congestion_control)
                found = run(playwright, at, kernel)
                for what, taken_ms in found.items():
                    times[name][what].append(taken_ms / 1000)
                print(f"{congestion_control} round {number + 1} {name}: {_listed(found)}", flush=True)
    return times


def _listed(found: Mapping[str, float]) -> str:
    return ", ".join(f"{what} {taken_ms / 1000:.2f} s" for what, taken_ms in found.items())


def _medians(times: Times) -> dict[str, float]:
    return {what: statistics.median(taken) for what, taken in times.items()}


_GOALS_S = (
    ("cold preview", 1.5),
    ("cold lossless", 2.8),
    ("warm preview", 0.7),
    ("warm lossless", 1.1),
    ("scrollable", 4.0),
    ("jump preview", 0.35),
    ("jump lossless", 0.9),
)
_SOONER = (
    ("cold preview", "cold image", 10),
    ("cold lossless", "cold image", 7),
    ("again lossless", "again image", 4),
    ("warm lossless", "warm image", 4),
)


def claims(times: Mapping[str, Times], congestion_control: str) -> list[dict[str, Any]]:
    """Return what was measured beside the goals; how much sooner is OHIF's time as a multiple of ours."""
    mine, peer, sharp = (_medians(times[name]) for name in ("ours", "ohif", "sharp"))
    for name, medians in (("lightwell", mine), ("ohif", peer), ("sharp", sharp)):
        for what, seconds in medians.items():
            print(f"{name:<10} {congestion_control:<6} {what:<14} {seconds:7.2f} s")
    where = f"on the county line by {congestion_control}"
    found = [
        claim(f"{what} {where}, {size} a slice, s beside {goal}", medians[what], goal, 1.0, smaller=True)
        for size, medians in (("149 KB", mine), ("212 KB", sharp))
        for what, goal in _GOALS_S
    ]
    return found + [
        claim(f"{what} {where}: OHIF's seconds beside ours", peer[other], mine[what], goal)
        for what, other, goal in _SOONER
    ]


def main() -> None:
    """Measure and print the claims."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    is_quick = parser.parse_args().quick
    rounds = 2 if is_quick else _ROUNDS
    controls = ("bbr",) if is_quick else ("bbr", "cubic")
    found: list[dict[str, Any]] = []
    with scene(_SLICES) as at:
        for control in controls:
            found += claims(measure(at, rounds, control), control)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
