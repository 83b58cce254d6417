"""How the images lie that objects speak of: from their own headers, frame by frame (PS3.3 C.7.6.2, C.7.6.16.2)."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from lightwell.archive.blobs import Blobs
from lightwell.archive.describing import describe
from lightwell.archive.model import InstanceRow
from lightwell.core.errors import LightwellError

_SHARED: Final = "52009229"
_PER_FRAME: Final = "52009230"
FRAME_OF_REFERENCE: Final = "00200052"
_SPACING: Final = "00280030"
_AT_DETECTOR: Final = "00181164"
_CALIBRATION: Final = "00280A02"
_CALIBRATED: Final = ("GEOMETRY", "FIDUCIAL")
_SAME_SPACING: Final = 1e-3
"""Parts of a spacing: what differs by less was written with other digits, not corrected."""
_REGIONS: Final = "00186011"
_BOUNDS: Final = ("00186018", "0018601A", "0018601C", "0018601E")
_CM: Final = 3
_MM_PER_CM: Final = 10.0
Spacing = tuple[float, float]
"""How far apart the middles of pixels are in mm: of rows, then of columns (PS3.3 10.7.1.3)."""


class Said:
    """What an image says of itself, as DICOM JSON; of one that cannot be read, nothing."""

    def __init__(self, said: Mapping[str, Any]) -> None:
        self._said: Mapping[str, Any] = said

    def values(self, tag: str, frame: int) -> list[Any]:
        """Return what a frame, all frames, or the image says, in this order; frames count from 1."""
        return next(filter(None, (_values(item, tag) for item in self._items(frame))), list[Any]())

    def numbers(self, tag: str, frame: int) -> list[float]:
        """Return the numbers of an attribute."""
        return [float(one) for one in self.values(tag, frame) if isinstance(one, (int, float))]

    def text(self, tag: str, frame: int) -> str:
        """Return the first value of an attribute as a text."""
        return str(next(iter(self.values(tag, frame)), ""))

    def spacing_mm(self, frame: int, points: Iterable[Sequence[float]] = ()) -> Spacing | None:
        """Return how large pixels are where some points are, or None where the image does not say it.

        Of ultrasound with regions, in the region in cm that has all points, and nowhere else (PS3.3 C.8.5.5). Of other
        images, in the patient if that is known, else at the detector.
        """
        if self.values(_REGIONS, 1):
            return self._in_region(list(points))
        return _pair(self.numbers(_SPACING, frame)) or _pair(self.numbers(_AT_DETECTOR, frame))

    def is_at_detector(self, frame: int) -> bool:
        """Tell whether what is measured in a projection is as large as on the detector, not as in the patient.

        Many radiographs write the spacing of the detector into Pixel Spacing too: it holds in the patient only where it
        is another one, or the image says how it was calibrated (PS3.3 10.7.1.3).
        """
        said, imager = _pair(self.numbers(_SPACING, frame)), _pair(self.numbers(_AT_DETECTOR, frame))
        if said is None or imager is None:
            return imager is not None
        is_same = all(abs(one - other) < _SAME_SPACING * one for one, other in zip(said, imager, strict=True))
        return is_same and self.text(_CALIBRATION, frame) not in _CALIBRATED

    def _in_region(self, points: Sequence[Sequence[float]]) -> Spacing | None:
        for region in self.values(_REGIONS, 1):
            bounds = [_number(region, tag) for tag in _BOUNDS]
            units = [_number(region, tag) for tag in ("00186024", "00186026")]
            if points and units == [_CM, _CM] and all(_is_inside(point, bounds) for point in points):
                return _pair([abs(_number(region, tag)) * _MM_PER_CM for tag in ("0018602E", "0018602C")])
        return None

    def _items(self, frame: int) -> Iterator[Mapping[str, Any]]:
        for sequence, place in ((_PER_FRAME, frame - 1), (_SHARED, 0)):
            items = _values(self._said, sequence)
            if 0 <= place < len(items):
                yield from (group for name in items[place] for group in _values(items[place], name)[:1] if group)
        yield self._said


def _values(item: Any, tag: str) -> list[Any]:
    found = item.get(tag) if isinstance(item, dict) else None  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    return list(found.get("Value") or ()) if isinstance(found, dict) else []  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]


def _number(item: Any, tag: str) -> float:
    value = next(iter(_values(item, tag)), None)
    return float(value) if isinstance(value, (int, float)) else 0.0


def _pair(numbers: Sequence[float]) -> Spacing | None:
    row, column, *_ = [*numbers, 0.0, 0.0]
    return (row, column) if row > 0 and column > 0 else None


def _is_inside(point: Sequence[float], bounds: Sequence[float]) -> bool:
    left, top, right, bottom = bounds
    return left <= point[0] <= right + 1 and top <= point[1] <= bottom + 1


@dataclass(frozen=True, slots=True)
class Plane:
    """Where a frame lies: frame of reference, position and direction cosines (PS3.3 C.7.6.2), and its grid."""

    frame_of_reference_uid: str
    position: tuple[float, ...]
    orientation: tuple[float, ...]
    spacing_mm: Spacing | None
    rows: int
    columns: int


def plane_of(said: Said, row: InstanceRow, frame: int) -> Plane:
    """Return where a frame lies; what the image does not say is empty."""
    return Plane(
        said.text(FRAME_OF_REFERENCE, frame),
        tuple(said.numbers("00200032", frame)),
        tuple(said.numbers("00200037", frame)),
        _pair(said.numbers(_SPACING, frame)),
        row.rows or 0,
        row.columns or 0,
    )


async def said_of(blobs: Blobs, rows: Iterable[InstanceRow]) -> dict[str, Said]:
    """Return what images say of themselves, by SOP Instance UID."""
    return await asyncio.to_thread(lambda: {row.sop_instance_uid: _said(blobs, row) for row in rows})


def _said(blobs: Blobs, row: InstanceRow) -> Said:
    try:
        written = b"".join(describe(blobs, [row], ""))
    except LightwellError:
        return Said({})
    return Said(msgspec.json.decode(written, type=list[dict[str, Any]])[0])
