"""WADO-RS: retrieve one large value of an image, as its metadata refer to it (PS3.18 10.4.1.1.5)."""

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from lightwell.archive import enclosed, search
from lightwell.archive.blobs import run
from lightwell.archive.codecs import undecodable
from lightwell.archive.dicomweb import accept
from lightwell.archive.dicomweb.frames import OCTETS
from lightwell.archive.dicomweb.wado import SCREEN, entity_tag
from lightwell.archive.enclosed import stream_of
from lightwell.archive.header import HeaderBytes, read_bytes
from lightwell.archive.model import InstanceRow
from lightwell.archive.room import Archive
from lightwell.core.errors import NotAcceptable, NotFound
from lightwell.core.http.files import Part, multipart, single, whole
from lightwell.core.tx import Tx
from lightwell.standards.dicom.elements import Kind, Token, leaves
from lightwell.standards.dicom.errors import DataSetError
from lightwell.standards.dicom.jsonwriter import little_endian
from lightwell.standards.dicom.scanner import FrameTable, strip_items

_HEADERS: Final = (("Content-Type", OCTETS),)


async def bulkdata(
    tx: Tx, archive: Archive, request: Request, study: str, series: str, instance: str, path: str
) -> Response:
    """Retrieve a large value of an image; compressed pixel data come frame by frame, or as one film."""
    row = await search.instance(tx, archive.index, study, series, instance, SCREEN)
    own = [kind] if (kind := enclosed.media_type_of(row)) and path.upper() in enclosed.PLACES else []
    wishes = accept.chosen(accept.wishes(request), [OCTETS, *own], can_be_single=True)
    if own and not wishes[0].takes(OCTETS):
        return await alone(archive, request, row, own[0])
    parts = await asyncio.to_thread(_parts, archive, row, path.upper())
    tag = entity_tag([row.blob], [path])
    if accept.is_multipart(wishes[0]):
        return multipart(request, parts, OCTETS, tag)
    if len(parts) > 1:
        message = f"the value has {len(parts)} frames; it is given in multipart/related"
        raise NotAcceptable(message)
    return single(request, parts[0], OCTETS, tag)


async def alone(archive: Archive, request: Request, row: InstanceRow, kind: str) -> Response:
    """Answer with the film or document that an object encloses, or the range of it that was asked for."""
    try:
        part = await asyncio.to_thread(enclosed.file_of, archive.blobs, row)
    except DataSetError as error:
        raise undecodable(error) from error
    return single(request, part, kind, entity_tag([row.blob], [kind]))


def _parts(archive: Archive, row: InstanceRow, path: str) -> Sequence[Part]:
    read = read_bytes(archive.blobs, row)
    try:
        token = _find(read, path)
    except DataSetError as error:
        raise undecodable(error) from error
    if token is None:
        message = "the image has no such value; its metadata name those that it has"
        raise NotFound(message)
    if token.end < 0:
        return [stream_of(archive.blobs, row)] if row.frame_table is None else _fragments(archive, row, row.frame_table)
    if token.kind is Kind.PIXELS and read.syntax.is_little_endian and not read.syntax.is_deflated:
        return [run(archive.blobs, row.blob, token.start, token.end - token.start, _HEADERS)]
    if token.kind is Kind.PIXELS and not read.syntax.is_deflated:
        raw = archive.blobs.read_range(row.blob, token.start, token.end - token.start)
    else:
        raw = read.content[token.start : token.end]
    return [whole(little_endian(token.vr, raw, is_little_endian=read.syntax.is_little_endian), _HEADERS)]


def _find(read: HeaderBytes, path: str) -> Token | None:
    """Return the value at a path of tags and numbers of items."""
    for way, token in leaves(read.content, read.offset, read.syntax):
        if _text(way) == path:
            return token
    return None


def _text(way: Sequence[int]) -> str:
    """Return a path as metadata write it: tags have eight digits, the numbers between them are as they are."""
    return "/".join(str(step) if place % 2 else f"{step:08X}" for place, step in enumerate(way))


def _fragments(archive: Archive, row: InstanceRow, frame_table: bytes) -> Sequence[Part]:
    table = FrameTable.from_bytes(frame_table)
    read = partial(archive.blobs.read_range, row.blob)
    kind = f"{OCTETS}; transfer-syntax={row.transfer_syntax_uid}"
    frames = zip(table.offsets, table.lengths, strict=True)
    return [whole(strip_items(read(offset, length)), [("Content-Type", kind)]) for offset, length in frames]
