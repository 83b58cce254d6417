"""Which image a study begins with, when nobody has looked at it yet.

The one that is asked for; else the first of its key images, since somebody pointed at it; else the one that stands for
the study (:func:`lightwell.archive.picturing.representative`). A study of documents only begins with no image.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from lightwell.archive import keyimages, search
from lightwell.archive.model import InstanceRow, Match, StudyRow
from lightwell.archive.picturing import may_be_seen, representative
from lightwell.archive.query import Query
from lightwell.archive.room import Archive
from lightwell.archive.store import find
from lightwell.core.errors import NotFound
from lightwell.core.tx import Tx

_KEY_OBJECT: Final = "KO"


class Wish(msgspec.Struct):
    """What to begin with: a series, an image, a frame of it by its number from 1."""

    series: str | None = None
    instance: str | None = None
    frame: int | None = None


@dataclass(frozen=True, slots=True)
class Beginning:
    """An image, and all images of its series; the frame counts from 1, and None is the one that stands for all."""

    row: InstanceRow
    frame: int | None
    rows: Sequence[InstanceRow]


async def series_of(tx: Tx, archive: Archive, study_uid: str, screen: str) -> list[Match]:
    """Return a study with its series as one hospital has them, by series number.

    Raises:
        NotFound: there is no such study, or it is not the actor's to see.
        Conflict: several hospitals of the actor have it.
    """
    query = Query(find.SERIES, limit=search.MOST_ROWS)
    query.match("StudyInstanceUID", study_uid)
    found = await search.matches(tx, archive.index, query, screen)
    found = [item for item in found if item.study.study_instance_uid == study_uid]  # a list of UIDs matches several
    owner = search.first(search.of_one_hospital(tx, [item.study for item in found]), "study").organisation_id
    return [item for item in found if item.study.organisation_id == owner]


async def begin(tx: Tx, archive: Archive, found: Sequence[Match], wish: Wish, screen: str) -> Beginning | None:
    """Return what a study begins with; ``found`` are its series.

    Raises:
        NotFound: what is asked for is not there.
    """
    study = found[0].study
    if wish.series is not None or wish.instance is not None:
        begun = await _asked_for(tx, archive, study, wish, screen)
    else:
        begun = await _key_image(tx, archive, study, screen) or await _representative(tx, archive, found, screen)
    if begun is None or wish.frame is None:
        return begun
    if not 1 <= wish.frame <= begun.row.number_of_frames:
        message = f"the image has the frames 1 to {begun.row.number_of_frames}"
        raise NotFound(message)
    return Beginning(begun.row, wish.frame, begun.rows)


async def _asked_for(tx: Tx, archive: Archive, study: StudyRow, wish: Wish, screen: str) -> Beginning:
    series = wish.series
    if series is None:
        wanted = {"studies": [study.study_instance_uid], "instances": [wish.instance or ""]}
        series = search.first(await search.retrieved(tx, archive.index, screen, **wanted), "image").series_instance_uid
    rows = await _rows(tx, archive, study, series, screen)
    if wish.instance is not None:
        own = [row for row in rows if row.sop_instance_uid == wish.instance]
        return Beginning(search.first(own, "image"), None, rows)
    search.first(rows, "series")
    seen = [row for row in rows if may_be_seen(row)]
    return Beginning(representative(seen) if seen else rows[0], None, rows)


async def _key_image(tx: Tx, archive: Archive, study: StudyRow, screen: str) -> Beginning | None:
    if _KEY_OBJECT not in study.modalities:  # the modality of every document that points at images (PS3.3 C.17.6.1)
        return None
    pointed = (await keyimages.of_study(tx, archive, study.study_instance_uid)).chosen
    for item in pointed:
        if item.image.organisation_id == study.organisation_id and may_be_seen(item.image):
            rows = await _rows(tx, archive, study, item.image.series_instance_uid, screen)
            return Beginning(item.image, item.frames[0], rows)
    return None


async def _representative(tx: Tx, archive: Archive, found: Sequence[Match], screen: str) -> Beginning | None:
    """Return the middle image of the series with most of them, looking into as few series as will do."""
    longest: list[InstanceRow] = []
    rows: list[InstanceRow] = []
    for series in sorted((item.series for item in found if item.series), key=lambda row: -row.instance_count):
        if series.instance_count <= len(longest):
            break
        every = await _rows(tx, archive, found[0].study, series.series_instance_uid, screen)
        seen = [row for row in every if may_be_seen(row)]
        if len(seen) > len(longest):
            longest, rows = seen, every
    return Beginning(representative(longest), None, rows) if longest else None


async def _rows(tx: Tx, archive: Archive, study: StudyRow, series_uid: str, screen: str) -> list[InstanceRow]:
    uid = study.study_instance_uid
    rows = await search.retrieved(tx, archive.index, screen, studies=[uid], series=[series_uid])
    return [row for row in rows if row.organisation_id == study.organisation_id]
