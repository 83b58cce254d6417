"""Writes a Key Object Selection Document, as any archive takes it (PS3.3 A.35.4, C.17.6; PS3.16 TID 2010).

A document cannot be changed. Whoever chooses anew makes another in the same series, with the whole choice; whoever
chooses nothing any more makes one that rejects the last (113001, as IHE IOCM has it), since a document that points at
nothing is none.
"""

# ruff: noqa: PLC0415 -- pydicom is large, and a node that only keeps images never needs it

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from lightwell import __version__
from lightwell.archive.keyobject import MANUFACTURER, SOP_CLASS, Reference, Title
from lightwell.archive.model import StudyRow

OF_INTEREST: Final = Title("113000", "DCM", "Of Interest")
REJECTED: Final = Title("113001", "DCM", "Rejected for Quality Reasons")
WITHDRAWN: Final = Title("WITHDRAWN", "99LIGHTWELL", "Selection withdrawn by its maker")
_SERIES: Final = uuid.UUID("b0f9f0a6-3b1d-4c58-9f3d-8f0d6b4c7a52")
_SERIES_NUMBER: Final = 9000
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
    """Who chooses, and the series of a study that holds the choices."""

    name: str
    series_instance_uid: str


def maker(name: str, account_id: int | None, organisation_id: int, study_uid: str) -> Maker:
    """Return who chooses; a person has one series in each study."""
    series = uuid.uuid5(_SERIES, f"{organisation_id}/{study_uid}/{account_id}/{name}")
    return Maker(name, f"2.25.{series.int}")


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a document points at: the series of each reference, and the reference."""

    series_instance_uid: str
    reference: Reference


def write(study: StudyRow, by: Maker, chosen: Sequence[Chosen], number: int, at: datetime) -> tuple[str, bytes]:
    """Return the SOP Instance UID and the data set, in Explicit VR Little Endian, of a choice of images."""
    data_set = _document(study, by, chosen, number, at)
    data_set.ConceptNameCodeSequence = [_code(OF_INTEREST)]
    data_set.ContentSequence = [*_observer(by), *(_pointing("IMAGE", one.reference) for one in chosen)]
    return str(data_set.SOPInstanceUID), _bytes(data_set)


def withdraw(study: StudyRow, by: Maker, last: Chosen, number: int, at: datetime) -> tuple[str, bytes]:
    """Return UID and data set of a document that rejects the last choice, because nothing is chosen any more."""
    data_set = _document(study, by, [last], number, at)
    data_set.ConceptNameCodeSequence = [_code(REJECTED)]
    modifier = _item("HAS CONCEPT MOD", "CODE", Title("113011", "DCM", "Document Title Modifier"))
    modifier.ConceptCodeSequence = [_code(WITHDRAWN)]
    data_set.ContentSequence = [modifier, *_observer(by), _pointing("COMPOSITE", last.reference)]
    return str(data_set.SOPInstanceUID), _bytes(data_set)


def _document(study: StudyRow, by: Maker, chosen: Sequence[Chosen], number: int, at: datetime) -> Any:
    from pydicom.dataset import Dataset

    data_set = Dataset()
    data_set.SpecificCharacterSet = "ISO_IR 192"
    data_set.SOPClassUID, data_set.SOPInstanceUID = SOP_CLASS, f"2.25.{uuid.uuid4().int}"
    for keyword, name in _PATIENT_AND_STUDY.items():
        setattr(data_set, keyword, getattr(study, name))
    data_set.Modality, data_set.SeriesInstanceUID = "KO", by.series_instance_uid
    data_set.SeriesNumber, data_set.InstanceNumber = _SERIES_NUMBER, number
    data_set.SeriesDescription = "Key images"
    data_set.Manufacturer, data_set.ManufacturerModelName = MANUFACTURER, MANUFACTURER
    data_set.SoftwareVersions, data_set.DeviceSerialNumber = __version__, "0"
    data_set.ReferencedPerformedProcedureStepSequence = []
    data_set.TimezoneOffsetFromUTC = "+0000"
    data_set.ContentDate, data_set.ContentTime = f"{at:%Y%m%d}", f"{at:%H%M%S.%f}"
    data_set.CurrentRequestedProcedureEvidenceSequence = [_evidence(study, chosen)]
    data_set.ValueType, data_set.ContinuityOfContent = "CONTAINER", "SEPARATE"
    template = Dataset()
    template.MappingResource, template.TemplateIdentifier = "DCMR", "2010"
    data_set.ContentTemplateSequence = [template]
    return data_set


def _evidence(study: StudyRow, chosen: Iterable[Chosen]) -> Any:
    """List what is pointed at by study and series (PS3.3 C.17.2.3)."""
    from pydicom.dataset import Dataset

    by_series: dict[str, dict[str, Any]] = {}
    for one in chosen:
        instances = by_series.setdefault(one.series_instance_uid, {})
        instances[one.reference.sop_instance_uid] = _instance(one.reference)
    evidence = Dataset()
    evidence.StudyInstanceUID = study.study_instance_uid
    evidence.ReferencedSeriesSequence = [_series(uid, instances.values()) for uid, instances in by_series.items()]
    return evidence


def _series(uid: str, instances: Iterable[Any]) -> Any:
    from pydicom.dataset import Dataset

    series = Dataset()
    series.SeriesInstanceUID = uid
    series.ReferencedSOPSequence = list(instances)
    return series


def _instance(reference: Reference) -> Any:
    from pydicom.dataset import Dataset

    instance = Dataset()
    instance.ReferencedSOPClassUID = reference.sop_class_uid
    instance.ReferencedSOPInstanceUID = reference.sop_instance_uid
    return instance


def _pointing(kind: str, reference: Reference) -> Any:
    item, instance = _item("CONTAINS", kind), _instance(reference)
    if reference.frames:
        instance.ReferencedFrameNumber = list(reference.frames)
    item.ReferencedSOPSequence = [instance]
    return item


def _observer(by: Maker) -> list[Any]:
    """Say that a person chose, and who (PS3.16 TID 1002)."""
    kind = _item("HAS OBS CONTEXT", "CODE", Title("121005", "DCM", "Observer Type"))
    kind.ConceptCodeSequence = [_code(Title("121006", "DCM", "Person"))]
    name = _item("HAS OBS CONTEXT", "PNAME", Title("121008", "DCM", "Person Observer Name"))
    name.PersonName = _person_name(by.name)
    return [kind, name]


def _person_name(text: str) -> str:
    """Write the name of an account as a PN: nobody says which part is what, so all of it is the family (PS3.5 6.2)."""
    plain = "".join(sign if sign.isprintable() and sign not in "\\^=" else " " for sign in text)
    return plain[:_LONGEST_NAME].strip() + "^"


def _item(relationship: str, kind: str, concept: Title | None = None) -> Any:
    from pydicom.dataset import Dataset

    item = Dataset()
    item.RelationshipType, item.ValueType = relationship, kind
    if concept is not None:
        item.ConceptNameCodeSequence = [_code(concept)]
    return item


def _code(title: Title) -> Any:
    from pydicom.dataset import Dataset

    code = Dataset()
    code.CodeValue, code.CodingSchemeDesignator, code.CodeMeaning = title.code, title.scheme, title.meaning
    return code


def _bytes(data_set: Any) -> bytes:
    from pydicom.filebase import DicomBytesIO
    from pydicom.filewriter import write_dataset

    buffer = DicomBytesIO()
    buffer.is_little_endian, buffer.is_implicit_VR = True, False
    write_dataset(buffer, data_set)
    return buffer.getvalue()
