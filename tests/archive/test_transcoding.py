"""Images in another transfer syntax: the pixels stay what they were, bit by bit, and the rest of the data set too."""

import os
import signal
import time
import warnings
import zlib
from collections.abc import Generator
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import pydicom
import pytest
from pydicom.encaps import generate_frames
from pydicom.pixels import pixel_array

from lightwell.archive import transcoding
from lightwell.archive.codecs import Undecodable
from lightwell.archive.model import InstanceRow
from lightwell.core.compute import ComputePool, WorkDied, WorkTimedOut
from lightwell.core.errors import NotAcceptable
from lightwell.standards.dicom import uids
from tests.archive.shelf import Shelf, read
from tests.conftest import SHARED

FILES = sorted((SHARED / "dicom").rglob("*.dcm")) if SHARED.is_dir() else []
_BROKEN = {
    "emri_small_jpeg_2k_lossless_too_short.dcm": "cut short",
    "bad_sequence.dcm": "a sequence in it is damaged",
}
_LUT = {0x00283000, 0x00283010}  # of which pydicom guesses the VR
_PIXELS = {0x7FE00010, 0x7FE00008, 0x7FE00009, 0x7FE00001, 0x7FE00002, 0x00280004, 0x00280006}


@pytest.fixture(scope="module")
def pool() -> Generator[ComputePool]:
    pool = ComputePool(2)
    yield pool
    pool.close()


async def _file(shelf: Any, row: InstanceRow, *accepted: str) -> tuple[str, bytes]:
    made = await transcoding.part10(shelf, row, accepted)
    body = b"".join([piece async for piece in made.data_set])
    assert made.length is None or made.length == len(body)
    return made.transfer_syntax_uid, made.meta_header + body


def _pixels(data_set: pydicom.Dataset) -> list[np.ndarray]:
    """Return all frames, decoded by somebody else."""
    syntax = data_set.file_meta.TransferSyntaxUID
    count = int(data_set.get("NumberOfFrames", 1) or 1)
    is_native = syntax in {*uids_of_native}
    if is_native or (syntax == uids.RLELossless and data_set.BitsAllocated > 1):
        return [pixel_array(data_set, index=number, raw=True) for number in range(count)]
    return [_decoded(frame, data_set) for frame in generate_frames(data_set.PixelData, number_of_frames=count)]


uids_of_native = (
    uids.ImplicitVRLittleEndian,
    uids.ExplicitVRLittleEndian,
    uids.ExplicitVRBigEndian,
    uids.DeflatedExplicitVRLittleEndian,
)


def _decoded(frame: bytes, data_set: pydicom.Dataset) -> np.ndarray:
    syntax = data_set.file_meta.TransferSyntaxUID
    if data_set.BitsAllocated == 1 and syntax != uids.JPEG2000Lossless:
        inflate = zlib.decompressobj(-15).decompress
        packed = inflate(frame) if syntax.endswith("8.1") else imagecodecs.dicomrle_decode(frame, np.dtype("u1"))
        size = data_set.Rows * data_set.Columns
        bits = np.unpackbits(np.frombuffer(bytes(packed), np.uint8), bitorder="little")[:size]
        return bits.reshape(data_set.Rows, data_set.Columns)
    pixels = _by_imagecodecs(frame, syntax)
    if pixels.ndim == 3 and pixels.shape[-1] != 3:
        pixels = np.moveaxis(pixels, 0, -1)
    bits = data_set.BitsAllocated
    if bits == 1:
        return pixels
    unsigned = pixels.astype(f"u{bits // 8}")
    if not data_set.PixelRepresentation:
        return unsigned
    shift = bits - data_set.BitsStored
    return (unsigned << shift).view(f"i{bits // 8}") >> shift


def _by_imagecodecs(frame: bytes, syntax: str) -> np.ndarray:
    family = {
        uids.JPEGLSLossless: "ls",
        uids.JPEGLSNearLossless: "ls",
        uids.JPEG2000Lossless: "2k",
        uids.JPEG2000: "2k",
    }
    if ".4.20" in syntax:
        return imagecodecs.htj2k_decode(frame, planar=False)
    decode = {"ls": imagecodecs.jpegls_decode, "2k": imagecodecs.jpeg2k_decode}
    return decode.get(family.get(syntax, ""), imagecodecs.jpeg8_decode)(frame)


def _rest(data_set: pydicom.Dataset) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for element in [item for item in data_set if item.tag in _PIXELS or not item.tag.element]:
            del data_set[element.tag]
        data_set.walk(_without_what_vrs_alone_say)
        return data_set.to_json()


