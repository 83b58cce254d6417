"""Comparing patients: what they are told by is read, and those who share something are weighed against each other.

This is work for a processor: it knows no database, and is done in a thread, so that nobody waits for it.
"""

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from lightwell.clinical.links import is_replaced, same_as
from lightwell.clinical.model import Record, subject_of
from lightwell.clinical.traits import Traits, traits_of
from lightwell.clinical.weighing import Weighed, weigh
from lightwell.core import logs
from lightwell.standards.fhir.resource import decode_resource

log: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Patient:
    """Somebody as they are compared; who was deleted or replaced by another has no traits any more."""

    organisation_id: int
    subject: str
    traits: Traits | None
    others: frozenset[str] = frozenset()
    """The subjects of whom it is said already that they are the same person."""


class Pair(NamedTuple):
    """Two records that may be of one person by their rids, the one that was here first before the other."""

    first: int
    second: int
    weighed: Weighed


def read_patients(records: Iterable[Record]) -> dict[int, Patient]:
    """Return patients by their rid; who cannot be compared is left out, so that all others are."""
    return dict(_readable(records))


def _readable(records: Iterable[Record]) -> Iterator[tuple[int, Patient]]:
    for record in records:
        try:
            yield record.rid, _patient(record)
        except Exception as error:  # noqa: BLE001 -- whatever it is of this one, the others do not wait for it
            logs.event(log, logging.ERROR, "a patient cannot be compared", error=error, rid=record.rid)


def _patient(record: Record) -> Patient:
    patient = {} if record.is_deleted else decode_resource(record.body)
    traits = None if record.is_deleted or is_replaced(patient) else traits_of(patient)
    others = frozenset(subject_of(identifier) for identifier in same_as(patient))
    return Patient(record.organisation_id, record.subject, traits, others)


def pairs_of(patients: Mapping[int, Patient], sharing: Iterable[tuple[int, int]]) -> list[Pair]:
    """Return who may be the same as whom, of those who share something."""
    return [pair for pair in _compared(patients, sharing) if pair.weighed.is_candidate]


def _compared(patients: Mapping[int, Patient], sharing: Iterable[tuple[int, int]]) -> Iterator[Pair]:
    for first, second in sorted({(min(couple), max(couple)) for couple in sharing}):
        one, other = patients.get(first), patients.get(second)
        if one is None or other is None or one.traits is None or other.traits is None or _is_said(one, other):
            continue
        yield Pair(first, second, weigh(one.traits, other.traits))


def _is_said(one: Patient, other: Patient) -> bool:
    """Tell whether nobody has to be asked: either says that it is of the same person as the other."""
    is_linked = other.subject in one.others or one.subject in other.others
    return is_linked and one.organisation_id == other.organisation_id
