"""One batch of one hospital into the index, as one transaction.

Studies, series, instances, in that order, each one statement however many rows; then the counts. What was there before
is told apart: the same file again, the same image again (superfluous), or another image under the same UID (a conflict,
kept for a person to decide).
"""

import asyncio
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import Any

import msgspec

from lightwell.archive.blobs import Blobs, data_set_offset, head
from lightwell.archive.events import StudyArrived
from lightwell.archive.faults import Fault
from lightwell.archive.keys import keys_of, request_keys
from lightwell.archive.model import InstanceAttributes, Kept, SeriesAttributes, StudyAttributes
from lightwell.archive.requests import of as requests_of
from lightwell.archive.store import write as store
from lightwell.core import clock
from lightwell.core.tx import Tx

CLOSE_STUDY = "archive.close_study"
NODE = "main"


@dataclass(frozen=True, slots=True)
class _Whole:
    """A kept file without a fault."""

    kept: Kept
    study: StudyAttributes
    series: SeriesAttributes
    instance: InstanceAttributes

    @property
    def series_uids(self) -> tuple[str, str]:
        return self.study.study_instance_uid, self.series.series_instance_uid


@dataclass(frozen=True, slots=True)
class _Known:
    """A file that is in the index under a UID, as the image or as a conflict."""

    blob: str
    length: int
    digest: bytes


async def write_batch(
    tx: Tx, organisation_id: int, batch: Sequence[Kept], blobs: Blobs, bucket: int, quiet_s: int
) -> list[str]:
    """Write the rows of a batch and return the blobs that are superfluous once this is committed."""
    whole = [_Whole(kept, kept.study, kept.series, kept.instance) for kept in batch if _is_whole(kept)]  # pyright: ignore[reportArgumentType]
    for kept in batch:
        if kept.fault:
            await tx.connection.execute(store.QUARANTINE, {**_file(kept), **_reason(kept.fault)})
    superfluous = await _write_whole(tx, organisation_id, whole, blobs, quiet_s) if whole else []
    if bucket:
        values = {"organisation_id": organisation_id, "node": NODE, "bucket": bucket}
        await tx.connection.execute(store.SET_CHECKPOINT, values)
    return superfluous


def _reason(fault: Fault) -> dict[str, str]:
    numbers = msgspec.json.encode(dict(fault.numbers)).decode()
    return {"reason": str(fault), "reason_code": fault.code, "reason_numbers": numbers}


def _is_whole(kept: Kept) -> bool:
    return not kept.fault and kept.instance is not None


async def _write_whole(tx: Tx, organisation_id: int, whole: Sequence[_Whole], blobs: Blobs, quiet_s: int) -> list[str]:
    studies = await _studies(tx, organisation_id, whole, quiet_s)
    series, new_series = await _series(tx, organisation_id, whole, studies)
    inserted = await _instances(tx, organisation_id, whole, series)
    await _count(tx, inserted, series, studies, new_series)
    again = [item for item in whole if item.kept.blob not in {blob.kept.blob for blob in inserted}]
    return await _settle(tx, organisation_id, again, blobs) if again else []


async def _studies(tx: Tx, organisation_id: int, whole: Sequence[_Whole], quiet_s: int) -> dict[str, int]:
    first = {item.study.study_instance_uid: item.study for item in reversed(whole)}
    columns = _columns([first[uid] for uid in sorted(first)], StudyAttributes)
    cursor = await tx.connection.execute(store.STUDIES, {"organisation_id": organisation_id, **columns})
    rows = await cursor.fetchall()
    await _keys(tx, organisation_id, [(number, first[uid]) for number, uid, is_new, _ in rows if is_new])
    begun = [(number, uid) for number, uid, is_new, is_open in rows if is_new or not is_open]
    await _watch(tx, organisation_id, begun, quiet_s)
    return {uid: number for number, uid, _, _ in rows}


async def _keys(tx: Tx, organisation_id: int, studies: Iterable[tuple[int, StudyAttributes]]) -> None:
    names = [(number, study.patient_id, study.accession_number, study.patient_name) for number, study in studies]
    await write_keys(tx, organisation_id, names)


async def write_keys(tx: Tx, organisation_id: int, studies: Iterable[tuple[int, str, str, str]]) -> None:
    """Write the search keys of studies, given as (id, patient ID, accession number, patient name)."""
    await _write_keys(
        tx, organisation_id, ((kind, key, study[0]) for study in studies for kind, key in keys_of(*study[1:]))
    )


async def write_request_keys(tx: Tx, organisation_id: int, series: Iterable[tuple[int, SeriesAttributes]]) -> None:
    """Write the search keys of what series were requested as, given with the id of their study."""
    found = (
        (number, requests_of(item.scheduled_procedure_step_ids, item.requested_procedure_ids))
        for number, item in series
    )
    await _write_keys(
        tx, organisation_id, ((kind, key, number) for number, item in found for kind, key in request_keys(item))
    )


async def _write_keys(tx: Tx, organisation_id: int, keys: Iterable[tuple[str, str, int]]) -> None:
    rows = sorted(set(keys))
    if rows:
        kinds, keys, numbers = (list(column) for column in zip(*rows, strict=True))
        values = {"organisation_id": organisation_id, "kinds": kinds, "keys": keys, "study_ids": numbers}
        await tx.connection.execute(store.KEYS, values)


