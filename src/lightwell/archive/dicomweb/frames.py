"""WADO-RS: retrieve frames of an image (PS3.18 10.4.1.1.6).

A frame goes out as it is stored where the caller takes that; else it is decoded, or encoded as asked for. By the
standard ``application/octet-stream`` without a transfer syntax means uncompressed.
"""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from lightwell.archive import prepared, transcoding
from lightwell.archive.blobs import run
from lightwell.archive.codecs import CODECS
from lightwell.archive.dicomweb import accept
from lightwell.archive.dicomweb.accept import Wish
from lightwell.archive.dicomweb.wado import SCREEN, entity_tag
from lightwell.archive.model import InstanceRow
from lightwell.archive.room import Archive
from lightwell.archive.tickets import Admitted, admit
from lightwell.archive.transcoding import AS_STORED
from lightwell.core.actors import Actor
from lightwell.core.errors import InvalidRequest, NotAcceptable, NotFound
from lightwell.core.http.files import Headers, MadePart, Part, multipart, single, whole
from lightwell.imaging.form import Codec
from lightwell.standards.dicom import uids
from lightwell.standards.dicom.scanner import FrameTable, strip_items

OCTETS: Final = "application/octet-stream"
_MOST_FRAMES: Final = 10_000
_MOST_AT_ONCE: Final = 16 << 20
_TYPES: Final = {
    uids.RLELossless: "image/dicom-rle",
    **dict.fromkeys((uids.JPEGBaseline8Bit, uids.JPEGExtended12Bit), "image/jpeg"),
    **dict.fromkeys((uids.JPEGLossless, uids.JPEGLosslessSV1), "image/jpeg"),
    **dict.fromkeys((uids.JPEGLSLossless, uids.JPEGLSNearLossless), "image/jls"),
    **dict.fromkeys((uids.JPEG2000Lossless, uids.JPEG2000), "image/jp2"),
    **dict.fromkeys((uids.JPEG2000MCLossless, uids.JPEG2000MC), "image/jpx"),
    **dict.fromkeys((uids.HTJ2KLossless, uids.HTJ2KLosslessRPCL, uids.HTJ2K), "image/jphc"),
    **dict.fromkeys((uids.JPEGXLLossless, uids.JPEGXLJPEGRecompression, uids.JPEGXL), "image/jxl"),
}
_DEFAULTS: Final = {
    "image/dicom-rle": uids.RLELossless,
    "image/jls": uids.JPEGLSLossless,
    "image/jp2": uids.JPEG2000Lossless,
    "image/jphc": uids.HTJ2KLosslessRPCL,
}
"""What a media type means without a transfer syntax (PS3.18 Table 8.7.3-5), as far as we write it."""


@dataclass(frozen=True, slots=True)
class _Form:
    """How frames are given: as which media type, in which transfer syntax, and for which wish."""

    wish: Wish
    media_type: str
    transfer_syntax: str

    @property
    def content_type(self) -> str:
        return f"{self.media_type}; transfer-syntax={self.transfer_syntax}"


async def frames(
    actor: Actor, archive: Archive, request: Request, study: str, series: str, instance: str, frames: str
) -> Response:
    """Retrieve frames of an image by their numbers from 1."""
    admitted = await admit(archive, actor, (study, series, instance), SCREEN)
    row = admitted.row
    numbers = frame_numbers(frames, row.number_of_frames)
    form = await _form(archive, row, accept.wishes(request), len(numbers))
    parts = _prepared(archive, admitted, numbers, form) or await _parts(archive, row, numbers, form)
    tag = entity_tag([row.blob], [frames, form.content_type])
    if accept.is_multipart(form.wish):
        return multipart(request, parts, form.media_type, tag)
    return single(request, parts[0], form.content_type, tag)


def frame_numbers(text: str, count: int) -> list[int]:
    """Return the numbers, from 0, of a list like ``1,2,3``.

    Raises:
        InvalidRequest: it is no such list, or longer than anybody can mean.
        NotFound: the image does not have so many.
    """
    pieces = text.split(",")
    if len(pieces) > min(_MOST_FRAMES, 2 * count) or not all(piece.isascii() and piece.isdigit() for piece in pieces):
        message = f"frame numbers are written 1,2,3; of this image at most {min(_MOST_FRAMES, 2 * count)} of them"
        raise InvalidRequest(message)
    numbers = [int(piece[:10]) for piece in pieces]
    if not all(1 <= number <= count for number in numbers):
        message = f"the image has the frames 1 to {count}"
        raise NotFound(message)
    return [number - 1 for number in numbers]


