"""Windows of states in terms of images: what is seen is the same, or it is said that it cannot be."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lightwell.archive.presentations.grey import OwnGrey, Rescale, own_window
from lightwell.imaging.form import PixelForm
from lightwell.imaging.look import Look, VoiFunction, Window
from lightwell.imaging.rendering import show

_STORED = np.arange(4096, dtype=np.uint16).reshape(64, 64)
_FORM = PixelForm(64, 64, 1, 16, 12, is_signed=False, photometric="MONOCHROME2")
_LINEAR = (VoiFunction.LINEAR, VoiFunction.LINEAR_EXACT)
_RESCALES = st.tuples(st.sampled_from([0.25, 1.0, 2.0]), st.sampled_from([-1024.0, 0.0, 100.0]))


@pytest.mark.hazard("H-32")
@given(
    stored=st.tuples(st.integers(100, 4000), st.integers(20, 4000)),
    rescale=_RESCALES,
    own=_RESCALES,
    functions=st.one_of(
        st.tuples(st.sampled_from(_LINEAR), st.sampled_from(_LINEAR)), st.just((VoiFunction.SIGMOID,) * 2)
    ),
)
def test_what_is_seen_is_the_same(
    stored: tuple[int, int], rescale: Rescale, own: Rescale, functions: tuple[VoiFunction, VoiFunction]
) -> None:
    slope, intercept = rescale
    window = Window(stored[0] * slope + intercept, stored[1] * slope + 1, functions[0])
    found, refusal = own_window(window, rescale, OwnGrey(own, functions[1], has_table=False, is_light_low=False))
    assert found is not None
    assert refusal == ""
    meant = show(_STORED, _FORM, Look(slope, intercept, window=window))
    seen = show(_STORED, _FORM, Look(*own, window=Window(found.center, found.width, functions[1])))
    assert np.abs(meant.astype(int) - seen).max() <= 1


@pytest.mark.hazard("H-32")
@pytest.mark.parametrize(
    ("function", "rescale", "has_table", "refusal"),
    [
        (VoiFunction.SIGMOID, (1.0, 0.0), False, "function"),
        (VoiFunction.LINEAR, (-1.0, 0.0), False, "rescale"),
        (VoiFunction.LINEAR, (0.0, 0.0), False, "rescale"),
        (VoiFunction.LINEAR, (1.0, 0.0), True, "table"),
    ],
)
def test_what_cannot_be_seen_so_is_said(
    function: VoiFunction, rescale: Rescale, refusal: str, *, has_table: bool
) -> None:
    image = OwnGrey((1.0, 0.0), VoiFunction.LINEAR, has_table=has_table, is_light_low=False)
    assert own_window(Window(40, 400, function), rescale, image) == (None, refusal)
