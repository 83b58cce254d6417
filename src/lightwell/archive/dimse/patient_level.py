"""Patients as C-FIND tells of them: each once, with how much there is of them if that is asked (PS3.4 C.6.1.1.2)."""

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from lightwell.archive.dicomweb.json import Dataset
from lightwell.archive.dimse.return_keys import NUMBER_OF_INSTANCES, NUMBER_OF_SERIES, NUMBER_OF_STUDIES
from lightwell.archive.keys import normalise
from lightwell.archive.model import Match, StudyRow
from lightwell.archive.store import find
from lightwell.core.tx import Tx

Patient: TypeAlias = tuple[int, str, str]
"""Organisation, ID and issuer: only together do they mean one person."""


def patient_of(study: StudyRow) -> Patient:
    """Return whose study it is."""
    return study.organisation_id, study.patient_id, study.issuer_of_patient_id


def new_patients(page: Iterable[Match], seen: set[Patient]) -> list[Match]:
    """Return one match for each patient that was not seen before, and note that they are now."""
    new: list[Match] = []
    for match in page:
        patient = patient_of(match.study)
        if patient not in seen:
            seen.add(patient)
            new.append(match)
    return new


async def counts(tx: Tx, patients: Sequence[Patient]) -> dict[Patient, Dataset]:
    """Return how many studies, series and images there are of patients of the actor's own hospitals."""
    organisations, ids, issuers = zip(*patients, strict=True) if patients else ((), (), ())
    values = {
        "organisations": list(organisations),
        "patient_ids": list(ids),
        "issuers": list(issuers),
        "keys": [normalise(patient_id) for patient_id in ids],
    }
    cursor = await tx.connection.execute(find.COUNTS_OF_PATIENTS, values)
    tags = (NUMBER_OF_STUDIES, NUMBER_OF_SERIES, NUMBER_OF_INSTANCES)
    return {
        (row[0], row[1], row[2]): {
            f"{tag:08X}": {"vr": "IS", "Value": [count]} for tag, count in zip(tags, row[3:], strict=True)
        }
        for row in await cursor.fetchall()
    }
