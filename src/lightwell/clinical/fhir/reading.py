"""Reading one resource, as it is or as it was: read and vread (R4 3.1.0.2, 3.1.0.3)."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import cast

from starlette.requests import Request
from starlette.responses import Response

from lightwell.clinical import records, versions
from lightwell.clinical.fhir import answering
from lightwell.clinical.fhir.asking import require_json, require_type, version_in
from lightwell.clinical.fhir.changing import deleted, missing
from lightwell.clinical.model import Record
from lightwell.clinical.noting import note, note_after
from lightwell.core.actors import Actor
from lightwell.core.machines import Machines
from lightwell.core.tx import Tx
from lightwell.standards.fhir.resource import decode_resource, encode_resource
from lightwell.standards.fhir.search.asked import Summary
from lightwell.standards.fhir.subset import with_elements, with_summary

_NOT_MODIFIED = 304


async def read(actor: Actor, machines: Machines, request: Request, resource_type: str, resource_id: str) -> Response:
    """Return a resource as it is: asked for in one round trip, and noted if it was not a moment ago.

    Raises:
        NotFound: there never was one, or it is not the actor's to see.
        Gone: it was deleted.
    """
    require_json(request)
    type_name = require_type(resource_type)
    record = there(await records.read_for(actor, machines.transactions, type_name, resource_id), type_name)
    await note_after(actor, machines, [record])
    return _told(request, record)


async def read_within(tx: Tx, machines: Machines, request: Request, resource_type: str, resource_id: str) -> Response:
    """Return a resource as it is, as :func:`read` does, to an entry of a Bundle."""
    require_json(request)
    record = there(await records.read(tx, require_type(resource_type), resource_id), resource_type)
    await note(tx, machines, [record])
    return _told(request, record)


def _told(request: Request, record: Record) -> Response:
    if _is_known(request, record):
        return Response(status_code=_NOT_MODIFIED, headers={"ETag": answering.etag(record.version)})
    return _answer(request, record)


async def vread(
    tx: Tx, machines: Machines, request: Request, resource_type: str, resource_id: str, version: str
) -> Response:
    """Return a resource as it was in one of its versions.

    Raises:
        NotFound: it never had that version, or is not the actor's to see.
        Gone: that version is its end.
    """
    require_json(request)
    number = int(version) if version.isdecimal() and len(version) < len("1000000000") else 0
    record = there(await versions.read(tx, require_type(resource_type), resource_id, number), resource_type)
    await note(tx, machines, [record])
    return answering.resource(record)


def there(record: Record | None, type_name: str) -> Record:
    """Return a resource that is there.

    Raises:
        NotFound: there is none.
        Gone: it was deleted.
    """
    if record is None:
        raise missing(type_name)
    if record.is_deleted:
        raise deleted(type_name)
    return record


def _is_known(request: Request, record: Record) -> bool:
    """Tell whether the client has this version already (R4 3.1.0.2.1)."""
    if tag := request.headers.get("if-none-match"):
        return version_in(tag) == record.version
    since = request.headers.get("if-modified-since", "")
    return bool(since) and record.last_updated.replace(microsecond=0) <= _moment(since)


def _moment(text: str) -> datetime:
    try:
        return parsedate_to_datetime(text).astimezone(UTC)
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)


def _answer(request: Request, record: Record) -> Response:
    elements, summary = request.query_params.get("_elements", ""), request.query_params.get("_summary", "")
    if not elements and summary not in {"true", "text", "data"}:
        return answering.resource(record)
    resource = decode_resource(record.body)
    part = (
        with_elements(resource, elements.split(",")) if elements else with_summary(resource, cast("Summary", summary))
    )
    headers = {"ETag": answering.etag(record.version), "Cache-Control": "no-store"}
    return Response(encode_resource(part), media_type=answering.MEDIA_TYPE, headers=headers)
