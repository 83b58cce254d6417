"""WADO-RS: retrieve metadata, the attributes of images without their pixels (PS3.18 10.4.1.1.2, annex F).

They are written from the headers of the files at the moment of asking, a few at a time, and compressed on the way.
"""

import zlib
from collections.abc import Iterator, Sequence
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from lightwell.archive import search
from lightwell.archive.blobs import Blobs
from lightwell.archive.dicomweb import accept
from lightwell.archive.dicomweb.json import MEDIA_TYPE
from lightwell.archive.dicomweb.wado import entity_tag, rows_of
from lightwell.archive.header import read_bytes
from lightwell.archive.model import InstanceRow
from lightwell.archive.room import Archive
from lightwell.archive.transcoding import undecodable
from lightwell.core.http.files import Streamed, is_known, offloaded, unchanged
from lightwell.core.tx import Tx
from lightwell.standards.dicom.errors import DataSetError
from lightwell.standards.dicom.jsonwriter import write_json

_SCREEN: Final = "metadata"
_GZIP: Final = 16 + zlib.MAX_WBITS
_LEVEL: Final = 1


async def study(tx: Tx, archive: Archive, request: Request, study: str) -> Response:
    """Retrieve the metadata of all images of a study."""
    return _answer(archive, request, await rows_of(tx, archive, study, screen=_SCREEN))


async def series(tx: Tx, archive: Archive, request: Request, study: str, series: str) -> Response:
    """Retrieve the metadata of all images of a series."""
    return _answer(archive, request, await rows_of(tx, archive, study, series, screen=_SCREEN))


async def instance(tx: Tx, archive: Archive, request: Request, study: str, series: str, instance: str) -> Response:
    """Retrieve the metadata of an image."""
    row = await search.instance(tx, archive.index, study, series, instance, _SCREEN)
    return _answer(archive, request, [row])


def _answer(archive: Archive, request: Request, rows: Sequence[InstanceRow]) -> Response:
    accept.chosen(accept.wishes(request), [MEDIA_TYPE, "application/json"], can_be_single=True)
    is_zipped = "gzip" in request.headers.get("accept-encoding", "")
    root = f"{_origin(request)}/dicom-web"
    tag = entity_tag((row.blob for row in rows), [root, "gzip" if is_zipped else ""])
    if is_known(request, tag):
        return unchanged(tag)
    pieces = _written(archive.blobs, rows, root)
    headers = {"Content-Type": MEDIA_TYPE, "ETag": tag, "Cache-Control": "private, max-age=0"}
    headers |= {"Vary": "Accept, Accept-Encoding"} | ({"Content-Encoding": "gzip"} if is_zipped else {})
    return Streamed(offloaded(_zipped(pieces) if is_zipped else pieces), 200, headers)


def _origin(request: Request) -> str:
    """Return where the caller found us; dicomweb-client leaves the port out of its Host header."""
    host, port = request.scope["server"]
    if request.headers.get("host") == host and port:
        return f"{request.url.scheme}://{host}:{port}"
    return str(request.base_url).rstrip("/")


def _written(blobs: Blobs, rows: Sequence[InstanceRow], root: str) -> Iterator[bytes]:
    before = "["
    for row in rows:
        yield (before + _one(blobs, row, root)).encode("utf-8", "replace")
        before = ","
    yield b"]"


def _one(blobs: Blobs, row: InstanceRow, root: str) -> str:
    uri = f"{root}/studies/{row.study_instance_uid}/series/{row.series_instance_uid}/instances/{row.sop_instance_uid}"
    try:
        read = read_bytes(blobs, row)
        return write_json(read.content, read.offset, read.syntax, f"{uri}/bulkdata")
    except DataSetError as error:
        raise undecodable(error) from error


def _zipped(pieces: Iterator[bytes]) -> Iterator[bytes]:
    zipper = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
    for piece in pieces:
        if zipped := zipper.compress(piece):
            yield zipped
    yield zipper.flush()
