"""Lengths, angles and areas, against what is known of them by other ways."""

from math import cos, pi, radians, sin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lightwell.imaging import measuring
from lightwell.imaging.measuring import Point

_PLACES = st.tuples(*(st.floats(-500, 500),) * 3)
_SIZES = st.floats(0.5, 200)
_TURNS = st.floats(0, 360)


def _turned(point: Point, deg: float, about: Point) -> Point:
    """Turn a point about the axis x + y, and carry it to a place: no plane of the axes any more."""
    x, y, z = point
    angle = radians(deg)
    along, across = (x + y) / 2**0.5, (y - x) / 2**0.5
    across, z = across * cos(angle) - z * sin(angle), across * sin(angle) + z * cos(angle)
    return (along - across) / 2**0.5 + about[0], (along + across) / 2**0.5 + about[1], z + about[2]


@given(_SIZES, _SIZES, _TURNS, _PLACES)
def test_a_rectangle_is_its_sides_wherever_it_lies(wide: float, high: float, deg: float, about: Point) -> None:
    flat: list[Point] = [(0, 0, 0), (wide, 0, 0), (wide, high, 0), (0, high, 0)]
    corners = [_turned(point, deg, about) for point in flat]
    assert measuring.polygon_area(corners) == pytest.approx(wide * high, rel=1e-6)
    assert measuring.polygon_area(corners[::-1]) == pytest.approx(wide * high, rel=1e-6)
    assert measuring.length(corners[0], corners[2]) == pytest.approx((wide**2 + high**2) ** 0.5, rel=1e-6)
    assert measuring.angle_deg(*corners[:3]) == pytest.approx(90, abs=1e-4)


@given(_SIZES, _SIZES, _TURNS, _PLACES)
def test_an_ellipse_is_pi_times_its_half_axes(major: float, minor: float, deg: float, about: Point) -> None:
    flat: list[Point] = [(-major, 0, 0), (major, 0, 0), (0, -minor, 0), (0, minor, 0)]
    ends = [_turned(point, deg, about) for point in flat]
    assert measuring.ellipse_area(ends) == pytest.approx(pi * major * minor, rel=1e-6)


def test_a_polygon_that_goes_in_and_out_has_the_area_of_what_is_in_it() -> None:
    corners: list[Point] = [(0, 0, 0), (4, 0, 0), (4, 4, 0), (2, 1, 0), (0, 4, 0)]
    assert measuring.polygon_area(corners) == pytest.approx(16 - 6)


@given(st.floats(1, 179), _TURNS, _PLACES)
def test_an_angle_is_what_it_was_made_of(angle: float, deg: float, about: Point) -> None:
    flat: list[Point] = [(3, 0, 0), (0, 0, 0), (2 * cos(radians(angle)), 2 * sin(radians(angle)), 0)]
    first, vertex, last = (_turned(point, deg, about) for point in flat)
    assert measuring.angle_deg(first, vertex, last) == pytest.approx(angle, abs=1e-4)
    assert measuring.angle_of_lines_deg((vertex, first), (last, vertex)) == pytest.approx(180 - angle, abs=1e-4)


def test_sides_without_length_make_no_angle_and_two_points_no_area() -> None:
    assert measuring.angle_deg((1, 1, 1), (1, 1, 1), (2, 2, 2)) == 0
    assert measuring.polygon_area([(0, 0, 0), (1, 1, 1)]) == 0
