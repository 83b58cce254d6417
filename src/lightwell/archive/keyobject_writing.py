"""Writes a Key Object Selection Document, as any archive takes it (PS3.3 A.35.4, C.17.6; PS3.16 TID 2010).

A document cannot be changed. Whoever chooses anew makes another in the same series, with the whole choice; whoever
chooses nothing any more makes one that rejects the last (113001, as IHE IOCM has it), since a document that points at
nothing is none. What else people make here is withdrawn in the same way.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from lightwell.archive.derived import making
from lightwell.archive.derived.making import PRIVATE, Code, Kind, Maker, Pointed
from lightwell.archive.keyobject import SOP_CLASS, Reference
from lightwell.archive.model import StudyRow

OF_INTEREST: Final = Code("113000", "DCM", "Of Interest")
REJECTED: Final = Code("113001", "DCM", "Rejected for Quality Reasons")
WITHDRAWN: Final = Code("WITHDRAWN", PRIVATE, "Selection withdrawn by its maker")
_KEY_IMAGES: Final = Kind(SOP_CLASS, "KO", 9000, "Key images")
WITHDRAWALS: Final = Kind(SOP_CLASS, "KO", 9003, "Withdrawn")
"""The series of what takes back anything but a choice of images."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a document points at: the series of each reference, and the reference."""

    series_instance_uid: str
    reference: Reference

    @property
    def pointed(self) -> Pointed:
        """Which object it is, whatever its frames."""
        return Pointed(self.series_instance_uid, self.reference.sop_class_uid, self.reference.sop_instance_uid)


def write(study: StudyRow, by: Maker, chosen: Sequence[Chosen], number: int, at: datetime) -> tuple[str, bytes]:
    """Return the SOP Instance UID and the data set, in Explicit VR Little Endian, of a choice of images."""
    data_set = _document(study, by, _KEY_IMAGES, chosen, number, at)
    data_set.ConceptNameCodeSequence = [making.code(OF_INTEREST)]
    data_set.ContentSequence = [*making.observer(by), *(_pointing("IMAGE", one) for one in chosen)]
    return str(data_set.SOPInstanceUID), making.written(data_set)


def withdraw(
    study: StudyRow, by: Maker, taken_back: Sequence[Chosen], number: int, at: datetime, kind: Kind = _KEY_IMAGES
) -> tuple[str, bytes]:
    """Return UID and data set of a document that rejects others, because nothing of them holds any more."""
    data_set = _document(study, by, kind, taken_back, number, at)
    data_set.ConceptNameCodeSequence = [making.code(REJECTED)]
    modifier = making.item("HAS CONCEPT MOD", "CODE", Code("113011", "DCM", "Document Title Modifier"))
    modifier.ConceptCodeSequence = [making.code(WITHDRAWN)]
    data_set.ContentSequence = [modifier, *making.observer(by), *(_pointing("COMPOSITE", one) for one in taken_back)]
    return str(data_set.SOPInstanceUID), making.written(data_set)


def _document(study: StudyRow, by: Maker, kind: Kind, chosen: Sequence[Chosen], number: int, at: datetime) -> Any:
    data_set = making.begin_report(study, by, kind, number, at)
    pointed = [one.pointed for one in chosen]
    data_set.CurrentRequestedProcedureEvidenceSequence = [making.evidence(study.study_instance_uid, pointed)]
    data_set.ContentTemplateSequence = [making.template("2010")]
    return data_set


def _pointing(kind: str, chosen: Chosen) -> Any:
    item = making.item("CONTAINS", kind)
    item.ReferencedSOPSequence = [making.instance(chosen.pointed, chosen.reference.frames)]
    return item
