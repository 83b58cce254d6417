"""The images of a series as one volume: what stands evenly, what does not, and what is none."""

import pickle
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lightwell.imaging.stack import ImagePlane, NotAVolume, Refusal
from lightwell.imaging.volume import geometry_of
from tests.imaging.stacks import AXIAL, plane_of, real_series, stack

_ANGLES = st.floats(-3.1, 3.1)


def _turned(a: float, b: float, c: float) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return two directions at a right angle, anyhow in space."""
    turns = [
        np.array(((1, 0, 0), (0, np.cos(a), -np.sin(a)), (0, np.sin(a), np.cos(a)))),
        np.array(((np.cos(b), 0, np.sin(b)), (0, 1, 0), (-np.sin(b), 0, np.cos(b)))),
        np.array(((np.cos(c), -np.sin(c), 0), (np.sin(c), np.cos(c), 0), (0, 0, 1))),
    ]
    turn = turns[0] @ turns[1] @ turns[2]
    return tuple(turn[:, 0]), tuple(turn[:, 1])


def _refused(planes: list[ImagePlane | None]) -> tuple[Refusal, str]:
    with pytest.raises(NotAVolume) as caught:
        geometry_of(planes)
    return caught.value.refusal, str(caught.value)


@given(
    angles=st.tuples(_ANGLES, _ANGLES, _ANGLES),
    step_mm=st.floats(0.3, 10),
    order=st.permutations(range(7)),
    spacing_mm=st.tuples(st.floats(0.1, 3), st.floats(0.1, 3)),
)
def test_images_are_put_in_the_order_of_their_places(
    angles: tuple[float, float, float], step_mm: float, order: list[int], spacing_mm: tuple[float, float]
) -> None:
    row, column = _turned(*angles)
    plane = ImagePlane((-40.0, 31.5, 900.0), row, column, spacing_mm, 8, 6)
    planes = stack([place * step_mm for place in order], plane)
    found = geometry_of(planes)
    assert [order[place] for place in found.order] == sorted(order)
    assert found.is_regular
    assert found.spacing_mm == pytest.approx((step_mm, *spacing_mm), rel=1e-6)
    for number, place in enumerate(found.order):
        assert np.array(found.affine) @ (number, 0, 0, 1) == pytest.approx((*planes[place].position_mm, 1), abs=1e-6)
    last = np.array(planes[found.order[-1]].position_mm)
    corner = last + 7 * spacing_mm[0] * np.array(column) + 5 * spacing_mm[1] * np.array(row)
    assert (np.array(found.affine) @ (6, 7, 5, 1))[:3] == pytest.approx(corner, abs=1e-6)


def test_positions_that_were_rounded_are_still_even() -> None:
    planes = stack([round(place * 0.6251, 2) for place in range(200)])
    found = geometry_of(planes)
    assert found.is_regular
    assert found.spacing_mm[0] == pytest.approx(0.6251, rel=1e-4)


@pytest.mark.parametrize(
    "offsets_mm", [[0, 1, 2, 3.02, 4, 5], [0, 1, 2, 4, 5, 6], [0, 4, 8, 9.1, 16, 23], [0, 1.1, 2, 3, 4]]
)
def test_what_does_not_stand_evenly_is_said(offsets_mm: list[float]) -> None:
    assert not geometry_of(stack(offsets_mm)).is_regular


def test_missing_images_are_gaps() -> None:
    assert geometry_of(stack([0, 1, 2, 4, 5, 8, 9, 10])).gaps == (2, 4)


def test_a_series_that_goes_on_with_wider_steps_has_no_gap() -> None:
    assert geometry_of(stack([0, 4, 8, 12, 13.1, 20, 27, 34])).gaps == ()


def test_a_tilted_gantry_is_told() -> None:
    found = geometry_of(stack([0, 3, 6, 9], lean=np.tan(np.radians(18.5))))
    assert not found.is_regular
    assert found.tilt_degrees == pytest.approx(18.5, abs=1e-6)


def test_images_without_a_place_are_no_volume() -> None:
    refusal, words = _refused([*stack([0, 1, 2]), None])
    assert refusal is Refusal.NO_GEOMETRY
    assert words.startswith("1 of 4 images")


@pytest.mark.parametrize(
    "plane",
    [
        replace(AXIAL, row=(0.0, 0.0, 0.0)),
        replace(AXIAL, row=(0.7, 0.7, 0.0)),
        replace(AXIAL, spacing_mm=(0.0, 1.0)),
        replace(AXIAL, spacing_mm=(0.5, -0.5)),
        replace(AXIAL, position_mm=(float("nan"), 0.0, 0.0)),
        replace(AXIAL, column=(float("inf"), 0.0, 0.0)),
    ],
)
def test_numbers_that_cannot_be_a_plane_are_no_geometry(plane: ImagePlane) -> None:
    assert _refused([*stack([0, 1, 2]), plane])[0] is Refusal.NO_GEOMETRY


@pytest.mark.parametrize("count", [0, 1, 2])
def test_a_few_images_are_no_volume(count: int) -> None:
    assert _refused([*stack(range(count))])[0] is Refusal.TOO_FEW_IMAGES


def test_images_of_several_kinds_are_no_volume() -> None:
    planes = stack([0, 1, 2, 3])
    sagittal = replace(AXIAL, row=(0.0, 1.0, 0.0), column=(0.0, 0.0, -1.0))
    assert _refused([*planes, sagittal])[0] is Refusal.MIXED_ORIENTATION
    assert _refused([*planes, replace(planes[0], position_mm=(0, 0, 9), rows=32)])[0] is Refusal.MIXED_SIZE
    wide = replace(planes[0], position_mm=(0, 0, 9), spacing_mm=(0.7, 0.5))
    assert _refused([*planes, wide])[0] is Refusal.MIXED_SPACING


def test_two_images_at_one_place_are_no_volume() -> None:
    refusal, words = _refused([*stack([0, 1, 2, 2, 3, 4])])
    assert refusal is Refusal.DUPLICATE_POSITIONS
    assert words.startswith("1 images")
    assert _refused([*stack([0, 0, 1, 1, 2, 2])])[0] is Refusal.DUPLICATE_POSITIONS


def test_slice_thickness_is_not_believed(shared_data: Path) -> None:
    images = real_series(shared_data / "ct-abdomen/dicom")
    assert {float(image.SliceThickness) for image in images} == {3.0}
    found = geometry_of([plane_of(image) for image in images])
    assert found.is_regular
    assert found.spacing_mm == pytest.approx((2.0, 0.9765625, 0.9765625))


def test_a_real_tilted_head_is_seen_as_such(shared_data: Path) -> None:
    images = real_series(shared_data / "ct-geometry/ge-tilt")
    found = geometry_of([plane_of(image) for image in images])
    assert not found.is_regular
    assert found.tilt_degrees == pytest.approx(18.5, abs=0.01)
    steps = np.diff(found.offsets_mm)
    assert (steps.min(), steps.max()) == pytest.approx((1.08, 7.0), abs=0.01)
    assert found.gaps == ()


def test_a_real_series_that_stands_straight_is_even(shared_data: Path) -> None:
    images = real_series(shared_data / "ct-geometry/philips-tilt")
    found = geometry_of([plane_of(image) for image in images])
    assert found.is_regular
    assert found.spacing_mm == pytest.approx((5.0, 0.451171875, 0.451171875))


def test_a_refusal_survives_the_way_out_of_a_worker() -> None:
    refused = pickle.loads(pickle.dumps(NotAVolume(Refusal.MIXED_SIZE, "of two sizes")))  # noqa: S301 -- our own
    assert (refused.refusal, str(refused)) == (Refusal.MIXED_SIZE, "of two sizes")
