"""Quarantine: files that something is wrong with, and a person decides what becomes of them.

A file is accepted as it is, filed under what a person says instead of what it says (its bytes stay as they came), or
rejected with a reason. None is ever removed.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Final, Literal, TypeAlias

import msgspec

from lightwell.archive.attributes import Attributes, uid_or_derived
from lightwell.archive.batch import write_batch
from lightwell.archive.inspection import data_set_digest, describe_again
from lightwell.archive.model import Kept, Source
from lightwell.archive.room import Archive
from lightwell.archive.store import settle as store
from lightwell.core.actors import Permission
from lightwell.core.errors import Conflict, InvalidRequest, NotFound
from lightwell.core.tx import Tx
from lightwell.standards.dicom.errors import DicomError

ACCEPTED: Final = "accepted"
REPAIRED: Final = "repaired"
REJECTED: Final = "rejected"
_SCREEN: Final = "quarantine"
_PURPOSE: Final = "administration"
Changes: TypeAlias = Mapping[str, str]
_Text = Annotated[str, msgspec.Meta(max_length=64)]
_PatientId = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
_Date = Annotated[str, msgspec.Meta(pattern=r"^(\d{8})?$")]
_Uid = Annotated[str, msgspec.Meta(pattern=r"^[0-9][0-9.]{0,63}$")]


class Repair(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """Under what files are filed instead of what they say; None leaves what they say."""

    patient_id: _PatientId | None = None
    patient_name: _Text | None = None
    patient_birth_date: _Date | None = None
    patient_sex: Literal["", "M", "F", "O"] | None = None
    accession_number: _Text | None = None
    study_date: _Date | None = None
    study_description: _Text | None = None
    study_instance_uid: _Uid | None = None


@dataclass(frozen=True, slots=True)
class QuarantineRow:
    """A file that something is wrong with, and what was decided."""

    id: int
    organisation_id: int
    reason: str
    reason_code: str
    reason_numbers: Mapping[str, int]
    length: int
    source: str
    received_at: datetime
    resolution: str | None
    resolved_by: str | None
    resolved_at: datetime | None
    note: str
    repair: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _File:
    id: int
    organisation_id: int
    blob: str
    reason: str
    length: int
    source: str
    received_at: datetime
    is_open: bool
    resolved_by: str | None


async def every(tx: Tx, *, is_open: bool, before: int, limit: int) -> list[QuarantineRow]:
    """Return files in quarantine of the hospitals that the actor settles for, newest first."""
    mine = list(tx.actor.organisations_with(Permission.ARCHIVE_RESOLVE))
    values = {"organisations": mine, "is_open": is_open, "before": before, "limit": limit}
    return [QuarantineRow(*row) for row in await (await tx.connection.execute(store.QUARANTINED, values)).fetchall()]


async def described(tx: Tx, archive: Archive, number: int) -> Attributes | None:
    """Return what a file in quarantine says of itself, or None when it cannot be read at all.

    Raises:
        NotFound: there is no such file, or its bytes are gone.
    """
    file = await _file(tx, number)
    try:
        says = await _says(archive, file, await archive.peers.sources())
    except DicomError:
        return None
    await tx.audit_read([_subject(file, says)], purpose=_PURPOSE, screen=_SCREEN)
    return says


async def accept(tx: Tx, archive: Archive, numbers: Sequence[int], repair: Repair, note: str) -> None:
    """File images as they are, or with a repair under what a person says of them.

    One that has no usable SOP Instance UID gets one made of its name in the store, so that it is the same for ever.

    Raises:
        NotFound: there is no such file, or its bytes are gone.
        Conflict: somebody settled it before, or it cannot be read as an image at all.
    """
    changes: Changes = msgspec.to_builtins(repair)
    sources = await archive.peers.sources()
    for number in numbers:
        file = await _locked(tx, number)
        kept = await _kept(archive, file, sources, changes)
        quiet_s = archive.machines.settings.study_quiet_s
        await write_batch(tx, file.organisation_id, [kept], archive.blobs, 0, quiet_s)
        subject = f"patient/{kept.study.patient_id}" if kept.study else ""
        await _settle(tx, file, REPAIRED if changes else ACCEPTED, note, changes, subject)


async def reject(tx: Tx, numbers: Sequence[int], note: str) -> None:
    """Leave files out of the index for good; a reason must be given.

    Raises:
        NotFound: there is no such file.
        Conflict: somebody settled it before.
        InvalidRequest: no reason.
    """
    if not note.strip():
        message = "say why the files are rejected; whoever sent them will ask"
        raise InvalidRequest(message)
    for number in numbers:
        await _settle(tx, await _locked(tx, number), REJECTED, note, {}, "")


async def _kept(archive: Archive, file: _File, sources: Mapping[tuple[int, str], Source], changes: Changes) -> Kept:
    try:
        says = await _says(archive, file, sources)
    except DicomError as error:
        message = f"file {file.id} cannot be read as an image ({error}); reject it, and have it sent again"
        raise Conflict(message) from error
    offset = says.instance.data_set_offset
    digest = await asyncio.to_thread(data_set_digest, archive.blobs, file.blob, offset)
    return Kept(
        organisation_id=file.organisation_id,
        blob=file.blob,
        length=file.length,
        digest=digest,
        source=file.source,
        received_at=file.received_at,
        study=replace(says.study, **changes),
        series=says.series,
        instance=replace(says.instance, sop_instance_uid=uid_or_derived(says.instance.sop_instance_uid, file.blob)),
    )


async def _says(archive: Archive, file: _File, sources: Mapping[tuple[int, str], Source]) -> Attributes:
    return await asyncio.to_thread(describe_again, archive.blobs, file.blob, sources)


def _subject(file: _File, says: Attributes) -> tuple[int, str]:
    return file.organisation_id, f"patient/{says.study.patient_id}"


async def _file(tx: Tx, number: int) -> _File:
    mine = list(tx.actor.organisations_with(Permission.ARCHIVE_RESOLVE))
    row = await (await tx.connection.execute(store.QUARANTINED_FILE, {"id": number, "organisations": mine})).fetchone()
    if row is None:
        message = f"there is no file {number} in quarantine, or it is not yours to settle"
        raise NotFound(message)
    return _File(*row)


async def _locked(tx: Tx, number: int) -> _File:
    await tx.connection.execute(store.LOCK_QUARANTINED, {"id": number})
    file = await _file(tx, number)
    if not file.is_open:
        message = f"file {number} was settled by {file.resolved_by}; read the list again"
        raise Conflict(message)
    return file


async def _settle(tx: Tx, file: _File, resolution: str, note: str, changes: Changes, subject: str) -> None:
    values = {
        "id": file.id,
        "resolution": resolution,
        "note": note.strip(),
        "repair": msgspec.json.encode(changes).decode(),
        "resolved_by": tx.actor.name,
    }
    await tx.connection.execute(store.SETTLE_QUARANTINED, values)
    await tx.audit(
        f"quarantine.{resolution}",
        organisation_id=file.organisation_id,
        subject=subject,
        purpose=_PURPOSE,
        screen=_SCREEN,
        detail={"file": file.id, "changed": sorted(changes)},
    )
