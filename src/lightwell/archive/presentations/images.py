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
from lightwell.archive.presentations.writing import Image, Images, ModalityLut
from lightwell.archive.room import Archive
from lightwell.core.errors import InvalidRequest
from lightwell.imaging.look import Look, Lut, VoiFunction
from lightwell.standards.dicom.errors import DataSetError

_PHOTOMETRIC: Final = "00280004"
_CENTER, _WIDTH = "00281050", "00281051"
_INTERCEPT, _SLOPE, _TYPE = "00281052", "00281053", "00281054"
_FUNCTION: Final = "00281056"
_MODALITY_LUTS: Final = "00283000"
_LUT_TYPE: Final = "00283004"
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
    """Return what states of images depend on, with their tables.

    These are the one from stored values to those of the modality, and the one that they are seen through for want of a
    window.

    Raises:
        Undecodable: an image is damaged.
        InvalidRequest: its table cannot be read.
    """
    keys = [(one.sop_instance_uid, one.frame) for one in shown]
    images = {(uid, frame): image_of(rows[uid], said[uid], frame) for uid, frame in keys}
    bare = {one.sop_instance_uid for one in shown if not one.window and _has_voi_table(one, images, said)}
    tabled = {uid for (uid, _), image in images.items() if image.has_table}
    looks = await asyncio.to_thread(lambda: {uid: _look(archive.blobs, rows[uid]) for uid in bare | tabled})
    voi_luts = {uid: _required(looks[uid].voi_lut) for uid in bare}
    modality_luts = {uid: _modality_lut(looks[uid], said[uid]) for uid in tabled}
    return {
        (uid, frame): replace(image, voi_lut=voi_luts.get(uid), modality_lut=modality_luts.get(uid))
        for (uid, frame), image in images.items()
    }


def _has_voi_table(shown: PresentedImage, images: Images, said: Mapping[str, Said]) -> bool:
    """Tell whether an image is seen through a table of its own, for want of a window."""
    image = images[shown.sop_instance_uid, shown.frame]
    has_window = image.window is not None or image.is_colour
    return not has_window and bool(said[shown.sop_instance_uid].values(_VOI_LUTS, shown.frame))


def _look(blobs: Blobs, row: InstanceRow) -> Look:
    try:
        header = read_header(blobs, row)
        return Seen(header).look(0, is_signed=pixel_form(header).is_signed)
    except DataSetError as error:
        raise undecodable(error) from error


def _required(lut: Lut | None) -> Lut:
    if lut is None:
        message = "an image is seen through a table (VOI LUT, Modality LUT) that cannot be read; save the others apart"
        raise InvalidRequest(message)
    return lut


def _modality_lut(look: Look, said: Said) -> ModalityLut:
    (item, *_) = said.values(_MODALITY_LUTS, 1)
    return ModalityLut(_required(look.modality_lut), Said(item).text(_LUT_TYPE, 1))


def image_of(row: InstanceRow, said: Said, frame: int) -> Image:
    """Return what a state of a frame depends on, but for its table."""
    photometric = said.text(_PHOTOMETRIC, frame)
    center, width = said.numbers(_CENTER, frame), said.numbers(_WIDTH, frame)
    rescale = _rescale(said, frame)
    has_table = bool(said.values(_MODALITY_LUTS, frame))
    return Image(
        pointed=Pointed(row.series_instance_uid, row.sop_class_uid, row.sop_instance_uid),
        has_frames=row.number_of_frames > 1,
        rows=row.rows or 0,
        columns=row.columns or 0,
        is_colour=photometric not in _GREY,
        is_light_low=photometric == _LIGHT_LOW,
        has_table=has_table,
        rescale=(*rescale, said.text(_TYPE, frame)) if rescale and not has_table else None,
        spacing_mm=said.spacing_mm(frame),
        window=Window(center[0], width[0]) if center and width and width[0] > 0 else None,
        function=_function(said, frame),
    )
