"""What was acknowledged survives a power cut at any step: there, whole, and indexed."""

import asyncio
import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bench import images
from lightwell.app.node import Node, open_node
from lightwell.archive.disk import RealDisk
from lightwell.archive.folder_blobs import FolderBlobs
from lightwell.archive.inspection import Expected
from lightwell.archive.intake import Intake
from lightwell.archive.model import Kept, Source
from tests.archive.power_cut import CutDisk
from tests.region import Region, data_directory, populate, settings

_SYNTAX = images.EXPLICIT_LITTLE
_AT_ONCE = 4
_EACH = 3


@asynccontextmanager
async def _node() -> AsyncGenerator[tuple[Node, Region]]:
    with data_directory() as data_dir:
        configured = settings(data_dir)
        region = populate(configured)
        async with open_node(configured) as node:
            yield node, region


async def _send(intake: Intake, source: Source, run: int, first: int) -> list[tuple[Kept, bytes]]:
    acknowledged: list[tuple[Kept, bytes]] = []
    for number in range(first, first + _EACH):
        uid = images.uid(run, number)
        content = images.data_set(images.SMALL, uid, number)
        incoming = intake.open(source, Expected(images.CT_IMAGE_STORAGE, uid, _SYNTAX))
        try:
            incoming.write(content[:20_000])
            incoming.write(content[20_000:])
            acknowledged.append((await incoming.keep(), content))
        except OSError:
            break
    return acknowledged


async def _until_the_cut(
    node: Node, source: Source, root: Path, run: int, cut_at: int
) -> tuple[CutDisk, list[tuple[Kept, bytes]]]:
    disk = CutDisk(root, 1 << 60)
    (root / "spool").mkdir()
    intake = Intake(node.machines, FolderBlobs(root / "objects", disk), disk, spool=root / "spool")
    disk.make_folder(intake.incoming)
    disk._cut_at = disk.steps + cut_at
    sent = await asyncio.gather(*(_send(intake, source, run, place * _EACH) for place in range(_AT_ONCE)))
    await asyncio.to_thread(intake.close_journal)
    return disk, [item for items in sent for item in items]


async def _check(node: Node, region: Region, run: int, cut_at: int) -> int:
    source = Source(region.a, "CT a", "CT_A", "LIGHTWELL")
    with tempfile.TemporaryDirectory() as name:
        before, after = Path(name) / "before", Path(name) / "after"
        before.mkdir()
        disk, acknowledged = await _until_the_cut(node, source, before, run, cut_at)
        disk.survivors(after, seed=run)
        again = Intake(node.machines, FolderBlobs(after / "objects", RealDisk()), spool=after / "spool")
        await again.start()
        for kept, content in acknowledged:
            path = again.blobs.path(kept.blob)
            assert path.read_bytes().endswith(content), "acknowledged but not whole"
        uids = [kept.instance.sop_instance_uid for kept, _ in acknowledged if kept.instance]
        async with node.machines.database.connection() as connection:
            await connection.execute("SELECT set_config('lightwell.organisations', '{1,2}', true)")
            query = "SELECT count(*) FROM archive.instance WHERE sop_instance_uid = ANY (%s)"
            row = await (await connection.execute(query, [uids])).fetchone()
        assert row == (len(uids),), "acknowledged but not indexed"
        await again.stop()
        return len(acknowledged)


async def _cuts(points: range) -> None:
    async with _node() as (node, region):
        counts = [await _check(node, region, run, cut_at) for run, cut_at in enumerate(points, start=points.start)]
    assert max(counts) > 0, "no cut came after an acknowledgement; the test shows nothing"
    assert min(counts) < _AT_ONCE * _EACH, "no cut came before the end; the test shows nothing"


@pytest.mark.hazard("H-03")
async def test_acknowledged_images_survive_a_power_cut() -> None:
    await _cuts(range(1, 100, 5))


@pytest.mark.hazard("H-03")
def test_an_image_survives_in_a_bucket_that_another_thread_has_just_made(tmp_path: Path) -> None:
    before, after = tmp_path / "before", tmp_path / "after"
    (before / "objects/1/1").mkdir(parents=True)  # and not synced yet
    disk = CutDisk(before, 1 << 60)
    with disk.create(before / "half") as file:
        file.write(b"image")
        disk.sync(file)
    disk.sync_folder(before)
    assert FolderBlobs(before / "objects", disk).put([(before / "half", "1/1/image.dcm")]) == [None]
    for seed in range(8):
        disk.survivors(after / str(seed), seed)
        assert (after / str(seed) / "objects/1/1/image.dcm").read_bytes() == b"image"


@pytest.mark.drill
@pytest.mark.hazard("H-03")
async def test_acknowledged_images_survive_200_power_cuts() -> None:
    await _cuts(range(1, 201))
