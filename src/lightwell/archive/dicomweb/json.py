"""Rows of the index as DICOM JSON (PS3.18 annex F)."""

from collections.abc import Iterable
from typing import Any, Final

from lightwell.archive.model import InstanceRow, Match, SeriesRow, StudyRow
from lightwell.archive.requests import Request
from lightwell.archive.requests import of as requests_of
from lightwell.standards.dicom.jsonmodel import element

Dataset = dict[str, Any]
MEDIA_TYPE: Final = "application/dicom+json"


def _data_set(*elements: tuple[str, str, Iterable[Any]]) -> Dataset:
    data_set: Dataset = {}
    for tag, vr, values in elements:
        data_set |= element(tag, vr, *(value for value in values if value is not None and value != ""))
    return data_set


def study(row: StudyRow) -> Dataset:
    """Return a study; whose it is stands in a private element, since images may name another institution."""
    return _data_set(
        ("00080005", "CS", ["ISO_IR 192"]),
        ("00080020", "DA", [row.study_date]),
        ("00080030", "TM", [row.study_time]),
        ("00080050", "SH", [row.accession_number]),
        ("00080061", "CS", row.modalities),
        ("00080080", "LO", [row.institution_name]),
        ("00090010", "LO", ["LIGHTWELL"]),
        ("00091001", "LO", [row.organisation_name]),
        ("00091002", "LO", [row.organisation_code]),
        ("00080090", "PN", [row.referring_physician_name]),
        ("00081030", "LO", [row.study_description]),
        ("00100010", "PN", [row.patient_name]),
        ("00100020", "LO", [row.patient_id]),
        ("00100021", "LO", [row.issuer_of_patient_id]),
        ("00100030", "DA", [row.patient_birth_date]),
        ("00100040", "CS", [row.patient_sex]),
        ("0020000D", "UI", [row.study_instance_uid]),
        ("00200010", "SH", [row.study_id]),
        ("00201206", "IS", [row.series_count]),
        ("00201208", "IS", [row.instance_count]),
    )


def series(study_instance_uid: str, row: SeriesRow) -> Dataset:
    """Return a series."""
    return _data_set(
        ("00080005", "CS", ["ISO_IR 192"]),
        ("00080021", "DA", [row.series_date]),
        ("00080031", "TM", [row.series_time]),
        ("00080060", "CS", [row.modality]),
        ("00080070", "LO", [row.manufacturer]),
        ("0008103E", "LO", [row.series_description]),
        ("00081010", "SH", [row.station_name]),
        ("00180015", "CS", [row.body_part_examined]),
        ("00181030", "LO", [row.protocol_name]),
        ("0020000D", "UI", [study_instance_uid]),
        ("0020000E", "UI", [row.series_instance_uid]),
        ("00200011", "IS", [row.series_number]),
        ("00201209", "IS", [row.instance_count]),
        ("00400244", "DA", [row.performed_procedure_step_start_date]),
        ("00400245", "TM", [row.performed_procedure_step_start_time]),
        ("00400275", "SQ", map(_request, requests_of(row.scheduled_procedure_step_ids, row.requested_procedure_ids))),
    )


def _request(requested: Request) -> Dataset:
    return _data_set(("00400009", "SH", [requested.step_id]), ("00401001", "SH", [requested.procedure_id]))


def instance(row: InstanceRow) -> Dataset:
    """Return an instance."""
    return _data_set(
        ("00080016", "UI", [row.sop_class_uid]),
        ("00080018", "UI", [row.sop_instance_uid]),
        ("00083002", "UI", [row.transfer_syntax_uid]),
        ("0020000D", "UI", [row.study_instance_uid]),
        ("0020000E", "UI", [row.series_instance_uid]),
        ("00200013", "IS", [row.instance_number]),
        ("00280008", "IS", [row.number_of_frames]),
        ("00280010", "US", [row.rows]),
        ("00280011", "US", [row.columns]),
        ("00280100", "US", [row.bits_allocated]),
    )


def match(found: Match, *, has_parents: bool) -> Dataset:
    """Return what a search found, with what is said of study and series if that is wanted."""
    if found.series is None:
        return study(found.study)
    own = series(found.study.study_instance_uid, found.series)
    parents = study(found.study) if has_parents else {}
    if found.instance is None:
        return parents | own
    return (parents | own if has_parents else {}) | instance(found.instance)
