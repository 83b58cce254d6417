"""GDCM, a DICOM stack of its own in C++, asks, searches, sends and fetches."""

import subprocess
import sys
from collections.abc import Generator
from io import BytesIO
from pathlib import Path

import pydicom
import pytest
from pydicom.filereader import read_dataset

from bench.peers import free_port
from lightwell.standards.dicom.part10 import file_meta
from tests.journeys.images import CT, EXPLICIT_LITTLE, find, images, send, stored, values
from tests.region import Region, Server, running_server

_USER = Path(__file__).with_name("gdcm_user.py")
_BRANCH = 8260


@pytest.fixture(scope="module")
def node() -> Generator[tuple[Server, Region]]:
    """A server of its own with a study of two images; CT_A listens where its address says."""
    with running_server() as (server, region):
        assert set(send(server, *images(2, _BRANCH))) == {0}
        yield server, region


def _run(server: Server, act: str, *arguments: str, calling: str = "CT_A") -> list[str]:
    command = [sys.executable, str(_USER), act, str(server.dicom_port), calling, *arguments]
    said = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert said.returncode == 0, said.stdout[-1000:] + said.stderr[-2000:]
    return [line.removeprefix("found ").strip() for line in said.stdout.splitlines() if line.startswith("found ")]


def test_gdcm_asks_whether_we_are_there(node: tuple[Server, Region]) -> None:
    assert _run(node[0], "echo") == []


@pytest.mark.parametrize(
    ("key", "number"), [("0010,0020=P0001", 1), ("0010,0010=Test*", 1), ("0008,0020=20261124-", 0)]
)
def test_gdcm_finds_studies(node: tuple[Server, Region], key: str, number: int) -> None:
    (image, _) = images(2, _BRANCH)
    found = _run(node[0], "find", "STUDY", key, "0020,000d=")
    assert found == [image.study] * number


@pytest.mark.hazard("H-04")
def test_gdcm_finds_nothing_for_another_hospital(node: tuple[Server, Region]) -> None:
    assert _run(node[0], "find", "STUDY", "0010,0010=*", "0020,000d=", calling="CT_B") == []


def test_gdcm_finds_series_of_a_study(node: tuple[Server, Region]) -> None:
    (image, _) = images(2, _BRANCH)
    assert _run(node[0], "find", "SERIES", f"0020,000d={image.study}", "0020,000e=") == [image.series]


def test_what_gdcm_sends_is_kept(node: tuple[Server, Region], tmp_path: Path) -> None:
    wanted = images(3, _BRANCH + 1, name=b"Wang^Wu")
    for place, image in enumerate(wanted):
        (tmp_path / f"{place}.dcm").write_bytes(file_meta(CT, image.uid, EXPLICIT_LITTLE) + image.data_set)
    _run(node[0], "store", *map(str, sorted(tmp_path.iterdir())))
    found = find(node[0], node[1].token_a, f"{wanted[0].study_address}/instances")
    assert set(values(found, "00080018")) == {image.uid for image in wanted}
    for image in wanted:
        assert _read(stored(node[0], node[1].token_a, image)) == _read(image.data_set)


def _read(content: bytes) -> pydicom.Dataset:
    """Read a data set in whichever of the uncompressed ways it was sent; GDCM writes it anew as it goes."""
    is_explicit = content[4:6].isalpha()
    return read_dataset(BytesIO(content), is_implicit_VR=not is_explicit, is_little_endian=True)


def test_gdcm_moves_a_study_to_itself(node: tuple[Server, Region], tmp_path: Path) -> None:
    server, wanted = node[0], images(2, _BRANCH)
    port = free_port()
    server.query("UPDATE archive.peer SET host = '127.0.0.1', port = %s WHERE calling_ae = 'CT_A'", port)
    _run(server, "move", str(port), str(tmp_path), wanted[0].study)
    came = {path.name.removesuffix(".dcm"): path for path in tmp_path.iterdir()}
    assert set(came) == {image.uid for image in wanted}
    for image in wanted:
        assert pydicom.dcmread(came[image.uid]).PixelData == _read(image.data_set).PixelData
