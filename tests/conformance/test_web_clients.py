"""Programs of others over DICOMweb: dcmjs' dicomweb-client, and OHIF in a browser."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from lightwell.standards.dicom.part10 import file_meta
from tests.conftest import peer_program
from tests.journeys.images import CT, EXPLICIT_LITTLE, data_set_of, images, send, stored
from tests.region import Region, Server

_SCRIPT = Path(__file__).parent / "dicomweb_client.mjs"
_CLIENT = Path(__file__).parents[2] / "web" / "node_modules" / "dicomweb-client"


@pytest.mark.peer
def test_dcmjs_client_finds_fetches_and_stores(server: Server, region: Region, tmp_path: Path) -> None:
    node = shutil.which("node") or peer_program("node")
    if not _CLIENT.is_dir():
        required = os.environ.get("LIGHTWELL_REQUIRE_PEERS") == "1"
        (pytest.fail if required else pytest.skip)("dicomweb-client is not installed: npm ci in web/")
    wanted = images(3, 8400, further=((0x00280004, b"CS", b"MONOCHROME2"),))
    (other,) = images(1, 8401)
    assert set(send(server, *wanted)) == {0}
    file = tmp_path / "other.dcm"
    file.write_bytes(file_meta(CT, other.uid, EXPLICIT_LITTLE) + other.data_set)
    command = [node, str(_SCRIPT), server.url, region.token_a, wanted[0].study, str(file)]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout.splitlines()[-1])
    assert (told["studies"], told["instances"], told["metadata"]) == (1, 3, 3)
    assert data_set_of(bytes.fromhex(told["instance"])) in {image.data_set for image in wanted}
    assert {data_set_of(bytes.fromhex(content)) for content in told["all"]} == {image.data_set for image in wanted}
    assert bytes.fromhex(told["frame"]) in wanted[0].data_set
    assert bytes.fromhex(told["rendered"]).startswith(b"\xff\xd8"), "a JPEG"
    assert stored(server, region.token_a, other) == other.data_set
