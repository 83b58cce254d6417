"""A study of the archive as an ImagingStudy of the record, with its patient and the address of its images (R4 10.3).

It follows the archive: whenever a study fell quiet it is written again, if anything of it changed. Whose it is stays as
a person or a merge has it, until the images themselves say another patient.
"""

import re
import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, time, tzinfo
from typing import Any, Final

import msgspec

from lightwell import archive
from lightwell.app.imaged_patients import day_of, is_still_of, number_of, patient_of, plain
from lightwell.archive.model import Match, SeriesRow, StudyRow
from lightwell.archive.query import Query
from lightwell.archive.search import MOST_ROWS, matches
from lightwell.archive.store import find
from lightwell.clinical import records
from lightwell.clinical.hl7.elements import filled
from lightwell.clinical.keys import hashed
from lightwell.clinical.model import Change, Record
from lightwell.clinical.place import place_of_house
from lightwell.core.actors import house
from lightwell.core.jobs import Job
from lightwell.core.machines import Machines
from lightwell.core.tx import Tx
from lightwell.standards.dicom.uids import is_valid_uid
from lightwell.standards.fhir.resource import Resource, decode_resource

RECORD_STUDY: Final = "app.record_study"
IMAGING_STUDY: Final = "ImagingStudy"
_NAMES: Final = uuid.UUID("6c8a4f0e-7f0e-4b53-8f0b-0f9a3c1d2e47")
_MODALITIES: Final = "http://dicom.nema.org/resources/ontology/DCM"
_CONNECTIONS: Final = "http://terminology.hl7.org/CodeSystem/endpoint-connection-type"
_SCREEN: Final = "imaging studies"
_ENDPOINT: Final = "dicom-web"
_UID: Final = re.compile(r"[A-Za-z0-9.-]{1,64}")
_TIME: Final = re.compile(r"(?:[0-9]{2}){1,3}")


@dataclass(frozen=True, slots=True)
class StudyRecorder:
    """Brings the record up to date with a study of the archive."""

    machines: Machines
    room: archive.Archive

    async def __call__(self, payload: str) -> None:
        """Write what an event says of a study; the same again changes nothing.

        A study whose UID is none has no name in FHIR, and is found in the archive only.
        """
        event = msgspec.json.decode(payload, type=archive.StudyComplete)
        if not is_valid_uid(event.study_instance_uid):
            return
        name = (IMAGING_STUDY, id_of(event.organisation_id, event.study_instance_uid))
        async with self.machines.transactions.begin(house(event.organisation_id)) as tx:
            await records.alone(tx, hashed(str(event.organisation_id), *name))
            before = (await records.lock(tx, event.organisation_id, [name])).get(name)
            resource = await self._as_it_is(tx, event.study_instance_uid, before)
            if resource and (before is None or _content(before) != resource):
                change = Change(event.organisation_id, *name, resource, before)
                await records.write(tx, [change], place_of_house(self.machines.settings))

    async def _as_it_is(self, tx: Tx, study_uid: str, before: Record | None) -> Resource:
        """Return what the record says of a study from now on; nothing of one that neither knows."""
        found = await self._series(tx, study_uid)
        if not found:
            return withdrawn(_content(before)) if before is not None and not before.is_deleted else {}
        study, series = found[0].study, [item.series for item in found if item.series]
        settings = self.machines.settings
        subject = _kept_subject(before, study)
        if subject is None:
            patient = await patient_of(tx, study, place_of_house(settings))
            subject = {"reference": patient.reference} | await _said(tx, study)
        return imaging_study(study, series, subject, settings.zone, f"{settings.origin}/dicom-web")

    async def _series(self, tx: Tx, study_uid: str) -> list[Match]:
        asked = Query(find.SERIES, MOST_ROWS, organisation_ids=tx.actor.organisation_ids)
        asked.match("StudyInstanceUID", study_uid)
        return await matches(tx, self.room.index, asked, _SCREEN)


def id_of(organisation_id: int, study_instance_uid: str) -> str:
    """Return the ID under which a hospital's study stands in its record."""
    return str(uuid.uuid5(_NAMES, f"{organisation_id}\0{study_instance_uid}"))


