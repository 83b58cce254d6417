"""Saving enhanced images: a derived series beside the one that it is made of, filed by the archive's own way in.

Nothing is changed and nothing superseded. Who saves the same again gets the same series, with the images that it still
lacks. A single picture is saved at once. A whole series is a job, and so is an image of several frames, since nobody
knows how many these are: it goes on over a restart, and tells how far it is.
"""

import asyncio
import logging
from dataclasses import dataclass
from typing import Final

from lightwell.archive import search
from lightwell.archive.codecs import Undecodable
from lightwell.archive.derived_writing import instance_uid, is_by_groups, series_uid, words_of, write
from lightwell.archive.enhancing import NotEnhanceable, enhanced_frame, read_source
from lightwell.archive.events import SeriesDerived
from lightwell.archive.header import ImageHeader
from lightwell.archive.inspection import Expected
from lightwell.archive.model import InstanceRow, Source
from lightwell.archive.room import Archive
from lightwell.archive.store import derive as store
from lightwell.core import logs
from lightwell.core.actors import Actor, house
from lightwell.core.compute import WorkDied, WorkTimedOut
from lightwell.core.errors import Conflict, Forbidden, LightwellError, NotFound
from lightwell.core.tx import Tx
from lightwell.imaging.enhance.enhancement import Enhancement, Method, Preset
from lightwell.imaging.form import Codec, PixelForm, decoded_form
from lightwell.standards.dicom.uids import ExplicitVRLittleEndian

log = logging.getLogger(__name__)
DERIVE: Final = "archive.derive_series"
_SCREEN: Final = "images"
_LABEL: Final = "derived images"
_OF_THE_IMAGE: Final = (NotEnhanceable, Undecodable, WorkDied, WorkTimedOut, Conflict)
"""What fails again however often it is tried."""
_TOLD: Final = 10
"""How often a whole series tells how far it is."""


@dataclass(frozen=True, slots=True)
class Place:
    """An image by its UIDs."""

    study: str
    series: str
    instance: str


@dataclass(frozen=True, slots=True)
class Begun:
    """A derived series, how many images are added to it, and whether they are there by now."""

    series_instance_uid: str
    image_count: int
    is_finished: bool


async def save_image(archive: Archive, actor: Actor, source: Place, frame: int, wanted: Enhancement) -> Begun:
    """Save one image, with all of its frames, enhanced; if it has several, have it done.

    Raises:
        NotFound: there is no such image or frame, or it is not the actor's to see.
        Forbidden: it belongs to a hospital that the actor may not store for.
        NotEnhanceable: it cannot be enhanced, or not be saved so.
        Conflict: it did not become part of the archive.
    """
    async with archive.machines.transactions.begin(actor) as tx:
        row = await search.instance(tx, archive.index, source.study, source.series, source.instance, _SCREEN)
        _require_own(tx, row)
    if not 1 <= frame <= row.number_of_frames:
        message = f"the image has the frames 1 to {row.number_of_frames}"
        raise NotFound(message)
    is_single = row.number_of_frames == 1
    if is_single:
        await _keep(archive, row, wanted)
        await archive.index.flushed()
    else:
        await asyncio.to_thread(_savable, archive, row)
    async with archive.machines.transactions.begin(actor) as tx:
        if not is_single:
            await _defer(tx, row, wanted, row.sop_instance_uid)
        await _note(tx, row, wanted)
    return Begun(series_uid(row, wanted), 1, is_finished=is_single)


async def begin_series(archive: Archive, actor: Actor, source: Place, wanted: Enhancement) -> Begun:
    """Have a whole series enhanced and saved; errors are those of :func:`save_image`."""
    async with archive.machines.transactions.begin(actor) as tx:
        rows = await search.retrieved(tx, archive.index, _SCREEN, studies=[source.study], series=[source.series])
        row = search.first([row for row in rows if row.sop_instance_uid == source.instance], "image")
        _require_own(tx, row)
        await asyncio.to_thread(_savable, archive, row)
        await _defer(tx, row, wanted)
        await _note(tx, row, wanted)
    return Begun(series_uid(row, wanted), len(rows), is_finished=False)


async def _defer(tx: Tx, row: InstanceRow, wanted: Enhancement, only: str = "") -> None:
    """Have the series of an image saved, or ``only`` one image of it."""
    await tx.defer(
        DERIVE,
        only_one=f"derive/{series_uid(row, wanted)}/{only}",
        organisation_id=row.organisation_id,
        study=row.study_instance_uid,
        series=row.series_instance_uid,
        method=wanted.method.value,
        strength=wanted.strength,
        preset=wanted.preset.value,
        only=only,
    )


