"""Exporting: images as files in a folder, as they are stored (PS3.10)."""

import asyncio
import shutil
from collections.abc import AsyncGenerator, Sequence
from pathlib import Path
from typing import Final

from lightwell.archive.model import InstanceRow
from lightwell.archive.room import Archive

_SUFFIX: Final = ".dcm"


async def export(archive: Archive, rows: Sequence[InstanceRow], folder: Path) -> AsyncGenerator[Path]:
    """Write images below ``<folder>/<study>/<series>/`` as they are stored, and yield each file."""
    for row in rows:
        target = folder / row.study_instance_uid / row.series_instance_uid / f"{row.sop_instance_uid}{_SUFFIX}"
        await asyncio.to_thread(_copy, archive, row, target)
        yield target


def _copy(archive: Archive, row: InstanceRow, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with archive.blobs.open(row.blob) as source, target.open("wb") as file:
        shutil.copyfileobj(source, file, 1 << 20)
