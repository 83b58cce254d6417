"""JPEG 2000 codestreams, and what is none."""

import imagecodecs
import numpy as np
import pytest

from lightwell.imaging.codestream import is_irreversible

_PIXELS = np.arange(256, dtype=np.uint16).reshape(16, 16)
_LOSSY = bytes(imagecodecs.jpeg2k_encode(_PIXELS, level=40, codecformat="j2k", reversible=False))


def test_the_wavelets_are_told() -> None:
    assert is_irreversible(_LOSSY) is True
    assert is_irreversible(bytes(imagecodecs.jpeg2k_encode(_PIXELS, codecformat="j2k", reversible=True))) is False
    assert is_irreversible(bytes(imagecodecs.htj2k_encode(_PIXELS))) is False


@pytest.mark.parametrize("length", [0, 4, 20, 50])
def test_of_what_is_cut_short_nothing_is_told(length: int) -> None:
    assert is_irreversible(_LOSSY[:length]) is None


def test_of_what_is_none_nothing_is_told() -> None:
    assert is_irreversible(bytes(100)) is None
    assert is_irreversible(b"\xff\x4f\xff\x51" + bytes(100)) is None