def withdrawn(resource: Resource) -> Resource:
    """Return a study all of whose images turned out to be of another."""
    rest = {name: value for name, value in resource.items() if name not in {"contained", "endpoint", "series"}}
    return rest | {"status": "cancelled", "numberOfSeries": 0, "numberOfInstances": 0}


async def _said(tx: Tx, study: StudyRow) -> Resource:
    """Return whom a study says that it is of, beside the reference to who that is."""
    number = await number_of(tx, study)
    return {"identifier": {"system": number.issuer, "value": number.value}} if number else {}


def _kept_subject(before: Record | None, study: StudyRow) -> Resource | None:
    """Return whose a study is already, unless it says another patient than then."""
    subject = _content(before).get("subject") if before is not None and not before.is_deleted else None
    return subject if subject is not None and is_still_of(study, subject) else None


def _content(record: Record) -> Resource:
    """Return a resource without what the server says of it."""
    resource = decode_resource(record.body) if record.body else {}
    return {name: value for name, value in resource.items() if name not in {"id", "meta"}}


def imaging_study(
    study: StudyRow, series: Sequence[SeriesRow], subject: Resource, zone: tzinfo, address: str
) -> Resource:
    """Return a study with its series; ``address`` is where its images are fetched from."""
    accession = {"type": {"coding": [_coding("http://terminology.hl7.org/CodeSystem/v2-0203", "ACSN")]}}
    numbers = [accession | {"value": number}] if (number := plain(study.accession_number)) else []
    return filled(
        resourceType=IMAGING_STUDY,
        contained=[_endpoint(address)],
        identifier=[{"system": "urn:dicom:uid", "value": f"urn:oid:{study.study_instance_uid}"}, *numbers],
        status="available",
        modality=[_coding(_MODALITIES, modality) for modality in map(plain, study.modalities) if modality],
        subject=subject,
        started=_moment(study.study_date, study.study_time, zone),
        referrer=filled(display=plain(study.referring_physician_name.partition("=")[0].replace("^", " "))),
        endpoint=[{"reference": f"#{_ENDPOINT}"}],
        numberOfSeries=study.series_count,
        numberOfInstances=study.instance_count,
        description=plain(study.study_description),
        series=[_series(item, zone) for item in series if _UID.fullmatch(item.series_instance_uid)],
    )


def _series(series: SeriesRow, zone: tzinfo) -> Resource:
    number = series.series_number
    return filled(
        uid=series.series_instance_uid,
        number=number if number is not None and number >= 0 else None,
        modality=_coding(_MODALITIES, plain(series.modality) or "OT"),  # R4 wants one; OT is other
        description=plain(series.series_description),
        numberOfInstances=series.instance_count,
        bodySite=filled(display=plain(series.body_part_examined)),
        started=_moment(series.series_date, series.series_time, zone),
    )


def _endpoint(address: str) -> Resource:
    return {
        "resourceType": "Endpoint",
        "id": _ENDPOINT,
        "status": "active",
        "connectionType": _coding(_CONNECTIONS, "dicom-wado-rs"),
        "payloadType": [{"text": "DICOM"}],
        "payloadMimeType": ["application/dicom"],
        "address": address,
    }


def _coding(system: str, code: str) -> dict[str, Any]:
    return {"system": system, "code": code}


def _moment(day: str, clock_time: str, zone: tzinfo) -> str:
    """Return a day with its time, or the day alone (PS3.5 6.2, DA and TM: HHMMSS, of which the end may be left out)."""
    found, digits = day_of(day), clock_time.partition(".")[0]
    if found is None:
        return ""
    with suppress(ValueError):
        if _TIME.fullmatch(digits):
            return datetime.combine(found, time.fromisoformat(digits), zone).isoformat()
    return found.isoformat()


def jobs(machines: Machines, room: archive.Archive) -> list[Job]:
    """Return the work of this file."""
    return [Job(RECORD_STUDY, StudyRecorder(machines, room))]