async def _watch(tx: Tx, organisation_id: int, studies: Sequence[tuple[int, str]], quiet_s: int) -> None:
    """Announce studies that begin to arrive, and look again when they may be complete."""
    await tx.connection.execute(store.REOPEN, {"ids": [number for number, _ in studies]})
    for number, uid in studies:
        await tx.publish(StudyArrived(organisation_id=organisation_id, study_instance_uid=uid))
        at = clock.now() + timedelta(seconds=quiet_s)
        await tx.defer(CLOSE_STUDY, at=at, only_one=f"study/{number}", organisation_id=organisation_id, study=number)


async def _series(
    tx: Tx, organisation_id: int, whole: Sequence[_Whole], studies: dict[str, int]
) -> tuple[dict[tuple[str, str], int], Counter[int]]:
    first = {item.series_uids: item.series for item in reversed(whole)}
    ordered = sorted(first)
    values = _columns([first[uids] for uids in ordered], SeriesAttributes)
    values |= {"organisation_id": organisation_id, "study_id": [studies[study_uid] for study_uid, _ in ordered]}
    rows = await (await tx.connection.execute(store.SERIES, values)).fetchall()
    by_key = {(study_id, uid): number for number, study_id, uid, _ in rows}
    new = {(study_id, uid) for _, study_id, uid, is_new in rows if is_new}
    series = {uids: by_key[studies[uids[0]], uids[1]] for uids in ordered}
    begun = [(study, first[uids]) for uids in ordered if ((study := studies[uids[0]]), uids[1]) in new]
    await write_request_keys(tx, organisation_id, begun)
    return series, Counter(study_id for study_id, _ in new)


async def _instances(
    tx: Tx, organisation_id: int, whole: Sequence[_Whole], series: dict[tuple[str, str], int]
) -> list[_Whole]:
    values = _columns([item.instance for item in whole], InstanceAttributes)
    values |= _columns([item.kept for item in whole], Kept, only=("blob", "length", "digest", "source", "received_at"))
    values |= {"organisation_id": organisation_id, "series_id": [series[item.series_uids] for item in whole]}
    cursor = await tx.connection.execute(store.INSTANCES, values)
    inserted = {row[0] for row in await cursor.fetchall()}
    return [item for item in whole if item.kept.blob in inserted]


async def _count(
    tx: Tx,
    inserted: Sequence[_Whole],
    series: dict[tuple[str, str], int],
    studies: dict[str, int],
    new_series: Counter[int],
) -> None:
    by_series = Counter(series[item.series_uids] for item in inserted)
    by_study = Counter(studies[item.study.study_instance_uid] for item in inserted)
    touched = sorted(by_study.keys() | new_series.keys())
    if by_series:
        counts = {"series_ids": sorted(by_series), "counts": [by_series[number] for number in sorted(by_series)]}
        await tx.connection.execute(store.COUNT_SERIES, counts)
    if touched:
        totals = {
            "study_ids": touched,
            "instances": [by_study[number] for number in touched],
            "series": [new_series[number] for number in touched],
        }
        await tx.connection.execute(store.COUNT_STUDIES, totals)


async def _settle(tx: Tx, organisation_id: int, again: Sequence[_Whole], blobs: Blobs) -> list[str]:
    """Tell the same image again from another image under the same UID, and that from one that is a conflict already."""
    values = {
        "organisation_id": organisation_id,
        "sop_instance_uids": [item.instance.sop_instance_uid for item in again],
    }
    known: dict[str, list[_Known]] = {}
    for statement in (store.STANDING, store.CONFLICTS_OF):
        for uid, *row in await (await tx.connection.execute(statement, values)).fetchall():
            known.setdefault(uid, []).append(_Known(*row))
    superfluous: list[str] = []
    for item in again:
        others = known[item.instance.sop_instance_uid]
        if any(other.blob == item.kept.blob for other in others):
            continue
        if await asyncio.to_thread(_is_any, item, blobs, others):
            superfluous.append(item.kept.blob)
        else:
            conflict = {**_file(item.kept), "sop_instance_uid": item.instance.sop_instance_uid}
            await tx.connection.execute(store.CONFLICT, {**conflict, "digest": item.kept.digest})
            others.append(_Known(item.kept.blob, item.kept.length, item.kept.digest))
    return superfluous


def _is_any(item: _Whole, blobs: Blobs, others: Sequence[_Known]) -> bool:
    return any(_is_same(item, blobs, other) for other in others)


def _is_same(item: _Whole, blobs: Blobs, other: _Known) -> bool:
    """Tell whether two files hold the same data set; the meta header may differ."""
    if item.kept.digest != bytes(other.digest):
        return False
    mine, theirs = item.instance.data_set_offset, data_set_offset(head(blobs, other.blob))
    size = item.kept.length - mine
    return size == other.length - theirs and all(
        blobs.read_range(item.kept.blob, mine + place, 1 << 20) == blobs.read_range(other.blob, theirs + place, 1 << 20)
        for place in range(0, size, 1 << 20)
    )


def _file(kept: Kept) -> dict[str, Any]:
    names = ("organisation_id", "blob", "length", "source", "received_at")
    return {name: getattr(kept, name) for name in names}


def _columns(rows: Sequence[Any], kind: type[Any], only: Sequence[str] = ()) -> dict[str, list[Any]]:
    names = only or [item.name for item in fields(kind)]
    return {name: [getattr(row, name) for row in rows] for name in names}
