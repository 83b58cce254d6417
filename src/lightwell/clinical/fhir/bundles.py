"""Many interactions in one request: a transaction as a whole or not at all, a batch entry by entry (R4 3.1.0.11)."""

from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any, Final, cast

import msgspec
import psycopg
from starlette.requests import Request
from starlette.responses import Response

from lightwell.clinical import records
from lightwell.clinical.errors import PreconditionFailed
from lightwell.clinical.fhir import answering, outcomes
from lightwell.clinical.fhir.asking import Hospital, hospital_of, place_of, preferred_return, require_json, resource_in
from lightwell.clinical.fhir.changing import (
    Aimed,
    Answer,
    Asked,
    Method,
    aim,
    carry_out,
    change,
    hold,
    question_of,
)
from lightwell.clinical.fhir.entries import read_entry
from lightwell.clinical.fhir.looking_through import read_resource
from lightwell.clinical.fhir.matching import matching
from lightwell.clinical.model import Record
from lightwell.core.actors import Actor
from lightwell.core.errors import InvalidRequest, LightwellError
from lightwell.core.http import problems
from lightwell.core.http.endpoints import Endpoint, Handler
from lightwell.core.machines import Machines
from lightwell.core.tx import Tx, repeated
from lightwell.standards.fhir.bundle import (
    Entry,
    answer_entry,
    conditional_references,
    in_order,
    names_of,
    read_bundle,
    rewrite,
)
from lightwell.standards.fhir.errors import BundleError, FhirError, Issue, PatchError
from lightwell.standards.fhir.outcome import operation_outcome
from lightwell.standards.fhir.patch import Operation, read_patch
from lightwell.standards.fhir.resource import Resource

_CHANGING: Final = frozenset(("POST", "PUT", "PATCH", "DELETE"))


def doing_by(wired: Callable[[], Sequence[Endpoint]]) -> Handler:
    """Return what does Bundles, whose entries read by what is wired."""

    async def do(actor: Actor, machines: Machines, request: Request) -> Response:
        """Do all that a Bundle asks for.

        Raises:
            ResourceError: it, or something in it, is nothing that R4 allows.
            BundleError: it is no batch or transaction, or has more than 10,000 entries.
        """
        require_json(request)
        bundle = await read_resource(await resource_in(request))
        entries = read_bundle(bundle)
        hospital = hospital_of(actor, place_of(request, machines.settings), machines.settings)
        is_body_sent = preferred_return(request) == "representation" and "return=" in request.headers.get("prefer", "")
        is_whole = bundle["type"] == "transaction"

        async def once() -> list[dict[str, Any]]:
            async with machines.transactions.begin(actor) as tx:
                work = _Work(tx, machines, request, hospital, is_body_sent, wired())
                return await (_transaction if is_whole else _batch)(work, entries)

        return answering.bundle("transaction-response" if is_whole else "batch-response", await repeated(once))

    return do


@dataclass(frozen=True, slots=True)
class _Work:
    """For whom a Bundle is done, and how its entries are answered."""

    tx: Tx
    machines: Machines
    request: Request
    hospital: Hospital
    is_body_sent: bool
    wired: Sequence[Endpoint]


async def _transaction(work: _Work, entries: Sequence[Entry]) -> list[dict[str, Any]]:
    """Do all entries or none; new resources refer to each other by their full URLs (R4 3.1.0.11.2)."""
    changing = [entry for entry in in_order(entries) if entry.method in _CHANGING]
    aimed = await aim(work.tx, work.hospital, [_asked(entry) for entry in changing])
    _require_different(changing, aimed)
    references = _given(changing, aimed) | await _found(work, changing)
    ready = [_referring(item, references) for item in aimed]
    answers = await carry_out(work.tx, work.hospital, ready)
    told = {entry.number: _told(work, answer) for entry, answer in zip(changing, answers, strict=True)}
    for entry in entries:
        if entry.method not in _CHANGING:
            told[entry.number] = await read_entry(work.tx, work.machines, work.request, entry, work.wired)
    return [told[number] for number in sorted(told)]


def _require_different(entries: Sequence[Entry], aimed: Sequence[Aimed]) -> None:
    """Go on only if no two entries are about one resource, also where a search says which (R4 3.1.0.11.2).

    Two that ask the same search are about one resource also if it finds none yet: they would make it twice.
    """
    seen: set[tuple[object, ...]] = set()
    for entry, item in zip(entries, aimed, strict=True):
        question = question_of(item.asked)
        names = [(item.asked.type, item.id)] if item.id else []
        names += [(item.asked.type, *question)] if question else []
        if not seen.isdisjoint(names):
            raise BundleError([Issue("invariant", "expected one entry for each resource", entry.path)])
        seen.update(names)


