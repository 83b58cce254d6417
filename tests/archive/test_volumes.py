"""Volumes while others lend, remove and make them: what is lent stays, and nothing is left behind."""

import asyncio
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import cast

import pytest

from lightwell.archive import volumes as keeping
from lightwell.archive.model import InstanceRow
from lightwell.archive.own_folder import OwnFolder
from lightwell.archive.volume_making import SeriesVolume
from lightwell.archive.volume_work import StoredVolume
from lightwell.archive.volumes import Volumes
from lightwell.core import clock
from lightwell.core.errors import OutOfSpace
from lightwell.imaging.look import Look
from lightwell.imaging.stack import VolumeGeometry

_BYTES = 100
NewFile = Callable[[], Path]


def _rows(name: str) -> list[InstanceRow]:
    return [InstanceRow(1, "P1", "1", "1.1", "1.1.1", "1", "1", 1, 1, name, 10, 0, None)]


def _volume(new_file: NewFile) -> SeriesVolume:
    stored, small = (StoredVolume(new_file(), (1, 1, 1), "i2", (), 0.0) for _ in range(2))
    stored.path.write_bytes(bytes(_BYTES))
    small.path.write_bytes(b"")
    return SeriesVolume(stored, small, cast("VolumeGeometry", None), "CT", Look(), is_light_low=False)


async def _make(_rows: Sequence[InstanceRow], new_file: NewFile) -> SeriesVolume:
    new_file().write_bytes(b"made on the way")
    await asyncio.sleep(0)
    return _volume(new_file)


def _files(folder: Path) -> set[Path]:
    return set(folder.glob("*/*.raw"))


async def _lent(volumes: Volumes, name: str) -> Path:
    async with volumes.lend(_rows(name)) as volume:
        return volume.stored.path


@pytest.fixture
def room_for_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no second volume be kept that nobody looks at."""
    monkeypatch.setattr(keeping, "_MOST_BYTES", _BYTES)


async def test_of_what_was_made_only_the_volume_stays(tmp_path: Path) -> None:
    volumes = Volumes(tmp_path, _make)
    assert await _lent(volumes, "a") == await _lent(volumes, "a")
    assert len(_files(tmp_path)) == 2
    await asyncio.gather(*(_lent(volumes, name) for name in "ab" * 9))
    assert len(_files(tmp_path)) == 4


@pytest.mark.usefixtures("room_for_one")
async def test_what_is_lent_stays_however_many_others_need_room(tmp_path: Path) -> None:
    async def hold(volumes: Volumes, name: str, turns: int) -> None:
        async with volumes.lend(_rows(name)) as volume:
            for _ in range(turns):
                await asyncio.sleep(0.001)
                assert volume.stored.path.stat().st_size == _BYTES

    volumes = Volumes(tmp_path, _make)
    await asyncio.gather(*(hold(volumes, f"{turn % 7}", turn % 5) for turn in range(200)))
    await asyncio.gather(*(_lent(volumes, f"{turn % 7}") for turn in range(200)), *(volumes.forget() for _ in "abc"))
    assert len(_files(tmp_path)) == 2


async def test_what_is_taken_up_while_another_goes_is_not_forgotten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    volumes = Volumes(tmp_path, _make)
    await _lent(volumes, "a")
    await _lent(volumes, "b")
    now_s = clock.monotonic_s()
    monkeypatch.setattr(clock, "monotonic_s", lambda: now_s + 3600)
    forgetting = asyncio.create_task(volumes.forget())
    await asyncio.sleep(0)  # the first is going
    async with volumes.lend(_rows("b")) as volume:
        await forgetting
        assert volume.stored.path.exists()
    assert len(_files(tmp_path)) == 2


async def test_what_was_given_up_or_failed_leaves_nothing(tmp_path: Path) -> None:
    started = asyncio.Event()

    async def stuck(_rows: Sequence[InstanceRow], new_file: NewFile) -> SeriesVolume:
        volume = _volume(new_file)
        started.set()
        await asyncio.sleep(3600)
        return volume

    async def fails(_rows: Sequence[InstanceRow], new_file: NewFile) -> SeriesVolume:
        _volume(new_file)
        raise ValueError

    waiting = asyncio.create_task(_lent(Volumes(tmp_path, stuck), "a"))
    await started.wait()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    with pytest.raises(ValueError):  # noqa: PT011 -- our own
        await _lent(Volumes(tmp_path, fails), "a")
    assert _files(tmp_path) == set()


async def test_a_file_that_came_after_its_maker_had_gone_is_swept(tmp_path: Path) -> None:
    late: list[Path] = []

    async def gone(_rows: Sequence[InstanceRow], new_file: NewFile) -> SeriesVolume:
        late.append(new_file())
        raise ValueError

    volumes = Volumes(tmp_path, gone)
    with pytest.raises(ValueError):  # noqa: PT011 -- our own
        await _lent(volumes, "a")
    late[0].write_bytes(b"")
    await volumes.forget()
    assert _files(tmp_path) == set()


async def test_what_nobody_looks_at_makes_room(tmp_path: Path) -> None:
    async def make(rows: Sequence[InstanceRow], new_file: NewFile) -> SeriesVolume:
        if _files(tmp_path):
            raise OutOfSpace
        return await _make(rows, new_file)

    volumes = Volumes(tmp_path, make)
    first, second = await _lent(volumes, "a"), await _lent(volumes, "b")
    assert (first.exists(), second.exists()) == (False, True)
    async with volumes.lend(_rows("b")):
        with pytest.raises(OutOfSpace):
            await _lent(volumes, "a")
        assert second.exists()


_OTHER = """
import sys
from pathlib import Path
from lightwell.archive.own_folder import OwnFolder
OwnFolder(Path(sys.argv[1])).new_file().write_bytes(b"")
print(flush=True)
sys.stdin.read()
"""


async def test_only_what_a_dead_process_left_is_swept(tmp_path: Path) -> None:
    pipe = asyncio.subprocess.PIPE
    other = await asyncio.create_subprocess_exec(sys.executable, "-c", _OTHER, str(tmp_path), stdin=pipe, stdout=pipe)
    assert other.stdout is not None
    await other.stdout.readline()
    (theirs,) = _files(tmp_path)
    volumes = Volumes(tmp_path, _make)
    mine = await _lent(volumes, "a")
    await volumes.forget()
    assert {theirs, mine} <= _files(tmp_path)
    other.kill()
    await other.communicate()
    await volumes.forget()
    assert mine.exists()
    assert not theirs.parent.exists()


def test_a_folder_that_is_being_made_is_not_swept(tmp_path: Path) -> None:
    folder = OwnFolder(tmp_path)
    (tmp_path / ".new").mkdir()
    folder.sweep()
    assert (tmp_path / ".new").is_dir()
