"""Operations: all that belongs to a patient (``$everything``), and the last values of each kind (``$lastn``)."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from urllib.parse import parse_qsl

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from lightwell.clinical import records
from lightwell.clinical.fhir import answering
from lightwell.clinical.fhir.asking import place_of, require_json, require_type
from lightwell.clinical.fhir.reading import there
from lightwell.clinical.keys import IN_RECORD_OF, PATIENT, hashed
from lightwell.clinical.model import Record
from lightwell.clinical.noting import note
from lightwell.clinical.search.finding import MOST, find
from lightwell.clinical.store import search as store
from lightwell.core.errors import InvalidRequest
from lightwell.core.machines import Machines
from lightwell.core.tx import Tx
from lightwell.standards.fhir.errors import Issue
from lightwell.standards.fhir.outcome import operation_outcome
from lightwell.standards.fhir.search.asked import Search
from lightwell.standards.fhir.search.query import parse_search
from lightwell.standards.fhir.search.spans import BEGINNING, read_span
from lightwell.standards.fhir.search.values import Place

_USUAL: Final = 100
_MOST_OF_ALL: Final = 20_000
_AT_ONCE: Final = 500
_FORM: Final = frozenset(("max", "organisation", "_format", "_count"))

_LEFT_OUT: Final = Issue(
    "too-costly",
    f"only the newest {_MOST_OF_ALL} observations were looked at; ask for older codes by code",
    severity="warning",
)
_CUT: Final = {"resource": operation_outcome([_LEFT_OUT]), "search": {"mode": "outcome"}}


class Everything(msgspec.Struct, frozen=True):
    """What is wanted of a patient's record."""

    count: int = msgspec.field(default=_USUAL, name="_count")
    since: str = msgspec.field(default="", name="_since")
    types: str = msgspec.field(default="", name="_type")
    page: str = msgspec.field(default="0", name="_page")


async def everything(tx: Tx, machines: Machines, request: Request, resource_id: str, query: Everything) -> Response:
    """Return all that belongs to a patient, in the order in which it came, in pages (R4 2.40, Patient $everything).

    Raises:
        NotFound: there is no such patient, or it is not the actor's to see.
    """
    require_json(request)
    place = place_of(request, machines.settings)
    patient = there(await records.read(tx, PATIENT, resource_id), PATIENT)
    limit = max(1, min(query.count, MOST))
    values = {
        "organisations": [patient.organisation_id],
        "after": _after(query.page),
        "types": [require_type(name) for name in query.types.split(",") if name],
        "since": _since(query.since, place),
        "parameter": IN_RECORD_OF,
        "value": hashed(resource_id),
        "system": hashed(PATIENT),
        "limit": limit + 1,
    }
    rows = await (await tx.connection.execute(store.IN_RECORD, values)).fetchall()
    found = [Record(*row) for row in rows[:limit]]
    await note(tx, machines, found)
    links = [{"relation": "self", "url": f"{place.base_url}/Patient/{resource_id}/$everything"}]
    if len(rows) > limit:
        further = request.url.include_query_params(_page=found[-1].rid).query
        links.append({"relation": "next", "url": f"{links[0]['url']}?{further}"})
    return answering.bundle("searchset", (_entry(record, place) for record in found), link=links)


async def lastn(tx: Tx, machines: Machines, request: Request) -> Response:
    """Return the last observations of each code, the newest first: what a board of vital signs shows (R4 $lastn).

    Raises:
        SearchError: it does not say of which patient.
    """
    require_json(request)
    place = place_of(request, machines.settings)
    pairs = parse_qsl(request.url.query, keep_blank_values=True)
    most = _most(dict(pairs).get("max", "1"))
    asked = [(name, text) for name, text in pairs if name not in _FORM] + [("_sort", "-date")]
    search = parse_search("Observation", asked, place, is_strict=True)
    if not {"patient", "subject"} & {getattr(item, "code", "") for item in search.conditions}:
        message = "expected patient or subject: whose last observations"
        raise InvalidRequest(message)
    newest = await _newest(tx, search, most)
    await note(tx, machines, newest.kept)
    entries = [_entry(record, place) for record in newest.kept]
    return answering.bundle("searchset", entries if newest.is_all else [*entries, _CUT])


async def _newest(tx: Tx, search: Search, most: int) -> "_Newest":
    """Look at all that a search finds, the newest first: an hour of heart rates hides the one weight of a year ago.

    Where a thousand are not all, they are asked for from the beginning again: the way to those behind a page, of a
    patient who has become many rows a moment ago, takes PostgreSQL a hundred times as long.
    """
    newest = _Newest(most)
    for limit in (MOST, _MOST_OF_ALL):
        page = await find(tx, search, limit=limit)
        newest = _Newest(most, is_all=not page.following)
        for begin in range(0, len(page.found), _AT_ONCE):
            newest.add(page.found[begin : begin + _AT_ONCE])
            await asyncio.sleep(0)  # others are answered in between
        if newest.is_all:
            break
    return newest


class _Coding(msgspec.Struct, frozen=True):
    system: str = ""
    code: str = ""


class _Concept(msgspec.Struct, frozen=True):
    coding: tuple[_Coding, ...] = ()
    text: str = ""


class _Coded(msgspec.Struct, frozen=True):
    """Of an Observation, what was observed."""

    code: _Concept


@dataclass(slots=True)
class _Newest:
    """So many observations of each code; one of several codings counts for each."""

    most: int
    kept: list[Record] = field(default_factory=list[Record])
    counts: Counter[_Coding] = field(default_factory=Counter[_Coding])
    is_all: bool = True

    def add(self, newest_first: Sequence[Record]) -> None:
        """Keep those of which there are not so many yet."""
        for record in newest_first:
            concept = msgspec.json.decode(record.body, type=_Coded).code
            names = concept.coding or (_Coding(code=concept.text),)
            if any(self.counts[name] < self.most for name in names):
                self.kept.append(record)
            self.counts.update(names)


def _entry(record: Record, place: Place) -> dict[str, object]:
    full_url = f"{place.base_url}/{record.reference}"
    return {"fullUrl": full_url, "resource": msgspec.Raw(record.body), "search": {"mode": "match"}}


def _after(text: str) -> int:
    if not text.isdecimal() or len(text) > len(str(1 << 62)):
        message = "expected the _page of a next link, as it was sent"
        raise InvalidRequest(message)
    return int(text)


def _since(text: str, place: Place) -> datetime:
    try:
        return read_span(text, place.zone).start if text else BEGINNING
    except ValueError as error:
        message = f"_since: {error}"
        raise InvalidRequest(message) from error


def _most(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) <= MOST:
        message = f"expected max from 1 to {MOST}"
        raise InvalidRequest(message)
    return int(text)