def _given(entries: Sequence[Entry], aimed: Sequence[Aimed]) -> dict[str, str]:
    """Return what the full URLs of entries become."""
    pairs = zip(entries, aimed, strict=True)
    return {name: f"{item.asked.type}/{item.id}" for entry, item in pairs if item.id for name in names_of(entry)}


async def _found(work: _Work, entries: Sequence[Entry]) -> dict[str, str]:
    """Return what references by search become: ``Patient?identifier=…`` is the one that it finds."""
    wanted = dict.fromkeys(
        pair for entry in entries if entry.resource for pair in conditional_references(entry.resource)
    )
    found: dict[str, str] = {}
    for type_name, query in wanted:
        matches = await matching(work.tx, work.hospital, type_name, query)
        if len(matches) != 1:
            message = f"a reference by search has to find one {type_name}, it finds {len(matches)}"
            raise PreconditionFailed(message)
        found[f"{type_name}?{query}"] = matches[0].reference
    return found


def _referring(item: Aimed, references: Mapping[str, str]) -> Aimed:
    resource = item.asked.resource
    if resource is None or not references:
        return item
    return replace(item, asked=replace(item.asked, resource=rewrite(resource, references)))


async def _batch(work: _Work, entries: Sequence[Entry]) -> list[dict[str, Any]]:
    """Do each entry by itself; one that fails says so and leaves the others as they are."""
    await hold(work.tx, work.hospital, list(_clear(entries)))
    return [await _one_of_batch(work, entry) for entry in entries]


def _clear(entries: Sequence[Entry]) -> Iterator[Asked]:
    """Give the changes that are asked for so that they can be done; what is wrong with others is said in their turn."""
    for entry in entries:
        if entry.method in _CHANGING and not entry.issue:
            with suppress(FhirError, LightwellError):
                yield _asked(entry)


async def _one_of_batch(work: _Work, entry: Entry) -> dict[str, Any]:
    try:
        async with work.tx.connection.transaction():  # within the request's own: what fails is taken back alone
            return await _one(work, entry)
    except (FhirError, LightwellError) as error:
        return _failed(error)
    except psycopg.DataError as error:
        return _failed(problems.unstorable(error))


async def _one(work: _Work, entry: Entry) -> dict[str, Any]:
    if entry.issue:
        raise BundleError([entry.issue])
    if entry.method not in _CHANGING:
        return await read_entry(work.tx, work.machines, work.request, entry, work.wired)
    [answer] = await change(work.tx, work.hospital, [_asked(entry)])
    return _told(work, answer)


def _asked(entry: Entry) -> Asked:
    """Return the change that an entry asks for."""
    if entry.target is None:
        message = f"{entry.path}: expected an address as Patient, Patient/7 or Patient?identifier=…"
        raise InvalidRequest(message)
    target = entry.target
    patch = _patch_in(entry) if entry.method == "PATCH" else ()
    return Asked(
        cast("Method", entry.method),
        target.type,
        "" if entry.method == "POST" else target.id,
        target.query,
        None if entry.method in {"PATCH", "DELETE"} else _with_id(entry, target.id),
        patch,
        entry.if_match,
        entry.if_none_exist,
    )


def _with_id(entry: Entry, identifier: str) -> Resource | None:
    if entry.method == "PUT" and identifier and entry.resource and entry.resource.get("id") != identifier:
        text = "expected the ID of the address as the id of the resource"
        raise BundleError([Issue("value", text, f"{entry.path}.resource.id")])
    return entry.resource


def _patch_in(entry: Entry) -> Sequence[Operation]:
    """Return the JSON Patch that an entry brings, as a Binary (R4 3.1.0.11.1)."""
    binary = entry.resource or {}
    if binary.get("resourceType") != "Binary" or "json-patch" not in binary.get("contentType", ""):
        text = "expected a Binary of application/json-patch+json, which holds the patch"
        raise PatchError([Issue("structure", text, f"{entry.path}.resource")])
    return read_patch(b64decode(binary.get("data", "")))


def _told(work: _Work, answer: Answer) -> dict[str, Any]:
    """Return the answer to an entry."""
    status, record = HTTPStatus(answer.status), answer.record
    if record is None:
        return answer_entry(f"{status.value} {status.phrase}")
    body = {"resource": msgspec.Raw(record.body)} if work.is_body_sent and record.body else {}
    return body | _entry(status, record)


def _entry(status: HTTPStatus, record: Record) -> dict[str, Any]:
    return answer_entry(
        f"{status.value} {status.phrase}",
        location=f"{record.reference}/_history/{record.version}",
        etag=answering.etag(record.version),
        last_modified=records.instant(record.last_updated),
    )


def _failed(error: FhirError | LightwellError) -> dict[str, Any]:
    status = HTTPStatus(outcomes.status_of(error))
    return answer_entry(f"{status.value} {status.phrase}", outcome=operation_outcome(outcomes.issues_of(error)))
