"""What a C-MOVE or C-GET asks for, and how far handing it over has come (PS3.4 C.4.2, C.4.3)."""

import struct
from dataclasses import dataclass, field
from typing import Final

from lightwell.archive import search
from lightwell.archive.model import InstanceRow, Source
from lightwell.archive.query import Query
from lightwell.archive.room import Archive
from lightwell.core.actors import device
from lightwell.standards.dicom.dimse import is_failure, is_warning
from lightwell.standards.dicom.errors import DataSetError
from lightwell.standards.dicom.matching import parse_uid_list
from lightwell.standards.dicom.scanner import scan
from lightwell.standards.dicom.uids import ImplicitVRLittleEndian

_SCREEN: Final = "retrieve"
_LEVEL: Final = 0x00080052
_PATIENT: Final = 0x00100020
_STUDY: Final = 0x0020000D
_SERIES: Final = 0x0020000E
_INSTANCE: Final = 0x00080018
_FAILED: Final = (0x0008, 0x0058)
_TAGS: Final = (_LEVEL, _PATIENT, _STUDY, _SERIES, _INSTANCE)
_NEEDED: Final = {
    "PATIENT": (_PATIENT,),
    "STUDY": (_STUDY,),
    "SERIES": (_STUDY, _SERIES),
    "IMAGE": (_STUDY, _SERIES, _INSTANCE),
}
_LONGEST: Final = 1 << 20
_MOST_LISTED: Final = 1000  # a UI value has at most 65,534 bytes


@dataclass(slots=True)
class Identifier:
    """The identifier of a C-MOVE or C-GET as its bytes come: unique keys only (PS3.4 C.4.2.1.4)."""

    transfer_syntax_uid: str
    content: bytearray = field(default_factory=bytearray)

    def write(self, data: memoryview) -> None:
        """Take the next bytes; what is too long is refused by :meth:`read`."""
        if len(self.content) <= _LONGEST:
            self.content += data

    def read(self) -> tuple[str, dict[int, str]]:
        """Return the level and the keys.

        Raises:
            DataSetError: it is none, or lacks the key of its level.
        """
        if len(self.content) > _LONGEST:
            message = f"expected an identifier of at most {_LONGEST} bytes, more came"
            raise DataSetError(message)
        raw = scan(self.content, 0, self.transfer_syntax_uid, _TAGS).values
        keys = {tag: value.decode("latin-1").strip("\0 ") for tag, value in raw.items()}
        level = keys.get(_LEVEL, "")
        needed = _NEEDED.get(level)
        if needed is None or not all(keys.get(tag) for tag in needed):
            message = f"expected a level PATIENT, STUDY, SERIES or IMAGE with its unique keys, level {level!r} came"
            raise DataSetError(message)
        return level, keys


async def rows_of(archive: Archive, badge: Source, identifier: Identifier) -> list[InstanceRow]:
    """Return the images that an identifier names, among those of the caller's hospital.

    Raises:
        DataSetError: the identifier is none.
    """
    level, keys = identifier.read()
    async with archive.machines.transactions.begin(device(badge.calling_ae, badge.organisation_id)) as tx:
        if level == "PATIENT":
            query = Query(limit=search.MOST_ROWS)
            query.match("PatientID", keys[_PATIENT])
            found = [match.study for match in await search.matches(tx, archive.index, query, _SCREEN)]
            studies = [row.study_instance_uid for row in found if row.patient_id == keys[_PATIENT]]
            return await search.retrieved(tx, archive.index, _SCREEN, studies=studies)
        return await search.retrieved(
            tx,
            archive.index,
            _SCREEN,
            studies=_uids(keys, _STUDY),
            series=_uids(keys, _SERIES) or None,
            instances=_uids(keys, _INSTANCE) or None,
        )


def _uids(keys: dict[int, str], tag: int) -> tuple[str, ...]:
    return parse_uid_list(keys.get(tag, ""))


@dataclass(slots=True)
class Progress:
    """How many sub-operations are to come, done, failed, done with a warning (PS3.7 9.1.4.1.7)."""

    remaining: int
    completed: int = 0
    failed: int = 0
    warning: int = 0
    failures: list[str] = field(default_factory=list[str])

    def count(self, row: InstanceRow, status: int) -> None:
        """Count what the peer said to an image."""
        self.remaining -= 1
        if is_failure(status):
            self.failed += 1
            self.failures.append(row.sop_instance_uid)
        elif is_warning(status):
            self.warning += 1
        else:
            self.completed += 1

    def fail_rest(self, rows: list[InstanceRow]) -> None:
        """Count everything that was not tried as failed."""
        self.failed += self.remaining
        self.failures += [row.sop_instance_uid for row in rows[len(rows) - self.remaining :]]
        self.remaining = 0

    def counts(self) -> dict[str, int]:
        """Return the counts as the fields of a response; what remains is said too (PS3.4 C.4.2.1.6)."""
        left = {"number_of_remaining_suboperations": self.remaining} if self.remaining else {}
        return left | {
            "number_of_completed_suboperations": self.completed,
            "number_of_failed_suboperations": self.failed,
            "number_of_warning_suboperations": self.warning,
        }

    def failed_list(self, transfer_syntax_uid: str) -> bytes:
        r"""Return the data set with the Failed SOP Instance UID List (0008,0058)."""
        value = "\\".join(self.failures[:_MOST_LISTED]).encode()
        value += b"\0" * (len(value) % 2)
        if transfer_syntax_uid == ImplicitVRLittleEndian:
            return struct.pack("<HHI", *_FAILED, len(value)) + value
        return struct.pack("<HH2sH", *_FAILED, b"UI", len(value)) + value
