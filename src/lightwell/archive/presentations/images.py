"""What images say of themselves that states of them depend on: size, spacing, and the way to their own grey."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Final

from lightwell.archive.blobs import Blobs
from lightwell.archive.codecs import undecodable
from lightwell.archive.derived.geometry import Said
from lightwell.archive.derived.making import Pointed
from lightwell.archive.header import pixel_form, read_header
from lightwell.archive.looking import Seen
from lightwell.archive.model import InstanceRow
from lightwell.archive.presentations.grey import IDENTITY, OwnGrey, Rescale
from lightwell.archive.presentations.model import PresentedImage, Window
from lightwell.archive.presentations.writing import Image, Images
from lightwell.archive.room import Archive
from lightwell.core.errors import InvalidRequest
from lightwell.imaging.look import Lut, VoiFunction
from lightwell.standards.dicom.errors import DataSetError

_PHOTOMETRIC: Final = "00280004"
_CENTER, _WIDTH = "00281050", "00281051"
_INTERCEPT, _SLOPE, _TYPE = "00281052", "00281053", "00281054"
_FUNCTION: Final = "00281056"
_MODALITY_LUTS: Final = "00283000"
_VOI_LUTS: Final = "00283010"
_LIGHT_LOW: Final = "MONOCHROME1"
_GREY: Final = ("MONOCHROME1", "MONOCHROME2", "")


def own_grey(said: Said, frame: int) -> OwnGrey:
    """Return how a frame makes grey by itself."""
    return OwnGrey(
        rescale=_rescale(said, frame) or IDENTITY,
        function=_function(said, frame),
        has_table=bool(said.values(_MODALITY_LUTS, frame)),
        is_light_low=said.text(_PHOTOMETRIC, frame) == _LIGHT_LOW,
    )


def _rescale(said: Said, frame: int) -> Rescale | None:
    intercept, slope = said.numbers(_INTERCEPT, frame), said.numbers(_SLOPE, frame)
    return (slope[0], intercept[0]) if intercept and slope and slope[0] else None


def _function(said: Said, frame: int) -> VoiFunction:
    """Return how an image maps its windows; what it says beside the standard is linear, as pages take it."""
    with suppress(ValueError):
        return VoiFunction(said.text(_FUNCTION, frame))
    return VoiFunction.LINEAR


async def with_tables(
    archive: Archive, rows: Mapping[str, InstanceRow], said: Mapping[str, Said], shown: Sequence[PresentedImage]
) -> Images:
    """Return what states of images depend on, with the tables that they are seen through for want of a window.

    Raises:
        Undecodable: an image is damaged.
        InvalidRequest: its table cannot be read.
    """
    keys = [(one.sop_instance_uid, one.frame) for one in shown]
    images = {(uid, frame): image_of(rows[uid], said[uid], frame) for uid, frame in keys}
    bare = {one.sop_instance_uid for one in shown if not one.window and _has_voi_table(one, images, said)}
    tables = await asyncio.to_thread(lambda: {uid: _voi_lut(archive.blobs, rows[uid]) for uid in bare})
    return {key: replace(image, voi_lut=tables.get(key[0])) for key, image in images.items()}


def _has_voi_table(shown: PresentedImage, images: Images, said: Mapping[str, Said]) -> bool:
    """Tell whether an image is seen through a table of its own, for want of a window."""
    image = images[shown.sop_instance_uid, shown.frame]
    has_window = image.window is not None or image.is_colour
    return not has_window and bool(said[shown.sop_instance_uid].values(_VOI_LUTS, shown.frame))


def _voi_lut(blobs: Blobs, row: InstanceRow) -> Lut:
    try:
        header = read_header(blobs, row)
        found = Seen(header).look(0, is_signed=pixel_form(header).is_signed).voi_lut
    except DataSetError as error:
        raise undecodable(error) from error
    if found is None:
        message = "this image is seen through a table (VOI LUT) that cannot be read; choose a window to save it with"
        raise InvalidRequest(message)
    return found


def image_of(row: InstanceRow, said: Said, frame: int) -> Image:
    """Return what a state of a frame depends on, but for its table."""
    photometric = said.text(_PHOTOMETRIC, frame)
    center, width = said.numbers(_CENTER, frame), said.numbers(_WIDTH, frame)
    rescale = _rescale(said, frame)
    return Image(
        pointed=Pointed(row.series_instance_uid, row.sop_class_uid, row.sop_instance_uid),
        has_frames=row.number_of_frames > 1,
        rows=row.rows or 0,
        columns=row.columns or 0,
        is_colour=photometric not in _GREY,
        is_light_low=photometric == _LIGHT_LOW,
        has_table=bool(said.values(_MODALITY_LUTS, frame)),
        rescale=(*rescale, said.text(_TYPE, frame)) if rescale else None,
        spacing_mm=said.spacing_mm(frame),
        window=Window(center[0], width[0]) if center and width and width[0] > 0 else None,
        function=_function(said, frame),
    )
