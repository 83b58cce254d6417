"""A CT series as a scanner makes it: slices in space, a window, and the noise of a reconstruction.

Noise decides what a slice weighs without loss. That of a soft kernel hangs together from pixel to pixel: 149 KB a
slice, as in the spike that the goals of the thin line were set by. That of the sharpest there can be is white: 212 KB.
"""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage as untyped

from bench.images import CT_IMAGE_STORAGE, EXPLICIT_LITTLE, element
from lightwell.standards.dicom.part10 import file_meta
from tests.phantom import ORGANS

ndimage: Any = untyped
SIDE = 512
SOFT, SHARP = 1.15, 0.0
"""Kernels: how many pixels the grain of the noise is wide."""
_NOISE_HU = 11.0
_ROOT = "1.2.826.0.1.3680043.9.9999"


def study_uid(number: int) -> str:
    """Return the UID of a study."""
    return f"{_ROOT}.20.{number}"


def accession_number(number: int) -> str:
    """Return by what number a study was asked for."""
    return f"CT26112300{number:02}"


def write(folder: Path, number: int, slices: int, kernel: float) -> None:
    """Write a study of one series as files."""
    for place, content in enumerate(_files(number, slices, kernel)):
        (folder / f"{number}-{place:04}.dcm").write_bytes(content)


def _files(number: int, slices: int, kernel: float) -> Iterator[bytes]:
    dice = np.random.default_rng(number)
    for place in range(slices):
        uid = f"{study_uid(number)}.1.{place + 1}"
        yield file_meta(CT_IMAGE_STORAGE, uid, EXPLICIT_LITTLE) + _data_set(
            number, place, uid, _pixels(place / slices, kernel, dice)
        )


def _pixels(depth: float, kernel: float, dice: Any) -> NDArray[np.uint16]:
    """Return a slice; the organs grow and shrink along the body."""
    y, x = np.mgrid[-1 : 1 : SIDE * 1j, -1 : 1 : SIDE * 1j]
    values = np.full((SIDE, SIDE), -1000.0)
    for center_x, center_y, half_x, half_y, hounsfield in ORGANS:
        scale = 1 - 0.15 * np.sin(depth * np.pi + center_x * 3)
        inside = ((x - center_x) / (half_x * scale)) ** 2 + ((y - center_y) / (half_y * scale)) ** 2 < 1
        values[inside] = hounsfield
    grain = ndimage.gaussian_filter(dice.normal(0, 1, values.shape), kernel)
    noisy = values + grain * (_NOISE_HU / grain.std())
    return np.clip(np.rint(noisy) + 1024, 0, 4095).astype("<u2")


def _data_set(number: int, place: int, uid: str, pixels: NDArray[np.uint16]) -> bytes:
    study = study_uid(number)
    texts = [
        (0x00080005, b"CS", b"ISO_IR 192"),
        (0x00080008, b"CS", b"ORIGINAL\\PRIMARY\\AXIAL"),
        (0x00080016, b"UI", CT_IMAGE_STORAGE.encode()),
        (0x00080018, b"UI", uid.encode()),
        (0x00080020, b"DA", b"20261123"),
        (0x00080030, b"TM", b"101500"),
        (0x00080050, b"SH", accession_number(number).encode()),
        (0x00080060, b"CS", b"CT"),
        (0x00081030, b"LO", "腹部CT".encode()),
        (0x0008103E, b"LO", b"abdomen 1.0 mm"),
        (0x00100010, b"PN", "Wang^XiaoDong=王^小东".encode()),
        (0x00100020, b"LO", b"P%04d" % number),
        (0x00100040, b"CS", b"M"),
        (0x00180050, b"DS", b"1"),
        *((0x00181000 + 2 * item, b"LO", b"value %d" % item) for item in range(50)),
        (0x0020000D, b"UI", study.encode()),
        (0x0020000E, b"UI", f"{study}.1".encode()),
        (0x00200011, b"IS", b"1"),
        (0x00200013, b"IS", b"%d" % (place + 1)),
        (0x00200032, b"DS", b"-180\\-180\\%d" % place),
        (0x00200037, b"DS", b"1\\0\\0\\0\\1\\0"),
        (0x00200052, b"UI", f"{study}.9".encode()),
        (0x00280030, b"DS", b"0.703125\\0.703125"),
        (0x00281050, b"DS", b"40"),
        (0x00281051, b"DS", b"400"),
        (0x00281052, b"DS", b"-1024"),
        (0x00281053, b"DS", b"1"),
        (0x00280004, b"CS", b"MONOCHROME2"),
        (0x7FE00010, b"OW", pixels.tobytes()),
    ]
    shape = ((2, 1), (0x10, SIDE), (0x11, SIDE), (0x100, 16), (0x101, 12), (0x102, 11), (0x103, 0))
    shorts = [(0x00280000 + tag, b"US", struct.pack("<H", value)) for tag, value in shape]
    return b"".join(element(*item) for item in sorted([*texts, *shorts]))
