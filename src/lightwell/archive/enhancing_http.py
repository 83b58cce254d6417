"""Enhanced images over HTTP: looked at without anything being kept, or saved as a derived series.

A frame comes as numbers in the same form as ``…/frames/…`` of WADO-RS gives them, so that whoever shows it keeps its
windows: uncompressed, or as HTJ2K without loss.
"""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Annotated, Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from lightwell import __version__
from lightwell.archive import deriving
from lightwell.archive.dicomweb import accept
from lightwell.archive.dicomweb.frames import OCTETS, frame_numbers
from lightwell.archive.dicomweb.wado import SCREEN, entity_tag
from lightwell.archive.enhancing import enhanced_frame
from lightwell.archive.model import InstanceRow
from lightwell.archive.room import Archive
from lightwell.archive.tickets import admit
from lightwell.core.actors import Actor
from lightwell.core.errors import InvalidRequest, NotAcceptable
from lightwell.core.http.files import Headers, MadePart, multipart, single
from lightwell.imaging.enhance.enhancement import Enhancement, Method, Preset
from lightwell.imaging.form import Codec
from lightwell.standards.dicom import uids

_HTJ2K: Final = "image/jphc"
_FORMS: Final = {
    OCTETS: (Codec.NATIVE, uids.ExplicitVRLittleEndian, frozenset(("", uids.ExplicitVRLittleEndian))),
    _HTJ2K: (Codec.HTJ2K, uids.HTJ2KLosslessRPCL, frozenset(("", uids.HTJ2KLosslessRPCL, uids.HTJ2KLossless))),
}
"""How frames are given: the codec, its transfer syntax, and by which transfer syntaxes it is asked for."""
Strength = Annotated[float, msgspec.Meta(ge=0, le=1)]


class EnhancementAsked(msgspec.Struct, frozen=True):
    """How a frame is to be enhanced."""

    method: Method
    strength: Strength = 0.5
    preset: Preset = Preset.EVEN

    @property
    def enhancement(self) -> Enhancement:
        """What is asked of the imaging room."""
        return Enhancement(self.method, self.strength, self.preset)


class EnhancementScope(StrEnum):
    """How much is saved enhanced."""

    IMAGE = "image"
    SERIES = "series"


class EnhancementToSave(EnhancementAsked, frozen=True):
    """What is to be saved as a derived series."""

    scope: EnhancementScope = EnhancementScope.IMAGE


class DerivedSeries(msgspec.Struct, frozen=True):
    """The derived series; unless ``is_finished``, its images come one by one, and SeriesDerived tells how far it is."""

    series_instance_uid: str
    image_count: int
    is_finished: bool


@dataclass(frozen=True, slots=True)
class _Form:
    media_type: str
    is_multipart: bool

    @property
    def codec(self) -> Codec:
        return _FORMS[self.media_type][0]

    @property
    def content_type(self) -> str:
        return f"{self.media_type}; transfer-syntax={_FORMS[self.media_type][1]}"


async def enhanced(
    actor: Actor,
    archive: Archive,
    request: Request,
    query: EnhancementAsked,
    study: str,
    series: str,
    instance: str,
    frame: str,
) -> Response:
    """Give one frame enhanced; nothing is kept of it."""
    admitted = await admit(archive, actor, (study, series, instance), SCREEN)
    row = admitted.row
    numbers = frame_numbers(frame, row.number_of_frames)
    if len(numbers) != 1:
        message = f"one frame at a time is enhanced; {len(numbers)} were asked for"
        raise InvalidRequest(message)
    form = _form(request)
    part = MadePart(partial(_make, archive, row, numbers[0], query.enhancement, form))
    tag = entity_tag([row.blob], [repr(query), frame, form.content_type, __version__])
    if form.is_multipart:
        return multipart(request, [part], form.media_type, tag)
    return single(request, part, form.content_type, tag)


def _form(request: Request) -> _Form:
    for wish in accept.chosen(accept.wishes(request), _FORMS, can_be_single=True):
        for media_type, (_, _, syntaxes) in _FORMS.items():
            if wish.takes(media_type) and wish.transfer_syntax in syntaxes:
                return _Form(media_type, wish.is_multipart)
    message = f"an enhanced frame is given as {OCTETS} in Explicit VR Little Endian or as {_HTJ2K}, both without loss"
    raise NotAcceptable(message)


async def _make(
    archive: Archive, row: InstanceRow, number: int, wanted: Enhancement, form: _Form
) -> tuple[Headers, AsyncGenerator[bytes]]:
    content = await enhanced_frame(archive.blobs, archive.machines.compute, row, number, wanted, form.codec)
    return [("Content-Type", form.content_type)], _one(content)


async def _one(content: bytes) -> AsyncGenerator[bytes]:
    yield content


async def save(
    actor: Actor, archive: Archive, body: EnhancementToSave, study: str, series: str, instance: str, frame: int
) -> DerivedSeries:
    """Save an image, with all of its frames, or its whole series enhanced, as a derived series."""
    source = deriving.Place(study, series, instance)
    wanted = body.enhancement
    if body.scope is EnhancementScope.SERIES:
        begun = await deriving.begin_series(archive, actor, source, wanted)
    else:
        begun = await deriving.save_image(archive, actor, source, frame, wanted)
    return DerivedSeries(begun.series_instance_uid, begun.image_count, begun.is_finished)
