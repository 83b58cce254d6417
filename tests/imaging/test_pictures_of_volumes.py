"""Cuts through volumes and views of them from outside, on phantoms: what lies where, how large, on which side."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from lightwell.imaging.camera import Camera, VolumePreset
from lightwell.imaging.cut import Cut, OutsideTheVolume, Projection
from lightwell.imaging.patient import VIEWS, PlaneName
from lightwell.imaging.reformat import reformat
from lightwell.imaging.stack import ImagePlane
from lightwell.imaging.volume import geometry_of
from lightwell.imaging.volume_rendering import reduce, reduced_geometry, render
from tests.imaging.stacks import seen_in, stack

_AIR = -1000
_SIDES = {"L": (1, 0, 0), "R": (-1, 0, 0), "P": (0, 1, 0), "A": (0, -1, 0), "H": (0, 0, 1), "F": (0, 0, -1)}


@dataclass(frozen=True)
class Phantom:
    """A volume with its affine."""

    values: NDArray[np.int16]
    affine: NDArray[np.float64]


def _ways() -> list[ImagePlane]:
    """Return stacks of axial, coronal, sagittal and oblique images around the middle of the patient."""
    wide = (1.0, 0.8)
    oblique = np.sqrt(0.5)
    return [
        ImagePlane((-40.0, -40.0, -40.0), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), wide, 81, 101),
        ImagePlane((-40.0, -40.0, 40.0), (1.0, 0.0, 0.0), (0.0, 0.0, -1.0), wide, 81, 101),
        ImagePlane((40.0, -40.0, 40.0), (0.0, 1.0, 0.0), (0.0, 0.0, -1.0), wide, 81, 101),
        ImagePlane((-56.57, 0.0, -40.0), (oblique, oblique, 0.0), (0.0, 0.0, 1.0), (1.0, 0.8), 81, 101),
    ]


def _phantom(thing: object, plane: ImagePlane | None = None) -> Phantom:
    planes = stack([2.0 * number for number in range(41)], plane or _ways()[0])
    found = geometry_of(planes)
    return Phantom(seen_in([planes[place] for place in found.order], thing), np.array(found.affine))


def _ball(centre: tuple[float, float, float], radius_mm: float) -> object:
    def thing(places: NDArray[np.float64]) -> NDArray[np.float64]:
        depth = radius_mm - np.linalg.norm(places - np.array(centre, np.float64), axis=-1)
        return _AIR + 2000 * np.clip(depth / 2 + 0.5, 0, 1)

    return thing


def _middle(picture: NDArray[np.float32]) -> tuple[float, float]:
    """Return where in a picture it is bright: rows and columns from its middle."""
    weights = picture.astype(float) - picture.min()
    rows, columns = np.indices(picture.shape)
    places = (float((axis * weights).sum() / weights.sum()) for axis in (rows, columns))
    down, across = (place - (size - 1) / 2 for place, size in zip(places, picture.shape, strict=True))
    return down, across


# -- cuts -------------------------------------------------------------------------------------------------------------


def test_each_plane_says_what_is_at_its_sides() -> None:
    letters = {name: view.letters for name, view in VIEWS.items()}
    assert letters == {
        PlaneName.AXIAL: ("R", "L", "A", "P"),
        PlaneName.CORONAL: ("R", "L", "H", "F"),
        PlaneName.SAGITTAL: ("A", "P", "H", "F"),
    }


@pytest.mark.parametrize("way", range(4), ids=["axial", "coronal", "sagittal", "oblique"])
@pytest.mark.parametrize("plane", list(PlaneName))
@pytest.mark.parametrize("side", list(_SIDES))
def test_what_lies_on_a_side_is_shown_beside_its_letter(way: int, plane: PlaneName, side: str) -> None:
    centre = tuple(16.0 * value for value in _SIDES[side])
    phantom = _phantom(_ball(centre, 7), _ways()[way])
    letters = VIEWS[plane].letters
    through = np.abs(np.array(VIEWS[plane].away))
    cut = Cut(plane, position_mm=float(through @ centre))
    found = reformat(phantom.values, phantom.affine, _AIR, cut)
    down, across = (place * found.pixel_mm for place in _middle(found.values))
    expected = {letters[0]: (0, -16), letters[1]: (0, 16), letters[2]: (-16, 0), letters[3]: (16, 0)}
    assert (down, across) == pytest.approx(expected.get(side, (0, 0)), abs=1.6)


@pytest.mark.parametrize("way", range(4), ids=["axial", "coronal", "sagittal", "oblique"])
@pytest.mark.parametrize("plane", list(PlaneName))
def test_what_is_round_is_round_and_as_wide_as_it_is(way: int, plane: PlaneName) -> None:
    phantom = _phantom(_ball((0, 0, 0), 15), _ways()[way])
    found = reformat(phantom.values, phantom.affine, _AIR, Cut(plane, position_mm=0.0))
    inside = found.values > 0
    widths = [np.ptp(np.flatnonzero(inside.any(axis=axis))) + 1 for axis in (0, 1)]
    assert widths[0] * found.pixel_mm == pytest.approx(30, abs=1.7)
    assert widths[1] * found.pixel_mm == pytest.approx(30, abs=1.7)
    assert inside.sum() * found.pixel_mm**2 == pytest.approx(np.pi * 15**2, rel=0.03)


def test_a_place_goes_from_the_feet_to_the_head() -> None:
    phantom = _phantom(_ball((0, 0, 30), 7))
    bright = [
        float(reformat(phantom.values, phantom.affine, _AIR, Cut(PlaneName.AXIAL, place=place)).values.max())
        for place in (0.0, 0.5, 0.87, 1.0)
    ]
    assert bright[2] > 900
    assert max(bright[:2]) == _AIR


@pytest.mark.parametrize(
    ("projection", "expected"),
    [(Projection.AVERAGE, -1000 + 2000 / 5), (Projection.MAXIMUM, 1000), (Projection.MINIMUM, -1000)],
)
def test_a_slab_shows_what_it_is_told_to(projection: Projection, expected: float) -> None:
    def plate(places: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.where(np.abs(places[..., 2]) < 2.5, 1000.0, _AIR)  # 4 mm thick as it is sampled, 0.4 of it half

    phantom = _phantom(plate)
    found = reformat(phantom.values, phantom.affine, _AIR, Cut(PlaneName.AXIAL, 0.0, 0, 30, projection))
    assert float(np.median(found.values)) == pytest.approx(expected, abs=20)


def test_beyond_the_volume_there_is_nothing() -> None:
    phantom = _phantom(_ball((0, 0, 0), 7))
    with pytest.raises(OutsideTheVolume, match=r"from -40\.0 to 40\.0 mm; 41\.0"):
        reformat(phantom.values, phantom.affine, _AIR, Cut(PlaneName.AXIAL, position_mm=41.0))


@settings(max_examples=30, deadline=None)
@given(place=st.floats(0, 1), plane=st.sampled_from(list(PlaneName)), way=st.integers(0, 3), slab_mm=st.floats(0, 40))
@example(place=1.0, plane=PlaneName.CORONAL, way=3, slab_mm=0.0)  # rounding once led past the end
def test_any_cut_is_a_picture_of_numbers(place: float, plane: PlaneName, way: int, slab_mm: float) -> None:
    phantom = _phantom(_ball((0, 0, 0), 7), _ways()[way])
    found = reformat(phantom.values, phantom.affine, _AIR, Cut(plane, None, place, slab_mm))
    assert np.isfinite(found.values).all()
    assert found.values.min() >= _AIR - 1
    assert found.range_mm[0] <= found.position_mm <= found.range_mm[1]


# -- from outside -----------------------------------------------------------------------------------------------------


def _two_balls() -> Phantom:
    """A large ball in the middle, so that the box is known, and a small one far on the patient's left, above."""
    large, small = _ball((0, 0, 0), 12), _ball((26, 0, 20), 6)
    return _phantom(lambda places: np.maximum(large(places), small(places)))  # type: ignore[operator]


