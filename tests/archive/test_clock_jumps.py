"""A clock that jumps loses no image and hides none."""

from datetime import UTC, datetime, timedelta

import pytest

from bench import images
from lightwell.app.node import Node, open_node
from lightwell.archive.disk import RealDisk
from lightwell.archive.folder_blobs import FolderBlobs
from lightwell.archive.inspection import Expected
from lightwell.archive.intake import Intake
from lightwell.archive.model import Kept, Source
from lightwell.core import clock
from tests.region import data_directory, populate, settings

_JUMPS = (timedelta(0), timedelta(days=-400), timedelta(days=400), timedelta(hours=-3))


async def _keep(intake: Intake, source: Source, number: int) -> Kept:
    uid = images.uid(7777, number)
    incoming = intake.open(source, Expected(images.CT_IMAGE_STORAGE, uid, images.EXPLICIT_LITTLE))
    incoming.write(images.data_set(images.SMALL, uid, number))
    return await incoming.keep()


def _intake(node: Node) -> Intake:
    disk = RealDisk()
    return Intake(node.machines, FolderBlobs(node.machines.settings.data_dir / "objects", disk), disk)


@pytest.mark.hazard("H-03")
async def test_images_kept_while_the_clock_jumps_are_indexed_after_a_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    with data_directory() as data_dir:
        region = populate(settings(data_dir))
        async with open_node(settings(data_dir)) as node:
            source = Source(region.a, "CT a", "CT_A", "LIGHTWELL")
            before = _intake(node)
            before.disk.make_folder(before.incoming)  # its index never starts: the crash comes first
            for number, jump in enumerate(_JUMPS):
                moment = datetime.now(UTC) + jump
                monkeypatch.setattr(clock, "now", lambda moment=moment: moment)
                await _keep(before, source, number)
            before.close_journal()
            after = _intake(node)
            assert await after.start() == len(_JUMPS)
            assert await _intake_again(node) == 0
            await after.stop()


async def _intake_again(node: Node) -> int:
    again = _intake(node)
    found = await again.start()
    await again.stop()
    return found
