"""Which interaction of FHIR answers at which address (R4 3.1.0.0.1)."""

from collections.abc import Sequence
from typing import Any, Final

from starlette.responses import Response

from lightwell.clinical.fhir import bundles, capabilities, export, history, operations, reading, search, writing
from lightwell.clinical.fhir.outcomes import tell
from lightwell.core.actors import Permission
from lightwell.core.errors import NotFound
from lightwell.core.http.endpoints import Endpoint, Handler

_TYPE: Final = "/fhir/{resource_type}"
_RESOURCE: Final = "/fhir/{resource_type}/{resource_id}"


async def nothing(rest: str) -> Response:  # noqa: ARG001 -- the rest of the address
    """Say that there is nothing at an address, as FHIR says it."""
    message = "there is nothing at this address; /fhir/metadata lists what there is"
    raise NotFound(message)


def _wired() -> Sequence[Endpoint]:
    return ENDPOINTS


def _row(method: str, path: str, handler: Handler, **rest: Any) -> Endpoint:
    permission = Permission.RECORD_READ if method == "GET" else Permission.RECORD_WRITE
    return Endpoint(method, path, handler, permission, adds_only=True, tell=tell, **rest)


ENDPOINTS: Final = (
    Endpoint("GET", "/fhir/metadata", capabilities.telling_of(_wired), is_public=True, tell=tell),
    _row("GET", "/fhir/$export", export.order),
    _row("GET", "/fhir/Patient/$export", export.order_patients),
    _row("GET", "/fhir/$export-status", export.status),
    Endpoint("DELETE", "/fhir/$export-status", export.forget, Permission.RECORD_READ, adds_only=True, tell=tell),
    _row("GET", "/fhir/$export-file/{resource_type}", export.file),
    *(_row("POST", path, bundles.doing_by(_wired)) for path in ("/fhir", "/fhir/")),
    _row("GET", "/fhir/Observation/$lastn", operations.lastn),
    _row("GET", "/fhir/Patient/{resource_id}/$everything", operations.everything),
    _row("GET", _TYPE, search.search),
    Endpoint("POST", f"{_TYPE}/_search", search.search_by_form, Permission.RECORD_READ, adds_only=True, tell=tell),
    _row("POST", _TYPE, writing.create),
    _row("PUT", _TYPE, writing.update_found),
    _row("PATCH", _TYPE, writing.patch_found),
    _row("DELETE", _TYPE, writing.delete_found),
    _row("GET", f"{_TYPE}/_history", history.of_type),
    _row("GET", _RESOURCE, reading.read, within=_row("GET", _RESOURCE, reading.read_within)),
    _row("PUT", _RESOURCE, writing.update),
    _row("PATCH", _RESOURCE, writing.patch),
    _row("DELETE", _RESOURCE, writing.delete),
    _row("GET", f"{_RESOURCE}/_history", history.of_resource),
    _row("GET", f"{_RESOURCE}/_history/{{version}}", reading.vread),
    *(_row(method, "/fhir/{rest:path}", nothing) for method in ("GET", "POST", "PUT", "PATCH", "DELETE")),
)
