"""What every object that is made here says of patient, study, series and maker (PS3.3 C.7.1 to C.7.5, C.12.1)."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from pydicom.dataset import Dataset
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_dataset

from lightwell import __version__
from lightwell.archive.model import StudyRow

MANUFACTURER: Final = "Lightwell"
PRIVATE: Final = "99LIGHTWELL"
"""The designator of codes that are ours alone (PS3.16 8.2)."""
_SERIES: Final = uuid.UUID("b0f9f0a6-3b1d-4c58-9f3d-8f0d6b4c7a52")
_LONGEST_NAME: Final = 63  # and the end of the family name
_PATIENT_AND_STUDY: Final[Mapping[str, str]] = {
    "PatientName": "patient_name",
    "PatientID": "patient_id",
    "IssuerOfPatientID": "issuer_of_patient_id",
    "PatientBirthDate": "patient_birth_date",
    "PatientSex": "patient_sex",
    "StudyInstanceUID": "study_instance_uid",
    "StudyDate": "study_date",
    "StudyTime": "study_time",
    "StudyID": "study_id",
    "AccessionNumber": "accession_number",
    "ReferringPhysicianName": "referring_physician_name",
    "StudyDescription": "study_description",
}


@dataclass(frozen=True, slots=True)
class Maker:
    """Who makes an object, and the series of a study that holds what they make of its kind."""

    name: str
    series_instance_uid: str


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of object that is made here: its SOP class, and what its series says."""

    sop_class_uid: str
    modality: str
    series_number: int
    series_description: str


@dataclass(frozen=True, slots=True)
class Code:
    """A concept and what it means (PS3.3 8.8)."""

    value: str
    scheme: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Pointed:
    """An object that a document points at, and its series."""

    series_instance_uid: str
    sop_class_uid: str
    sop_instance_uid: str


def maker(name: str, account_id: int | None, organisation_id: int, study_uid: str, kind: str = "") -> Maker:
    """Return who makes something; a person has one series of each kind in each study."""
    words = [str(organisation_id), study_uid, str(account_id), name, *([kind] if kind else [])]
    return Maker(name, f"2.25.{uuid.uuid5(_SERIES, '/'.join(words)).int}")


def begin(study: StudyRow, by: Maker, kind: Kind, number: int) -> Any:
    """Return a new object of a study, with everything in it that is the same in each kind."""
    data_set = Dataset()
    data_set.SpecificCharacterSet = "ISO_IR 192"
    data_set.SOPClassUID, data_set.SOPInstanceUID = kind.sop_class_uid, new_uid()
    for keyword, name in _PATIENT_AND_STUDY.items():
        setattr(data_set, keyword, getattr(study, name))
    data_set.Modality, data_set.SeriesInstanceUID = kind.modality, by.series_instance_uid
    data_set.SeriesNumber, data_set.InstanceNumber = kind.series_number, number
    data_set.SeriesDescription = kind.series_description
    data_set.Manufacturer, data_set.ManufacturerModelName = MANUFACTURER, MANUFACTURER
    data_set.SoftwareVersions, data_set.DeviceSerialNumber = __version__, "0"
    data_set.TimezoneOffsetFromUTC = "+0000"
    return data_set


def begin_report(study: StudyRow, by: Maker, kind: Kind, number: int, at: datetime) -> Any:
    """Return a new structured report, without its content (PS3.3 C.17.1, C.17.2)."""
    data_set = begin(study, by, kind, number)
    data_set.ReferencedPerformedProcedureStepSequence = []
    data_set.ContentDate, data_set.ContentTime = f"{at:%Y%m%d}", f"{at:%H%M%S.%f}"
    data_set.ValueType, data_set.ContinuityOfContent = "CONTAINER", "SEPARATE"
    return data_set


def new_uid() -> str:
    """Return a UID that nobody has (PS3.5 B.2)."""
    return f"2.25.{uuid.uuid4().int}"


def evidence(study_uid: str, pointed: Iterable[Pointed]) -> Any:
    """List what is pointed at by study and series (PS3.3 C.17.2.3)."""
    by_series: dict[str, dict[str, Any]] = {}
    for one in pointed:
        by_series.setdefault(one.series_instance_uid, {})[one.sop_instance_uid] = instance(one)
    listed = Dataset()
    listed.StudyInstanceUID = study_uid
    listed.ReferencedSeriesSequence = [_series(uid, found.values()) for uid, found in by_series.items()]
    return listed


def _series(uid: str, instances: Iterable[Any]) -> Any:
    series = Dataset()
    series.SeriesInstanceUID = uid
    series.ReferencedSOPSequence = list(instances)
    return series


def instance(pointed: Pointed, frames: Iterable[int] = ()) -> Any:
    """Point at an object, or at some of its frames (PS3.3 10.8)."""
    item = Dataset()
    item.ReferencedSOPClassUID, item.ReferencedSOPInstanceUID = pointed.sop_class_uid, pointed.sop_instance_uid
    if numbers := list(frames):
        item.ReferencedFrameNumber = numbers
    return item


def template(identifier: str) -> Any:
    """Say which template of PS3.16 a container follows."""
    item = Dataset()
    item.MappingResource, item.TemplateIdentifier = "DCMR", identifier
    return item


def observer(by: Maker) -> list[Any]:
    """Say that a person made it, and who (PS3.16 TID 1002)."""
    kind = item("HAS OBS CONTEXT", "CODE", Code("121005", "DCM", "Observer Type"))
    kind.ConceptCodeSequence = [code(Code("121006", "DCM", "Person"))]
    name = item("HAS OBS CONTEXT", "PNAME", Code("121008", "DCM", "Person Observer Name"))
    name.PersonName = person_name(by.name)
    return [kind, name]


def person_name(text: str) -> str:
    """Write the name of an account as a PN: nobody says which part is what, so all of it is the family (PS3.5 6.2)."""
    plain = "".join(sign if sign.isprintable() and sign not in "\\^=" else " " for sign in text)
    return plain[:_LONGEST_NAME].strip() + "^"


def item(relationship: str, kind: str, concept: Code | None = None, children: Iterable[Any] = ()) -> Any:
    """Return an item of the content of a report (PS3.3 C.17.3)."""
    made = Dataset()
    made.RelationshipType, made.ValueType = relationship, kind
    if concept is not None:
        made.ConceptNameCodeSequence = [code(concept)]
    if below := list(children):
        made.ContentSequence = below
    return made


def code(concept: Code) -> Any:
    """Name a concept in a sequence."""
    named = Dataset()
    named.CodeValue, named.CodingSchemeDesignator, named.CodeMeaning = concept.value, concept.scheme, concept.meaning
    return named


def written(data_set: Any) -> bytes:
    """Return the bytes of a data set in Explicit VR Little Endian."""
    buffer = DicomBytesIO()
    buffer.is_little_endian, buffer.is_implicit_VR = True, False
    write_dataset(buffer, data_set)
    return buffer.getvalue()
