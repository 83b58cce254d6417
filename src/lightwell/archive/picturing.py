"""Pictures of images: decoded, windowed and scaled in a process that may die."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final, TypeAlias

from lightwell.archive.blobs import Blobs
from lightwell.archive.codecs import codec_of, undecodable
from lightwell.archive.frame_reading import read_frames
from lightwell.archive.header import pixel_form, read_header, syntax_of
from lightwell.archive.looking import Seen
from lightwell.archive.model import InstanceRow
from lightwell.core.compute import ComputePool, WorkDied, WorkTimedOut
from lightwell.core.errors import NotAcceptable
from lightwell.imaging.form import Codec, PixelError, PixelForm, preview_form
from lightwell.imaging.look import Look, Window
from lightwell.imaging.picture import Picture
from lightwell.imaging.work import render
from lightwell.standards.dicom.errors import DataSetError

_RENDER_S: Final = 30.0
PreviewOf: TypeAlias = Callable[[int], bytes]
"""Reads the preview of a frame by its number from 0; nothing if there is none."""


@dataclass(frozen=True, slots=True)
class _Frame:
    """A frame as it is written, and as it wants to be seen."""

    content: bytes
    form: PixelForm
    codec: Codec
    look: Look


def may_be_seen(row: InstanceRow) -> bool:
    """Tell whether an object may have pixels, as far as the index knows; a deflated one has not been looked into."""
    return row.frame_table is not None or syntax_of(row.transfer_syntax_uid).is_deflated


def representative(rows: Sequence[InstanceRow]) -> InstanceRow:
    """Return the image that stands for a study or series: the middle one of its longest series.

    Raises:
        NotAcceptable: there are no pictures in it.
    """
    seen = [row for row in rows if may_be_seen(row)]
    if not seen:
        raise _no_picture()
    series = [row.series_instance_uid for row in seen]
    longest = max(dict.fromkeys(series), key=series.count)
    images = [row for row in seen if row.series_instance_uid == longest]
    return images[(len(images) - 1) // 2]


async def picture_of(
    blobs: Blobs,
    compute: ComputePool,
    row: InstanceRow,
    frame: int | None,
    picture: Picture,
    window: Window | None = None,
    *,
    preview_of: PreviewOf | None = None,
) -> bytes:
    """Return a frame, by its number from 0 or the one that stands for all, as the file of a picture.

    Args:
        blobs: where the bytes lie.
        compute: where they are decoded.
        row: the image.
        frame: which frame.
        picture: how large, in which format.
        window: comes before what the image says of itself.
        preview_of: reads what is prepared of a frame; where that looks the same, the image itself is not decoded.

    Raises:
        NotAcceptable: the object has no pixels, or no codec here reads them.
        NotFound: its bytes are gone.
        Undecodable: it is damaged.
        WorkDied: a codec crashed over it.
        WorkTimedOut: a codec hung over it.
    """
    codec = codec_of(row)
    if codec is None or not may_be_seen(row):
        raise _no_picture()
    try:
        seen = await asyncio.to_thread(_read, blobs, row, frame, codec, preview_of)
        look = replace(seen.look, window=window, voi_lut=None) if window is not None else seen.look
        work = partial(compute.run, render, timeout_s=_RENDER_S)
        return await work(seen.content, seen.form, seen.codec, look, picture)
    except (DataSetError, PixelError) as error:
        raise undecodable(error) from error
    except (WorkDied, WorkTimedOut) as error:
        message = f"{error}; no picture can be made of this image. It is kept whole: fetch it as it is stored"
        raise type(error)(message) from error


def _read(blobs: Blobs, row: InstanceRow, frame: int | None, codec: Codec, preview_of: PreviewOf | None) -> _Frame:
    header = read_header(blobs, row)
    if header.pixel_data is None:
        raise _no_picture()
    form, seen = pixel_form(header), Seen(header)
    number = seen.representative_frame(row.number_of_frames) if frame is None else frame
    look = seen.look(number, is_signed=form.is_signed)
    if preview_of is not None and _looks_the_same(form, look) and (preview := preview_of(number)):
        return _Frame(preview, preview_form(form, codec), Codec.HTJ2K, look)
    return _Frame(next(read_frames(blobs, row, header, form, [number])), form, codec, look)


def _looks_the_same(form: PixelForm, look: Look) -> bool:
    """Tell whether a little loss does not show: it would in numbers of colours, and in what says that nothing is there.

    Padding is only looked for where no window is named.
    """
    has_voi = look.window is not None or look.voi_lut is not None
    return form.photometric != "PALETTE COLOR" and (has_voi or look.padding is None)


def _no_picture() -> NotAcceptable:
    return NotAcceptable("there is no picture of this; only images with pixel data can be shown as one")
