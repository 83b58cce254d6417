"""Exporting: images as files in a folder, as they are stored (PS3.10)."""

import asyncio
import shutil
from collections.abc import AsyncGenerator, Sequence
from pathlib import Path
from typing import Final

from lightwell.archive.completing import read_completed
from lightwell.archive.header import offset_of
from lightwell.archive.model import InstanceRow
from lightwell.archive.room import Archive

_SUFFIX: Final = ".dcm"


async def export(archive: Archive, rows: Sequence[InstanceRow], folder: Path) -> AsyncGenerator[Path]:
    """Write images below ``<folder>/<study>/<series>/`` and yield each file.

    They are as they are stored; what lacks UIDs has those of the index, as everything that leaves the house.
    """
    for row in rows:
        target = folder / row.study_instance_uid / row.series_instance_uid / f"{row.sop_instance_uid}{_SUFFIX}"
        await asyncio.to_thread(_copy, archive, row, target)
        yield target


def _copy(archive: Archive, row: InstanceRow, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    done = read_completed(archive.blobs, row)
    with archive.blobs.open(row.blob) as source, target.open("wb") as file:
        if done is not None:
            file.write(source.read(offset_of(archive.blobs, row)) + done.head)
            source.seek(done.rest)
        shutil.copyfileobj(source, file, 1 << 20)
