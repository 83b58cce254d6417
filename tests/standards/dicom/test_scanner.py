"""The scanner: what a peer reads it reads too, and whatever the bytes are, it says only DataSetError."""

# pyright: basic
# The peers that we test against are not typed.

import contextlib
import mmap
import warnings
import zlib
from pathlib import Path

import pydicom
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lightwell.standards.dicom import uids
from lightwell.standards.dicom.errors import DataSetError
from lightwell.standards.dicom.part10 import read_file_meta
from lightwell.standards.dicom.scanner import DEPTH_LIMIT, INDEX_TAGS, Header, scan
from tests.standards.dicom.images import (
    ITEM_END,
    SEQUENCE_END,
    SHARED,
    SHIPPED,
    UNDEFINED,
    element,
    encapsulated,
    files,
    implicit,
    item,
)
from tests.standards.dicom.speech import EXPLICIT, IMPLICIT, STEADY

PIXELS = ("PixelData", "FloatPixelData", "DoubleFloatPixelData")
BROKEN = {
    "MR_truncated.dcm": "pixel data are cut short",
    "rtplan_truncated.dcm": "data set is cut short",
    "emri_small_jpeg_2k_lossless_too_short.dcm": "pixel data are cut short",
    "SC_rgb_jpeg.dcm": "written in Implicit VR",
    "meta_missing_tsyntax.dcm": "Transfer Syntax",
}
NAME = element(0x0010_0010, b"PN", b"Wang^Wu ")
ROWS = element(0x0028_0010, b"US", b"\x02\x00")
NATIVE = element(0x7FE0_0010, b"OW", b"12345678")


def scan_file(content: bytes) -> Header:
    meta = read_file_meta(content)
    return scan(content, meta.data_set_offset, meta.transfer_syntax_uid, INDEX_TAGS)


def same_as_peer(path: Path) -> None:
    content = path.read_bytes()
    header = scan_file(content)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = pydicom.dcmread(path)
        for tag, keyword in INDEX_TAGS.items():
            found = theirs.get_item(tag)
            assert (found is not None) == (tag in header.values), keyword
            if found is not None and isinstance(found.value, bytes):
                assert header.values[tag] == found.value, keyword
        names = [name for name in PIXELS if name in theirs]
        assert bool(names) == (header.pixel_data is not None)
        if names and header.pixel_data is not None and not header.is_deflated:
            pixels = header.pixel_data
            uid = theirs.file_meta.TransferSyntaxUID
            assert pixels.is_encapsulated == (uid.is_encapsulated if uid.is_transfer_syntax else True), "newer ones are"
            if not pixels.is_encapsulated and names == ["PixelData"]:
                assert content[pixels.offset : pixels.offset + pixels.length] == theirs.PixelData


@pytest.mark.parametrize("folder", [SHIPPED, SHARED], ids=["shipped", "shared"])
def test_all_files_are_read_as_a_peer_reads_them(folder: Path) -> None:
    if not folder.is_dir():
        pytest.skip(f"no test images at {folder}; set LIGHTWELL_SHARED_DATA")
    for path in (path for path in files() if path.is_relative_to(folder)):
        if path.name in BROKEN:
            with pytest.raises(DataSetError, match=BROKEN[path.name]):
                scan_file(path.read_bytes())
        else:
            same_as_peer(path)


def test_any_cut_is_noticed_or_leaves_an_element_out() -> None:
    content = (SHIPPED / "CT_small.dcm").read_bytes()
    whole = scan_file(content)
    for end in range(whole.end_offset - 1, whole.data_set_offset, -97):
        with contextlib.suppress(DataSetError):
            cut = scan_file(content[:end])
            assert cut.pixel_data is None
            assert cut.end_offset == end


