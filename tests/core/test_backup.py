"""What was backed up comes back whole, into an empty place only, and never when the backup was altered."""

import shutil
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.journeys.images import Image, find, images, send, stored
from tests.region import Region, Server, data_directory, running_server


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Generator[tuple[Server, Region, Path, list[Image]]]:
    """A server with images, and a backup of it that was made while it ran."""
    with running_server() as (server, region):
        wanted = images(20, 8001)
        assert set(send(server, *wanted)) == {0}
        find(server, region.token_a)
        folder = tmp_path_factory.mktemp("backup") / "kept"
        made = server.run("backup", str(folder))
        assert made.returncode == 0, made.stdout + made.stderr
        assert "20 images" in made.stdout
        yield server, region, folder, wanted


@pytest.fixture
def empty(saved: tuple[Server, Region, Path, list[Image]]) -> Generator[Server]:
    """Another, empty data directory."""
    with data_directory() as data_dir:
        yield Server(replace(saved[0].settings, data_dir=data_dir))


@pytest.mark.hazard("H-03")
def test_a_restored_archive_is_as_it_was(saved: tuple[Server, Region, Path, list[Image]], empty: Server) -> None:
    _, region, folder, wanted = saved
    back = empty.run("restore", str(folder))
    assert back.returncode == 0, back.stdout + back.stderr
    for check in (("archive", "verify"), ("audit", "verify")):
        verified = empty.run(*check)
        assert verified.returncode == 0, verified.stdout + verified.stderr
    try:
        empty.start()
        for image in wanted:
            assert stored(empty, region.token_a, image) == image.data_set
        further, *_ = images(1, 8002)
        assert send(empty, further) == [0]
        assert find(empty, region.token_a, StudyInstanceUID=further.study)
        assert not find(empty, region.token_b)
    finally:
        empty.stop()


def test_a_second_backup_into_the_same_folder_adds_what_is_new(
    saved: tuple[Server, Region, Path, list[Image]], tmp_path: Path
) -> None:
    server, region, folder, _ = saved
    further = tmp_path / "kept"
    shutil.copytree(folder, further)
    assert send(server, *images(1, 8003)) == [0]
    find(server, region.token_a)
    made = server.run("backup", str(further))
    assert made.returncode == 0
    assert "21 images" in made.stdout


def test_a_place_in_use_is_not_restored_into(saved: tuple[Server, Region, Path, list[Image]]) -> None:
    server, _, folder, _ = saved
    refused = server.run("restore", str(folder))
    assert refused.returncode == 1
    assert "is in use" in refused.stderr


@pytest.mark.parametrize("harm", ["changed", "removed", "no manifest", "no dump"])
def test_an_altered_backup_is_refused(
    saved: tuple[Server, Region, Path, list[Image]], empty: Server, tmp_path: Path, harm: str
) -> None:
    folder = tmp_path / "altered"
    shutil.copytree(saved[2], folder)
    victim = next((folder / "objects").rglob("*.dcm"))
    if harm == "changed":
        victim.write_bytes(victim.read_bytes()[:-1] + b"\x7f")
    elif harm == "removed":
        victim.unlink()
    else:
        (folder / {"no manifest": "manifest.sha256", "no dump": "database.dump"}[harm]).unlink()
    refused = empty.run("restore", str(folder))
    assert refused.returncode == 1
    assert refused.stderr.startswith("lightwell: ")
    assert "Traceback" not in refused.stderr
    assert not list((empty.settings.data_dir / "objects").rglob("*.dcm"))
    assert not (empty.settings.data_dir / "postgres").exists()


def test_a_damaged_image_is_named(saved: tuple[Server, Region, Path, list[Image]], empty: Server) -> None:
    assert empty.run("restore", str(saved[2])).returncode == 0
    victim = next((empty.settings.data_dir / "objects").rglob("*.dcm"))
    victim.write_bytes(victim.read_bytes()[:-1] + b"\x7f")
    found = empty.run("archive", "verify")
    assert found.returncode == 1
    assert f"{victim.name}: the bytes have changed" in found.stdout
