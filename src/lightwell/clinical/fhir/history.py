"""What a resource was, or what changed among all of a type: history (R4 3.1.0.10)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from lightwell.clinical import versions
from lightwell.clinical.fhir import answering
from lightwell.clinical.fhir.asking import place_of, require_json, require_type
from lightwell.clinical.fhir.changing import missing
from lightwell.clinical.model import Record
from lightwell.clinical.noting import note
from lightwell.clinical.records import instant
from lightwell.clinical.versions import Before
from lightwell.core.errors import InvalidRequest
from lightwell.core.machines import Machines
from lightwell.core.tx import Tx
from lightwell.standards.fhir.search.spans import read_span
from lightwell.standards.fhir.search.values import Place

_USUAL: Final = 50
_MOST: Final = 1000


async def of_resource(tx: Tx, machines: Machines, request: Request, resource_type: str, resource_id: str) -> Response:
    """Return the versions of a resource, the newest first, in pages.

    Raises:
        NotFound: there never was one, or it is not the actor's to see.
    """
    require_json(request)
    place, count = place_of(request, machines.settings), _count(request)
    since, before = _since(request, place), _before(request)
    found = await versions.of_resource(tx, require_type(resource_type), resource_id, count + 1, since, before)
    if not found and before is None and since == versions.EVER:
        raise missing(resource_type)
    return await _answer(tx, machines, request, place, found, count)


async def of_type(tx: Tx, machines: Machines, request: Request, resource_type: str) -> Response:
    """Return what changed among all resources of a type, the newest first, in pages."""
    require_json(request)
    place, count = place_of(request, machines.settings), _count(request)
    found = await versions.of_type(tx, require_type(resource_type), count + 1, _since(request, place), _before(request))
    return await _answer(tx, machines, request, place, found, count)


async def _answer(
    tx: Tx, machines: Machines, request: Request, place: Place, found: Sequence[Record], count: int
) -> Response:
    shown = found[:count]
    await note(tx, machines, shown)
    links = [{"relation": "self", "url": _address(place, request, request.url.query)}]
    if len(found) > count and shown:
        last = shown[-1]
        cursor = f"{last.last_updated.isoformat()}_{last.rid}_{last.version}"
        links.append(
            {"relation": "next", "url": _address(place, request, request.url.include_query_params(_page=cursor).query)}
        )
    return answering.bundle("history", [_entry(record, place) for record in shown], link=links)


def _address(place: Place, request: Request, query: str) -> str:
    path = request.url.path.partition("/fhir")[2]
    return f"{place.base_url}{path}{'?' if query else ''}{query}"


def _entry(record: Record, place: Place) -> dict[str, Any]:
    """Say what was done, and what the resource was from then on."""
    method = "DELETE" if record.is_deleted else "POST" if record.version == 1 else "PUT"
    url = record.type if method == "POST" else record.reference
    status = {"DELETE": "204", "POST": "201", "PUT": "200"}[method]
    moment = instant(record.last_updated)
    entry = {
        "fullUrl": f"{place.base_url}/{record.reference}",
        "request": {"method": method, "url": url},
        "response": {"status": status, "etag": answering.etag(record.version), "lastModified": moment},
    }
    return entry if record.is_deleted else entry | {"resource": msgspec.Raw(record.body)}


def _count(request: Request) -> int:
    text = request.query_params.get("_count", str(_USUAL))
    if not text.isdecimal() or len(text) > len("999999"):
        message = "expected a whole number as _count"
        raise InvalidRequest(message)
    return max(1, min(int(text), _MOST))


def _since(request: Request, place: Place) -> datetime:
    text = request.query_params.get("_since", "")
    if not text:
        return versions.EVER
    try:
        return read_span(text, place.zone).start
    except ValueError as error:
        message = f"_since: {error}"
        raise InvalidRequest(message) from error


def _before(request: Request) -> Before | None:
    text = request.query_params.get("_page", "")
    if not text:
        return None
    try:
        moment, rid, version = text.split("_")
        return Before(datetime.fromisoformat(moment), int(rid), int(version))
    except ValueError as error:
        message = "expected the _page of a next link, as it was sent"
        raise InvalidRequest(message) from error
