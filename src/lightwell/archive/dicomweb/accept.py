"""What the caller takes: the ``Accept`` header, and the query parameter that stands for it (PS3.18 8.3.3.1, 8.7).

    multipart/related; type="application/dicom"; transfer-syntax=1.2.840.10008.1.2.4.202; q=0.9, */*; q=0.1

Each member of the list is a :class:`Wish`; the best comes first. ``transfer-syntax=*`` means: as it is stored.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from starlette.requests import Request

from lightwell.core.errors import InvalidRequest, NotAcceptable

_MULTIPART: Final = "multipart/related"
_MOST_WISHES: Final = 64
_MEMBER: Final = re.compile(r'(?:[^",]|"[^"]*")+')
_PARAMETER: Final = re.compile(r';\s*([\w-]+)\s*=\s*(?:"([^"]*)"|([^\s;"]*))')


@dataclass(frozen=True, slots=True)
class Wish:
    """One kind of answer that the caller takes; ``transfer_syntax`` is empty if it says none."""

    is_multipart: bool
    media_type: str
    transfer_syntax: str
    quality: float

    def takes(self, media_type: str) -> bool:
        """Tell whether the media type is among what is wished for."""
        return self.media_type in {media_type, "*/*", media_type.partition("/")[0] + "/*"}

    @property
    def is_anything(self) -> bool:
        """Whether the caller leaves it to us."""
        return self.media_type == "*/*"


def wishes(request: Request) -> Sequence[Wish]:
    """Return what the caller takes, the best first; the query parameter ``accept`` comes before the header.

    Raises:
        InvalidRequest: it cannot be understood.
    """
    return _wishes(request.query_params.get("accept") or request.headers.get("accept") or "*/*")


@lru_cache(128)
def _wishes(text: str) -> Sequence[Wish]:
    members = _MEMBER.findall(text)
    if len(members) > _MOST_WISHES:
        message = f"Accept names at most {_MOST_WISHES} media types, {len(members)} came"
        raise InvalidRequest(message)
    found = [_wish(member) for member in members if member.strip()]
    return sorted((wish for wish in found if wish.quality > 0), key=lambda wish: -wish.quality)


def is_first_wish(request: Request, media_type: str) -> bool:
    """Tell whether the caller names this media type, before all others."""
    return [wish.media_type for wish in wishes(request)[:1]] == [media_type]


def _wish(member: str) -> Wish:
    media_type = member.partition(";")[0].strip().lower()
    parameters = {name.lower(): quoted or plain for name, quoted, plain in _PARAMETER.findall(member)}
    is_multipart = media_type == _MULTIPART
    inner = parameters.get("type", "*/*").lower() if is_multipart else media_type
    return Wish(is_multipart, inner, parameters.get("transfer-syntax", ""), _quality(parameters.get("q", "1")))


def _quality(text: str) -> float:
    try:
        return min(1.0, max(0.0, float(text)))
    except ValueError as error:
        message = f"the quality q of a media type is a number from 0 to 1; {text[:16]!r} came"
        raise InvalidRequest(message) from error


def chosen(found: Sequence[Wish], media_types: Iterable[str], *, can_be_single: bool) -> list[Wish]:
    """Return the wishes that can be met with any of the media types, as far as they ask for the same form as the best.

    Raises:
        NotAcceptable: there are none.
    """
    offered = list(media_types)
    usable = [
        wish
        for wish in found
        if (wish.is_multipart or wish.is_anything or can_be_single) and any(wish.takes(kind) for kind in offered)
    ]
    if not usable:
        alone = ", or one by itself" if can_be_single else ""
        message = f"this is given in {_MULTIPART}{alone}; the media types are {', '.join(offered)}"
        raise NotAcceptable(message)
    return [wish for wish in usable if is_multipart(wish) == is_multipart(usable[0])]


def is_multipart(wish: Wish) -> bool:
    """Tell whether the answer has parts; it has, unless the caller asks for one object alone."""
    return wish.is_multipart or wish.is_anything