@pytest.mark.parametrize(
    ("camera", "letters"),
    [
        (Camera(0, 0), ("R", "L", "H", "F")),
        (Camera(90, 0), ("A", "P", "H", "F")),
        (Camera(180, 0), ("L", "R", "H", "F")),
        (Camera(270, 0), ("P", "A", "H", "F")),
        (Camera(0, 90), ("R", "L", "P", "A")),
        (Camera(0, -90), ("R", "L", "A", "P")),
        (Camera(45, 0), ("RA", "LP", "H", "F")),
    ],
)
def test_a_camera_says_what_is_at_the_sides_of_its_picture(camera: Camera, letters: tuple[str, ...]) -> None:
    assert tuple("".join(sorted(side)) for side in camera.view.letters) == tuple(
        "".join(sorted(side)) for side in letters
    )


@pytest.mark.parametrize("preset", list(VolumePreset))
@pytest.mark.parametrize(("azimuth", "side"), [(0, 1), (180, -1)])
def test_what_is_left_is_right_from_the_front_and_left_from_behind(
    preset: VolumePreset, azimuth: float, side: int
) -> None:
    phantom = _two_balls()
    picture = render(phantom.values, phantom.affine, Camera(azimuth, 0), preset, 96).sum(axis=-1).astype(np.float32)
    half = picture[:, 48:] if side > 0 else picture[:, :48]
    other = picture[:, :48] if side > 0 else picture[:, 48:]
    assert (half[:40] > 60).sum() > 1.5 * (other[:40] > 60).sum()
    down, _ = _middle(picture)
    assert abs(down) < 20


