"""Opening a study: what a viewer needs for its first picture, in one answer instead of six.

On a line of 200 ms each question costs a fifth of a second before anything is sent. This is Lightwell's own; the data
sets in it are those of QIDO-RS and WADO-RS. Whoever opened a study has a ticket for its first frames
(:mod:`lightwell.archive.tickets`).
"""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import msgspec
from starlette.requests import Request

from lightwell.archive import prepared, tickets
from lightwell.archive.beginning import Beginning, Wish, begin, series_of
from lightwell.archive.describing import describe
from lightwell.archive.dicomweb import json, qido
from lightwell.archive.dicomweb.metadata import origin_of
from lightwell.archive.dicomweb.wado import SCREEN
from lightwell.archive.looking import representative_frame
from lightwell.archive.model import InstanceRow, Match, ReadyFrames, Ticket
from lightwell.archive.picturing import PreviewOf, picture_of
from lightwell.archive.prepared import PreparedSeries
from lightwell.archive.room import Archive
from lightwell.core.actors import Actor
from lightwell.core.errors import LightwellError
from lightwell.core.http.files import Part
from lightwell.core.tx import Tx
from lightwell.imaging.picture import Picture
from lightwell.standards.dicom.jsonmodel import element

_QUALITY: Final = 55
_BOX: Final = (512, 512)
_LONGEST_S: Final = 3.0  # whoever waits for the picture waits for the rest too
_REPRESENTATIVE_FRAME: Final = "00286010"
_FUNCTIONAL_GROUPS: Final = ("52009229", "52009230")
_DRAWN_BY: Final = frozenset(
    (
        *("00080005", "00080060", "00200020", "00200032", "00200037", "00200052", "00200060", "00200062"),
        *("00181164", "00280030", "00280034", "00280A02", "20500020"),
        *("00280002", "00280004", "00280006", "00280010", "00280011", "00280100", "00280101", "00280102", "00280103"),
        *("00280120", "00280121", "00281050", "00281051", "00281052", "00281053", "00281054", "00281056"),
        *("00281101", "00281102", "00281103", "00281201", "00281202", "00281203", "00281221", "00281222", "00281223"),
        *("00282110", "00282112", "00282114", "00283000", "00283010"),
    )
)
"""What says how an image is drawn and which way round it lies (PS3.3 C.7.6.2, C.7.6.3, C.11)."""


class First(msgspec.Struct):
    """The image that a study begins with.

    ``frame`` counts from 1, ``index`` is the place of the image in its series from 0, as in the metadata of the series.
    ``length`` is how many bytes the frame has in HTJ2K, where it lies ready, and ``previews_length`` how many the
    previews of its series have: a viewer can ask for all pieces at once.
    ``picture`` is a JPEG, windowed as the image says; None if no picture can be made of it.
    """

    dataset: dict[str, Any]
    frame: int
    index: int
    length: int | None
    previews_length: int | None
    picture: bytes | None


class Opening(msgspec.Struct):
    """A study with its series, by series number, as QIDO-RS tells them, and the image that it begins with, if any."""

    study: dict[str, Any]
    series: list[dict[str, Any]]
    first: First | None


@dataclass(frozen=True, slots=True)
class _Found:
    """What the index knows of a study, what it begins with, and how the previews of that are read."""

    series: list[Match]
    beginning: Beginning | None
    prepared: PreparedSeries | None
    frames: ReadyFrames | None


@dataclass(frozen=True, slots=True)
class Opened:
    """An opened study, and where the frame that it begins with lies in HTJ2K, if it lies ready."""

    told: Opening
    frame: Part | None


async def opening(actor: Actor, archive: Archive, request: Request, query: Wish, study: str) -> Opening:
    """Open a study: what a viewer needs for its first picture."""
    return (await opened(actor, archive, request, query, study)).told


async def opened(actor: Actor, archive: Archive, request: Request, query: Wish, study: str) -> Opened:
    """Open a study for an answer that brings its first frame too."""
    root = f"{origin_of(request, archive)}/dicom-web"
    moment = archive.machines.memory.moment
    async with archive.machines.transactions.begin(actor) as tx:
        found, ticket = await _find(tx, archive, study, query)
    begun = found.beginning
    if begun is not None:
        tickets.keep(archive, actor, (study, begun.row.series_instance_uid), SCREEN, ticket, moment)
    first, frame = (None, None) if begun is None else await _first(archive, found, begun, root)
    told = Opening(
        study=qido.told(root, Match(found.series[0].study), has_parents=True),
        series=[qido.told(root, item, has_parents=False) for item in found.series],
        first=first,
    )
    return Opened(told, frame)


