"""Pictures of whole series for screens that cannot draw them: cuts in the patient's planes, and from outside.

What is at the sides of a picture, and where it lies, is told in headers:

=============================  =================================================================
``Lightwell-Orientation``      at the left, right, top and bottom (PS3.3 C.7.6.1.1.1): ``R,L,A,P``
``Lightwell-Pixel-Mm``         how wide and high a pixel is
``Lightwell-Position-Mm``      where the cut is, in the patient
``Lightwell-Range-Mm``         from where to where there is something to cut
``Lightwell-Geometry``         ``even``, or what was done: ``made-even``, ``tilt=18.5``, ``gaps=2``
=============================  =================================================================
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from lightwell import __version__
from lightwell.archive.dicomweb import accept
from lightwell.archive.dicomweb.rendering_query import window as window_of
from lightwell.archive.dicomweb.wado import entity_tag, rows_of
from lightwell.archive.model import InstanceRow
from lightwell.archive.room import Archive
from lightwell.archive.volume_making import CT, SeriesVolume
from lightwell.archive.volume_work import Drawn, draw_cut, draw_volume
from lightwell.core.actors import Actor
from lightwell.core.errors import InvalidRequest
from lightwell.core.http.files import is_known, unchanged
from lightwell.imaging.camera import Camera, VolumePreset
from lightwell.imaging.cut import Cut, OutsideTheVolume, Projection
from lightwell.imaging.look import Look, Window
from lightwell.imaging.patient import PlaneName
from lightwell.imaging.picture import Picture, PictureFormat
from lightwell.imaging.stack import VolumeGeometry

_TYPES: Final = (PictureFormat.JPEG, PictureFormat.PNG)
_DRAW_S: Final = 60.0
_SHARPEST_SIDE: Final = 384
Size = Annotated[int, msgspec.Meta(ge=16, le=2048)]
Quality = Annotated[int, msgspec.Meta(ge=1, le=100)]


class CutAsked(msgspec.Struct, frozen=True):
    """A cut through a series; ``window`` is center,width in the units of the images."""

    plane: PlaneName = PlaneName.AXIAL
    position_mm: Annotated[float, msgspec.Meta(ge=-1e6, le=1e6)] | None = None
    place: Annotated[float, msgspec.Meta(ge=0, le=1)] = 0.5
    slab_mm: Annotated[float, msgspec.Meta(ge=0, le=500)] = 0.0
    projection: Projection = Projection.AVERAGE
    window: str = ""
    size: Size = 512
    quality: Quality = 85


class ViewAsked(msgspec.Struct, frozen=True):
    """A series seen from outside; without a preset bones of a CT, else what MR shows best."""

    preset: VolumePreset | None = None
    azimuth: Annotated[float, msgspec.Meta(ge=-3600, le=3600)] = 0.0
    elevation: Annotated[float, msgspec.Meta(ge=-90, le=90)] = 0.0
    size: Size = 384
    quality: Quality = 85


async def reformatted(
    actor: Actor, archive: Archive, request: Request, query: CutAsked, study: str, series: str
) -> Response:
    """Give a cut through a series as a picture."""
    rows, kind, tag = await _asked(actor, archive, request, study, series, query)
    if is_known(request, tag):
        return unchanged(tag)
    window = _window(query.window)
    cut = Cut(query.plane, query.position_mm, query.place, query.slab_mm, query.projection)
    async with archive.volumes.lend(rows) as volume:
        look = volume.look if window is None else Look(window=window)
        picture = _picture(kind, query.size, query.quality)
        work = (draw_cut, volume.stored, cut, look, picture, volume.is_light_low)
        try:
            drawn = await archive.machines.compute.run(*work, timeout_s=_DRAW_S)
        except OutsideTheVolume as error:
            raise InvalidRequest(str(error)) from error
        ends = ",".join(f"{end:.2f}" for end in drawn.range_mm)
        where = {"Lightwell-Position-Mm": f"{drawn.position_mm:.2f}", "Lightwell-Range-Mm": ends}
        where["Lightwell-Pixel-Mm"] = f"{drawn.pixel_mm:.5g}"
        return _answer(drawn, kind, tag, volume.geometry, where)


async def volume(
    actor: Actor, archive: Archive, request: Request, query: ViewAsked, study: str, series: str
) -> Response:
    """Give a series as it is seen from outside."""
    rows, kind, tag = await _asked(actor, archive, request, study, series, query)
    if is_known(request, tag):
        return unchanged(tag)
    camera = Camera(query.azimuth, query.elevation)
    async with archive.volumes.lend(rows) as held:
        preset = _preset(query.preset, held)
        side = min(query.size, _SHARPEST_SIDE)
        picture = _picture(kind, query.size, query.quality)
        work = (draw_volume, held.small, camera, preset, side, picture, held.is_light_low)
        drawn = await archive.machines.compute.run(*work, timeout_s=_DRAW_S)
        return _answer(drawn, kind, tag, held.geometry, {})


async def _asked(
    actor: Actor, archive: Archive, request: Request, study: str, series: str, query: msgspec.Struct
) -> tuple[Sequence[InstanceRow], PictureFormat, str]:
    """Return the images of a series that the actor may see, the format of the picture, and the tag of the answer."""
    async with archive.machines.transactions.begin(actor) as tx:
        rows = await rows_of(tx, archive, study, series)
    wish = accept.chosen(accept.wishes(request), _TYPES, can_be_single=True)[0]
    kind = next(kind for kind in _TYPES if wish.takes(kind))
    return rows, kind, entity_tag((row.blob for row in rows), [repr(query), kind, __version__])


def _window(text: str) -> Window | None:
    if not text:
        return None
    numbers = text.split(",")
    if len(numbers) != 2:  # noqa: PLR2004 -- center, width
        message = f"window is center,width; {text[:48]!r} came"
        raise InvalidRequest(message)
    return window_of(numbers[0], numbers[1])


def _preset(asked: VolumePreset | None, held: SeriesVolume) -> VolumePreset:
    is_ct = held.modality == CT
    if asked is not None and asked.startswith("ct-") and not is_ct:
        message = f"{asked} goes by Hounsfield units, which only CT has; ask for mr-default or mip"
        raise InvalidRequest(message)
    return asked or (VolumePreset.CT_BONE if is_ct else VolumePreset.MR_DEFAULT)


def _picture(kind: PictureFormat, size: int, quality: int) -> Picture:
    return Picture(kind, quality, (size, size))


def _answer(
    drawn: Drawn, kind: PictureFormat, tag: str, geometry: VolumeGeometry, where: Mapping[str, str]
) -> Response:
    headers = {"ETag": tag, "Cache-Control": "private, max-age=0", "Lightwell-Geometry": _told(geometry)}
    headers |= {"Lightwell-Orientation": ",".join(drawn.letters), **where}
    return Response(drawn.content, media_type=kind, headers=headers)


def _told(geometry: VolumeGeometry) -> str:
    if geometry.is_regular:
        return "even"
    tilt = [f"tilt={geometry.tilt_degrees:.1f}"] if geometry.tilt_degrees >= 0.05 else []  # noqa: PLR2004 -- degrees
    gaps = [f"gaps={len(geometry.gaps)}"] if geometry.gaps else []
    return ", ".join(["made-even", *tilt, *gaps])
