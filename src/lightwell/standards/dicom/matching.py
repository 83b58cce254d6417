r"""What a query asks for, read from its keys (PS3.4 C.2.2.2).

    20260101-20260131     range: from … to, either end may be open
    Wang*  W?ng           wildcard: any characters, one character
    1.2.3\1.2.4           list of UIDs
    (nothing)             universal: everything

Pure: the archive turns these into SQL, a test into a comparison. Dates and times stay texts, in the form that sorts.
"""

import re
from collections.abc import Callable
from datetime import date, time
from typing import Final, NamedTuple, NoReturn

from lightwell.standards.dicom.errors import DicomError
from lightwell.standards.dicom.uids import is_valid_uid

_DATE: Final = re.compile(r"(\d{4})[.-]?(\d{2})[.-]?(\d{2})")
_OLD_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_TIME: Final = re.compile(r"(\d{2})(?::?(\d{2})(?::?(\d{2})(?:\.(\d{1,6}))?)?)?")
_LAST_CODE_POINT: Final = "\U0010ffff"


class MatchingError(DicomError):
    """A key of a query cannot be understood."""


class DateRange(NamedTuple):
    """From and to as YYYYMMDD, both included; empty is open."""

    start: str
    end: str


class TimeRange(NamedTuple):
    """From and to as HHMMSS.FFFFFF, both included; empty is open."""

    start: str
    end: str


class PrefixRange(NamedTuple):
    """All texts from ``start`` on and before ``end``: what a B-tree index can look up."""

    start: str
    end: str


def parse_date_range(text: str) -> DateRange:
    """Read a date, or a range of dates (PS3.4 C.2.2.2.5)."""
    start, end = _ends(text.strip())
    return DateRange(_date(start), _date(end))


def parse_time_range(text: str) -> TimeRange:
    """Read a time, or a range of times; 10 means 10:00:00 to 10:59:59.999999 (PS3.4 C.2.2.2.5)."""
    start, end = _ends(text.strip())
    return TimeRange(_time(start, "000000000000"), _time(end, "235959999999"))


def _ends(text: str) -> tuple[str, str]:
    if "-" not in text or _OLD_DATE.fullmatch(text):
        return text, text
    dashes = [place for place, character in enumerate(text) if character == "-"]
    middle = dashes[len(dashes) // 2]  # of 2026-01-01-2026-01-31, the third of five
    return text[:middle].strip(), text[middle + 1 :].strip()


def _date(text: str) -> str:
    match = _DATE.fullmatch(text)
    try:
        return date(int(match[1]), int(match[2]), int(match[3])).strftime("%Y%m%d") if match else _empty(text)
    except ValueError:
        _refuse(text)


def _time(text: str, rest: str) -> str:
    """Complete a time with the rest: zeros at the start of a range, the last moment at its end."""
    match = _TIME.fullmatch(text)
    if match is None:
        return _empty(text)
    said = "".join(group or "" for group in match.groups())
    digits = said + rest[len(said) :]
    try:
        moment = time(int(digits[:2]), int(digits[2:4]), min(int(digits[4:6]), 59), int(digits[6:]))
    except ValueError:
        _refuse(text)
    return moment.strftime("%H%M%S.%f")


def _empty(text: str) -> str:
    return _refuse(text) if text else ""


def _refuse(came: str) -> NoReturn:
    msg = f"expected a date YYYYMMDD, a time HHMMSS, or a range with -, {came!r} came"
    raise MatchingError(msg)


def has_wildcard(text: str) -> bool:
    """Whether a key is a pattern (PS3.4 C.2.2.2.4)."""
    return "*" in text or "?" in text


def prefix_range(pattern: str) -> PrefixRange | None:
    """Return the range of texts for ``Wang*``; None for patterns that are more than a prefix."""
    prefix = pattern.removesuffix("*")
    if prefix == pattern or not prefix or has_wildcard(prefix):
        return None
    return PrefixRange(prefix, prefix + _LAST_CODE_POINT)


def wildcard(pattern: str, *, is_case_sensitive: bool = True) -> Callable[[str], bool]:
    """Return the test whether a text matches a pattern (PS3.4 C.2.2.2.4)."""
    if is_case_sensitive:
        return lambda text: _matches(pattern, text)
    folded = pattern.casefold()
    return lambda text: _matches(folded, text.casefold())


def _matches(pattern: str, text: str) -> bool:
    """Walk both once, going back only to the last star, so that a hostile pattern costs no more than a long one."""
    at = place = 0
    star, resumed = -1, 0
    while at < len(text):
        wanted = pattern[place] if place < len(pattern) else ""
        if wanted == "*":
            star, resumed = place, at
            place += 1
        elif wanted in {"?", text[at]}:
            at, place = at + 1, place + 1
        elif star < 0:
            return False
        else:
            resumed += 1
            at, place = resumed, star + 1
    return not pattern[place:].strip("*")


def parse_uid_list(text: str) -> tuple[str, ...]:
    r"""Read UIDs separated by ``\`` (DIMSE) or ``,`` (DICOMweb); none is universal matching (PS3.4 C.2.2.2.2)."""
    uids = tuple(uid.strip() for uid in re.split(r"[\\,]", text) if uid.strip())
    for uid in uids:
        if not is_valid_uid(uid):
            msg = f"expected UIDs, {uid!r} came"
            raise MatchingError(msg)
    return uids
