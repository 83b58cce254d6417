"""Importing a folder by the command line: everything once, with a report, however often it is broken off."""

import hashlib
import signal
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

import pytest

from lightwell.standards.dicom.part10 import file_meta
from tests.journeys.images import CT, EXPLICIT_LITTLE, Image, find, images, stored, values
from tests.region import Region, Server, running_server, wait_for


@pytest.fixture(scope="module")
def served() -> Generator[tuple[Server, Region]]:
    """A server of its own."""
    with running_server() as pair:
        yield pair


def _write(folder: Path, wanted: list[Image]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for number, image in enumerate(wanted):
        head = file_meta(CT, image.uid, EXPLICIT_LITTLE)
        (folder / f"{number:04}.dcm").write_bytes(head + image.data_set)


def _number(server: Server, region: Region, image: Image) -> list[int]:
    return values(find(server, region.token_a, StudyInstanceUID=image.study), "00201208")


def test_a_folder_is_imported_with_a_report(served: tuple[Server, Region], tmp_path: Path) -> None:
    server, region = served
    wanted = images(5, 9001)
    _write(tmp_path / "in" / "deep", wanted)
    (tmp_path / "in" / "readme.txt").write_text("not an image")
    (tmp_path / "in" / "empty.dcm").touch()
    broken = file_meta(CT, "1.2.3", EXPLICIT_LITTLE) + wanted[0].data_set[:200]
    (tmp_path / "in" / "broken.dcm").write_bytes(broken)
    report = tmp_path / "report"
    done = server.run("import", str(tmp_path / "in"), "--organisation", "a", "--report", str(report))
    assert done.returncode == 1, "a broken file is told by the exit status"
    assert done.stdout.strip() == "5 kept, 1 quarantined, 2 skipped"
    lines = {line.split("\t")[2]: line.split("\t")[:2] for line in report.read_text().splitlines()}
    assert len(lines) == 8
    for path, (sha256, outcome) in lines.items():
        assert hashlib.sha256(Path(path).read_bytes()).hexdigest() == sha256
        assert (outcome == "kept") == ("deep" in path)
    for image in wanted:
        assert stored(server, region.token_a, image) == image.data_set
    assert not find(server, region.token_b)


def test_a_repeated_import_adds_nothing(served: tuple[Server, Region], tmp_path: Path) -> None:
    server, region = served
    wanted = images(5, 9002)
    _write(tmp_path / "in", wanted)
    for _ in range(2):
        done = server.run("import", str(tmp_path / "in"), "--organisation", "a")
        assert (done.returncode, done.stdout.strip()) == (0, "5 kept")
    assert _number(server, region, wanted[0]) == [5]
    uid = wanted[0].uid
    assert server.query("SELECT count(*) FROM archive.instance WHERE sop_instance_uid = %s", uid) == [(1,)]
    assert server.query("SELECT 1 FROM archive.conflict WHERE sop_instance_uid = %s", uid) == []


@pytest.mark.hazard("H-03")
def test_an_import_that_was_killed_can_be_begun_again(served: tuple[Server, Region], tmp_path: Path) -> None:
    server, region = served
    wanted = images(1500, 9003)
    _write(tmp_path / "in", wanted)
    command = [sys.executable, "-m", "lightwell.app", "import", str(tmp_path / "in"), "--organisation", "a"]
    process = subprocess.Popen(command, env=server._environment(), stdout=subprocess.DEVNULL)
    assert wait_for(lambda: bool(_number(server, region, wanted[0])), 60)
    process.send_signal(signal.SIGKILL)
    process.wait()
    done = server.run("import", str(tmp_path / "in"), "--organisation", "a")
    assert (done.returncode, done.stdout.strip()) == (0, "1500 kept")
    assert wait_for(lambda: _number(server, region, wanted[0]) == [1500], 30)
    assert server.run("archive", "verify").returncode == 0


@pytest.mark.parametrize("arguments", [("nowhere", "--organisation", "a"), (".", "--organisation", "nobody")])
def test_a_mistake_is_told_in_words(served: tuple[Server, Region], arguments: tuple[str, ...]) -> None:
    told = served[0].run("import", *arguments)
    assert told.returncode != 0
    assert "Traceback" not in told.stderr
