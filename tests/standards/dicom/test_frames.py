"""Where each frame lies; None is better than a guess."""

# pyright: basic
# The peers that we test against are not typed.

import struct
import warnings
from array import array

import pydicom
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.encaps import generate_frames

from lightwell.standards.dicom.errors import DataSetError
from lightwell.standards.dicom.part10 import read_file_meta
from lightwell.standards.dicom.scanner import FrameTable, Header, frame_table, scan, strip_items
from tests.standards.dicom.images import element, encapsulated, files, item
from tests.standards.dicom.speech import EXPLICIT, STEADY

_JPEG, _HTJ2K = b"\xff\xd8\xff\xe0aa", b"\xff\x4f\xff\x51aa"


def header(content: bytes) -> Header:
    return scan(content, 0, EXPLICIT, ())


def native(length: int) -> Header:
    return header(element(0x7FE0_0010, b"OW", bytes(length)))


def test_native_frames_are_computed() -> None:
    table = frame_table(native(48), 3, 2, 4, 1, 16)
    assert table is not None
    assert not table.is_encapsulated
    assert list(table.offsets) == [12, 28, 44]
    assert list(table.lengths) == [16, 16, 16]


@pytest.mark.parametrize(
    ("length", "shape"),
    [
        (46, (3, 2, 4, 1, 16)),
        (8, (1, 0, 4, 1, 16)),
        (8, (1, 2, 2, 1, 0)),
        (8, (1 << 40, 1, 1, 1, 1)),
        (8, (1, -2, -2, 1, 16)),
    ],
)
def test_frames_that_do_not_fit(length: int, shape: tuple[int, int, int, int, int]) -> None:
    assert frame_table(native(length), *shape) is None


def test_packed_frames() -> None:
    table = frame_table(native(8), 3, 5, 4, 1, 1)
    assert table is not None
    assert list(table.offsets) == [12, 14, 17]
    assert list(table.lengths) == [3, 3, 3]


def test_subsampled_colour_is_two_thirds_as_long() -> None:
    table = frame_table(native(48), 2, 3, 4, 3, 8)
    assert table is not None
    assert list(table.lengths) == [24, 24]


@pytest.mark.parametrize(
    ("content", "count", "expected"),
    [
        (encapsulated(b"aa", b"bb"), 2, [b"aa", b"bb"]),
        (encapsulated(b"aa", b"bb"), 1, [b"aabb"]),
        (encapsulated(b"aa", b"bb", b"cc", table=struct.pack("<II", 0, 10)), 2, [b"aa", b"bbcc"]),
        (encapsulated(b"aa", b"bb", b"cc", table=struct.pack("<II", 0, 20)), 2, [b"aabb", b"cc"]),
        (encapsulated(b"aa", b"bb", b"cc"), 2, None),
        (encapsulated(b"aa", b"bb", b"cc", table=struct.pack("<II", 0, 11)), 2, None),
        (encapsulated(b"aa", b"bb", b"cc", table=struct.pack("<II", 10, 0)), 2, None),
        (encapsulated(_JPEG, b"bb", _JPEG, b"cc"), 2, [_JPEG + b"bb", _JPEG + b"cc"]),
        (encapsulated(_HTJ2K, b"bb", b"cc", _HTJ2K), 2, [_HTJ2K + b"bbcc", _HTJ2K]),
        (encapsulated(b"aa", _JPEG, _JPEG), 2, None),
        (encapsulated(_JPEG, _JPEG, _JPEG), 2, None),
        (encapsulated(), 1, None),
    ],
)
def test_encapsulated_frames(content: bytes, count: int, expected: list[bytes] | None) -> None:
    table = frame_table(header(content), count, 1, 1, 1, 8)
    frames = (
        None
        if table is None
        else [
            strip_items(content[offset : offset + length])
            for offset, length in zip(table.offsets, table.lengths, strict=True)
        ]
    )
    assert frames == expected


def test_the_extended_table_is_trusted_first() -> None:
    offsets = element(0x7FE0_0001, b"OV", struct.pack("<QQ", 0, 10))
    table = frame_table(header(offsets + encapsulated(b"aa", b"bb", b"cc")), 2, 1, 1, 1, 8)
    assert table is not None
    assert len(table.offsets) == 2


def test_all_files_give_the_frames_that_a_peer_gives() -> None:
    for path in files():
        content = path.read_bytes()
        try:
            meta = read_file_meta(content)
            found = scan(content, meta.data_set_offset, meta.transfer_syntax_uid, ())
        except DataSetError:
            continue
        if found.pixel_data is None or not found.pixel_data.is_encapsulated:
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            theirs = pydicom.dcmread(path)
            count = int(theirs.get("NumberOfFrames") or 1)
            table = frame_table(found, count, theirs.Rows, theirs.Columns, theirs.SamplesPerPixel, theirs.BitsAllocated)
            if table is None:
                assert "no_bot" in path.name
                continue
            places = zip(table.offsets, table.lengths, strict=True)
            ours = [strip_items(content[offset : offset + length]) for offset, length in places]
            assert ours == list(generate_frames(theirs.PixelData, number_of_frames=count)), path


numbers = st.lists(st.integers(0, 1 << 40), max_size=30)


@STEADY
@given(numbers, st.booleans(), st.integers(0, 2), st.integers(0, 1 << 40))
def test_round_trip(lengths: list[int], is_encapsulated: bool, kind: int, start: int) -> None:  # noqa: FBT001
    if kind == 0:
        lengths = [7] * len(lengths)
    offsets = [start + sum(lengths[:n]) for n in range(len(lengths))] if kind < 2 else lengths[::-1]
    table = FrameTable(is_encapsulated, array("Q", offsets), array("Q", lengths))
    assert FrameTable.from_bytes(table.to_bytes()) == table


def test_native_tables_are_small() -> None:
    table = frame_table(native(4000), 1000, 1, 4, 1, 8)
    assert table is not None
    assert len(table.to_bytes()) < 30


@STEADY
@given(st.binary(max_size=60))
def test_garbage_is_read_or_refused(data: bytes) -> None:
    for read in (FrameTable.from_bytes, strip_items):
        try:
            read(data)
        except DataSetError:
            continue


def test_strip_items_refuses_what_is_no_fragment() -> None:
    with pytest.raises(DataSetError):
        strip_items(item(b"abcd")[:-1])
