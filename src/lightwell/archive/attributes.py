"""From a scanned header to what the index knows of a study, a series and an instance.

All images of a series say the same of their study and series, so what was decoded once is remembered by the raw bytes
that it was decoded from.
"""

import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, TypeAlias

import msgspec

from lightwell.archive import requests
from lightwell.archive.coercion import coerce
from lightwell.archive.faults import NONE, Fault
from lightwell.archive.header import syntax_of
from lightwell.archive.model import InstanceAttributes, SeriesAttributes, Source, StudyAttributes
from lightwell.standards.dicom.charset import decode_text
from lightwell.standards.dicom.scanner import INDEX_TAGS, FrameTable, Header, frame_table
from lightwell.standards.dicom.uids import TRANSFER_SYNTAXES

_TAG_OF: Final = {keyword: tag for tag, keyword in INDEX_TAGS.items()}
_PIXEL_DATA: Final = 0x7FE00010
_MOST_CHARACTERS: Final = 512
_PIXELS_ELSEWHERE: Final = {uid for uid, syntax in TRANSFER_SYNTAXES.items() if "Referenced" in syntax.name}
_MOST_DIGITS: Final = 9  # of an int4
_REMEMBERED: Final = 512
_USABLE_UID: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,63}")
_DERIVED: Final = uuid.UUID("6f1b3c1e-5d8a-4c0e-9b6e-2f3a1d7c4e90")


def _tags(*keywords: str) -> tuple[int, ...]:
    return tuple(_TAG_OF[keyword] for keyword in keywords)


_STUDY: Final = _tags(
    "SpecificCharacterSet", "StudyInstanceUID", "PatientID", "IssuerOfPatientID", "PatientName", "PatientBirthDate",
    "PatientSex", "StudyDate", "StudyTime", "StudyDescription", "StudyID", "AccessionNumber",
    "ReferringPhysicianName", "InstitutionName",
)  # fmt: skip
_SERIES: Final = _tags(
    "SeriesInstanceUID", "Modality", "SeriesNumber", "SeriesDescription", "SeriesDate", "SeriesTime",
    "BodyPartExamined", "ProtocolName", "StationName", "Manufacturer", "PerformedProcedureStepStartDate",
    "PerformedProcedureStepStartTime",
)  # fmt: skip
_INSTANCE: Final = _tags("SOPInstanceUID", "SOPClassUID", "InstanceNumber", "NumberOfFrames")
_SHAPE: Final = _tags("Rows", "Columns", "SamplesPerPixel", "BitsAllocated")
WANTED_TAGS: Final = frozenset((*_STUDY, *_SERIES, *_INSTANCE, *_SHAPE, requests.SEQUENCE))
"""What must be scanned for :func:`describe`."""

_Raw: TypeAlias = tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Attributes:
    """What the index takes of an image; ``pixels`` says what is wrong with its pixel data, if anything."""

    study: StudyAttributes
    series: SeriesAttributes
    instance: InstanceAttributes
    pixels: Fault


class _Reader:
    """Reads decoded values out of raw ones, as the peer's coercion has them."""

    def __init__(self, values: Mapping[int, bytes], rules: Mapping[str, Any]) -> None:
        self._values = values
        self._rules = rules
        self.is_repaired = False
        self._charset = coerce(rules, "SpecificCharacterSet", self.plain("SpecificCharacterSet"))

    def plain(self, keyword: str) -> str:
        """Return a value of the default repertoire (UI, DA, TM, CS, IS)."""
        return _plain(self._values.get(_TAG_OF[keyword], b""))

    def text(self, keyword: str, vr: str = "LO") -> str:
        """Return a value in the data set's character set."""
        return coerce(self._rules, keyword, self.decode(self._values.get(_TAG_OF[keyword], b""), vr))

    def decode(self, raw: bytes, vr: str = "SH") -> str:
        """Return what bytes say in the data set's character set."""
        decoded = decode_text(raw, self._charset, vr)
        self.is_repaired |= decoded.is_repaired
        return _tidy(decoded.text)


def _plain(raw: bytes) -> str:
    return _tidy(raw.decode("ascii", "replace"))


def _tidy(text: str) -> str:
    return text.replace("\0", "").strip()[:_MOST_CHARACTERS]


def _number(raw: bytes) -> int | None:
    """Return the first value of an integer string, or None when it is not one."""
    text = _plain(raw).split("\\")[0].strip()
    digits = text.removeprefix("-").removeprefix("+")
    return int(text) if digits.isascii() and digits.isdigit() and len(digits) <= _MOST_DIGITS else None


def describe(header: Header, source: Source, announced_class: str, announced_instance: str) -> Attributes:
    """Return what the index takes of an image; what its data set leaves empty is as it was announced."""
    values = header.values
    rules = msgspec.json.encode(source.coercion) if source.coercion else b"{}"
    study_raw = _take(values, _STUDY)
    uid, sop_class, number, count = _take(values, _INSTANCE)
    frames = max(1, _number(count) or 1)
    table, pixels = _frames(header, frames)
    instance = InstanceAttributes(
        sop_instance_uid=_plain(uid) or announced_instance,
        sop_class_uid=_plain(sop_class) or announced_class,
        transfer_syntax_uid=header.transfer_syntax_uid,
        instance_number=_number(number),
        number_of_frames=frames,
        data_set_offset=header.data_set_offset,
        frame_table=None if table is None else table.to_bytes(),
        rows=header.short(_SHAPE[0]),
        columns=header.short(_SHAPE[1]),
        bits_allocated=header.short(_SHAPE[3]),
    )
    series = _series(study_raw, _take(values, _SERIES), _requests(header, study_raw, rules), rules)
    return Attributes(_study(study_raw, rules), series, instance, pixels)


