"""WADO-URI: one image or picture by an address that can stand in a report or an old viewer (PS3.18 9).

/wado?requestType=WADO&studyUID=…&seriesUID=…&objectUID=…&contentType=image/jpeg&rows=512
"""

from dataclasses import replace
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from lightwell.archive import enclosed, search
from lightwell.archive.dicomweb import rendered, wado
from lightwell.archive.dicomweb.bulkdata import alone
from lightwell.archive.dicomweb.frames import frame_numbers
from lightwell.archive.dicomweb.rendering_query import LARGEST, Wanted, quality, whole_number, window
from lightwell.archive.model import InstanceRow
from lightwell.archive.picturing import may_be_seen
from lightwell.archive.room import Archive
from lightwell.archive.transcoding import AS_STORED, TARGETS
from lightwell.core.errors import InvalidRequest, NotAcceptable
from lightwell.core.tx import Tx
from lightwell.imaging.picture import Picture, PictureFormat, Region
from lightwell.standards.dicom.uids import ExplicitVRLittleEndian

_REQUIRED: Final = ("studyUID", "seriesUID", "objectUID")


async def retrieve(tx: Tx, archive: Archive, request: Request) -> Response:
    """Retrieve an image as a picture, unless DICOM is asked for or it is nothing that can be seen."""
    study, series, instance = _uids(request)
    row = await search.instance(tx, archive.index, study, series, instance, wado.SCREEN)
    enclosing = enclosed.media_type_of(row)
    if enclosing and enclosing in request.query_params.get("contentType", ""):
        return await alone(archive, request, row, enclosing)
    kind = _kind(request, row)
    if kind is None:
        return wado.alone(archive, request, row, _syntaxes(request))
    frame = _frame(request, row)
    return rendered.pictures(archive, request, [(row, frame)], _wanted(request).as_file(kind), is_multipart=False)


def _uids(request: Request) -> tuple[str, ...]:
    query = request.query_params
    missing = [name for name in _REQUIRED if not query.get(name)]
    if query.get("requestType") != "WADO" or missing:
        message = f"WADO-URI is asked for with requestType=WADO and {', '.join(_REQUIRED)}"
        raise InvalidRequest(message)
    if query.get("anonymize", "no") != "no":
        message = "images are not made anonymous here; ask without anonymize, or export them for research"
        raise NotAcceptable(message)
    return tuple(query[name] for name in _REQUIRED)


def _kind(request: Request, row: InstanceRow) -> PictureFormat | None:
    """Return the file format of the picture, or None for DICOM."""
    text = request.query_params.get("contentType", "")
    if not text:
        return PictureFormat.JPEG if may_be_seen(row) else None
    kinds = [part.partition(";")[0].strip().lower() for part in text.split(",")]
    for kind in kinds:
        if kind == wado.DICOM:
            return None
        if kind in {*PictureFormat}:
            return PictureFormat(kind)
    message = f"contentType is {wado.DICOM}, {' or '.join(PictureFormat)}; {text[:64]!r} came"
    raise NotAcceptable(message)


def _syntaxes(request: Request) -> tuple[str, ...]:
    """Return the transfer syntaxes to try; Explicit VR Little Endian is what everybody reads (PS3.18 9.5.1)."""
    wanted = request.query_params.get("transferSyntax", "")
    if wanted == AS_STORED:
        return (AS_STORED,)
    return (wanted,) if wanted in TARGETS else (ExplicitVRLittleEndian, AS_STORED)


def _frame(request: Request, row: InstanceRow) -> int | None:
    text = request.query_params.get("frameNumber")
    return frame_numbers(text, row.number_of_frames)[0] if text else None


def _wanted(request: Request) -> Wanted:
    query = request.query_params
    picture = Picture(box=_box(query.get("columns"), query.get("rows")), region=_region(query.get("region")))
    if text := query.get("imageQuality"):
        picture = replace(picture, quality=quality(text))
    center, width = query.get("windowCenter"), query.get("windowWidth")
    if bool(center) != bool(width):
        message = "windowCenter and windowWidth come together"
        raise InvalidRequest(message)
    return Wanted(picture, window(center, width) if center and width else None)


def _box(columns: str | None, rows: str | None) -> tuple[int, int] | None:
    if not columns and not rows:
        return None
    width, height = (whole_number(text or str(LARGEST), "rows or columns", LARGEST) for text in (columns, rows))
    return width, height


def _region(text: str | None) -> Region | None:
    if not text:
        return None
    try:
        left, top, right, bottom = (float(part) for part in text.split(","))
    except ValueError:
        left = top = right = bottom = -1.0
    if not (0 <= left < right <= 1 and 0 <= top < bottom <= 1):
        message = f"region is left,top,right,bottom as parts of the image from 0 to 1; {text[:48]!r} came"
        raise InvalidRequest(message)
    return Region(left, top, right - left, bottom - top, is_relative=True)