async def _find(tx: Tx, archive: Archive, study: str, wish: Wish) -> tuple[_Found, Ticket]:
    found = await series_of(tx, archive, study, SCREEN)
    begun = await begin(tx, archive, found, wish, SCREEN)
    if begun is None:
        return _Found(found, None, None, None), Ticket({}, None)
    row = begun.row
    ready = await prepared.series(tx, archive, study, row.series_instance_uid, SCREEN)
    frames = None if ready is None else await prepared.frames_of(tx, archive, study, row.series_instance_uid)
    rows = {item.sop_instance_uid: item for item in begun.rows}
    return _Found(found, begun, ready, frames), Ticket(rows, frames)


async def _first(archive: Archive, found: _Found, begun: Beginning, root: str) -> tuple[First, Part | None]:
    row = begun.row
    said = await asyncio.to_thread(_described, archive, row, root)
    frame = begun.frame or representative_frame(_named_frame(said), row.number_of_frames) + 1
    modality = next(
        item.series.modality
        for item in found.series
        if item.series and item.series.series_instance_uid == row.series_instance_uid
    )
    ready = prepared.frames(archive.blobs, found.frames, row.sop_instance_uid, [frame - 1], [])
    told = First(
        dataset=element("00080060", "CS", modality) | _of_frame(said, frame) | json.instance(row),
        frame=frame,
        index=[item.sop_instance_uid for item in begun.rows].index(row.sop_instance_uid),
        length=ready[0].length if ready else None,
        previews_length=None if found.prepared is None else found.prepared.previews(archive.blobs).length,
        picture=await _picture(archive, row, frame, _preview_of(archive, row, found.prepared)),
    )
    return told, ready[0] if ready else None


def _preview_of(archive: Archive, row: InstanceRow, ready: PreparedSeries | None) -> PreviewOf | None:
    return None if ready is None else partial(ready.preview, archive.blobs, row.sop_instance_uid)


def _described(archive: Archive, row: InstanceRow, root: str) -> Mapping[str, Any]:
    """Return all attributes of an image as DICOM JSON; of one that cannot be read, none."""
    try:
        written = b"".join(describe(archive.blobs, [row], root))
    except LightwellError:
        return {}
    return msgspec.json.decode(written, type=list[dict[str, Any]])[0]


def _named_frame(said: Mapping[str, Any]) -> int:
    named = next(iter(said.get(_REPRESENTATIVE_FRAME, {}).get("Value", ())), 0)
    return named if isinstance(named, int) else 0


def _of_frame(said: Mapping[str, Any], frame: int) -> json.Dataset:
    """Return how a frame is drawn, as a plain image would say it: enhanced ones do in groups (PS3.3 C.7.6.16)."""
    drawn = {tag: value for tag, value in said.items() if tag in _DRAWN_BY}
    for sequence, place in zip(_FUNCTIONAL_GROUPS, (0, frame - 1), strict=True):
        groups = _item(said, sequence, place)
        for group in groups:
            drawn |= {tag: value for tag, value in _item(groups, group, 0).items() if tag in _DRAWN_BY}
    return drawn


def _item(said: Mapping[str, Any], sequence: str, place: int) -> Mapping[str, Any]:
    """Return an item of a sequence; none of what is not there, or is no sequence."""
    found = said.get(sequence, {})
    items = found.get("Value", ()) if found.get("vr") == "SQ" else ()
    return items[place] if place < len(items) else {}


async def _picture(archive: Archive, row: InstanceRow, frame: int, preview_of: PreviewOf | None) -> bytes | None:
    is_large = max(row.rows or 0, row.columns or 0) > max(_BOX)
    asked = Picture(quality=_QUALITY, box=_BOX if is_large else None)
    place = archive.blobs, archive.machines.compute
    with suppress(LightwellError, TimeoutError):  # nothing to see in it, damaged, gone: the rest is told all the same
        async with asyncio.timeout(_LONGEST_S):
            return await picture_of(*place, row, frame - 1, asked, preview_of=preview_of)
    return None
