"""Uneven series made even: everything stays where it lies in the patient."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from lightwell.imaging.resample import make_regular, regular_geometry
from lightwell.imaging.stack import ImagePlane, NotAVolume, Refusal, VolumeGeometry
from lightwell.imaging.volume import geometry_of
from tests.imaging.stacks import AXIAL, places_of, plane_of, real_series, seen_in, stack, values_of

_AIR = -1000


def _balls(places: NDArray[np.float64]) -> NDArray[np.float64]:
    """Two soft balls in air, 20 mm apart along the head and 9 mm to the back; sigma 3 mm."""
    values = np.full(places.shape[:-1], float(_AIR))
    for centre in ((16.0, 12.0, 12.0), (16.0, 21.0, 32.0)):
        values += 1500 * np.exp(-np.sum((places - centre) ** 2, axis=-1) / 18)
    return values


def _centre(volume: NDArray[Any], geometry: VolumeGeometry, near: tuple[float, float, float]) -> NDArray[np.float64]:
    """Return the centre of mass of what is near a place."""
    places = places_of(geometry)
    weights = np.where(np.linalg.norm(places - near, axis=-1) < 9, volume.astype(float) - _AIR, 0)
    return np.sum(places * weights[..., None], axis=(0, 1, 2)) / weights.sum()


def _made_even(planes: list[ImagePlane], thing: Any, outside: float = _AIR) -> tuple[NDArray[Any], VolumeGeometry]:
    found = geometry_of(planes)
    even = regular_geometry(found)
    volume = np.empty(even.shape, np.int16)
    values = seen_in([planes[place] for place in found.order], thing)
    make_regular(values, found, outside, volume)
    return volume, even


@pytest.mark.hazard("H-16")
@pytest.mark.parametrize("lean", [0.0, 0.334, -0.334])
@pytest.mark.parametrize(
    "offsets_mm",
    [
        [0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30, 32, 34, 36, 38, 40, 42, 44],
        [0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 21.1, 24, 27, 30, 33, 36, 39, 42, 45],
    ],
    ids=["even", "wider"],
)
def test_distances_are_right_within_half_a_percent(lean: float, offsets_mm: list[float]) -> None:
    planes = stack(offsets_mm, replace(AXIAL, position_mm=(0.0, -22 * lean, 0.0)), lean)
    volume, even = _made_even(planes, _balls)
    assert even.is_regular
    low, high = (_centre(volume, even, near) for near in ((16.0, 12.0, 12.0), (16.0, 21.0, 32.0)))
    true_mm = float(np.hypot(9, 20))
    assert np.linalg.norm(high - low) == pytest.approx(true_mm, rel=0.005)
    assert low == pytest.approx((16, 12, 12), abs=0.1)
    assert high == pytest.approx((16, 21, 32), abs=0.1)


@settings(max_examples=30, deadline=None)
@given(
    steps=st.lists(st.floats(0.8, 1.35), min_size=3, max_size=12),
    lean=st.floats(-0.4, 0.4),
    order=st.randoms(use_true_random=False),
)
def test_what_changes_evenly_in_the_patient_does_so_in_the_volume(steps: list[float], lean: float, order: Any) -> None:
    planes = stack(np.cumsum([0, *steps]), AXIAL, lean)
    order.shuffle(planes)
    volume, even = _made_even(planes, lambda places: places @ (20.0, -30.0, 40.0))
    covered, _ = _made_even(planes, lambda places: np.full(places.shape[:-1], 1000.0), outside=0)
    is_inside = covered == 1000
    assert np.abs(volume - places_of(even) @ (20.0, -30.0, 40.0))[is_inside].max() <= 2
    most_mm = abs(lean) * sum(steps)
    assert is_inside.sum(axis=(1, 2)).min() >= (64 - 2 * most_mm - 2) * 64


@pytest.mark.hazard("H-16")
def test_nothing_is_made_up_where_images_are_missing() -> None:
    planes = stack([0, 1, 2, 3, 7, 8, 9, 10])
    volume, even = _made_even(planes, lambda places: np.full(places.shape[:-1], 40.0))
    offsets = np.round(even.offsets_mm)
    assert [float(volume[place].max()) for place in range(len(offsets))] == [
        _AIR if offset in {4, 5, 6} else 40 for offset in offsets
    ]


def test_an_even_volume_stays_as_it_is() -> None:
    found = geometry_of(stack([0, 1, 2, 3]))
    assert regular_geometry(found) is found


def test_a_volume_that_would_burst_the_memory_is_refused() -> None:
    planes = stack([0, 0.01, 0.02, 0.03, 500], ImagePlane(AXIAL.position_mm, AXIAL.row, AXIAL.column, (1, 1), 512, 512))
    with pytest.raises(NotAVolume, match="at most 400 million") as caught:
        regular_geometry(geometry_of(planes))
    assert caught.value.refusal is Refusal.TOO_LARGE


def test_an_even_volume_that_would_burst_the_memory_is_refused() -> None:
    found = geometry_of(stack([0, 1, 2, 3]))
    assert regular_geometry(replace(found, shape=(1525, 512, 512))).shape == (1525, 512, 512)
    with pytest.raises(NotAVolume, match="at most 400 million") as caught:
        regular_geometry(replace(found, shape=(1526, 512, 512)))
    assert caught.value.refusal is Refusal.TOO_LARGE


def test_a_real_tilted_head_keeps_its_volume(shared_data: Path) -> None:
    images = real_series(shared_data / "ct-geometry/ge-tilt")
    found = geometry_of([plane_of(image) for image in images])
    even = regular_geometry(found)
    values = np.stack([values_of(images[place]) for place in found.order])
    volume = np.empty(even.shape, np.int16)
    make_regular(values, found, _AIR, volume)
    pixel_mm2 = found.spacing_mm[1] * found.spacing_mm[2]
    true_mm3 = np.trapezoid((values > -300).sum(axis=(1, 2)) * pixel_mm2, found.offsets_mm)
    even_mm3 = np.trapezoid((volume > -300).sum(axis=(1, 2)) * pixel_mm2, even.offsets_mm)
    assert even_mm3 == pytest.approx(true_mm3, rel=0.005)
