"""The presentation states of a study: finding them, and filing another. Each stands for itself until it is rejected."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from lightwell.archive.derived import filing, finding, geometry, parsing
from lightwell.archive.derived.geometry import Said
from lightwell.archive.derived.making import Maker, maker
from lightwell.archive.derived.parsing import Read
from lightwell.archive.model import InstanceRow, Source, StudyRow
from lightwell.archive.presentations import grouping, reading, writing
from lightwell.archive.presentations.images import own_grey, with_tables
from lightwell.archive.presentations.model import (
    MEASUREMENTS,
    NewPresentation,
    Presentation,
    Presentations,
    PresentedImage,
    Refusal,
)
from lightwell.archive.presentations.reading import State
from lightwell.archive.presentations.writing import Image, Images
from lightwell.archive.room import Archive
from lightwell.archive.standing import standing
from lightwell.archive.withdrawing import DRAWN, STATES
from lightwell.core import clock
from lightwell.core.actors import Actor
from lightwell.core.errors import InvalidRequest, NotFound
from lightwell.core.tx import Tx

_SCREEN: Final = "presentations"
_KIND: Final = "presentations"
_MOST_IMAGES: Final = 5000
_WRITE_S: Final = 30.0


async def of_study(actor: Actor, archive: Archive, study_uid: str) -> Presentations:
    """Return the presentation states of a study, the newest first; images that are not there are left out."""
    begin = archive.machines.transactions.begin
    async with begin(actor) as tx:
        study = await finding.study_of(tx, archive, study_uid, _SCREEN)
        found = await finding.objects_of(tx, archive, study, STATES, _SCREEN)
        stand = await standing(tx, archive, study, [item.instance for item in found if item.instance])
    states, unreadable = await parsing.read_each(archive, stand.rows, reading.read, reading.LARGEST)
    async with begin(actor) as tx:
        images = await finding.pointed_at(tx, archive, study, _images_of(states), _SCREEN)
    said = await geometry.said_of(archive.blobs, images.values())
    mine = [_maker(actor, study, kind).series_instance_uid for kind in (_KIND, DRAWN)]
    shown = [_presentation(state, images, said, mine) for state in states]
    there = sorted((one for one in shown if one.images), key=lambda one: one.made_at, reverse=True)
    return Presentations(there, unreadable + stand.unreadable + len(shown) - len(there))


def _images_of(states: Sequence[Read[State]]) -> set[str]:
    return {uid for state in states for uid in state.said.images}


def _presentation(
    read: Read[State], images: Mapping[str, InstanceRow], said: Mapping[str, Said], mine: Collection[str]
) -> Presentation:
    state = read.said
    shown = _shown(state, images, said)
    refusals: list[Refusal] = [refusal for _, refusal in shown if refusal]
    return Presentation(
        sop_instance_uid=read.row.sop_instance_uid,
        made_at=state.made_at,
        maker=state.maker,
        is_mine=read.row.series_instance_uid in mine,
        label=state.label,
        description=state.description,
        images=[image for image, _ in shown],
        refusal=refusals[0] if refusals else "",
    )


def _shown(
    state: State, images: Mapping[str, InstanceRow], said: Mapping[str, Said]
) -> list[tuple[PresentedImage, Refusal]]:
    """Return how each frame is shown; a state of more frames than anybody looks at shows none."""
    there = {uid: row for uid in state.images if (row := images.get(uid))}
    frames = {uid: state.images[uid] or range(1, row.number_of_frames + 1) for uid, row in there.items()}
    if sum(map(len, frames.values())) > _MOST_IMAGES:
        return []
    return [
        reading.shown(state, row, frame, own_grey(said[uid], frame))
        for uid, row in there.items()
        for frame in frames[uid]
        if 1 <= frame <= row.number_of_frames
    ]


def _maker(actor: Actor, study: StudyRow, kind: str) -> Maker:
    return maker(actor.name, actor.account_id, study.organisation_id, study.study_instance_uid, kind)


async def keep(actor: Actor, archive: Archive, study_uid: str, wanted: NewPresentation) -> list[str]:
    """File how images are to be shown; return the SOP Instance UIDs of the states that it takes, all of one time.

    All of them are made before the first is filed. Nothing is locked: two states of a reader that are made at the same
    moment may have the same number, by which nobody goes.

    Raises:
        NotFound: the study or an image is not there, or not the actor's to see.
        Forbidden: it belongs to a hospital that the actor may not store for.
        InvalidRequest: an image cannot be shown so.
        MixedPresentation: images take more states than are filed at once.
        Conflict: a state did not become part of the archive.
    """
    begin = archive.machines.transactions.begin
    async with begin(actor) as tx:
        study = await finding.study_of(tx, archive, study_uid, _SCREEN)
        finding.require_own(tx, study)
        rows = await finding.pointed_at(tx, archive, study, [one.sop_instance_uid for one in wanted.images], _SCREEN)
        every = await finding.objects_of(tx, archive, study, STATES, _SCREEN)
    images = await _checked(archive, rows, wanted.images)
    by = _maker(actor, study, DRAWN if wanted.label == MEASUREMENTS else _KIND)
    own = [row for row in finding.newest(every) if row.series_instance_uid == by.series_instance_uid]
    number = finding.number_of(own[0]) + 1 if own else 1
    now, write = clock.now(), archive.machines.compute.run
    made = [
        await write(writing.write, study, by, one, images, place, now, timeout_s=_WRITE_S)
        for place, one in enumerate(grouping.states_of(wanted, images), number)
    ]
    async with begin(actor) as tx:
        await _note(tx, study)
        for state in made:
            await filing.file(archive, Source(study.organisation_id, f"presentations ({by.name})"), *state)
    return [uid for _, uid, _ in made]


async def _note(tx: Tx, study: StudyRow) -> None:
    await tx.audit(
        "presentation.saved",
        organisation_id=study.organisation_id,
        subject=f"patient/{study.patient_id}",
        purpose="treatment",
        screen=_SCREEN,
    )


async def _checked(archive: Archive, rows: Mapping[str, InstanceRow], shown: Sequence[PresentedImage]) -> Images:
    """Make sure that images can be shown so; return what they say of themselves."""
    for one in shown:
        _require_image(one, rows)
    said = await geometry.said_of(archive.blobs, rows.values())
    keys = [(one.sop_instance_uid, one.frame) for one in shown]
    if len(set(keys)) < len(keys):
        message = "expected each image or frame once, some came twice"
        raise InvalidRequest(message)
    images = await with_tables(archive, rows, said, shown)
    for one in shown:
        _require_showable(one, images[one.sop_instance_uid, one.frame])
    return images


def _require_image(shown: PresentedImage, rows: Mapping[str, InstanceRow]) -> None:
    row = rows.get(shown.sop_instance_uid)
    if row is None or row.series_instance_uid != shown.series_instance_uid or row.rows is None:
        message = "there is no such image in the study, or it is not yours to see"
        raise NotFound(message)
    if shown.frame > row.number_of_frames:
        message = f"expected a frame from 1 to {row.number_of_frames}, {shown.frame} came"
        raise InvalidRequest(message)


def _require_showable(shown: PresentedImage, image: Image) -> None:
    if image.is_colour and (shown.window or shown.is_inverted):
        message = "expected no window and no inversion of a colour image: its state has neither (PS3.3 A.33.2)"
        raise InvalidRequest(message)
    if shown.area and any(a > b for a, b in zip(shown.area.top_left, shown.area.bottom_right, strict=True)):
        message = "expected the first and the last pixel of the part that is shown, in this order"
        raise InvalidRequest(message)
    _require_marks(shown)


def _require_marks(shown: PresentedImage) -> None:
    for graphic in shown.graphics:
        expected = {"point": 1, "circle": 2, "ellipse": 4}.get(graphic.kind)
        if len(graphic.points) != (expected or max(2, len(graphic.points))):
            message = f"expected {expected or 'at least 2'} points of a {graphic.kind}, {len(graphic.points)} came"
            raise InvalidRequest(message)
        if graphic.is_filled and not writing.is_closed(graphic):
            message = f"expected a closed {graphic.kind} to fill: its last point is its first"
            raise InvalidRequest(message)
    for text in shown.texts:
        if not "".join(text.text.splitlines()).isprintable() or text.text != text.text.strip():
            message = "expected a text of printable characters without blanks at its ends"
            raise InvalidRequest(message)
