"""Reads presentation states, ours and those of others (PS3.3 A.33.1, A.33.2).

What is placed on the screen rather than on the image is left out, since nobody knows where on the image it would be.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from lightwell.archive.derived import content, parsing
from lightwell.archive.derived.parsing import Raw, read_aloud
from lightwell.archive.model import InstanceRow
from lightwell.archive.presentations.grey import OwnGrey, Rescale, own_window
from lightwell.archive.presentations.model import (
    Area,
    Graphic,
    GraphicKind,
    PresentedImage,
    Refusal,
    Rotation,
    Text,
    Window,
)
from lightwell.imaging.look import VoiFunction
from lightwell.imaging.look import Window as Voi
from lightwell.standards.dicom.errors import DataSetError

LARGEST: Final = 16 << 20
_KINDS: Final[Mapping[str, GraphicKind]] = {
    "POLYLINE": "polyline",
    "POINT": "point",
    "CIRCLE": "circle",
    "ELLIPSE": "ellipse",
    "INTERPOLATED": "interpolated",
}
_ROTATIONS: Final[Mapping[str, Rotation]] = {"0": 0, "90": 90, "180": 180, "270": 270}
_PIXEL: Final = "PIXEL"
_TABLES: Final = ("ModalityLUTSequence", "PresentationLUTSequence")
_T = TypeVar("_T")
References = Mapping[str, Sequence[int]]
"""Frames by SOP Instance UID; none stands for all of them. Nothing at all stands for every image."""


@dataclass(frozen=True, slots=True)
class About(Generic[_T]):
    """Something that holds for some images."""

    references: References
    said: _T


@dataclass(frozen=True, slots=True)
class State:
    """What a state says."""

    label: str
    description: str
    made_at: str
    maker: str
    images: References
    rotation_deg: Rotation
    is_flipped: bool
    is_inverse: bool | None
    rescale: Rescale
    has_tables: bool
    windows: Sequence[About[Voi]]
    tables: Sequence[About[None]]
    areas: Sequence[About[Area]]
    graphics: Sequence[About[Graphic]]
    texts: Sequence[About[Text]]


def read(raw: Raw) -> State:
    """Read a state.

    Raises:
        DataSetError: it is none.
    """
    said = parsing.data_set_of(raw)
    try:
        said.decode()
        return _state(said)
    except Exception as error:  # whatever pydicom makes of broken bytes
        raise parsing.unreadable() from error


def _state(said: Any) -> State:
    series = said.get("ReferencedSeriesSequence") or ()
    images = {uid: frames for item in series for uid, frames in _references(item).items()}
    if not images:
        message = "expected a presentation state, it points at no image"
        raise DataSetError(message)
    annotations = said.get("GraphicAnnotationSequence") or ()
    shape = content.text_of(said, "PresentationLUTShape")
    return State(
        label=content.text_of(said, "ContentLabel"),
        description=content.text_of(said, "ContentDescription"),
        made_at=content.made_at(said, "PresentationCreationDate", "PresentationCreationTime"),
        maker=read_aloud(content.text_of(said, "ContentCreatorName")),
        images=images,
        rotation_deg=_ROTATIONS.get(content.text_of(said, "ImageRotation"), 0),
        is_flipped=content.text_of(said, "ImageHorizontalFlip") == "Y",
        is_inverse=shape == "INVERSE" if shape else None,
        rescale=(_number(said, "RescaleSlope", 1.0), _number(said, "RescaleIntercept", 0.0)),
        has_tables=any(said.get(keyword) for keyword in _TABLES),
        windows=list(_each(said.get("SoftcopyVOILUTSequence"), _windows)),
        tables=list(_each(said.get("SoftcopyVOILUTSequence"), _tables)),
        areas=list(_each(said.get("DisplayedAreaSelectionSequence"), _areas)),
        graphics=list(_each(annotations, _graphics)),
        texts=list(_each(annotations, _texts)),
    )


def _references(item: Any) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for one in item.get("ReferencedImageSequence") or ():
        frames: Any = one.get("ReferencedFrameNumber") or ()
        numbers = [frames] if isinstance(frames, int) else frames
        found.setdefault(content.text_of(one, "ReferencedSOPInstanceUID"), []).extend(int(one) for one in numbers)
    return found


def _each(items: Any, reader: Any) -> Iterator[About[Any]]:
    for item in items or ():
        references = _references(item)
        yield from (About(references, said) for said in reader(item))


def _number(item: Any, keyword: str, otherwise: float) -> float:
    text = content.text_of(item, keyword)
    return float(text) if text else otherwise


def _windows(item: Any) -> Iterator[Voi]:
    center, width = (content.text_of(item, keyword) for keyword in ("WindowCenter", "WindowWidth"))
    if center and width and float(width) > 0:
        function = content.text_of(item, "VOILUTFunction") or VoiFunction.LINEAR
        yield Voi(float(center), float(width), VoiFunction(function))


def _tables(item: Any) -> Iterator[None]:
    if item.get("VOILUTSequence") and not any(_windows(item)):
        yield None


def _areas(item: Any) -> Iterator[Area]:
    columns, rows = (
        sorted(map(int, ends))
        for ends in zip(item.DisplayedAreaTopLeftHandCorner, item.DisplayedAreaBottomRightHandCorner, strict=True)
    )
    yield Area((columns[0], rows[0]), (columns[1], rows[1]))


def _graphics(item: Any) -> Iterator[Graphic]:
    for one in item.get("GraphicObjectSequence") or ():
        kind = _KINDS.get(content.text_of(one, "GraphicType"))
        numbers = [float(number) for number in one.get("GraphicData") or ()]
        points = list(zip(numbers[::2], numbers[1::2], strict=False))
        if kind and points and content.text_of(one, "GraphicAnnotationUnits") == _PIXEL:
            yield Graphic(kind, points, content.text_of(one, "GraphicFilled") == "Y")


def _texts(item: Any) -> Iterator[Text]:
    for one in item.get("TextObjectSequence") or ():
        words = "\n".join(content.text_of(one, "UnformattedTextValue").splitlines()).strip()
        if words and (anchor := _anchor(one)):
            yield Text(words, anchor)


def _anchor(text: Any) -> tuple[float, float] | None:
    for keyword, units in (
        ("AnchorPoint", "AnchorPointAnnotationUnits"),
        ("BoundingBoxTopLeftHandCorner", "BoundingBoxAnnotationUnits"),
    ):
        with suppress(TypeError, ValueError):  # no such point
            column, row = text.get(keyword)
            if content.text_of(text, units) == _PIXEL:
                return float(column), float(row)
    return None


def shown(state: State, row: InstanceRow, frame: int, image: OwnGrey) -> tuple[PresentedImage, Refusal]:
    """Return how a state shows a frame, and why its grey cannot be shown."""
    area = next(_of(state.areas, row, frame), None)
    window, refusal = _window(state, row, frame, image)
    is_other = state.is_inverse is not None and state.is_inverse != image.is_light_low
    presented = PresentedImage(
        series_instance_uid=row.series_instance_uid,
        sop_instance_uid=row.sop_instance_uid,
        frame=frame,
        window=window,
        is_inverted=is_other and not refusal,
        rotation_deg=state.rotation_deg,
        is_flipped=state.is_flipped,
        area=None if area is None or _is_whole(area, row) else area,
        graphics=list(_of(state.graphics, row, frame)),
        texts=list(_of(state.texts, row, frame)),
    )
    return presented, refusal


def _window(state: State, row: InstanceRow, frame: int, image: OwnGrey) -> tuple[Window | None, Refusal]:
    window = next(_of(state.windows, row, frame), None)
    if state.has_tables or (window is None and any(True for _ in _of(state.tables, row, frame))):
        return None, "table"
    return (None, "") if window is None else own_window(window, state.rescale, image)


def _of(every: Sequence[About[_T]], row: InstanceRow, frame: int) -> Iterator[_T]:
    for one in every:
        frames = one.references.get(row.sop_instance_uid)
        if not one.references or (frames is not None and (not frames or frame in frames)):
            yield one.said


def _is_whole(area: Area, row: InstanceRow) -> bool:
    return (area.top_left, area.bottom_right) == ((1, 1), (row.columns, row.rows))
