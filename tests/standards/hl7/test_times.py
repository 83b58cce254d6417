"""What a sender says of a time is read to what it is said, and nothing is added."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lightwell.standards.hl7.errors import DataTypeError
from lightwell.standards.hl7.times import Precision, read_moment, write_moment
from tests.standards.hl7.messages import STEADY

BEIJING = timezone(timedelta(hours=8))


@pytest.mark.parametrize(
    ("text", "precision", "iso", "length"),
    [
        ("2026", Precision.YEAR, "2026", timedelta(365)),
        ("202602", Precision.MONTH, "2026-02", timedelta(28)),
        ("202612", Precision.MONTH, "2026-12", timedelta(31)),
        ("20261126", Precision.DAY, "2026-11-26", timedelta(1)),
        ("2026112608", Precision.HOUR, "2026-11-26T08:00:00+08:00", timedelta(hours=1)),
        ("202611260830", Precision.MINUTE, "2026-11-26T08:30:00+08:00", timedelta(minutes=1)),
        ("20261126083015", Precision.SECOND, "2026-11-26T08:30:15+08:00", timedelta(seconds=1)),
        ("20261126083015.25+0000", Precision.FRACTION, "2026-11-26T08:30:15.250+00:00", timedelta(microseconds=1)),
        ("20261126083015-0330", Precision.SECOND, "2026-11-26T08:30:15-03:30", timedelta(seconds=1)),
        ("0900", Precision.YEAR, "0900", timedelta(365)),
        ("20261126 ", Precision.DAY, "2026-11-26", timedelta(1)),
    ],
)
def test_precisions(text: str, precision: Precision, iso: str, length: timedelta) -> None:
    moment = read_moment(text, BEIJING)
    assert (moment.precision, moment.iso(), moment.end - moment.start) == (precision, iso, length)
    assert moment.has_zone == (len(text) > 5 and text[-5] in "+-")


def test_a_zone_that_is_not_said_is_that_of_the_source() -> None:
    assert read_moment("20261126083015", BEIJING).start == datetime(2026, 11, 26, 0, 30, 15, tzinfo=UTC)


def test_a_birthday_is_a_day_in_every_zone() -> None:
    assert read_moment("19900307", BEIJING).day == date(1990, 3, 7)


@pytest.mark.parametrize(
    "text", ["", "26", "202613", "20260230", "2026112625", "20261126083061", "today", "2026-11-26", "9999", "00000101"]
)
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(DataTypeError):
        read_moment(text, BEIJING)


def test_an_error_does_not_say_whose_birthday_it_is() -> None:
    with pytest.raises(DataTypeError) as caught:
        read_moment("19901307", BEIJING)
    assert "1990" not in str(caught.value)


@given(
    st.datetimes(datetime(1, 1, 2), datetime(9998, 12, 30), timezones=st.just(BEIJING)),  # noqa: DTZ001 -- the zone follows
    st.sampled_from(list(Precision)),
)
@STEADY
def test_what_is_written_is_read(at: datetime, precision: Precision) -> None:
    moment = read_moment(write_moment(at, precision), UTC if precision > Precision.DAY else BEIJING)
    assert moment.start <= at < moment.end + timedelta(microseconds=100)
    assert moment.precision is precision
