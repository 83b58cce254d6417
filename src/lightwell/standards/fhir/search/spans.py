"""What a date, a period or a number covers: from and to (R4 3.1.1.4.5, 3.1.1.4.3).

    2026-03            from 1 March, 00:00 to before 1 April, 00:00
    44.50              from 44.495 to before 44.505
    Period, no end     to the end of time

Dates that do not say their zone are of the zone that is given: that of the hospital.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, Final, NamedTuple

BEGINNING: Final = datetime.min.replace(tzinfo=UTC)
END: Final = datetime.max.replace(tzinfo=UTC)
_DATE: Final = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(Z|[+-]\d\d:\d\d)?)?)?)?", re.ASCII
)
_DECEMBER: Final = 12
_NUMBER: Final = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)


class Span(NamedTuple):
    """From ``start`` to before ``end``, in UTC."""

    start: datetime
    end: datetime


class NumberRange(NamedTuple):
    """From ``low`` to before ``high``."""

    low: Decimal
    high: Decimal


@lru_cache(maxsize=4096)  # a date of birth stands in several rows, and is read at each change
def read_span(text: str, zone: tzinfo) -> Span:
    """Return what a date, dateTime or instant covers, which is as much as its digits leave open; ValueError if none."""
    match = _DATE.fullmatch(text)
    if match is None:
        msg = "expected a date as 2026, 2026-11, 2026-11-26 or 2026-11-26T08:30:00+08:00"
        raise ValueError(msg)
    year, month, day, hour, minute, second, fraction, offset = match.groups()
    clock = (int(hour or 0), int(minute or 0), min(int(second or 0), 59), int((fraction or "").ljust(6, "0")[:6]))
    start = datetime(int(year), int(month or 1), int(day or 1), *clock, tzinfo=_zone(offset, zone))
    return Span(_utc(start), _utc(_after(start, match)))


def _after(start: datetime, match: re.Match[str]) -> datetime:
    _, month, day, hour, _, second, fraction, _ = match.groups()
    try:
        if month is None:
            return start.replace(year=start.year + 1)
        if day is None:
            is_last = start.month == _DECEMBER
            return start.replace(year=start.year + is_last, month=1 if is_last else start.month + 1)
        if hour is None:
            return start + timedelta(days=1)
        if second is None:
            return start + timedelta(minutes=1)
        return start + timedelta(microseconds=max(1, 10 ** (6 - len(fraction or ""))) if fraction else 1_000_000)
    except (OverflowError, ValueError):  # past the year 9999
        return END


def _zone(offset: str | None, zone: tzinfo) -> tzinfo:
    return zone if offset is None else _fixed_zone(offset)


@lru_cache(maxsize=128)
def _fixed_zone(offset: str) -> tzinfo:
    if offset == "Z":
        return UTC
    minutes = int(offset[1:3]) * 60 + int(offset[4:6])
    return timezone(timedelta(minutes=-minutes if offset[0] == "-" else minutes))


def _utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return END if moment.year > 1 else BEGINNING


def span_of_period(period: Mapping[str, Any], zone: tzinfo) -> Span | None:
    """Return what a Period covers; one that says nothing covers nothing."""
    start, end = period.get("start"), period.get("end")
    if start is None and end is None:
        return None
    return Span(
        BEGINNING if start is None else read_span(start, zone).start,
        END if end is None else read_span(end, zone).end,
    )


def span_of_timing(timing: Mapping[str, Any], zone: tzinfo) -> Span | None:
    """Return what a Timing covers, from its first event to its last; how it repeats is not looked at."""
    spans = [read_span(event, zone) for event in timing.get("event", ()) if event is not None]
    bounds = span_of_period(timing.get("repeat", {}).get("boundsPeriod", {}), zone)
    spans += [bounds] if bounds else []
    return Span(min(span.start for span in spans), max(span.end for span in spans)) if spans else None


def read_number(text: str) -> Decimal:
    """Read a number with all its digits; ValueError if it is none."""
    if not _NUMBER.fullmatch(text):
        msg = "expected a number as 44.50 or 1e3"
        raise ValueError(msg)
    try:
        return Decimal(text)
    except InvalidOperation:
        msg = "expected a number that can be held"
        raise ValueError(msg) from None


def range_of(number: Decimal) -> NumberRange:
    """Return what a number covers by its digits: half of the last one down and up."""
    exponent = number.as_tuple().exponent
    half = Decimal(5).scaleb(int(exponent) - 1)
    return NumberRange(number - half, number + half)
