"""What a query asks for."""

import fnmatch
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lightwell.standards.dicom.matching import (
    MatchingError,
    has_wildcard,
    parse_date_range,
    parse_time_range,
    parse_uid_list,
    prefix_range,
    wildcard,
)
from tests.standards.dicom.speech import STEADY


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("20260101-20260131", ("20260101", "20260131")),
        ("20260101", ("20260101", "20260101")),
        ("20260101-", ("20260101", "")),
        ("-20260131", ("", "20260131")),
        ("2026-01-01", ("20260101", "20260101")),
        ("2026-01-01-2026-01-31", ("20260101", "20260131")),
        ("2026.01.01 - 2026.01.31", ("20260101", "20260131")),
        ("", ("", "")),
        ("-", ("", "")),
    ],
)
def test_dates(text: str, expected: tuple[str, str]) -> None:
    assert parse_date_range(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10", ("100000.000000", "105959.999999")),
        ("1000-1130", ("100000.000000", "113059.999999")),
        ("101112.5", ("101112.500000", "101112.599999")),
        ("10:11:12-", ("101112.000000", "")),
        ("235960", ("235959.000000", "235959.999999")),
        ("", ("", "")),
    ],
)
def test_times(text: str, expected: tuple[str, str]) -> None:
    assert parse_time_range(text) == expected


@pytest.mark.parametrize("text", ["2026", "20261301", "20260230", "abc", "20260101-x", "1-2-3-4"])
def test_bad_dates_are_refused(text: str) -> None:
    with pytest.raises(MatchingError):
        parse_date_range(text)


@pytest.mark.parametrize("text", ["1", "2500", "9999", "10-99", "x"])
def test_bad_times_are_refused(text: str) -> None:
    with pytest.raises(MatchingError):
        parse_time_range(text)


@STEADY
@given(st.text("ab*?", max_size=8), st.text("ab", max_size=8))
def test_wildcards_as_a_peer_reads_them(pattern: str, text: str) -> None:
    assert wildcard(pattern)(text) == (re.fullmatch(fnmatch.translate(pattern), text) is not None)


def test_a_hostile_pattern_costs_little() -> None:
    assert not wildcard("*a" * 3000 + "b")("a" * 6000)


def test_prefixes() -> None:
    found = prefix_range("王*")
    assert found is not None
    assert found.start <= "王^小东" < found.end
    assert prefix_range("*王*") is None
    assert prefix_range("王") is None
    assert prefix_range("*") is None
    assert has_wildcard("W?")
    assert wildcard("wang*", is_case_sensitive=False)("WANG^WU")


def test_uid_lists() -> None:
    assert parse_uid_list("1.2\\1.3") == parse_uid_list("1.2,1.3") == ("1.2", "1.3")
    assert parse_uid_list("") == ()
    with pytest.raises(MatchingError):
        parse_uid_list("1.2\\01")
