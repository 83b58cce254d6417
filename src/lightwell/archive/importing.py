"""Importing a folder: the way in for disks and old archives, with a hash report.

An import can be broken off and begun again: what is in already is accepted silently, as a second C-STORE would be. The
report has one line per file: its SHA-256, what became of it, its path.
"""

import asyncio
import hashlib
import mmap
from collections.abc import AsyncGenerator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lightwell.archive.attributes import is_usable_uid
from lightwell.archive.inspection import Expected
from lightwell.archive.intake import Intake
from lightwell.archive.model import Source
from lightwell.standards.dicom.errors import DicomError
from lightwell.standards.dicom.part10 import guess_bare_data_set, read_file_meta
from lightwell.standards.dicom.scanner import scan

_PIECE: Final = 1 << 20
_AT_ONCE: Final = 8
_UIDS: Final = (0x00080016, 0x00080018)  # SOP Class UID, SOP Instance UID
_NOT_IMAGES: Final = frozenset({"DICOMDIR"})


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file: ``kept``, ``quarantined`` with the reason, or ``skipped`` because it is no DICOM file."""

    path: Path
    sha256: str
    outcome: str
    reason: str = ""


async def import_folder(intake: Intake, source: Source, folder: Path) -> AsyncGenerator[Imported]:
    """Import every DICOM file below a folder and tell what became of each."""
    running: set[asyncio.Task[Imported]] = set()
    for path in _files(folder):
        running.add(asyncio.create_task(_import(intake, source, path)))
        if len(running) >= _AT_ONCE:
            done, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                yield task.result()
    for task in asyncio.as_completed(running):
        yield await task


def _files(folder: Path) -> Iterator[Path]:
    if folder.is_file():
        yield folder
        return
    yield from (path for path in sorted(folder.rglob("*")) if path.is_file() and path.name not in _NOT_IMAGES)


async def _import(intake: Intake, source: Source, path: Path) -> Imported:
    if _is_empty(path):
        return Imported(path, hashlib.sha256().hexdigest(), "skipped", "the file is empty")
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        sha256 = await asyncio.to_thread(_sha256, content)
        try:
            expected, offset = _announced(content)
        except DicomError as error:
            return Imported(path, sha256, "skipped", str(error))
        if not is_usable_uid(expected.sop_instance_uid):
            return Imported(path, sha256, "skipped", "it names no SOP Instance UID")
        incoming = intake.open(source, expected)
        for place in range(offset, len(content), _PIECE):
            incoming.write(content[place : place + _PIECE])
            await asyncio.sleep(0)
    kept = await incoming.keep()
    return Imported(path, sha256, "quarantined" if kept.fault else "kept", kept.fault)


def _announced(content: mmap.mmap) -> tuple[Expected, int]:
    """Return what a file says it is, and where its data set begins; very old files have no meta header."""
    bare_syntax = guess_bare_data_set(content)
    if bare_syntax is None:
        meta = read_file_meta(content)
        return Expected(meta.sop_class_uid, meta.sop_instance_uid, meta.transfer_syntax_uid), meta.data_set_offset
    values = scan(content, 0, bare_syntax, _UIDS).values
    sop_class, sop_instance = (values.get(tag, b"").decode("ascii", "replace").strip(" \0") for tag in _UIDS)
    return Expected(sop_class, sop_instance, bare_syntax), 0


def _is_empty(path: Path) -> bool:
    return path.stat().st_size == 0


def _sha256(content: mmap.mmap) -> str:
    digest = hashlib.sha256()
    for place in range(0, len(content), _PIECE):
        digest.update(content[place : place + _PIECE])
    return digest.hexdigest()
