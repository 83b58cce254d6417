"""Key images of a study: which count, and choosing others.

What every document in the study points at is put together, for each image of the same hospital that is there:

* rejected beats chosen: an image that somebody rejected is never shown as key
* a document that was rejected itself does not count (IHE IOCM)
* of the documents that people make here, the newest of each series counts: it holds the whole choice of its maker
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from lightwell.archive import keyobject, search
from lightwell.archive.derived import filing, finding
from lightwell.archive.derived.making import Maker, maker
from lightwell.archive.keyobject import SOP_CLASS, KeyObject, Reference
from lightwell.archive.keyobject_writing import Chosen, withdraw, write
from lightwell.archive.model import InstanceRow, Match, Source, StudyRow
from lightwell.archive.query import Query
from lightwell.archive.room import Archive
from lightwell.archive.store import find
from lightwell.archive.store import write as store
from lightwell.core import clock
from lightwell.core.errors import Forbidden, InvalidRequest, LightwellError, NotFound
from lightwell.core.tx import Tx
from lightwell.standards.dicom.errors import DicomError

_SCREEN: Final = "key images"
_MOST_READ: Final = 500
_KEY_OBJECT: Final = "KO"
_DOCUMENTS: Final = ("1.2.840.10008.5.1.4.1.1.88.", "1.2.840.10008.5.1.4.1.1.11.")  # reports, presentation states
Frame = int | None


@dataclass(frozen=True, slots=True)
class Document:
    """A document of the study that was read."""

    row: InstanceRow
    said: KeyObject


@dataclass(frozen=True, slots=True)
class Pointed:
    """An image that is there, and the document that points at it or at some of its frames."""

    image: InstanceRow
    frames: Sequence[Frame]
    document: Document


@dataclass(slots=True)
class KeyImages:
    """What counts in a study."""

    chosen: list[Pointed] = field(default_factory=list[Pointed])
    rejected: list[Pointed] = field(default_factory=list[Pointed])
    absent: int = 0
    unreadable: int = 0


async def of_study(tx: Tx, archive: Archive, study_uid: str) -> KeyImages:
    """Return the key images of a study, and those that somebody rejected."""
    found = KeyImages()
    documents = [document async for document in _documents(tx, archive, study_uid, found)]
    counting = _counting(documents)
    wanted = {reference.sop_instance_uid for document in counting for reference in document.said.references}
    rows = await search.retrieved(tx, archive.index, _SCREEN, studies=[study_uid], instances=sorted(wanted))
    images = {(row.organisation_id, row.sop_instance_uid): row for row in rows if not _is_document(row.sop_class_uid)}
    for document in counting:
        _point(found, document, images)
    out = {(item.image.organisation_id, item.image.sop_instance_uid) for item in found.rejected}
    found.chosen = [
        item for item in found.chosen if (item.image.organisation_id, item.image.sop_instance_uid) not in out
    ]
    return found


def _point(found: KeyImages, document: Document, images: Mapping[tuple[int, str], InstanceRow]) -> None:
    title = document.said.title
    if not (title.is_choosing or title.is_rejecting):
        return
    for reference in document.said.references:
        image = images.get((document.row.organisation_id, reference.sop_instance_uid))
        frames = _frames(reference, image)
        if image is None or not frames:
            found.absent += not _is_document(reference.sop_class_uid)
            continue
        (found.rejected if title.is_rejecting else found.chosen).append(Pointed(image, frames, document))


def _is_document(sop_class_uid: str) -> bool:
    """Tell whether something is said about images rather than being one: it can be rejected, but is never key."""
    return sop_class_uid.startswith(_DOCUMENTS)


async def rejected_in(tx: Tx, archive: Archive, study: StudyRow) -> tuple[set[str], int]:
    """Return what documents of a study reject as its hospital has it, by SOP Instance UID; how many are unreadable."""
    if _KEY_OBJECT not in study.modalities:
        return set(), 0
    found = KeyImages()
    documents = [item async for item in _documents(tx, archive, study.study_instance_uid, found)]
    own = [item for item in documents if item.row.organisation_id == study.organisation_id]
    rejected = {
        reference.sop_instance_uid
        for document in _counting(own)
        if document.said.title.is_rejecting
        for reference in document.said.references
    }
    return rejected, found.unreadable


def _frames(reference: Reference, image: InstanceRow | None) -> Sequence[Frame]:
    if image is None or not reference.frames:
        return [None]
    return [number for number in reference.frames if 1 <= number <= image.number_of_frames]


async def _documents(tx: Tx, archive: Archive, study_uid: str, found: KeyImages) -> AsyncIterator[Document]:
    query = Query(find.INSTANCE, limit=search.MOST_ROWS)
    query.match("StudyInstanceUID", study_uid)
    query.match("SOPClassUID", SOP_CLASS)
    rows = finding.newest(await search.matches(tx, archive.index, query, _SCREEN))
    found.unreadable += max(0, len(rows) - _MOST_READ)
    for row in rows[:_MOST_READ]:
        try:
            yield Document(row, await asyncio.to_thread(keyobject.read, archive.blobs, row))
        except (DicomError, LightwellError):
            found.unreadable += 1


def _counting(documents: Sequence[Document]) -> list[Document]:
    """Leave out the documents that were rejected themselves."""
    rejected = {
        (document.row.organisation_id, reference.sop_instance_uid)
        for document in documents
        if document.said.title.is_rejecting
        for reference in document.said.references
    }
    return [item for item in documents if (item.row.organisation_id, item.row.sop_instance_uid) not in rejected]


@dataclass(frozen=True, slots=True)
class Choice:
    """An image, or one frame of it, that a person wants to be key or no longer."""

    series_instance_uid: str
    sop_instance_uid: str
    frame: Frame
    is_key: bool


async def choose(tx: Tx, archive: Archive, study_uid: str, choice: Choice) -> None:
    """Choose an image as key, or take the choice back; either way a new document is filed, and none is changed.

    Raises:
        NotFound: there is no such image, or it is not the actor's to see.
        Forbidden: it belongs to a hospital that the actor may not store for.
        InvalidRequest: the image has no such frame.
        Conflict: somebody rejected the image, or the document did not become part of the archive.
    """
    image = await search.instance(
        tx, archive.index, study_uid, choice.series_instance_uid, choice.sop_instance_uid, _SCREEN
    )
    _require(tx, image, choice)
    by = maker(tx.actor.name, tx.actor.account_id, image.organisation_id, study_uid)
    await tx.connection.execute(store.ALONE, {"key": by.series_instance_uid})
    study, last, number = await _last(tx, archive, image, by)
    before = [] if last is None else [*last.said.references]
    after = _changed(before, image, choice)
    if after == before:
        return
    chosen = await _chosen(tx, archive, study, after)
    if chosen:
        uid, content = write(study, by, chosen, number, clock.now())
    elif last is not None:
        old = Chosen(by.series_instance_uid, Reference(SOP_CLASS, last.row.sop_instance_uid))
        uid, content = withdraw(study, by, [old], number, clock.now())
    else:
        return
    source = Source(image.organisation_id, f"key images ({by.name})")
    await filing.file(archive, source, SOP_CLASS, uid, content)
    await tx.audit(
        "keyimage.chosen" if choice.is_key else "keyimage.withdrawn",
        organisation_id=image.organisation_id,
        subject=f"patient/{image.patient_id}",
        purpose="treatment",
        screen=_SCREEN,
    )


def _require(tx: Tx, image: InstanceRow, choice: Choice) -> None:
    if image.organisation_id not in tx.actor.organisation_ids:
        message = "this image belongs to another hospital; its own doctors choose its key images"
        raise Forbidden(message)
    if choice.frame is not None and not 1 <= choice.frame <= image.number_of_frames:
        message = f"expected a frame from 1 to {image.number_of_frames}, {choice.frame} came"
        raise InvalidRequest(message)


async def _last(tx: Tx, archive: Archive, image: InstanceRow, by: Maker) -> tuple[StudyRow, Document | None, int]:
    """Return the study, the last choice of the maker that still counts, and the number of the next document."""
    every = [item async for item in _documents(tx, archive, image.study_instance_uid, KeyImages())]
    mine = [item for item in every if item.row.organisation_id == image.organisation_id]
    newest = next((item for item in mine if item.row.series_instance_uid == by.series_instance_uid), None)
    number = 1 if newest is None else finding.number_of(newest.row) + 1
    counts = newest is not None and not newest.said.title.is_rejecting and newest in _counting(mine)
    return await _study(tx, archive, image), newest if counts else None, number


async def _study(tx: Tx, archive: Archive, image: InstanceRow) -> StudyRow:
    query = Query(limit=1, organisation_ids=[image.organisation_id])
    query.match("StudyInstanceUID", image.study_instance_uid)
    found: list[Match] = await search.matches(tx, archive.index, query, _SCREEN)
    if not found:
        message = "there is no such study, or it is not yours to see"
        raise NotFound(message)
    return found[0].study


def _changed(before: Sequence[Reference], image: InstanceRow, choice: Choice) -> list[Reference]:
    """Return the references with an image or frame more or less; the last frame to go takes its image with it."""
    others = [item for item in before if item.sop_instance_uid != image.sop_instance_uid]
    own = [item for item in before if item.sop_instance_uid == image.sop_instance_uid]
    every = tuple(range(1, image.number_of_frames + 1)) if image.number_of_frames > 1 else (1,)
    frames = {number for item in own for number in (item.frames or every)}
    touched = set(every) if choice.frame is None else {choice.frame}
    frames = frames | touched if choice.is_key else frames - touched
    if not frames:
        return others
    kept = () if frames == set(every) else tuple(sorted(frames))
    mine = Reference(image.sop_class_uid, image.sop_instance_uid, kept)
    return list(before) if [mine] == own else [*others, mine]


async def _chosen(tx: Tx, archive: Archive, study: StudyRow, references: Sequence[Reference]) -> list[Chosen]:
    """Return the references with their series; what has gone from the archive meanwhile is left out."""
    wanted = [reference.sop_instance_uid for reference in references]
    uid = study.study_instance_uid
    rows = await search.retrieved(tx, archive.index, _SCREEN, studies=[uid], instances=wanted)
    own = {row.sop_instance_uid: row for row in rows if row.organisation_id == study.organisation_id}
    return [
        Chosen(own[item.sop_instance_uid].series_instance_uid, item)
        for item in references
        if item.sop_instance_uid in own
    ]
