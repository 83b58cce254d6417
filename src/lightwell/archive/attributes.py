"""From a scanned header to what the index knows of a study, a series and an instance."""

import re
import uuid
from dataclasses import dataclass
from typing import Final

from lightwell.archive.coercion import coerce
from lightwell.archive.model import InstanceAttributes, SeriesAttributes, Source, StudyAttributes
from lightwell.standards.dicom.charset import decode_text
from lightwell.standards.dicom.scanner import INDEX_TAGS, FrameTable, Header, frame_table

_SHAPE: Final = ("Rows", "Columns", "SamplesPerPixel", "BitsAllocated")
_TAGS: Final = {keyword: tag for tag, keyword in INDEX_TAGS.items()}
_MOST_CHARACTERS: Final = 512
_USABLE_UID: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,63}")
_DERIVED: Final = uuid.UUID("6f1b3c1e-5d8a-4c0e-9b6e-2f3a1d7c4e90")


@dataclass(frozen=True, slots=True)
class Attributes:
    """What the index takes of an image; ``pixels`` says what is wrong with its pixel data, if anything."""

    study: StudyAttributes
    series: SeriesAttributes
    instance: InstanceAttributes
    pixels: str


class _Reader:
    """Reads decoded values out of a header, as the peer's coercion has them."""

    def __init__(self, header: Header, source: Source) -> None:
        self._values = header.values
        self._rules = source.coercion
        self.is_repaired = False
        self._charset = coerce(self._rules, "SpecificCharacterSet", self.plain("SpecificCharacterSet"))

    def plain(self, keyword: str) -> str:
        """Return a value of the default repertoire (UI, DA, TM, CS, IS)."""
        raw = bytes(self._values.get(_TAGS[keyword], b""))
        return raw.decode("ascii", "replace").replace("\0", "").strip()[:_MOST_CHARACTERS]

    def text(self, keyword: str, vr: str = "LO") -> str:
        """Return a value in the data set's character set."""
        raw = bytes(self._values.get(_TAGS[keyword], b""))
        decoded = decode_text(raw, self._charset, vr)
        self.is_repaired |= decoded.is_repaired
        value = decoded.text.replace("\0", "").strip()[:_MOST_CHARACTERS]
        return coerce(self._rules, keyword, value)

    def number(self, keyword: str) -> int | None:
        """Return an integer string, or None when it is not one."""
        text = self.plain(keyword).split("\\")[0].strip()
        digits = text.removeprefix("-").removeprefix("+")
        return int(text) if digits.isascii() and digits.isdigit() and len(digits) <= 9 else None  # noqa: PLR2004 -- int4


def describe(header: Header, source: Source, announced_class: str, announced_instance: str) -> Attributes:
    """Return what the index takes of an image; what its data set leaves empty is as it was announced."""
    read = _Reader(header, source)
    study = _study(read)
    frames, pixels = _frames(header, read)
    instance = InstanceAttributes(
        sop_instance_uid=read.plain("SOPInstanceUID") or announced_instance,
        sop_class_uid=read.plain("SOPClassUID") or announced_class,
        transfer_syntax_uid=header.transfer_syntax_uid,
        instance_number=read.number("InstanceNumber"),
        number_of_frames=max(1, read.number("NumberOfFrames") or 1),
        data_set_offset=header.data_set_offset,
        frame_table=None if frames is None else frames.to_bytes(),
    )
    return Attributes(study, _series(read), instance, pixels)


def _study(read: _Reader) -> StudyAttributes:
    values = {
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
        study_instance_uid=_study_uid(read),
        patient_birth_date=read.plain("PatientBirthDate"),
        patient_sex=read.plain("PatientSex"),
        study_date=read.plain("StudyDate"),
        study_time=read.plain("StudyTime"),
        is_charset_repaired=read.is_repaired,
        **values,
    )


def _study_uid(read: _Reader) -> str:
    parts = ("PatientID", "StudyDate", "AccessionNumber", "StudyID")
    return _uid_or_derived(read.plain("StudyInstanceUID"), *(read.plain(keyword) for keyword in parts))


def _series_uid(read: _Reader) -> str:
    parts = ("Modality", "SeriesNumber", "SeriesDate", "Manufacturer")
    return _uid_or_derived(
        read.plain("SeriesInstanceUID"), _study_uid(read), *(read.plain(keyword) for keyword in parts)
    )


def _series(read: _Reader) -> SeriesAttributes:
    return SeriesAttributes(
        series_instance_uid=_series_uid(read),
        modality=read.plain("Modality"),
        series_number=read.number("SeriesNumber"),
        series_description=read.text("SeriesDescription"),
        series_date=read.plain("SeriesDate"),
        series_time=read.plain("SeriesTime"),
        body_part_examined=read.plain("BodyPartExamined"),
        protocol_name=read.text("ProtocolName"),
        station_name=read.text("StationName", "SH"),
        manufacturer=read.text("Manufacturer"),
    )


def _frames(header: Header, read: _Reader) -> tuple[FrameTable | None, str]:
    """Return where the frames lie; a fault when the pixel data are shorter than rows, columns and frames say."""
    pixels = header.pixel_data
    if pixels is None or header.is_deflated:
        return None, ""
    rows, columns, samples, bits = (header.short(_TAGS[keyword]) or 0 for keyword in _SHAPE)
    count = max(1, read.number("NumberOfFrames") or 1)
    table = frame_table(header, count, rows, columns, samples or 1, bits)
    needed = (count * rows * columns * (samples or 1) * bits + 7) // 8
    if table is None and not pixels.is_encapsulated and pixels.length < needed:
        return None, f"the pixel data are cut short: {needed} bytes were expected, {pixels.length} came"
    return table, ""


def fault_of(attributes: Attributes) -> str:
    """Return why an image cannot be filed, or an empty text."""
    if not is_usable_uid(attributes.instance.sop_instance_uid):
        return "the SOP Instance UID is missing or not a UID (PS3.5 9.1)"
    return attributes.pixels


def is_usable_uid(uid: str) -> bool:
    """Tell whether a UID can be kept as a key: as the standard has it, or what anonymisers make of one."""
    return _USABLE_UID.fullmatch(uid) is not None


def _uid_or_derived(uid: str, *parts: str) -> str:
    """Return a usable UID; a missing one is made from the parts, so that images stay together."""
    if is_usable_uid(uid):
        return uid
    return f"2.25.{uuid.uuid5(_DERIVED, chr(0).join((uid, *parts))).int}"
