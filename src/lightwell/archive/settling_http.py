"""What engineers settle, over HTTP: conflicts and files in quarantine."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec

from lightwell.archive import conflicts, quarantine
from lightwell.archive.attributes import Attributes
from lightwell.archive.conflicts import ConflictRow, File
from lightwell.archive.quarantine import QuarantineRow, Repair
from lightwell.archive.room import Archive
from lightwell.archive.store import settle as store
from lightwell.core.actors import Permission
from lightwell.core.tx import Tx

_Numbers = Annotated[list[int], msgspec.Meta(min_length=1, max_length=200)]
_Note = Annotated[str, msgspec.Meta(max_length=500)]


class Unsettled(msgspec.Struct):
    """How much waits for somebody's decision."""

    conflicts: int
    quarantine: int


class Listed(msgspec.Struct):
    """Which part of a list: what is still open or what was settled, below a number, at most so many."""

    is_open: bool = True
    before: int = 1 << 62
    limit: Annotated[int, msgspec.Meta(ge=1, le=500)] = 200


class Said(msgspec.Struct):
    """What a file says of its patient, study and image."""

    patient_id: str
    patient_name: str
    patient_birth_date: str
    patient_sex: str
    study_instance_uid: str
    study_date: str
    study_description: str
    accession_number: str
    institution_name: str
    modality: str
    series_instance_uid: str
    series_number: int | None
    series_description: str
    sop_instance_uid: str
    instance_number: int | None
    number_of_frames: int
    transfer_syntax_uid: str


class Side(msgspec.Struct):
    """One file of a conflict."""

    length: int
    source: str
    received_at: datetime
    says: Said


class Comparison(msgspec.Struct):
    """Both files of a conflict."""

    standing: Side
    arrived: Side


class ConflictDecision(msgspec.Struct):
    """Which file is the image, for these conflicts."""

    numbers: _Numbers
    keep: Literal["standing", "arrived"]
    note: _Note = ""


class QuarantineDecision(msgspec.Struct):
    """What becomes of these files."""

    numbers: _Numbers
    act: Literal["accept", "reject"]
    note: _Note = ""
    repair: Repair = msgspec.field(default_factory=Repair)


class Described(msgspec.Struct):
    """What a file in quarantine says; None when it cannot be read at all, then it can only be rejected."""

    says: Said | None


async def unsettled(tx: Tx) -> Unsettled:
    """Count what waits for a decision."""
    mine = list(tx.actor.organisations_with(Permission.ARCHIVE_RESOLVE))
    row = await (await tx.connection.execute(store.UNSETTLED, {"organisations": mine})).fetchone()
    return Unsettled(*(row or (0, 0)))


async def conflict_list(tx: Tx, query: Listed) -> list[ConflictRow]:
    """Return conflicts, newest first."""
    return await conflicts.every(tx, is_open=query.is_open, before=query.before, limit=query.limit)


async def conflict(tx: Tx, archive: Archive, number: int) -> Comparison:
    """Return both files of a conflict side by side."""
    pair = await conflicts.compare(tx, archive, number)
    return Comparison(_side(pair.standing, pair.standing_says), _side(pair.arrived, pair.arrived_says))


async def settle_conflicts(tx: Tx, archive: Archive, body: ConflictDecision) -> None:
    """Keep the images as they stand, or take what arrived in their place."""
    if body.keep == "standing":
        await conflicts.keep_standing(tx, body.numbers, body.note)
    else:
        await conflicts.take_arrived(tx, archive, body.numbers, body.note)


async def quarantine_list(tx: Tx, query: Listed) -> list[QuarantineRow]:
    """Return files in quarantine, newest first."""
    return await quarantine.every(tx, is_open=query.is_open, before=query.before, limit=query.limit)


async def quarantined(tx: Tx, archive: Archive, number: int) -> Described:
    """Return what a file in quarantine says of itself."""
    says = await quarantine.described(tx, archive, number)
    return Described(None if says is None else _said(says))


async def settle_quarantine(tx: Tx, archive: Archive, body: QuarantineDecision) -> None:
    """File images, as they are or repaired, or reject them."""
    if body.act == "reject":
        await quarantine.reject(tx, body.numbers, body.note)
    else:
        await quarantine.accept(tx, archive, body.numbers, body.repair, body.note)


def _side(file: File, says: Attributes) -> Side:
    return Side(file.length, file.source, file.received_at, _said(says))


def _said(says: Attributes) -> Said:
    values: dict[str, Any] = {**asdict(says.study), **asdict(says.series), **asdict(says.instance)}
    return Said(**{name: values[name] for name in Said.__struct_fields__})
