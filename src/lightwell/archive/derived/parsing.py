"""The bytes of an object that is no picture, and reading them: in a process that may die, since nobody knows them.

Whoever sent a broken one is not to keep the others from being seen.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final, Generic, TypeVar

from pydicom.filereader import read_dataset

from lightwell.archive.blobs import Blobs
from lightwell.archive.header import read_bytes
from lightwell.archive.model import InstanceRow
from lightwell.archive.room import Archive
from lightwell.core.errors import LightwellError
from lightwell.standards.dicom.charset import split_person_name
from lightwell.standards.dicom.errors import DataSetError, DicomError

_READ_S: Final = 60.0
_PIXELS: Final = frozenset((0x7FE0_0008, 0x7FE0_0009, 0x7FE0_0010))
MOST_READ: Final = 500
"""So many objects of one kind are read of a study; the rest is counted."""
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Raw:
    """A data set up to its pixel data, and how it is written."""

    content: bytes
    is_explicit: bool
    is_little_endian: bool


@dataclass(frozen=True, slots=True)
class Read(Generic[_T]):
    """An object that was read, and what it says."""

    row: InstanceRow
    said: _T


def raw_of(blobs: Blobs, row: InstanceRow, largest: int) -> Raw:
    """Return the bytes of an object; call it in a thread.

    Raises:
        DataSetError: there are more than any such object has.
        NotFound: its bytes are gone.
    """
    if row.length > largest and row.frame_table is None:
        message = f"expected a document of at most {largest} bytes, {row.length} are kept"
        raise DataSetError(message)
    kept = read_bytes(blobs, row)
    if len(kept.content) > largest:
        message = f"expected a document of at most {largest} bytes, more came out of its compression"
        raise DataSetError(message)
    return Raw(kept.content[kept.offset :], kept.syntax.is_explicit_vr, kept.syntax.is_little_endian)


def data_set_of(raw: Raw) -> Any:
    """Read a data set, with texts in the character set that it names; whatever is wrong with it shows up later.

    Raises:
        DataSetError: it is none.
    """
    try:
        return read_dataset(BytesIO(raw.content), not raw.is_explicit, raw.is_little_endian, stop_when=_is_at_pixels)
    except Exception as error:  # whatever pydicom makes of broken bytes
        raise unreadable() from error


def _is_at_pixels(tag: int, _vr: str | None, _length: int) -> bool:
    return tag in _PIXELS


def unreadable() -> DataSetError:
    """Return what is said of an object whose content is broken."""
    return DataSetError("expected an object of the kind that it says it is; its content cannot be read")


async def read(archive: Archive, row: InstanceRow, reader: Callable[[Raw], _T], largest: int) -> _T:
    """Read an object in a worker.

    Raises:
        DataSetError: it cannot be read.
        NotFound: its bytes are gone.
        WorkDied: reading it crashed.
        WorkTimedOut: reading it took too long.
    """
    raw = await asyncio.to_thread(raw_of, archive.blobs, row, largest)
    return await archive.machines.compute.run(reader, raw, timeout_s=_READ_S)


async def read_each(
    archive: Archive, rows: Sequence[InstanceRow], reader: Callable[[Raw], _T], largest: int
) -> tuple[list[Read[_T]], int]:
    """Read objects one by one; return those that can be read, and how many cannot."""
    found: list[Read[_T]] = []
    for row in rows[:MOST_READ]:
        try:
            found.append(Read(row, await read(archive, row, reader, largest)))
        except (DicomError, LightwellError):
            continue
    return found, len(rows) - len(found)


def read_aloud(name: str) -> str:
    """Return a PN as it is read: in hanzi where it has them, without the signs between its parts (PS3.5 6.2)."""
    groups = split_person_name(name)
    if groups.ideographic:
        return groups.ideographic.replace("^", "")
    return " ".join(part for part in (groups.alphabetic or groups.phonetic).split("^") if part)
