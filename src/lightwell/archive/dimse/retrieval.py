"""What a C-MOVE or C-GET asks for, and how far handing it over has come (PS3.4 C.4.2, C.4.3)."""

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from lightwell.archive import search
from lightwell.archive.dimse.identifier import CHARACTER_SET, LEVEL
from lightwell.archive.dimse.refusal import Refusal, check_level, unfit
from lightwell.archive.keys import PATIENT_ID, normalise
from lightwell.archive.model import InstanceRow, Source
from lightwell.archive.room import Archive
from lightwell.archive.store import send as store
from lightwell.core.actors import device
from lightwell.standards.dicom.charset import decode_text
from lightwell.standards.dicom.dimse import Status, is_failure, is_warning
from lightwell.standards.dicom.errors import DataSetError, DicomError
from lightwell.standards.dicom.matching import parse_uid_list
from lightwell.standards.dicom.scanner import scan
from lightwell.standards.dicom.uids import ImplicitVRLittleEndian

_SCREEN: Final = "retrieve"
_PATIENT: Final = 0x00100020
_ISSUER: Final = 0x00100021
_STUDY: Final = 0x0020000D
_SERIES: Final = 0x0020000E
_INSTANCE: Final = 0x00080018
_FAILED: Final = (0x0008, 0x0058)
_UIDS: Final = {_STUDY: "studies", _SERIES: "series", _INSTANCE: "instances"}
_TAGS: Final = (CHARACTER_SET, LEVEL, _PATIENT, _ISSUER, *_UIDS)
_NEEDED: Final = {
    "PATIENT": (_PATIENT,),
    "STUDY": (_STUDY,),
    "SERIES": (_STUDY, _SERIES),
    "IMAGE": (_STUDY, _SERIES, _INSTANCE),
}
_LONGEST: Final = 1 << 20
_MOST_LISTED: Final = 1000  # a UI value has at most 65,534 bytes
MOST_IMAGES: Final = 0xFFFF  # what the counts of a response can say


@dataclass(slots=True)
class Identifier:
    """The identifier of a C-MOVE or C-GET as its bytes come: unique keys only (PS3.4 C.4.2.1.4)."""

    sop_class_uid: str
    transfer_syntax_uid: str
    content: bytearray = field(default_factory=bytearray)

    def write(self, data: memoryview) -> None:
        """Take the next bytes; what is too long is refused by :meth:`read`."""
        if len(self.content) <= _LONGEST:
            self.content += data

    def read(self) -> Mapping[str, Any]:
        """Return which images are meant: lists of UIDs, and whose they must be; what is absent restricts nothing.

        Raises:
            Refusal: it is none, or lacks the key of its level.
        """
        keys = self._keys()
        level = keys.get(LEVEL, "")
        check_level(level, self.sop_class_uid)
        for tag in _NEEDED[level]:
            if not keys.get(tag):
                comment = f"expected the unique key ({tag >> 16:04X},{tag & 0xFFFF:04X}) for level {level}"
                raise unfit(comment, tag)
        wanted: dict[str, Any] = {name: self._uids(keys, tag) for tag, name in _UIDS.items() if tag in _NEEDED[level]}
        return wanted | self._whose(keys)

    def _keys(self) -> dict[int, str]:
        if len(self.content) > _LONGEST:
            comment = f"expected an identifier of at most {_LONGEST} bytes"
            raise unfit(comment)
        try:
            raw = scan(self.content, 0, self.transfer_syntax_uid, _TAGS).values
        except DataSetError as error:
            comment = "the identifier is no data set of its transfer syntax"
            raise unfit(comment) from error
        said = raw.get(CHARACTER_SET, b"")
        return {tag: decode_text(value, said).text.strip("\0 ") for tag, value in raw.items()}

    def _uids(self, keys: Mapping[int, str], tag: int) -> list[str]:
        try:
            return list(parse_uid_list(keys[tag]))
        except DicomError as error:
            comment = f"({tag >> 16:04X},{tag & 0xFFFF:04X}) holds something that is no UID"
            raise unfit(comment, tag) from error

    def _whose(self, keys: Mapping[int, str]) -> dict[str, str]:
        """Return the patient, who restricts at every level: the last guard against a mix-up."""
        patient_id, issuer = keys.get(_PATIENT, ""), keys.get(_ISSUER, "")
        if not patient_id:
            return {}
        return {"patient_id": patient_id} | ({"issuer_of_patient_id": issuer} if issuer else {})


async def rows_of(archive: Archive, badge: Source, identifier: Identifier) -> list[InstanceRow]:
    """Return the images that an identifier names, among those of the caller's hospital and what is granted to it.

    Raises:
        Refusal: the identifier is none, or names more images than can be counted.
    """
    wanted = identifier.read()
    await archive.index.flushed()
    async with archive.machines.transactions.begin(device(badge.calling_ae, badge.organisation_id)) as tx:
        values = {**wanted, "most": MOST_IMAGES + 1, "organisations": list(tx.actor.organisation_ids)}
        values |= {"kind": PATIENT_ID, "key": normalise(wanted.get("patient_id", ""))}
        cursor = await tx.connection.execute(store.retrieved(wanted), values)
        rows = search.of_one_hospital(tx, [InstanceRow(*row) for row in await cursor.fetchall()])
        await search.note(tx, rows, _SCREEN)
    if len(rows) > MOST_IMAGES:
        raise Refusal(Status.UNABLE_TO_COUNT_MATCHES, f"more than {MOST_IMAGES} images; ask for fewer at a time")
    return rows


@dataclass(slots=True)
class Progress:
    """How many sub-operations are to come, done, failed, done with a warning (PS3.7 9.1.4.1.7)."""

    remaining: int
    completed: int = 0
    failed: int = 0
    warning: int = 0
    failures: list[str] = field(default_factory=list[str])
    comment: str = ""

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

    def fail_rest(self, rows: list[InstanceRow], comment: str) -> None:
        """Count everything that was not tried as failed, and say why."""
        self.comment = comment
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
