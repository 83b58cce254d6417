"""What this server can do, told from what is really wired: the CapabilityStatement (R4 3.1.0.9)."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from lightwell import __version__
from lightwell.clinical.fhir.answering import MEDIA_TYPE
from lightwell.clinical.fhir.asking import place_of
from lightwell.core.http.endpoints import Endpoint, Handler
from lightwell.core.machines import Machines
from lightwell.standards.fhir.definitions import resource_types
from lightwell.standards.fhir.resource import encode_resource
from lightwell.standards.fhir.search.parameters import parameters_of

_TYPE: Final = "/fhir/{resource_type}"
_RESOURCE: Final = "/fhir/{resource_type}/{resource_id}"
_INTERACTIONS: Final[Mapping[tuple[str, str], str]] = {
    ("GET", _RESOURCE): "read",
    ("GET", f"{_RESOURCE}/_history/{{version}}"): "vread",
    ("PUT", _RESOURCE): "update",
    ("PATCH", _RESOURCE): "patch",
    ("DELETE", _RESOURCE): "delete",
    ("GET", f"{_RESOURCE}/_history"): "history-instance",
    ("GET", f"{_TYPE}/_history"): "history-type",
    ("POST", _TYPE): "create",
    ("GET", _TYPE): "search-type",
}
_OPERATIONS: Final[Mapping[str, str]] = {
    "/fhir/$export": "http://hl7.org/fhir/uv/bulkdata/OperationDefinition/export",
    "/fhir/Patient/$export": "http://hl7.org/fhir/uv/bulkdata/OperationDefinition/patient-export",
    "/fhir/Patient/{resource_id}/$everything": "http://hl7.org/fhir/OperationDefinition/Patient-everything",
    "/fhir/Observation/$lastn": "http://hl7.org/fhir/OperationDefinition/Observation-lastn",
}
"""Where the standards' operations are, and what defines them."""
_WEBSOCKET: Final = "http://hl7.org/fhir/StructureDefinition/capabilitystatement-websocket"
_DATE: Final = "2026-11-28"
_QUANTITY: Final = (
    "number|http://unitsofmeasure.org|code finds what was measured in any unit of the same dimension; units that are no"
    " multiple of another (Cel, [pH], [iU]) are found by their own code"
)


def telling_of(wired: Callable[[], Sequence[Endpoint]]) -> Handler:
    """Return what tells of the addresses that there are."""

    async def metadata(machines: Machines, request: Request) -> Response:
        """Say which resources, interactions, operations and search parameters there are."""
        address = place_of(request, machines.settings).base_url
        said = _statement(frozenset((row.method, row.path) for row in wired()))
        [rest] = said["rest"]
        line = {"url": _WEBSOCKET, "valueUri": f"ws{address.removeprefix('http')}/ws"}
        here = {"implementation": {"description": "Lightwell", "url": address}, "rest": [{"extension": [line], **rest}]}
        return Response(encode_resource({**said, **here}), media_type=MEDIA_TYPE)

    return metadata


@cache
def _statement(rows: frozenset[tuple[str, str]]) -> dict[str, Any]:
    everywhere = [{"code": code} for code in ("transaction", "batch")] if ("POST", "/fhir") in rows else []
    types = [_resource(name, rows) for name in sorted(resource_types())]
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": _DATE,
        "kind": "instance",
        "software": {"name": "Lightwell", "version": __version__},
        "fhirVersion": "4.0.1",
        "format": ["application/fhir+json", "json"],
        "patchFormat": ["application/json-patch+json"],
        "rest": [
            {
                "mode": "server",
                "security": {"description": "Authorization: Bearer and a token, or the session of the pages"},
                "resource": msgspec.Raw(msgspec.json.encode(types)),  # once: it is large
                "interaction": everywhere,
                **_operations(rows, "/fhir/$"),
            }
        ],
    }


def _resource(type_name: str, rows: frozenset[tuple[str, str]]) -> dict[str, Any]:
    parameters = parameters_of(type_name).values()
    references = [f"{type_name}:{item.code}" for item in parameters if item.type == "reference"]
    referring = _referring().get(type_name, ())
    return {
        "type": type_name,
        "interaction": [{"code": code} for row, code in _INTERACTIONS.items() if row in rows],
        "versioning": "versioned-update",
        "readHistory": ("GET", f"{_RESOURCE}/_history/{{version}}") in rows,
        "updateCreate": ("PUT", _RESOURCE) in rows,
        "conditionalCreate": ("POST", _TYPE) in rows,
        "conditionalRead": "full-support",
        "conditionalUpdate": ("PUT", _TYPE) in rows,
        "conditionalDelete": "single" if ("DELETE", _TYPE) in rows else "not-supported",
        "referencePolicy": ["literal", "logical"],
        **({"searchInclude": references} if references else {}),
        **({"searchRevInclude": referring} if referring else {}),
        "searchParam": [
            {
                "name": item.code,
                "type": item.type,
                **({"definition": item.url} if item.url else {}),
                **({"documentation": _QUANTITY} if item.type == "quantity" else {}),
            }
            for item in parameters
            if item.type != "special"
        ],
        **_operations(rows, f"/fhir/{type_name}/"),
    }


def _operations(rows: frozenset[tuple[str, str]], begin: str) -> dict[str, Any]:
    """Return the operations below an address, as a statement has them: under no name if there are none."""
    wired = [(path, url) for path, url in _OPERATIONS.items() if path.startswith(begin) and ("GET", path) in rows]
    told = [{"name": path.rpartition("$")[2], "definition": url} for path, url in wired]
    return {"operation": told} if told else {}


@cache
def _referring() -> Mapping[str, Sequence[str]]:
    """Return by which parameters of others each type is referred to."""
    found: dict[str, list[str]] = {}
    for name in sorted(resource_types()):
        for item in parameters_of(name).values():
            for target in item.targets if item.type == "reference" else ():
                found.setdefault(target, []).append(f"{name}:{item.code}")
    return found
