"""What the medical record is made of: resources with their versions, and what is done to them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from lightwell.standards.fhir.resource import Resource

Act: TypeAlias = Literal["created", "updated", "deleted"]


def subject_of(patient_id: str) -> str:
    """Return a patient as the audit trail names them."""
    return f"patient/{patient_id}"


@dataclass(frozen=True, slots=True)
class Record:
    """A resource as a hospital has it, now or in one of its versions.

    ``body`` holds the bytes as they are served; there are none of a resource that was deleted. ``patient_id`` is the
    ID of the Patient whose record it is part of (R4 2.40), or empty.
    """

    rid: int
    organisation_id: int
    type: str
    id: str
    version: int
    last_updated: datetime
    is_deleted: bool
    patient_id: str
    body: bytes

    @property
    def reference(self) -> str:
        """Return how others refer to it, e.g. ``Patient/7``."""
        return f"{self.type}/{self.id}"

    @property
    def subject(self) -> str:
        """Return whose data it is, as the audit trail names it."""
        return subject_of(self.patient_id) if self.patient_id else self.reference


@dataclass(frozen=True, slots=True)
class Change:
    """A resource that is to be written: a new one (no ``before``), another version of one, or its end (no resource).

    ``is_news`` tells whether other systems are told of it: that it follows its patient to another record is none.
    """

    organisation_id: int
    type: str
    id: str
    resource: Resource | None
    before: Record | None = None
    is_news: bool = True

    @property
    def act(self) -> Act:
        """Return what this does."""
        if self.resource is None:
            return "deleted"
        return "created" if self.before is None or self.before.is_deleted else "updated"


@dataclass(frozen=True, slots=True)
class Number:
    """The number under which something is kept."""

    id: int
