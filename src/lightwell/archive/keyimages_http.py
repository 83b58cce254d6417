"""Key images of a study over HTTP, for the pages; programs read and write the documents themselves."""

from typing import Annotated

import msgspec

from lightwell.archive import keyimages
from lightwell.archive.derived.making import maker
from lightwell.archive.keyimages import Choice, Document, Pointed
from lightwell.archive.room import Archive
from lightwell.core.tx import Tx


class Why(msgspec.Struct, frozen=True):
    """What a document says of the images that it points at."""

    code: str
    scheme: str
    meaning: str
    text: str
    observer: str
    is_mine: bool


class KeyImage(msgspec.Struct):
    """An image, or one frame of it; without a frame, all of it."""

    series_instance_uid: str
    sop_instance_uid: str
    frame: int | None
    why: list[Why]


class Shown(msgspec.Struct):
    """What is key and what is rejected in a study; how much is pointed at and not there, or cannot be read."""

    images: list[KeyImage]
    rejected: list[KeyImage]
    absent: int
    unreadable: int


class Wish(msgspec.Struct):
    """An image that is to be key, or no longer."""

    series_instance_uid: str
    sop_instance_uid: str
    is_key: bool
    frame: Annotated[int, msgspec.Meta(ge=1)] | None = None


async def key_images(tx: Tx, archive: Archive, study: str) -> Shown:
    """Return the key images of a study."""
    found = await keyimages.of_study(tx, archive, study)
    return Shown(
        images=_listed(tx, found.chosen),
        rejected=_listed(tx, found.rejected),
        absent=found.absent,
        unreadable=found.unreadable,
    )


async def choose(tx: Tx, archive: Archive, study: str, body: Wish) -> None:
    """Choose an image as key, or take the choice back."""
    await keyimages.choose(
        tx, archive, study, Choice(body.series_instance_uid, body.sop_instance_uid, body.frame, body.is_key)
    )


def _listed(tx: Tx, pointed: list[Pointed]) -> list[KeyImage]:
    """Return each image or frame once, with all that is said of it."""
    listed: dict[tuple[str, int | None], KeyImage] = {}
    for item in pointed:
        why = _why(tx, item.document)
        for frame in item.frames:
            row = item.image
            image = KeyImage(row.series_instance_uid, row.sop_instance_uid, frame, [])
            known = listed.setdefault((row.sop_instance_uid, frame), image)
            if why not in known.why:
                known.why.append(why)
    return list(listed.values())


def _why(tx: Tx, document: Document) -> Why:
    row, said = document.row, document.said
    mine = maker(tx.actor.name, tx.actor.account_id, row.organisation_id, row.study_instance_uid)
    title = said.title
    is_mine = row.series_instance_uid == mine.series_instance_uid
    return Why(title.code, title.scheme, title.meaning, said.text, said.observer, is_mine)
