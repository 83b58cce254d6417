"""Which image a frame of a segmentation lies on."""

from collections.abc import ItemsView
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lightwell.archive.derived.geometry import Plane
from lightwell.archive.segmentations.model import Segment, SegmentedImage
from lightwell.archive.segmentations.placing import place
from lightwell.archive.segmentations.reading import MarkedFrame, Said

_SPACE = "1.2.3"
_AXIAL = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)


def _plane(z_mm: float) -> Plane:
    return Plane(_SPACE, (0.0, 0.0, z_mm), _AXIAL, (0.5, 0.5), 16, 16)


def _frame(z_mm: float, *sources: tuple[str, int], segment: int = 1) -> MarkedFrame:
    return MarkedFrame(segment, (0.0, 0.0, z_mm), _AXIAL, (0.5, 0.5), sources)


def _said(*frames: MarkedFrame, highest: int = 2) -> Said:
    segments = [Segment(number, "", "", (0, 0, 0), "", "", "") for number in range(1, highest + 1)]
    return Said("", "", "BINARY", 1, 16, 16, _SPACE, "", segments, frames)


def _volume(slices: int) -> dict[SegmentedImage, Plane]:
    """Return an enhanced image: one object whose frames are slices."""
    return {SegmentedImage("1.1", frame): _plane(2.0 * frame) for frame in range(1, slices + 1)}


@given(order=st.permutations(range(1, 8)), is_named=st.booleans(), has_numbers=st.booleans())
def test_frames_lie_on_their_slices_in_the_order_of_reading(
    *, order: list[int], is_named: bool, has_numbers: bool
) -> None:
    sources = {number: [("1.1", number if has_numbers else 0)] if is_named else [] for number in order}
    placed = place(_said(*(_frame(2.0 * number, *sources[number]) for number in order)), _volume(9))
    assert [image.frame for image in placed.images] == list(range(1, 8))
    assert all(order[frames[0]] == image.frame for image, frames in placed.images.items())
    assert (placed.absent, placed.refusal) == (0, "")


def test_several_segments_of_a_slice_lie_together() -> None:
    placed = place(_said(_frame(2.0), _frame(2.0, segment=2), _frame(4.0)), _volume(3))
    assert [*placed.images.values()] == [[0, 1], [2]]


class _Counting(dict[SegmentedImage, Plane]):
    """Planes that count how often somebody goes through them."""

    times = 0

    def items(self) -> ItemsView[SegmentedImage, Plane]:
        self.times += 1
        return super().items()


def test_each_place_is_looked_for_once() -> None:
    planes = _Counting(_volume(3))
    place(_said(*(_frame(2.0, segment=segment) for segment in range(1, 9)), highest=8), planes)
    assert planes.times == 1


@pytest.mark.hazard("H-33")
@pytest.mark.parametrize("off_mm", [0.2, -0.2, 1.0])
def test_a_slice_beside_is_another_slice(off_mm: float) -> None:
    placed = place(_said(_frame(2.0), _frame(4.0 + off_mm)), _volume(3))
    assert ([image.frame for image in placed.images], placed.absent) == ([1], 1)
    assert place(_said(_frame(2.0, ("1.1", 1)), _frame(4.0 + off_mm, ("1.1", 2))), _volume(3)).refusal == "grid"


@pytest.mark.hazard("H-33")
def test_the_place_of_another_frame_of_reference_is_another_place() -> None:
    planes = {image: replace(plane, frame_of_reference_uid="9.9") for image, plane in _volume(3).items()}
    assert place(_said(_frame(2.0)), planes).refusal == "grid"


def test_images_without_a_place_take_what_names_them() -> None:
    planes = {SegmentedImage("1.1", 1): Plane("", (), (), None, 16, 16)}
    placed = place(_said(MarkedFrame(1, (), (), (), [("1.1", 1)])), planes)
    assert ([*placed.images], placed.refusal) == ([SegmentedImage("1.1", 1)], "")


def test_numbers_that_a_byte_cannot_hold_are_refused() -> None:
    assert place(_said(_frame(2.0), highest=256), _volume(1)).refusal == "too_large"


def test_without_images_there_is_nothing_to_lie_on() -> None:
    assert place(_said(_frame(2.0)), {}).refusal == "no_images"
