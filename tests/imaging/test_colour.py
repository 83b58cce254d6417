"""Colours that objects recommend, against those that everybody knows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lightwell.imaging.colour import DISTINCT, distinct, rgb_of_cielab


def _scaled(light: float, a: float, b: float) -> list[int]:
    return [round(light / 100 * 65535), round((a + 128) / 255 * 65535), round((b + 128) / 255 * 65535)]


@pytest.mark.parametrize(
    ("lab", "rgb"),
    [
        ((0, 0, 0), (0, 0, 0)),
        ((100, 0, 0), (255, 255, 255)),
        ((53.39, 0, 0), (127, 127, 127)),
        ((54.29, 80.80, 69.89), (255, 0, 0)),
        ((87.82, -79.27, 80.99), (0, 255, 0)),
        ((29.57, 68.30, -112.03), (0, 0, 255)),
    ],
)
def test_known_colours_are_themselves(lab: tuple[float, float, float], rgb: tuple[int, int, int]) -> None:
    assert rgb_of_cielab(_scaled(*lab)) == pytest.approx(rgb, abs=1)


@given(st.lists(st.integers(0, 65535), min_size=3, max_size=3))
def test_every_colour_is_one_of_a_screen(scaled: list[int]) -> None:
    assert all(0 <= level <= 255 for level in rgb_of_cielab(scaled))


def test_segments_beside_each_other_differ_in_colour() -> None:
    assert len(set(DISTINCT)) == len(DISTINCT)
    assert all(distinct(number) != distinct(number + 1) for number in range(1, 20))
