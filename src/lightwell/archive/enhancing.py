"""Frames of the archive enhanced, in processes that may die; what is stored stays as it is."""

import asyncio
from typing import Final

from lightwell.archive.blobs import Blobs
from lightwell.archive.codecs import codec_of, undecodable
from lightwell.archive.frame_reading import read_frames
from lightwell.archive.header import ImageHeader, pixel_form, read_header
from lightwell.archive.looking import Seen
from lightwell.archive.model import InstanceRow
from lightwell.core.compute import ComputePool
from lightwell.core.errors import LightwellError
from lightwell.imaging.enhance.enhancement import Enhancement, require_shades
from lightwell.imaging.form import Codec, PixelError, PixelForm, decoded_form
from lightwell.imaging.work import enhance
from lightwell.standards.dicom import uids
from lightwell.standards.dicom.errors import DataSetError

_LONGEST_S: Final = 60.0
_HOUNSFIELD: Final = frozenset(
    (uids.CTImageStorage, uids.EnhancedCTImageStorage, uids.LegacyConvertedEnhancedCTImageStorage)
)


class NotEnhanceable(LightwellError):
    """Such an image cannot be enhanced: it has colours, is a film, or has no pixels."""

    code = "not_enhanceable"
    http_status = 422


def read_source(blobs: Blobs, row: InstanceRow) -> tuple[ImageHeader, PixelForm, Codec]:
    """Return the header of an image that can be enhanced, and how its pixels are written; call it in a thread.

    Raises:
        NotEnhanceable: it cannot be; says why.
        NotFound: its bytes are gone.
        Undecodable: it is damaged.
    """
    codec = codec_of(row)
    if codec is None:
        message = f"a film ({row.transfer_syntax_uid}) cannot be enhanced, only single images and their frames"
        raise NotEnhanceable(message)
    try:
        header = read_header(blobs, row)
        if header.pixel_data is None:
            message = "the object has no pixels, so there is nothing to enhance"
            raise NotEnhanceable(message)
        form = pixel_form(header)
    except DataSetError as error:
        raise undecodable(error) from error
    try:
        require_shades(decoded_form(form, codec))
    except PixelError as error:
        raise NotEnhanceable(str(error)) from error
    return header, form, codec


async def enhanced_frame(
    blobs: Blobs, compute: ComputePool, row: InstanceRow, number: int, wanted: Enhancement, target: Codec
) -> bytes:
    """Return a frame, by its number from 0, enhanced and written in a codec without loss.

    The errors are those of :func:`read_source`, and WorkDied and WorkTimedOut where the work did not end well.
    """
    header, form, codec = await asyncio.to_thread(read_source, blobs, row)
    look = Seen(header).look(number, is_signed=form.is_signed)
    is_hounsfield = row.sop_class_uid in _HOUNSFIELD
    try:
        frame = await asyncio.to_thread(lambda: next(read_frames(blobs, row, header, form, [number])))
        work = (enhance, frame, form, codec, look, wanted, target, is_hounsfield)
        return await compute.run(*work, timeout_s=_LONGEST_S)
    except (DataSetError, PixelError) as error:
        raise undecodable(error) from error