async def _form(archive: Archive, row: InstanceRow, wishes: Sequence[Wish], count: int) -> _Form:
    stored_type = _TYPES.get(row.transfer_syntax_uid, OCTETS)
    media_types = list(dict.fromkeys((stored_type, OCTETS, *_DEFAULTS)))
    for wish in accept.chosen(wishes, media_types, can_be_single=count == 1):
        found = _met(row, wish, stored_type)
        if found and (_is_given(row, found) or await transcoding.can_be_given(archive, row, found.transfer_syntax)):
            return found
    message = f"the frames are stored in {row.transfer_syntax_uid} and cannot be given as asked for"
    raise NotAcceptable(message)


def _met(row: InstanceRow, wish: Wish, stored_type: str) -> _Form | None:
    """Return how a wish can be met, if it can."""
    stored, wanted = row.transfer_syntax_uid, wish.transfer_syntax
    if wanted in {AS_STORED, stored} and (wish.takes(OCTETS) or wish.takes(stored_type)):
        return _Form(wish, stored_type if wish.is_anything or not wish.takes(OCTETS) else OCTETS, stored)
    if not wanted:
        if wish.takes(stored_type) and (stored_type != OCTETS or _is_plain(stored)):
            return _Form(wish, stored_type, stored)
        wanted = next((uid for kind, uid in _DEFAULTS.items() if wish.media_type == kind), uids.ExplicitVRLittleEndian)
    kind = OCTETS if wish.takes(OCTETS) else _TYPES.get(wanted, OCTETS)
    return _Form(wish, kind, wanted) if wish.takes(kind) else None


def _is_given(row: InstanceRow, form: _Form) -> bool:
    """Tell whether frames go out as they are stored."""
    return row.frame_table is not None and _is_same(form.transfer_syntax, row.transfer_syntax_uid)


def _is_plain(uid: str) -> bool:
    return uid in {uids.ExplicitVRLittleEndian, uids.ImplicitVRLittleEndian}


def _prepared(archive: Archive, admitted: Admitted, numbers: Sequence[int], form: _Form) -> Sequence[Part] | None:
    """Return frames that lie ready in HTJ2K, if that is what is asked for."""
    is_htj2k = form.transfer_syntax in {uids.HTJ2KLossless, uids.HTJ2KLosslessRPCL}
    if not is_htj2k or form.transfer_syntax == admitted.row.transfer_syntax_uid:
        return None
    headers = [("Content-Type", form.content_type)]
    return prepared.frames(archive.blobs, admitted.ticket.frames, admitted.row.sop_instance_uid, numbers, headers)


async def _parts(archive: Archive, row: InstanceRow, numbers: Sequence[int], form: _Form) -> list[Part | MadePart]:
    headers = [("Content-Type", form.content_type)]
    table = None if row.frame_table is None else FrameTable.from_bytes(row.frame_table)
    if table is None or not _is_whole(table) or not _is_same(form.transfer_syntax, row.transfer_syntax_uid):
        return [MadePart(partial(_recoded, archive, row, number, form, headers)) for number in numbers]
    read = partial(archive.blobs.read_range, row.blob)
    if not table.is_encapsulated:
        return [
            run(archive.blobs, row.blob, table.offsets[number], table.lengths[number], headers) for number in numbers
        ]
    if sum(table.lengths[number] for number in numbers) <= _MOST_AT_ONCE:
        return await asyncio.to_thread(
            lambda: [whole(strip_items(read(table.offsets[n], table.lengths[n])), headers) for n in numbers]
        )
    return [MadePart(partial(_stripped, archive, row, table, number, headers)) for number in numbers]


def _is_same(wanted: str, stored: str) -> bool:
    return wanted == stored or (_is_plain(wanted) and _is_plain(stored))


def _is_whole(table: FrameTable) -> bool:
    """Tell whether every frame begins at a byte; those of single bits may not."""
    is_shared = len(table.offsets) > 1 and table.offsets[0] + table.lengths[0] > table.offsets[1]
    return table.is_encapsulated or not is_shared


async def _stripped(
    archive: Archive, row: InstanceRow, table: FrameTable, number: int, headers: Headers
) -> tuple[Headers, AsyncGenerator[bytes]]:
    raw = await asyncio.to_thread(archive.blobs.read_range, row.blob, table.offsets[number], table.lengths[number])
    return headers, _one(strip_items(raw))


async def _one(frame: bytes) -> AsyncGenerator[bytes]:
    yield frame


async def _recoded(
    archive: Archive, row: InstanceRow, number: int, form: _Form, headers: Headers
) -> tuple[Headers, AsyncGenerator[bytes]]:
    target = CODECS.get(form.transfer_syntax, Codec.NATIVE)
    return headers, transcoding.frames(archive, row, [number], target)
