"""Pictures of images: decoded, windowed and scaled in a process that may die."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from lightwell.archive.blobs import Blobs
from lightwell.archive.frame_reading import read_frames
from lightwell.archive.header import pixel_form, read_header, syntax_of
from lightwell.archive.looking import Seen
from lightwell.archive.model import InstanceRow
from lightwell.archive.transcoding import codec_of, undecodable
from lightwell.core.compute import ComputePool, WorkDied, WorkTimedOut
from lightwell.core.errors import NotAcceptable
from lightwell.imaging.form import PixelError, PixelForm
from lightwell.imaging.look import Look, Window
from lightwell.imaging.picture import Picture
from lightwell.imaging.work import render
from lightwell.standards.dicom.errors import DataSetError

_RENDER_S: Final = 30.0


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
) -> bytes:
    """Return a frame, by its number from 0 or the one that stands for all, as the file of a picture.

    ``window`` comes before what the image says of itself.

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
        content, form, look = await asyncio.to_thread(_read, blobs, row, frame)
        look = replace(look, window=window, voi_lut=None) if window is not None else look
        work = partial(compute.run, render, timeout_s=_RENDER_S)
        return await work(content, form, codec, look, picture)
    except (DataSetError, PixelError) as error:
        raise undecodable(error) from error
    except (WorkDied, WorkTimedOut) as error:
        message = f"{error}; no picture can be made of this image. It is kept whole: fetch it as it is stored"
        raise type(error)(message) from error


def _read(blobs: Blobs, row: InstanceRow, frame: int | None) -> tuple[bytes, PixelForm, Look]:
    header = read_header(blobs, row)
    if header.pixel_data is None:
        raise _no_picture()
    form, seen = pixel_form(header), Seen(header)
    number = seen.representative_frame(row.number_of_frames) if frame is None else frame
    content = next(read_frames(blobs, row, header, form, [number]))
    return content, form, seen.look(number, is_signed=form.is_signed)


def _no_picture() -> NotAcceptable:
    return NotAcceptable("there is no picture of this; only images with pixel data can be shown as one")