def _requests(header: Header, study_raw: _Raw, rules: bytes) -> tuple[str, str]:
    """Return the steps and the procedures that were requested, in the data set's character set."""
    raw = header.values.get(requests.SEQUENCE, b"")
    if not raw:
        return "", ""
    charset = _Reader({_STUDY[0]: study_raw[0]}, msgspec.json.decode(rules))
    return requests.read(raw, syntax_of(header.transfer_syntax_uid), charset.decode)


def _take(values: Mapping[int, bytes], tags: Iterable[int]) -> _Raw:
    return tuple(bytes(values.get(tag, b"")) for tag in tags)


@lru_cache(_REMEMBERED)
def _study(raw: _Raw, rules: bytes) -> StudyAttributes:
    read = _Reader(dict(zip(_STUDY, raw, strict=True)), msgspec.json.decode(rules))
    parts = (read.plain("PatientID"), read.plain("StudyDate"), read.plain("AccessionNumber"), read.plain("StudyID"))
    texts = {
        "patient_id": read.text("PatientID"),
        "issuer_of_patient_id": read.text("IssuerOfPatientID"),
        "patient_name": read.text("PatientName", "PN"),
        "study_description": read.text("StudyDescription"),
        "study_id": read.text("StudyID", "SH"),
        "accession_number": read.text("AccessionNumber", "SH"),
        "referring_physician_name": read.text("ReferringPhysicianName", "PN"),
        "institution_name": read.text("InstitutionName"),
    }
    return StudyAttributes(
        study_instance_uid=uid_or_derived(read.plain("StudyInstanceUID"), *parts),
        patient_birth_date=read.plain("PatientBirthDate"),
        patient_sex=read.plain("PatientSex"),
        study_date=read.plain("StudyDate"),
        study_time=read.plain("StudyTime"),
        is_charset_repaired=read.is_repaired,
        **texts,
    )


@lru_cache(_REMEMBERED)
def _series(study_raw: _Raw, raw: _Raw, requested: tuple[str, str], rules: bytes) -> SeriesAttributes:
    charset = {_STUDY[0]: study_raw[0]}
    read = _Reader(charset | dict(zip(_SERIES, raw, strict=True)), msgspec.json.decode(rules))
    number = read.plain("SeriesNumber")
    parts = (_study(study_raw, rules).study_instance_uid, read.plain("Modality"), number, read.plain("SeriesDate"))
    return SeriesAttributes(
        series_instance_uid=uid_or_derived(read.plain("SeriesInstanceUID"), *parts),
        modality=read.plain("Modality"),
        series_number=_number(number.encode()),
        series_description=read.text("SeriesDescription"),
        series_date=read.plain("SeriesDate"),
        series_time=read.plain("SeriesTime"),
        body_part_examined=read.plain("BodyPartExamined"),
        protocol_name=read.text("ProtocolName"),
        station_name=read.text("StationName", "SH"),
        manufacturer=read.text("Manufacturer"),
        performed_procedure_step_start_date=read.plain("PerformedProcedureStepStartDate"),
        performed_procedure_step_start_time=read.plain("PerformedProcedureStepStartTime"),
        scheduled_procedure_step_ids=requested[0],
        requested_procedure_ids=requested[1],
    )


def _frames(header: Header, count: int) -> tuple[FrameTable | None, Fault]:
    """Return where the frames lie; a fault when the pixel data are shorter than rows, columns and frames say."""
    pixels = header.pixel_data
    rows, columns, samples, bits = (header.short(tag) or 0 for tag in _SHAPE)
    if pixels is None:
        is_cut = rows and columns and bits and header.transfer_syntax_uid not in _PIXELS_ELSEWHERE
        return None, Fault("the data set ends before its pixel data", "no_pixels") if is_cut else NONE
    if header.is_deflated:
        return None, NONE
    syntax = TRANSFER_SYNTAXES.get(header.transfer_syntax_uid)
    if syntax is not None and syntax.is_encapsulated is not pixels.is_encapsulated and pixels.tag == _PIXEL_DATA:
        expected = "fragments were" if syntax.is_encapsulated else "no fragments were"
        text = f"the pixel data are not as the transfer syntax says: {expected} expected ({syntax.name})"
        return None, Fault(text, "fragments_expected" if syntax.is_encapsulated else "no_fragments_expected")
    table = frame_table(header, count, rows, columns, samples or 1, bits)
    needed = (count * rows * columns * (samples or 1) * bits + 7) // 8
    if table is None and not pixels.is_encapsulated and pixels.length < needed:
        text = f"the pixel data are cut short: {needed} bytes were expected, {pixels.length} came"
        return None, Fault(text, "pixels_cut_short", {"expected": needed, "came": pixels.length})
    return table, NONE


def fault_of(attributes: Attributes) -> Fault:
    """Return why an image cannot be filed, or an empty text."""
    if not is_usable_uid(attributes.instance.sop_instance_uid):
        return Fault("the SOP Instance UID is missing or not a UID (PS3.5 9.1)", "no_instance_uid")
    return attributes.pixels


def is_usable_uid(uid: str) -> bool:
    """Tell whether a UID can be kept as a key: as the standard has it, or what anonymisers make of one."""
    return _USABLE_UID.fullmatch(uid) is not None


def uid_or_derived(uid: str, *parts: str) -> str:
    """Return a usable UID; a missing one is made from the parts, so that images stay together."""
    if is_usable_uid(uid):
        return uid
    return f"2.25.{uuid.uuid5(_DERIVED, chr(0).join((uid, *parts))).int}"
