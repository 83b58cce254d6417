"""OHIF, the viewer of others, shows what we keep: uncompressed, and in every compression that it knows."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pydicom
import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import VIEWPORT, Shoot
from tests.browser.ohif import DIST, Ohif
from tests.region import Region, Server, running_server

pytestmark = pytest.mark.peer
_LIT = """() => { const canvas = document.querySelector('.cornerstone-canvas');
  const copy = document.createElement('canvas'); copy.width = canvas.width; copy.height = canvas.height;
  const context = copy.getContext('2d'); context.drawImage(canvas, 0, 0);
  const pixels = context.getImageData(0, 0, copy.width, copy.height).data;
  let lit = 0; for (let at = 0; at < pixels.length; at += 4) if (pixels[at] > 40) lit += 1;
  return lit / (pixels.length / 4); }"""


@pytest.fixture(scope="module")
def real() -> Iterator[tuple[Server, Region]]:
    """A server of its own."""
    if not DIST.is_dir():
        required = os.environ.get("LIGHTWELL_REQUIRE_PEERS") == "1"
        (pytest.fail if required else pytest.skip)("OHIF is not there; .ci/run says how it is brought")
    with running_server(study_quiet_s=2) as pair:
        yield pair


@pytest.mark.parametrize("syntax", ["JPEG2000LosslessOnly", "JPEGProcess14SV1"])
def test_ohif_lists_and_shows_a_study(
    browser: Browser, real: tuple[Server, Region], shoot: Shoot, shared_data: Path, tmp_path: Path, syntax: str
) -> None:
    server, region = real
    study = _import(server, shared_data, tmp_path, syntax)
    ohif = Ohif(server.url, region.token_a)
    context = browser.new_context(viewport=VIEWPORT)
    page = context.new_page()
    page.goto(f"{ohif.url}/viewer?StudyInstanceUIDs={study}")
    expect(page.locator(".cornerstone-canvas").first).to_be_visible(timeout=60_000)
    page.wait_for_function(f"() => ({_LIT})() > 0.02", timeout=60_000)
    shoot(page, f"ohif-{syntax}")
    context.close()
    ohif.shutdown()
    asked = {path.rpartition("/")[2].partition("?")[0] for path, _ in ohif.answers}
    assert {"series", "metadata", "1"} <= asked, asked
    assert {status for _, status in ohif.answers} == {200}, ohif.answers


def _import(server: Server, shared_data: Path, folder: Path, syntax: str) -> str:
    """Bring the CT slice in a transfer syntax, as a study of its own."""
    path = next((shared_data / "dicom" / "syntaxes").glob(f"CTImage.dcm_{syntax}TransferSyntax_*"))
    image = pydicom.dcmread(path)
    image.StudyInstanceUID = f"{image.StudyInstanceUID}.{len(syntax)}"
    image.SeriesInstanceUID = f"{image.StudyInstanceUID}.1"
    image.SOPInstanceUID = image.file_meta.MediaStorageSOPInstanceUID = f"{image.StudyInstanceUID}.1.1"
    image.save_as(folder / "image.dcm")
    told = server.run("import", str(folder), "--organisation", "a")
    assert told.returncode == 0, told.stderr
    return str(image.StudyInstanceUID)
