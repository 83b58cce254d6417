"""Changes of one resource over HTTP: create, update, patch, delete, each also by a search (R4 3.1.0.4 to 3.1.0.9)."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from lightwell.clinical.fhir import answering
from lightwell.clinical.fhir.asking import (
    hospital_of,
    patch_in,
    place_of,
    preferred_return,
    require_json,
    require_type,
    resource_in,
)
from lightwell.clinical.fhir.changing import Answer, Asked, change
from lightwell.clinical.fhir.looking_through import read_resource
from lightwell.clinical.model import Record
from lightwell.core.actors import Actor
from lightwell.core.errors import InvalidRequest
from lightwell.core.machines import Machines
from lightwell.core.tx import repeated
from lightwell.standards.fhir.outcome import operation_outcome
from lightwell.standards.fhir.patch import read_patch
from lightwell.standards.fhir.resource import Resource, encode_resource

_CREATED: Final = 201


async def create(actor: Actor, machines: Machines, request: Request, resource_type: str) -> Response:
    """Keep a new resource; with ``If-None-Exist`` only if its search finds none.

    Raises:
        ResourceError: it is none that R4 allows; every reason is named.
        PreconditionFailed: the search finds several.
    """
    resource = await _resource(request, require_type(resource_type))
    asked = Asked("POST", resource_type, resource=resource, if_none_exist=request.headers.get("if-none-exist", ""))
    return await _do(actor, machines, request, asked)


async def update(actor: Actor, machines: Machines, request: Request, resource_type: str, resource_id: str) -> Response:
    """Keep another version of a resource, or the first under this ID.

    Raises:
        InvalidRequest: its ID is not that of the address.
        PreconditionFailed: another version is there than ``If-Match`` names.
    """
    resource = await _resource(request, require_type(resource_type))
    if resource.get("id") != resource_id:
        message = "expected the ID of the address as the id of the resource"
        raise InvalidRequest(message)
    asked = Asked("PUT", resource_type, resource_id, resource=resource, if_match=_version(request))
    return await _do(actor, machines, request, asked)


async def update_found(actor: Actor, machines: Machines, request: Request, resource_type: str) -> Response:
    """Keep another version of the one resource that a search finds, or the first if it finds none."""
    resource = await _resource(request, require_type(resource_type))
    asked = Asked("PUT", resource_type, query=_query(request), resource=resource, if_match=_version(request))
    return await _do(actor, machines, request, asked)


async def patch(actor: Actor, machines: Machines, request: Request, resource_type: str, resource_id: str) -> Response:
    """Change parts of a resource by JSON Patch.

    Raises:
        PatchError: it does not fit the resource.
        NotFound: there never was one.
        Gone: it was deleted.
    """
    operations = read_patch(await patch_in(request))
    name = require_type(resource_type)
    asked = Asked("PATCH", name, resource_id, patch=operations, if_match=_version(request))
    return await _do(actor, machines, request, asked)


async def patch_found(actor: Actor, machines: Machines, request: Request, resource_type: str) -> Response:
    """Change parts of the one resource that a search finds."""
    operations = read_patch(await patch_in(request))
    name, query = require_type(resource_type), _query(request)
    asked = Asked("PATCH", name, query=query, patch=operations, if_match=_version(request))
    return await _do(actor, machines, request, asked)


async def delete(actor: Actor, machines: Machines, request: Request, resource_type: str, resource_id: str) -> Response:
    """Put an end to a resource; what it was stays readable in its versions."""
    asked = Asked("DELETE", require_type(resource_type), resource_id, if_match=_version(request))
    return await _do(actor, machines, request, asked)


async def delete_found(actor: Actor, machines: Machines, request: Request, resource_type: str) -> Response:
    """Put an end to the one resource that a search finds, if it finds one."""
    asked = Asked("DELETE", require_type(resource_type), query=_query(request), if_match=_version(request))
    return await _do(actor, machines, request, asked)


async def _resource(request: Request, type_name: str) -> Resource:
    require_json(request)
    resource = await read_resource(await resource_in(request))
    if resource["resourceType"] != type_name:
        message = "expected a resource of the type that the address names"
        raise InvalidRequest(message)
    return resource


def _query(request: Request) -> str:
    if not request.url.query:
        message = "expected an ID, or a search that says which resource is meant"
        raise InvalidRequest(message)
    return request.url.query


def _version(request: Request) -> str:
    return request.headers.get("if-match", "")


async def _do(actor: Actor, machines: Machines, request: Request, asked: Asked) -> Response:
    place = place_of(request, machines.settings)
    is_named = not asked.query and not asked.if_none_exist

    async def once() -> Answer:
        async with machines.transactions.begin(actor, in_one_go=is_named) as tx:
            [answer] = await change(tx, hospital_of(actor, place, machines.settings), [asked])
        return answer

    return _answer(request, place.base_url, await repeated(once))


def _answer(request: Request, base_url: str, answer: Answer) -> Response:
    record = answer.record
    if record is None:
        return Response(status_code=answer.status)
    location = f"{base_url}/{record.reference}/_history/{record.version}" if answer.status == _CREATED else ""
    return answering.resource(record, answer.status, location=location, body=_preferred(request, record))


def _preferred(request: Request, record: Record) -> bytes:
    preferred = preferred_return(request)
    if preferred == "OperationOutcome" and not record.is_deleted:
        return encode_resource(operation_outcome(()))
    return record.body if preferred == "representation" else b""
