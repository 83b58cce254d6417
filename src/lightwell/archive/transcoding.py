"""Images in another transfer syntax than they are stored in, frame by frame (PS3.5 A).

What is stored in a syntax that the other side takes goes out as it is. Else the header is written anew and the frames
are decoded and encoded in processes that may die (:mod:`lightwell.core.compute`), a few at a time, so that memory stays
flat however many frames there are. Everything written here is without loss.
"""

import asyncio
import struct
from collections import deque
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Final

from lightwell.archive.codecs import CODECS, codec_of, undecodable
from lightwell.archive.completing import read_completed, uids_to_set
from lightwell.archive.frame_reading import read_frames
from lightwell.archive.header import ImageHeader, offset_of, pixel_form, read_header, syntax_of, words_of
from lightwell.archive.model import InstanceRow
from lightwell.archive.room import Archive
from lightwell.core.errors import NotAcceptable, NotFound
from lightwell.core.http.files import PIECE
from lightwell.imaging.form import Codec, PixelError, PixelForm, decoded_form, encoded_form
from lightwell.imaging.work import pack, recode
from lightwell.standards.dicom import uids
from lightwell.standards.dicom.errors import DataSetError
from lightwell.standards.dicom.jsonwriter import little_endian
from lightwell.standards.dicom.part10 import file_meta
from lightwell.standards.dicom.rewriting import Change, element_head, rewrite
from lightwell.standards.dicom.scanner import FrameTable

AS_STORED: Final = "*"
_WRITTEN: Final = frozenset((Codec.RLE, Codec.JPEG_LS, Codec.JPEG_2000, Codec.HTJ2K))
_UNCOMPRESSED: Final = (uids.ExplicitVRLittleEndian, uids.ImplicitVRLittleEndian)
TARGETS: Final = (*_UNCOMPRESSED, *(uid for uid, codec in CODECS.items() if codec in _WRITTEN))
"""What can be written, the plainest first."""

_PIXEL_DATA: Final = 0x7FE0_0010
_PHOTOMETRIC: Final = 0x0028_0004
_PLANAR: Final = 0x0028_0006
_ITEM: Final = struct.Struct("<HHI")
_NO_OFFSETS: Final = _ITEM.pack(0xFFFE, 0xE000, 0)
_END: Final = _ITEM.pack(0xFFFE, 0xE0DD, 0)
_UNDEFINED: Final = 0xFFFF_FFFF
_LONGEST: Final = 0xFFFF_FFFE
_BATCH_BYTES: Final = 8 << 20
_AT_ONCE: Final = 2
_CODEC_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class Part10:
    """An image in a transfer syntax that the other side takes.

    ``meta_header`` is what makes a file of the ``data_set`` (PS3.10 7.1); ``length`` counts the bytes of the data set
    where that is known before.
    """

    transfer_syntax_uid: str
    meta_header: bytes
    data_set: AsyncGenerator[bytes]
    length: int | None


def is_as_stored(row: InstanceRow, accepted: Sequence[str]) -> bool:
    """Tell whether an image goes out as stored: that is, or comes before, whatever could be made."""
    return next((is_stored for uid in accepted if (is_stored := _is_stored(row, uid)) or uid in TARGETS), False)


def _is_stored(row: InstanceRow, uid: str) -> bool:
    return uid in {AS_STORED, row.transfer_syntax_uid}


async def part10(archive: Archive, row: InstanceRow, accepted: Sequence[str]) -> Part10:
    """Return an image in the first of the transfer syntaxes that it can be given in; ``*`` stands for the stored one.

    An image without pixel data is given in Explicit VR Little Endian where only compressed syntaxes are accepted.

    Raises:
        NotAcceptable: it can be given in none of them.
        NotFound: its bytes are gone.
        Undecodable: it is damaged.
    """
    if is_as_stored(row, accepted):
        return await _as_stored(archive, row)
    try:
        header = await asyncio.to_thread(read_header, archive.blobs, row)
        for uid in accepted:
            if _is_stored(row, uid):
                return await _as_stored(archive, row)
            if made := await _made(archive, row, header, uid):
                return made
    except (DataSetError, PixelError) as error:
        raise undecodable(error) from error
    message = f"the image is stored in {row.transfer_syntax_uid} and cannot be given in {', '.join(accepted)[:512]}"
    raise NotAcceptable(message)


async def _as_stored(archive: Archive, row: InstanceRow) -> Part10:
    offset = await asyncio.to_thread(offset_of, archive.blobs, row)
    meta = await asyncio.to_thread(archive.blobs.read_range, row.blob, 0, offset)
    done = await asyncio.to_thread(read_completed, archive.blobs, row)
    head, rest = (b"", offset) if done is None else (done.head, done.rest)
    length = len(head) + row.length - rest
    return Part10(row.transfer_syntax_uid, meta, _range(archive, row, rest, row.length, head), length)


