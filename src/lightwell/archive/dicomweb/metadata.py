"""WADO-RS: retrieve metadata, the attributes of images without their pixels (PS3.18 10.4.1.1.2, annex F).

Those of a prepared series lie ready. Others are written from the headers of the files at the moment of asking, a few at
a time, and compressed on the way.
"""

from collections.abc import Sequence
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from lightwell.archive import prepared, search
from lightwell.archive.describing import describe, zipped
from lightwell.archive.dicomweb import accept
from lightwell.archive.dicomweb.json import MEDIA_TYPE
from lightwell.archive.dicomweb.wado import entity_tag, rows_of
from lightwell.archive.model import InstanceRow
from lightwell.archive.prepared import PreparedSeries
from lightwell.archive.room import Archive
from lightwell.core.http.files import Streamed, is_known, offloaded, pieces_of, unchanged
from lightwell.core.tx import Tx

_SCREEN: Final = "metadata"
_LEVEL: Final = 1


async def study(tx: Tx, archive: Archive, request: Request, study: str) -> Response:
    """Retrieve the metadata of all images of a study."""
    return _answer(archive, request, await rows_of(tx, archive, study, screen=_SCREEN))


async def series(tx: Tx, archive: Archive, request: Request, study: str, series: str) -> Response:
    """Retrieve the metadata of all images of a series."""
    if _takes_gzip(request):
        found = await prepared.series(tx, archive, study, series, _SCREEN)
        if found is not None and found.origin == origin_of(request, archive):
            return _ready(archive, request, found)
    return _answer(archive, request, await rows_of(tx, archive, study, series, screen=_SCREEN))


async def instance(tx: Tx, archive: Archive, request: Request, study: str, series: str, instance: str) -> Response:
    """Retrieve the metadata of an image."""
    row = await search.instance(tx, archive.index, study, series, instance, _SCREEN)
    return _answer(archive, request, [row])


def _answer(archive: Archive, request: Request, rows: Sequence[InstanceRow]) -> Response:
    _require_json(request)
    is_zipped = _takes_gzip(request)
    root = f"{origin_of(request, archive)}/dicom-web"
    tag = entity_tag((row.blob for row in rows), [root, "gzip" if is_zipped else ""])
    if is_known(request, tag):
        return unchanged(tag)
    pieces = describe(archive.blobs, rows, root)
    return Streamed(offloaded(zipped(pieces, _LEVEL) if is_zipped else pieces), 200, _headers(tag, is_zipped=is_zipped))


def _ready(archive: Archive, request: Request, found: PreparedSeries) -> Response:
    """Answer with what is prepared."""
    _require_json(request)
    tag = entity_tag([found.blob], ["metadata"])
    if is_known(request, tag):
        return unchanged(tag)
    part = found.metadata(archive.blobs)
    headers = _headers(tag, is_zipped=True) | {"Content-Length": str(part.length)}
    return Streamed(offloaded(pieces_of(part)), 200, headers)


def _require_json(request: Request) -> None:
    accept.chosen(accept.wishes(request), [MEDIA_TYPE, "application/json"], can_be_single=True)


def _takes_gzip(request: Request) -> bool:
    return "gzip" in request.headers.get("accept-encoding", "")


def _headers(tag: str, *, is_zipped: bool) -> dict[str, str]:
    headers = {"Content-Type": MEDIA_TYPE, "ETag": tag, "Cache-Control": "private, max-age=0"}
    return headers | {"Vary": "Accept, Accept-Encoding"} | ({"Content-Encoding": "gzip"} if is_zipped else {})


def origin_of(request: Request, archive: Archive) -> str:
    """Return where the caller found us; dicomweb-client leaves the port out of its Host header."""
    if public := archive.machines.settings.public_url:
        return public.rstrip("/")
    host, port = request.scope["server"]
    if request.headers.get("host") == host and port:
        return f"{request.url.scheme}://{host}:{port}"
    return str(request.base_url).rstrip("/")
