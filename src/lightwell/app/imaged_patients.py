"""Whose images are these? The patient of a study as the index of patients knows them, or else a provisional one.

A study names its patient by issuer and ID. Where the issuer is left out it is that of the hospital's own messages, if
there is one only. Whoever nobody knows by that is made provisionally: an image is never refused, and a person says who
it is. So is who has the number of somebody with another name and day of birth: the number is not believed.
"""

import re
import uuid
from contextlib import suppress
from datetime import date
from typing import Final

from lightwell.archive.model import StudyRow
from lightwell.clinical import records
from lightwell.clinical.hl7 import elements, sources, vocabulary
from lightwell.clinical.keys import PATIENT, hashed
from lightwell.clinical.model import Change, Record
from lightwell.clinical.numbers import MEDICAL_RECORD_NUMBER, Number
from lightwell.clinical.patients import PROVISIONAL, ensure_patient, survivor_of
from lightwell.clinical.traits import traits_of
from lightwell.clinical.weighing import weigh
from lightwell.core.errors import Conflict
from lightwell.core.tx import Tx
from lightwell.standards.fhir.resource import Resource, decode_resource
from lightwell.standards.fhir.search.values import Place
from lightwell.standards.hl7.datatypes import HD, XPN

UNNAMED_ISSUER: Final = "urn:lightwell:issuer:dicom"
"""Who gave the patient IDs of images that do not say, where the hospital's messages name several or none."""
_NAMES: Final = uuid.UUID("0d5bfa86-5f0c-4c0b-9f52-2f4f6b8a5f31")
_IDEOGRAPHIC: Final = 1
_DAY: Final = re.compile(r"[0-9]{8}")


async def patient_of(tx: Tx, study: StudyRow, place: Place) -> Record:
    """Return the patient of a study, made if nobody is known by what it says."""
    number = await number_of(tx, study)
    said = described(study, number)
    if number is None:
        return await _provisional(tx, study, said, place)
    with suppress(Conflict):  # the number is of several: a person decides which
        found = await ensure_patient(tx, study.organisation_id, [number], lambda known: known or said, place)
        if not _is_somebody_else(found, said):
            return found
    return await _provisional(tx, study, said, place)


async def number_of(tx: Tx, study: StudyRow) -> Number | None:
    """Return the number of a study's patient; None if it names none."""
    value, issuer = plain(study.patient_id), plain(study.issuer_of_patient_id)
    if not value:
        return None
    if issuer:
        return Number(elements.system_of(HD("", issuer)), value)
    issuers = {source.issuer for source in await sources.every(tx)}
    return Number(issuers.pop() if len(issuers) == 1 else UNNAMED_ISSUER, value)


def is_still_of(study: StudyRow, subject: Resource) -> bool:
    """Tell whether images leave a study with the subject that it has: they name no other patient than then.

    They are taken at their own word: whose number one without an issuer is depends on who sends the hospital messages,
    and a change of that says nothing new of the images. A subject without a number was given by a person, and stays,
    unless it is who was made for this study while it named nobody.
    """
    identifier = subject.get("identifier")
    value, issuer = plain(study.patient_id), plain(study.issuer_of_patient_id)
    if identifier is None:
        return not value or subject.get("reference") != f"{PATIENT}/{id_of_unnamed(study)}"
    is_same_issuer = not issuer or identifier.get("system") == elements.system_of(HD("", issuer))
    return identifier.get("value", "") == value and is_same_issuer


def plain(text: str) -> str:
    """Return a text as FHIR takes it: without characters that cannot be printed, with single blanks."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def described(study: StudyRow, number: Number | None) -> Resource:
    """Return a provisional Patient as a study describes them (PS3.3 C.7.1.1): written first, then spelt."""
    groups = list(enumerate(plain(study.patient_name).split("=")[:2]))
    coding = {"system": elements.IDENTIFIER_TYPES, "code": MEDICAL_RECORD_NUMBER}
    identifier = {"type": {"coding": [coding]}, "system": number.issuer, "value": number.value} if number else {}
    born = day_of(study.patient_birth_date)
    names = [_name(group, place) for place, group in reversed(groups) if group.strip(" ^")]
    return elements.filled(
        resourceType=PATIENT,
        meta={"tag": [PROVISIONAL]},
        active=True,
        identifier=[identifier] if identifier else [],
        name=names,
        gender=vocabulary.SEXES.get(plain(study.patient_sex).upper(), ""),
        birthDate=born.isoformat() if born else "",
    )


def _name(group: str, place: int) -> Resource:
    """Return a group of a PN: letters or characters (PS3.5 6.2.1.1)."""
    family, given, further, prefix, suffix = ([part.strip() for part in group.split("^")] + [""] * 5)[:5]
    name = elements.name(XPN(family, given, further, suffix, prefix, "", "", ""))
    return name if place < _IDEOGRAPHIC else name | {"use": "official"}


def day_of(text: str) -> date | None:
    """Return a day as images write it (PS3.5 6.2, DA); None of anything else: half a day of birth is a wrong one."""
    with suppress(ValueError):
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    return None


def _is_somebody_else(known: Record, said: Resource) -> bool:
    """Tell whether images say of a number's patient that they are another: both name and day of birth differ."""
    findings = weigh(traits_of(decode_resource(known.body)), traits_of(said)).findings
    return {"name", "birth_date"} <= {item.trait for item in findings if item.verdict == "differs"}


async def _provisional(tx: Tx, study: StudyRow, said: Resource, place: Place) -> Record:
    """Return the patient whom all images are of that say the same; without an ID, each study is of its own."""
    whose = (study.issuer_of_patient_id, study.patient_id, study.patient_name, study.patient_birth_date)
    name = (PATIENT, _id_of(study, *whose) if study.patient_id else id_of_unnamed(study))
    await records.alone(tx, hashed(str(study.organisation_id), *name))
    held = (await records.lock(tx, study.organisation_id, [name])).get(name)
    if held is not None and not held.is_deleted:
        return await survivor_of(tx, held)
    return (await records.write(tx, [Change(study.organisation_id, *name, said, held)], place))[0]


def id_of_unnamed(study: StudyRow) -> str:
    """Return the ID of the patient who is made for a study that names nobody."""
    return _id_of(study, study.study_instance_uid)


def _id_of(study: StudyRow, *whose: str) -> str:
    return str(uuid.uuid5(_NAMES, "\0".join((str(study.organisation_id), *whose))))
