"""Writes a presentation state (PS3.3 A.33.1, A.33.2, C.10, C.11.4 to C.11.11).

A state of grey images holds the whole pipeline from what is stored to what is seen: whoever shows it does not look at
what the image says of that. So rescale and, where none is given, the window of the image are written into it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any, Final, TypeAlias

from PIL import ImageCms
from pydicom.dataset import Dataset
from pydicom.valuerep import format_number_as_ds

from lightwell.archive.derived import making
from lightwell.archive.derived.geometry import Spacing
from lightwell.archive.derived.making import Kind, Maker, Pointed
from lightwell.archive.model import StudyRow
from lightwell.archive.presentations.model import Area, Graphic, NewPresentation, PresentedImage, Text, Window, seen
from lightwell.archive.withdrawing import STATES
from lightwell.imaging.look import Lut, VoiFunction
from lightwell.imaging.look import Window as Voi

_Voi: TypeAlias = Voi | Lut

GREY: Final = Kind(STATES[0], "PR", 9002, "Presentation states")
COLOUR: Final = Kind(STATES[1], "PR", 9002, "Presentation states")
_LAYER: Final = "MARKS"
_LEAST_LINEAR: Final = 1.0
_WHOLE_TABLE: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class ModalityLut:
    """A table from stored values to those of the modality, and what these are (PS3.3 C.11.1.1.2)."""

    lut: Lut
    kind: str


@dataclass(frozen=True, slots=True)
class Image:
    """What an image says of itself that a state depends on; ``is_light_low`` if low values are light (MONOCHROME1)."""

    pointed: Pointed
    has_frames: bool
    rows: int
    columns: int
    is_colour: bool
    is_light_low: bool
    has_table: bool
    rescale: tuple[float, float, str] | None
    """Slope, intercept and type; none where there is a table (Modality LUT) instead."""
    spacing_mm: Spacing | None
    window: Window | None
    function: VoiFunction
    voi_lut: Lut | None = None
    modality_lut: ModalityLut | None = None
    """Where ``has_table``."""


Images = Mapping[tuple[str, int], Image]
"""By SOP Instance UID and frame."""


def write(
    study: StudyRow, by: Maker, wanted: NewPresentation, images: Images, number: int, at: datetime
) -> tuple[str, str, bytes]:
    """Return SOP Class UID, SOP Instance UID and data set, in Explicit VR Little Endian, of a state.

    What holds for all images of a state is taken from the first: rotation, flip, inversion, rescale and colour.
    """
    first = wanted.images[0]
    image = images[_key(first)]
    kind = COLOUR if image.is_colour else GREY
    data_set = making.begin(study, by, kind, number)
    data_set.Laterality = ""  # of several images there may be both
    data_set.ContentLabel, data_set.ContentDescription = wanted.label, wanted.description
    data_set.PresentationCreationDate, data_set.PresentationCreationTime = f"{at:%Y%m%d}", f"{at:%H%M%S.%f}"
    data_set.ContentCreatorName = making.person_name(by.name)
    data_set.ReferencedSeriesSequence = _references(wanted.images, images)
    data_set.DisplayedAreaSelectionSequence = [_area(one, images[_key(one)]) for one in wanted.images]
    _turn(data_set, first)
    _annotate(data_set, wanted.images, images)
    if image.is_colour:
        data_set.ICCProfile = _srgb()
    else:
        _shade(data_set, wanted.images, images)
    return kind.sop_class_uid, str(data_set.SOPInstanceUID), making.written(data_set)


def _key(image: PresentedImage) -> tuple[str, int]:
    return image.sop_instance_uid, image.frame


def _item(**values: Any) -> Any:
    item = Dataset()
    for keyword, value in values.items():
        setattr(item, keyword, value)
    return item


def _references(shown: Sequence[PresentedImage], images: Images) -> list[Any]:
    """Return all images, by series (PS3.3 C.11.11)."""
    by_series: dict[str, dict[str, list[PresentedImage]]] = {}
    for one in shown:
        by_series.setdefault(one.series_instance_uid, {}).setdefault(one.sop_instance_uid, []).append(one)
    return [
        _item(SeriesInstanceUID=uid, ReferencedImageSequence=[_reference(same, images) for same in own.values()])
        for uid, own in by_series.items()
    ]


def _reference(shown: Sequence[PresentedImage], images: Images) -> Any:
    image = images[_key(shown[0])]
    return making.instance(image.pointed, [one.frame for one in shown] if image.has_frames else [])


def _area(shown: PresentedImage, image: Image) -> Any:
    area = shown.area or Area((1, 1), (image.columns, image.rows))
    top_left, bottom_right = seen(area, shown.rotation_deg, is_flipped=shown.is_flipped)
    item = _item(
        ReferencedImageSequence=[making.instance(image.pointed, [shown.frame] if image.has_frames else [])],
        DisplayedAreaTopLeftHandCorner=list(top_left),
        DisplayedAreaBottomRightHandCorner=list(bottom_right),
        PresentationSizeMode="SCALE TO FIT",
    )
    if image.spacing_mm is None:
        item.PresentationPixelAspectRatio = [1, 1]
    else:
        item.PresentationPixelSpacing = [_decimal(number) for number in image.spacing_mm]
    return item


def _turn(data_set: Any, shown: PresentedImage) -> None:
    """Say how all images are turned (PS3.3 C.10.6)."""
    if shown.rotation_deg or shown.is_flipped:
        data_set.ImageHorizontalFlip = "Y" if shown.is_flipped else "N"
        data_set.ImageRotation = shown.rotation_deg


def _shade(data_set: Any, shown: Sequence[PresentedImage], images: Images) -> None:
    """Say how stored values become what is seen (PS3.3 C.11.1, C.11.8, C.11.6)."""
    first = images[_key(shown[0])]
    if first.modality_lut is not None:
        item = _table(first.modality_lut.lut)
        item.ModalityLUTType = first.modality_lut.kind or "US"
        data_set.ModalityLUTSequence = [item]
    elif first.rescale is not None:
        slope, intercept, kind = first.rescale
        data_set.RescaleIntercept, data_set.RescaleSlope = _decimal(intercept), _decimal(slope)
        data_set.RescaleType = kind or "US"
    by_voi: dict[_Voi, list[PresentedImage]] = {}
    for one in shown:
        if (voi := _voi(one, images[_key(one)])) is not None:
            by_voi.setdefault(voi, []).append(one)
    if by_voi:
        data_set.SoftcopyVOILUTSequence = [_voi_item(voi, same, images) for voi, same in by_voi.items()]
    is_low_light = shown[0].is_inverted != first.is_light_low
    data_set.PresentationLUTShape = "INVERSE" if is_low_light else "IDENTITY"


def _voi(shown: PresentedImage, image: Image) -> _Voi | None:
    """Return what an image is seen through: the window that is asked for, else its own window or table."""
    window = shown.window or image.window
    return image.voi_lut if window is None else Voi(window.center, window.width, image.function)


def _voi_item(voi: _Voi, shown: Sequence[PresentedImage], images: Images) -> Any:
    by_image: dict[str, list[PresentedImage]] = {}
    for one in shown:
        by_image.setdefault(one.sop_instance_uid, []).append(one)
    item = _item(ReferencedImageSequence=[_reference(same, images) for same in by_image.values()])
    if isinstance(voi, Lut):
        item.VOILUTSequence = [_table(voi)]
        return item
    is_linear = voi.function is VoiFunction.LINEAR
    width = max(voi.width, _LEAST_LINEAR) if is_linear else voi.width  # below that pages show the same step
    item.WindowCenter, item.WindowWidth = _decimal(voi.center), _decimal(width)
    if not is_linear:
        item.VOILUTFunction = voi.function.value
    return item


def _table(lut: Lut) -> Any:
    """Return a table as an item (PS3.3 C.11.2.1.1); the numbers of its head are of the sign that its first has."""
    entries = len(lut.data) if lut.is_by_byte else len(lut.data) // 2
    numbers = [entries % _WHOLE_TABLE, lut.first, lut.bits]
    is_signed = lut.first < 0
    if is_signed:
        numbers = [number - _WHOLE_TABLE if number >= _WHOLE_TABLE // 2 else number for number in numbers]
    item = _item()
    item.add_new(0x0028_3002, "SS" if is_signed else "US", numbers)
    item.add_new(0x0028_3006, "OW", lut.data + b"\0" * (len(lut.data) % 2))
    return item


def _decimal(number: float) -> str:
    return format_number_as_ds(float(number))


def _annotate(data_set: Any, shown: Sequence[PresentedImage], images: Images) -> None:
    """Say what is drawn and written on images (PS3.3 C.10.5, C.10.7)."""
    marked = [one for one in shown if one.graphics or one.texts]
    if not marked:
        return
    data_set.GraphicAnnotationSequence = [_annotation(one, images[_key(one)]) for one in marked]
    data_set.GraphicLayerSequence = [_item(GraphicLayer=_LAYER, GraphicLayerOrder=1)]


def _annotation(shown: PresentedImage, image: Image) -> Any:
    item = _item(
        ReferencedImageSequence=[making.instance(image.pointed, [shown.frame] if image.has_frames else [])],
        GraphicLayer=_LAYER,
    )
    if shown.texts:
        item.TextObjectSequence = [_text(one) for one in shown.texts]
    if shown.graphics:
        item.GraphicObjectSequence = [_graphic(one) for one in shown.graphics]
    return item


def _text(text: Text) -> Any:
    return _item(
        UnformattedTextValue="\r\n".join(text.text.splitlines()),
        AnchorPoint=list(text.anchor),
        AnchorPointVisibility="N",
        AnchorPointAnnotationUnits="PIXEL",
    )


def _graphic(graphic: Graphic) -> Any:
    item = _item(
        GraphicAnnotationUnits="PIXEL",
        GraphicDimensions=2,
        NumberOfGraphicPoints=len(graphic.points),
        GraphicData=list(chain.from_iterable(graphic.points)),
        GraphicType=graphic.kind.upper(),
    )
    if is_closed(graphic):
        item.GraphicFilled = "Y" if graphic.is_filled else "N"
    return item


def is_closed(graphic: Graphic) -> bool:
    """Tell whether what is drawn has an inside."""
    is_outline = graphic.kind in {"polyline", "interpolated"} and graphic.points[0] == graphic.points[-1]
    return graphic.kind in {"circle", "ellipse"} or (is_outline and len(graphic.points) > 2)  # noqa: PLR2004 -- a line


def _srgb() -> bytes:
    """Return the profile of the colours of screens (PS3.3 C.11.15)."""
    cms: Any = ImageCms
    return bytes(cms.ImageCmsProfile(cms.createProfile("sRGB")).tobytes())
