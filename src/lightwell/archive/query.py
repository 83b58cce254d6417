"""What a search asks for, by the keywords of the standard; QIDO-RS, C-FIND and the pages all speak through it.

Matching is as PS3.4 C.2.2.2 says: single value, UID list, range, wildcard, universal. Names are found by the words that
they begin with, in hanzi, pinyin or initials; a wildcard elsewhere is matched against the whole name.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from psycopg import sql

from lightwell.archive.keys import (
    ACCESSION_NUMBER,
    PATIENT_ID,
    PATIENT_NAME,
    PROCEDURE_ID,
    REQUEST_KEYS,
    STEP_ID,
    normalise,
    prefix_range,
)
from lightwell.archive.store import find
from lightwell.archive.store.find import KeyRange
from lightwell.core.errors import InvalidRequest
from lightwell.standards.dicom.errors import DicomError
from lightwell.standards.dicom.matching import has_wildcard, parse_date_range, parse_time_range, parse_uid_list

_LONGEST: Final = 1024
_LARGEST: Final = 2**31
LAST_DATE: Final = "~"
"""Later than every date, as texts are compared."""
_LIKE: Final = str.maketrans({"%": r"\%", "_": r"\_", "\\": r"\\", "*": "%", "?": "_"})
_LEVELS: Final = ("study", "series", "image")
_ALL_KEYS: Final = (PATIENT_ID, ACCESSION_NUMBER, PATIENT_NAME)


@dataclass(slots=True)
class Query:
    """Which studies, series or instances; everything that is given must hold."""

    level: int = find.STUDY
    limit: int = 100
    offset: int = 0
    is_fuzzy: bool = False
    organisation_ids: Sequence[int] | None = None
    conditions: list[sql.Composable] = field(default_factory=list[sql.Composable])
    key_ranges: list[KeyRange] = field(default_factory=list[KeyRange])
    values: dict[str, Any] = field(default_factory=dict[str, Any])
    since: str = ""
    until: str = LAST_DATE
    """From which date on studies are looked at, and to which."""
    is_oldest_first: bool = False

    @property
    def is_dated(self) -> bool:
        """Whether studies are asked for by their date."""
        return (self.since, self.until) != ("", LAST_DATE)

    def match(self, keyword: str, text: str) -> None:
        """Ask for an attribute; an empty text asks for nothing (universal matching).

        Raises:
            InvalidRequest: the value cannot be one of this attribute's.
        """
        if len(text) > _LONGEST or "\0" in text:
            message = f"{keyword}: expected a value of at most {_LONGEST} characters without zeros"
            raise InvalidRequest(message)
        if text.strip("*") == "":
            return
        try:
            _KINDS[keyword](self, keyword, text.strip())
        except DicomError as error:
            message = f"{keyword}: {error}"
            raise InvalidRequest(message) from error

    def search(self, text: str) -> None:
        """Ask for name, patient ID or accession number that begin with the text."""
        stem = normalise(text.rstrip("*"))
        if stem:
            self._key_range(_ALL_KEYS, stem)

    # -- the kinds of matching -------------------------------------------------------------------------------------

    def uids(self, keyword: str, text: str) -> None:
        """Match a list of UIDs (PS3.4 C.2.2.2.2)."""
        self._add(find.ANY_OF, keyword, list(parse_uid_list(text)))

    def dates(self, keyword: str, text: str) -> None:
        """Match a date or a range of dates (PS3.4 C.2.2.2.5)."""
        start, end = _in_order(keyword, *parse_date_range(text))
        self._add(find.FROM, keyword, start)
        self._add(find.TO, keyword, end)

    def study_dates(self, keyword: str, text: str) -> None:
        """Match studies by a date or a range of dates, which narrows the search from the start."""
        start, end = _in_order(keyword, *parse_date_range(text))
        self.since, self.until = max(self.since, start), min(self.until, end)

    def times(self, keyword: str, text: str) -> None:
        """Match a time or a range of times; 0830 is the whole minute (PS3.4 C.2.2.2.5)."""
        start, end = parse_time_range(text)
        start, end = _in_order(keyword, start.removesuffix(".000000"), end)
        self._add(find.FROM, keyword, start)
        self._add(find.TO, keyword, end)

    def texts(self, keyword: str, text: str) -> None:
        """Match a text, with wildcards if there are any (PS3.4 C.2.2.2.4)."""
        self._add(find.LIKE, keyword, text.translate(_LIKE))

    def codes(self, keyword: str, text: str) -> None:
        """Match one of several codes, or a pattern."""
        if has_wildcard(text):
            self.texts(keyword, text)
        else:
            self._add(find.ANY_OF, keyword, [code.strip().upper() for code in text.replace("\\", ",").split(",")])

    def modalities(self, keyword: str, text: str) -> None:
        """Match studies that have a series of one of the modalities, which may have wildcards (PS3.4 C.2.2.2.4)."""
        wanted = [code.strip().upper() for code in text.replace("\\", ",").split(",")]
        if has_wildcard(text):
            self._add(find.ANY_LIKE, keyword, [code.translate(_LIKE) for code in wanted])
        else:
            self._add(find.OVERLAPS, keyword, wanted)

    def numbers(self, keyword: str, text: str) -> None:
        """Match a whole number."""
        number = int(text) if text.lstrip("-").isascii() and text.lstrip("-").isdigit() else _LARGEST
        if not -_LARGEST <= number < _LARGEST:
            message = f"{keyword}: expected a whole number, {text[:32]!r} came"
            raise InvalidRequest(message)
        self._add(find.EQUAL, keyword, number)

    def keys(self, keyword: str, text: str) -> None:
        """Match an identifier by its key; a wildcard after the first characters still uses them."""
        stem = normalise(_before_wildcard(text))
        if not has_wildcard(text):
            self._key((_KEY_OF[keyword],), stem)
            return
        if stem:
            self._key_range((_KEY_OF[keyword],), stem)
        if text.rstrip("*") != _before_wildcard(text):
            self.texts(keyword, text)

    def names(self, keyword: str, text: str) -> None:
        """Match a name by each of the groups given: letters, hanzi, reading (PS3.4 C.2.2.2.1, PS3.5 6.2.1)."""
        for group in _groups(text):
            self._name(keyword, group)

    def _name(self, keyword: str, plain: str) -> None:
        """Match a name from any of its words on; fuzzy: every word of the query begins some word of the name."""
        if self.is_fuzzy:
            for word in plain.replace("*", " ").replace("?", " ").split():
                self._key_range((PATIENT_NAME,), word)
        elif not has_wildcard(plain):
            self._key((PATIENT_NAME,), plain)
        elif has_wildcard(plain.rstrip("*")):
            self._add(find.LIKE, keyword, f"%={plain.translate(_LIKE)}=%")
        else:
            self._key_range((PATIENT_NAME,), plain.rstrip("*").rstrip())

    def other_names(self, keyword: str, text: str) -> None:
        """Match a name that has no keys."""
        for group in _groups(text):
            self._add(find.LIKE, keyword, f"%={group.translate(_LIKE)}=%")

    def requests(self, keyword: str, text: str) -> None:
        """Match one item of a sequence: all that is asked of it must hold of the same item (PS3.4 C.2.2.2.6)."""
        kind = _KEY_OF[keyword]
        self._require_level(keyword)
        if STEP_ID not in self.values:
            self.values |= {STEP_ID: "%", PROCEDURE_ID: "%"}
            step_id, procedure_id = sql.Placeholder(STEP_ID), sql.Placeholder(PROCEDURE_ID)
            self.conditions.append(find.REQUEST.format(step_id=step_id, procedure_id=procedure_id))
        self.values[kind] = text.translate(_LIKE)
        stem = normalise(_before_wildcard(text))
        if not has_wildcard(text):
            self._key((kind,), stem)
        elif stem:
            self._key_range((kind,), stem)

    # -- conditions ------------------------------------------------------------------------------------------------

    def _bind(self, value: object) -> sql.Placeholder:
        name = f"value_{len(self.values)}"
        self.values[name] = value
        return sql.Placeholder(name)

    def _add(self, template: sql.SQL, keyword: str, value: object) -> None:
        self._require_level(keyword)
        self.conditions.append(template.format(column=find.COLUMNS[keyword][1], value=self._bind(value)))

    def _require_level(self, keyword: str) -> None:
        if find.COLUMNS[keyword][0] > self.level:
            message = f"{keyword} is no attribute of what is searched for; search one level further down"
            raise InvalidRequest(message)

    def _key(self, kinds: Sequence[str], key: str) -> None:
        self.conditions.append(find.KEY.format(kinds=self._bind(list(kinds)), value=self._bind(key)))

    def _key_range(self, kinds: Sequence[str], stem: str) -> None:
        start, end = (self._bind(text) for text in prefix_range(stem))
        self.key_ranges.append(KeyRange(self._bind(list(kinds)), start, end))


def _in_order(keyword: str, start: str, end: str) -> tuple[str, str]:
    if start and end and start > end:
        message = f"{keyword}: the range ends before it begins"
        raise InvalidRequest(message)
    return start or "0", end or LAST_DATE


def _groups(name: str) -> list[str]:
    """Return the groups of a name that ask for anything; a lone ``*`` asks for nothing."""
    return [group for group in map(normalise, name.split("=")) if group.strip("* ")]


def _before_wildcard(text: str) -> str:
    return text.partition("*")[0].partition("?")[0]


_REQUESTED: Final = {f"RequestAttributesSequence.{name}": kind for name, kind in REQUEST_KEYS.items()}
_KEY_OF: Final = {"PatientID": PATIENT_ID, "AccessionNumber": ACCESSION_NUMBER, **_REQUESTED}
_KINDS: Final[Mapping[str, Callable[[Query, str, str], None]]] = {
    **dict.fromkeys(("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "SOPClassUID"), Query.uids),
    **dict.fromkeys(("PatientBirthDate", "SeriesDate", "PerformedProcedureStepStartDate"), Query.dates),
    "StudyDate": Query.study_dates,
    **dict.fromkeys(("StudyTime", "SeriesTime", "PerformedProcedureStepStartTime"), Query.times),
    **dict.fromkeys(("PatientSex", "Modality", "BodyPartExamined"), Query.codes),
    **dict.fromkeys(("SeriesNumber", "InstanceNumber"), Query.numbers),
    **dict.fromkeys(("PatientID", "AccessionNumber"), Query.keys),
    **dict.fromkeys(
        (
            *("IssuerOfPatientID", "StudyDescription", "StudyID", "InstitutionName", "SeriesDescription"),
            *("ProtocolName", "StationName", "Manufacturer"),
        ),
        Query.texts,
    ),
    "PatientName": Query.names,
    "ReferringPhysicianName": Query.other_names,
    "ModalitiesInStudy": Query.modalities,
    **dict.fromkeys(_REQUESTED, Query.requests),
}
MATCHED: Final = frozenset(_KINDS)
"""The attributes that a search can ask for."""


def search_keys() -> list[tuple[str, str]]:
    """Return what can be searched for, by the keyword of the standard, with the level that it belongs to."""
    return [(keyword, _LEVELS[level]) for keyword, (level, _) in find.COLUMNS.items()]
