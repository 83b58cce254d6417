"""Dates and times as HL7 writes them, with what they do not say (2A.22 DTM, TS of older versions).

    2026                       the year
    20261126                   the day
    202611260830               a minute, in the zone that is agreed with the source
    20261126083015.25+0800     an instant

A time of few digits is a span: half past eight is the whole minute. What was not said is never made up as zero.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from enum import IntEnum
from typing import Final

from lightwell.standards.hl7.errors import DataTypeError

_DTM: Final = re.compile(
    r"(\d{4})(?:(\d{2})(?:(\d{2})(?:(\d{2})(?:(\d{2})(?:(\d{2})(?:\.(\d{0,9}))?)?)?)?)?)?(?:([+-])(\d{2})(\d{2}))?"
)
_DECEMBER: Final = 12


class Precision(IntEnum):
    """To what a time is said."""

    YEAR = 1
    MONTH = 2
    DAY = 3
    HOUR = 4
    MINUTE = 5
    SECOND = 6
    FRACTION = 7


@dataclass(frozen=True, slots=True)
class Moment:
    """A date or a time: where it starts, to what it is said, and whether the sender said the zone."""

    start: datetime
    precision: Precision
    has_zone: bool

    @property
    def day(self) -> date:
        """Return the day as the sender wrote it; of a month or a year the first."""
        return self.start.date()

    @property
    def has_time(self) -> bool:
        """Whether a time of the day is said."""
        return self.precision > Precision.DAY

    @property
    def end(self) -> datetime:
        """Return where the span ends: its first instant that is not in it any more."""
        start = self.start
        if self.precision is Precision.YEAR:
            return start.replace(year=start.year + 1)
        if self.precision is Precision.MONTH:
            is_december = start.month == _DECEMBER
            return start.replace(year=start.year + is_december, month=1 if is_december else start.month + 1)
        return start + _STEPS[self.precision]

    def iso(self) -> str:
        """Return it as FHIR writes it, to the same precision; a time always has a zone there, to the second."""
        if not self.has_time:
            return self.day.isoformat()[: (4, 7, 10)[self.precision - 1]]
        return self.start.isoformat(timespec="milliseconds" if self.precision is Precision.FRACTION else "seconds")


_STEPS: Final = {
    Precision.DAY: timedelta(days=1),
    Precision.HOUR: timedelta(hours=1),
    Precision.MINUTE: timedelta(minutes=1),
    Precision.SECOND: timedelta(seconds=1),
    Precision.FRACTION: timedelta(microseconds=1),
}


def read_moment(text: str, zone: tzinfo) -> Moment:
    """Read a DTM, TS, DT; ``zone`` is that of the source, for times that do not say theirs. DataTypeError otherwise."""
    match = _DTM.fullmatch(text.strip())
    if match is None:
        msg = f"expected YYYY[MM[DD[HH[MM[SS[.SSSS]]]]]][+ZZZZ], {_shape(text)} came"
        raise DataTypeError(msg)
    *digits, fraction, sign, hours, minutes = match.groups()
    said = [int(part) for part in digits if part]
    try:
        start = datetime(*[*said, 1, 1][: max(3, len(said))], tzinfo=_zone(sign, hours, minutes) or zone)
        start += timedelta(microseconds=int((fraction or "0").ljust(6, "0")[:6]))
        moment = Moment(start, Precision(len(said) + bool(fraction)), sign is not None)
        _ = moment.end
    except (ValueError, OverflowError):
        msg = f"expected a date and time that exist, {_shape(text)} came"
        raise DataTypeError(msg) from None
    return moment


def write_moment(at: datetime, precision: Precision = Precision.SECOND) -> str:
    """Return an instant, or the day of one, as a DTM; times carry their zone."""
    digits = at.strftime("%Y%m%d%H%M%S").zfill(14)[: 2 + 2 * min(precision, Precision.SECOND)]
    fraction = f".{at.microsecond // 100:04}" if precision is Precision.FRACTION else ""
    return digits if precision <= Precision.DAY else digits + fraction + at.strftime("%z")


def _zone(sign: str | None, hours: str, minutes: str) -> tzinfo | None:
    if sign is None:
        return None
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(-offset if sign == "-" else offset) if offset else UTC


def _shape(text: str) -> str:
    """Return a text with its digits hidden: a date may be somebody's birthday."""
    return repr(re.sub(r"\w", "9", text[:40]))