def _with_uids(data_set: pydicom.Dataset, row: InstanceRow) -> pydicom.Dataset:
    """Put in what an image lacks and has when it leaves the house."""
    for name, uid in (("SOPClassUID", row.sop_class_uid), ("SOPInstanceUID", row.sop_instance_uid)):
        if not data_set.get(name):
            setattr(data_set, name, uid)
    return data_set


def _without_what_vrs_alone_say(parent: pydicom.Dataset, element: pydicom.DataElement) -> None:
    """Private elements have no VR when it is implicit; pydicom leaves words in big endian order."""
    if element.tag.is_private or element.VR in {"OW", "UN"} or element.tag in _LUT or not element.tag.element:
        del parent[element.tag]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
async def test_pixels_are_the_same_in_every_transfer_syntax(path: Path, pool: ComputePool, tmp_path: Path) -> None:
    if path.name in _BROKEN:
        pytest.skip(_BROKEN[path.name])
    shelf = Shelf(tmp_path, pool)
    row = shelf.put(path.read_bytes())  # noqa: ASYNC240 -- nobody else waits on this loop
    original = read(shelf.blobs.path(row.blob).read_bytes())
    has_pixels = any(tag in original for tag in (0x7FE00010, 0x7FE00008, 0x7FE00009))
    expected = _pixels(original) if has_pixels else []
    rest = _rest(_with_uids(read(shelf.blobs.path(row.blob).read_bytes()), row))
    written = 0
    for target in transcoding.TARGETS:
        try:
            uid, content = await _file(shelf, row, target)
        except NotAcceptable:
            continue
        written += 1
        assert uid == target or not has_pixels
        made = read(content)
        for before, after in zip(expected, _pixels(made) if has_pixels else [], strict=True):
            assert np.array_equal(before, after), target
        assert _rest(made) == rest, target
    assert written >= 2


def _crash(*_: object) -> list[bytes]:
    os.kill(os.getpid(), signal.SIGSEGV)
    return []


def _hang(*_: object) -> list[bytes]:
    time.sleep(60)
    return []


@pytest.mark.parametrize(("codec", "error"), [(_crash, WorkDied), (_hang, WorkTimedOut)])
async def test_a_codec_that_crashes_or_hangs_fails_its_own_image_only(
    pool: ComputePool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, codec: Any, error: type[Exception]
) -> None:
    shelf = Shelf(tmp_path, pool)
    row = shelf.put(_small())
    with monkeypatch.context() as patch:
        patch.setattr(transcoding, "recode", codec)
        patch.setattr(transcoding, "_CODEC_S", 20 if codec is _crash else 2)
        with pytest.raises(error):
            await _file(shelf, row, uids.HTJ2KLossless)
    uid, _ = await _file(shelf, row, uids.HTJ2KLossless)
    assert uid == uids.HTJ2KLossless


def _small() -> bytes:
    return Path(str(pydicom.data.get_testdata_file("CT_small.dcm"))).read_bytes()


async def test_damaged_pixels_are_told(pool: ComputePool, tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, pool)
    _, content = await _file(shelf, shelf.put(_small()), uids.JPEG2000Lossless)
    start = content.index(b"\xff\x4f\xff\x51")
    damaged = content[: start + 4] + bytes(200) + content[start + 204 :]
    (shelf.blobs.path("1/1/a.dcm")).unlink()
    with pytest.raises(Undecodable):
        await _file(shelf, shelf.put(damaged), uids.ExplicitVRLittleEndian)


async def test_the_stored_syntax_goes_out_byte_for_byte(pool: ComputePool, tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, pool)
    row = shelf.put(_small())
    stored = shelf.blobs.path(row.blob).read_bytes()
    for accepted in (("*",), (row.transfer_syntax_uid,), ("1.2.3.4", row.transfer_syntax_uid, uids.HTJ2K)):
        assert await _file(shelf, row, *accepted) == (row.transfer_syntax_uid, stored)


async def test_what_cannot_be_written_is_refused(pool: ComputePool, tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, pool)
    with pytest.raises(NotAcceptable, match=r"cannot be given in 1\.2\.3\.4"):
        await _file(shelf, shelf.put(_small()), "1.2.3.4", uids.JPEGBaseline8Bit)


async def test_whoever_goes_away_leaves_no_work_behind(pool: ComputePool, tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, pool)
    row = shelf.put(_small())
    made = await transcoding.part10(shelf, row, [uids.JPEG2000Lossless])
    async for _ in made.data_set:
        break
    await made.data_set.aclose()
    assert await pool.run(pow, 2, 5) == 32
