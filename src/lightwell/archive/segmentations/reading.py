"""Reads what the header of a segmentation says, frame by frame (PS3.3 C.8.20.2, C.8.20.3, C.7.6.16)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from lightwell.archive.derived import content, parsing
from lightwell.archive.derived.parsing import Raw
from lightwell.archive.segmentations.model import Segment
from lightwell.imaging.colour import Rgb, distinct, rgb_of_cielab
from lightwell.standards.dicom.errors import DataSetError

LARGEST: Final = 64 << 20
_LAB: Final = 3


@dataclass(frozen=True, slots=True)
class MarkedFrame:
    """A frame: the segment that it marks, where it lies, and the images and frames that it was made of."""

    segment: int
    position: tuple[float, ...]
    orientation: tuple[float, ...]
    spacing_mm: tuple[float, ...]
    sources: Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Said:
    """What a segmentation says; ``least`` is the value from which on a pixel belongs to its segment."""

    label: str
    description: str
    kind: str
    least: int
    rows: int
    columns: int
    frame_of_reference_uid: str
    source_series_uid: str
    segments: Sequence[Segment]
    frames: Sequence[MarkedFrame]

    @property
    def is_fractional(self) -> bool:
        """Whether pixels say how much or how likely, rather than whether."""
        return self.kind == "FRACTIONAL"

    @property
    def is_label_map(self) -> bool:
        """Whether the pixels are the numbers of segments themselves."""
        return self.kind == "LABELMAP"


def read(raw: Raw) -> Said:
    """Read the header of a segmentation.

    Raises:
        DataSetError: it is none.
    """
    said = parsing.data_set_of(raw)
    try:
        found = _said(said)
        number_of_frames = int(content.text_of(said, "NumberOfFrames") or 1)
    except Exception as error:  # whatever pydicom makes of broken bytes
        raise parsing.unreadable() from error
    _require_whole(found, number_of_frames)
    return found


def _require_whole(said: Said, number_of_frames: int) -> None:
    """Make sure that each frame is described, and marks something: of another nobody knows where it lies."""
    if said.rows < 1 or said.columns < 1:
        message = f"expected a segmentation of some rows and columns, {said.rows} x {said.columns} came"
        raise DataSetError(message)
    if len(said.frames) != number_of_frames:
        message = f"expected {number_of_frames} frames that say where they lie, {len(said.frames)} do"
        raise DataSetError(message)
    if not said.is_label_map and any(frame.segment < 1 for frame in said.frames):
        message = "expected segments whose numbers begin at 1 (PS3.3 C.8.20.2.3.2), a frame marks one below that"
        raise DataSetError(message)


def _said(said: Any) -> Said:
    shared = content.first(said, "SharedFunctionalGroupsSequence")
    frames = said.get("PerFrameFunctionalGroupsSequence") or ()
    series = content.first(said, "ReferencedSeriesSequence")
    largest = int(content.text_of(said, "MaximumFractionalValue") or 255)
    kind = content.text_of(said, "SegmentationType")
    return Said(
        label=content.text_of(said, "ContentLabel"),
        description=content.text_of(said, "ContentDescription") or content.text_of(said, "SeriesDescription"),
        kind=kind,
        least=(largest + 1) // 2 if kind == "FRACTIONAL" else 1,
        rows=int(said.Rows),
        columns=int(said.Columns),
        frame_of_reference_uid=content.text_of(said, "FrameOfReferenceUID"),
        source_series_uid=content.text_of(series, "SeriesInstanceUID"),
        segments=[_segment(item) for item in said.SegmentSequence if int(item.SegmentNumber) > 0],
        frames=[_frame(groups, shared, is_label_map=kind == "LABELMAP") for groups in frames],
    )


def _segment(item: Any) -> Segment:
    number = int(item.SegmentNumber)
    algorithm = (content.text_of(item, "SegmentAlgorithmType"), content.text_of(item, "SegmentAlgorithmName"))
    return Segment(
        number=number,
        label=content.text_of(item, "SegmentLabel"),
        description=content.text_of(item, "SegmentDescription"),
        colour=_colour(item, number),
        algorithm=" ".join(filter(None, algorithm)),
        category=content.code_in(item, "SegmentedPropertyCategoryCodeSequence").meaning,
        type=content.code_in(item, "SegmentedPropertyTypeCodeSequence").meaning,
    )


def _colour(item: Any, number: int) -> Rgb:
    recommended: Any = item.get("RecommendedDisplayCIELabValue")
    if recommended is None or len(recommended) != _LAB:
        return distinct(number)
    return rgb_of_cielab([int(one) for one in recommended])


def _frame(own: Any, shared: Any, *, is_label_map: bool) -> MarkedFrame:
    def group(name: str) -> Any:
        return content.first(own, name) or content.first(shared, name)

    identified = group("SegmentIdentificationSequence")
    measures = group("PixelMeasuresSequence")
    return MarkedFrame(
        segment=0 if is_label_map else int(identified.ReferencedSegmentNumber),
        position=_numbers(group("PlanePositionSequence"), "ImagePositionPatient"),
        orientation=_numbers(group("PlaneOrientationSequence"), "ImageOrientationPatient"),
        spacing_mm=_numbers(measures, "PixelSpacing"),
        sources=[
            (content.text_of(source, "ReferencedSOPInstanceUID"), number)
            for derivation in (own.get("DerivationImageSequence") or shared.get("DerivationImageSequence") or ())
            for source in derivation.get("SourceImageSequence") or ()
            for number in _frame_numbers(source)
        ],
    )


def _frame_numbers(source: Any) -> list[int]:
    """Return the frames that a frame was made of; 0 where the image is named without them."""
    numbers: Any = source.get("ReferencedFrameNumber") or 0
    return [numbers] if isinstance(numbers, int) else [int(number) for number in numbers]


def _numbers(item: Any, keyword: str) -> tuple[float, ...]:
    return tuple(float(one) for one in item.get(keyword) or ())
