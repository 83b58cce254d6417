"""A measurement: what was marked in an image or in space, and the values that came of it."""

from typing import Annotated, Final, Literal

import msgspec

UID: Final = r"^[0-9]+(\.[0-9]+)+$"
FARTHEST: Final = 1e6

Kind = Literal["length", "bidirectional", "angle", "cobb", "ellipse", "rectangle", "freehand", "probe", "arrow"]
Quantity = Literal["length", "short_axis", "angle", "area", "mean", "deviation", "minimum", "maximum", "value"]
Uid = Annotated[str, msgspec.Meta(pattern=UID, max_length=64)]
Coordinate = Annotated[float, msgspec.Meta(ge=-FARTHEST, le=FARTHEST)]
ImagePoint = tuple[Coordinate, Coordinate]
SpacePoint = tuple[Coordinate, Coordinate, Coordinate]

POINTS: Final[dict[Kind, tuple[int, int]]] = {
    "length": (2, 2),
    "bidirectional": (4, 4),
    "angle": (3, 3),
    "cobb": (4, 4),
    "ellipse": (4, 4),
    "rectangle": (4, 4),
    "freehand": (3, 10_000),
    "probe": (1, 1),
    "arrow": (2, 2),
}
"""How many points a kind has, at least and at most."""


class Value(msgspec.Struct, frozen=True):
    """What was measured; ``unit`` is a code of UCUM (PS3.16 CID 82)."""

    quantity: Quantity
    value: float
    unit: Annotated[str, msgspec.Meta(pattern=r"^[!-~]{1,16}$")]


class Place(msgspec.Struct, frozen=True):
    """Points in an image as column and row; 0, 0 is the corner of its first pixel (PS3.3 C.10.5.1.2)."""

    series_instance_uid: Uid
    sop_instance_uid: Uid
    frame: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]
    points: Annotated[list[ImagePoint], msgspec.Meta(min_length=1, max_length=10_000)]


class Space(msgspec.Struct, frozen=True):
    """Points in the patient as x, y, z in mm (PS3.3 C.7.6.2.1.1)."""

    frame_of_reference_uid: Uid
    series_instance_uid: Uid
    points: Annotated[list[SpacePoint], msgspec.Meta(min_length=1, max_length=10_000)]


class Measurement(msgspec.Struct, frozen=True):
    """Something measured; exactly one of ``place`` and ``space`` says where.

    Points by kind: length 2; bidirectional 4 (long axis, short axis); angle 3 (end, vertex, end); cobb 4 (two lines);
    ellipse 4 (ends of the major, of the minor axis); rectangle 4 corners; freehand any, closed; probe 1; arrow 2, the
    tip first. ``is_at_detector`` is told, and not believed of who sends it: values in mm are as large as on the
    detector of a radiograph, where everything is larger than in the patient (PS3.3 10.7.1.3).
    """

    uid: Uid
    kind: Kind
    name: Annotated[str, msgspec.Meta(max_length=1024)]
    place: Place | None
    space: Space | None
    values: Annotated[list[Value], msgspec.Meta(max_length=16)]
    is_at_detector: bool = False


class MeasurementSet(msgspec.Struct, frozen=True):
    """What one maker measured: the content of one report."""

    sop_instance_uid: str
    made_at: str
    maker: str
    is_mine: bool
    measurements: list[Measurement]


class Measurements(msgspec.Struct):
    """All that was measured in a study.

    ``unreadable`` counts reports, groups of a report, and documents that may reject some, which cannot be read.
    """

    sets: list[MeasurementSet]
    unreadable: int


class NewSet(msgspec.Struct):
    """All that a reader has measured in a study.

    ``based_on`` is the reader's own document that this set began with, null where there was none; a set that names
    another than the one that stands is refused. One that names nothing stands in the place of whatever there is.
    """

    measurements: Annotated[list[Measurement], msgspec.Meta(max_length=2000)]
    based_on: Uid | msgspec.UnsetType | None = msgspec.UNSET


class Filed(msgspec.Struct):
    """Which document was filed; none where there was nothing to withdraw."""

    sop_instance_uid: str | None
