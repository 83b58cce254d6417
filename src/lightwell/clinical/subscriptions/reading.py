"""A Subscription as it was written: what it asks for, or all that is wrong with it (R4 2.46.5)."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, TypeVar
from urllib.parse import parse_qsl, unquote, urlsplit

from lightwell.clinical.search.finding import statement_of
from lightwell.clinical.subscriptions.model import JSON, REST_HOOK, WEBSOCKET, Channel, Kept, Wish
from lightwell.core import clock
from lightwell.core.errors import InvalidRequest
from lightwell.core.net.outgoing import Outgoing, read_target
from lightwell.standards.fhir.definitions import resource_types
from lightwell.standards.fhir.errors import Issue, ResourceError, SearchError
from lightwell.standards.fhir.resource import Resource
from lightwell.standards.fhir.search.asked import Search
from lightwell.standards.fhir.search.query import parse_search
from lightwell.standards.fhir.search.spans import read_span
from lightwell.standards.fhir.search.values import Place

HIDDEN: Final = "***"
_FOR_EVER: Final = datetime.max.replace(tzinfo=UTC)
_PAYLOADS: Final = frozenset(("", JSON, "application/json"))
_HEADER: Final = re.compile(r"([A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}): ?([\x21-\x7e](?:[\x20-\x7e]{0,2000}[\x21-\x7e])?)")
_OURS: Final = frozenset(
    ("host", "content-length", "content-type", "transfer-encoding", "connection", "upgrade", "expect", "te", "trailer")
)
_MOST_HEADERS: Final = 20
_T = TypeVar("_T")


def read_wish(resource: Resource, place: Place, allowed: Outgoing, before: Kept | None = None) -> Wish:
    """Return what a valid Subscription asks for; ``before`` is what was kept of it, of which a reader sees no secrets.

    Raises:
        ResourceError: this server cannot do it; every reason is named.
    """
    channel: Mapping[str, Any] = resource["channel"]
    issues: list[Issue] = []

    def read(what: str, reader: Callable[[], _T], otherwise: _T) -> _T:
        try:
            return reader()
        except (ValueError, InvalidRequest, SearchError) as error:
            issues.append(Issue("value", str(error), f"Subscription.{what}"))
            return otherwise

    type_name, query = read("criteria", lambda: _criteria(resource.get("criteria", ""), place), ("", ""))
    kind: Channel = read("channel.type", lambda: _kind(channel.get("type")), REST_HOOK)
    is_called = kind == REST_HOOK
    endpoint = read("channel.endpoint", lambda: _endpoint(channel, allowed), "") if is_called else ""
    payload = read("channel.payload", lambda: _payload(channel), "")
    known = before.headers if before and _is_same_machine(before.endpoint, endpoint) else ()
    headers = read("channel.header", lambda: _headers(channel.get("header", ()), known), ())
    ends_at = read("end", lambda: _end(resource.get("end", ""), place), _FOR_EVER)
    if issues:
        raise ResourceError(issues)
    return Wish(type_name, query, kind, endpoint, payload, headers, ends_at)


def hidden(resource: Resource) -> Resource:
    """Return a Subscription as it is kept and shown: without the values of its headers, which are secrets."""
    channel = resource["channel"]
    if "header" not in channel:
        return resource
    shown = [text and _shown(text) for text in channel["header"]]
    return resource | {"channel": channel | {"header": shown}}


def read_search(type_name: str, query: str, place: Place) -> Search:
    """Return the search of a subscription, which has conditions only.

    Raises:
        SearchError: nobody can answer it.
    """
    pairs = parse_qsl(query, keep_blank_values=True)
    search = parse_search(type_name, pairs, place, is_strict=True)
    if search != Search(type_name, conditions=search.conditions):
        text = "expected conditions only, and nothing that orders, counts, includes or shortens"
        raise SearchError([Issue("not-supported", text)])
    statement_of(search, "", 1)  # whether it can be put into words of the database
    return search


def _criteria(text: str, place: Place) -> tuple[str, str]:
    type_name, _, query = text.removeprefix("/").partition("?")
    if "\0" in unquote(query):
        message = "expected a search without the character 0, which no text of the record holds"
        raise ValueError(message)
    if type_name not in resource_types():
        message = "expected a search of one type, as Observation?code=http://loinc.org|1975-2"
        raise ValueError(message)
    read_search(type_name, query, place)
    return type_name, query


def _kind(kind: object) -> Channel:
    if kind == REST_HOOK:
        return REST_HOOK
    if kind == WEBSOCKET:
        return WEBSOCKET
    message = f"expected {REST_HOOK} or {WEBSOCKET}, the channels of this server"
    raise ValueError(message)


def _endpoint(channel: Mapping[str, Any], allowed: Outgoing) -> str:
    allowed.require(read_target(channel.get("endpoint", "")).host)
    return str(channel["endpoint"])


def _payload(channel: Mapping[str, Any]) -> str:
    payload = str(channel.get("payload", "")).partition(";")[0].strip()
    if payload not in _PAYLOADS:
        message = f"expected {JSON}, or none, which sends an empty body"
        raise ValueError(message)
    return payload


def _is_same_machine(before: str, after: str) -> bool:
    """Tell whether what one machine may know goes to no other."""
    return bool(before and after) and urlsplit(before)[:2] == urlsplit(after)[:2]


def _headers(given: Sequence[str | None], before: Sequence[str]) -> tuple[str, ...]:
    if len(given) > _MOST_HEADERS:
        message = f"expected at most {_MOST_HEADERS} headers"
        raise ValueError(message)
    known = {name_of(text): text for text in before}
    return tuple(_hidden_before(text, known) if text == _shown(text) else _header(text) for text in map(str, given))


def _shown(header: str) -> str:
    return f"{header.partition(':')[0]}: {HIDDEN}"


def _hidden_before(header: str, known: Mapping[str, str]) -> str:
    """Return a header that its reader saw hidden, as it was kept; for another machine it is a secret."""
    kept = known.get(name_of(header))
    if kept is None:
        message = f"expected the value of {name_of(header)!r} anew: {HIDDEN} stands for what was sent to one machine"
        raise ValueError(message)
    return kept


def name_of(header: str) -> str:
    """Return the name of a header, as names are compared."""
    return header.partition(":")[0].strip().lower()


def _header(text: str) -> str:
    match = _HEADER.fullmatch(text)
    if match is None or name_of(text) in _OURS:
        message = "expected headers as Authorization: Bearer and a token, and none of those that HTTP itself needs"
        raise ValueError(message)
    return f"{match[1]}: {match[2]}"


def _end(text: str, place: Place) -> datetime:
    if not text:
        return _FOR_EVER
    moment = read_span(text, place.zone).start
    if moment <= clock.now():
        message = "expected a moment that is still to come, or none"
        raise ValueError(message)
    return moment
