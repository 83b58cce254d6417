"""Which image each frame of a segmentation lies on: the one that it names, else the one at its place in the patient.

Either way it has to lie pixel on pixel: another grid would show a tumour beside itself.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import dist, isclose
from typing import Final

from lightwell.archive.derived.geometry import Plane
from lightwell.archive.segmentations.model import Refusal, SegmentedImage
from lightwell.archive.segmentations.reading import MarkedFrame, Said

_NEAR_MM: Final = 0.1
_STRAIGHT: Final = 1e-3
_SPACING: Final = 1e-3
MOST_BYTES: Final = 1 << 31
_MOST_SEGMENTS: Final = 255
Planes = Mapping[SegmentedImage, Plane]
"""Where frames of images lie, in the order of reading."""


@dataclass(slots=True)
class Placed:
    """The frames of a segmentation by the image that they lie on, in the order of reading."""

    images: dict[SegmentedImage, list[int]] = field(default_factory=dict[SegmentedImage, list[int]])
    absent: int = 0
    refusal: Refusal = ""


def place(said: Said, planes: Planes) -> Placed:
    """Lay a segmentation over images; if any of its frames does not fit its image, all of it is refused."""
    found: dict[SegmentedImage, list[int]] = {}
    places: dict[tuple[float, ...], SegmentedImage | None] = {}
    by_uid = _by_uid(planes)
    placed = Placed()
    for number, frame in enumerate(said.frames):
        image = next(_named(frame, planes, by_uid), None)
        if image is None and frame.position:
            if frame.position not in places:
                places[frame.position] = _at(said, frame, planes)
            image = places[frame.position]
        if image is None:
            placed.absent += 1
        elif not _fits(said, frame, planes[image]):
            return Placed(refusal="grid")
        else:
            found.setdefault(image, []).append(number)
    if not found:
        return Placed(absent=placed.absent, refusal="grid" if planes else "no_images")
    numbers = {*(segment.number for segment in said.segments), *(frame.segment for frame in said.frames)}
    if len(found) * said.rows * said.columns > MOST_BYTES or max(numbers) > _MOST_SEGMENTS:
        return Placed(absent=placed.absent, refusal="too_large")
    placed.images = {image: found[image] for image in planes if image in found}
    return placed


def _by_uid(planes: Planes) -> dict[str, list[SegmentedImage]]:
    found: dict[str, list[SegmentedImage]] = {}
    for image in planes:
        found.setdefault(image.sop_instance_uid, []).append(image)
    return found


def _named(
    frame: MarkedFrame, planes: Planes, by_uid: Mapping[str, Sequence[SegmentedImage]]
) -> Iterator[SegmentedImage]:
    """Yield the images that a frame says it was made of; of several, those at its place first."""
    named = [image for uid, number in frame.sources for image in by_uid.get(uid, ()) if number in {0, image.frame}]
    yield from sorted(named, key=lambda image: not _is_near(frame.position, planes[image].position))


def _at(said: Said, frame: MarkedFrame, planes: Planes) -> SegmentedImage | None:
    uid = said.frame_of_reference_uid
    return next(
        (
            image
            for image, plane in planes.items()
            if uid and plane.frame_of_reference_uid == uid and _fits(said, frame, plane) and plane.position
        ),
        None,
    )


def _fits(said: Said, frame: MarkedFrame, plane: Plane) -> bool:
    """Tell whether a frame lies on an image pixel by pixel, so far as both say where they lie."""
    return (
        (said.rows, said.columns) == (plane.rows, plane.columns)
        and _is_near(frame.position, plane.position)
        and _are_close(frame.orientation, plane.orientation, _STRAIGHT)
        and _are_close(frame.spacing_mm, plane.spacing_mm or (), _SPACING)
    )


def _is_near(one: Sequence[float], other: Sequence[float]) -> bool:
    return not (one and other) or (len(one) == len(other) and dist(one, other) <= _NEAR_MM)


def _are_close(one: Sequence[float], other: Sequence[float], slack: float) -> bool:
    if not (one and other):
        return True
    pairs = zip(one, other, strict=False)
    return len(one) == len(other) and all(isclose(a, b, rel_tol=slack, abs_tol=slack) for a, b in pairs)
