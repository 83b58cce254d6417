"""The numbers of identity cards, as the standard checks them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lightwell.clinical.resident_id import check_character, read_resident_id


@pytest.mark.parametrize(
    ("text", "number", "kind", "born", "is_male"),
    [
        ("11010519491231002X", "11010519491231002X", "resident", date(1949, 12, 31), False),
        (" 110105 19491231 002x ", "11010519491231002X", "resident", date(1949, 12, 31), False),
        ("110105491231002", "11010519491231002X", "resident", date(1949, 12, 31), False),
        ("810000199408230021", "810000199408230021", "hong-kong", date(1994, 8, 23), False),
        ("830000199201300022", "830000199201300022", "taiwan", date(1992, 1, 30), False),
    ],
)
def test_a_number_says_who_somebody_is(text: str, number: str, kind: str, born: date, *, is_male: bool) -> None:
    found = read_resident_id(text)
    assert found is not None
    assert (found.number, found.kind, found.birth_date, found.is_male) == (number, kind, born, is_male)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "44052418800101001X",  # the check character belongs to another number
        "110105194902310021",  # 31 February
        "99",
        "110105491331002",
        "无名氏",
        "1101051949123100２X",
    ],
)
def test_what_cannot_be_right_is_nobody(text: str) -> None:
    assert read_resident_id(text) is None


@given(st.dates(date(1900, 1, 1), date(2026, 1, 1)), st.integers(0, 999), st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_seen(born: date, sequence: int, place: int, by: int) -> None:
    digits = f"510104{born:%Y%m%d}{sequence:03}"
    number = digits + check_character(digits)
    assert read_resident_id(number) is not None
    wrong = number[:place] + str((int(number[place]) + by) % 10) + number[place + 1 :]
    assert read_resident_id(wrong) is None
