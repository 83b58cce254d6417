"""WADO-RS: images as pictures that any browser shows (PS3.18 10.4.1.1.3, 10.4.1.1.4, 8.3.5).

``rendered`` is as large as the image, ``thumbnail`` fits into 128 pixels; both take ``viewport``, ``window`` and
``quality``. A study or series as one picture is the image that stands for it; in multipart/related every frame comes.
"""

from collections.abc import AsyncGenerator, Sequence
from functools import partial
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from lightwell.archive import enclosed, prepared, search
from lightwell.archive.dicomweb import accept
from lightwell.archive.dicomweb.bulkdata import alone
from lightwell.archive.dicomweb.frames import frame_numbers
from lightwell.archive.dicomweb.rendering_query import Wanted, passed_over, wanted
from lightwell.archive.dicomweb.wado import SCREEN, entity_tag, rows_of
from lightwell.archive.model import InstanceRow
from lightwell.archive.picturing import may_be_seen, picture_of, representative
from lightwell.archive.preparing import THUMBNAIL_BOX
from lightwell.archive.room import Archive
from lightwell.core.errors import InvalidRequest
from lightwell.core.http.files import Headers, MadePart, multipart, single
from lightwell.core.tx import Tx
from lightwell.imaging.picture import Picture, PictureFormat

_TYPES: Final = tuple(PictureFormat)
_Frames = Sequence[tuple[InstanceRow, int | None]]


async def study(tx: Tx, archive: Archive, request: Request, study: str) -> Response:
    """Retrieve a study as a picture, or as one of each frame."""
    return _rendered(archive, request, await rows_of(tx, archive, study))


async def series(tx: Tx, archive: Archive, request: Request, study: str, series: str) -> Response:
    """Retrieve a series as a picture, or as one of each frame."""
    return _rendered(archive, request, await rows_of(tx, archive, study, series))


async def instance(tx: Tx, archive: Archive, request: Request, study: str, series: str, instance: str) -> Response:
    """Retrieve an image as a picture, or as one of each frame; a film or document as it is (PS3.18 8.7.4)."""
    row = await search.instance(tx, archive.index, study, series, instance, SCREEN)
    kind = enclosed.media_type_of(row)
    if kind is None:
        return _rendered(archive, request, [row])
    accept.chosen(accept.wishes(request), [kind], can_be_single=True)
    return await alone(archive, request, row, kind)


async def frames(
    tx: Tx, archive: Archive, request: Request, study: str, series: str, instance: str, frames: str
) -> Response:
    """Retrieve frames as pictures."""
    row = await search.instance(tx, archive.index, study, series, instance, SCREEN)
    found = [(row, number) for number in frame_numbers(frames, row.number_of_frames)]
    asked = wanted(request)
    kind, is_multipart = _form(request, can_be_single=len(found) == 1, can_be_multipart=True)
    return pictures(archive, request, found, asked.as_file(kind), is_multipart=is_multipart)


async def thumbnail_of_study(tx: Tx, archive: Archive, request: Request, study: str) -> Response:
    """Retrieve the small picture of a study."""
    return _thumbnail(archive, request, representative(await rows_of(tx, archive, study)), None)


async def thumbnail_of_series(tx: Tx, archive: Archive, request: Request, study: str, series: str) -> Response:
    """Retrieve the small picture of a series; the usual one lies ready once the series is prepared."""
    kind, _ = _form(request, can_be_single=True, can_be_multipart=False)
    if kind is PictureFormat.JPEG and wanted(request, THUMBNAIL_BOX) == Wanted(Picture(box=THUMBNAIL_BOX)):
        found = await prepared.series(tx, archive, study, series, SCREEN)
        if found is not None and (part := found.thumbnail(archive.blobs)).length:
            return single(request, part, kind, entity_tag([found.blob], ["thumbnail"]))
    return _thumbnail(archive, request, representative(await rows_of(tx, archive, study, series)), None)


async def thumbnail_of_instance(
    tx: Tx, archive: Archive, request: Request, study: str, series: str, instance: str
) -> Response:
    """Retrieve the small picture of an image."""
    row = await search.instance(tx, archive.index, study, series, instance, SCREEN)
    return _thumbnail(archive, request, row, None)


async def thumbnail_of_frame(
    tx: Tx, archive: Archive, request: Request, study: str, series: str, instance: str, frames: str
) -> Response:
    """Retrieve the small picture of one frame."""
    row = await search.instance(tx, archive.index, study, series, instance, SCREEN)
    numbers = frame_numbers(frames, row.number_of_frames)
    if len(numbers) > 1:
        message = f"a thumbnail is of one frame; {len(numbers)} were asked for"
        raise InvalidRequest(message)
    return _thumbnail(archive, request, row, numbers[0])


def _rendered(archive: Archive, request: Request, rows: Sequence[InstanceRow]) -> Response:
    asked = wanted(request)
    kind, is_multipart = _form(request, can_be_single=True, can_be_multipart=True)
    if is_multipart:
        seen = [row for row in rows if may_be_seen(row)] or [representative(rows)]
        found: _Frames = [(row, number) for row in seen for number in range(row.number_of_frames)]
    else:
        found = [(representative(rows), None)]
    return pictures(archive, request, found, asked.as_file(kind), is_multipart=is_multipart)


def _thumbnail(archive: Archive, request: Request, row: InstanceRow, frame: int | None) -> Response:
    asked = wanted(request, THUMBNAIL_BOX)
    kind, _ = _form(request, can_be_single=True, can_be_multipart=False)
    return pictures(archive, request, [(row, frame)], asked.as_file(kind), is_multipart=False)


def _form(request: Request, *, can_be_single: bool, can_be_multipart: bool) -> tuple[PictureFormat, bool]:
    """Return the format of the pictures, and whether they come as parts; a caller that does not care gets one alone."""
    found = accept.chosen(accept.wishes(request), _TYPES, can_be_single=can_be_single)
    kind = next(kind for kind in _TYPES if found[0].takes(kind))
    return kind, can_be_multipart and (found[0].is_multipart or not can_be_single)


def pictures(archive: Archive, request: Request, found: _Frames, asked: Wanted, *, is_multipart: bool) -> Response:
    """Answer with frames as pictures, each with its number from 0, or None for the one that stands for all."""
    kind = asked.picture.format
    parts = [MadePart(partial(_make, archive, row, number, asked)) for row, number in found]
    tag = entity_tag((row.blob for row, _ in found), [repr(asked), *(str(number) for _, number in found)])
    answer = multipart(request, parts, kind, tag) if is_multipart else single(request, parts[0], kind, tag)
    if warning := passed_over(request):
        answer.headers["Warning"] = warning
    return answer


async def _make(
    archive: Archive, row: InstanceRow, frame: int | None, asked: Wanted
) -> tuple[Headers, AsyncGenerator[bytes]]:
    content = await picture_of(archive.blobs, archive.machines.compute, row, frame, asked.picture, asked.window)
    return [("Content-Type", asked.picture.format)], _one(content)


async def _one(content: bytes) -> AsyncGenerator[bytes]:
    yield content
