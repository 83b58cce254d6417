"""Conflicts: the same SOP Instance UID came twice with different content, and a person decides which one is the image.

Both files are kept for ever. The one that is not the image has a row in ``archive.conflict``; taking the new one in the
place of the old one exchanges the two.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from lightwell.archive.attributes import Attributes
from lightwell.archive.batch import write_batch
from lightwell.archive.events import StudyReduced
from lightwell.archive.inspection import describe_again
from lightwell.archive.model import Kept
from lightwell.archive.room import Archive
from lightwell.archive.store import settle as store
from lightwell.core.actors import Permission
from lightwell.core.errors import Conflict, NotFound
from lightwell.core.tx import Tx

KEPT: Final = "kept"
REPLACED: Final = "replaced"
_SCREEN: Final = "conflicts"
_PURPOSE: Final = "administration"


@dataclass(frozen=True, slots=True)
class File:
    """One of the two files: how long it is in bytes, and when it came from whom."""

    length: int
    source: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class ConflictRow:
    """Two files under one UID, the image as it stands and the one that came later, and what was decided."""

    id: int
    organisation_id: int
    sop_instance_uid: str
    arrived: File
    standing: File
    series_instance_uid: str
    study_instance_uid: str
    patient_id: str
    patient_name: str
    resolution: str | None
    resolved_by: str | None
    resolved_at: datetime | None
    note: str


@dataclass(frozen=True, slots=True)
class _Pair:
    id: int
    organisation_id: int
    sop_instance_uid: str
    blob: str
    length: int
    digest: bytes
    source: str
    received_at: datetime
    is_open: bool
    resolved_by: str | None
    standing_blob: str
    standing_length: int
    standing_source: str
    standing_received_at: datetime


@dataclass(frozen=True, slots=True)
class Compared:
    """What the two files of a conflict say of themselves."""

    standing: File
    standing_says: Attributes
    arrived: File
    arrived_says: Attributes


async def every(tx: Tx, *, is_open: bool, before: int, limit: int) -> list[ConflictRow]:
    """Return conflicts of the hospitals that the actor settles for, newest first."""
    mine = list(tx.actor.organisations_with(Permission.ARCHIVE_RESOLVE))
    values = {"organisations": mine, "is_open": is_open, "before": before, "limit": limit}
    cursor = await tx.connection.execute(store.CONFLICTS, values)
    rows = [_row(row) for row in await cursor.fetchall()]
    subjects = {(row.organisation_id, f"patient/{row.patient_id}") for row in rows}
    await tx.audit_read(subjects, purpose=_PURPOSE, screen=_SCREEN)
    return rows


def _row(row: tuple[Any, ...]) -> ConflictRow:
    values: tuple[Any, ...] = (*row[:3], File(*row[3:6]), File(*row[6:9]), *row[9:])
    return ConflictRow(*values)


async def compare(tx: Tx, archive: Archive, number: int) -> Compared:
    """Return both files of a conflict side by side.

    Raises:
        NotFound: there is no such conflict, or the bytes of a file are gone.
    """
    pair = await _pair(tx, number)
    sources = await archive.peers.sources()
    standing = await asyncio.to_thread(describe_again, archive.blobs, pair.standing_blob, sources)
    arrived = await asyncio.to_thread(describe_again, archive.blobs, pair.blob, sources)
    subjects = {(pair.organisation_id, f"patient/{says.study.patient_id}") for says in (standing, arrived)}
    await tx.audit_read(subjects, purpose=_PURPOSE, screen=_SCREEN)
    return Compared(
        File(pair.standing_length, pair.standing_source, pair.standing_received_at),
        standing,
        File(pair.length, pair.source, pair.received_at),
        arrived,
    )


async def keep_standing(tx: Tx, numbers: Sequence[int], note: str) -> None:
    """Leave the images as they are; what came later stays aside.

    Raises:
        NotFound: there is no such conflict.
        Conflict: somebody settled it before.
    """
    for number in numbers:
        await _settle(tx, await _locked(tx, number), KEPT, note)


async def take_arrived(tx: Tx, archive: Archive, numbers: Sequence[int], note: str) -> None:
    """Put what came later in the place of the images; those are put aside.

    Raises:
        NotFound: there is no such conflict, or the bytes of a file are gone.
        Conflict: somebody settled it before.
    """
    sources = await archive.peers.sources()
    for number in numbers:
        pair = await _locked(tx, number)
        says = await asyncio.to_thread(describe_again, archive.blobs, pair.blob, sources)
        await _exchange(tx, archive, pair, says)
        await _settle(tx, pair, REPLACED, note)


async def _exchange(tx: Tx, archive: Archive, pair: _Pair, says: Attributes) -> None:
    values: dict[str, Any] = {"organisation_id": pair.organisation_id, "sop_instance_uid": pair.sop_instance_uid}
    await tx.connection.execute(store.LOCK_STUDY_OF, values)
    row = await (await tx.connection.execute(store.TAKE_OUT, values)).fetchone()
    if row is None:
        message = f"the image of conflict {pair.id} changed meanwhile; look at it again"
        raise Conflict(message)
    series, *old = row
    study = await _lower(tx, series)
    quiet_s = archive.machines.settings.study_quiet_s
    await write_batch(tx, pair.organisation_id, [_kept(pair, says)], archive.blobs, 0, quiet_s)
    aside = dict(zip(("blob", "length", "digest", "source", "received_at"), old, strict=True))
    await tx.connection.execute(store.PUT_ASIDE, {"id": pair.id, **aside})
    uid = await _drop_empty(tx, series, study)
    if uid != says.study.study_instance_uid:
        await tx.publish(StudyReduced(organisation_id=pair.organisation_id, study_instance_uid=uid))


async def _lower(tx: Tx, series: int) -> int:
    """Count one image less in a series and return the study of it."""
    row = await (await tx.connection.execute(store.LOWER_SERIES, {"series": series})).fetchone()
    return int(row[0]) if row else 0


async def _drop_empty(tx: Tx, series: int, study: int) -> str:
    """Let go of the series and the study that an image left, if it was their last; return which study that was."""
    await tx.connection.execute(store.DROP_EMPTY_SERIES, {"series": series})
    row = await (await tx.connection.execute(store.RECOUNT_STUDY, {"study": study})).fetchone()
    await tx.connection.execute(store.DROP_EMPTY_STUDY, {"study": study})
    return str(row[0]) if row else ""


def _kept(pair: _Pair, says: Attributes) -> Kept:
    return Kept(
        organisation_id=pair.organisation_id,
        blob=pair.blob,
        length=pair.length,
        digest=pair.digest,
        source=pair.source,
        received_at=pair.received_at,
        study=says.study,
        series=says.series,
        instance=says.instance,
    )


async def _pair(tx: Tx, number: int) -> _Pair:
    mine = list(tx.actor.organisations_with(Permission.ARCHIVE_RESOLVE))
    row = await (await tx.connection.execute(store.CONFLICT, {"id": number, "organisations": mine})).fetchone()
    if row is None:
        message = f"there is no conflict {number}, or it is not yours to settle"
        raise NotFound(message)
    return _Pair(*row)


async def _locked(tx: Tx, number: int) -> _Pair:
    await tx.connection.execute(store.LOCK_CONFLICT, {"id": number})
    pair = await _pair(tx, number)
    if not pair.is_open:
        message = f"conflict {number} was settled by {pair.resolved_by}; read the list again"
        raise Conflict(message)
    return pair


async def _settle(tx: Tx, pair: _Pair, resolution: str, note: str) -> None:
    values = {"id": pair.id, "resolution": resolution, "note": note, "resolved_by": tx.actor.name}
    await tx.connection.execute(store.SETTLE_CONFLICT, values)
    await tx.audit(
        f"conflict.{resolution}",
        organisation_id=pair.organisation_id,
        subject=f"image/{pair.sop_instance_uid}",
        purpose=_PURPOSE,
        screen=_SCREEN,
        detail={"conflict": pair.id, "note": note},
    )
