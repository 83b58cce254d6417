"""WADO-RS: retrieve studies, series and instances (PS3.18 10.4).

What is stored goes out as it is, byte for byte, straight from the disk to the network. Only a caller that asks for
another transfer syntax has it made (:mod:`lightwell.archive.transcoding`).
"""

from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import aclosing
from functools import partial
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from lightwell.archive import search, transcoding
from lightwell.archive.blobs import Blobs, digest_of, run
from lightwell.archive.completing import may_lack_uids
from lightwell.archive.dicomweb import accept
from lightwell.archive.dicomweb.zipping import ZIP, zipped_images
from lightwell.archive.model import InstanceRow
from lightwell.archive.room import Archive
from lightwell.archive.tickets import admit
from lightwell.archive.transcoding import AS_STORED, Part10
from lightwell.core.actors import Actor
from lightwell.core.errors import NotFound
from lightwell.core.http.files import Headers, MadePart, Part, Streamed, multipart, offloaded, single
from lightwell.core.tx import Tx

SCREEN: Final = "images"
DICOM: Final = "application/dicom"


async def study(tx: Tx, archive: Archive, request: Request, study: str) -> Response:
    """Retrieve all images of a study, or one ZIP file of them."""
    rows = await rows_of(tx, archive, study)
    if accept.is_first_wish(request, ZIP):
        return _zip(archive, rows)
    return _retrieve(archive, request, rows, can_be_single=False)


async def series(tx: Tx, archive: Archive, request: Request, study: str, series: str) -> Response:
    """Retrieve all images of a series."""
    return _retrieve(archive, request, await rows_of(tx, archive, study, series), can_be_single=False)


async def instance(
    actor: Actor, archive: Archive, request: Request, study: str, series: str, instance: str
) -> Response:
    """Retrieve an image, byte for byte as it is stored if no other transfer syntax is asked for."""
    admitted = await admit(archive, actor, (study, series, instance), SCREEN)
    return _retrieve(archive, request, [admitted.row], can_be_single=True)


async def rows_of(
    tx: Tx, archive: Archive, study: str, series: str | None = None, screen: str = SCREEN
) -> list[InstanceRow]:
    """Return the images of a study or of one of its series.

    Raises:
        NotFound: there are none, or they belong to a hospital that the actor cannot see.
    """
    only = None if series is None else [series]
    rows = await search.retrieved(tx, archive.index, screen, studies=[study], series=only)
    if not rows:
        message = f"there is no such {'study' if series is None else 'series'}, or it is not yours to see"
        raise NotFound(message)
    return rows


def _zip(archive: Archive, rows: Sequence[InstanceRow]) -> Response:
    headers = {"Content-Type": ZIP, "Content-Disposition": 'attachment; filename="study.zip"'}
    return Streamed(offloaded(zipped_images(archive.blobs, rows)), 200, headers | {"Cache-Control": "no-store"})


def _retrieve(archive: Archive, request: Request, rows: Sequence[InstanceRow], *, can_be_single: bool) -> Response:
    wishes = accept.chosen(accept.wishes(request), [DICOM], can_be_single=can_be_single)
    syntaxes = [wish.transfer_syntax or AS_STORED for wish in wishes]
    if not accept.is_multipart(wishes[0]):
        return alone(archive, request, rows[0], syntaxes)
    parts = [_part(archive, row, syntaxes) for row in rows]
    return multipart(request, parts, DICOM, entity_tag((row.blob for row in rows), syntaxes))


def alone(archive: Archive, request: Request, row: InstanceRow, syntaxes: Sequence[str]) -> Response:
    """Answer with one image in the first of the transfer syntaxes that it can be given in."""
    return single(request, _part(archive, row, syntaxes), DICOM, entity_tag([row.blob], syntaxes))


def _part(archive: Archive, row: InstanceRow, syntaxes: Sequence[str]) -> Part | MadePart:
    if transcoding.is_as_stored(row, syntaxes) and not may_lack_uids(row):
        return stored(archive.blobs, row)
    return MadePart(partial(_make, archive, row, syntaxes))


async def _make(archive: Archive, row: InstanceRow, syntaxes: Sequence[str]) -> tuple[Headers, AsyncGenerator[bytes]]:
    made = await transcoding.part10(archive, row, syntaxes)
    return [("Content-Type", f"{DICOM}; transfer-syntax={made.transfer_syntax_uid}")], _file(made)


async def _file(made: Part10) -> AsyncGenerator[bytes]:
    yield made.meta_header
    async with aclosing(made.data_set) as pieces:
        async for piece in pieces:
            yield piece


def stored(blobs: Blobs, row: InstanceRow) -> Part:
    """Return the file of an image as a part."""
    headers = [("Content-Type", f"{DICOM}; transfer-syntax={row.transfer_syntax_uid}")]
    return run(blobs, row.blob, 0, row.length, headers)


def entity_tag(blobs: Iterable[str], form: Iterable[str]) -> str:
    """Return the tag of an answer: blobs never change, so their names and the form say all."""
    return f'"{digest_of((*blobs, *form)).hex()}"'
