"""A segmentation, and where it lies on the images of its study."""

from typing import Literal

import msgspec

Refusal = Literal["", "grid", "no_images", "too_large", "unreadable", "too_many"]


class Segment(msgspec.Struct, frozen=True):
    """What is marked; ``algorithm`` says how, ``category`` and ``type`` what it is, as its maker wrote it."""

    number: int
    label: str
    description: str
    colour: tuple[int, int, int]
    algorithm: str
    category: str
    type: str


class SegmentedImage(msgspec.Struct, frozen=True):
    """An image that something may be marked in; frames count from 1."""

    sop_instance_uid: str
    frame: int


class Segmentation(msgspec.Struct, frozen=True):
    """A segmentation; ``images`` are in the order of its label maps.

    ``absent`` counts frames that lie on images which are not there. ``refusal`` says why it cannot be laid over the
    images of the study: its grid is another, there are no images, it is too large, it cannot be read, or there are so
    many that it was not looked at.
    """

    sop_instance_uid: str
    series_instance_uid: str
    label: str
    description: str
    source_series_uid: str
    rows: int
    columns: int
    segments: list[Segment]
    images: list[SegmentedImage]
    is_fractional: bool
    has_overlaps: bool
    absent: int
    refusal: Refusal
