"""Images to send: one header of a real size, pixel values of a real noise, a new SOP Instance UID each."""

import struct
from dataclasses import dataclass

import numpy as np

CT_IMAGE_STORAGE = "1.2.840.10008.5.1.4.1.1.2"
EXPLICIT_LITTLE = "1.2.840.10008.1.2.1"
STUDY = "1.2.826.0.1.3680043.9.9999.1"
_UID_LENGTH = 40
_LONG_VRS = (b"OB", b"OW", b"UN", b"SQ")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of image: its name, rows, columns and frames (16 bits each)."""

    name: str
    rows: int
    columns: int
    frames: int = 1


CT = Kind("525 KB CT", 512, 512)
SMALL = Kind("50 KB image", 160, 160)
MULTI_FRAME = Kind("42 MB multi-frame", 512, 512, 80)


def element(tag: int, vr: bytes, value: bytes) -> bytes:
    """Return an element in Explicit VR Little Endian."""
    value += b"\0" if len(value) % 2 and vr == b"UI" else b" " * (len(value) % 2)
    head = struct.pack("<HH", tag >> 16, tag & 0xFFFF) + vr
    if vr in _LONG_VRS:
        return head + struct.pack("<HI", 0, len(value)) + value
    return head + struct.pack("<H", len(value)) + value


def uid(run: int, number: int) -> str:
    """Return the SOP Instance UID of an image of a run, always of the same length."""
    return f"1.2.826.0.1.3680043.9.9999.2.{run % 10**4:04}{number:07}".ljust(_UID_LENGTH, "1")


def data_set(kind: Kind, sop_instance_uid: str, number: int, study: str = STUDY) -> bytes:
    """Return an image's data set in Explicit VR Little Endian."""
    texts = [
        (0x00080005, b"CS", b"GB18030"),
        (0x00080016, b"UI", CT_IMAGE_STORAGE.encode()),
        (0x00080018, b"UI", sop_instance_uid.encode()),
        (0x00080020, b"DA", b"20261123"),
        (0x00080030, b"TM", b"101500"),
        (0x00080050, b"SH", b"CT2611230001"),
        (0x00080060, b"CS", b"CT"),
        (0x00080070, b"LO", b"LIGHTWELL"),
        (0x00081030, b"LO", "胸部CT".encode("gb18030")),
        (0x00100010, b"PN", "Wang^XiaoDong=王^小东".encode("gb18030")),
        (0x00100020, b"LO", b"P0001"),
        (0x00100030, b"DA", b"19661224"),
        (0x00100040, b"CS", b"M"),
        *((0x00181000 + 2 * place, b"LO", b"value %d" % place) for place in range(100)),
        (0x0020000D, b"UI", study.encode()),
        (0x0020000E, b"UI", f"{study}.{number // 500}".encode()),
        (0x00200013, b"IS", str(number).encode()),
    ]
    pixels = np.random.default_rng(7).integers(0, 4096, kind.rows * kind.columns, np.uint16).tobytes() * kind.frames
    image = [
        (0x00280002, b"US", struct.pack("<H", 1)),
        (0x00280004, b"CS", b"MONOCHROME2"),
        (0x00280008, b"IS", str(kind.frames).encode()),
        (0x00280010, b"US", struct.pack("<H", kind.rows)),
        (0x00280011, b"US", struct.pack("<H", kind.columns)),
        (0x00280100, b"US", struct.pack("<H", 16)),
        (0x00280101, b"US", struct.pack("<H", 12)),
        (0x00280102, b"US", struct.pack("<H", 11)),
        (0x00280103, b"US", struct.pack("<H", 0)),
        (0x7FE00010, b"OW", pixels),
    ]
    return b"".join(element(*item) for item in [*texts, *image])
