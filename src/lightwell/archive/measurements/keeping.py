"""The measurements of a study: which count, and filing those of a reader anew (ADR 27).

A reader has one series of reports in a study, and the newest of it counts: it holds all that they measured there. What
others send stands each for itself. What was rejected or withdrawn counts no longer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

import msgspec

from lightwell.archive import search, withdrawing
from lightwell.archive.derived import filing, finding, geometry, parsing
from lightwell.archive.derived.making import Pointed
from lightwell.archive.derived.parsing import Read
from lightwell.archive.measurements import checking, reading, writing
from lightwell.archive.measurements.model import Measurement, Measurements, MeasurementSet, NewSet, Space
from lightwell.archive.measurements.reading import Report
from lightwell.archive.model import InstanceRow, Source, StudyRow
from lightwell.archive.room import Archive
from lightwell.archive.standing import standing
from lightwell.archive.store import write as store
from lightwell.archive.withdrawing import STATES, Held, reporter
from lightwell.core import clock
from lightwell.core.actors import Actor
from lightwell.core.errors import Conflict, InvalidRequest, NotFound
from lightwell.core.tx import Tx

_SCREEN: Final = "measurements"
_REPORTS: Final = ("88.22", "88.33", "88.34", "88.35")
REPORTS: Final = tuple(f"1.2.840.10008.5.1.4.1.1.{part}" for part in _REPORTS)
"""Enhanced, Comprehensive, Comprehensive 3D and Extensible SR: those that a TID 1500 fits in."""
_WRITE_S: Final = 30.0
Document = tuple[str, str, bytes]
"""SOP Class UID, SOP Instance UID and data set."""


class MeasurementsChanged(Conflict):
    """Another page of the same reader filed a set since this one began: nothing of it is replaced unseen."""

    code: ClassVar[str] = "measurements_changed"

    def __init__(self) -> None:
        super().__init__(
            "expected a set that follows the one that stands, but you saved another since, from another page;"
            " nothing was replaced: reload, and save again"
        )


@dataclass(frozen=True, slots=True)
class _Rows:
    """Images that measurements are marked in, by SOP Instance UID; one of each series whose space they are in."""

    images: Mapping[str, InstanceRow]
    of_series: Mapping[str, InstanceRow]


async def of_study(actor: Actor, archive: Archive, study_uid: str) -> Measurements:
    """Return what was measured in a study."""
    begin = archive.machines.transactions.begin
    async with begin(actor) as tx:
        study = await finding.study_of(tx, archive, study_uid, _SCREEN)
        newest = finding.newest(await finding.objects_of(tx, archive, study, REPORTS, _SCREEN))
        stand = await standing(tx, archive, study, newest)
    reports, unreadable = await parsing.read_each(archive, stand.rows, reading.read, reading.LARGEST)
    async with begin(actor) as tx:
        images = await finding.pointed_at(tx, archive, study, _images_of(reports), _SCREEN)
    said = await geometry.said_of(archive.blobs, _measured_in_mm(reports, images))
    mine = reporter(actor, study).series_instance_uid
    found = Measurements([], unreadable + stand.unreadable)
    for report in reports:
        if not report.said.has_groups:
            continue
        there = [one for item in report.said.measurements if (one := _found(item, images, said))]
        found.unreadable += report.said.unreadable + len(report.said.measurements) - len(there)
        is_mine = report.row.series_instance_uid == mine
        uid = report.row.sop_instance_uid
        found.sets.append(MeasurementSet(uid, report.said.made_at, report.said.maker, is_mine, there))
    return found


def _images_of(reports: Sequence[Read[Report]]) -> list[str]:
    said = [one for report in reports for one in report.said.measurements]
    return [one.place.sop_instance_uid for one in said if one.place]


def _measured_in_mm(reports: Sequence[Read[Report]], images: Mapping[str, InstanceRow]) -> list[InstanceRow]:
    """Return the images that lengths or areas were measured in; of the others nobody asks how large pixels are."""
    said = [one for report in reports for one in report.said.measurements if _is_in_mm(one)]
    uids = {one.place.sop_instance_uid for one in said if one.place}
    return [image for uid, image in images.items() if uid in uids]


def _is_in_mm(measurement: Measurement) -> bool:
    return any(value.unit in checking.IN_MM for value in measurement.values)


def _found(
    measurement: Measurement, images: Mapping[str, InstanceRow], said: Mapping[str, geometry.Said]
) -> Measurement | None:
    """Return a measurement with the series that its image is in, and whether it holds at the detector only.

    None where the image or frame is not there.
    """
    if measurement.place is None:
        return measurement if measurement.space and measurement.space.series_instance_uid else None
    image = images.get(measurement.place.sop_instance_uid)
    if image is None or measurement.place.frame > image.number_of_frames:
        return None
    place = msgspec.structs.replace(measurement.place, series_instance_uid=image.series_instance_uid)
    is_at_detector = _is_in_mm(measurement) and said[image.sop_instance_uid].is_at_detector(place.frame)
    return msgspec.structs.replace(measurement, place=place, is_at_detector=is_at_detector)


async def keep(actor: Actor, archive: Archive, study_uid: str, wanted: NewSet) -> str | None:
    """File all that the actor measured in a study; return the SOP Instance UID of the document.

    An empty list withdraws the set before; where there is none, nothing is filed. Either way the presentation states
    that were drawn of the set before are withdrawn. Everything is made before the reader's series is locked.

    Raises:
        NotFound: the study or an image is not there, or not the actor's to see.
        Forbidden: it belongs to a hospital that the actor may not store for.
        InvalidRequest: a measurement cannot be: its points, its quantities, its frame.
        MeasurementMismatch: a value is not what comes of the points.
        NoSpacing: a value is in mm, and the image does not say how large its pixels are.
        MeasurementsChanged: another page filed a set of this reader since.
        Conflict: the document did not become part of the archive.
    """
    begin = archive.machines.transactions.begin
    _check_forms(wanted.measurements)
    async with begin(actor) as tx:
        study = await finding.study_of(tx, archive, study_uid, _SCREEN)
        finding.require_own(tx, study)
        rows = await _pointed_at(tx, archive, study, wanted.measurements)
        held = await _held(tx, archive, study)
    _require_base(wanted, held)
    await _check(archive, wanted.measurements, rows)
    documents = await _made(actor, archive, study, wanted.measurements, rows.images, held)
    async with begin(actor) as tx:
        await _file(tx, archive, study, held, documents)
        await _note(tx, study, "measurement.saved" if wanted.measurements else "measurement.withdrawn")
    return documents[-1][1] if documents else None


def _require_base(wanted: NewSet, held: Held) -> None:
    if wanted.based_on is not msgspec.UNSET and wanted.based_on != held.base:
        raise MeasurementsChanged


async def _held(tx: Tx, archive: Archive, study: StudyRow) -> Held:
    return await withdrawing.held_by(tx, archive, study, REPORTS, STATES, _SCREEN)


async def _made(
    actor: Actor,
    archive: Archive,
    study: StudyRow,
    measurements: Sequence[Measurement],
    images: Mapping[str, InstanceRow],
    held: Held,
) -> list[Document]:
    """Return what is to be filed: what withdraws the set before and its states, then the new set."""
    run = archive.machines.compute.run
    documents: list[Document] = []
    report = [held.report] if held.report and not measurements else []
    if report or held.has_stale_states:
        taken_back = [*report, *held.states]
        arguments = actor, study, taken_back, held.withdrawals + 1
        documents.append(await run(withdrawing.take_back, *arguments, timeout_s=_WRITE_S))
    if measurements:
        by, pointed = reporter(actor, study), {uid: _image(row) for uid, row in images.items()}
        written = study, by, measurements, pointed, held.number + 1, clock.now()
        documents.append(await run(writing.write, *written, timeout_s=_WRITE_S))
    return documents


async def _file(tx: Tx, archive: Archive, study: StudyRow, held: Held, documents: Sequence[Document]) -> None:
    """File documents one after the other, unless another page of the reader did so while they were made."""
    by = reporter(tx.actor, study)
    await tx.connection.execute(store.ALONE, {"key": by.series_instance_uid})
    if documents and await _held(tx, archive, study) != held:
        raise MeasurementsChanged
    for document in documents:
        await filing.file(archive, Source(study.organisation_id, f"measurements ({by.name})"), *document)


async def _note(tx: Tx, study: StudyRow, action: str) -> None:
    subject = f"patient/{study.patient_id}"
    await tx.audit(action, organisation_id=study.organisation_id, subject=subject, purpose="treatment", screen=_SCREEN)


def _check_forms(measurements: Sequence[Measurement]) -> None:
    if len({one.uid for one in measurements}) < len(measurements):
        message = "expected a tracking identifier of its own for each measurement, some came twice"
        raise InvalidRequest(message)
    for one in measurements:
        checking.check_form(one)


async def _pointed_at(tx: Tx, archive: Archive, study: StudyRow, measurements: Sequence[Measurement]) -> _Rows:
    """Return the images that measurements are marked in, and one of each series in whose space others are."""
    wanted = [one.place.sop_instance_uid for one in measurements if one.place]
    images = await finding.pointed_at(tx, archive, study, wanted, _SCREEN)
    for one in measurements:
        if one.place is not None:
            _require_image(one, images)
    series = {one.space.series_instance_uid for one in measurements if one.space}
    return _Rows(images, {uid: await _image_of(tx, archive, study, uid) for uid in series})


async def _image_of(tx: Tx, archive: Archive, study: StudyRow, series_uid: str) -> InstanceRow:
    uid = study.study_instance_uid
    found = await search.retrieved(tx, archive.index, _SCREEN, studies=[uid], series=[series_uid])
    return search.first(found, "series")


async def _check(archive: Archive, measurements: Sequence[Measurement], rows: _Rows) -> None:
    """Make sure that the values of measurements come of their points, and points in space lie in that of the series."""
    said = await geometry.said_of(archive.blobs, [*rows.images.values(), *rows.of_series.values()])
    for one in measurements:
        if one.place is not None:
            spacing_mm = said[one.place.sop_instance_uid].spacing_mm(one.place.frame, one.place.points)
            checking.check_values(one, spacing_mm)
        elif one.space is not None:
            image = rows.of_series[one.space.series_instance_uid]
            _require_space(one.space, said[image.sop_instance_uid])
            checking.check_values(one, None)


def _require_space(space: Space, said: geometry.Said) -> None:
    """Make sure that points in space are in that of the series: another has its origin elsewhere."""
    if said.text(geometry.FRAME_OF_REFERENCE, 1) != space.frame_of_reference_uid:
        message = "expected points in the frame of reference of the series, another came; reload the series"
        raise InvalidRequest(message)


def _require_image(measurement: Measurement, rows: Mapping[str, InstanceRow]) -> None:
    place = measurement.place
    row = rows.get(place.sop_instance_uid) if place else None
    if place is None or row is None or row.series_instance_uid != place.series_instance_uid:
        message = f"measurement {measurement.uid}: there is no such image in the study, or it is not yours to see"
        raise NotFound(message)
    if place.frame > row.number_of_frames:
        message = (
            f"measurement {measurement.uid}: expected a frame from 1 to {row.number_of_frames}, {place.frame} came"
        )
        raise InvalidRequest(message)


def _image(row: InstanceRow) -> writing.Image:
    pointed = Pointed(row.series_instance_uid, row.sop_class_uid, row.sop_instance_uid)
    return writing.Image(pointed, has_frames=row.number_of_frames > 1)
