"""Searching over HTTP: by an address or by a form, a Bundle of what was found (R4 3.1.1)."""

from collections.abc import Iterator, Sequence
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from lightwell.clinical.fhir import answering
from lightwell.clinical.fhir.asking import is_strict, place_of, require_json, require_type
from lightwell.clinical.model import Record
from lightwell.clinical.noting import note
from lightwell.clinical.search.finding import Page, find
from lightwell.core.http.endpoints import content_of
from lightwell.core.machines import Machines
from lightwell.core.tx import Tx
from lightwell.standards.fhir.errors import Issue
from lightwell.standards.fhir.outcome import operation_outcome
from lightwell.standards.fhir.resource import Resource, decode_resource
from lightwell.standards.fhir.search.asked import Search
from lightwell.standards.fhir.search.query import parse_search
from lightwell.standards.fhir.search.values import Place
from lightwell.standards.fhir.subset import with_elements, with_summary

_PAGE: Final = "_page"
_OURS: Final = frozenset((_PAGE, "organisation"))
"""Parameters of an address that are no part of the search."""
Pairs = Sequence[tuple[str, str]]


async def search(tx: Tx, machines: Machines, request: Request, resource_type: str) -> Response:
    """Return what a search by an address finds.

    Raises:
        SearchError: a value is none, or, where the client wants that refused, a parameter.
    """
    pairs = parse_qsl(request.url.query, keep_blank_values=True)
    return answering.whole(await search_bundle(tx, machines, request, resource_type, pairs))


async def search_by_form(tx: Tx, machines: Machines, request: Request, resource_type: str) -> Response:
    """Return what a search by a form finds, whose values no log of an address ever holds (R4 3.1.0.1.12)."""
    form = (await content_of(request)).decode("utf-8", "replace")
    pairs = parse_qsl(request.url.query, keep_blank_values=True) + parse_qsl(form, keep_blank_values=True)
    return answering.whole(await search_bundle(tx, machines, request, resource_type, pairs))


async def search_bundle(tx: Tx, machines: Machines, request: Request, type_name: str, pairs: Pairs) -> Resource:
    """Return the Bundle of a page; its resources are the stored bytes unless a part of them was asked for."""
    require_json(request)
    place = place_of(request, machines.settings)
    own = [(name, text) for name, text in pairs if name not in _OURS]
    asked = parse_search(require_type(type_name), own, place, is_strict=is_strict(request))
    page = await find(tx, asked, dict(pairs).get(_PAGE, ""))
    await note(tx, machines, [*page.found, *page.sent.records])
    entries = [*_entries(page.found, asked, place, "match"), *_entries(page.sent.records, asked, place, "include")]
    entries += [{"resource": outcome, "search": {"mode": "outcome"}} for outcome in _warnings(asked, page)]
    bundle: Resource = {"resourceType": "Bundle", "type": "searchset"}
    bundle |= {} if page.total is None else {"total": page.total}
    bundle |= {"link": _links(place, type_name, asked, pairs, page)}
    return bundle | ({"entry": entries} if entries else {})


def _entries(records: Sequence[Record], asked: Search, place: Place, mode: str) -> Iterator[dict[str, Any]]:
    for record in records:
        full_url = f"{place.base_url}/{record.reference}"
        yield {"fullUrl": full_url, "resource": _content(record, asked), "search": {"mode": mode}}


def _content(record: Record, asked: Search) -> msgspec.Raw | Resource:
    if asked.elements and record.type == asked.type:
        return with_elements(decode_resource(record.body), asked.elements)
    if asked.summary in {"true", "text", "data"}:
        return with_summary(decode_resource(record.body), asked.summary)
    return msgspec.Raw(record.body)


def _warnings(asked: Search, page: Page) -> Iterator[Resource]:
    """Say what was not understood, and what was left out."""
    issues = [
        Issue("not-supported", f"{name[:64]} is no parameter of {asked.type} and was ignored", severity="warning")
        for name in asked.ignored
    ]
    if page.sent.is_cut:
        issues.append(Issue("too-costly", "not all that was to be included is sent along", severity="warning"))
    if issues:
        yield operation_outcome(issues)


def _links(place: Place, type_name: str, asked: Search, pairs: Pairs, page: Page) -> list[dict[str, str]]:
    """Say what was understood, and where it goes on."""
    understood = [(name, text) for name, text in pairs if name not in asked.ignored]
    links = [{"relation": "self", "url": _address(place, type_name, understood)}]
    if page.following:
        further = [(name, text) for name, text in understood if name != _PAGE] + [(_PAGE, page.following)]
        links.append({"relation": "next", "url": _address(place, type_name, further)})
    return links


def _address(place: Place, type_name: str, pairs: Pairs) -> str:
    return f"{place.base_url}/{type_name}{'?' if pairs else ''}{urlencode(pairs, safe=':,|$')}"
