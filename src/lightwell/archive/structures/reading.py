"""Reads a structure set: its regions of interest, and the contours of each (PS3.3 C.8.8.5, C.8.8.6, C.8.8.8)."""

from typing import Any, Final

import msgspec

from lightwell.archive.derived import content, parsing
from lightwell.archive.derived.parsing import Raw
from lightwell.imaging.colour import Rgb, distinct

LARGEST: Final = 128 << 20
_RGB: Final = 3
_SPACE: Final = 3


class Contour(msgspec.Struct, frozen=True):
    """A contour: x, y, z, x, y, z … in mm in the patient, and the image that it was drawn on, if that is said.

    ``frames`` are those of a multi-frame image, from 1; empty where the contour names none (PS3.3 10.3).
    """

    kind: str
    sop_instance_uid: str | None
    frames: list[int]
    points: list[float]


class Roi(msgspec.Struct, frozen=True):
    """A region of interest; ``interpreted_type`` is ORGAN, PTV, EXTERNAL … (PS3.3 C.8.8.8.1)."""

    number: int
    name: str
    colour: Rgb
    interpreted_type: str
    contours: list[Contour]


class StructureSet(msgspec.Struct, frozen=True):
    """A structure set; one that cannot be read has nothing but its UID."""

    sop_instance_uid: str
    label: str
    source_series_uid: str
    frame_of_reference_uid: str
    rois: list[Roi]
    is_unreadable: bool


def read(raw: Raw) -> bytes:
    """Read a structure set, and return it as JSON: one has millions of numbers, which no two processes copy twice.

    Raises:
        DataSetError: it is none, or a contour is not made of points.
    """
    said = parsing.data_set_of(raw)
    try:
        return msgspec.json.encode(_structure_set(said))
    except Exception as error:  # whatever pydicom makes of broken bytes
        raise parsing.unreadable() from error


def _structure_set(said: Any) -> StructureSet:
    frame = content.first(said, "ReferencedFrameOfReferenceSequence")
    rois = list(said.get("StructureSetROISequence") or ())
    own = content.text_of(rois[0], "ReferencedFrameOfReferenceUID") if rois else ""
    study = content.first(frame, "RTReferencedStudySequence")
    drawn = {int(item.ReferencedROINumber): item for item in said.get("ROIContourSequence") or ()}
    observed = {int(item.ReferencedROINumber): item for item in said.get("RTROIObservationsSequence") or ()}
    return StructureSet(
        sop_instance_uid=content.text_of(said, "SOPInstanceUID"),
        label=content.text_of(said, "StructureSetLabel"),
        source_series_uid=content.text_of(content.first(study, "RTReferencedSeriesSequence"), "SeriesInstanceUID"),
        frame_of_reference_uid=content.text_of(frame, "FrameOfReferenceUID") or own,
        rois=[_roi(item, drawn, observed) for item in rois],
        is_unreadable=False,
    )


def _roi(item: Any, drawn: dict[int, Any], observed: dict[int, Any]) -> Roi:
    number = int(item.ROINumber)
    contours: Any = drawn.get(number, content.NOTHING)
    return Roi(
        number=number,
        name=content.text_of(item, "ROIName"),
        colour=_colour(contours, number),
        interpreted_type=content.text_of(observed.get(number, content.NOTHING), "RTROIInterpretedType"),
        contours=[_contour(one) for one in contours.get("ContourSequence") or ()],
    )


def _colour(item: Any, number: int) -> Rgb:
    levels = [int(one) for one in item.get("ROIDisplayColor") or ()]
    if len(levels) != _RGB or not all(0 <= level <= 255 for level in levels):  # noqa: PLR2004 -- of 8 bits
        return distinct(max(1, number))
    return levels[0], levels[1], levels[2]


def _contour(item: Any) -> Contour:
    points = [float(one) for one in item.get("ContourData") or ()]
    if len(points) % _SPACE:
        raise parsing.unreadable()
    image = content.first(item, "ContourImageSequence")
    uid = content.text_of(image, "ReferencedSOPInstanceUID")
    return Contour(content.text_of(item, "ContourGeometricType"), uid or None, _frames(image), points)


def _frames(image: Any) -> list[int]:
    numbers: Any = image.get("ReferencedFrameNumber") or ()
    return [int(number) for number in ((numbers,) if isinstance(numbers, int) else numbers)]
