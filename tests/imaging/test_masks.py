"""Masks of segments as maps of their numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lightwell.imaging.form import Codec, PixelError, PixelForm
from lightwell.imaging.masks import Mask, label_map

_ROWS, _COLUMNS = 5, 7
_MASKS = st.lists(
    st.tuples(st.integers(1, 9), st.binary(min_size=_ROWS * _COLUMNS, max_size=_ROWS * _COLUMNS)), max_size=5
)


def _form(bits: int) -> PixelForm:
    return PixelForm(_ROWS, _COLUMNS, 1, bits, bits, is_signed=False, photometric="MONOCHROME2")


@given(_MASKS, st.integers(1, 255))
def test_each_pixel_has_the_highest_number_that_marks_it(masks: list[tuple[int, bytes]], least: int) -> None:
    labels, has_overlaps = label_map([Mask(*mask) for mask in masks], _form(8), Codec.NATIVE, least)
    for place, label in enumerate(labels.flat):
        marking = {number for number, content in masks if content[place] >= least}
        assert label == max(marking, default=0)
        assert has_overlaps or len(marking) <= 1


def test_frames_of_single_bits_are_read_from_the_lowest_bit() -> None:
    bits = np.zeros(_ROWS * _COLUMNS, np.uint8)
    bits[[0, 9, 34]] = 1
    frame = np.packbits(bits, bitorder="little").tobytes()
    labels, _ = label_map([Mask(3, frame)], _form(1), Codec.NATIVE, 1)
    assert np.array_equal(labels.ravel(), bits * 3)


def test_the_same_segment_twice_is_no_overlap() -> None:
    frame = bytes([1]) * _ROWS * _COLUMNS
    assert label_map([Mask(1, frame), Mask(1, frame)], _form(8), Codec.NATIVE, 1)[1] is False
    assert label_map([Mask(1, frame), Mask(2, frame)], _form(8), Codec.NATIVE, 1)[1] is True


def test_a_number_that_takes_more_than_a_byte_never_becomes_another() -> None:
    numbers = np.full(_ROWS * _COLUMNS, 255, np.uint16)
    form = _form(16)
    assert (label_map([Mask(0, numbers.tobytes())], form, Codec.NATIVE, 1)[0] == 255).all()
    numbers[3] = 256
    with pytest.raises(PixelError):
        label_map([Mask(0, numbers.tobytes())], form, Codec.NATIVE, 1)


def test_a_frame_that_is_cut_is_an_error() -> None:
    with pytest.raises(PixelError):
        label_map([Mask(1, b"\1" * 9)], _form(8), Codec.NATIVE, 1)