async def _range(
    archive: Archive, row: InstanceRow, start: int, end: int, before: bytes = b""
) -> AsyncGenerator[bytes]:
    if before:
        yield before
    for place in range(start, end, PIECE):
        yield await asyncio.to_thread(archive.blobs.read_range, row.blob, place, min(PIECE, end - place))


async def _made(archive: Archive, row: InstanceRow, header: ImageHeader, uid: str) -> Part10 | None:
    """Return the image in a transfer syntax, or None if it cannot be given in it."""
    if uid not in TARGETS:
        return None
    if header.pixel_data is None:
        uid = uid if uid in _UNCOMPRESSED else uids.ExplicitVRLittleEndian
        changes = _uids(header, row)
        whole = rewrite(header.content, header.offset, header.syntax, syntax_of(uid), changes).before
        return _from(header, uid, _one(whole))
    target = syntax_of(uid)
    if not (header.syntax.is_encapsulated or target.is_encapsulated):
        return _from(header, uid, _native(archive, row, header, uid))
    form, source = pixel_form(header), codec_of(row)
    if source is None or (header.syntax.is_encapsulated and row.frame_table is None):
        return None
    plain = decoded_form(form, source)
    try:
        written = encoded_form(plain, CODECS.get(uid, Codec.NATIVE))
    except PixelError:
        return None
    return _from(header, uid, _recoded(archive, row, header, uid, written))


def _from(header: ImageHeader, uid: str, data_set: AsyncGenerator[bytes]) -> Part10:
    meta = header.meta
    ae_titles = (meta.source_ae, meta.sending_ae, meta.receiving_ae)
    return Part10(uid, file_meta(meta.sop_class_uid, meta.sop_instance_uid, uid, *ae_titles), data_set, None)


async def _one(content: bytes) -> AsyncGenerator[bytes]:
    yield content


async def _native(archive: Archive, row: InstanceRow, header: ImageHeader, uid: str) -> AsyncGenerator[bytes]:
    """Write a native image in another byte order, or with VRs, or without."""
    pixels, target = header.pixel_data, syntax_of(uid)
    assert pixels is not None  # noqa: S101 -- the caller looked
    rewritten = rewrite(header.content, header.offset, header.syntax, target, _uids(header, row))
    yield rewritten.before + _head(uid, pixels.tag, pixels.vr, pixels.end - pixels.start)
    async for piece in _native_bytes(archive, row, header):
        yield little_endian(words_of(header), piece, is_little_endian=header.syntax.is_little_endian)
    yield rewritten.after or await _tail(archive, row, header, pixels.end, uid)


async def _native_bytes(archive: Archive, row: InstanceRow, header: ImageHeader) -> AsyncGenerator[bytes]:
    pixels = header.pixel_data
    assert pixels is not None  # noqa: S101 -- the caller looked
    if header.syntax.is_deflated:
        yield header.content[pixels.start : pixels.end]
        return
    async for piece in _range(archive, row, pixels.start, pixels.end):
        yield piece


def _head(uid: str, tag: int, vr: str, length: int) -> bytes:
    if syntax_of(uid).is_explicit_vr:
        return element_head(tag, vr, length)
    return struct.pack("<HHI", tag >> 16, tag & 0xFFFF, length)


async def _tail(archive: Archive, row: InstanceRow, header: ImageHeader, start: int, uid: str) -> bytes:
    """Return what follows the pixel data, written anew."""
    if start >= row.length or header.syntax.is_deflated:
        return b""
    raw = await asyncio.to_thread(archive.blobs.read_range, row.blob, start, row.length - start)
    return rewrite(raw, 0, header.syntax, syntax_of(uid), {}).before


async def _recoded(
    archive: Archive, row: InstanceRow, header: ImageHeader, uid: str, written: PixelForm
) -> AsyncGenerator[bytes]:
    """Write an image whose frames are decoded, encoded, or both."""
    target = syntax_of(uid)
    changes = _uids(header, row) | {_PHOTOMETRIC: ("CS", _even(written.photometric.encode()))}
    if written.samples > 1:
        changes[_PLANAR] = ("US", b"\0\0")
    rewritten = rewrite(header.content, header.offset, header.syntax, target, changes)
    yield rewritten.before
    numbers = range(row.number_of_frames)
    if target.is_encapsulated:
        yield element_head(_PIXEL_DATA, "OB", _UNDEFINED) + _NO_OFFSETS
        async for frame in recoded(archive, row, header, numbers, CODECS[uid]):
            yield _ITEM.pack(0xFFFE, 0xE000, len(frame)) + frame
        yield _END
    else:
        async for piece in _decoded(archive, row, header, uid, written):
            yield piece
    yield rewritten.after or await _tail(archive, row, header, _end_of_pixels(row, header), uid)


