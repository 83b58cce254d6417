"""What this server can do, told from what is really wired: the CapabilityStatement (R4 3.1.0.9)."""

from functools import cache
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from lightwell import __version__
from lightwell.clinical.fhir.answering import MEDIA_TYPE
from lightwell.clinical.fhir.asking import place_of
from lightwell.core.machines import Machines
from lightwell.standards.fhir.definitions import resource_types
from lightwell.standards.fhir.resource import encode_resource
from lightwell.standards.fhir.search.parameters import parameters_of

_INTERACTIONS: Final = (
    *("read", "vread", "update", "patch", "delete", "history-instance", "history-type", "create", "search-type"),
)
_WEBSOCKET: Final = "http://hl7.org/fhir/StructureDefinition/capabilitystatement-websocket"
_DATE: Final = "2026-11-27"


async def metadata(machines: Machines, request: Request) -> Response:
    """Say which resources, interactions and search parameters there are."""
    address = place_of(request, machines.settings).base_url
    [rest] = _statement()["rest"]
    line = {"url": _WEBSOCKET, "valueUri": f"ws{address.removeprefix('http')}/ws"}
    statement = {
        **_statement(),
        "implementation": {"description": "Lightwell", "url": address},
        "rest": [{"extension": [line], **rest}],
    }
    return Response(encode_resource(statement), media_type=MEDIA_TYPE)


@cache
def _statement() -> dict[str, Any]:
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
                "resource": [_resource(name) for name in sorted(resource_types())],
                "interaction": [{"code": "transaction"}, {"code": "batch"}],
            }
        ],
    }


def _resource(type_name: str) -> dict[str, Any]:
    parameters = parameters_of(type_name).values()
    references = [item.code for item in parameters if item.type == "reference"]
    return {
        "type": type_name,
        "interaction": [{"code": code} for code in _INTERACTIONS],
        "versioning": "versioned-update",
        "readHistory": True,
        "updateCreate": True,
        "conditionalCreate": True,
        "conditionalRead": "full-support",
        "conditionalUpdate": True,
        "conditionalDelete": "single",
        "referencePolicy": ["literal", "logical"],
        **({"searchInclude": [f"{type_name}:{code}" for code in references]} if references else {}),
        "searchParam": [
            {"name": item.code, "type": item.type, **({"definition": item.url} if item.url else {})}
            for item in parameters
            if item.type != "special"
        ],
    }
