"""WADO-RS: retrieve an instance, or frames of it, as they are stored (PS3.18 10.4)."""

import secrets
from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from lightwell.archive import search
from lightwell.archive.model import InstanceRow
from lightwell.archive.room import Archive
from lightwell.core.errors import InvalidRequest, NotAcceptable, NotFound
from lightwell.core.http.files import Part, multipart, single
from lightwell.core.tx import Tx
from lightwell.standards.dicom.scanner import FrameTable, strip_items

_SCREEN = "images"
_DICOM = "application/dicom"
_OCTETS = "application/octet-stream"
_MOST_FRAMES = 10_000


async def instance(tx: Tx, archive: Archive, request: Request, study: str, series: str, instance: str) -> Response:
    """Retrieve an instance, byte for byte as it was received after the meta header."""
    row = await search.instance(tx, archive.index, study, series, instance, _SCREEN)
    read = partial(archive.blobs.read_range, row.blob)
    part = Part(read, 0, row.length, [("Content-Type", f"{_DICOM}; transfer-syntax={row.transfer_syntax_uid}")])
    if _takes(request, "multipart/related"):
        return await multipart([part], secrets.token_hex(16), _DICOM)
    if _takes(request, _DICOM):
        return await single(part, _DICOM, request.headers.get("range", ""), f'"{row.blob.rpartition("/")[2]}"')
    message = f"an instance is given as {_DICOM}, alone or in multipart/related"
    raise NotAcceptable(message)


async def frames(
    tx: Tx, archive: Archive, request: Request, study: str, series: str, instance: str, frames: str
) -> Response:
    """Retrieve frames of an instance, in their stored transfer syntax, by numbers from 1."""
    row = await search.instance(tx, archive.index, study, series, instance, _SCREEN)
    if row.frame_table is None:
        message = "the image has no pixel data, or its frames cannot be told apart"
        raise NotFound(message)
    table = FrameTable.from_bytes(row.frame_table)
    parts = [_frame(archive, row, table, number) for number in _numbers(frames, len(table.offsets))]
    if _takes(request, "multipart/related"):
        return await multipart(parts, secrets.token_hex(16), _OCTETS)
    if len(parts) == 1 and _takes(request, _OCTETS):
        tag = f'"{row.blob.rpartition("/")[2]}-{frames}"'
        return await single(parts[0], _OCTETS, request.headers.get("range", ""), tag)
    message = f"frames are given as {_OCTETS} in multipart/related, one frame also alone"
    raise NotAcceptable(message)


def _frame(archive: Archive, row: InstanceRow, table: FrameTable, number: int) -> Part:
    offset, length = table.offsets[number - 1], table.lengths[number - 1]
    headers = [("Content-Type", f"{_OCTETS}; transfer-syntax={row.transfer_syntax_uid}")]
    if not table.is_encapsulated:
        return Part(partial(archive.blobs.read_range, row.blob), offset, length, headers)
    codestream = strip_items(archive.blobs.read_range(row.blob, offset, length))
    return Part(lambda start, size: codestream[start : start + size], 0, len(codestream), headers)


def _numbers(text: str, count: int) -> list[int]:
    pieces = text.split(",")
    if len(pieces) > _MOST_FRAMES or not all(piece.isascii() and piece.isdigit() for piece in pieces):
        message = f"frame numbers are written 1,2,3, at most {_MOST_FRAMES} of them"
        raise InvalidRequest(message)
    numbers = [int(piece[:10]) for piece in pieces]
    if not all(1 <= number <= count for number in numbers):
        message = f"the image has the frames 1 to {count}"
        raise NotFound(message)
    return numbers


def _takes(request: Request, media_type: str) -> bool:
    accept = request.headers.get("accept", "*/*")
    kinds = [item.split(";")[0].strip() for item in accept.split(",")]
    return any(kind in {media_type, "*/*", media_type.split("/", maxsplit=1)[0] + "/*"} for kind in kinds)