def test_what_is_in_front_hides_what_is_behind() -> None:
    front, behind = _ball((0, -20, 0), 12), _ball((0, 20, 0), 6)

    def thing(places: NDArray[np.float64]) -> NDArray[np.float64]:
        bone = np.where(front(places) > 0, 300.0, _AIR)  # type: ignore[operator]
        return np.where(behind(places) > 0, 1500.0, bone)  # type: ignore[operator]

    phantom = _phantom(thing)
    colours = [
        render(phantom.values, phantom.affine, Camera(azimuth, 0), VolumePreset.CT_BONE, 96)[48, 48].astype(int)
        for azimuth in (0, 180)
    ]
    assert colours[1][2] > colours[0][2] + 40  # dense bone is white, less dense bone yellow


def test_air_is_black_and_so_is_an_empty_volume() -> None:
    phantom = _phantom(lambda places: np.full(places.shape[:-1], _AIR))
    for preset in VolumePreset:
        assert render(phantom.values, phantom.affine, Camera(), preset, 32).max() == 0
    corner = render(*(_two_balls().values, _two_balls().affine), Camera(), VolumePreset.CT_SOFT, 64)[0, 0]
    assert corner.max() == 0


def test_a_large_volume_is_made_smaller_and_stays_where_it_is() -> None:
    values = np.full((40, 600, 520), _AIR, np.int16)
    values[10:20, 300:420, 90:180] = 1000
    affine = np.diag((2.0, 0.5, 0.5, 1.0))[[2, 1, 0, 3]]
    affine[:3, 3] = (-130, -150, 7)
    shape, told = reduced_geometry((40, 600, 520), tuple(tuple(line) for line in affine.tolist()))
    small, coarse = np.empty(shape, np.int16), np.array(told)
    reduce(values, small)
    assert max(shape) <= 256
    centres = []
    for volume, matrix in ((values, affine), (small, coarse)):
        weights = volume.astype(float) - _AIR
        indices = [float((axis * weights).sum() / weights.sum()) for axis in np.indices(volume.shape)]
        centres.append(matrix @ (*indices, 1))
    assert centres[0] == pytest.approx(centres[1], abs=0.5)
    assert reduced_geometry(shape, told) == (shape, told)


@settings(max_examples=15, deadline=None)
@given(azimuth=st.floats(-720, 720), elevation=st.floats(-90, 90), preset=st.sampled_from(list(VolumePreset)))
def test_from_anywhere_something_is_seen(azimuth: float, elevation: float, preset: VolumePreset) -> None:
    phantom = _two_balls()
    picture = render(phantom.values, phantom.affine, Camera(azimuth, elevation), preset, 48)
    assert (picture.max(axis=-1) > 60).mean() > 0.02
