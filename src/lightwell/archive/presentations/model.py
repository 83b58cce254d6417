"""How images are shown: window, turn, part, and what is drawn on them."""

from typing import Annotated, Final, Literal

import msgspec

from lightwell.archive.measurements.model import ImagePoint, Uid

MEASUREMENTS: Final = "MEASUREMENTS"
"""The label of states that show what a reader measured; the next measurements take them back."""
Rotation = Literal[0, 90, 180, 270]
GraphicKind = Literal["polyline", "point", "circle", "ellipse", "interpolated"]
Refusal = Literal["", "table", "function", "rescale"]
"""Why the grey of a state cannot be shown: it goes by a table, or by another function or rescale than the image."""
_Number = Annotated[float, msgspec.Meta(ge=-1e9, le=1e9)]
_Pixel = Annotated[int, msgspec.Meta(ge=-(2**31), lt=2**31)]


class Window(msgspec.Struct, frozen=True):
    """The values of interest: ``width`` units around ``center`` (PS3.3 C.11.2.1.2).

    In the units of the image itself, by its own VOI LUT Function.
    """

    center: _Number
    width: Annotated[float, msgspec.Meta(gt=0, le=1e9)]


class Area(msgspec.Struct, frozen=True):
    """The part that is shown, by its first and last pixel in the image itself, whose first pixel is 1, 1.

    They are column and row before any rotation and flip; PS3.3 C.10.4 has them as they are seen.
    """

    top_left: tuple[_Pixel, _Pixel]
    bottom_right: tuple[_Pixel, _Pixel]


class Graphic(msgspec.Struct, frozen=True):
    """Something drawn on an image (PS3.3 C.10.5): a circle by its middle and a point of it, an ellipse by its axes."""

    kind: GraphicKind
    points: Annotated[list[ImagePoint], msgspec.Meta(min_length=1, max_length=10_000)]
    is_filled: bool


class Text(msgspec.Struct, frozen=True):
    """Something written on an image, and the point that it is about."""

    text: Annotated[str, msgspec.Meta(min_length=1, max_length=1024)]
    anchor: ImagePoint


class PresentedImage(msgspec.Struct, frozen=True):
    """How one frame is shown; frames count from 1. It is turned clockwise, then left and right are exchanged."""

    series_instance_uid: Uid
    sop_instance_uid: Uid
    frame: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]
    window: Window | None
    is_inverted: bool
    rotation_deg: Rotation
    is_flipped: bool
    area: Area | None
    graphics: Annotated[list[Graphic], msgspec.Meta(max_length=1000)]
    texts: Annotated[list[Text], msgspec.Meta(max_length=1000)]


class NewPresentation(msgspec.Struct, frozen=True):
    """How images are to be shown; ``label`` is a CS: capital letters, figures, blanks and ``_`` (PS3.3 C.11.10)."""

    label: Annotated[str, msgspec.Meta(pattern=r"^[A-Z0-9_]([A-Z0-9_ ]{0,14}[A-Z0-9_])?$")]
    description: Annotated[str, msgspec.Meta(max_length=64, pattern=r"^[^\\\x00-\x1f\x7f]*$")]
    images: Annotated[list[PresentedImage], msgspec.Meta(min_length=1, max_length=2000)]


class FiledStates(msgspec.Struct, frozen=True):
    """Which states were filed, one for each group of images that one state can show."""

    sop_instance_uids: list[str]


class Presentation(msgspec.Struct, frozen=True):
    """How images are shown by a state that is kept; where there is a ``refusal``, the image keeps its own grey."""

    sop_instance_uid: str
    made_at: str
    maker: str
    is_mine: bool
    label: str
    description: str
    images: list[PresentedImage]
    refusal: Refusal


class Presentations(msgspec.Struct):
    """The states of a study, and how many of them, and of the documents that may reject some, cannot be read."""

    presentations: list[Presentation]
    unreadable: int


def seen(area: Area, rotation_deg: int, *, is_flipped: bool) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return the pixels that are at the top left and bottom right of what is shown, after rotation and flip."""
    (left, top), (right, bottom) = area.top_left, area.bottom_right
    around = [(left, top), (right, top), (right, bottom), (left, bottom)]
    turns = rotation_deg // 90
    corners = around[-turns:] + around[:-turns] if turns else around
    return (corners[1], corners[3]) if is_flipped else (corners[0], corners[2])