async def _decoded(
    archive: Archive, row: InstanceRow, header: ImageHeader, uid: str, form: PixelForm
) -> AsyncGenerator[bytes]:
    length = (row.number_of_frames * form.bits + 7) // 8
    if length > _LONGEST:
        message = f"an uncompressed image has at most {_LONGEST} bytes of pixel data, this one would have {length}"
        raise NotAcceptable(message)
    vr = "OW" if form.bits_allocated > 8 or not syntax_of(uid).is_explicit_vr else "OB"  # noqa: PLR2004
    yield _head(uid, _PIXEL_DATA, vr, length + length % 2)
    if form.bits % 8:
        frames = [frame async for frame in recoded(archive, row, header, range(row.number_of_frames), Codec.NATIVE)]
        yield pack(frames, form)
    else:
        async for frame in recoded(archive, row, header, range(row.number_of_frames), Codec.NATIVE):
            yield frame
    yield b"\0" * (length % 2)


def _end_of_pixels(row: InstanceRow, header: ImageHeader) -> int:
    if header.pixel_data is not None and header.pixel_data.end > 0:
        return header.pixel_data.end
    if row.frame_table is None:
        return row.length
    table = FrameTable.from_bytes(row.frame_table)
    return max(map(sum, zip(table.offsets, table.lengths, strict=True))) + _ITEM.size


def _uids(header: ImageHeader, row: InstanceRow) -> dict[int, Change]:
    """Return the UIDs that the data set lacks, as changes of it."""
    missing = uids_to_set(header.values, row)
    return {tag: ("UI", uid.encode() + b"\0" * (len(uid) % 2)) for tag, uid in missing.items()}


def _even(raw: bytes) -> bytes:
    return raw + b" " * (len(raw) % 2)


async def frames(archive: Archive, row: InstanceRow, numbers: Sequence[int], target: Codec) -> AsyncGenerator[bytes]:
    """Return frames by their numbers from 0, decoded and encoded anew; errors are those of :func:`recoded`."""
    try:
        header = await asyncio.to_thread(read_header, archive.blobs, row)
    except DataSetError as error:
        raise undecodable(error) from error
    async with aclosing(recoded(archive, row, header, numbers, target)) as made:
        async for frame in made:
            yield frame


def form_of(header: ImageHeader) -> PixelForm:
    """Return how the pixels of an image are written.

    Raises:
        NotFound: it has none.
        Undecodable: it does not say how many they are.
    """
    if header.pixel_data is None:
        message = "the object has no pixel data, so it has no frames"
        raise NotFound(message)
    try:
        return pixel_form(header)
    except DataSetError as error:
        raise undecodable(error) from error


async def can_be_given(archive: Archive, row: InstanceRow, uid: str) -> bool:
    """Tell whether frames of an image can be written in a transfer syntax; errors are those of :func:`form_of`."""
    source = codec_of(row)
    if source is None or uid not in TARGETS:
        return False
    try:
        header = await asyncio.to_thread(read_header, archive.blobs, row)
        encoded_form(decoded_form(form_of(header), source), CODECS.get(uid, Codec.NATIVE))
    except DataSetError as error:
        raise undecodable(error) from error
    except PixelError:
        return False
    return True


async def recoded(
    archive: Archive, row: InstanceRow, header: ImageHeader, numbers: Sequence[int], target: Codec
) -> AsyncGenerator[bytes]:
    """Return frames by their numbers from 0, decoded and encoded anew.

    Raises:
        NotAcceptable: there is no codec for it, or the codec cannot hold such pixels.
        Undecodable: a frame is damaged.
        WorkDied: a codec crashed over it.
        WorkTimedOut: a codec hung over it.
    """
    source = codec_of(row)
    if source is None:
        message = f"frames of {row.transfer_syntax_uid} are given as they are stored; there is no codec for it"
        raise NotAcceptable(message)
    form = form_of(header)
    work = partial(archive.machines.compute.run, recode, timeout_s=_CODEC_S)
    frames = read_frames(archive.blobs, row, header, form, numbers)
    size = max(1, _BATCH_BYTES * 8 // max(1, form.bits))
    running: deque[asyncio.Task[list[bytes]]] = deque()
    try:
        while batch := await asyncio.to_thread(_take, frames, size):
            running.append(asyncio.create_task(work(batch, form, source, target)))
            if len(running) == _AT_ONCE:
                for frame in await running.popleft():
                    yield frame
        while running:
            for frame in await running.popleft():
                yield frame
    except (DataSetError, PixelError) as error:
        raise undecodable(error) from error
    finally:
        for task in running:
            task.cancel()


def _take(frames: Iterator[bytes], size: int) -> list[bytes]:
    return list(islice(frames, size))
