"""Images for the tests: those of peers where they lie, and small ones written element by element."""

import os
import struct
from pathlib import Path

import pydicom

_ROOT = Path(__file__).parents[3]
SHARED = Path(os.environ.get("LIGHTWELL_SHARED_DATA", _ROOT.parent / "shared" / "data")) / "dicom"
SHIPPED = Path(pydicom.__file__).parent / "data" / "test_files"
LONG = {b"OB", b"OW", b"SQ", b"UN", b"UT", b"OV"}


def files() -> list[Path]:
    """Return all DICOM files that can be found."""
    places = [path for folder in (SHIPPED, SHARED) if folder.is_dir() for path in folder.rglob("*")]
    return sorted(path for path in places if path.is_file() and path.read_bytes()[128:132] == b"DICM")


def element(tag: int, vr: bytes, value: bytes, length: int | None = None, order: str = "<") -> bytes:
    """Write an element with explicit VR."""
    size = len(value) if length is None else length
    head = struct.pack(f"{order}HH2s", tag >> 16, tag & 0xFFFF, vr)
    return head + (struct.pack(f"{order}HI", 0, size) if vr in LONG else struct.pack(f"{order}H", size)) + value


def implicit(tag: int, value: bytes, length: int | None = None) -> bytes:
    """Write an element with implicit VR."""
    return struct.pack("<HHI", tag >> 16, tag & 0xFFFF, len(value) if length is None else length) + value


def item(value: bytes, length: int | None = None) -> bytes:
    """Write an item of a sequence, or a fragment."""
    return implicit(0xFFFE_E000, value, length)


SEQUENCE_END = implicit(0xFFFE_E0DD, b"")
ITEM_END = implicit(0xFFFE_E00D, b"")
UNDEFINED = 0xFFFF_FFFF


def encapsulated(*fragments: bytes, table: bytes = b"") -> bytes:
    """Write compressed pixel data."""
    return element(0x7FE0_0010, b"OB", b"".join(map(item, (table, *fragments))) + SEQUENCE_END, UNDEFINED)