def test_mapped_files_and_views(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(NAME + NATIVE)
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        mapped = scan(content, 0, EXPLICIT, INDEX_TAGS)
    for same in (bytearray(NAME + NATIVE), memoryview(NAME + NATIVE)):
        assert scan(same, 0, EXPLICIT, INDEX_TAGS) == mapped
    assert mapped.values == {0x0010_0010: b"Wang^Wu "}
    assert all(type(value) is bytes for value in mapped.values.values())


def sequence(depth: int) -> bytes:
    inner = b"" if depth == 0 else sequence(depth - 1)
    content = item(inner + NAME + ITEM_END, UNDEFINED) + item(NAME) + SEQUENCE_END
    return element(0x0040_0275, b"SQ", content, UNDEFINED)


def test_open_sequences_are_walked() -> None:
    header = scan(sequence(5) + ROWS + NATIVE, 0, EXPLICIT, {0x0028_0010})
    assert header.short(0x0028_0010) == 2
    assert header.pixel_data is not None


def test_a_wanted_open_sequence_is_kept_whole() -> None:
    encoded = sequence(1)
    assert scan(encoded + ROWS, 0, EXPLICIT, {0x0040_0275}).values[0x0040_0275] == encoded[12:]


def test_unknown_of_undefined_length_is_implicit_inside() -> None:
    inside = item(implicit(0x0010_0010, b"AB") + ITEM_END, UNDEFINED) + SEQUENCE_END
    header = scan(element(0x0009_1001, b"UN", inside, UNDEFINED) + ROWS, 0, EXPLICIT, {0x0028_0010})
    assert header.values


def test_depth_is_limited() -> None:
    deep = (element(0x0040_0275, b"SQ", b"", UNDEFINED) + item(b"", UNDEFINED)) * (DEPTH_LIMIT + 1)
    with pytest.raises(DataSetError, match="deep"):
        scan(deep + bytes(100), 0, EXPLICIT, ())
    with pytest.raises(DataSetError):
        scan(deep * 2000, 0, EXPLICIT, ())


def test_fragments_and_their_table_are_noted() -> None:
    header = scan(NAME + encapsulated(b"ab", b"cdef", table=b"\0\0\0\0"), 0, EXPLICIT, ())
    pixels = header.pixel_data
    assert pixels is not None
    assert pixels.is_encapsulated
    assert pixels.basic_offset_table == b"\0\0\0\0"
    start = len(NAME) + 12 + 12 + 8
    assert list(pixels.fragments) == [start, 2, start + 10, 4]
    assert header.end_offset == header.content_length
    assert header.trailing_bytes == 0


@pytest.mark.parametrize(
    ("content", "syntax", "why"),
    [
        (NAME + ROWS[:-1], EXPLICIT, "cut short"),
        (NAME + ROWS[:5], EXPLICIT, "cut short"),
        (NAME + NATIVE[:-1], EXPLICIT, "pixel data are cut short: expected 8 bytes"),
        (NAME + encapsulated(b"ab")[:-8], EXPLICIT, "pixel data are cut short"),
        (NAME + encapsulated(b"ab")[:-10], EXPLICIT, "pixel data are cut short"),
        (sequence(2)[:-9] + NATIVE, EXPLICIT, "end of the sequence"),
        (implicit(0x0008_0005, b"ISO_IR 6"), EXPLICIT, "written in Implicit VR Little Endian"),
        (implicit(0x0008_0005, b"ISO_IR 6"), uids.JPEG2000, "written in Implicit VR Little Endian"),
        (element(0x0008_0005, b"CS", b"ISO_IR 6") + NAME, IMPLICIT, "written in Explicit VR Little Endian"),
        (element(0x0008_0005, b"CS", b"ISO_IR 6"), IMPLICIT, "written in Explicit VR Little Endian"),
        (element(0x0008_0005, b"CS", b"IR", order=">"), EXPLICIT, "written in Explicit VR Big Endian"),
        (element(0x0008_0005, b"CS", b"IR"), uids.ExplicitVRBigEndian, "written in Explicit VR Little Endian"),
        (NAME + b"\x10\0\x20\0??\2\0ab", EXPLICIT, "expected a VR"),
        (b"not DICOM at all, but long", IMPLICIT, "cut short"),
        (b"not a DICOM file, but long", EXPLICIT, "expected a VR"),
        (NAME + b"\1\2\3", EXPLICIT, "only 3 bytes"),
        (implicit(0x0010_0010, bytes((1 << 20) + 2)), IMPLICIT, "at most"),
        (b"\0\0\0\0\2\0\0\0ab", IMPLICIT, "0000,0000"),
    ],
)
def test_what_is_wrong_is_said(content: bytes, syntax: str, why: str) -> None:
    with pytest.raises(DataSetError, match=why):
        scan(content, 0, syntax, INDEX_TAGS)


def test_zeros_at_the_end_are_borne() -> None:
    assert scan(NAME + bytes(100), 0, EXPLICIT, INDEX_TAGS).trailing_bytes == 100
    assert scan(implicit(0x0010_0010, b"AB") + bytes(3), 0, IMPLICIT, INDEX_TAGS).values


def test_order_is_not_asked_for() -> None:
    header = scan(ROWS + NAME + element(0x0008_0060, b"CS", b"CT"), 0, EXPLICIT, INDEX_TAGS)
    assert header.values.keys() == {0x0028_0010, 0x0010_0010, 0x0008_0060}


def test_offsets_outside_are_refused() -> None:
    for offset in (-1, 5):
        with pytest.raises(DataSetError):
            scan(b"abcd", offset, EXPLICIT, ())
    assert scan(b"", 0, EXPLICIT, ()).pixel_data is None


def deflated(data: bytes) -> bytes:
    deflater = zlib.compressobj(wbits=-15)
    return deflater.compress(data) + deflater.flush()


def test_deflated_data_sets() -> None:
    syntax = uids.DeflatedExplicitVRLittleEndian
    assert scan(b"head" + deflated(NAME + ROWS), 4, syntax, INDEX_TAGS).values[0x0010_0010] == b"Wang^Wu "
    bomb = deflated(bytes(10_000_000))
    with pytest.raises(DataSetError, match="longer"):
        scan(bomb, 0, syntax, (), max_inflated_bytes=1000)
    with pytest.raises(DataSetError, match="end is missing"):
        scan(deflated(NAME + ROWS)[:-5], 0, syntax, ())
    with pytest.raises(DataSetError):
        scan(b"\xff\xff\xff", 0, syntax, ())


SYNTAXES = [EXPLICIT, IMPLICIT, uids.ExplicitVRBigEndian, uids.DeflatedExplicitVRLittleEndian, uids.JPEG2000, "1.2.3"]


@STEADY
@given(st.binary(max_size=300), st.sampled_from(SYNTAXES))
def test_garbage_is_read_or_refused(data: bytes, syntax: str) -> None:
    with contextlib.suppress(DataSetError):
        scan(data, 0, syntax, INDEX_TAGS)


parts = st.sampled_from(
    [
        NAME,
        ROWS,
        NATIVE,
        sequence(2),
        encapsulated(b"ab"),
        item(b""),
        ITEM_END,
        SEQUENCE_END,
        implicit(0x0010_0010, b"AB"),
    ]
)


@STEADY
@given(
    st.lists(parts, max_size=8), st.lists(st.tuples(st.integers(0, 500), st.integers(0, 255)), max_size=4), st.data()
)
def test_damage_is_read_or_refused(pieces: list[bytes], damages: list[tuple[int, int]], data: st.DataObject) -> None:
    content = bytearray(b"".join(pieces))
    for place, value in damages if content else []:
        content[place % len(content)] = value
    with contextlib.suppress(DataSetError):
        scan(bytes(content), 0, data.draw(st.sampled_from(SYNTAXES)), INDEX_TAGS)
