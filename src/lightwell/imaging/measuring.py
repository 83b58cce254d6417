"""Lengths, angles and areas of what somebody marked, from its points (PS3.16 TID 300, PS3.3 C.18.6, C.18.9).

Points are x, y, z in mm, or pixels where nobody knows how large these are; what lies in one image has z 0. All hold for
points in any plane of space.
"""

from collections.abc import Sequence
from itertools import pairwise
from math import acos, degrees, hypot, pi
from typing import TypeAlias

Point: TypeAlias = tuple[float, float, float]


def length(start: Point, end: Point) -> float:
    """Return how far two points are apart."""
    return hypot(*_from(start, end))


def angle_deg(first: Point, vertex: Point, last: Point) -> float:
    """Return the angle at a vertex, 0 to 180; of sides without length it is 0."""
    return _between_deg(_from(vertex, first), _from(vertex, last))


def angle_of_lines_deg(first: tuple[Point, Point], second: tuple[Point, Point]) -> float:
    """Return the angle between two lines as they are drawn, 0 to 180; turned round, one makes 180 less it."""
    return _between_deg(_from(*first), _from(*second))


def polygon_area(corners: Sequence[Point]) -> float:
    """Return the area of a flat polygon; the first corner is not repeated."""
    origin = corners[0]
    spokes = [_from(origin, corner) for corner in corners]
    parts = [_cross(one, other) for one, other in pairwise(spokes)]
    return hypot(*(sum(axis) for axis in zip(*parts, strict=True))) / 2 if parts else 0.0


def ellipse_area(ends: Sequence[Point]) -> float:
    """Return the area of an ellipse by the ends of its major axis, then of its minor axis."""
    start, end, side, other_side = ends
    return hypot(*_cross(_from(start, end), _from(side, other_side))) * pi / 4


def _from(start: Point, end: Point) -> Point:
    return end[0] - start[0], end[1] - start[1], end[2] - start[2]


def _cross(one: Point, other: Point) -> Point:
    return (
        one[1] * other[2] - one[2] * other[1],
        one[2] * other[0] - one[0] * other[2],
        one[0] * other[1] - one[1] * other[0],
    )


def _between_deg(one: Point, other: Point) -> float:
    lengths = hypot(*one) * hypot(*other)
    if lengths == 0:
        return 0.0
    cosine = sum(a * b for a, b in zip(one, other, strict=True)) / lengths
    return degrees(acos(max(-1.0, min(1.0, cosine))))
