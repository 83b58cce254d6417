"""What a request says beside its body: for which hospital, for which version, and how it wants to be answered."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal, cast

from starlette.requests import Request

from lightwell.core.actors import Actor
from lightwell.core.errors import InvalidRequest, NotAcceptable, NotFound, UnsupportedMedia
from lightwell.core.http.endpoints import content_of
from lightwell.core.net.outgoing import Outgoing, read_outgoing
from lightwell.core.settings import Settings, zone_of
from lightwell.standards.fhir.definitions import resource_types
from lightwell.standards.fhir.search.values import Place

MOST_BYTES: Final = 64 << 20
Return = Literal["representation", "minimal", "OperationOutcome"]
_JSON: Final = frozenset(("application/fhir+json", "application/json", "text/json"))
_PATCHES: Final = frozenset(("application/json-patch+json",))
_ANY: Final = frozenset(("*/*", "application/*", ""))
_ETAG: Final = re.compile(r'(?:W/)?"?(\d{1,9})"?')
_RETURN: Final = re.compile(r"\breturn=(representation|minimal|OperationOutcome)\b")


@dataclass(frozen=True, slots=True)
class Hospital:
    """Whose record is written, where that is, and whom this server may call for a subscription."""

    organisation_id: int
    place: Place
    allowed: Outgoing


def place_of(request: Request, settings: Settings) -> Place:
    """Return the address of this server, and the zone of dates that do not say theirs."""
    return _place(settings.public_url or _address(request), settings.utc_offset)


def _address(request: Request) -> str:
    host = request.headers.get("host")
    return f"{request.scope['scheme']}://{host}" if host else str(request.base_url)


@lru_cache(maxsize=64)
def _place(address: str, utc_offset: str) -> Place:
    return Place(f"{address.rstrip('/')}/fhir", zone_of(utc_offset))


def hospital_of(actor: Actor, place: Place, settings: Settings) -> Hospital:
    """Return the hospital whose record an actor writes.

    Raises:
        InvalidRequest: it may write in several, and which is meant was not said.
    """
    if len(actor.organisation_ids) != 1:
        message = "you may write for several hospitals; say which is meant by ?organisation= and its code"
        raise InvalidRequest(message)
    return Hospital(actor.organisation_ids[0], place, read_outgoing(settings.subscription_targets))


def require_type(name: str) -> str:
    """Return a resource type.

    Raises:
        NotFound: R4 has none of this name.
    """
    if name not in resource_types():
        message = "there is no such resource type in FHIR R4"
        raise NotFound(message)
    return name


def require_json(request: Request) -> None:
    """Go on only if the client takes JSON (R4 3.1.0.1.11).

    Raises:
        NotAcceptable: it takes none, e.g. only XML.
    """
    wanted = request.query_params.get("_format") or request.headers.get("accept", "")
    offered = {part.partition(";")[0].strip().lower() for part in wanted.split(",")}
    if not offered & (_JSON | _ANY | {"json"}):
        message = "resources are sent as application/fhir+json only"
        raise NotAcceptable(message)


async def resource_in(request: Request) -> bytes:
    """Return the bytes of the resource that a request brings.

    Raises:
        UnsupportedMedia: they are no JSON.
        TooLarge: there are more than 64 MiB.
    """
    _require_media(request, _JSON)
    return await content_of(request, MOST_BYTES)


async def patch_in(request: Request) -> bytes:
    """Return the bytes of the JSON Patch that a request brings.

    Raises:
        UnsupportedMedia: it is something else.
    """
    _require_media(request, _PATCHES)
    return await content_of(request)


def _require_media(request: Request, allowed: frozenset[str]) -> None:
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if given not in allowed:
        message = f"expected a body of type {' or '.join(sorted(allowed))}"
        raise UnsupportedMedia(message)


def version_in(text: str) -> int | None:
    """Return the version that an ETag names, of ``If-Match`` or ``If-None-Match``; None if there is none.

    Raises:
        InvalidRequest: it is no ETag of ours.
    """
    if not text or text == "*":
        return None
    match = _ETAG.fullmatch(text.strip())
    if match is None:
        message = 'expected an ETag as W/"3"'
        raise InvalidRequest(message)
    return int(match[1])


def preferred_return(request: Request) -> Return:
    """Return what a client wants to be sent after a change (R4 3.1.0.1.8)."""
    match = _RETURN.search(request.headers.get("prefer", ""))
    return cast("Return", match[1]) if match else "representation"


def is_strict(request: Request) -> bool:
    """Tell whether a client wants to be refused rather than misunderstood (R4 3.1.1.1)."""
    return "handling=strict" in request.headers.get("prefer", "").replace(" ", "")