def _require_own(tx: Tx, row: InstanceRow) -> None:
    if row.organisation_id not in tx.actor.organisation_ids:
        message = "this image belongs to another hospital; its own doctors save what is made of it"
        raise Forbidden(message)


def _savable(archive: Archive, row: InstanceRow) -> tuple[ImageHeader, PixelForm, Codec]:
    found = read_source(archive.blobs, row)
    if is_by_groups(found[0]):
        message = "an image with functional groups (enhanced multi-frame) can be looked at enhanced, but not saved so"
        raise NotEnhanceable(message)
    return found


async def _note(tx: Tx, row: InstanceRow, wanted: Enhancement) -> None:
    await tx.audit(
        "enhancement.saved",
        organisation_id=row.organisation_id,
        subject=f"patient/{row.patient_id}",
        purpose="treatment",
        screen=_SCREEN,
        detail={"enhancement": words_of(wanted)},
    )


async def _keep(archive: Archive, row: InstanceRow, wanted: Enhancement) -> None:
    """Write an image enhanced and have it kept as any other object that comes."""
    header, form, codec = await asyncio.to_thread(_savable, archive, row)
    place = (archive.blobs, archive.machines.compute, row)
    frames = [await enhanced_frame(*place, number, wanted, Codec.NATIVE) for number in range(row.number_of_frames)]
    content = await asyncio.to_thread(write, header, row, decoded_form(form, codec), frames, wanted)
    expected = Expected(row.sop_class_uid, instance_uid(row, series_uid(row, wanted)), ExplicitVRLittleEndian)
    incoming = archive.intake.open(Source(row.organisation_id, _LABEL), expected)
    incoming.write(content)
    kept = await incoming.keep()
    if kept.fault:
        message = f"the enhanced image was not filed ({kept.fault}); an engineer finds it in quarantine"
        raise Conflict(message)


@dataclass(frozen=True, slots=True)
class Deriver:
    """Enhances and saves a whole series, or only one image of it."""

    archive: Archive

    async def __call__(
        self, organisation_id: int, study: str, series: str, method: str, strength: float, preset: str, only: str = ""
    ) -> None:
        """Save what is not there yet, and tell now and then how far it is."""
        wanted = Enhancement(Method(method), strength, Preset(preset))
        rows = [row for row in await self._images(organisation_id, study, series) if only in {"", row.sop_instance_uid}]
        if not rows:
            return
        derived = series_uid(rows[0], wanted)
        present = {row.sop_instance_uid for row in await self._images(organisation_id, study, derived)}
        failed = 0
        for number, row in enumerate(rows, 1):
            if instance_uid(row, derived) not in present:
                failed += not await self._is_kept(row, wanted)
            if number == len(rows) or number * _TOLD // len(rows) > (number - 1) * _TOLD // len(rows):
                await self._tell(rows[0], derived, number - failed, failed, len(rows))

    async def _images(self, organisation_id: int, study: str, series: str) -> list[InstanceRow]:
        await self.archive.index.flushed()
        values = {"organisation_id": organisation_id, "study": study, "series": series}
        async with self.archive.machines.transactions.begin(house(organisation_id)) as tx:
            cursor = await tx.connection.execute(store.IMAGES, values)
            return [InstanceRow(*row) for row in await cursor.fetchall()]

    async def _is_kept(self, row: InstanceRow, wanted: Enhancement) -> bool:
        """Save an image; one that cannot be enhanced, as a scout in colours, does not keep the others from it."""
        try:
            await _keep(self.archive, row, wanted)
        except LightwellError as error:
            if not isinstance(error, _OF_THE_IMAGE):
                raise
            logs.event(log, logging.WARNING, "an image was not enhanced", error=error, blob=row.blob)
            return False
        return True

    async def _tell(self, row: InstanceRow, derived: str, done: int, failed: int, count: int) -> None:
        await self.archive.index.flushed()
        event = SeriesDerived(
            organisation_id=row.organisation_id,
            study_instance_uid=row.study_instance_uid,
            series_instance_uid=derived,
            done_count=done,
            failed_count=failed,
            image_count=count,
        )
        async with self.archive.machines.transactions.begin(house(row.organisation_id)) as tx:
            await tx.publish(event)
