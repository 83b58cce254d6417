"""The segmentations of a study, and the images that they lie on."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from lightwell.archive import search
from lightwell.archive.codecs import undecodable
from lightwell.archive.derived import finding, geometry, parsing
from lightwell.archive.model import InstanceRow
from lightwell.archive.room import Archive
from lightwell.archive.segmentations import labels, placing, reading
from lightwell.archive.segmentations.model import Refusal, Segmentation, SegmentedImage
from lightwell.archive.segmentations.placing import Placed, Planes
from lightwell.archive.segmentations.reading import Said
from lightwell.archive.standing import standing
from lightwell.core.actors import Actor
from lightwell.core.errors import LightwellError, UnsupportedMedia
from lightwell.core.tx import Tx
from lightwell.standards.dicom.errors import DicomError

SCREEN: Final = "segmentations"
SEGMENTATIONS: Final = ("1.2.840.10008.5.1.4.1.1.66.4", "1.2.840.10008.5.1.4.1.1.66.7")
_MOST_IMAGES: Final = 5000


@dataclass(frozen=True, slots=True)
class Laid:
    """A segmentation that was read and laid over the images of its study."""

    row: InstanceRow
    said: Said
    placed: Placed


async def of_study(actor: Actor, archive: Archive, study_uid: str) -> list[Segmentation]:
    """Return the segmentations of a study; one that cannot be shown says why."""
    begin = archive.machines.transactions.begin
    async with begin(actor) as tx:
        study = await finding.study_of(tx, archive, study_uid, SCREEN)
        found = await finding.objects_of(tx, archive, study, SEGMENTATIONS, SCREEN)
        rows, _ = await standing(tx, archive, study, [item.instance for item in found if item.instance])
    shown: list[Segmentation] = []
    for row in rows[: parsing.MOST_READ]:
        try:
            laid = await lay(actor, archive, row)
            has_overlaps = await labels.has_overlaps(archive, row, laid.said, laid.placed)
            shown.append(_told(laid, has_overlaps=has_overlaps))
        except (DicomError, LightwellError):
            shown.append(_refused(row, "unreadable"))
    return shown + [_refused(row, "too_many") for row in rows[parsing.MOST_READ :]]


def _told(laid: Laid, *, has_overlaps: bool) -> Segmentation:
    said, placed = laid.said, laid.placed
    return Segmentation(
        sop_instance_uid=laid.row.sop_instance_uid,
        series_instance_uid=laid.row.series_instance_uid,
        label=said.label,
        description=said.description,
        source_series_uid=said.source_series_uid,
        rows=said.rows,
        columns=said.columns,
        segments=list(said.segments),
        images=list(placed.images),
        is_fractional=said.is_fractional,
        has_overlaps=has_overlaps,
        absent=placed.absent,
        refusal=placed.refusal,
    )


def _refused(row: InstanceRow, refusal: Refusal) -> Segmentation:
    uids = row.sop_instance_uid, row.series_instance_uid
    return Segmentation(
        *uids, "", "", "", 0, 0, [], [], is_fractional=False, has_overlaps=False, absent=0, refusal=refusal
    )


async def one(actor: Actor, archive: Archive, study_uid: str, uid: str) -> Laid:
    """Return one segmentation, laid over the images of its study.

    Raises:
        NotFound: there is none, or it is not the actor's to see.
        UnsupportedMedia: it is another object, or cannot be laid over images here.
        Undecodable: it is damaged.
    """
    async with archive.machines.transactions.begin(actor) as tx:
        row = await finding.object_of(tx, archive, study_uid, uid, SCREEN)
    if row.sop_class_uid not in SEGMENTATIONS:
        message = f"expected a segmentation, this object is of the SOP class {row.sop_class_uid}"
        raise UnsupportedMedia(message)
    try:
        laid = await lay(actor, archive, row)
    except DicomError as error:
        raise undecodable(error) from error
    if laid.placed.refusal:
        message = f"this segmentation cannot be laid over the images of the study: {laid.placed.refusal}"
        raise UnsupportedMedia(message)
    return laid


async def lay(actor: Actor, archive: Archive, row: InstanceRow) -> Laid:
    """Read a segmentation, and lay it over the images of its study.

    Raises:
        DataSetError: it cannot be read.
        NotFound: its bytes are gone.
    """
    said = await parsing.read(archive, row, reading.read, reading.LARGEST)
    async with archive.machines.transactions.begin(actor) as tx:
        rows = await _images(tx, archive, row, said)
    planes = await _planes(archive, rows)
    placed = await asyncio.to_thread(placing.place, said, planes)
    series = {image.sop_instance_uid: image.series_instance_uid for image in rows}
    own = [series[image.sop_instance_uid] for image in islice(placed.images, 1)]
    return Laid(row, replace(said, source_series_uid=own[0] if own else said.source_series_uid), placed)


async def _images(tx: Tx, archive: Archive, row: InstanceRow, said: Said) -> list[InstanceRow]:
    """Return the images that it may lie on: those that it names; if that is not all, those of its series or size."""
    study, named = row.study_instance_uid, {uid for frame in said.frames for uid, _ in frame.sources}
    index = archive.index
    found = await search.retrieved(tx, index, SCREEN, studies=[study], instances=sorted(named)) if named else []
    if len(found) < len(named) or not all(frame.sources for frame in said.frames):
        found = await search.retrieved(tx, index, SCREEN, studies=[study], series=[said.source_series_uid])
        if not found:
            every = await search.retrieved(tx, index, SCREEN, studies=[study])
            found = [item for item in every if (item.rows, item.columns) == (said.rows, said.columns)]
    own = [item for item in found if item.organisation_id == row.organisation_id]
    return [item for item in own if item.rows and item.sop_class_uid not in SEGMENTATIONS][:_MOST_IMAGES]


async def _planes(archive: Archive, rows: Sequence[InstanceRow]) -> Planes:
    said = await geometry.said_of(archive.blobs, rows)
    return {
        SegmentedImage(row.sop_instance_uid, frame): geometry.plane_of(said[row.sop_instance_uid], row, frame)
        for row in rows
        for frame in range(1, row.number_of_frames + 1)
    }
